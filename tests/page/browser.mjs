// A browser driven over the W3C WebDriver protocol: Chromium, or WebKitGTK's small browser, with a fresh profile each.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { endGroup, freePort, until } from "../window/running.mjs";

const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
export const repository = resolve(import.meta.dirname, "../..");
const screenshots = join(repository, "target/page-screenshots");

/** What WebDriver refused; while waiting for something it may pass. */
class WebDriverError extends Error {
  mayPass = true;
}

// Root has no sandbox to give away; a page from a stick and one from a server both work without a display.
const CHROMIUM = {
  "goog:chromeOptions": {
    binary: "/usr/bin/chromium",
    args: ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--lang=en-GB", "--hide-scrollbars"],
  },
  "goog:loggingPrefs": { performance: "ALL", browser: "ALL" },
};
const WEBKIT = { "webkitgtk:browserOptions": { binary: "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser", args: ["--automation"] } };

export const inChromium = (work) => inBrowser("/usr/bin/chromedriver", CHROMIUM, work);
export const inWebKit = (work) => inBrowser("/usr/bin/WebKitWebDriver", WEBKIT, work);

async function inBrowser(driver, wanted, work) {
  const port = await freePort();
  const child = spawn(driver, [`--port=${port}`], { detached: true, stdio: "ignore", env: { ...process.env, LANGUAGE: "en" } });
  await new Promise((started, failed) => child.once("spawn", started).once("error", failed));
  const interrupted = () => (endGroup(child), process.exit(1));
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, interrupted);
  const browser = new Browser(`http://127.0.0.1:${port}`);
  try {
    await browser.begin(wanted);
    await work(browser);
  } finally {
    await browser.end();
    endGroup(child);
    for (const signal of ["SIGINT", "SIGTERM"]) process.off(signal, interrupted);
  }
}

class Browser {
  #base;
  #begun = false;

  constructor(base) {
    this.#base = base;
  }

  async begin(wanted) {
    await until("the driver to listen", async () => (await fetch(`${this.#base}/status`).catch(() => null))?.ok);
    const { sessionId } = await this.ask("POST", "/session", { capabilities: { alwaysMatch: wanted } });
    this.#base += `/session/${sessionId}`;
    this.#begun = true;
  }

