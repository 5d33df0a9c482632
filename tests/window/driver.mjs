// The W3C WebDriver protocol over fetch: one WebKitWebDriver, one window, and the few verbs the window tests speak.
// Everything waits by asking again, never by sleeping for a time that was guessed.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
const PATIENCE_MS = 20_000;
const ASK_AGAIN_MS = 25;

/** The keys that are not letters, as WebDriver names them. */
export const KEY = {
  Tab: "\uE004", Enter: "\uE007", Shift: "\uE008", Control: "\uE009", Escape: "\uE00C", Space: " ",
  Left: "\uE012", Up: "\uE013", Right: "\uE014", Down: "\uE015", F2: "\uE032", F8: "\uE038", F9: "\uE039",
};

/** Asks until the answer is true or anything like it; fails saying what was waited for and what was seen last. */
export async function until(what, ask, patience = PATIENCE_MS) {
  const end = Date.now() + patience;
  let seen;
  for (;;) {
    try {
      seen = await ask();
      if (seen) return seen;
    } catch (error) {
      if (!(error instanceof WebDriverError)) throw error;
      seen = error.message;
    }
    if (Date.now() >= end) assert.fail(`Waited ${patience / 1000} s in vain for: ${what}. Seen last: ${seen}`);
    await pause(ASK_AGAIN_MS);
  }
}

/** A port nobody listens on. */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

