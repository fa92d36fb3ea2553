/** A policy as the editor holds it, read from what is stored and written as the API takes it. */

import { type Group, type Part, readCondition, sentCondition, unsaid } from "../../conditions/condition";
import { fieldOf } from "../../conditions/fields";
import { camel, publicId, publicWhere } from "../../conditions/public-id";
import type { CaseStatusReason, SaveSlaPolicyInput, SlaDeed, SlaItemInput, SlaLevelInput, SlaUnit } from "../../gql/graphql";
import { PAUSING } from "../../words/labels";

type Json = Record<string, unknown>;

export interface Amount {
  amount: number;
  unit: SlaUnit;
}

export interface Level {
  name: string;
  deed: SlaDeed;
  /** Of the promise, in percent; or minutes before or after its end. */
  when: "percent" | "before" | "after";
  count: number;
  to: string;
}

export interface Item {
  /** Tells items apart while they are moved. */
  key: string;
  name: string;
  kpi: string;
  failAfter: Amount;
  warnAfter: Amount | null;
  calendarId: string | null;
  applicableWhen: Group;
  /** Null: as the KPI has it. */
  successWhen: Group | null;
  pauseWhen: Group | null;
  mayPause: boolean;
  sticky: boolean;
  levels: Level[];
}

export interface PauseRule {
  kpi: string;
  when: Group;
}

export interface Policy {
  name: string;
  description: string;
  items: Item[];
  waits: CaseStatusReason[];
  pauseRules: PauseRule[];
  /** KPIs of its own, and which messages answer: sent back as they are stored. */
  kpis: Json[];
  responses: Json[];
}

export const UNITS: Record<SlaUnit, string> = { MINUTES: "minutes", BUSINESS_HOURS: "hours", BUSINESS_DAYS: "days" };
export const DEED_WORDS: Record<SlaDeed, string> = {
  NOTIFY: "tell",
  ASSIGN: "give the case to",
  RAISE_PRIORITY: "raise the priority",
  WEBHOOK: "call the webhook",
};
export const KPIS = ["first_response", "next_response", "periodic_update", "resolution", "requester_wait", "agent_work", "team_handling"];

const ALWAYS = () => readCondition({});

export function readPolicy(policy: { name: string; description?: string; spec: Json }): Policy {
  const { spec } = policy;
  return {
    name: policy.name,
    description: policy.description ?? "",
    items: list(spec.items).map((stored, place) => readItem(stored, String(place))),
    waits: (spec.waits as CaseStatusReason[] | undefined) ?? [...PAUSING],
    pauseRules: list(spec.pause_rules).map((rule) => ({ kpi: String(rule.kpi), when: readCondition(rule.when as Json) })),
    kpis: list(spec.kpis),
    responses: list(spec.responses),
  };
}

function readItem(stored: Json, key: string): Item {
  const condition = (name: string) => (stored[name] ? readCondition(stored[name] as Json) : null);
  return {
    key,
    name: String(stored.name),
    kpi: String(stored.kpi),
    failAfter: amount(stored.fail_after) ?? { amount: 0, unit: "MINUTES" },
    warnAfter: amount(stored.warn_after),
    calendarId: stored.calendar ? publicId("Calendar", String(stored.calendar)) : null,
    applicableWhen: condition("applicable_when") ?? ALWAYS(),
    successWhen: condition("success_when"),
    pauseWhen: condition("pause_when"),
    mayPause: stored.may_pause !== false,
    sticky: stored.sticky === true,
    levels: list(stored.levels).map(readLevel),
  };
}

function readLevel(stored: Json): Level {
  const offset = Number(stored.offset_minutes ?? 0);
  const byPercent = stored.percent !== null && stored.percent !== undefined;
  return {
    name: String(stored.name),
    deed: stored.deed as SlaDeed,
    when: byPercent ? "percent" : offset < 0 ? "before" : "after",
    count: byPercent ? Number(stored.percent) : Math.abs(offset),
    to: String(stored.to ?? ""),
  };
}

