/** The words and tones of what the API answers in capitals. */

import type { ActivityKind, CaseStatus, CaseStatusReason, Origin, Priority, Severity, SlaKpiInstanceState, SlaSource } from "../gql/graphql";

export type Tone = "gray" | "blue" | "green" | "amber" | "red" | "violet";

export const STATUSES: Record<CaseStatus, { word: string; tone: Tone }> = {
  ACTIVE: { word: "Active", tone: "blue" },
  RESOLVED: { word: "Resolved", tone: "green" },
  CLOSED: { word: "Closed", tone: "gray" },
  CANCELED: { word: "Canceled", tone: "gray" },
};

export const PRIORITIES: Record<Priority, { word: string; tone: Tone; level: number }> = {
  CRITICAL: { word: "Critical", tone: "red", level: 4 },
  HIGH: { word: "High", tone: "amber", level: 3 },
  MEDIUM: { word: "Medium", tone: "blue", level: 2 },
  LOW: { word: "Low", tone: "gray", level: 1 },
};

export const CLOCK_STATES: Record<SlaKpiInstanceState, { word: string; tone: Tone }> = {
  IN_PROGRESS: { word: "Running", tone: "blue" },
  NEARING_NONCOMPLIANCE: { word: "Nearly due", tone: "amber" },
  NONCOMPLIANT: { word: "Breached", tone: "red" },
  PAUSED: { word: "Paused", tone: "violet" },
  SUCCEEDED: { word: "Met", tone: "green" },
  CANCELED: { word: "Canceled", tone: "gray" },
};

export const REASON_WORDS = {
  NEW: "New",
  IN_PROGRESS: "In progress",
  RESEARCHING: "Researching",
  ON_HOLD: "On hold",
  SUSPENDED: "Suspended",
  WAITING_FOR_DETAILS: "Waits for details",
  WAITING_FOR_EVIDENCE: "Waits for evidence",
  WAITING_FOR_PROBLEM: "Waits for a problem",
  WAITING_FOR_VENDOR: "Waits for the vendor",
  PROBLEM_SOLVED: "Problem solved",
  INFORMATION_PROVIDED: "Information provided",
  CANCELED: "Canceled",
  CLOSED: "Closed",
  MERGED: "Merged",
} satisfies Record<CaseStatusReason, string>;

/** Reasons with which a case waits for somebody. */
export const PAUSING: ReadonlySet<CaseStatusReason> = new Set([
  "ON_HOLD",
  "SUSPENDED",
  "WAITING_FOR_DETAILS",
  "WAITING_FOR_EVIDENCE",
  "WAITING_FOR_PROBLEM",
  "WAITING_FOR_VENDOR",
]);

export const SEVERITY_WORDS: Record<Severity, string> = { MINOR: "Minor", NORMAL: "Normal", MAJOR: "Major", OUTAGE: "Outage" };

export const ORIGIN_WORDS: Record<Origin, string> = {
  API: "API",
  EMAIL: "E-mail",
  SELF_SERVICE: "Self service",
  SOCIAL: "Social media",
  VOICE: "Voice",
  WEB: "Web",
  WEBCHAT: "Web chat",
  WHATSAPP: "WhatsApp",
};

export const ACTIVITY_WORDS: Record<ActivityKind, string> = {
  TASK: "Task",
  PHONE_CALL: "Phone call",
  EMAIL: "E-mail",
  APPOINTMENT: "Appointment",
};

/** How a policy came to promise something for a case. */
export const SOURCE_WORDS: Record<SlaSource, string> = {
  HAND: "chosen by hand",
  AUTOMATION: "chosen by a rule",
  ENTITLEMENT: "by the entitlement",
  DEFAULT: "by default",
};

export function kpiWord(kpi: string): string {
  return sentence(kpi);
}

/** `SOME_WORDS` or `some_words` as they stand in a sentence: "Some words". */
export function sentence(name: string): string {
  const words = name.replaceAll("_", " ").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function options<Key extends string>(words: Record<Key, string | { word: string }>): { value: Key; label: string }[] {
  return (Object.keys(words) as Key[]).map((value) => {
    const one = words[value];
    return { value, label: typeof one === "string" ? one : one.word };
  });
}
