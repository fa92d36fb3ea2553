// What an agent does all day, done in a browser.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, close, open, openCase, settled, sit } from "./desk.mjs";

before(open);
after(close);

const clocks = (page) => page.getByRole("region", { name: "Promises" }).getByRole("timer");
const stamp = Date.now().toString(36);

test("a token that is no good is refused at the door, and a good one lets in", async () => {
  const page = await sit(null);
  await page.getByLabel("Token", { exact: true }).fill("nonsense");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator(".mantine-InputWrapper-error").waitFor();
  assert.equal(await page.getByRole("heading", { name: "Cases" }).count(), 0);

  const inside = await sit("AGENT");
  await inside.getByRole("heading", { name: "Cases" }).waitFor();
  assert.ok(!inside.url().includes("token"), "the token is taken out of the address");
  await page.context().close();
  await inside.context().close();
});

test("what was typed of a new case is kept; its clocks run, pause and go on", async () => {
  const page = await sit("AGENT", "/cases");
  const title = `The press stands still ${stamp}`;
  await page.getByRole("button", { name: "New case" }).click();
  await page.getByRole("textbox", { name: "Title" }).fill(title);
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "New case" }).click();
  assert.equal(await page.getByRole("textbox", { name: "Title" }).inputValue(), title);

  await page.getByRole("button", { name: "Open the case" }).click();
  await page.getByRole("dialog").locator(".mantine-InputWrapper-error").first().waitFor(); // whose case it is was not said
  await page.getByRole("combobox", { name: "Customer" }).fill("a");
  await page.getByRole("option").first().click();
  await page.getByRole("combobox", { name: "Priority", exact: true }).last().click();
  await page.getByRole("option", { name: "Critical" }).click();
  await page.getByRole("button", { name: "Open the case" }).click();
  await page.getByRole("link", { name: /Go to CAS/ }).or(page.getByRole("heading", { name: title })).first().waitFor();
  const further = page.getByRole("link", { name: /Go to CAS/ });
  if (await further.count()) await further.click();
  await page.getByRole("heading", { name: title }).waitFor();

  const state = (word) => page.waitForFunction((said) => [...document.querySelectorAll("sla-countdown")].some((one) => one.ariaLabel?.includes(said) || one.getAttribute("aria-label")?.includes(said)), word);
  await state("running");
  await page.getByRole("button", { name: "Wait for…" }).click();
  await page.getByRole("menuitem", { name: "Waits for details" }).click();
  await state("paused");
  await page.getByRole("button", { name: "Resume" }).click();
  await state("running");
  assert.ok((await clocks(page).count()) >= 1);
  assert.deepEqual(page.troubles, []);
  await page.context().close();
});

test("a case opens with two requests", async () => {
  const { number } = await openCase(`Two requests ${stamp}`);
  const page = await sit("AGENT", `/cases/${number}`);
  await settled(page);

  assert.deepEqual(page.requests, ["Start", "CasePage"]);
  await page.context().close();
});

test("what a colleague writes appears without asking", async () => {
  const { id, number } = await openCase(`Two at one desk ${stamp}`);
  const page = await sit("AGENT", `/cases/${number}`);
  await settled(page);
  const input = { caseId: id, body: `Seen from afar ${stamp}`, audience: "INTERNAL" };
  await ask("MANAGER", "mutation($input: AddCommentInput!) { addComment(input: $input) { userErrors { message } } }", { input });

  await page.getByText(input.body).waitFor();
  await page.context().close();
});

test("an answer is sent, and what is half written is kept", async () => {
  const { number } = await openCase(`Half written ${stamp}`);
  const page = await sit("AGENT", `/cases/${number}`);
  await page.getByRole("textbox", { name: "Answer to the customer" }).fill("We are on our way.");
  await page.reload();
  assert.equal(await page.getByRole("textbox", { name: "Answer to the customer" }).inputValue(), "We are on our way.");
  await page.getByRole("button", { name: "Send" }).click();

  await page.getByRole("listitem").getByText("We are on our way.").waitFor();
  assert.equal(await page.getByRole("textbox", { name: "Answer to the customer" }).inputValue(), "");
  await page.context().close();
});

test("a case with something left to do is resolved once it is said what becomes of that", async () => {
  const { id, number } = await openCase(`Something left ${stamp}`);
  const input = { caseId: id, kind: "TASK", subject: "Call the customer back" };
  await ask("AGENT", "mutation($input: CreateActivityInput!) { createActivity(input: $input) { userErrors { message } } }", { input });
  const page = await sit("AGENT", `/cases/${number}`);
  await page.getByRole("button", { name: "Resolve", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "What helped" }).fill("A new seal");
  await dialog.getByRole("button", { name: "Resolve", exact: true }).click();
  await dialog.getByText("Call the customer back").waitFor();
  await dialog.getByRole("radio", { name: /complete them/ }).check();
  await dialog.getByRole("button", { name: "Resolve", exact: true }).click();

  await page.getByText("Problem solved: A new seal").waitFor();
  await page.getByRole("button", { name: "Reactivate" }).waitFor();
  await page.context().close();
});

