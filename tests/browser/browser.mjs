// A browser of its own for each test file: new profile, no background traffic.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

export const address = process.env.ADDRESS;
export const shots = process.env.SHOTS;

const FLAGS = [
  "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

/** A context with its pages; `close` ends the browser and removes the profile. */
export async function open(options = {}) {
  const profile = await mkdtemp(join(tmpdir(), "nirnay-browser-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM, args: FLAGS, headless: true, baseURL: address,
    viewport: { width: 1280, height: 900 }, acceptDownloads: true, ...options,
  });
  context.setDefaultTimeout(15_000);
  const page = context.pages()[0] ?? await context.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(`${error}`));
  page.on("console", (message) => { if (message.type() === "error") errors.push(message.text()); });
  return {
    context, page, errors,
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/** A word that many judgments of the simulated docket have. */
export const WORD = "court";
