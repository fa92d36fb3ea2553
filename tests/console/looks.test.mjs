// Every page at a desk and in the hand, by day and by night: nothing sticks out, and nobody is kept out.
// With CONSOLE_SCREENS the pictures are written there.

import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ask, barriers, close, open, overflow, settled, sit } from "./desk.mjs";

const LARGEST = 200 * 1024;
const SCREENS = process.env.CONSOLE_SCREENS;

before(open);
after(close);

/** Without pictures to take, each page is looked at where most differs. */
const LOOKS = SCREENS ? [1440, 390].flatMap((width) => ["light", "dark"].map((scheme) => [width, scheme])) : [[1440, "light"], [390, "dark"]];

let much;

async function caseWithMuch() {
  return (much ??= await findCaseWithMuch());
}

async function findCaseWithMuch() {
  const query = `{ cases(first: 50, where: {status: {eq: ACTIVE}, messageCount: {gte: 2}, owner: {active: {eq: true}}}, orderBy: [{priority: DESC}, {createdAt: DESC}]) { nodes {
    number messageCount articles(first: 1) { totalCount } slaKpiInstances(first: 5) { nodes { state } } activities(first: 1) { totalCount } attachments(first: 1) { totalCount } } } }`;
  const { cases } = await ask("MANAGER", query);
  const worth = (one) => one.messageCount + 3 * one.articles.totalCount + 4 * one.attachments.totalCount + 2 * one.activities.totalCount;
  return cases.nodes.sort((one, other) => worth(other) - worth(one))[0].number;
}

async function entitlementWithMuch() {
  const query = `{ entitlements(first: 50, where: {state: {eq: ACTIVE}, allocation: {eq: CASES}, decrementOn: {eq: RESOLUTION}}) { nodes { id postings(first: 1) { totalCount } } } }`;
  const { entitlements } = await ask("MANAGER", query);
  return `/entitlements/${entitlements.nodes.sort((one, other) => other.postings.totalCount - one.postings.totalCount)[0].id}`;
}

async function ruleOfDemo() {
  const { automationRules } = await ask("MANAGER", '{ automationRules(first: 1, where: {name: {contains: "outage"}}) { nodes { id } } }');
  return `/rules/${automationRules.nodes[0].id}`;
}

/** A customer's own case: the list of all of them, then the first one that somebody answered. */
async function theirCase(page) {
  const query = "{ cases(first: 1, where: { messageCount: { gte: 2 } }, orderBy: [{ updatedAt: DESC }]) { nodes { number } } }";
  const { cases } = await ask("CUSTOMER", query);
  await page.goto(`/cases/${cases.nodes[0].number}`);
  await settled(page);
}

const PAGES = {
  "sign-in": { role: null, path: () => "/" },
  cases: { role: "AGENT", path: () => "/cases" },
  "new-case": { role: "AGENT", path: () => "/cases?new=case", ready: (page) => page.getByRole("dialog").waitFor() },
  case: { role: "AGENT", path: (number) => `/cases/${number}` },
  "case-files": { role: "AGENT", path: (number) => `/cases/${number}?tab=files` },
  "case-knowledge": { role: "AGENT", path: (number) => `/cases/${number}?tab=knowledge` },
  "case-related": { role: "AGENT", path: (number) => `/cases/${number}?tab=related` },
  "case-time": { role: "AGENT", path: (number) => `/cases/${number}?tab=promises` },
  queue: { role: "AGENT", path: () => "/queues" },
  articles: { role: "AGENT", path: () => "/articles" },
  article: { role: "MANAGER", path: () => "/articles/KB-000001" },
  "article-edit": { role: "MANAGER", path: () => "/articles/KB-000001/edit" },
  entitlements: { role: "MANAGER", path: () => "/entitlements" },
  "entitlement-new": { role: "MANAGER", path: () => "/entitlements/new" },
  entitlement: { role: "MANAGER", path: entitlementWithMuch, ready: (page) => page.locator("svg.recharts-surface").waitFor() },
  rules: { role: "MANAGER", path: () => "/rules" },
  rule: { role: "MANAGER", path: ruleOfDemo },
  "rule-read": { role: "AGENT", path: ruleOfDemo },
  reports: { role: "MANAGER", path: () => "/reports", ready: (page) => page.locator("svg.recharts-surface").nth(4).waitFor() },
  customer: { role: "CUSTOMER", path: () => "/cases", ready: theirCase },
  "policy-item": { role: "MANAGER", path: () => "/promises", ready: (page) => page.getByRole("button", { name: "First answer, critical" }).first().click() },
  policies: { role: "MANAGER", path: () => "/promises" },
  calendars: { role: "MANAGER", path: () => "/promises/calendars" },
};

for (const [name, { role, path, ready }] of Object.entries(PAGES)) {
  for (const [width, scheme] of LOOKS) {
    test(`${name} at ${width} in ${scheme}`, async () => {
      const page = await sit(role, await path(await caseWithMuch()), { width, scheme });
      await settled(page);
      await ready?.(page);
      await page.waitForTimeout(250); // what slides in has come to rest
      const found = { wider: await overflow(page), barriers: await barriers(page), troubles: page.troubles };
      if (SCREENS) await picture(page, `${name}-${width}-${scheme}.webp`);
      await page.context().close();

      assert.deepEqual(found, { wider: 0, barriers: [], troubles: [] });
    });
  }
}

async function picture(page, name) {
  await mkdir(SCREENS, { recursive: true });
  const chromium = await page.context().newCDPSession(page);
  const { data } = await chromium.send("Page.captureScreenshot", { format: "webp", quality: 86 });
  const content = Buffer.from(data, "base64");
  await writeFile(join(SCREENS, name), content);
  assert.ok(content.length < LARGEST, `${name} is larger than ${LARGEST} bytes`);
}
