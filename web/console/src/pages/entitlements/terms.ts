/** The terms of a contract as the form holds them, and their way to what is sent. */

import type {
  EntitlementAllocation,
  EntitlementDecrementOn,
  EntitlementInFullFragment,
  EntitlementOveragePolicy,
  EntitlementPeriod,
  EntitlementTermsInput,
  Origin,
} from "../../gql/graphql";

export interface Named {
  id: string;
  name: string;
}

export interface Terms {
  allocation: EntitlementAllocation;
  decrementOn: EntitlementDecrementOn;
  startsOn: string;
  endsOn: string;
  zone: string;
  total: string;
  totalByChannel: { channel: Origin | null; total: string }[];
  restrict: boolean;
  overage: EntitlementOveragePolicy | null;
  productIds: string[];
  contacts: Named[];
  period: EntitlementPeriod;
  rollsOver: boolean;
  rollOverLimit: string;
  afterHoursPercent: string;
  percentByProduct: { productId: string | null; percent: string }[];
}

/** A year from today on, to begin with. */
export function blank(today = new Date()): Terms {
  const end = new Date(today);
  end.setFullYear(end.getFullYear() + 1);
  end.setDate(end.getDate() - 1);
  return {
    allocation: "CASES",
    decrementOn: "CREATION",
    startsOn: written(today),
    endsOn: written(end),
    zone: "",
    total: "",
    totalByChannel: [],
    restrict: false,
    overage: null,
    productIds: [],
    contacts: [],
    period: "ONCE",
    rollsOver: false,
    rollOverLimit: "",
    afterHoursPercent: "100",
    percentByProduct: [],
  };
}

export function termsOf(one: EntitlementInFullFragment): Terms {
  return {
    allocation: one.allocation,
    decrementOn: one.decrementOn,
    startsOn: one.startsOn,
    endsOn: one.endsOn,
    zone: one.zone,
    total: plain(one.total),
    totalByChannel: one.channels.map(({ channel, total }) => ({ channel, total: plain(total) })),
    restrict: one.restrict,
    overage: one.overage ?? null,
    productIds: one.products.map((product) => product.id),
    contacts: one.contacts.map(({ id, name }) => ({ id, name })),
    period: one.period,
    rollsOver: one.rollsOver,
    rollOverLimit: one.rollOverLimit ? plain(one.rollOverLimit) : "",
    afterHoursPercent: String(one.afterHoursPercent),
    percentByProduct: one.rates.map((rate) => ({ productId: rate.product?.id ?? null, percent: String(rate.percent) })),
  };
}

type Stored = Partial<Omit<Terms, "totalByChannel" | "percentByProduct">> & {
  totalByChannel?: Partial<Record<Origin, string>>;
  percentByProduct?: Record<string, number>;
};

/** The terms that a template lays down, over those that were there. */
export function fromTemplate(stored: Stored, before: Terms): Terms {
  const { totalByChannel, percentByProduct, ...rest } = stored;
  const said = Object.fromEntries(Object.entries(rest).filter(([name, value]) => name in before && value !== null)) as Partial<Terms>;
  return {
    ...blank(),
    startsOn: before.startsOn,
    endsOn: before.endsOn,
    zone: before.zone,
    contacts: before.contacts,
    ...said,
    total: said.total ? plain(said.total) : "",
    rollOverLimit: said.rollOverLimit ? plain(said.rollOverLimit) : "",
    afterHoursPercent: String(said.afterHoursPercent ?? 100),
    totalByChannel: Object.entries(totalByChannel ?? {}).map(([channel, total]) => ({ channel: channel as Origin, total: plain(total) })),
    percentByProduct: Object.entries(percentByProduct ?? {}).map(([productId, percent]) => ({ productId, percent: String(percent) })),
  };
}

/** All of the terms; what does not go with what is counted is what it is for nothing. */
export function sentTerms(terms: Terms): EntitlementTermsInput {
  const counts = terms.allocation !== "COVERAGE";
  const periodic = counts && terms.period !== "ONCE";
  const hours = terms.allocation === "HOURS";
  const rolls = periodic && terms.rollsOver;
  return {
    allocation: terms.allocation,
    decrementOn: terms.decrementOn,
    ...(terms.startsOn ? { startsOn: terms.startsOn } : {}),
    ...(terms.endsOn ? { endsOn: terms.endsOn } : {}),
    ...(terms.zone.trim() ? { zone: terms.zone.trim() } : {}),
    total: counts ? terms.total || "0" : "0",
    totalByChannel: counts ? terms.totalByChannel.flatMap(({ channel, total }) => (channel ? [{ channel, total: total || "0" }] : [])) : [],
    restrict: counts && terms.restrict,
    overage: counts ? terms.overage : null,
    productIds: terms.productIds,
    contactIds: terms.contacts.map((one) => one.id),
    period: counts ? terms.period : "ONCE",
    rollsOver: rolls,
    rollOverLimit: rolls && terms.rollOverLimit ? terms.rollOverLimit : null,
    afterHoursPercent: hours ? Number(terms.afterHoursPercent || 100) : 100,
    percentByProduct: hours
      ? terms.percentByProduct.flatMap(({ productId, percent }) => (productId ? [{ productId, percent: Number(percent || 100) }] : []))
      : [],
  };
}

/** Those of the terms that are others than before. */
export function changedTerms(before: Terms, after: Terms): EntitlementTermsInput {
  const old = sentTerms(before) as Record<string, unknown>;
  const entries = Object.entries(sentTerms(after)).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(old[name]));
  return Object.fromEntries(entries) as EntitlementTermsInput;
}

function plain(text: string): string {
  return String(Number(text));
}

function written(date: Date): string {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
