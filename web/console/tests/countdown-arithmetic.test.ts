import { describe, expect, it } from "vitest";
import { parts, read, type Sent, shownAt, span } from "../../widgets/countdown-arithmetic.js";

const at = (clock: string) => Date.parse(`2026-03-02T${clock}:00Z`);
const MINUTE = 60_000;

/** Open 09–12 and 13–17; sent at 10:00 with four hours left. */
const SENT: Sent = {
  state: "IN_PROGRESS",
  remaining: "PT4H",
  serverNow: "2026-03-02T10:00:00Z",
  warnAt: "2026-03-02T14:00:00Z",
  breaksAt: "2026-03-02T15:00:00Z",
  hours: [
    { start: "2026-03-02T10:00:00Z", end: "2026-03-02T12:00:00Z" },
    { start: "2026-03-02T13:00:00Z", end: "2026-03-02T17:00:00Z" },
  ],
  validUntil: "2026-03-16T10:00:00Z",
};
const left = (clock: string, sent = SENT) => shownAt(read(sent), at(clock)).remaining / MINUTE;
const state = (clock: string, sent = SENT) => shownAt(read(sent), at(clock)).state;

describe("a running clock", () => {
  it("shrinks while it is open", () => expect(left("11:00")).toBe(180));
  it("stands over lunch", () => expect([left("12:00"), left("12:59")]).toEqual([120, 120]));
  it("goes on after lunch without being asked", () => expect(left("14:00")).toBe(60));
  it("shows by how much it is over", () => expect(left("15:30")).toBe(-30));
  it("does not grow before it was sent", () => expect(left("09:00")).toBe(240));
  it("says when it next stops, and when it next goes on", () => {
    expect(shownAt(read(SENT), at("11:00")).turnsAt).toBe(at("12:00"));
    expect(shownAt(read(SENT), at("12:00")).turnsAt).toBe(at("13:00"));
  });
  it("warns at the warning, and is broken after the last instant that is in time", () => {
    expect(state("13:59")).toBe("IN_PROGRESS");
    expect(state("14:00")).toBe("NEARING_NONCOMPLIANCE");
    expect(state("15:00")).toBe("NEARING_NONCOMPLIANCE");
    expect(shownAt(read(SENT), at("15:00") + 1).state).toBe("NONCOMPLIANT");
  });
  it("is stale where its hours end", () => {
    expect(shownAt(read(SENT), Date.parse("2026-03-16T10:00:00Z")).stale).toBe(true);
  });
});

describe("a clock that stands", () => {
  const paused: Sent = { ...SENT, state: "PAUSED", hours: [], validUntil: null };
  it("keeps what is left while it is paused", () => expect([left("16:00", paused), state("13:00", paused)]).toEqual([240, "PAUSED"]));
  it("keeps its outcome", () => expect(state("16:00", { ...SENT, state: "SUCCEEDED", hours: [] })).toBe("SUCCEEDED"));
});

describe("spans", () => {
  it.each([
    ["PT0S", 0],
    ["-PT39H42M11S", -142_931_000],
    ["P1DT2H", 93_600_000],
    ["PT0.25S", 250],
    ["P2W", 1_209_600_000],
  ])("%s", (text, milliseconds) => expect(span(text)).toBe(milliseconds));
  it("are read strictly", () => expect(() => span("4 hours")).toThrow(RangeError));
  it("are told in their two largest parts, and never in days", () => {
    expect([parts(35 * 60 * MINUTE), parts(-90_000), parts(9_400), parts(120 * 60 * MINUTE)]).toEqual([
      [[35, "h"], [0, "min"]],
      [[1, "min"], [30, "s"]],
      [[9, "s"]],
      [[120, "h"]],
    ]);
  });
});
