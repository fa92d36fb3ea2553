// A desk: the console open in a browser, signed in as somebody, with the means to look at it.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf-8");
const { CONSOLE_URL: URL_, CONSOLE_TOKENS, CHROMIUM } = process.env;
const TOKENS = JSON.parse(CONSOLE_TOKENS ?? "{}");

export const SIZES = { 1440: { width: 1440, height: 900 }, 390: { width: 390, height: 844 } };

let browser;

export async function open() {
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}

export async function close() {
  await browser?.close();
}

/** A page at `path`, signed in with a role or not at all. Whatever goes wrong in it is kept in `troubles`. */
export async function sit(role, path = "/", { width = 1440, scheme = "light" } = {}) {
  const context = await browser.newContext({
    viewport: SIZES[width],
    colorScheme: scheme,
    reducedMotion: "reduce",
    locale: "en-GB",
    baseURL: URL_,
  });
  const page = await context.newPage();
  page.troubles = [];
  page.requests = [];
  page.on("pageerror", (error) => page.troubles.push(error.message));
  page.on("console", (message) => message.type() === "error" && page.troubles.push(message.text()));
  page.on("request", (request) => request.url().endsWith("/graphql") && request.method() === "POST" && page.requests.push(request.postDataJSON()?.operationName));
  page.setDefaultTimeout(15_000);
  await page.goto(role ? `${path}#token=${TOKENS[role]}` : path);
  return page;
}

/** Waits until nothing is under way and nothing that stands for something else is shown. */
export async function settled(page) {
  await page.waitForLoadState("networkidle");
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"], .mantine-Skeleton-root'), null, { timeout: 15_000 });
}

/** Barriers that are serious or worse, as axe-core sees them, each with where it is. */
export async function barriers(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], resultTypes: ["violations"] }),
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.slice(0, 5).map((node) => `${id}: ${node.target.join(" ")} ${node.failureSummary?.split("\n")[1]?.trim() ?? ""}`));
}

/** By how many pixels the page is wider than the window. */
export function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

/** Asks the API beside the console, to know what it ought to show. */
export async function ask(role, query, variables = {}) {
  const answer = await fetch(`${URL_}/graphql`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${TOKENS[role]}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await answer.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

/** A new case of some customer, opened by an agent. */
export async function openCase(title, priority = "CRITICAL", customerId = undefined, further = {}) {
  const { customers } = await ask("AGENT", "{ customers(first: 1) { nodes { id } } }");
  const input = { title, customerId: customerId ?? customers.nodes[0].id, priority, ...further };
  const opened = await ask("AGENT", "mutation($input: CreateCaseInput!) { createCase(input: $input) { case { id number } userErrors { message } } }", { input });
  if (opened.createCase.userErrors.length) throw new Error(JSON.stringify(opened.createCase.userErrors));
  return opened.createCase.case;
}
