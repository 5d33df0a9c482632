// This laptop in the real window: a recovery sheet, a backup, a PIN, a drill, and the backup restored onto an empty laptop.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { KEY } from "./driver.mjs";
import { until } from "./running.mjs";
import { ASSESSOR, inLog, named, newUnder, nowhere, rowOf, scoreByKeys, toExercise, unlock } from "./steps.mjs";
import { inWorld } from "./world.mjs";

const PIN = "271828";
const WRONG_PIN = "314159";

test("a laptop is prepared for its loss, is lost, and its backup is restored onto an empty one", () =>
  inWorld(async (world) => {
    const window = await world.open();
    const key = readFileSync(join(world.demo, "institution-recovery-key.txt"), "utf8").trim();
    const passphrase = world.passphrase(ASSESSOR);
    const stick = join(world.root, "stick");
    mkdirSync(stick);
    await unlock(world);
    await somethingWorthKeeping(window);
    await aRecoverySheet(world, window);
    const backup = await aBackup(window, stick);
    await aPin(world, window);
    await theDrill(window, key, backup);
    await world.noFaults();
    await restoredOntoAnEmptyLaptop(world, { key, passphrase, backup });
    await world.noFaults();
  }));

async function somethingWorthKeeping(window) {
  await newUnder(window);
  await window.press(await named(window, "new-candidate-", "Maria Candidata"));
  await window.press(await named(window, "new-second-", "Juan Aspirante"));
  await window.press("new-open");
  await window.see("screen-gate");
  await window.press("gate-home");
  await rowOf(window, "Maria Candidata");
}

/** After a start, whoever comes in is straight back at what is not over: here the gate that was left. */
async function backFromTheGate(window) {
  await window.see("screen-gate");
  await window.press("gate-home");
  await window.see("screen-home");
}

async function aRecoverySheet(world, window) {
  await window.press("home-laptop");
  await window.see("laptop-backup-never");
  await window.see("laptop-drill-never");
  await window.read("laptop-recovery-holders", "The institution");
  await window.screenshot("121-laptop");
  await window.press("laptop-sheet");
  await window.read("laptop-sheet-outcome", "The sheet is open. Print it now");
  await window.read("laptop-recovery-holders", "The printed sheet");
  await window.read("laptop-sheet-lead", "It takes the place of the sheet of");
  const { path, copy } = await world.document(1);
  world.isPrivate(path);
  assert.ok(world.tool("pdftotext", copy, "-").includes("Demonstration Institute"), "the sheet names the institution");
}

/** Backs up into a folder and gives the file. */
async function aBackup(window, stick) {
  await window.write("laptop-backup-folder", join(stick, "not-there"));
  await window.press("laptop-backup-now");
  await window.see("laptop-backup-error");
  await window.see("laptop-backup-never");
  await window.write("laptop-backup-folder", stick);
  await window.press("laptop-backup-now");
  await window.read("laptop-backup-outcome", "Backed up, ");
  await window.gone("laptop-backup-never");
  const files = readdirSync(stick);
  assert.equal(files.length, 1, `one whole backup and nothing half done: ${files.join(", ")}`);
  const backup = join(stick, files[0]);
  await window.read("laptop-backup-outcome", backup);
  await window.screenshot("122-laptop-backed-up");
  return backup;
}

async function aPin(world, window) {
  await window.write("laptop-pin-field", PIN.slice(1));
  await window.press("laptop-pin-set");
  await window.data("laptop-pin-error", "code", "invalid_input");
  await window.write("laptop-pin-field", PIN);
  await window.press("laptop-pin-set");
  await window.read("laptop-pin-outcome", "Your PIN is set.");
  await window.press("laptop-back");
  await window.press("home-lock");
  await window.see("screen-unlock");
  const { path } = await world.document(1);
  await until("the sheet to be gone after locking", () => !existsSync(path));
  await window.press(await named(window, "unlock-assessor-", ASSESSOR));
  await window.write("unlock-pin", WRONG_PIN);
  await window.press("unlock-button");
  await window.data("unlock-error", "code", "wrong_pin");
  await window.read("unlock-error", "4 tries are left");
  assert.equal(await window.text("unlock-pin"), "", "a wrong PIN does not stay on the screen");
  await window.screenshot("123-unlock-pin");
  await window.write("unlock-pin", PIN);
  await window.press("unlock-button");
  await window.see("screen-home");
}

