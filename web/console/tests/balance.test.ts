import { expect, test } from "vitest";
import { stepsOf, wayOn } from "../src/pages/entitlements/balance";

const DAY = 86_400_000;
const line = (at: string, amount: string) => ({ at: `2026-03-${at}T10:00:00Z`, amount });
const lines = [line("01", "10.00"), line("02", "-1.00"), line("03", "1.00"), line("03", "-0.25")];

test("what was left is counted up from nothing, and lines of one instant are one step", () => {
  expect(stepsOf(lines, true, 9.75).map((step) => step.left)).toEqual([10, 9, 9.75]);
});

test("where older lines are not there it is counted back from what is left now", () => {
  expect(stepsOf(lines.slice(1), false, 9.75).map((step) => step.left)).toEqual([9, 9.75]);
});

test("the way on ends where nothing is left, or on the last day", () => {
  expect(wayOn(10, 1, 0, 20 * DAY)).toEqual([{ at: 0, left: 10 }, { at: 10 * DAY, left: 0 }]);
  expect(wayOn(10, 1, 0, 4 * DAY)).toEqual([{ at: 0, left: 10 }, { at: 4 * DAY, left: 6 }]);
});

test("there is no way on where nothing is used, nothing is left, or it is over", () => {
  expect([wayOn(10, 0, 0, DAY), wayOn(-1, 1, 0, DAY), wayOn(10, 1, DAY, 0)]).toEqual([[], [], []]);
});
