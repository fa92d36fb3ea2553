/** The words of contracts: where they stand, what they count, and what the lines of their ledger do. */

import type {
  EntitlementAllocation,
  EntitlementDecrementOn,
  EntitlementOveragePolicy,
  EntitlementPeriod,
  EntitlementPostingKind,
  EntitlementState,
  EntitlementTrigger,
} from "../../gql/graphql";
import { ORIGIN_WORDS, sentence, type Tone } from "../../words/labels";

export const ENTITLEMENT_STATES: Record<EntitlementState, { word: string; tone: Tone }> = {
  DRAFT: { word: "Draft", tone: "amber" },
  WAITING: { word: "Waiting", tone: "blue" },
  ACTIVE: { word: "Active", tone: "green" },
  EXPIRED: { word: "Expired", tone: "gray" },
  CANCELED: { word: "Canceled", tone: "gray" },
};

export const ALLOCATIONS: Record<EntitlementAllocation, string> = { CASES: "Cases", HOURS: "Hours", COVERAGE: "Nothing but its dates" };
export const DECREMENTS: Record<EntitlementDecrementOn, string> = { CREATION: "When a case is opened", RESOLUTION: "When it is resolved" };
export const PERIODS: Record<EntitlementPeriod, string> = { ONCE: "Once", MONTH: "Every month", QUARTER: "Every quarter", YEAR: "Every year" };
export const OVERAGES: Record<EntitlementOveragePolicy, string> = {
  REFUSE: "Is refused",
  ALLOW: "Makes it negative",
  BILL: "Is billed",
};

export const POSTINGS: Record<EntitlementPostingKind, { word: string; tone: Tone }> = {
  GRANT: { word: "Granted", tone: "green" },
  CONSUME: { word: "Used", tone: "blue" },
  RESERVE: { word: "Held", tone: "violet" },
  RELEASE: { word: "Let go", tone: "gray" },
  REVERSE: { word: "Given back", tone: "green" },
  ADJUST: { word: "Adjusted", tone: "amber" },
  EXPIRE: { word: "Lapsed", tone: "gray" },
  ROLL_OVER: { word: "Rolled over", tone: "gray" },
};

/** What made a line due, where what it does says not enough. */
export const BECAUSE: Partial<Record<EntitlementTrigger, string>> = {
  AMEND: "the terms were amended",
  CARRY: "carried over",
  LAPSE: "the period was over",
  RESOLVE: "the case was resolved",
  UNRESOLVE: "the case came back",
};

export function unitOf(allocation: EntitlementAllocation): string {
  return allocation === "HOURS" ? "hours" : "cases";
}

/** A quantity without needless digits: "18", "2.5". */
export function quantity(text: string | number): string {
  return Number(text).toLocaleString("en-GB", { maximumFractionDigits: 2 }).replace("-", "−");
}

const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

/** A day of the calendar, `2026-03-02`, as it is wherever it is read. */
export function dateWord(date: string): string {
  return day.format(new Date(`${date}T00:00:00Z`));
}

const TERMS: Record<string, string> = {
  allocation: "Counts",
  decrementOn: "Charged",
  startsOn: "First day",
  endsOn: "Last day",
  zone: "Time zone",
  total: "Total",
  totalByChannel: "Shares of channels",
  restrict: "Refuses when used up",
  overage: "What goes beyond",
  productIds: "Products",
  contactIds: "Contacts",
  period: "Granted",
  rollsOver: "Rolls over",
  rollOverLimit: "Rolls over at most",
  afterHoursPercent: "Out of hours, percent",
  percentByProduct: "Rates of products",
};

/** What an amendment changed, a term each. */
export function changesInWords(changes: Record<string, unknown>): { term: string; value: string }[] {
  return Object.entries(changes).map(([name, value]) => ({ term: TERMS[name] ?? sentence(name), value: told(name, value) }));
}

function told(name: string, value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (name === "allocation") return ALLOCATIONS[value as EntitlementAllocation];
  if (name === "decrementOn") return DECREMENTS[value as EntitlementDecrementOn];
  if (name === "period") return PERIODS[value as EntitlementPeriod];
  if (name === "overage") return OVERAGES[value as EntitlementOveragePolicy];
  if (name === "startsOn" || name === "endsOn") return dateWord(String(value));
  if (name === "total" || name === "rollOverLimit") return quantity(String(value));
  if (Array.isArray(value)) return value.length ? `${value.length} named` : "All";
  if (name === "totalByChannel") {
    const shares = Object.entries(value as Record<string, string>);
    return shares.map(([channel, share]) => `${ORIGIN_WORDS[channel as keyof typeof ORIGIN_WORDS] ?? channel} ${quantity(share)}`).join(", ") || "None";
  }
  if (typeof value === "object") return `${Object.keys(value).length || "None"}`;
  return String(value);
}
