// From an empty folder to home: somebody begins, asks, is compared and admitted in the office, and takes the pack. Once by
// stick and camera, once over the network.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { KEY } from "./driver.mjs";
import { COORDINATOR, INSTITUTE, LAST_DAY, OPENS_OFFICE, inHouse } from "./house.mjs";
import { everyLook, tabTo, withAxe } from "./looks.mjs";
import { ISOLATION, LIVE_WORK } from "./schemes.mjs";
import { repository } from "./world.mjs";

const NEWCOMER = "Ville Uusi";

test("a new laptop asks by stick and camera, is admitted in the office, and takes the pack by the code read out", () =>
  inHouse(async (world) => {
    const number = { next: 130 };
    const asked = await somebodyBegins(world, number);
    const { picture, file } = await theRequestLeaves(world, asked);
    const code = await theOfficeAnswers(world, number, { ...asked, picture, file });
    await thePackIsTaken(world, number, { ...asked, code });
  }));

/** By keyboard alone, with five words drawn; gives the words and the code of the request. */
async function somebodyBegins(world, number) {
  world.laptop = join(world.root, "new/laptop");
  const window = await world.open();
  await withAxe(window);
  await window.see("screen-begin");
  await tabTo(window, "begin-name");
  await window.keys(...NEWCOMER);
  await tabTo(window, "begin-birth-year");
  await window.keys(..."1986");
  await tabTo(window, "begin-passphrase-draw");
  await window.keys(KEY.Enter);
  const passphrase = (await window.text("begin-passphrase-drawn")).trim();
  await everyLook(window, "begin", number, false);
  await tabTo(window, "begin-now");
  await window.keys(KEY.Enter);
  await window.see("screen-enrol");
  await window.read("screen-enrol", `${NEWCOMER} asks to be enrolled.`);
  return { passphrase, asked: await window.text("enrol-code") };
}

/** The request as a picture of the screen, and as a file on the stick: both say what the screen says. */
async function theRequestLeaves(world, { asked }) {
  const { window } = world;
  await window.show("enrol-symbol");
  await window.screenshot("131-enrol-symbol");
  const picture = join(repository, "target/window-screenshots/131-enrol-symbol.png");
  const read = execFileSync("zbarimg", ["--quiet", "--raw", picture], { encoding: "utf8" });
  assert.match(read, /^FIELDPROOF-REQUEST:\d+\n$/, "any scanner reads the symbol off the screen");
  await window.write("enrol-folder", join(world.stick, "not-there"));
  await window.press("enrol-write");
  await window.data("enrol-write-error", "code", "not_written");
  await window.write("enrol-folder", world.stick);
  await window.press("enrol-write");
  await window.read("enrol-written", "Written: ");
  assert.deepEqual(readdirSync(world.stick), [`request-${asked}.fieldproof`], "the file is named after the code on the screen");
  await everyLook(window, "enrol", { next: 132 }, false);
  await world.noFaults();
  return { picture, file: join(world.stick, `request-${asked}.fieldproof`) };
}

/** In the coordinator's window: schemes, a course, the comparison, the pack. Gives the institution's code. */
async function theOfficeAnswers(world, number, { asked, picture, file }) {
  const window = await openOffice(world);
  await withAxe(window);
  await everyLook(window, "office-empty", { next: 133 }, false);
  await aSchemeWithProblems(world, window);
  for (const name of ["hv-isolation", "live-work-battery"]) await publish(window, join(repository, "assets/schemes"), name);
  await aCourse(window);
  await window.sendKeys("office-request-file", picture);
  await window.read(`office-request-${asked}-code`, asked);
  await window.sendKeys("office-request-file", file);
  await window.press(`office-request-${asked}-open`);
  await window.press(`office-admit-scheme-${ISOLATION.id}`);
  await window.press(`office-admit-scheme-${LIVE_WORK.id}`);
  await window.write("office-admit-last", LAST_DAY);
  await window.press("office-admit-certify");
  assert.equal(await window.isDisabled("office-admit-now"), true, "nobody is admitted before the code was compared");
  await window.press("office-admit-same");
  await window.show("office-admit-now");
  await everyLook(window, "office-admit", { next: 136 }, false);
  await window.press("office-admit-now");
  await window.read("office-asking-outcome", `${NEWCOMER} is enrolled`);
  await window.read(`office-member-${asked}-pack`, "not at the register yet");
  await window.press(`office-member-${asked}-write`);
  await window.write("office-pack-folder", world.stick);
  await window.press("office-pack-now");
  await window.read("office-members-outcome", "Written: ");
  await window.show(`office-member-${asked}`);
  await everyLook(window, "office-enrolled", { next: 137 }, false);
  await world.noFaults();
  return window.text("office-code");
}

