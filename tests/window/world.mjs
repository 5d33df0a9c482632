// A world of its own for each test: a private folder with a demonstration in it, a register that can be started and
// stopped, a viewer that only notes what it was given, and the window. Everything that was started is ended.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { openWindow } from "./driver.mjs";
import { endGroup, freePort, until } from "./running.mjs";

const here = dirname(fileURLToPath(import.meta.url));
export const repository = resolve(here, "../..");
const target = resolve(here, "../../target/programs");
const screenshots = join(repository, "target/window-screenshots");

/** Makes a world, lets the work happen in it, and clears up whatever came of it. Without a demonstration nothing is in it. */
export async function inWorld(work, { demonstration = true } = {}) {
  const world = new World();
  const interrupted = () => (world.end(), process.exit(1));
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, interrupted);
  try {
    await world.setUp(demonstration);
    await work(world);
  } catch (error) {
    await world.lastLook();
    throw error;
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"]) process.off(signal, interrupted);
    world.end();
  }
}

class World {
  #started = [];
  #frozen = null;
  #register = null;
  window = null;
  /** The address that stands in for the one in the pack, where there is a demonstration. */
  register = null;

  constructor() {
    this.root = mkdtempSync(join(tmpdir(), "fieldproof-window-"));
    const folder = (name) => {
      mkdirSync(join(this.root, name), { mode: 0o700 });
      return join(this.root, name);
    };
    this.runtime = folder("runtime");
    this.out = folder("out");
    this.demo = join(this.root, "demo");
    this.laptop = join(this.demo, "laptop");
    this.trust = join(this.demo, "trust.cbor");
    this.photo = join(this.demo, "photos/sample-photo.jpg");
    const bin = folder("bin");
    this.opened = join(this.root, "opened");
    writeFileSync(this.opened, "");
    // In place of the desktop's viewer: keeps a copy, and then notes the path, so that a noted path has its copy.
    writeFileSync(join(bin, "xdg-open"), `#!/bin/sh\ncp "$1" '${this.out}/' && printf '%s\\n' "$1" >> '${this.opened}'\n`, { mode: 0o755 });
    this.env = {
      ...process.env,
      PATH: `${bin}:${process.env.PATH}`,
      HOME: folder("home"),
      XDG_DATA_HOME: folder("data"),
      XDG_CACHE_HOME: folder("cache"),
      XDG_CONFIG_HOME: folder("config"),
      XDG_RUNTIME_DIR: this.runtime,
      TMPDIR: folder("tmp"),
      TAURI_WEBVIEW_AUTOMATION: "true",
      // Drawing on the processor: quick without a graphics card. With WEBKIT_DISABLE_DMABUF_RENDERER screenshots never come.
      WEBKIT_SKIA_ENABLE_CPU_RENDERING: "1",
    };
  }

  async setUp(demonstration) {
    const program = join(target, "fieldproof");
    assert.ok(existsSync(program), `${program} is missing: build fieldproof-cli and fieldproof-desktop first`);
    this.port = await freePort();
    if (!demonstration) return;
    // Without --window this makes the demonstration and runs its register; the tests run the register themselves.
    const child = await this.#start("fieldproof", ["demonstration", "--dir", this.demo], /listens on/);
    await this.#interrupt(child);
    this.register = `http://127.0.0.1:${this.port}`;
    await this.startRegister();
  }

  async #start(program, args, ready) {
    const child = spawn(join(target, program), args, { env: this.env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    this.#started.push(child);
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (said += data));
    await until(`${program} ${args[0]} to say ${ready}`, () => {
      if (child.exitCode !== null) assert.fail(`${program} ${args.join(" ")} ended with ${child.exitCode}: ${said}`);
      return ready.test(said);
    });
    return child;
  }

