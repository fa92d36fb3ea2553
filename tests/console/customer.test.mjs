// What a customer sees of the console: their cases, what they may do with them, and nothing that is not for them.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, barriers, close, open, settled, sit } from "./desk.mjs";

before(open);
after(close);

const stamp = Date.now().toString(36);

/** As `sit` for a customer; whatever the API declines, asked or told, is among the troubles. */
async function visit(path, look) {
  const page = await sit("CUSTOMER", "/sign-in", look);
  page.on("response", async (response) => {
    if (!response.url().endsWith("/graphql") || response.request().method() !== "POST") return;
    const answer = await response.json().catch(() => null);
    if (answer?.errors) page.troubles.push(JSON.stringify(answer.errors));
  });
  page.on("websocket", (socket) =>
    socket.on("framereceived", ({ payload }) => /"type":\s*"error"|FORBIDDEN/.test(String(payload)) && page.troubles.push(String(payload))),
  );
  await settled(page);
  await page.goto(path);
  await settled(page);
  return page;
}

async function ofTheirs(title) {
  const input = { title };
  const { createCase } = await ask("CUSTOMER", "mutation($input: CreateCaseInput!) { createCase(input: $input) { case { id number } userErrors { message } } }", { input });
  assert.deepEqual(createCase.userErrors, []);
  return createCase.case;
}

test("a customer is shown their cases, without what is for the staff", async () => {
  await ofTheirs(`The filter drips ${stamp}`);
  const page = await visit("/cases");
  await page.getByRole("link", { name: `The filter drips ${stamp}` }).waitFor();

  assert.equal(await page.getByRole("checkbox").count(), 0);
  assert.equal(await page.getByRole("combobox", { name: "Owner" }).count(), 0);
  assert.deepEqual(await page.getByRole("navigation", { name: "Main" }).getByRole("link").allTextContents(), ["Cases", "Articles"]);
  assert.deepEqual(await barriers(page), []);
  assert.deepEqual(page.troubles, []);
  await page.context().close();
});

test("a customer opens a case without saying who they are or how it came", async () => {
  const page = await visit("/cases");
  await page.getByRole("button", { name: "New case" }).click();
  const dialog = page.getByRole("dialog");
  assert.equal(await dialog.getByRole("combobox", { name: "Customer" }).count(), 0);
  await dialog.getByLabel("Title").fill(`The grinder hums ${stamp}`);
  await dialog.getByLabel("Description").fill("Since this morning, and it grinds nothing.");
  await dialog.getByRole("button", { name: "Open the case" }).click();
  const further = page.getByRole("link", { name: /Go to CAS/ });
  await further.or(page.getByRole("heading", { name: `The grinder hums ${stamp}` })).first().waitFor();
  if (await further.count()) await further.click();

  await page.getByRole("heading", { name: `The grinder hums ${stamp}` }).waitFor();
  assert.deepEqual(page.troubles, []);
  await page.context().close();
});

test("a customer writes, attaches, cancels and comes back, and is offered nothing else", async () => {
  const { number } = await ofTheirs(`The kettle is cold ${stamp}`);
  const page = await visit(`/cases/${number}`);
  const acts = page.getByRole("toolbar", { name: "What can be done" }).getByRole("button");
  assert.deepEqual(await acts.allTextContents(), ["Urge", "Cancel the case"]);
  assert.deepEqual(await page.getByRole("tab").allTextContents(), ["Timeline", "Files", "Knowledge", "Related", "Time ledger"]);
  for (const name of ["Files", "Knowledge", "Related", "Time ledger", "Timeline"]) {
    await page.getByRole("tab", { name }).click();
    await settled(page);
  }
  await page.getByRole("textbox", { name: "Your message" }).fill(`It is warm again ${stamp}`);
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByRole("listitem").getByText(`It is warm again ${stamp}`).waitFor();
  await page.getByRole("button", { name: "Cancel the case" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel the case" }).click();
  await page.getByRole("button", { name: "Reactivate" }).click();
  await page.getByRole("button", { name: "Urge" }).waitFor();

  assert.deepEqual(await barriers(page), []);
  assert.deepEqual(page.troubles, []);
  await page.context().close();
});

test("pages that are for the staff do not exist for a customer", async () => {
  for (const path of ["/queues", "/reports", "/promises", "/entitlements"]) {
    const page = await visit(path);
    await page.getByRole("heading", { name: /nothing|no page|not/i }).first().waitFor();
    assert.deepEqual(page.troubles, []);
    await page.context().close();
  }
});
