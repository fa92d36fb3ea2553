/** Files over plain HTTP, with the token of the session: they are sent and fetched beside the graph. */

import { keptToken } from "./token";

const authorized = () => ({ Authorization: `Bearer ${keptToken() ?? ""}` });

export interface Upload {
  id: string;
  name: string;
}

/** Sends files; the answer names them for `attachFile`. Throws an Error whose message is fit to be shown. */
export async function upload(files: File[]): Promise<Upload[]> {
  const body = new FormData();
  for (const file of files) body.append("file", file, file.name);
  const answer = await fetch("/files", { method: "POST", headers: authorized(), body });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.errors?.[0]?.message ?? "The files could not be sent.");
  return said.uploads;
}

/** The content of a file, as an address that this page alone can open. Revoke it when it is not shown any more. */
export async function contentOf(url: string): Promise<string> {
  const answer = await fetch(url, { headers: authorized() });
  if (!answer.ok) throw new Error("The file could not be loaded.");
  return URL.createObjectURL(await answer.blob());
}

export async function download(url: string, name: string): Promise<void> {
  const address = await contentOf(url);
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export function sizeWord(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1024)} KiB` : `${(bytes / 1_048_576).toFixed(1)} MiB`;
}
