import { expect, test } from "vitest";
import { asking, conditionInWords, readCondition, sentCondition, unsaid } from "../src/conditions/condition";
import { publicId } from "../src/conditions/public-id";

const KEY = "01a20233-b359-708f-beba-333615816997";
const TEAM = publicId("Team", KEY);
const plain = (name: string) => name;

test("an id is the name of the type and the key", () => {
  expect(publicId("Entitlement", KEY)).toBe("RW50aXRsZW1lbnQ6AaICM7NZcI--ujM2FYFplw");
});

test.each([
  [{}, {}],
  [{ priority: { lt: "HIGH" } }, { priority: { lt: "HIGH" } }],
  [{ status_reason: { eq: "NEW" } }, { statusReason: { in: ["NEW"] } }],
  [{ follow_up_at: { isNull: true } }, { followUpAt: { isNull: true } }],
  [{ team_id: { in: [KEY] } }, { teamId: { in: [TEAM] } }],
  [{ priority: { gte: "LOW", lt: "HIGH" } }, { priority: { gte: "LOW" }, and: [{ priority: { lt: "HIGH" } }] }],
  [{ or: [{ title: { contains: "fire" } }, { origin: { in: ["VOICE"] } }] }, { or: [{ title: { contains: "fire" } }, { origin: { in: ["VOICE"] } }] }],
  [{ not: { owner_id: { isNull: true }, severity: { in: ["MINOR"] } } }, { not: { ownerId: { isNull: true }, severity: { in: ["MINOR"] } } }],
  [{ account: { name: { contains: "x" }, id: { in: [KEY] } } }, { account: { name: { contains: "x" }, id: { in: [publicId("Account", KEY)] } } }],
])("what is stored goes back as it was said: %j", (stored, said) => {
  expect(sentCondition(readCondition(stored))).toEqual(said);
});

test("what names a row of a type that is not known cannot be sent back", () => {
  expect(sentCondition(readCondition({ something_id: { eq: KEY } }))).toBeNull();
});

test("a condition is told in words", () => {
  const condition = readCondition({ severity: { eq: "OUTAGE" }, or: [{ owner_id: { isNull: true } }, { title: { contains: "fire" } }] });

  expect(conditionInWords(condition, plain)).toBe("Severity is Outage and (Owner is empty or Title contains “fire”)");
  expect(conditionInWords(readCondition({}), plain)).toBe("always");
});

test("a comparison with nothing is not said yet", () => {
  expect(unsaid(readCondition({ title: { contains: "" } }))).toBe(true);
  expect(unsaid({ kind: "group", how: "all", parts: [asking("deadline", "lt")] })).toBe(true);
  expect(sentCondition({ kind: "group", how: "all", parts: [asking("deadline", "lt")] })).toEqual({ deadline: { lt: "" } });
  expect(unsaid(readCondition({ title: { contains: "a" }, owner_id: { isNull: false } }))).toBe(false);
});