  async #interrupt(child) {
    child.kill("SIGINT");
    await until("a program to end when interrupted", () => child.exitCode !== null || child.signalCode !== null);
  }

  async startRegister(data = join(this.demo, "register")) {
    const args = ["register", "--data", data, "--listen", `127.0.0.1:${this.port}`];
    this.#register = await this.#start("fieldproof", args, /listens on/);
  }

  async stopRegister() {
    await this.#interrupt(this.#register);
  }

  /** Ends the register at once, as pulling the plug does. */
  async killRegister() {
    endGroup(this.#register);
    await until("the register to be gone", () => this.#register.signalCode !== null);
  }

  /** Opens the window at 1280 x 800, in place of one that was open; dark as the desktop asks for it. */
  async open({ dark = false } = {}) {
    this.window?.kill();
    const args = ["--laptop", this.laptop, ...(this.register === null ? [] : ["--register", this.register])];
    const env = dark ? { ...this.env, GTK_THEME: "Adwaita:dark" } : this.env;
    this.window = await openWindow({ binary: join(target, "fieldproof-desktop"), args, env, screenshots });
    await this.window.run(() => {
      window.faults = [];
      addEventListener("error", (event) => faults.push(event.message));
      addEventListener("unhandledrejection", (event) => faults.push(`not handled: ${event.reason?.message ?? event.reason}`));
      document.addEventListener("securitypolicyviolation", (event) => faults.push(`not allowed: ${event.blockedURI}`));
    });
    return this.window;
  }

  /** Stops the program, and only it: the page goes on. */
  freeze() {
    this.#frozen = execFileSync("pgrep", ["-x", "-g", String(this.window.group), "fieldproof-desk"], { encoding: "utf8" }).trim();
    process.kill(Number(this.#frozen), "SIGSTOP");
  }

  thaw() {
    process.kill(Number(this.#frozen), "SIGCONT");
  }

  /** Fails when the page met an error that nobody saw. */
  async noFaults() {
    assert.deepEqual(await this.window.run(() => faults), [], "errors in the page");
  }

  passphrase(name) {
    const { passphrases } = JSON.parse(readFileSync(join(this.laptop, "demonstration.json"), "utf8"));
    return passphrases.find((entry) => entry.name === name).passphrase;
  }

  /** The document the viewer was given last: where it lies, and the copy that was kept. */
  async document(times) {
    const paths = () => readFileSync(this.opened, "utf8").trim().split("\n").filter(Boolean);
    await until(`${times} documents to be opened`, () => paths().length === times);
    const path = paths().at(-1);
    return { path, copy: join(this.out, basename(path)) };
  }

  /** Fails unless only this person can read the document, in the private runtime folder. */
  isPrivate(path) {
    assert.ok(path.startsWith(`${this.runtime}/`), `${path} is not in the private runtime folder`);
    assert.equal(statSync(path).mode & 0o777, 0o600, "the document's permissions");
    assert.equal(statSync(dirname(path)).mode & 0o777, 0o700, "the document's folder's permissions");
  }

  /** Runs `fieldproof` and gives its exit code and what it said. */
  fieldproof(...args) {
    return this.tell("", ...args);
  }

  /** The same, with something on its standard input. */
  tell(input, ...args) {
    try {
      return { code: 0, said: execFileSync(join(target, "fieldproof"), args, { env: this.env, encoding: "utf8", stdio: "pipe", input }) };
    } catch (error) {
      return { code: error.status, said: `${error.stdout}${error.stderr}` };
    }
  }

  /** Pages drawn from a document, as files. */
  pages() {
    return readdirSync(this.out).filter((name) => name.endsWith(".png"));
  }

  /** Runs a tool in the folder of copies and gives what it said. */
  tool(program, ...args) {
    return execFileSync(program, args, { cwd: this.out, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  }

  /** What the window showed when something went wrong. */
  async lastLook() {
    await this.window?.screenshot("failed").catch(() => null);
  }

  end() {
    this.window?.kill();
    for (const child of this.#started) endGroup(child);
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
  }
}
