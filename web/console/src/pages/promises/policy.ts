/** A policy's promises as the editor holds them: amounts, units and calendars may change, all else is kept. */

import type { SaveSlaPolicyInput, SlaItemInput, SlaUnit } from "../../gql/graphql";

type Json = Record<string, unknown>;

export interface Amount {
  amount: number;
  unit: SlaUnit;
}

export interface Item {
  name: string;
  kpi: string;
  when: string;
  failAfter: Amount;
  warnAfter: Amount | null;
  calendarId: string | null;
  stored: Json;
}

export const UNITS: Record<SlaUnit, string> = { MINUTES: "minutes", BUSINESS_HOURS: "hours", BUSINESS_DAYS: "days" };

/** The key inside an id of the API: stored policies name calendars by it. */
export function keyOf(id: string): string {
  const bytes = atob(id.replaceAll("-", "+").replaceAll("_", "/"));
  const hex = [...bytes.slice(-16)].map((one) => one.charCodeAt(0).toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

export function readItems(spec: { items?: Json[] }, calendars: { id: string }[]): Item[] {
  const idByKey = new Map(calendars.map(({ id }) => [keyOf(id), id]));
  return (spec.items ?? []).map((stored) => ({
    name: String(stored.name),
    kpi: String(stored.kpi),
    when: conditionWord(stored.applicable_when as Json | undefined),
    failAfter: amount(stored.fail_after) ?? { amount: 0, unit: "MINUTES" },
    warnAfter: amount(stored.warn_after),
    calendarId: idByKey.get(String(stored.calendar)) ?? null,
    stored,
  }));
}

/** The policy with these items; null if it says more than can be sent back as it was. */
export function sentPolicy(policy: { id: string; name: string; description: string; spec: Json }, items: Item[]): SaveSlaPolicyInput | null {
  if (/"[0-9a-f]{8}-[0-9a-f]{4}-/.test(JSON.stringify({ ...policy.spec, items: items.map(({ stored }) => ({ ...stored, calendar: null })) }))) {
    return null; // a condition names a row by its key, which is no id of the API
  }
  const { items: _, name: __, ...rest } = policy.spec;
  return {
    ...(publicNames(rest) as Omit<SaveSlaPolicyInput, "name" | "items">),
    policyId: policy.id,
    name: policy.name,
    description: policy.description,
    items: items.map(({ stored, failAfter, warnAfter, calendarId }) => {
      const { calendar: _calendar, fail_after: _fail, warn_after: _warn, ...others } = stored;
      return {
        ...(publicNames(others) as SlaItemInput),
        failAfter,
        ...(warnAfter ? { warnAfter } : {}),
        ...(calendarId ? { calendarId } : {}),
      };
    }),
  };
}

function amount(stored: unknown): Amount | null {
  const { amount, unit } = (stored ?? {}) as Partial<Amount>;
  return amount === undefined ? null : { amount, unit: unit ?? "MINUTES" };
}

function publicNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(publicNames);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name.replace(/_([a-z])/g, (__, letter: string) => letter.toUpperCase()), publicNames(inner)]),
  );
}

/** A condition in a line: `priority is High`. */
export function conditionWord(condition: Json | undefined): string {
  if (!condition || !Object.keys(condition).length) return "always";
  return Object.entries(condition)
    .map(([name, test]) => {
      if (name === "and" || name === "or") return `(${(test as Json[]).map(conditionWord).join(` ${name} `)})`;
      if (name === "not") return `not (${conditionWord(test as Json)})`;
      return Object.entries(test as Json)
        .map(([op, value]) => `${name.replaceAll("_", " ")} ${WORDS[op] ?? op} ${Array.isArray(value) ? value.map(plain).join(", ") : plain(value)}`)
        .join(" and ");
    })
    .join(" and ");
}

const WORDS: Record<string, string> = { eq: "is", in: "is one of", nin: "is none of", gt: ">", gte: "≥", lt: "<", lte: "≤", contains: "contains", is_null: "is empty:", isNull: "is empty:" };

function plain(value: unknown): string {
  if (value !== null && typeof value === "object") return conditionWord(value as Json);
  return /^[A-Z_]+$/.test(String(value)) ? String(value).replaceAll("_", " ").toLowerCase() : String(value);
}
