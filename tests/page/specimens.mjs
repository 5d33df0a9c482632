// What the page is tried with, made afresh: an institution's links, trust files, page on a stick, and running register.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { createServer, request as ask } from "node:http";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { endGroup, freePort, until } from "../window/running.mjs";
import { repository } from "./browser.mjs";

const program = (name) => join(repository, name === "fieldproof" ? "target/programs" : "target/debug", name);

export class Specimens {
  #registers = [];
  #doors = [];

  constructor() {
    this.root = mkdtempSync(join(tmpdir(), "fieldproof-page-"));
    execFileSync(program("page-specimens"), [this.root, String(Date.now())]);
    this.links = JSON.parse(readFileSync(this.path("links.json"), "utf8"));
    for (const [kind, link] of Object.entries(this.links)) assert.match(link, /^https:\/\/fieldproof\.example\/v#\d+$/, kind);
    this.page = this.fill("trust.cbor", "verify.html");
  }

  path(name) {
    return join(this.root, name);
  }

  /** What stands behind `#` of a link. */
  digits(kind) {
    return this.links[kind].split("#")[1];
  }

  /** Writes a page with a trust file inside and gives its file:// address. */
  fill(trust, name) {
    execFileSync(program("fieldproof"), ["page", "--trust", this.path(trust), "--out", this.path(name)]);
    return pathToFileURL(this.path(name)).href;
  }

  /** Withdraws the certificate of “other” in the register. */
  withdrawOther() {
    execFileSync(program("page-specimens"), [this.root, String(Date.now()), "1"]);
  }

  /** A whole assessment by the command line, ending in a page of its own. */
  demonstration() {
    execFileSync(program("fieldproof"), ["demo", "--out", this.path("demo")]);
    return { page: this.fill("demo/trust.cbor", "demo.html"), link: readFileSync(this.path("demo/token.txt"), "utf8").trim(), record: this.path("demo/record.cbor") };
  }

  /** Starts the institution's register behind a door that notes every request, and gives the door's origin. */
  async register() {
    const register = await this.#startRegister();
    const asked = [];
    const slowness = { ms: 0 };
    const door = createServer((from, to) => {
      asked.push(`${from.method} ${from.url}`);
      const onwards = ask(register.origin + from.url, { method: from.method, headers: from.headers }, (answer) => {
        to.writeHead(answer.statusCode, answer.headers);
        answer.pipe(to);
      });
      onwards.on("error", () => to.destroy());
      setTimeout(() => from.pipe(onwards), slowness.ms);
    });
    await new Promise((listening) => door.listen(0, "127.0.0.1", listening));
    const stop = async () => {
      door.closeAllConnections();
      await new Promise((closed) => door.close(closed));
      await register.stop();
    };
    this.#doors.push(door);
    return { origin: `http://127.0.0.1:${door.address().port}`, asked, slowness, stop };
  }

  async #startRegister() {
    const port = await freePort();
    const child = spawn(program("fieldproof"), ["register", "--data", this.path("register"), "--listen", `127.0.0.1:${port}`], { detached: true, stdio: "ignore" });
    this.#registers.push(child);
    const origin = `http://127.0.0.1:${port}`;
    await until("the register to answer", async () => (await fetch(`${origin}/health`).catch(() => null))?.ok);
    const stop = async () => {
      endGroup(child);
      await until("the register to be gone", async () => (await fetch(`${origin}/health`).catch(() => null)) === null);
    };
    return { origin, stop };
  }

  end() {
    for (const child of this.#registers) endGroup(child);
    for (const door of this.#doors) {
      door.closeAllConnections();
      door.close();
    }
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Makes specimens, lets the work happen, and clears up whatever came of it. */
export async function withSpecimens(work) {
  const specimens = new Specimens();
  try {
    await work(specimens);
  } finally {
    specimens.end();
  }
}