async function theDrill(window, key, backup) {
  await window.press("home-laptop");
  await window.see("laptop-drill-never");
  await window.paste("laptop-drill-key", key.slice(0, -1));
  await window.press("laptop-drill-now");
  await window.data("laptop-drill-error", "code", "invalid_input");
  await window.paste("laptop-drill-key", key);
  await window.press("laptop-drill-backup-other");
  await window.write("laptop-drill-backup-path", backup);
  await window.press("laptop-drill-now");
  await window.read("laptop-drill-outcome", "This key opens this laptop. It is the institution’s.");
  await window.read("laptop-drill-outcome", "was read to its end.");
  assert.equal(await window.text("laptop-drill-key"), "", "the key does not stay on the screen");
  await window.see("laptop-drill-last");
  await window.screenshot("124-laptop-drill");
}

async function restoredOntoAnEmptyLaptop(world, { key, passphrase, backup }) {
  world.laptop = join(world.root, "new", "laptop");
  const window = await world.open();
  await window.see("screen-begin");
  await window.screenshot("125-empty-laptop");
  await window.press("begin-restore");
  await window.press("restore-backup-other");
  await window.write("restore-backup-path", backup);
  await window.press("restore-with-recovery_key");
  await window.paste("restore-key", key);
  await window.press("restore-now");
  await window.read("restore-outcome", "The backup is restored.");
  await window.read("restore-aside", "Nothing was here before.");
  await window.screenshot("126-restored");
  await window.press("restore-done");
  await window.press(await named(window, "unlock-assessor-", ASSESSOR));
  assert.equal(await window.isThere("unlock-pin"), false, "a PIN ends with the program");
  await window.write("unlock-passphrase", passphrase);
  await window.press("unlock-button");
  await backFromTheGate(window);
  await window.data(`session-row-${await rowOf(window, "Maria Candidata")}`, "phase", "gate");
  await theWayOfOneWhoForgot(world, window, key);
}

/** A recovery key gives five new words, which unlock. */
async function theWayOfOneWhoForgot(world, window, key) {
  await window.press("home-lock");
  await window.press("unlock-forgot");
  await window.press(await named(window, "recover-person-", ASSESSOR));
  await window.paste("recover-key", key);
  await window.press("recover-passphrase-draw");
  const words = await window.text("recover-passphrase-drawn");
  assert.equal(words.trim().split(/\s+/).length, 5, "five words are drawn");
  await window.press("recover-now");
  await window.read("unlock-said", "The key waits for the institution");
  await window.press(await named(window, "unlock-assessor-", ASSESSOR));
  await window.write("unlock-passphrase", words.trim());
  await window.press("unlock-button");
  await window.see("screen-home");
  await rowOf(window, "Maria Candidata");
}

test("one key covers names, log and photos during an exercise, and scores and STOP stay", () =>
  inWorld(async (world) => {
    const window = await world.open();
    await toExercise(world);
    await scoreByKeys(window, "1");
    const words = () => window.run(() => document.body.innerText);
    assert.match(await words(), /Maria Candidata/);
    await nowhere(window);
    await window.keys(KEY.F4);
    await window.see("covered");
    for (const name of ["Maria", "Juan", "Aino"]) assert.ok(!(await words()).includes(name), `${name} is covered`);
    assert.equal(await window.isThere("exercise-log"), false, "the log is covered");
    await window.screenshot("127-covered");
    await window.keys("1", KEY.F9);
    await window.see("covered-stopped");
    await window.keys(KEY.F4);
    await window.see("stopped-panel");
    await window.press("stopped-record");
    await inLog(window, "T1.1.b unaided");
    await world.noFaults();
  }));