async function openOffice(world) {
  world.laptop = world.office;
  const window = await world.open();
  await window.read("unlock-assessor", COORDINATOR);
  await window.write("unlock-passphrase", OPENS_OFFICE);
  await window.press("unlock-button");
  await window.see("screen-home");
  await window.press("home-office");
  await window.see("office-asking");
  return window;
}

async function aSchemeWithProblems(world, window) {
  writeFileSync(join(world.root, "broken.json"), '{\n  "format": 1\n}\n');
  writeFileSync(join(world.root, "broken.values.json"), "{}\n");
  await publish(window, world.root, "broken", "office-publish-error");
  await window.data("office-publish-error", "code", "invalid_input");
  await window.read("office-publish-error", "line ");
  await window.show("office-publish-error");
  await window.screenshot("134-office-problems");
}

async function publish(window, folder, name, outcome = null) {
  await window.sendKeys("office-publish-document-file", join(folder, `${name}.json`));
  await window.sendKeys("office-publish-values-file", join(folder, `${name}.values.json`));
  await window.press("office-publish-now");
  if (outcome !== null) return window.see(outcome);
  await window.read("office-publish-outcome", "The scheme is published.");
  return window.read("office-publish-document", "not chosen yet");
}

async function aCourse(window) {
  await window.press("office-course-add");
  await window.press(`office-course-scheme-${ISOLATION.id}`);
  await window.write("office-course-title", "High voltage, autumn");
  await window.write("office-course-site", "Training workshop Tampere");
  await window.write("office-course-trainer", "Tove Trainer");
  await window.write("office-course-voltageLevel", "up to 800 V DC");
  await window.write("office-course-theoryMinutes", "480");
  await window.show("office-course-form");
  await window.screenshot("135-office-course");
  await window.press("office-course-save");
  await window.read("office-courses-outcome", "Kept: High voltage, autumn.");
}

async function thePackIsTaken(world, number, { passphrase, asked, code }) {
  world.laptop = join(world.root, "new/laptop");
  const window = await world.open();
  await withAxe(window);
  await window.read("unlock-assessor", NEWCOMER);
  await window.write("unlock-passphrase", passphrase);
  await window.press("unlock-button");
  await window.see("screen-enrol");
  assert.equal(await window.text("enrol-code"), asked, "another day the code is the same");
  await window.sendKeys("enrol-pack-file", join(world.stick, `request-${asked}.fieldproof`));
  await window.data("enrol-pack-error", "code", "invalid_input");
  await window.sendKeys("enrol-pack-file", join(world.stick, `pack-1-for-${asked}.fieldproof`));
  await window.read("enrol-preview-facts", INSTITUTE);
  await window.read("enrol-preview-facts", "2 schemes, 1 course, 0 people");
  assert.equal(await window.text("enrol-their-code"), "", "nobody fills the code in");
  await window.write("enrol-their-code", asked);
  await window.press("enrol-take");
  await window.read("enrol-take-error", "This is not the code of the institution in the pack.");
  await window.show("enrol-preview");
  await everyLook(window, "enrol-wrong-code", { next: 138 }, false);
  await window.write("enrol-their-code", code.replaceAll("-", " ").toLowerCase());
  await window.press("enrol-take");
  await window.see("screen-home");
  await window.read("screen-home", INSTITUTE);
  await window.screenshot("139-enrolled-home");
  assert.equal(await window.isThere("home-office"), false, "an assessor has no office");
  assert.equal(await window.isThere("home-register"), false, "the pack names no register");
  await window.press("home-new");
  for (const scheme of [ISOLATION, LIVE_WORK]) await window.see(`new-scheme-${scheme.id}`);
  await world.noFaults();
}

test("a new laptop asks over the network, and the pack is there once the office has sent it", () =>
  inHouse(async (world) => {
    const address = `http://127.0.0.1:${world.port}`;
    await world.startRegister(world.book);
    await theOfficeOpens(world, address);
    const asked = await askedOver(world, address);
    await admittedAndSent(world, asked);
    await fetchedAndTaken(world, { ...asked, address });
  }));

/** Publishes a scheme, says where the register is, and sends: the register admits the office itself by its pack. */
async function theOfficeOpens(world, address) {
  const window = await openOffice(world);
  assert.equal(await window.isDisabled("office-look"), true, "there is no register to look at");
  await publish(window, join(repository, "assets/schemes"), "hv-isolation");
  await window.write("office-register-address", address);
  await window.press("office-register-set");
  await window.read("office-register-outcome", "The address is set.");
  world.code = await window.text("office-code");
  await sent(window);
  await window.press("home-office");
  await window.press("office-look");
  await window.read("office-asking-outcome", "Nobody waits at the register.");
  await world.noFaults();
}

