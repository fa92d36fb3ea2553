/** The fields of a case that conditions compare, with what can be asked of each. */

import { type CaseWhere } from "../gql/graphql";
import { options, ORIGIN_WORDS, PRIORITIES, REASON_WORDS, SEVERITY_WORDS, STATUSES } from "../words/labels";

export type Op = "in" | "nin" | "gt" | "gte" | "lt" | "lte" | "eq" | "contains" | "empty" | "filled";
export type RowKind = "person" | "team" | "type" | "subject" | "product" | "customer";

interface Choice {
  kind: "choice";
  options: { value: string; label: string }[];
  ranked?: boolean;
}

type Kind = Choice | { kind: "row"; of: RowKind; type: string } | { kind: "text" } | { kind: "number" } | { kind: "instant" } | { kind: "yes" };

export type Field = { word: string; column: string; nullable?: boolean } & Kind;

export const FIELDS = {
  priority: { word: "Priority", column: "priority", kind: "choice", options: options(PRIORITIES).reverse(), ranked: true },
  severity: { word: "Severity", column: "severity", kind: "choice", options: options(SEVERITY_WORDS), ranked: true },
  status: { word: "Status", column: "status", kind: "choice", options: options(STATUSES) },
  statusReason: { word: "Status reason", column: "status_reason", kind: "choice", options: options(REASON_WORDS) },
  origin: { word: "Channel", column: "origin", kind: "choice", options: options(ORIGIN_WORDS) },
  title: { word: "Title", column: "title", kind: "text" },
  stage: { word: "Stage", column: "stage", kind: "text", nullable: true },
  externalId: { word: "External number", column: "external_id", kind: "text", nullable: true },
  accountId: { word: "Company", column: "account_id", kind: "row", of: "customer", type: "Account", nullable: true },
  ownerId: { word: "Owner", column: "owner_id", kind: "row", of: "person", type: "Person", nullable: true },
  teamId: { word: "Team", column: "team_id", kind: "row", of: "team", type: "Team", nullable: true },
  typeId: { word: "Type", column: "type_id", kind: "row", of: "type", type: "CaseType", nullable: true },
  subjectId: { word: "Subject", column: "subject_id", kind: "row", of: "subject", type: "Subject", nullable: true },
  productId: { word: "Product", column: "product_id", kind: "row", of: "product", type: "Product", nullable: true },
  messageCount: { word: "Messages", column: "message_count", kind: "number" },
  assignmentCount: { word: "Times assigned", column: "assignment_count", kind: "number" },
  reopenCount: { word: "Times reopened", column: "reopen_count", kind: "number" },
  satisfaction: { word: "Satisfaction", column: "satisfaction", kind: "number", nullable: true },
  createdAt: { word: "Opened", column: "created_at", kind: "instant" },
  updatedAt: { word: "Changed", column: "updated_at", kind: "instant" },
  deadline: { word: "Deadline", column: "deadline", kind: "instant", nullable: true },
  followUpAt: { word: "Follow-up", column: "follow_up_at", kind: "instant", nullable: true },
  firstAnsweredAt: { word: "First answer", column: "first_answered_at", kind: "instant", nullable: true },
  lastCustomerMessageAt: { word: "Last word of the customer", column: "last_customer_message_at", kind: "instant", nullable: true },
  escalatedAt: { word: "Escalated", column: "escalated_at", kind: "instant", nullable: true },
  resolvedAt: { word: "Resolved", column: "resolved_at", kind: "instant", nullable: true },
  decrementWaived: { word: "Takes nothing of its entitlement", column: "decrement_waived", kind: "yes" },
} satisfies { [Name in keyof CaseWhere]?: Field };

export type FieldName = keyof typeof FIELDS;

export function fieldOf(name: FieldName): Field {
  return FIELDS[name];
}

export const NAME_BY_COLUMN = new Map<string, FieldName>((Object.keys(FIELDS) as FieldName[]).map((name) => [FIELDS[name].column, name]));

export const OP_WORDS: Record<Op, string> = {
  in: "is",
  nin: "is not",
  eq: "is",
  gt: "is above",
  gte: "is at least",
  lt: "is below",
  lte: "is at most",
  contains: "contains",
  empty: "is empty",
  filled: "is filled",
};

/** What can be asked of a field, the usual first. */
export function opsOf(field: Field): Op[] {
  const either: Op[] = field.nullable ? ["empty", "filled"] : [];
  switch (field.kind) {
    case "choice":
      return field.ranked ? ["in", "nin", "gte", "lte", "gt", "lt"] : ["in", "nin"];
    case "row":
      return ["in", "nin", ...either];
    case "text":
      return ["contains", "eq", ...either];
    case "number":
      return ["eq", "gte", "lte", "gt", "lt", ...either];
    case "instant":
      return ["lt", "gt", ...either].reverse() as Op[];
    case "yes":
      return ["eq"];
  }
}

export function opWord(op: Op, field: Field): string {
  if (field.kind === "instant" && (op === "lt" || op === "lte")) return "is before";
  if (field.kind === "instant" && (op === "gt" || op === "gte")) return "is after";
  return OP_WORDS[op];
}
