// How long the verify page takes from a tap on a link to its shown answer, beside a bare page of the same size in the
// same browser. Figures only, no verdicts: `make bench`.
import assert from "node:assert/strict";
import { statSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { inChromium } from "./browser.mjs";
import { withSpecimens } from "./specimens.mjs";
import { until } from "../window/running.mjs";

const ROUNDS = 30;

/** Notes when the first frame with the answer was drawn, in milliseconds since the tap. */
const NOTE = `new MutationObserver((_, observer) => {
  if (!document.querySelector('[data-testid="verdict"]')) return;
  observer.disconnect();
  requestAnimationFrame(() => {
    const drawn = new MessageChannel();
    drawn.port1.onmessage = () => (window.answeredAt = performance.now());
    drawn.port2.postMessage(null);
  });
}).observe(document, { childList: true, subtree: true });`;

/** The answer stands behind the filler: a browser shows it once it has read as much as the verify page holds. */
function bare(specimens) {
  const [before, behind] = ["<!doctype html><meta charset=utf-8><title>Bare</title><!--", "--><p data-testid=verdict>yes</p>"];
  const size = statSync(specimens.path("verify.html")).size;
  writeFileSync(specimens.path("bare.html"), before + "x".repeat(size - before.length - behind.length) + behind);
  return { url: pathToFileURL(specimens.path("bare.html")).href, size };
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
    const { url, size } = bare(specimens);
    const pages = { "bare page": url, "verify page": `${specimens.page}#${specimens.digits("good")}` };
    const times = Object.fromEntries(Object.keys(pages).map((name) => [name, []]));
    for (const url of Object.values(pages)) await once(browser, url);
    // A page that could tell nothing would be quick for the wrong reason.
    assert.equal((await browser.verdict()).tone, "green");
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [name, url] of Object.entries(pages)) times[name].push(await once(browser, url));
    }
    const [floor, page] = Object.entries(times).map(([name, taken]) => row(name, taken));
    console.log(`page start               ${(page / floor).toFixed(1)} times the bare page of ${Math.round(size / 1000)} kB, ${ROUNDS} rounds each in Chromium`);
  }),
);
