/** What a rule does, as the editor holds it, read from what is stored and written as the API takes it. */

import type { AutomationActionInput, AutomationChangesInput } from "../../gql/graphql";
import { publicId } from "../../conditions/public-id";
import { options, ORIGIN_WORDS, PRIORITIES, REASON_WORDS, SEVERITY_WORDS } from "../../words/labels";

type Json = Record<string, unknown>;

export const DEEDS = {
  set: "Set fields",
  statusReason: "Move it on to",
  assignPersonId: "Assign it to",
  assignTeamId: "Assign it to the team",
  unassign: "Take it from its owner",
  queueId: "Put it into the queue",
  routingRules: "Ask the routing rules",
  slaPolicyId: "Apply the promises of",
  comment: "Note among the staff",
  escalate: "Escalate it because",
  notify: "Tell",
} satisfies Record<keyof AutomationActionInput, string>;

export type DeedKind = keyof typeof DEEDS;

/** `said` is the id, the word or the text; `whom` is who is told, empty for the owner; `changes` are fields and values. */
export interface Deed {
  kind: DeedKind;
  said: string;
  whom: string;
  changes: Change[];
}

export interface Change {
  field: ChangeField;
  value: string;
}

interface Settable {
  word: string;
  stored: string;
  kind: "choice" | "row" | "text" | "minutes";
  options?: { value: string; label: string }[];
  of?: "type" | "subject" | "product";
  type?: string;
}

export const CHANGES = {
  priority: { word: "Priority", stored: "priority", kind: "choice", options: options(PRIORITIES).reverse() },
  severity: { word: "Severity", stored: "severity", kind: "choice", options: options(SEVERITY_WORDS) },
  origin: { word: "Channel", stored: "origin", kind: "choice", options: options(ORIGIN_WORDS) },
  typeId: { word: "Type", stored: "type", kind: "row", of: "type", type: "CaseType" },
  subjectId: { word: "Subject", stored: "subject", kind: "row", of: "subject", type: "Subject" },
  productId: { word: "Product", stored: "product", kind: "row", of: "product", type: "Product" },
  title: { word: "Title", stored: "title", kind: "text" },
  deadlineInMinutes: { word: "Deadline in", stored: "deadline_in_minutes", kind: "minutes" },
  followUpInMinutes: { word: "Follow-up in", stored: "follow_up_in_minutes", kind: "minutes" },
} satisfies Record<keyof AutomationChangesInput, Settable>;

export type ChangeField = keyof typeof CHANGES;

export function settable(field: ChangeField): Settable {
  return CHANGES[field];
}

/** Of these a rule can make an active case; what was said through the API stays among them. */
export function reasonsBeside(chosen: string) {
  const ends = ["NEW", "PROBLEM_SOLVED", "INFORMATION_PROVIDED", "CANCELED", "CLOSED", "MERGED"];
  return options(REASON_WORDS).filter(({ value }) => value === chosen || !ends.includes(value));
}

export function newDeed(kind: DeedKind = "comment"): Deed {
  return { kind, said: "", whom: "", changes: kind === "set" ? [{ field: "priority", value: "" }] : [] };
}

const KIND_BY_STORED: Record<string, [DeedKind, string?]> = {
  status_reason: ["statusReason"],
  assign_person: ["assignPersonId", "Person"],
  assign_team: ["assignTeamId", "Team"],
  unassign: ["unassign"],
  queue: ["queueId", "Queue"],
  routing_rules: ["routingRules"],
  sla_policy: ["slaPolicyId", "SlaPolicy"],
  comment: ["comment"],
  escalate: ["escalate"],
};

export function readDeed(stored: Json): Deed {
  const [[name, said]] = Object.entries(stored) as [[string, unknown]];
  if (name === "set") {
    const changes = (Object.keys(CHANGES) as ChangeField[]).flatMap((field): Change[] => {
      const { stored: column, type } = settable(field);
      const value = (said as Json)[column];
      return value === undefined ? [] : [{ field, value: type ? publicId(type, String(value)) : String(value) }];
    });
    return { ...newDeed("set"), changes };
  }
  if (name === "notify") {
    const { text, person, team } = said as { text: string; person?: string; team?: string };
    return { ...newDeed("notify"), said: text, whom: person ? publicId("Person", person) : team ? publicId("Team", team) : "" };
  }
  const [kind, type] = KIND_BY_STORED[name]!;
  return { ...newDeed(kind), said: said === true ? "" : type ? publicId(type, String(said)) : String(said) };
}

/** `teams` tells the ids of teams from those of people. */
export function sentDeed({ kind, said, whom, changes }: Deed, teams: ReadonlySet<string>): AutomationActionInput {
  if (kind === "unassign" || kind === "routingRules") return { [kind]: true };
  if (kind === "notify") return { notify: { text: said, ...(whom ? (teams.has(whom) ? { teamId: whom } : { personId: whom }) : {}) } };
  if (kind === "set") {
    const set = changes.filter(({ value }) => value !== "").map(({ field, value }) => [field, settable(field).kind === "minutes" ? Number(value) : value]);
    return { set: Object.fromEntries(set) };
  }
  return { [kind]: said };
}

/** Whether something is still to be said of it. */
export function isUnsaid({ kind, said, changes }: Deed): boolean {
  if (kind === "unassign" || kind === "routingRules") return false;
  if (kind === "set") return changes.length === 0 || changes.some(({ value }) => value === "");
  return said.trim() === "";
}

/** Every id that a deed names. */
export function namedIn({ kind, said, whom, changes }: Deed): string[] {
  const rows = changes.filter(({ field }) => settable(field).kind === "row").map(({ value }) => value);
  return [...rows, ...(kind.endsWith("Id") ? [said] : []), whom].filter(Boolean);
}

export function deedInWords({ kind, said, whom, changes }: Deed, nameOf: (id: string) => string): string {
  if (kind === "unassign" || kind === "routingRules") return DEEDS[kind];
  if (kind === "set") return `Set ${changes.map(({ field, value }) => `${settable(field).word} ${settable(field).kind === "minutes" ? "" : "to "}${valueWord(field, value, nameOf)}`).join(", ")}`;
  if (kind === "notify") return `Tell ${whom ? nameOf(whom) : "the owner"}: ${said}`;
  if (kind === "statusReason") return `${DEEDS[kind]} ${REASON_WORDS[said as keyof typeof REASON_WORDS] ?? said}`;
  return `${DEEDS[kind]}${kind.endsWith("Id") ? ` ${nameOf(said)}` : `: ${said}`}`;
}

function valueWord(field: ChangeField, value: string, nameOf: (id: string) => string): string {
  const of = settable(field);
  if (of.kind === "row") return nameOf(value);
  if (of.kind === "minutes") return minutesWord(Number(value));
  return of.options?.find((option) => option.value === value)?.label ?? value;
}

const UNITS: [number, string][] = [
  [1440, "day"],
  [60, "hour"],
  [1, "minute"],
];

/** "2 days", "1 hour", "90 minutes": in the largest unit that it is a whole number of. */
export function minutesWord(minutes: number): string {
  const [size, unit] = UNITS.find(([size]) => minutes % size === 0)!;
  const count = minutes / size;
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
