// The verify page from a stick: the same verdicts in Chromium and in the app's WebKit, without any network.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { inChromium, inWebKit } from "./browser.mjs";
import { withSpecimens } from "./specimens.mjs";

for (const [name, inBrowser] of [["Chromium", inChromium], ["WebKitGTK", inWebKit]]) {
  test(`${name}: every kind of certificate from a stick`, () =>
    withSpecimens((specimens) => inBrowser(async (browser) => {
      const { page } = specimens;
      const cases = [
        ["good", "green", "yes", "yes"], ["other", "green", "yes", "yes"], ["long", "green", "yes", "yes"], ["registered", "green", "yes", "yes"],
        ["expired", "red", "yes", "no"], ["strangers", "amber", "unknown", "unknown"], ["demonstration", "amber", "unknown", "unknown"],
      ];
      for (const [kind, tone, genuine, inForce] of cases) {
        await browser.open(`${page}#${specimens.digits(kind)}`);
        const { headline: _, ...verdict } = await browser.verdict();
        assert.deepEqual(verdict, { tone, error: null, genuine, inForce }, kind);
      }
      await browser.open(`${page}#${specimens.digits("good")}`);
      await browser.read("holder", "Kalle Kokelas");
      await browser.read("identity", "Compare with an identity document: Kalle Kokelas, born 1990");
      await browser.read("limits", "Does not authorise work; the employer does.");
      await browser.read("lists", /\d{4}-\d\d-\d\d/);
      assert.equal(await browser.isThere("address"), false, "a page from a stick has no address to disagree with");
      await theNextLinkInTheSameTab(browser, specimens);
      await alteredDigits(browser, specimens);
      await rubbish(browser, specimens);
    })));

  test(`${name}: an assessment made just now, its link and its record file`, () =>
    withSpecimens((specimens) => inBrowser(async (browser) => {
      const { page, link, record } = specimens.demonstration();
      await browser.open(page);
      const { genuine, inForce } = await browser.check(link);
      assert.deepEqual([genuine, inForce], ["yes", "yes"]);
      await browser.read("banner", /DEMONSTRATION/i);
      await browser.press("again");
      await browser.type("file", record);
      assert.deepEqual((({ genuine, inForce }) => [genuine, inForce])(await browser.verdict()), ["yes", "unknown"], "a record does not say what is in force");
      const bytes = readFileSync(record);
      bytes[bytes.length - 100] ^= 1;
      writeFileSync(record, bytes);
      await browser.press("again");
      await browser.type("file", record);
      assert.equal((await browser.verdict()).genuine, "no");
    })));

  test(`${name}: a page without an institution, and newer lists from a stick`, () =>
    withSpecimens((specimens) => inBrowser(async (browser) => {
      await browser.open(`file://${process.cwd()}/ui/dist-verify/verify.html`);
      await browser.read("none", "This page holds no institution yet.");
      assert.equal((await browser.check(specimens.links.good)).genuine, "unknown");
      await browser.press("again");
      await browser.type("load", specimens.path("trust.cbor"));
      await browser.read("note", "Loaded.");
      await browser.read("age", "List of withdrawn certificates");
      assert.equal((await browser.check(specimens.links.good)).tone, "green");
      const offers = [
        ["trust-strangers.cbor", "another institution's", "green"], ["trust-newer.cbor", "Loaded.", "red"], ["trust.cbor", "older than the one", "red"],
      ];
      for (const [file, words, tone] of offers) {
        await browser.press("again");
        await browser.type("file", specimens.path(file));
        await browser.read("note", words);
        assert.equal((await browser.check(specimens.links.good)).tone, tone, file);
      }
    })));
}

/** A link scanned while the page is open is judged at once. */
async function theNextLinkInTheSameTab(browser, specimens) {
  await browser.run((digits) => void (location.hash = digits), specimens.digits("other"));
  await browser.read("holder", "Maria Candidata");
}

async function alteredDigits(browser, specimens) {
  const digits = specimens.digits("good");
  // The last digits are the signature's: everything else still reads as before.
  const altered = digits.slice(0, -1) + ((Number(digits.at(-1)) + 1) % 10);
  await browser.open(`${specimens.page}#${altered}`);
  const { tone, genuine, inForce, headline } = await browser.verdict();
  assert.deepEqual([tone, genuine, inForce, headline], ["red", "no", "no", "Do not accept"]);
  await browser.read("facts", /claims, not confirmed/);
  assert.equal(await browser.isThere("identity"), false, "a forgery's name is nobody's to compare");
}

async function rubbish(browser, specimens) {
  await browser.open(specimens.page);
  for (const [text, code] of [["Good morning", "not_ours"], [specimens.links.good.slice(0, -40), "damaged"], ["https://fieldproof.example/v#", "not_ours"]]) {
    const { error } = await browser.check(text);
    assert.equal(error, code, text);
    await browser.press("again");
  }
  writeFileSync(specimens.path("photo.jpg"), Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]));
  await browser.type("file", specimens.path("photo.jpg"));
  assert.equal((await browser.verdict()).error, "picture");
  await browser.read("error", "phone's camera");
}
