// How long the verify page takes from a tap on a link to its answer, beside a bare page of the same size in the same
// browser. Figures only, no verdicts: `make bench`.
import { statSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { inChromium } from "./browser.mjs";
import { withSpecimens } from "./specimens.mjs";
import { until } from "../window/running.mjs";

const ROUNDS = 30;

/** Notes when the answer first stands on the page, in milliseconds since the tap. */
const NOTE = `new MutationObserver((_, observer) => {
  if (!document.querySelector('[data-testid="verdict"]')) return;
  window.answeredAt = performance.now();
  observer.disconnect();
}).observe(document, { childList: true, subtree: true });`;

function bare(specimens) {
  const text = "<!doctype html><meta charset=utf-8><title>Bare</title><p data-testid=verdict>yes</p>";
  const filler = statSync(specimens.path("verify.html")).size - text.length - "<!---->".length;
  writeFileSync(specimens.path("bare.html"), `${text}<!--${"x".repeat(filler)}-->`);
  return pathToFileURL(specimens.path("bare.html")).href;
}

async function once(browser, url) {
  await browser.open(url);
  return until("an answer", () => browser.run(() => window.answeredAt));
}

function row(name, times) {
  const [least, median, most] = [0, 0.5, 1].map((part) => times.toSorted((a, b) => a - b)[Math.round(part * (times.length - 1))]);
  console.log(`${name.padEnd(24)} median ${median.toFixed(1)} ms (${least.toFixed(1)} to ${most.toFixed(1)})`);
  return median;
}

await withSpecimens((specimens) =>
  inChromium(async (browser) => {
    await browser.devtools("Page.addScriptToEvaluateOnNewDocument", { source: NOTE });
    const pages = { "bare page": bare(specimens), "verify page": `${specimens.page}#${specimens.digits("good")}` };
    const times = Object.fromEntries(Object.keys(pages).map((name) => [name, []]));
    for (const url of Object.values(pages)) await once(browser, url);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [name, url] of Object.entries(pages)) times[name].push(await once(browser, url));
    }
    const [floor, page] = Object.entries(times).map(([name, taken]) => row(name, taken));
    console.log(`page start               ${(page / floor).toFixed(1)} times the bare page, ${ROUNDS} rounds each in Chromium`);
  }),
);