async function sent(window) {
  await window.press("office-back");
  await window.read("home-send", "Send packs");
  await window.press("home-send");
  await window.read("home-send-outcome", "Every pack is at the register.");
}

async function askedOver(world, address) {
  world.laptop = join(world.root, "new/laptop");
  const window = await world.open();
  await window.write("begin-name", NEWCOMER);
  await window.write("begin-birth-year", "1986");
  await window.press("begin-passphrase-draw");
  const passphrase = (await window.text("begin-passphrase-drawn")).trim();
  await window.press("begin-now");
  const code = await window.text("enrol-code");
  await window.write("enrol-address", "nowhere");
  await window.press("enrol-ask");
  await window.data("enrol-ask-error", "code", "register_unreachable");
  await window.write("enrol-address", address);
  await window.press("enrol-ask");
  await window.read("enrol-asked", `Your request waits at ${address}.`);
  await window.press("enrol-fetch");
  await window.read("enrol-not-yet", "Nobody has answered yet.");
  await window.show("enrol-fetch");
  await window.screenshot("140-enrol-asked");
  await world.noFaults();
  return { passphrase, code };
}

async function admittedAndSent(world, { code }) {
  const window = await openOffice(world);
  await withAxe(window);
  await window.press("office-look");
  await window.read(`office-request-${code}-code`, code);
  await window.press(`office-request-${code}-open`);
  await window.write("office-admit-last", LAST_DAY);
  await window.press("office-admit-same");
  await window.press("office-admit-now");
  await window.read(`office-member-${code}-${ISOLATION.id}-state`, "holds");
  await window.press(`office-member-${code}-${ISOLATION.id}-change`);
  await window.write("office-change-last", "2098-12-31");
  await window.show("office-change-form");
  await everyLook(window, "office-change", { next: 141 }, false);
  await window.press("office-change-now");
  await window.read(`office-member-${code}-${ISOLATION.id}`, "31 Dec 2098");
  await window.press(`office-member-${code}-${ISOLATION.id}-end`);
  await window.press("office-end-compromised");
  await window.show("office-end-form");
  await everyLook(window, "office-end", { next: 142 }, false);
  await window.press("office-end-cancel");
  await sent(window);
  await window.press("home-office");
  await window.read(`office-member-${code}-pack`, "at the register");
  await world.noFaults();
}

async function fetchedAndTaken(world, { passphrase, code, address }) {
  world.laptop = join(world.root, "new/laptop");
  const window = await world.open();
  await window.write("unlock-passphrase", passphrase);
  await window.press("unlock-button");
  await window.write("enrol-address", address);
  await window.press("enrol-fetch");
  await window.read("enrol-preview-facts", INSTITUTE);
  await window.write("enrol-their-code", world.code);
  await window.press("enrol-take");
  await window.see("screen-home");
  await window.read("home-register", address);
  await window.press("home-laptop");
  await window.press("laptop-enrol");
  await window.read("enrol-belongs", `This laptop belongs to ${INSTITUTE}. It took pack no. 2 last.`);
  assert.equal(await window.text("enrol-code"), code);
  await window.press("enrol-fetch");
  await window.see("enrol-known");
  await window.screenshot("143-enrol-again");
  await window.press("enrol-take");
  await window.see("screen-home");
  await world.noFaults();
}

test("an ended delegation is struck in the book, and nothing stands in its place", () =>
  inHouse(async (world) => {
    const window = await openOffice(world);
    await publish(window, join(repository, "assets/schemes"), "hv-isolation");
    const code = await window.run(() => document.querySelector('[data-testid^="office-member-"][data-testid$="-pack"]').dataset.testid.slice("office-member-".length, -"-pack".length));
    await window.press(`office-member-${code}-add`);
    await window.write("office-add-last", LAST_DAY);
    await window.press("office-add-now");
    const row = `office-member-${code}-${ISOLATION.id}`;
    await window.read(`${row}-state`, "holds");
    await window.press(`${row}-end`);
    await window.press("office-end-retired");
    await window.press("office-end-now");
    await window.read(`${row}-state`, "ended ");
    await window.data(row, "ended", "true");
    assert.equal(await window.isThere(`${row}-change`), false, "what ended is not changed");
    const rows = await window.run((row) => document.querySelectorAll(`[data-testid="${row}"]`).length, row);
    assert.equal(rows, 1, "what tells the laptop of the end is no delegation to show");
    await window.show(`office-member-${code}`);
    await window.screenshot("144-office-ended");
    await world.noFaults();
  }));
