// What can be done with a case beside answering it, each from its place on the page.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, barriers, close, open, openCase, settled, sit } from "./desk.mjs";

before(open);
after(close);

const stamp = Date.now().toString(36);

/** A case page with the dialog of one of its further acts, in which nobody is kept out. */
async function asking(role, number, word) {
  const page = await sit(role, `/cases/${number}`);
  await settled(page);
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: word }).click();
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  await page.waitForTimeout(200); // it has faded in
  assert.deepEqual(await barriers(page), []);
  return { page, dialog };
}

test("a case is escalated with a reason, and the escalation taken back", async () => {
  const { number } = await openCase(`Cannot wait ${stamp}`);
  const { page, dialog } = await asking("AGENT", number, "Escalate…");
  await dialog.getByRole("button", { name: "Escalate" }).click();
  await dialog.locator(".mantine-InputWrapper-error").waitFor();
  await dialog.getByLabel("Why it cannot wait").fill("The bakery stands still");
  await dialog.getByRole("button", { name: "Escalate" }).click();
  await page.getByText("Escalated", { exact: true }).waitFor();
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Take the escalation back…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Take it back" }).click();

  await page.getByText("Escalated", { exact: true }).waitFor({ state: "detached" });
  assert.deepEqual(page.troubles, []);
  await page.context().close();
});

test("an answer given by telephone keeps the promise of one", async () => {
  const { number } = await openCase(`Called back ${stamp}`);
  const { page, dialog } = await asking("AGENT", number, "Answered elsewhere…");
  await dialog.getByLabel("What was said").fill("A technician comes today");
  await dialog.getByRole("button", { name: "Record it" }).click();

  await page.getByRole("region", { name: "Promises" }).getByText(/^met /).first().waitFor();
  await page.getByText("recorded an answer given elsewhere").waitFor();
  await page.context().close();
});

test("what is another question becomes a case of its own, with the messages that ask it", async () => {
  const { id, number } = await openCase(`Two questions ${stamp}`);
  const input = { caseId: id, body: `And the invoice is wrong ${stamp}` };
  await ask("AGENT", "mutation($input: AddCommentInput!) { addComment(input: $input) { userErrors { message } } }", { input });
  const { page, dialog } = await asking("AGENT", number, "Split off a case…");
  await dialog.getByLabel("Title of the new case").fill(`The invoice ${stamp}`);
  await dialog.getByRole("checkbox", { name: input.body }).check();
  await dialog.getByRole("button", { name: "Split it off" }).click();

  await page.getByRole("heading", { name: `The invoice ${stamp}` }).waitFor();
  await page.getByRole("listitem").getByText(input.body).waitFor();
  await page.context().close();
});

test("a part of a case is opened from it, and says so", async () => {
  const { number } = await openCase(`The whole of it ${stamp}`);
  const { page, dialog } = await asking("AGENT", number, "Open a part of it…");
  await dialog.getByRole("button", { name: "Open it" }).click();
  await dialog.locator(".mantine-InputWrapper-error").first().waitFor();
  await dialog.getByLabel("Title").fill(`A part of it ${stamp}`);
  await dialog.getByRole("button", { name: "Open it" }).click();

  await page.getByRole("heading", { name: `A part of it ${stamp}` }).waitFor();
  await page.getByText("part of").getByRole("link", { name: number }).or(page.getByRole("link", { name: number })).first().waitFor();
  await page.context().close();
});

test("a case is merged with another one from its own page, after looking, and that is undone", async () => {
  const one = await openCase(`The same again ${stamp}`);
  const two = await openCase(`The same once more ${stamp}`);
  const { page, dialog } = await asking("AGENT", one.number, "Merge with…");
  await dialog.getByLabel(/Which cases go together/).fill(two.number);
  await page.getByRole("option", { name: new RegExp(two.number) }).click();
  await dialog.getByText("What would happen").waitFor();
  await dialog.getByRole("button", { name: `Merge into ${one.number}` }).click();
  await page.getByText(`1 merged into ${one.number}.`).waitFor();
  await page.getByRole("tab", { name: "Related" }).click();
  const merged = page.getByRole("region", { name: "Merged into this one" });
  await merged.getByRole("button", { name: "Undo the merge" }).click();

  await merged.getByText(/undone/).waitFor();
  await page.context().close();
});

test("another policy is chosen by hand, and the choice is taken back", async () => {
  const { number } = await openCase(`Other promises ${stamp}`);
  const page = await sit("AGENT", `/cases/${number}`);
  const promises = page.getByRole("region", { name: "Promises" });
  await promises.getByRole("button", { name: "Choose who promises what" }).click();
  await page.getByRole("radio", { name: "Premium" }).check();
  await page.getByRole("button", { name: "Let it promise" }).click();
  await promises.getByText(/Premium.*chosen by hand/).waitFor();
  await promises.getByRole("button", { name: "Choose who promises what" }).click();
  await page.getByRole("button", { name: "Take the choice back" }).click();

  await promises.getByText(/Standard.*by default/).waitFor();
  await page.context().close();
});

