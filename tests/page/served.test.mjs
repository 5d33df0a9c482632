// The verify page from the institution's register: kept after one visit, asking for nothing but a newer list.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inChromium, inWebKit } from "./browser.mjs";
import { withSpecimens } from "./specimens.mjs";
import { until } from "../window/running.mjs";

/** Waits until the page is kept on the device. */
const kept = (browser) => until("the page to be kept", () => browser.run(() => navigator.serviceWorker.ready.then(() => caches.keys()).then((names) => names.length >= 1)));

const offline = (browser, isOffline) =>
  browser.devtools("Network.emulateNetworkConditions", { offline: isOffline, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });

test("after one visit another certificate is judged with no network and no server", () =>
  withSpecimens((specimens) => inChromium(async (browser) => {
    const { origin, stop } = await specimens.register();
    await browser.open(`${origin}/v#${specimens.digits("good")}`);
    assert.equal((await browser.verdict()).tone, "green");
    await kept(browser);
    await stop();
    await browser.devtools("Network.enable");
    await offline(browser, true);
    const { handle } = await browser.ask("POST", "/window/new", { type: "tab" });
    await browser.ask("POST", "/window", { handle });
    await browser.devtools("Network.enable");
    await offline(browser, true);
    await browser.open(`${origin}/v#${specimens.digits("other")}`);
    assert.equal((await browser.verdict()).tone, "green");
    await browser.read("holder", "Maria Candidata");
    await browser.read("lists", /\d{4}-\d\d-\d\d/);
    // What the keeper does not keep cannot be had: the network is gone indeed.
    await assert.rejects(browser.ask("POST", "/url", { url: `${origin}/nothing-kept` }));
  })));

test("the newest list that was believed is kept for the days without a network", () =>
  withSpecimens((specimens) => inChromium(async (browser) => {
    const { origin, slowness, stop } = await specimens.register();
    await browser.open(`${origin}/v#${specimens.digits("other")}`);
    assert.equal((await browser.verdict()).tone, "green");
    await kept(browser);
    specimens.withdrawOther();
    slowness.ms = 1_000;
    await browser.open(`${origin}/v#${specimens.digits("other")}`);
    assert.equal((await browser.verdict()).inForce, "no", "the kept page asked for a newer list before it answered");
    await stop();
    await browser.open(`${origin}/v#${specimens.digits("other")}`);
    assert.equal((await browser.verdict()).inForce, "no", "the kept page's own list does not name it yet");
  })));

test("the page asks for itself, its keeper and a newer list, whatever is checked", () =>
  withSpecimens((specimens) => inChromium(async (browser) => {
    const { origin, asked } = await specimens.register();
    await browser.open(`${origin}/v#${specimens.digits("good")}`);
    assert.equal((await browser.verdict()).tone, "green");
    await kept(browser);
    for (const kind of ["withdrawn", "strangers", "other"]) {
      await browser.press("again");
      await browser.check(specimens.links[kind]);
    }
    // The page twice: once for the eye, once for the keeper.
    assert.deepEqual(asked.toSorted(), ["GET /v", "GET /v", "GET /v/sw.js", "GET /v/trust"], "one look for a newer list serves the next minute");
    await browser.open(`${origin}/v`);
    await browser.see("start");
    assert.deepEqual(asked.slice(4).filter((line) => line !== "GET /v/sw.js"), ["GET /v/trust"], "a later visit asks for the list alone");
    assert.deepEqual(await browser.run(() => [document.cookie, localStorage.length, sessionStorage.length]), ["", 0, 0]);
    assert.deepEqual(await browser.run(async () => (await indexedDB.databases()).length), 0);
    const said = await browser.ask("POST", "/se/log", { type: "browser" });
    assert.deepEqual(said.filter(({ level, message }) => level === "SEVERE" && !message.includes("favicon")), [], "nothing was refused or went wrong");
  })));

for (const [name, inBrowser] of [["Chromium", inChromium], ["WebKitGTK", inWebKit]]) {
  test(`${name}: the newer list decides, and another host is said and changes nothing`, () =>
    withSpecimens((specimens) => inBrowser(async (browser) => {
      await browser.open(`${specimens.page}#${specimens.digits("withdrawn")}`);
      assert.equal((await browser.verdict()).tone, "green", "the list on the stick is older than the withdrawal");
      const { origin } = await specimens.register();
      await browser.open(`${origin}/v#${specimens.digits("withdrawn")}`);
      assert.deepEqual((({ genuine, inForce }) => [genuine, inForce])(await browser.verdict()), ["yes", "no"]);
      const host = new URL(origin).host;
      await browser.open(`${origin}/v#${specimens.digits("good")}`);
      assert.equal((await browser.verdict()).tone, "green");
      await browser.read("address", `names ${host}.`);
      await browser.read("address", "fieldproof.example");
      await browser.open(specimens.page);
      const elsewhere = specimens.links.good.replace("fieldproof.example", "elsewhere.example");
      assert.equal((await browser.check(elsewhere)).tone, "green", "judged by key");
      await browser.read("address", "names elsewhere.example.");
      await browser.press("again");
      await browser.check(specimens.links.good);
      assert.equal(await browser.isThere("address"), false);
    })));
}

test("the register answers with strict headers, and the list is never kept on the way", () =>
  withSpecimens(async (specimens) => {
    const { origin } = await specimens.register();
    const expected = {
      "/v": ["text/html; charset=utf-8", "no-cache", /^default-src 'none'; script-src 'sha256-[^']+' 'wasm-unsafe-eval'; .*frame-ancestors 'none'$/],
      "/v/sw.js": ["text/javascript; charset=utf-8", "no-cache", /^default-src 'none'; connect-src 'self'$/],
      "/v/trust": ["application/cbor", "no-store", /^default-src 'none'$/],
    };
    for (const [path, [kind, keep, policy]] of Object.entries(expected)) {
      const { ok, headers } = await fetch(origin + path);
      assert.ok(ok, path);
      assert.equal(headers.get("content-type"), kind);
      assert.equal(headers.get("cache-control"), keep);
      assert.match(headers.get("content-security-policy"), policy);
      assert.equal(headers.get("x-content-type-options"), "nosniff");
      assert.equal(headers.get("referrer-policy"), "no-referrer");
    }
    const keeper = await fetch(`${origin}/v/sw.js`);
    assert.equal(keeper.headers.get("service-worker-allowed"), "/v");
    assert.match(await keeper.text(), /"fieldproof-page-[0-9a-f]{16}-[0-9a-f]{64}"/);
  }));
