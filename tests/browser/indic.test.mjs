// Court orders in nine scripts, printed by the browser to PDF and read back: the words, beside poppler's pdftotext.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { open } from "./browser.mjs";

const nirnay = process.env.NIRNAY;
const texts = fileURLToPath(new URL("indic/", import.meta.url));

/** Fonts of the Debian packages fonts-noto-core and fonts-lohit-*. */
const PRINTS = [
  ["hindi", ["Noto Serif Devanagari", "Noto Sans Devanagari", "Lohit Devanagari"]],
  ["tamil", ["Noto Serif Tamil", "Noto Sans Tamil", "Lohit Tamil"]],
  ["kannada", ["Noto Serif Kannada", "Noto Sans Kannada", "Lohit Kannada"]],
  ["bengali", ["Noto Serif Bengali", "Noto Sans Bengali", "Lohit Bengali"]],
  ["telugu", ["Noto Serif Telugu", "Noto Sans Telugu", "Lohit Telugu"]],
  ["malayalam", ["Noto Serif Malayalam", "Noto Sans Malayalam", "Lohit Malayalam"]],
  ["gujarati", ["Noto Serif Gujarati", "Noto Sans Gujarati", "Lohit Gujarati"]],
  ["gurmukhi", ["Noto Serif Gurmukhi", "Noto Sans Gurmukhi", "Lohit Gurmukhi"]],
  ["odia", ["Noto Sans Oriya", "Lohit Odia"]],
].flatMap(([language, fonts]) => fonts.map((font) => ({ language, font })));

/** Of pdftotext's words, and of the words that were printed. */
const LEAST = 0.98;

let it;
let folder;
before(async () => {
  it = await open();
  folder = await mkdtemp(join(tmpdir(), "nirnay-indic-"));
});
after(async () => {
  await it.close();
  await rm(folder, { recursive: true, force: true });
});

/** An order: a heading, a table of words, paragraphs in justified lines. */
function order(text, font) {
  const [heading, ...lines] = text.trim().split("\n");
  const cells = lines.pop().split(" ");
  const rows = [];
  while (cells.length) rows.push(`<tr>${cells.splice(0, 5).map((cell) => `<td>${cell}</td>`).join("")}</tr>`);
  return `<!doctype html><meta charset="utf-8"><style>
    body { font: 12pt/1.7 "${font}"; text-align: justify }
    h1 { font-size: 15pt; text-align: center }
    td { padding: 2pt 14pt 2pt 0 }
  </style><h1>${heading}</h1><table>${rows.join("")}</table>${lines.map((line) => `<p>${line}</p>`).join("")}`;
}

/** Words with the number of their places. */
function words(text) {
  const count = new Map();
  for (const word of text.normalize("NFC").split(/\s+/u).filter(Boolean)) count.set(word, (count.get(word) ?? 0) + 1);
  return count;
}

const total = (count) => [...count.values()].reduce((sum, places) => sum + places, 0);

function common(one, other) {
  const both = [...one].map(([word, places]) => [word, Math.min(places, other.get(word) ?? 0)]);
  return new Map(both.filter(([, places]) => places > 0));
}

const lacking = (wanted, have) => [...wanted].filter(([word, places]) => places > (have.get(word) ?? 0)).map(([word]) => word);

/** What `nirnay extract` and pdftotext read in the files. */
function read(files) {
  const lines = execFileSync(nirnay, ["extract", "--json", ...files], { encoding: "utf8", maxBuffer: 1 << 28 }).trim().split("\n");
  const ours = new Map(lines.map((line) => JSON.parse(line)).map(({ file, pages }) => [file, pages]));
  return files.map((file) => ({
    pages: ours.get(file),
    ours: words(ours.get(file).map((page) => page.text).join("\n")),
    poppler: words(execFileSync("pdftotext", ["-enc", "UTF-8", file, "-"], { encoding: "utf8", maxBuffer: 1 << 28 })),
  }));
}

test("what is printed in Indic scripts is read back", async () => {
  const files = [];
  const truths = [];
  for (const { language, font } of PRINTS) {
    const families = execFileSync("fc-list", [font, "family"], { encoding: "utf8" });
    assert.ok(families.includes(font), `the font ${font} is not installed`);
    const text = await readFile(join(texts, `${language}.txt`), "utf8");
    await it.page.setContent(order(text, font));
    const file = join(folder, `${language}-${font.replaceAll(" ", "")}.pdf`);
    await writeFile(file, await it.page.pdf({ format: "A4", margin: { top: "25mm", bottom: "25mm", left: "25mm", right: "25mm" } }));
    files.push(file);
    truths.push(words(text));
  }
  const bad = [];
  console.log("| language | font | words | pdftotext has | nirnay has | of pdftotext's, nirnay has |\n|---|---|---|---|---|---|");
  for (const [at, { pages, ours, poppler }] of read(files).entries()) {
    const { language, font } = PRINTS[at];
    const truth = truths[at];
    const theirs = common(truth, poppler);
    const share = (part, whole) => total(part) / total(whole);
    const [recall, peer, both] = [share(common(truth, ours), truth), share(theirs, truth), share(common(theirs, ours), theirs)];
    console.log(`| ${language} | ${font} | ${total(truth)} | ${[peer, recall, both].map((value) => value.toFixed(3)).join(" | ")} |`);
    if (Math.min(both, recall) < LEAST) bad.push([font, recall, both, lacking(truth, ours).slice(0, 20), lacking(ours, truth).slice(0, 20)]);
    for (const page of pages) {
      if (page.condition !== "readable" || page.needs_ocr) bad.push([font, page.n, page.condition, page.quality, page.wordlike]);
    }
  }
  assert.deepEqual(bad, []);
});