test("an entitlement that fits is applied, spared by those who lead, and taken away", async () => {
  const { entitlements } = await ask("MANAGER", "{ entitlements(first: 50, where: { state: { eq: ACTIVE }, allocation: { eq: CASES } }) { nodes { id name customer { id } contact { id } products { id } channels { channel } balances { available } } } }");
  const fits = entitlements.nodes.find((one) => !one.contact && !one.products.length && one.balances.some(({ available }) => Number(available) > 2));
  const { number } = await openCase(`On the contract ${stamp}`, "MEDIUM", fits.customer.id);
  const page = await sit("MANAGER", `/cases/${number}`);
  const contract = page.getByRole("region", { name: "Entitlement" });
  const choose = async (word) => {
    await contract.getByRole("button", { name: "Change the entitlement" }).click();
    await page.getByRole("menuitem", { name: word }).click();
  };
  await contract.waitFor();
  if (await contract.getByText(fits.name).count()) {
    await choose("Another one, or none…");
    await page.getByRole("button", { name: "Take the entitlement away" }).click();
    await contract.getByText("None is applied.").waitFor();
  }
  await choose("Apply one…");
  await page.getByRole("radio", { name: fits.name }).check();
  await page.getByRole("button", { name: "Apply it" }).click();
  await contract.getByText(fits.name).waitFor();
  await choose("Let it take nothing…");
  await page.getByRole("dialog").getByRole("button", { name: "Let it take nothing" }).click();
  await contract.getByText(/takes nothing/).waitFor();

  const agent = await sit("AGENT", `/cases/${number}`);
  await agent.getByRole("button", { name: "Change the entitlement" }).click();
  await agent.getByRole("menuitem", { name: "Another one, or none…" }).waitFor();
  assert.equal(await agent.getByRole("menuitem", { name: /Let it/ }).count(), 0, "agents do not spare contracts");
  await page.context().close();
  await agent.context().close();
});

test("a case is edited: only what was changed is sent, and what is wrong stands at its field", async () => {
  const { number } = await openCase(`Misspelt ${stamp}`);
  const page = await sit("AGENT", `/cases/${number}`);
  await page.getByRole("button", { name: "Edit the case" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Title").fill("");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.locator(".mantine-InputWrapper-error").waitFor();
  await dialog.getByLabel("Title").fill(`Spelt well ${stamp}`);
  await dialog.getByLabel("Reference elsewhere").fill(`ref ${stamp}`);
  await dialog.getByRole("button", { name: "Save" }).click();

  await page.getByRole("heading", { name: `Spelt well ${stamp}` }).waitFor();
  await page.getByRole("region", { name: "Details" }).getByText(`ref ${stamp}`).waitFor();
  await page.context().close();
});

test("a case goes to another stage, and says what is missing for that", async () => {
  const { caseTypes } = await ask("MANAGER", "{ caseTypes(first: 20, where: { active: { eq: true } }) { nodes { id stages { key name required } } } }");
  const type = caseTypes.nodes.find((one) => one.stages.length > 1);
  const { number } = await openCase(`In stages ${stamp}`, "LOW", undefined, { typeId: type.id });
  const { page, dialog } = await asking("AGENT", number, "To another stage…");
  const next = dialog.getByRole("radio", { name: type.stages[1].name });
  await next.waitFor();
  assert.ok(await next.isChecked());
  await dialog.getByRole("button", { name: "Go there" }).click();

  const moved = page.getByText(`Stage: ${type.stages[1].name}`);
  const declined = dialog.getByRole("alert").first();
  await moved.or(declined).first().waitFor();
  await page.context().close();
});

test("a case waits with a note, and an activity is changed", async () => {
  const { id, number } = await openCase(`Waits ${stamp}`);
  const input = { caseId: id, kind: "TASK", subject: "Order the part" };
  await ask("AGENT", "mutation($input: CreateActivityInput!) { createActivity(input: $input) { userErrors { message } } }", { input });
  const page = await sit("AGENT", `/cases/${number}`);
  await page.getByRole("button", { name: "Wait for…" }).click();
  await page.getByRole("menuitem", { name: "With a note…" }).click();
  await page.getByRole("dialog").getByLabel("Note").fill("Until the part is here");
  await page.getByRole("button", { name: "Let it wait" }).click();
  await page.getByRole("button", { name: "Resume" }).waitFor();
  await page.getByRole("tab", { name: /Activities/ }).click();
  await page.getByRole("button", { name: "More about Order the part" }).click();
  await page.getByRole("menuitem", { name: "Change…" }).click();
  await page.getByRole("dialog").getByLabel("Subject").fill("Order two parts");
  await page.getByRole("dialog").getByLabel("Minutes").fill("20");
  await page.getByRole("button", { name: "Save" }).click();

  await page.getByText("Order two parts").waitFor();
  await page.getByText(/20 min/).waitFor();
  await page.context().close();
});

test("those who lead delete a case, and agents are not offered to", async () => {
  const { number } = await openCase(`Spam ${stamp}`);
  const agent = await sit("AGENT", `/cases/${number}`);
  await agent.getByRole("button", { name: "More", exact: true }).click();
  await agent.getByRole("menuitem", { name: "Cancel the case…" }).waitFor();
  assert.equal(await agent.getByRole("menuitem", { name: "Delete it…" }).count(), 0);
  const { page, dialog } = await asking("MANAGER", number, "Delete it…");
  await dialog.getByRole("button", { name: "Delete it" }).click();

  await page.waitForURL("**/cases");
  await page.context().close();
  await agent.context().close();
});
