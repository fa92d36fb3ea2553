/** What happened, between who did it and the case. */

import type { NotificationKind } from "../../gql/graphql";

export const TOLD_WORDS: Record<NotificationKind, string> = {
  ASSIGNED: "gave you",
  UNASSIGNED: "took from you",
  COMMENTED: "wrote on",
  ESCALATED: "escalated",
  DEESCALATED: "took back the escalation of",
  STATUS_CHANGED: "moved",
  URGED: "urges you about",
  MERGED: "merged",
  UNMERGED: "undid the merge of",
  AUTOMATED: "A rule tells you of",
  SLA_WARNED: "A promise is nearly due on",
  SLA_BREACHED: "A promise is broken on",
  SLA_LEVEL: "An escalation level was reached on",
};
export const BY_NOBODY = new Set<NotificationKind>(["SLA_WARNED", "SLA_BREACHED", "SLA_LEVEL", "AUTOMATED"]);
