// What those who lead keep: articles, entitlements and rules, each made in a browser and seen to work.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { close, open, settled, sit } from "./desk.mjs";

before(open);
after(close);

const stamp = Date.now().toString(36);

test("an article is written as a draft, published, changed while readers go on seeing it, and archived", async () => {
  const page = await sit("MANAGER", "/articles");
  await page.getByRole("link", { name: "Write an article" }).click();
  await page.getByRole("button", { name: "Save as a draft" }).click();
  await page.getByRole("form", { name: "Article" }).locator(".mantine-InputWrapper-error").first().waitFor(); // nothing was said
  const title = `How to bleed the boiler ${stamp}`;
  await page.getByRole("textbox", { name: "Title" }).fill(title);
  await page.getByRole("textbox", { name: "Text" }).fill("Open the valve slowly.");
  await page.reload();
  assert.equal(await page.getByRole("textbox", { name: "Title" }).inputValue(), title, "what was typed is kept");
  await page.getByRole("button", { name: "Save as a draft" }).click();
  await page.getByRole("heading", { name: title }).waitFor();
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await page.getByText(/is published as version 1/).waitFor();
  await page.getByRole("region", { name: "Versions" }).getByText("Version 1").waitFor();

  await page.getByRole("link", { name: "Edit" }).click();
  await page.getByRole("textbox", { name: "Text" }).fill("Open the valve slowly, with gloves.");
  await page.getByRole("button", { name: "Save the changes" }).click();
  await page.getByText("Changes wait").waitFor();
  await page.getByRole("region", { name: "Article" }).getByText("Open the valve slowly.", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Publish the changes" }).click();
  await page.getByText("Open the valve slowly, with gloves.").first().waitFor();

  await page.goto("/articles");
  await page.getByRole("textbox", { name: "Search in articles" }).fill(stamp);
  await page.waitForURL(/text=/);
  await page.getByRole("link", { name: title }).click();
  await page.getByRole("button", { name: "Archive" }).click();
  await page.getByRole("button", { name: "Publish again" }).waitFor();
  assert.deepEqual(page.troubles, []);
  await page.context().close();
});

test("who may not publish writes all the same, and is offered nothing else", async () => {
  const page = await sit("AGENT", "/articles/KB-000001");
  await settled(page);
  assert.deepEqual(await page.getByRole("toolbar", { name: "What can be done" }).locator("a, button").allTextContents(), ["Edit"]);
  await page.context().close();
});
