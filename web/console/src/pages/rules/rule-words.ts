/** The words of rules: what sets them off, and what came of it. */

import type { AutomationOutcome, AutomationTrigger, CaseField, RuleInFullFragment } from "../../gql/graphql";
import { sentence, type Tone } from "../../words/labels";
import { minutesWord } from "./deeds";

export const TRIGGERS: Record<AutomationTrigger, string> = {
  ON_CREATE: "A case is opened",
  ON_UPDATE: "A case changes",
  SCHEDULE: "Time passes",
};

export const OUTCOMES: Record<AutomationOutcome, { word: string; tone: Tone }> = {
  DONE: { word: "Acted", tone: "green" },
  NOTHING_TO_DO: { word: "Nothing to do", tone: "gray" },
  FAILED: { word: "Failed", tone: "red" },
  STOPPED: { word: "Too deep", tone: "amber" },
};

const FIELDS: CaseField[] = [
  "TITLE", "DESCRIPTION", "PRIORITY", "SEVERITY", "STATUS", "STATUS_REASON", "STAGE", "TYPE", "SUBJECT", "PRODUCT", "ORIGIN", "OWNER",
  "TEAM", "CUSTOMER", "CONTACT", "ENTITLEMENT", "SLA_POLICY", "DEADLINE", "FOLLOW_UP_AT", "FIRST_ANSWER", "MESSAGES", "SATISFACTION", "EXTERNAL_ID",
];

export const WATCHABLE = FIELDS.map((value) => ({ value, label: sentence(value) }));

type When = Pick<RuleInFullFragment, "trigger" | "watched" | "everyMinutes" | "idleMinutes">;

/** What sets a rule off, in a line: "A case changes in severity or priority". */
export function triggerInWords({ trigger, watched, everyMinutes, idleMinutes }: When): string {
  if (trigger === "SCHEDULE") {
    const idle = idleMinutes ? ` has not changed for ${minutesWord(idleMinutes)}, and` : "";
    return `A case${idle} is looked at every ${everyMinutes ? minutesWord(everyMinutes).replace(/^1 /, "") : "so often"}`;
  }
  const fields = watched.map((field) => sentence(field).toLowerCase());
  return `${TRIGGERS[trigger]}${fields.length ? ` in ${fields.join(" or ")}` : ""}`;
}
