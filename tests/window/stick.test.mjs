// Where there is no network: what is sealed goes onto a stick in the real window, the register takes it there, and the
// answers that come back say of each record what became of it.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { named, notPassed, rowOf, unlock } from "./steps.mjs";
import { inWorld } from "./world.mjs";

test("a record leaves on a stick, and its answers bring it into the register", () =>
  inWorld(async (world) => {
    const stick = join(world.root, "stick");
    mkdirSync(stick);
    const window = await world.open();
    await unlock(world);
    await window.press("home-stick");
    await window.see("screen-stick");
    await window.read("stick-empty", /./);
    await window.screenshot("160-stick-empty");
    await window.press("stick-back");
    await notPassed(window, "Maria Candidata", "Juan Aspirante");
    await window.press("sealed-home");

    await window.press("home-stick");
    await window.read("stick-facts", "1 record");
    await window.write("stick-folder", join(world.root, "nowhere"));
    await window.press("stick-write");
    await window.read("stick-write-error", /./);
    await window.write("stick-folder", stick);
    await window.press("stick-write");
    await window.read("stick-written", stick);
    await window.screenshot("161-stick-written");
    const bundle = world.tool("find", stick, "-name", "*.bundle").trim();
    const answers = join(stick, "back.answers");
    await world.stopRegister();
    const taken = world.fieldproof("register", "import", bundle, "--data", join(world.demo, "register"), "--answers", answers);
    assert.equal(taken.code, 0, taken.said);

    const noAnswers = join(stick, "letter.txt");
    writeFileSync(noAnswers, "Dear colleague");
    await window.sendKeys("stick-answers-file", noAnswers);
    await window.read("stick-answers-error", /./);
    await window.screenshot("162-no-answers");
    await window.sendKeys("stick-answers-file", answers);
    await window.read("stick-records", "Maria Candidata");
    await window.data((await named(window, "stick-record-", "Maria Candidata")), "what", "in_register");
    await window.gone("stick-answers-error");
    await window.read("stick-empty", /./);
    await window.screenshot("163-answers-taken");
    await window.press("stick-back");
    const row = await rowOf(window, "Maria Candidata");
    await window.data(`session-row-${row}`, "place", "in_register");
    await window.read(`session-place-${row}`, /In register no\. 1/);
    await world.noFaults();
  }));
