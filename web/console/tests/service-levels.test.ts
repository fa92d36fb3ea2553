import { describe, expect, it } from "vitest";
import { publicId } from "../src/conditions/public-id";
import { fromThenOn, readHours, sentHours } from "../src/pages/promises/hours";
import { isUnsaid, readPolicy, sentPolicy } from "../src/pages/promises/policy";

const KEY = "01a20233-b359-708f-beba-333615816997";
const sent = (spec: Record<string, unknown>) => sentPolicy(readPolicy({ name: "Gold", description: "", spec }));

describe("a policy", () => {
  const item = { name: "Answer", kpi: "first_response", fail_after: { amount: 4, unit: "BUSINESS_HOURS" } };
  const said = { name: "Answer", kpi: "first_response", failAfter: { amount: 4, unit: "BUSINESS_HOURS" } };

  it.each([
    [{}, {}],
    [{ calendar: KEY }, { calendarId: publicId("Calendar", KEY) }],
    [{ warn_after: { amount: 90, unit: "MINUTES" } }, { warnAfter: { amount: 90, unit: "MINUTES" } }],
    [{ may_pause: false, sticky: true }, { mayPause: false, sticky: true }],
    [{ applicable_when: {}, success_when: { priority: { in: ["LOW"] } } }, { successWhen: { priority: { in: ["LOW"] } } }],
    [{ pause_when: { product_id: { in: [KEY] } } }, { pauseWhen: { productId: { in: [publicId("Product", KEY)] } } }],
    [{ levels: [{ name: "lead", deed: "NOTIFY", percent: 75, to: "" }] }, { levels: [{ name: "lead", deed: "NOTIFY", percent: 75 }] }],
    [
      { levels: [{ name: "early", deed: "ASSIGN", offset_minutes: -30, to: "Leads" }, { name: "late", deed: "RAISE_PRIORITY", offset_minutes: 0 }] },
      { levels: [{ name: "early", deed: "ASSIGN", offsetMinutes: -30, to: "Leads" }, { name: "late", deed: "RAISE_PRIORITY", offsetMinutes: 0 }] },
    ],
  ])("sends back what is stored of an item: %j", (stored, further) => {
    expect(sent({ items: [{ ...item, ...stored }] })?.items).toEqual([{ ...said, ...further }]);
  });

  it("sends back what the editor does not show", () => {
    const kpis = [{ name: "visit", starts: ["OPENED"], stops_when: { stage: { eq: "done" } } }];
    const responses = [{ kpi: "first_response", channels: ["VOICE"] }];
    const found = sent({ items: [item], kpis, responses, waits: ["ON_HOLD"], pause_rules: [{ kpi: "resolution", when: { stage: { eq: "parts" } } }] });

    expect(found?.kpis).toEqual([{ name: "visit", starts: ["OPENED"], stopsWhen: { stage: { eq: "done" } } }]);
    expect(found?.responses).toEqual(responses);
    expect(found?.waits).toEqual(["ON_HOLD"]);
    expect(found?.pauseRules).toEqual([{ kpi: "resolution", when: { stage: { eq: "parts" } } }]);
  });

  it("is not sent at all where a part would be lost", () => {
    expect(sent({ items: [{ ...item, applicable_when: { something_id: { eq: KEY } } }] })).toBeNull();
    expect(sent({ items: [item], kpis: [{ name: "visit", stops_when: { something_id: { eq: KEY } } }] })).toBeNull();
  });

  it("knows a condition that is not said to its end", () => {
    expect(isUnsaid(readPolicy({ name: "", spec: { items: [{ ...item, applicable_when: { title: { contains: "" } } }] } }))).toBe(true);
    expect(isUnsaid(readPolicy({ name: "", spec: { items: [item] } }))).toBe(false);
  });
});

describe("hours", () => {
  const week = { mon: [["09:00", "17:00"]] as [string, string][] };
  const weeklyHours = { mon: [{ from: "09:00", to: "17:00" }] };
  const holidaysOf = (...holidays: unknown[]) => sentHours(readHours({ timezone: "UTC", weekly_hours: week, holidays })).holidays;

  it.each([
    ["2026-12-25", { date: "2026-12-25" }],
    [{ date: "2026-12-24", name: "Eve", hours: [["09:00", "12:00"]] }, { name: "Eve", date: "2026-12-24", hours: [{ from: "09:00", to: "12:00" }] }],
    [{ date: "2026-12-24", through: "2026-12-31" }, { date: "2026-12-24", through: "2026-12-31" }],
    [{ rrule: "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1", start: "2020-01-01" }, { rrule: "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1", start: "2020-01-01" }],
    [{ rrule: "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29" }, { rrule: "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29" }],
    [{ rrule: "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1", start: "2019-06-01" }, { rrule: "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1", start: "2019-06-01" }],
    [{ rrule: "FREQ=MONTHLY;BYDAY=1MO", days: 2, without: ["2026-02-02"] }, { rrule: "FREQ=MONTHLY;BYDAY=1MO", days: 2, without: ["2026-02-02"] }],
    [{ date: "2026-05-05", closed: [["12:00", "13:00"]] }, { date: "2026-05-05", closed: [{ from: "12:00", to: "13:00" }] }],
  ])("send back what is stored of a holiday: %j", (stored, said) => {
    expect(holidaysOf(stored)).toEqual([said]);
  });

  it("that change from a date on keep what held until then", () => {
    const stored = { timezone: "UTC", weekly_hours: week, holidays: [] };
    const changed = fromThenOn(readHours(stored), stored, "2027-01-01");
    changed.week.sat = [{ from: "10:00", to: "12:00" }];

    expect(sentHours(changed)).toEqual({
      timezone: "UTC",
      versions: [
        { weeklyHours, holidays: [] },
        { from: "2027-01-01", weeklyHours: { ...weeklyHours, sat: [{ from: "10:00", to: "12:00" }] }, holidays: [] },
      ],
    });
  });
});