/** Ends a process with everything it started; no complaint when it has ended already. */
export function endGroup(child, signal = "SIGKILL") {
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

class WebDriverError extends Error {}

/** Starts a driver and, through it, the program; ends both when the program does not come up. */
export async function openWindow({ binary, args, env, screenshots }) {
  const port = await freePort();
  const child = spawn("/usr/bin/WebKitWebDriver", [`--port=${port}`], { env, detached: true, stdio: "ignore" });
  await new Promise((started, failed) => child.once("spawn", started).once("error", failed));
  const window = new Window(child, `http://127.0.0.1:${port}`, screenshots);
  try {
    await window.begin(binary, args);
  } catch (error) {
    endGroup(child);
    throw error;
  }
  return window;
}

class Window {
  #child;
  #base;
  #screenshots;

  constructor(child, base, screenshots) {
    this.#child = child;
    this.#base = base;
    this.#screenshots = screenshots;
  }

  async begin(binary, args) {
    await until("WebKitWebDriver to listen", async () => (await fetch(`${this.#base}/status`).catch(() => null))?.ok);
    const capabilities = { alwaysMatch: { "webkitgtk:browserOptions": { binary, args } } };
    const { sessionId } = await this.#ask("POST", "/session", { capabilities });
    this.#base += `/session/${sessionId}`;
  }

  /** Ends the window at once, as pulling the plug does. */
  kill() {
    endGroup(this.#child);
  }

  get group() {
    return this.#child.pid;
  }

  async #ask(method, path, body) {
    const options = { method, headers: { "content-type": "application/json" }, signal: AbortSignal.timeout(30_000) };
    const asked = fetch(this.#base + path, body ? { ...options, body: JSON.stringify(body) } : options);
    const answer = await asked.catch((error) => assert.fail(`${method} ${path} got no answer: ${error.message}`));
    const { value } = await answer.json();
    if (!answer.ok) throw new WebDriverError(`${method} ${path}: ${value.error}: ${value.message}`);
    return value;
  }

  /** Runs a function in the page. Its result may be a promise. */
  run(work, ...args) {
    const script = `const done = arguments[arguments.length - 1]; const given = [...arguments].slice(0, -1);
      Promise.resolve((${work})(...given)).then((value) => done({ value }), (error) => done({ error: String(error.message ?? error) }));`;
    return this.#ask("POST", "/execute/async", { script, args }).then(({ value, error }) => {
      assert.equal(error, undefined, `In the page: ${error}`);
      return value;
    });
  }

  async #find(testid) {
    const value = await this.#ask("POST", "/element", { using: "css selector", value: `[data-testid="${testid}"]` });
    return `/element/${value[ELEMENT]}`;
  }

  #look(testid, work, ...more) {
    return this.run(`(id, ...more) => { const at = document.querySelector('[data-testid="' + id + '"]'); return at && (${work})(at, ...more); }`, testid, ...more);
  }

  async isThere(testid) {
    return (await this.#look(testid, () => true)) === true;
  }

  /** Waits until something stands on the screen. */
  see(testid) {
    return until(`“${testid}” on the screen`, () => this.isThere(testid));
  }

  gone(testid, patience) {
    return until(`“${testid}” to leave the screen`, async () => !(await this.isThere(testid)), patience);
  }

  /** The visible words, or what a field holds. */
  async text(testid) {
    await this.see(testid);
    return this.#look(testid, (at) => (at.matches("input, textarea") ? at.value : at.innerText));
  }

  /** Waits until words stand in an element. */
  read(testid, words) {
    let text = null;
    const matches = () => (words instanceof RegExp ? words.test(text ?? "") : text?.includes(words));
    const ask = async () => ((text = await this.#look(testid, (at) => (at.matches("input, textarea") ? at.value : at.innerText))), matches());
    return until(`“${testid}” to say ${words}`, ask).catch((error) => assert.fail(`${error.message}. It says: ${text}`));
  }

  /** Waits until an element's data attribute has a value. */
  data(testid, name, value) {
    let found = null;
    const ask = async () => ((found = await this.#look(testid, (at, key) => at.dataset[key] ?? "", name)), found === value);
    return until(`data-${name} of “${testid}” to be ${value}`, ask).catch((error) => assert.fail(`${error.message}. It is: ${found}`));
  }

  async isDisabled(testid) {
    await this.see(testid);
    return this.#look(testid, (at) => at.disabled);
  }

  /** Presses with the pointer, as soon as it can be pressed. */
  async press(testid) {
    await until(`“${testid}” can be pressed`, async () => (await this.#look(testid, (at) => !at.disabled)) === true);
    await until(`a press on “${testid}”`, async () => (await this.#ask("POST", `${await this.#find(testid)}/click`, {}), true));
  }

  /** Types into a field in place of what it holds. */
  async write(testid, text) {
    await this.see(testid);
    if ((await this.text(testid)) !== "") await this.sendKeys(testid, `${KEY.Control}a${KEY.Control}`);
    await this.sendKeys(testid, text);
  }

  async sendKeys(testid, text) {
    await this.#ask("POST", `${await this.#find(testid)}/value`, { text });
  }

  /** Gives a file to a file field, as the file dialog would. */
  async choose(testid, path) {
    await this.see(testid);
    await this.sendKeys(testid, path);
  }

  /** Presses keys wherever the focus is, one after the other. */
  async keys(...keys) {
    const actions = keys.flatMap((value) => [{ type: "keyDown", value }, { type: "keyUp", value }]);
    await this.#ask("POST", "/actions", { actions: [{ type: "key", id: "keyboard", actions }] });
  }

  /** Presses a key while another one is held. */
  async chord(held, value) {
    const actions = [{ type: "keyDown", value: held }, { type: "keyDown", value }, { type: "keyUp", value }, { type: "keyUp", value: held }];
    await this.#ask("POST", "/actions", { actions: [{ type: "key", id: "keyboard", actions }] });
  }

  /** Draws a line through points given as parts of an element's width and height. */
  async draw(testid, points) {
    const { x, y, width, height } = await this.#look(testid, (at) => (at.scrollIntoView({ block: "center" }), at.getBoundingClientRect().toJSON()));
    const [first, ...rest] = points.map(([across, down]) => ({ type: "pointerMove", duration: 20, x: Math.round(x + across * width), y: Math.round(y + down * height) }));
    const actions = [first, { type: "pointerDown", button: 0 }, ...rest, { type: "pointerUp", button: 0 }];
    await this.#ask("POST", "/actions", { actions: [{ type: "pointer", id: "pen", parameters: { pointerType: "mouse" }, actions }] });
  }

  async resize(width, height) {
    await this.#ask("POST", "/window/rect", { width, height });
    const size = () => this.run(() => `${innerWidth} x ${innerHeight}`);
    await until(`a window of ${width} x ${height}`, async () => (await size()) === `${width} x ${height}`);
  }

  /** Takes a picture once letters are loaded, nothing moves any more, and that has been drawn. */
  async screenshot(name) {
    await this.run(async () => {
      await document.fonts.ready;
      await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => null)));
      for (let frame = 0; frame < 3; frame += 1) await new Promise((drawn) => requestAnimationFrame(drawn));
    });
    mkdirSync(this.#screenshots, { recursive: true });
    writeFileSync(`${this.#screenshots}/${name}.png`, Buffer.from(await this.#ask("GET", "/screenshot"), "base64"));
  }
}
