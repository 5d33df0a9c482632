// The W3C WebDriver protocol over fetch: one WebKitWebDriver, one window, and the few verbs the window tests speak.
// Whatever takes time is waited for by asking again.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { endGroup, freePort, until } from "./running.mjs";

const SAID = (at) => (at.matches("input, textarea") ? at.value : at.innerText);
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** The keys that are not letters, as WebDriver names them. */
export const KEY = {
  Tab: "\uE004", Enter: "\uE007", Shift: "\uE008", Control: "\uE009", Escape: "\uE00C", Space: " ",
  Left: "\uE012", Up: "\uE013", Right: "\uE014", Down: "\uE015", F2: "\uE032", F4: "\uE034", F8: "\uE038", F9: "\uE039",
};

/** What WebDriver refused; while waiting for something it may pass. */
class WebDriverError extends Error {
  mayPass = true;
}

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
    return this.#look(testid, SAID);
  }

  /** Waits until words stand in an element. */
  read(testid, words) {
    let text = null;
    const matches = () => (words instanceof RegExp ? words.test(text ?? "") : text?.includes(words));
    const ask = async () => ((text = await this.#look(testid, SAID)), matches());
    return until(`“${testid}” to say ${words}`, ask).catch((error) => assert.fail(`${error.message}. It says: ${text}`));
  }

  /** Waits until an element's data attribute has a value. */
  data(testid, name, value) {
    let found = null;
    const ask = async () => ((found = await this.#look(testid, (at, key) => at.dataset[key] ?? "", name)), found === value);
    return until(`data-${name} of “${testid}” to be ${value}`, ask).catch((error) => assert.fail(`${error.message}. It is: ${found}`));
  }

  async show(testid) {
    await this.#look(testid, (at) => at.scrollIntoView({ block: "center" }));
  }

  async isDisabled(testid) {
    await this.see(testid);
    return this.#look(testid, (at) => at.disabled);
  }

  /** Presses with the pointer, as soon as it can be pressed. */
  async press(testid) {
    await until(`“${testid}” can be pressed`, async () => (await this.#look(testid, (at) => !at.disabled)) === true);
    // Of an element that sticks out by a hair WebKit thinks that it need not be scrolled to, and then misses it.
    await this.#look(testid, (at) => at.scrollIntoView({ block: "nearest" }));
    await until(`a press on “${testid}”`, async () => (await this.#ask("POST", `${await this.#find(testid)}/click`, {}), true));
  }

  /** Types into a field in place of what it holds. */
  async write(testid, text) {
    if ((await this.text(testid)) !== "") await this.sendKeys(testid, `${KEY.Control}a${KEY.Control}`);
    await this.sendKeys(testid, text);
  }

  /** Puts text into a field at once, as pasting does. */
  async paste(testid, text) {
    await this.see(testid);
    await this.#look(testid, (at, text) => ((at.value = text), at.dispatchEvent(new Event("input", { bubbles: true }))), text);
  }

  /** Types into a field; a file field takes a path, as it does from the file dialog. */
  async sendKeys(testid, text) {
    await this.see(testid);
    await this.#ask("POST", `${await this.#find(testid)}/value`, { text });
  }

  /** Presses keys wherever the focus is, one after the other. */
  async keys(...keys) {
    const actions = keys.flatMap((value) => [{ type: "keyDown", value }, { type: "keyUp", value }]);
    await this.#act({ type: "key", id: "keyboard", actions });
  }

  #act(source) {
    return this.#ask("POST", "/actions", { actions: [source] });
  }

  /** Presses a key while another one is held. */
  async chord(held, value) {
    const actions = [{ type: "keyDown", value: held }, { type: "keyDown", value }, { type: "keyUp", value }, { type: "keyUp", value: held }];
    await this.#act({ type: "key", id: "keyboard", actions });
  }

  /** Draws a line through points given as parts of an element's width and height. */
  async draw(testid, points) {
    const { x, y, width, height } = await this.#look(testid, (at) => (at.scrollIntoView({ block: "center" }), at.getBoundingClientRect().toJSON()));
    const [first, ...rest] = points.map(([across, down]) => ({ type: "pointerMove", duration: 20, x: Math.round(x + across * width), y: Math.round(y + down * height) }));
    const actions = [first, { type: "pointerDown", button: 0 }, ...rest, { type: "pointerUp", button: 0 }];
    await this.#act({ type: "pointer", id: "pen", parameters: { pointerType: "mouse" }, actions });
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
