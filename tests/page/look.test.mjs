// How the verify page reads: four languages, phone and desk, light and dark, large letters, keys alone, paper; axe finds nothing.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { KEY } from "../window/driver.mjs";
import { until } from "../window/running.mjs";
import { inChromium, repository } from "./browser.mjs";
import { withSpecimens } from "./specimens.mjs";

const axe = readFileSync(join(repository, "ui/node_modules/axe-core/axe.min.js"), "utf8");
const LANGUAGES = { en: "English", fi: "Suomi", pt: "Português", es: "Español" };
const KINDS = ["good", "expired", "strangers", "long"];

test("nothing runs over the edge of a small phone, every target is large enough, and axe finds nothing", () =>
  withSpecimens((specimens) => inChromium(async (browser) => {
    for (const [width, height, letters, isDark] of [[320, 640, 1, false], [360, 740, 1, true], [360, 740, 2, false], [1280, 800, 1, false]]) {
      await browser.phone(width, height, isDark);
      const name = `${width}x${height}${letters === 2 ? "-large-letters" : ""}${isDark ? "-dark" : ""}`;
      for (const kind of ["start", ...KINDS, "rubbish"]) {
        const digits = { start: "", rubbish: "#12" }[kind] ?? `#${specimens.digits(kind)}`;
        await browser.open(specimens.page + digits);
        if (kind === "start") await browser.see("start");
        else await browser.verdict();
        if (letters === 2) await browser.run(() => void (document.documentElement.style.fontSize = "225%"));
        await fits(browser, width, `${kind} at ${name}`);
        await clean(browser, `${kind} at ${name}`);
        if (["good", "start"].includes(kind) || name === "360x740-dark") await browser.tall(`${name}-${kind}`);
      }
    }
  })));

test("everything is said in four languages, and the choice lasts as long as the page", () =>
  withSpecimens((specimens) => inChromium(async (browser) => {
    const seen = {};
    await browser.phone(360, 740);
    for (const [code, name] of Object.entries(LANGUAGES)) {
      await browser.open(`${specimens.page}?lang=${code}#${specimens.digits("good")}`);
      assert.equal((await browser.verdict()).tone, "green");
      assert.equal(await browser.run(() => document.documentElement.lang), code);
      assert.equal(await browser.run(() => document.querySelector('[data-testid="language"]').selectedOptions[0].text), name);
      seen[code] = await browser.run(() => [...document.querySelectorAll("h1, h2, h3, dt, .mark, .limits, .question p, .identity, .actions button")].map((at) => at.innerText));
      await fits(browser, 360, code);
      await browser.tall(`360x740-good-${code}`);
    }
    for (const code of ["fi", "pt", "es"]) {
      const same = seen.en.filter((words, at) => words === seen[code][at]);
      assert.deepEqual(same, [], `said in English on the page in ${code}`);
    }
    await browser.open(`${specimens.page}#${specimens.digits("good")}`);
    await browser.choose("fi");
    await until("the verdict in Finnish", async () => (await browser.verdict()).headline === "Aito ja voimassa");
    await browser.run((digits) => void (location.hash = digits), specimens.digits("expired"));
    await until("the next verdict in Finnish", async () => (await browser.verdict()).headline === "Älä hyväksy");
  })));

test("a pasted link is checked with keys alone, and the answer has the focus", () =>
  withSpecimens((specimens) => inChromium(async (browser) => {
    const focused = () => browser.run(() => document.activeElement.dataset.testid ?? document.activeElement.tagName);
    await browser.open(specimens.page);
    await browser.see("start");
    await until("the title to have the focus", async () => (await focused()) === "headline");
    await browser.keys(KEY.Tab);
    assert.equal(await focused(), "paste");
    await browser.ask("POST", "/actions", { actions: [{ type: "key", id: "keyboard", actions: [..."12"].flatMap((value) => [{ type: "keyDown", value }, { type: "keyUp", value }]) }] });
    await browser.keys(KEY.Tab, KEY.Enter);
    assert.equal((await browser.verdict()).error, "not_ours");
    await until("the answer to have the focus", async () => (await focused()) === "headline");
    await browser.keys(KEY.Tab);
    assert.equal(await focused(), "again");
    await browser.keys(KEY.Enter);
    await browser.see("paste");
    await until("the title to have the focus", async () => (await focused()) === "headline");
    await browser.keys(KEY.Tab, KEY.Tab, KEY.Tab);
    assert.equal(await focused(), "file");
    const outline = await browser.run(() => getComputedStyle(document.activeElement.parentElement).outlineStyle);
    assert.equal(outline, "solid", "the focus is seen");
  })));

test("on paper everything stands, and the link does not", () =>
  withSpecimens((specimens) => inChromium(async (browser) => {
    await browser.phone(1280, 800, true);
    await browser.open(`${specimens.page}#${specimens.digits("good")}`);
    await browser.verdict();
    const { data } = await browser.devtools("Page.printToPDF", { displayHeaderFooter: true, printBackground: false, paperWidth: 8.27, paperHeight: 11.69 });
    const [pdf, png] = [specimens.path("print.pdf"), join(repository, "target/page-screenshots/print")];
    writeFileSync(pdf, Buffer.from(data, "base64"));
    execFileSync("pdftoppm", ["-png", "-r", "70", "-singlefile", pdf, png]);
    const text = execFileSync("pdftotext", ["-layout", pdf, "-"], { encoding: "utf8" });
    for (const words of ["Genuine and in force", "Kalle Kokelas", "Compare with an identity document", "Does not authorise work", "How old the lists are"]) {
      assert.ok(text.includes(words), `${words} on paper`);
    }
    assert.ok(text.includes("verify.html"), "the browser prints the address");
    assert.ok(!text.includes(specimens.digits("good").slice(0, 12)), "the digits hold a name and are not printed");
    assert.ok(!text.includes("Check another"), "buttons are not printed");
    assert.equal(await browser.run(() => location.hash), "", "nor do they stay in the address");
    await browser.reload();
    assert.equal((await browser.verdict()).tone, "green", "the tab remembers them");
  })));

/** No sideways scrolling, and every target at least 44 px high. */
async function fits(browser, width, where) {
  const { over, small } = await browser.run((width) => {
    const page = document.documentElement;
    const targets = [...document.querySelectorAll("button, select, textarea, input, a")];
    return {
      // A phone makes its window wider than itself for a page that is.
      over: Math.max(page.scrollWidth, innerWidth) - width,
      small: targets.filter((at) => at.getBoundingClientRect().height < 44).map((at) => at.dataset.testid),
    };
  }, width);
  assert.ok(over <= 0, `${where}: ${over} px over the edge`);
  assert.deepEqual(small, [], `${where}: targets too small`);
}

async function clean(browser, where) {
  // The page's policy holds back a script element, not what the driver runs.
  await browser.ask("POST", "/execute/sync", { script: `${axe}; window.axe = axe;`, args: [] });
  const found = await browser.run(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
  });
  assert.deepEqual(found, [], where);
}
