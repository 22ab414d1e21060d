// What a person does with the page.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { WORD, open, shots } from "./browser.mjs";

let it;
before(async () => { it = await open(); });
after(async () => { await it.close(); });

const total = async (page) => Number((await page.locator("h1").innerText()).replace(/[^0-9]/g, ""));

test("search, narrow, open, back: the state is the address", async () => {
  const { page, errors } = it;
  await page.goto("/");
  await page.getByRole("searchbox").fill(WORD);
  await page.getByRole("button", { name: "Search" }).click();
  await page.waitForURL(/\/search\?q=/);
  const all = await total(page);
  assert.ok(all > 20, `${all} judgments`);
  assert.ok((await page.locator(".hits mark").count()) > 0, "hits are marked");
  await page.screenshot({ path: join(shots, "results-light.png") });

  const court = page.locator("fieldset[data-facet=court] label").first();
  const expected = Number((await court.locator(".count").innerText()).replace(/[^0-9]/g, ""));
  await court.click();
  await page.getByRole("button", { name: "Apply" }).click();
  await page.waitForURL(/court=/);
  assert.equal(await total(page), expected, "as many as the facet counted");
  assert.ok(expected < all);
  assert.equal(await page.locator(".chip").count(), 1);

  const narrowed = page.url();
  const title = await page.locator("a.hit").first().innerText();
  await page.locator("a.hit").first().click();
  await page.waitForURL(/\/judgments\//);
  assert.equal(await page.locator("h1").innerText(), title);
  assert.ok((await page.locator(".text mark").count()) > 0, "hits are marked in the text");
  await page.screenshot({ path: join(shots, "judgment-light.png") });
  await page.screenshot({ path: join(shots, "judgment-light-full.png"), fullPage: true });

  await page.goBack();
  assert.equal(page.url(), narrowed);
  assert.ok(await page.locator("fieldset[data-facet=court] input").first().isChecked());
  await page.locator(".chip").click();
  await page.waitForURL((url) => !url.search.includes("court="));
  assert.equal(await total(page), all);
  assert.deepEqual(errors, []);
});

test("pages and order", async () => {
  const { page } = it;
  await page.goto(`/search?q=${WORD}`);
  const pages = page.getByRole("navigation", { name: "Pages of results" });
  assert.equal(await pages.locator("[aria-current=page]").innerText().then((text) => text.trim().slice(-1)), "1");
  const first = await page.locator("a.hit").first().innerText();
  await pages.getByRole("link", { name: "Next page" }).click();
  await page.waitForURL(/page=2/);
  assert.notEqual(await page.locator("a.hit").first().innerText(), first);
  await page.locator("#sort").selectOption("newest");
  assert.ok(page.url().includes("page=2"), "nothing happens before the button");
  await page.getByRole("button", { name: "Sort" }).click();
  await page.waitForURL(/sort=newest/);
  const days = await page.locator(".hits time").evaluateAll((times) => times.map((time) => time.dateTime));
  assert.deepEqual(days, [...days].sort().reverse());
});

test("the whole result leaves as a file", async () => {
  const { page } = it;
  await page.goto(`/search?q=${WORD}&court=7_26`);
  const all = await total(page);
  const [csv] = await Promise.all([page.waitForEvent("download"), page.locator(".exports").getByRole("link", { name: "CSV" }).click()]);
  assert.equal(csv.suggestedFilename(), "nirnay-search.csv");
  const lines = (await readFile(await csv.path(), "utf8")).trimEnd().split("\r\n");
  assert.ok(lines[0].startsWith("id,title,court_code"), lines[0]);
  assert.ok(lines.length - 1 >= all, `${lines.length - 1} rows of ${all}`);
  const [parquet] = await Promise.all([page.waitForEvent("download"), page.locator(".exports").getByRole("link", { name: "Parquet" }).click()]);
  const bytes = await readFile(await parquet.path());
  assert.equal(bytes.subarray(0, 4).toString(), "PAR1");
  assert.equal(bytes.subarray(-4).toString(), "PAR1");
});

test("the keyboard alone", async () => {
  const { page } = it;
  await page.goto("/coverage");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to content");
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement.id), "q");
  await page.keyboard.type(`${WORD}/`);
  assert.equal(await page.inputValue("#q"), `${WORD}/`, "a slash in the box is a slash");
  await page.keyboard.press("Escape");
  assert.equal(await page.inputValue("#q"), "");
  await page.keyboard.press("Escape");
  assert.notEqual(await page.evaluate(() => document.activeElement.id), "q");
  await page.keyboard.press("/");
  await page.keyboard.type(WORD);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/search\?/);
  for (const key of ["j", "j", "k"]) await page.keyboard.press(key);
  assert.ok(await page.evaluate(() => document.activeElement === document.querySelectorAll("a.hit")[0]));
  await page.keyboard.press("j");
  const second = await page.locator("a.hit").nth(1).innerText();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/judgments\//);
  assert.equal(await page.locator("h1").innerText(), second);
  await page.keyboard.press("j");
  assert.equal(await page.locator(".text mark.here").count(), 1);
  assert.match(await page.locator("#said").innerText(), /^Hit 1 of \d+$/);
  // Every stop of the tabulator is one that can be seen, and focus is never caught.
  const stops = new Set();
  for (let press = 0; press < 40; press += 1) {
    await page.keyboard.press("Tab");
    stops.add(await page.evaluate(() => document.activeElement.outerHTML.slice(0, 120)));
  }
  assert.ok(stops.size > 15, `${stops.size} stops`);
});

test("a query that cannot be read is shown with its place", async () => {
  const { page } = it;
  const answer = await page.goto(`/search?q=${encodeURIComponent("bail AND (murder")}`);
  assert.equal(answer.status(), 400);
  assert.ok((await page.locator(".query-error mark").count()) === 1);
  assert.ok((await page.locator("[role=alert]").innerText()).length > 5);
  assert.equal(await page.inputValue("#q"), "bail AND (murder", "the box still has it");
  await page.screenshot({ path: join(shots, "problem-light.png") });
  await page.goto("/search?q=zzzzqqqq&court=7_26");
  assert.match(await page.locator("h1").innerText(), /No judgment/);
  assert.match(await page.locator(".empty").innerText(), /Searched [\d,]+ judgments/);
  await page.screenshot({ path: join(shots, "empty-light.png") });
});

test("what judgments say is text, and what is typed is too", async () => {
  const { page } = it;
  let ran = false;
  page.on("dialog", async (dialog) => { ran = true; await dialog.dismiss(); });
  const evil = "\"><script>alert(1)</script><img src=x onerror=alert(1)>";
  await page.goto(`/search?q=${encodeURIComponent(evil)}`);
  await page.goto(`/search?q=a&court=${encodeURIComponent(evil)}`);
  await page.goto(`/cite?q=${encodeURIComponent(evil)}`);
  await page.goto(`/judgments/${encodeURIComponent(evil)}`);
  assert.equal(await page.locator("img").count(), 0);
  assert.ok(!ran);
  it.errors.length = 0;
});