export function newItem(key: string): Item {
  return {
    key,
    name: "",
    kpi: "first_response",
    failAfter: { amount: 4, unit: "BUSINESS_HOURS" },
    warnAfter: { amount: 3, unit: "BUSINESS_HOURS" },
    calendarId: null,
    applicableWhen: ALWAYS(),
    successWhen: null,
    pauseWhen: null,
    mayPause: true,
    sticky: false,
    levels: [],
  };
}

export function newLevel(): Level {
  return { name: "", deed: "NOTIFY", when: "percent", count: 75, to: "" };
}

/** The policy as it is sent; null if it says something, through the API, that cannot be sent back as it was. */
export function sentPolicy(policy: Policy): SaveSlaPolicyInput | null {
  const items = policy.items.map(sentItem);
  const pauseRules = policy.pauseRules.map(({ kpi, when }) => ({ kpi, when: sentCondition(when) }));
  const kpis = policy.kpis.map(sentKpi);
  if ([...items, ...kpis].includes(null) || pauseRules.some(({ when }) => when === null)) return null;
  const usual = policy.waits.length === PAUSING.size && policy.waits.every((reason) => PAUSING.has(reason));
  return {
    name: policy.name,
    description: policy.description,
    items: items as SlaItemInput[],
    ...(usual ? {} : { waits: policy.waits }),
    ...(pauseRules.length ? { pauseRules: pauseRules as NonNullable<SaveSlaPolicyInput["pauseRules"]> } : {}),
    ...(kpis.length ? { kpis: kpis as NonNullable<SaveSlaPolicyInput["kpis"]> } : {}),
    ...(policy.responses.length ? { responses: policy.responses as NonNullable<SaveSlaPolicyInput["responses"]> } : {}),
  };
}

function sentItem(item: Item): SlaItemInput | null {
  const { name, kpi, failAfter, warnAfter, calendarId, mayPause, sticky } = item;
  const whens = { applicableWhen: item.applicableWhen, successWhen: item.successWhen, pauseWhen: item.pauseWhen };
  const said = Object.entries(whens).flatMap(([field, group]) => (group?.parts.length ? [[field, sentCondition(group)] as const] : []));
  if (said.some(([, condition]) => condition === null)) return null;
  return {
    name,
    kpi,
    failAfter,
    ...(warnAfter ? { warnAfter } : {}),
    ...(calendarId ? { calendarId } : {}),
    ...Object.fromEntries(said),
    ...(mayPause ? {} : { mayPause }),
    ...(sticky ? { sticky } : {}),
    ...(item.levels.length ? { levels: item.levels.map(sentLevel) } : {}),
  };
}

function sentLevel({ name, deed, when, count, to }: Level): SlaLevelInput {
  const at = when === "percent" ? { percent: count } : { offsetMinutes: when === "before" ? -count : count };
  return { name, deed, ...at, ...(to && deed !== "RAISE_PRIORITY" ? { to } : {}) };
}

function sentKpi(stored: Json): Json | null {
  const said: Json = {};
  for (const [name, value] of Object.entries(stored)) {
    const sent = name.endsWith("_when") && value ? publicWhere(value as Json, "Case") : value;
    if (value && !sent) return null;
    said[camel(name)] = sent;
  }
  return said;
}

/** Whether a condition was begun and not said to its end. */
export function isUnsaid(policy: Policy): boolean {
  return conditionsOf(policy).some(unsaid);
}

/** The ids of rows that its conditions name. */
export function namedIn(policy: Policy): string[] {
  const inside = (part: Part): string[] => {
    if (part.kind === "group") return part.parts.flatMap(inside);
    if (part.kind === "kept" || fieldOf(part.field).kind !== "row") return [];
    return Array.isArray(part.value) ? part.value : [String(part.value)];
  };
  return conditionsOf(policy).flatMap(inside);
}

function conditionsOf(policy: Policy): Group[] {
  const ofItems = policy.items.flatMap((item) => [item.applicableWhen, item.successWhen, item.pauseWhen]);
  return [...ofItems, ...policy.pauseRules.map(({ when }) => when)].filter((condition) => condition !== null);
}

function amount(stored: unknown): Amount | null {
  const { amount, unit } = (stored ?? {}) as Partial<Amount>;
  return amount === undefined ? null : { amount, unit: unit ?? "MINUTES" };
}

function list(stored: unknown): Json[] {
  return (stored as Json[] | null | undefined) ?? [];
}
