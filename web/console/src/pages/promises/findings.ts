/** What was declined of a policy, at its place: of an item, of one of its levels, or of the whole. */

import type { Declined } from "../../graph/act";

/** Says what is wrong with a field, if anything; without a name, whatever is wrong with the place itself. */
export type Finding = (field?: string) => string | undefined;

const AS_STORED: Record<string, string> = { calendarId: "calendar" };

export function findingsAt(declined: Declined[], ...place: (string | number)[]): Finding {
  const here = declined.filter((one) => place.every((part, at) => one.path?.[at + 1] === String(part)));
  return (field) => {
    const found = here.find((one) => {
      const name = one.path?.[place.length + 1];
      return field === undefined ? name === undefined : name === field || name === AS_STORED[field];
    });
    return found?.message;
  };
}

/** Whether anything is wrong at a place or within it. */
export function isFoundAt(declined: Declined[], ...place: (string | number)[]): boolean {
  return declined.some((one) => place.every((part, at) => one.path?.[at + 1] === String(part)));
}

const SHOWN = new Set(["items", "name", "description", "pauseRules", "waits"]);

/** What no place of the editor shows. */
export function homeless(declined: Declined[]): Declined[] {
  return declined.filter((one) => !SHOWN.has(one.path?.[1] ?? "") || (one.path?.[1] === "items" && one.path.length === 2));
}
