/** What an article is to become, as the API keeps it until it is published. */

export interface Waiting {
  title: string;
  body: string;
  language: string;
  keywords: string[];
  subjectId: string | null;
}

export function readWaiting(draft: unknown): Waiting | null {
  if (draft === null || typeof draft !== "object") return null;
  const { title, body, language, keywords, subjectId } = draft as Partial<Waiting>;
  return { title: title ?? "", body: body ?? "", language: language ?? "en", keywords: keywords ?? [], subjectId: subjectId ?? null };
}
