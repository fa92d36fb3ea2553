/** Business hours as the editor holds them, and their way from what is stored to what is sent. */

import type { CalendarHoursInput, HolidayInput, WeeklyHoursInput } from "../../gql/graphql";

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = (typeof DAYS)[number];
export const DAY_WORDS: Record<Day, string> = {
  mon: "Monday",
  tue: "Tuesday",
  wed: "Wednesday",
  thu: "Thursday",
  fri: "Friday",
  sat: "Saturday",
  sun: "Sunday",
};

export interface Open {
  from: string;
  to: string;
}
export type Week = Record<Day, Open[]>;

/** A holiday of the stored form, of which the editor changes the name, the date and the hours. */
export interface Holiday {
  name: string;
  date: string | null;
  rule: string | null;
  hours: Open[];
  stored: Record<string, unknown>;
}

export interface Hours {
  timezone: string;
  week: Week;
  holidays: Holiday[];
  /** Versions before the one that is edited, as they are stored. */
  earlier: Stored[];
  from: string | null;
}

type Spans = [string, string][];
interface Stored {
  timezone?: string;
  weekly_hours?: Partial<Record<Day, Spans>>;
  holidays?: unknown[];
  versions?: Stored[];
  from?: string | null;
}

export function readHours(spec: Stored): Hours {
  const versions = spec.versions ?? [];
  const current = versions.at(-1) ?? spec;
  const week = Object.fromEntries(DAYS.map((day) => [day, opens(current.weekly_hours?.[day])])) as Week;
  return {
    timezone: spec.timezone ?? current.timezone ?? "UTC",
    week,
    holidays: (current.holidays ?? []).map(readHoliday),
    earlier: versions.slice(0, -1),
    from: current.from ?? null,
  };
}

export function sentHours(hours: Hours): CalendarHoursInput {
  const weeklyHours: WeeklyHoursInput = Object.fromEntries(DAYS.filter((day) => hours.week[day].length).map((day) => [day, hours.week[day]]));
  const holidays = hours.holidays.map(sentHoliday);
  if (!hours.from && !hours.earlier.length) return { timezone: hours.timezone, weeklyHours, holidays };
  const earlier = hours.earlier.map((version) => {
    const { week, holidays: then } = readHours(version);
    return {
      ...(version.from ? { from: version.from } : {}),
      weeklyHours: Object.fromEntries(DAYS.filter((day) => week[day].length).map((day) => [day, week[day]])),
      holidays: then.map(sentHoliday),
    };
  });
  return { timezone: hours.timezone, versions: [...earlier, { ...(hours.from ? { from: hours.from } : {}), weeklyHours, holidays }] };
}

export function newHoliday(): Holiday {
  return { name: "", date: new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10), rule: null, hours: [], stored: {} };
}

function opens(spans: Spans | undefined): Open[] {
  return (spans ?? []).map(([from, to]) => ({ from, to }));
}

function readHoliday(stored: unknown): Holiday {
  const entry = typeof stored === "string" ? { date: stored } : (stored as Record<string, unknown>);
  return {
    name: String(entry.name ?? ""),
    date: typeof entry.date === "string" ? entry.date : typeof entry.from === "string" ? entry.from : null,
    rule: typeof entry.rrule === "string" ? entry.rrule : null,
    hours: opens(entry.hours as Spans | undefined),
    stored: entry,
  };
}

function sentHoliday({ name, date, hours, stored }: Holiday): HolidayInput {
  const kept = Object.fromEntries(Object.entries(stored).filter(([key]) => ["through", "rrule", "start", "without", "days"].includes(key)));
  return {
    ...kept,
    ...(typeof stored.to === "string" ? { through: stored.to } : {}),
    ...(name ? { name } : {}),
    ...(date ? { date } : {}),
    ...(hours.length ? { hours } : {}),
    ...(stored.closed ? { closed: opens(stored.closed as Spans) } : {}),
  };
}

const EVERY: Record<string, string> = { YEARLY: "Every year", MONTHLY: "Every month", WEEKLY: "Every week" };

/** A recurrence in a few words; what is not understood is shown as it is. */
export function ruleWord(rule: string): string {
  const parts = Object.fromEntries(rule.split(";").map((part) => part.split("=") as [string, string]));
  const month = parts.BYMONTH && new Date(2026, Number(parts.BYMONTH) - 1, 1).toLocaleString("en-GB", { month: "long" });
  if (parts.FREQ === "YEARLY" && month && parts.BYMONTHDAY) return `Every ${parts.BYMONTHDAY.replace(",", " and ")} ${month}`;
  return EVERY[parts.FREQ ?? ""] && Object.keys(parts).length === 1 ? EVERY[parts.FREQ ?? ""]! : rule;
}