test("the next case of a queue is picked", async () => {
  const { queues } = await ask("MANAGER", "{ queues(first: 50) { nodes { id name available(first: 1) { totalCount } } } }");
  const queue = queues.nodes.find((one) => one.available.totalCount > 0);
  const page = await sit("MANAGER", `/queues/${queue.id}`);
  await page.getByRole("button", { name: "Pick" }).first().click();

  await page.getByRole("toolbar", { name: "What can be done" }).waitFor();
  await page.getByText(/is yours/).waitFor();
  await page.context().close();
});

test("what waits in the queues is counted anew while one looks", async () => {
  const { queues } = await ask("MANAGER", "{ queues(first: 50, where: { active: { eq: true } }) { nodes { id available(first: 1) { totalCount nodes { case { id version } } } } } }");
  const page = await sit("MANAGER", "/cases");
  await page.clock.install();
  await page.reload();
  await settled(page);
  const waiting = page.getByRole("link", { name: /^Queues/ }).locator("[aria-label$=waiting]");
  const before = Number(await waiting.textContent());
  const { id, version } = queues.nodes.find((one) => one.available.totalCount > 0).available.nodes[0].case;
  const input = { caseId: id, expectedVersion: version };
  await ask("MANAGER", "mutation($input: PickQueueItemInput!) { pickQueueItem(input: $input) { userErrors { message } } }", { input });
  await page.clock.fastForward(61_000);

  await waiting.getByText(String(before - 1), { exact: true }).waitFor();
  await page.context().close();
});

test("reports are drawn, and come as files", async () => {
  const page = await sit("MANAGER", "/reports");
  await page.getByRole("region", { name: "Promises by what is promised" }).locator("svg.recharts-surface").first().waitFor();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Cases that came and went as a CSV file" }).click(),
  ]);

  assert.match(file.suggestedFilename(), /^flow .*\.csv$/);
  await page.context().close();
});

test("a holiday is tried on the open cases before it is saved", async () => {
  const page = await sit("MANAGER", "/promises/calendars");
  await page.getByRole("button", { name: "Add a holiday" }).click();
  await page.getByLabel("Name of the holiday").last().fill("Works outing");
  const soon = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
  await page.getByLabel("Date of Works outing").fill(soon);
  await page.getByRole("button", { name: "Preview the change" }).click();
  await page.getByRole("region", { name: "Preview of the change" }).getByText("cases looked at").waitFor();
  await page.getByRole("button", { name: "Save as a new version" }).click();

  await page.getByText(/is saved as version \d/).first().waitFor();
  await page.context().close();
});

test("two cases are merged into the older one", async () => {
  const one = await openCase(`Twice the same ${stamp}`);
  const two = await openCase(`Twice the same ${stamp}`);
  const page = await sit("AGENT", `/cases?text=${encodeURIComponent(stamp)}&status=ACTIVE`);
  await page.getByRole("checkbox", { name: `Tick ${one.number}` }).check();
  await page.getByRole("checkbox", { name: `Tick ${two.number}` }).check();
  await page.getByRole("button", { name: "Merge…" }).click();
  await page.getByText("What would happen").waitFor();
  await page.getByRole("button", { name: `Merge into ${one.number}` }).click();

  await page.waitForURL(`**/cases/${one.number}`);
  await page.getByRole("tab", { name: "Related" }).click();
  await page.getByRole("region", { name: "Merged into this one" }).getByText(two.number).waitFor();
  await page.context().close();
});

test("one is told at once of a case that one gets", async () => {
  const { viewer } = await ask("AGENT", "{ viewer { person { id } } }");
  const { id, number } = await openCase(`For somebody ${stamp}`);
  const page = await sit("AGENT", "/reports");
  await settled(page);
  const input = { caseId: id, assigneeId: viewer.person.id };
  await ask("MANAGER", "mutation($input: AssignCaseInput!) { assignCase(input: $input) { userErrors { message } } }", { input });

  await page.getByText(new RegExp(`gave you ${number}`)).first().waitFor();
  await page.getByRole("button", { name: /unread/ }).click();
  await page.getByRole("dialog").getByText(number).click();
  await page.waitForURL(`**/cases/${number}`);
  await page.context().close();
});

test("many cases are given to somebody at once", async () => {
  const [one, two] = [await openCase(`Many hands ${stamp}`), await openCase(`Many hands ${stamp}`)];
  const page = await sit("AGENT", `/cases?text=${encodeURIComponent(`hands ${stamp}`)}`);
  await page.getByRole("checkbox", { name: `Tick ${one.number}` }).check();
  await page.getByRole("checkbox", { name: `Tick ${two.number}` }).check();
  await page.getByRole("button", { name: "Priority", exact: true }).click();
  await page.getByRole("menuitem", { name: "Low" }).click();

  await page.getByText("2 cases: priority is Low.").waitFor();
  await page.context().close();
});

test("anything is found from the keyboard", async () => {
  const { number } = await openCase(`Wurzelbehandlung ${stamp}`);
  const page = await sit("AGENT", "/cases");
  await settled(page);
  await page.keyboard.press("Control+k");
  await page.getByRole("textbox", { name: "Find anything" }).fill("wurzel");
  await page.getByRole("dialog").getByText(`Wurzelbehandlung ${stamp}`).first().waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");

  await page.waitForURL(`**/cases/${number}`);
  await page.context().close();
});
