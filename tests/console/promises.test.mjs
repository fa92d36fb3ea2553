// Service levels: a policy from nothing to force, and hours that change from a date on.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, barriers, close, open, overflow, settled, sit } from "./desk.mjs";

before(open);
after(close);

const stamp = Date.now().toString(36);

test("a policy is made, told at its place what is wrong with it, and put in force", async () => {
  const page = await sit("MANAGER", "/promises");
  await page.getByRole("button", { name: "New policy" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill(`Gold ${stamp}`);
  await page.getByRole("button", { name: "Add a promise" }).click();
  await page.getByRole("textbox", { name: "Name" }).nth(1).fill("Urgent answer");
  const conditions = page.getByRole("group", { name: "For which cases" });
  await conditions.getByRole("button", { name: "Add a condition" }).click();
  await page.getByText("A condition is not said to its end.").waitFor();
  await conditions.getByRole("combobox", { name: /Priority|Value|Which/ }).last().click();
  await page.getByRole("option", { name: "Critical" }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Urgent answer: add a level" }).click();
  await page.getByRole("textbox", { name: "Urgent answer: name of level 1" }).fill("lead");
  await page.getByRole("combobox", { name: "Urgent answer: lead, what is done" }).click();
  await page.getByRole("option", { name: "give the case to" }).click();
  await settled(page);
  assert.deepEqual(await barriers(page), []);
  assert.equal(await overflow(page), 0);
  await page.getByRole("button", { name: "Save as a draft" }).click();
  await page.getByRole("heading", { name: `Gold ${stamp}` }).waitFor();
  await page.getByRole("button", { name: "Let it hold" }).click();
  await page.getByRole("group", { name: "Escalation" }).getByText("Say to whom.").waitFor();

  const whom = page.getByRole("combobox", { name: "Urgent answer: lead, whom" }).or(page.getByRole("textbox", { name: "Urgent answer: lead, whom" }));
  await whom.fill("Water Technicians");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Save as a draft" }).click();
  await page.getByText("Save, look at what it would do, then let it hold.").waitFor();
  await page.getByRole("button", { name: "Preview the change" }).click();
  await page.getByRole("region", { name: "Preview of the change" }).getByText("cases looked at").waitFor();
  await page.getByRole("button", { name: "Let it hold" }).click();

  await page.getByText("In use, version 1").waitFor();
  assert.deepEqual(page.troubles, []);
  await page.context().close();
});

test("promises are moved, doubled and deleted, and nothing of them is lost on the way", async () => {
  const query = "{ slaPolicies(first: 20, where: { name: { eq: \"Standard\" } }) { nodes { id spec } } }";
  const { slaPolicies } = await ask("MANAGER", query);
  const { id, spec } = slaPolicies.nodes[0];
  const [first, second] = spec.items.map((item) => item.name);
  const page = await sit("MANAGER", `/promises/policies/${id}`);
  await page.getByRole("button", { name: `${first}: further down` }).click();
  await page.getByRole("button", { name: first, expanded: false }).click();
  await page.getByRole("button", { name: "Another one like it" }).click();
  assert.equal(await page.getByRole("button", { name: "Delete this promise" }).count(), 2);
  await page.getByRole("button", { name: "Delete this promise" }).last().click();
  await page.getByRole("button", { name: "Save as a draft" }).click();
  await page.getByText(/is saved, and changes nothing yet/).waitFor();
  const saved = (await ask("MANAGER", query)).slaPolicies.nodes[0].spec.items;

  const plain = (items) => items.map(({ applicable_when, ...item }) => item);
  assert.deepEqual(saved.slice(0, 2).map((item) => item.name), [second, first]);
  assert.deepEqual(plain(saved).sort(byName), plain(spec.items).sort(byName));
  await page.getByRole("button", { name: "Versions" }).click();
  await page.getByRole("menuitem", { name: /Version 1/ }).click();
  await page.getByRole("button", { name: "Save as a draft" }).click();
  await page.getByText("Save, look at what it would do, then let it hold.").waitFor();
  const back = (await ask("MANAGER", query)).slaPolicies.nodes[0].spec.items;
  assert.deepEqual(back.map((item) => item.name), spec.items.map((item) => item.name));
  await page.context().close();
});

const byName = (one, other) => one.name.localeCompare(other.name);

test("a calendar is made; what is wrong with its hours stands at their day, and a holiday comes every year", async () => {
  const page = await sit("MANAGER", "/promises/calendars/new");
  await page.getByRole("textbox", { name: "Name", exact: true }).fill(`Shop ${stamp}`);
  await page.getByRole("textbox", { name: "Monday, open from" }).fill("18:00");
  await page.getByRole("textbox", { name: "Monday, open until" }).fill("17:60");
  await page.getByRole("button", { name: "Add a holiday" }).click();
  await page.getByRole("textbox", { name: "Name of the holiday" }).fill("Founding day");
  await page.getByRole("combobox", { name: "How Founding day comes" }).click();
  await page.getByRole("option", { name: "Every year" }).click();
  await page.getByLabel("Date of Founding day").fill("2026-03-14");
  await page.getByRole("button", { name: "Save the calendar" }).click();
  await page.getByRole("region", { name: "Hours of the week" }).getByRole("alert").waitFor();
  assert.deepEqual(await barriers(page), []);
  await page.getByRole("textbox", { name: "Monday, open from" }).fill("10:00");
  await page.getByRole("textbox", { name: "Monday, open until" }).fill("18:00");
  await page.getByRole("button", { name: "Save the calendar" }).click();
  await page.getByRole("heading", { name: `Shop ${stamp}` }).waitFor();

  const query = `{ calendars(first: 20, where: { name: { eq: "Shop ${stamp}" } }) { nodes { spec } } }`;
  const { spec } = (await ask("MANAGER", query)).calendars.nodes[0];
  assert.deepEqual(spec.holidays, [{ name: "Founding day", rrule: "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=14", start: "2026-03-14" }]);
  await page.getByRole("button", { name: "Let other hours hold from a date on" }).click();
  await page.getByLabel("These hours hold from").fill("2031-01-01");
  await page.getByRole("button", { name: "Saturday: add hours" }).click();
  await page.getByRole("button", { name: "Save as a new version" }).click();
  await page.getByText(/is saved as version 2/).waitFor();
  const changed = (await ask("MANAGER", query)).calendars.nodes[0].spec;
  assert.deepEqual(changed.versions.map((version) => [version.from, "sat" in version.weekly_hours]), [[undefined, false], ["2031-01-01", true]]);
  await page.context().close();
});