  async end() {
    if (this.#begun) await this.ask("DELETE", "").catch(() => null);
  }

  async ask(method, path, body) {
    const options = { method, headers: { "content-type": "application/json" }, signal: AbortSignal.timeout(30_000) };
    const asked = fetch(this.#base + path, body ? { ...options, body: JSON.stringify(body) } : options);
    const answer = await asked.catch((error) => assert.fail(`${method} ${path} got no answer: ${error.message}`));
    const { value } = await answer.json();
    if (!answer.ok) throw new WebDriverError(`${method} ${path}: ${value.error}: ${value.message}`);
    return value;
  }

  /** Runs a function in the page. Its result may be a promise. */
  async run(work, ...args) {
    const script = `const done = arguments[arguments.length - 1]; const given = [...arguments].slice(0, -1);
      Promise.resolve((${work})(...given)).then((value) => done({ value }), (error) => done({ error: String(error.message ?? error) }));`;
    const { value, error } = await this.ask("POST", "/execute/async", { script, args });
    assert.equal(error, undefined, `In the page: ${error}`);
    return value;
  }

  /** Chromium's own protocol. */
  devtools(cmd, params = {}) {
    return this.ask("POST", "/goog/cdp/execute", { cmd, params });
  }

  /** Opens an address in a fresh tab's way: never as a mere jump within the page that is open. */
  async open(url) {
    await this.ask("POST", "/url", { url: "about:blank" });
    await this.ask("POST", "/url", { url });
  }

  async reload() {
    await this.ask("POST", "/refresh", {});
  }

  async isThere(testid) {
    return this.run((id) => document.querySelector(`[data-testid="${id}"]`) !== null, testid);
  }

  see(testid) {
    return until(`“${testid}” on the page`, () => this.isThere(testid));
  }

  async text(testid) {
    await this.see(testid);
    return this.run((id) => document.querySelector(`[data-testid="${id}"]`).innerText, testid);
  }

  /** Waits until words stand in an element. */
  async read(testid, words) {
    let text = null;
    const ask = async () => {
      text = await this.run((id) => document.querySelector(`[data-testid="${id}"]`)?.innerText ?? null, testid);
      return text !== null && (words instanceof RegExp ? words.test(text) : text.includes(words));
    };
    await until(`“${testid}” to say ${words}`, ask).catch((error) => assert.fail(`${error.message}. It says: ${text}`));
  }

  /** Waits for an answer and gives the verdict in short. */
  async verdict() {
    await until("an answer", () => this.run(() => document.querySelector('[data-testid="verdict"], [data-testid="error"]') !== null));
    return this.run(() => {
      const at = (id) => document.querySelector(`[data-testid="${id}"]`);
      return {
        tone: at("verdict")?.dataset.tone ?? null, error: at("error")?.dataset.code ?? null,
        genuine: at("genuine")?.dataset.answer ?? null, inForce: at("in-force")?.dataset.answer ?? null, headline: at("headline").innerText,
      };
    });
  }

  async press(testid) {
    await this.see(testid);
    const value = await this.ask("POST", "/element", { using: "css selector", value: `[data-testid="${testid}"]` });
    await until(`a press on “${testid}”`, async () => (await this.ask("POST", `/element/${value[ELEMENT]}/click`, {}), true));
  }

  /** Types into a field; a file field takes a path. */
  async type(testid, text) {
    await this.see(testid);
    const value = await this.ask("POST", "/element", { using: "css selector", value: `[data-testid="${testid}"]` });
    await this.ask("POST", `/element/${value[ELEMENT]}/value`, { text });
  }

  async keys(...keys) {
    const actions = keys.flatMap((value) => [{ type: "keyDown", value }, { type: "keyUp", value }]);
    await this.ask("POST", "/actions", { actions: [{ type: "key", id: "keyboard", actions }] });
  }

  /** Puts a link into the field at once, as pasting does, and checks it. */
  async check(text) {
    await this.see("paste");
    await this.run((text) => void (document.querySelector('[data-testid="paste"]').value = text), text);
    await this.press("check");
    return this.verdict();
  }

  async choose(language) {
    await this.see("language");
    await this.run((code) => {
      const picker = document.querySelector('[data-testid="language"]');
      picker.value = code;
      picker.dispatchEvent(new Event("change", { bubbles: true }));
    }, language);
    await until(`the page in ${language}`, () => this.run((code) => document.documentElement.lang === code, language));
  }

  /** Takes a picture of the whole page once letters are loaded. */
  async screenshot(name) {
    await this.run(() => document.fonts.ready.then(() => true));
    mkdirSync(screenshots, { recursive: true });
    writeFileSync(`${screenshots}/${name}.png`, Buffer.from(await this.ask("GET", "/screenshot"), "base64"));
  }

  /** Chromium: a page of this size, as a phone has it, in one picture from top to bottom. */
  async tall(name) {
    await this.run(() => document.fonts.ready.then(() => true));
    const { data } = await this.devtools("Page.captureScreenshot", { format: "png", captureBeyondViewport: true, clip: { ...(await this.#whole()), scale: 1 } });
    mkdirSync(screenshots, { recursive: true });
    writeFileSync(`${screenshots}/${name}.png`, Buffer.from(data, "base64"));
  }

  async #whole() {
    const { cssContentSize } = await this.devtools("Page.getLayoutMetrics");
    return { x: 0, y: 0, width: cssContentSize.width, height: cssContentSize.height };
  }

  async phone(width, height, isDark = false) {
    await this.devtools("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 2, mobile: true });
    await this.devtools("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: isDark ? "dark" : "light" }] });
  }
}
