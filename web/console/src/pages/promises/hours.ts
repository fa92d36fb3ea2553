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

/** One day, several, the same day of every year, or the days of a rule (RFC 5545). */
export type How = "day" | "days" | "yearly" | "rule";
export const HOW_WORDS: Record<How, string> = { day: "One day", days: "Several days", yearly: "Every year", rule: "By a rule" };

/** Days unlike the week. What of the stored form has no place in the editor is kept beside. */
export interface Holiday {
  name: string;
  how: How;
  /** The day, the first of several, or one of the yearly ones. */
  date: string;
  through: string;
  rule: string;
  hours: Open[];
  kept: Record<string, unknown>;
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
export interface Stored {
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
  const date = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
  return { name: "", how: "day", date, through: date, rule: "", hours: [], kept: {} };
}

/** The same week and holidays, to be changed from a date on; what held until then stays as it is. */
export function fromThenOn(hours: Hours, stored: Stored, from: string): Hours {
  const versions = stored.versions ?? [{ weekly_hours: stored.weekly_hours ?? {}, holidays: stored.holidays ?? [] }];
  return { ...hours, earlier: versions, from };
}

function opens(spans: Spans | undefined): Open[] {
  return (spans ?? []).map(([from, to]) => ({ from, to }));
}

const LEAP_YEAR = "2020"; // of a day that was always kept; any year in which there is such a day
const YEARLY = /^FREQ=YEARLY;BYMONTH=(\d+);BYMONTHDAY=(\d+)$/;

function readHoliday(stored: unknown): Holiday {
  const { name, date, from, to, through, rrule, start, hours, ...kept } = (typeof stored === "string" ? { date: stored } : stored) as Record<string, unknown>;
  const rule = typeof rrule === "string" ? rrule : "";
  const first = String(date ?? from ?? start ?? "");
  const last = String(through ?? to ?? first);
  const yearly = yearlyDate(rule, String(start ?? ""));
  return {
    name: String(name ?? ""),
    how: yearly ? "yearly" : rule ? "rule" : last > first ? "days" : "day",
    date: yearly ?? first,
    through: last,
    rule,
    hours: opens(hours as Spans | undefined),
    kept: yearly && !start ? { ...kept, always: true } : kept,
  };
}

/** One of the days of a rule that is the same day of every year, and nothing else. */
function yearlyDate(rule: string, start: string): string | null {
  const [, month, day] = YEARLY.exec(rule) ?? [];
  if (!month || !day) return null;
  const date = `${start.slice(0, 4) || LEAP_YEAR}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  return start && start !== date ? null : date;
}

function sentHoliday({ name, how, date, through, rule, hours, kept }: Holiday): HolidayInput {
  const { without, days, closed, always } = kept as { without?: string[]; days?: number; closed?: Spans; always?: boolean };
  const recurring = how === "yearly" || how === "rule";
  return {
    ...(name ? { name } : {}),
    ...(recurring ? { rrule: how === "yearly" ? yearlyRule(date) : rule, ...(date && !(always && how === "yearly") ? { start: date } : {}) } : { date }),
    ...(how === "days" ? { through } : {}),
    ...(recurring && without ? { without } : {}),
    ...(recurring && days ? { days } : {}),
    ...(closed ? { closed: opens(closed) } : hours.length ? { hours } : {}),
  };
}

function yearlyRule(date: string): string {
  const [, month, day] = date.split("-").map(Number);
  return `FREQ=YEARLY;BYMONTH=${month};BYMONTHDAY=${day}`;
}

const EVERY: Record<string, string> = { YEARLY: "Every year", MONTHLY: "Every month", WEEKLY: "Every week" };

/** A recurrence in a few words; what is not understood is shown as it is. */
export function ruleWord(rule: string): string {
  const parts = Object.fromEntries(rule.split(";").map((part) => part.split("=") as [string, string]));
  const month = parts.BYMONTH && new Date(2026, Number(parts.BYMONTH) - 1, 1).toLocaleString("en-GB", { month: "long" });
  if (parts.FREQ === "YEARLY" && month && parts.BYMONTHDAY) return `Every ${parts.BYMONTHDAY.replace(",", " and ")} ${month}`;
  return EVERY[parts.FREQ ?? ""] && Object.keys(parts).length === 1 ? EVERY[parts.FREQ ?? ""]! : rule;
}
