/** What an event of a case says in a line. Ids are told by the names that the session knows. */

import type { CaseEventKind } from "../../../gql/graphql";
import { sentence } from "../../../words/labels";

type Values = Record<string, unknown>;
export type NameOf = (id: string) => string | undefined;

const PLAIN: Partial<Record<CaseEventKind, string>> = {
  OPENED: "opened the case",
  RESOLVED: "resolved the case",
  CLOSED: "closed the case",
  CANCELED: "canceled the case",
  REACTIVATED: "took the case up again",
  DELETED: "deleted the case",
  RESUMED: "went on with the case",
  ACTIVITY_CHANGED: "changed an activity",
  ACTIVITY_COMPLETED: "completed an activity",
  ACTIVITY_CANCELED: "canceled an activity",
  FILE_DELETED: "deleted a file",
  ARTICLE_LINKED: "linked an article",
  ARTICLE_UNLINKED: "took an article away",
  ENTITLEMENT_APPLIED: "applied an entitlement",
  ENTITLEMENT_REMOVED: "removed the entitlement",
  DECREMENT_WAIVED: "decided that it takes nothing of the entitlement",
  DECREMENT_RESTORED: "decided that it takes of the entitlement",
  SLA_APPLIED: "applied the service level",
  CUSTOMER_CHANGED: "gave the case to another customer",
  PICKED: "picked the case from its queue",
  RELEASED: "put the case back into its queue",
  ABSORBED: "merged another case into this one",
  MERGED: "merged this case into another one",
  RETURNED: "took a merge back",
  UNMERGED: "took the merge back",
  SPLIT_OFF: "split a case off",
  CHILD_ADDED: "made another case part of this one",
  CHILD_REMOVED: "took a part away",
  PARENT_SET: "made this case part of another one",
  PARENT_CLEARED: "made this a case of its own",
  LINKED: "linked another case",
  UNLINKED: "took a link away",
  ESCALATED: "escalated the case",
  DEESCALATED: "took the escalation back",
  FOLLOWED: "follows the case",
  UNFOLLOWED: "follows the case no more",
  URGED: "urged the owner",
  INTERNAL_RECORDED: "wrote the internal record",
  RESPONSE_RECORDED: "recorded an answer given elsewhere",
  STAGE_ADVANCED: "took it to another stage",
  UNQUEUED: "took the case out of its queue",
};

export function eventWords(kind: CaseEventKind, changes: Values, details: Values, nameOf: NameOf): string {
  const named = (value: unknown) => (typeof value === "string" ? nameOf(value) : undefined);
  switch (kind) {
    case "ASSIGNED": {
      const to = named(changes.ownerId) ?? named(changes.teamId);
      return to ? `assigned the case to ${to}` : changes.ownerId === null ? "took the case from its owner" : "assigned the case";
    }
    case "PROGRESSED":
      return `moved it to “${sentence(String(changes.statusReason))}”`;
    case "SUSPENDED":
      return `paused it: ${sentence(String(changes.statusReason)).toLowerCase()}`;
    case "QUEUED":
    case "ROUTED": {
      const to = named(details.queueId) ?? named(changes.ownerId) ?? named(changes.teamId);
      return `${kind === "QUEUED" ? "put the case into" : "sent the case to"} ${to ?? "a queue"}`;
    }
    case "SLA_ANNOUNCED":
      return announced(details);
    case "CHANGED":
      return `changed ${list(Object.entries(changes).map(([name, value]) => changed(name, value, named)))}`;
    default:
      return PLAIN[kind] ?? sentence(kind).toLowerCase();
  }
}

function announced(details: Values): string {
  const kpi = typeof details.kpi === "string" ? sentence(details.kpi) : "A promise";
  switch (details.what) {
    case "WARNED":
      return `${kpi} is nearly due`;
    case "BREACHED":
      return `${kpi} is broken`;
    default:
      return `${kpi} reached “${String(details.level ?? "")}”`;
  }
}

function changed(name: string, value: unknown, named: (value: unknown) => string | undefined): string {
  const word = sentence(name.replace(/Id$/, "").replace(/([A-Z])/g, " $1")).toLowerCase();
  if (value === null) return `${word} to nothing`;
  if (name === "description") return word;
  const told = named(value) ?? (/^[A-Z_]+$/.test(String(value)) ? sentence(String(value)).toLowerCase() : `“${String(value)}”`);
  return name.endsWith("Id") && !named(value) ? word : `${word} to ${told}`;
}

function list(words: string[]): string {
  return words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${words.at(-1)}` : (words[0] ?? "something");
}
