// Who cannot see, point or run scripts; and what it looks like.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import axe from "axe-core";
import { WORD, open, shots } from "./browser.mjs";

let it;
let judgment;
before(async () => {
  it = await open();
  await it.page.goto(`/search?q=${WORD}`);
  judgment = new URL(await it.page.locator("a.hit").first().getAttribute("href"), it.page.url()).href;
});
after(async () => { await it.close(); });

const places = () => [
  ["home", "/"], ["results", `/search?q=${WORD}&court=7_26`], ["judgment", judgment], ["coverage", "/coverage"],
  ["dictionary", "/dictionary"], ["help", "/help"], ["api", "/api"], ["empty", "/search?q=zzzzqqqq"],
  ["problem", "/search?q=(bail"], ["cite", "/cite?q=2024+INSC+1+and+2024+INSC+2"], ["nowhere", "/nowhere"],
];

for (const scheme of ["light", "dark"]) {
  test(`axe finds nothing serious in ${scheme}`, async () => {
    const { page } = it;
    await page.emulateMedia({ colorScheme: scheme });
    for (const [name, place] of places()) {
      await page.goto(place);
      await page.screenshot({ path: join(shots, `${name}-${scheme}.png`) });
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate(() => window.axe.run(document, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
        // The viewer in the frame is the browser's.
        iframes: false,
      }));
      const serious = violations
        .filter((found) => ["serious", "critical"].includes(found.impact))
        .map((found) => `${name}: ${found.id}: ${found.help}: ${found.nodes.slice(0, 3).map((node) => node.html).join(" | ")}`);
      assert.deepEqual(serious, []);
    }
    await page.emulateMedia({ colorScheme: "light" });
  });
}

test("320 pixels wide, nothing is cut off", async () => {
  const { page } = it;
  await page.setViewportSize({ width: 320, height: 640 });
  for (const [name, place] of places()) {
    await page.goto(place);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    await page.screenshot({ path: join(shots, `${name}-320.png`) });
    assert.ok(width <= 320, `${name} is ${width} wide`);
  }
  // The filters are folded, and can be opened.
  await page.goto(`/search?q=${WORD}`);
  const box = page.locator("fieldset[data-facet=court] input").first();
  assert.ok(!(await box.isVisible()));
  await page.getByText("Narrow the search").click();
  assert.ok(await box.isVisible());
  await page.setViewportSize({ width: 1280, height: 900 });
});

test("every page has one heading, landmarks, labels and an empty live region", async () => {
  const { page } = it;
  for (const [name, place] of places()) {
    await page.goto(place);
    assert.equal(await page.locator("h1").count(), 1, name);
    assert.equal(await page.getByRole("main").count(), 1, name);
    assert.equal(await page.getByRole("banner").count(), 1, name);
    assert.equal(await page.getByRole("contentinfo").count(), 1, name);
    assert.ok((await page.getByRole("search").count()) >= 1, name);
    assert.equal(await page.locator("#said[aria-live=polite]").innerText(), "", name);
    const unnamed = await page.locator("input, select, button").evaluateAll((fields) =>
      fields.filter((field) => !field.hidden && !field.labels?.length && !field.textContent.trim()).map((field) => field.outerHTML));
    assert.deepEqual(unnamed, [], name);
  }
});

test("without scripts: search, narrow, page, open, export", async () => {
  const bare = await open({ javaScriptEnabled: false });
  try {
    const { page } = bare;
    await page.goto("/");
    await page.locator("#q").fill(WORD);
    await page.getByRole("button", { name: "Search" }).click();
    await page.waitForURL(/\/search\?/);
    await page.locator("fieldset[data-facet=year] label").first().click();
    await page.getByRole("button", { name: "Apply" }).click();
    await page.waitForURL(/year=/);
    assert.equal(await page.locator(".chip").count(), 1);
    await page.locator("a.hit").first().click();
    await page.waitForURL(/\/judgments\//);
    assert.ok((await page.locator(".text mark").count()) > 0);
    assert.equal(await page.locator("button[data-copy]:visible").count(), 0, "what needs scripts is not shown");
    await page.getByRole("link", { name: "Back to the results" }).click();
    await page.waitForURL(/year=/);
    const [file] = await Promise.all([page.waitForEvent("download"), page.locator(".exports").getByRole("link", { name: "JSON lines" }).click()]);
    assert.equal(file.suggestedFilename(), "nirnay-search.jsonl");
  } finally {
    await bare.close();
  }
});

test("the PDF stands beside the text and can do nothing", async () => {
  const { page, context } = it;
  await page.goto(judgment);
  const source = await page.locator(".pdf iframe").getAttribute("src");
  const answer = await context.request.get(source);
  assert.equal(answer.status(), 200);
  const headers = answer.headers();
  assert.equal(headers["content-type"], "application/pdf");
  assert.equal(headers["x-content-type-options"], "nosniff");
  assert.match(headers["content-security-policy"], /^sandbox; default-src 'none'/);
  assert.equal((await answer.body()).subarray(0, 5).toString(), "%PDF-");
});
