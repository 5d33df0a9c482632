// The vectors of the sealed formats, judged by the checker inside the page, in the browser's own machine.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { inChromium, inWebKit, repository } from "./browser.mjs";

const folder = join(repository, "tests/vectors");
const CHECKS = ["signature", "issuer", "delegation", "content", "withdrawal", "term", "clock", "standing", "list"];

/** The bytes of hexadecimal digits, in which `(61*1000)` is one byte a thousand times. */
const bytes = (digits) => digits.replace(/\((..)\*(\d+)\)/g, (_all, byte, times) => byte.repeat(Number(times)));

function read(name) {
  const lines = readFileSync(join(folder, name), "utf8").split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const fields = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(": ")), line.slice(line.indexOf(": ") + 2)]));
  const hex = (text) => (text === undefined || text === "-" ? "" : bytes(text));
  return { name, ...fields, trust: hex(fields.trust), input: hex(fields.input), now: Date.parse(`${fields.today ?? "2024-10-04"}T12:00:00Z`) };
}

const files = readdirSync(folder).filter((name) => name.endsWith(".txt")).map(read);
const judged = files.filter((file) => file.expect.startsWith("genuine="));
const unread = files.filter((file) => ["token", "record"].includes(file.kind) && ["unreadable", "needs newer"].includes(file.expect));
const renewed = files.filter((file) => ["replaces", "kept out"].includes(file.expect));

function expected(file) {
  const [, genuine, inForce, green] = /^genuine="?([^"]+?)"? in_force="?([^"]+?)"? green=(\w+)$/.exec(file.expect);
  return { genuine, inForce, green, checks: CHECKS.map((check) => file[`check ${check}`]) };
}

/** Asks the page's own checker, an instance for each question as the page does; runs in the browser. */
async function ask(questions) {
  const letters = atob(document.getElementById("checker").textContent.trim());
  const module = await WebAssembly.compile(Uint8Array.from(letters, (letter) => letter.charCodeAt(0)));
  const unhex = (digits) => Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  const answers = [];
  for (const { trust, input, now, renews } of questions) {
    const { exports: rust } = await WebAssembly.instantiate(module, {});
    const parts = [unhex(trust), unhex(input), ...(renews ? [] : [new TextEncoder().encode("en")])];
    let at = rust.reserve(parts.reduce((sum, part) => sum + part.length, 0));
    for (const part of parts) {
      new Uint8Array(rust.memory.buffer, at, part.length).set(part);
      at += part.length;
    }
    const answer = renews ? rust.newer_trust(parts[0].length) : rust.judge_subject(parts[0].length, parts[1].length, 0, now);
    const length = new DataView(rust.memory.buffer).getUint32(answer, true);
    answers.push(JSON.parse(new TextDecoder().decode(new Uint8Array(rust.memory.buffer, answer + 4, length))));
  }
  return answers;
}

const word = { yes: "yes", no: "no", unknown: "could not tell" };

for (const [name, inBrowser] of [["Chromium", inChromium], ["WebKitGTK", inWebKit]]) {
  test(`${name}: every vector that is judged, read or renewed`, () => inBrowser(async (browser) => {
    await browser.open(pathToFileURL(join(repository, "ui/dist-verify/verify.html")).href);
    const asked = async (list, renews) => {
      const answers = [];
      for (let from = 0; from < list.length; from += 50) {
        const questions = list.slice(from, from + 50).map(({ trust, input, now }) => ({ trust, input, now, renews }));
        answers.push(...(await browser.run(ask, questions)));
      }
      return list.map((file, index) => [file, answers[index]]);
    };
    for (const [file, answer] of await asked(judged, false)) {
      assert.equal(answer.error, undefined, file.name);
      const found = {
        genuine: word[answer.genuine.answer], inForce: word[answer.inForce.answer], green: answer.tone === "green" ? "yes" : "no",
        checks: answer.checks.map((check) => word[check.answer]),
      };
      assert.deepEqual(found, expected(file), file.name);
      assert.equal(answer.purpose, file.purpose, file.name);
    }
    for (const [file, answer] of await asked(unread, false)) {
      assert.equal(answer.tone, undefined, `${file.name} is not accepted`);
      assert.equal(answer.error === "newer_page", file.expect === "needs newer", `${file.name}: ${answer.error}`);
    }
    for (const [file, answer] of await asked(renewed, true)) {
      assert.equal(["newer", "same"].includes(answer), file.expect === "replaces", `${file.name}: ${answer}`);
    }
    assert.ok(200 < judged.length && 40 < unread.length && 10 < renewed.length, `${judged.length} judged, ${unread.length} unread, ${renewed.length} renewed`);
  }));
}
