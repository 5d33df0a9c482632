// What was refused and what is missing, in the real window and by keyboard: on the assessor's home with what can be done,
// and in the coordinator's office with whose paper is out. The refusal is a real one: a copy of the laptop sealed first.
import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { KEY } from "./driver.mjs";
import { at, atDesk, desk, enrolled, inHouse, leftByStick, opened, tell } from "./house.mjs";
import { everyLook, focused, press, tabTo, withAxe } from "./looks.mjs";
import { until } from "./running.mjs";
import { ISOLATION } from "./schemes.mjs";
import { byHand, confirm, end, exerciseOf, notPassed, rowOf, seal } from "./steps.mjs";
import { work } from "./work.mjs";

const PEOPLE = [["Maria Candidata", 1998], ["Juan Aspirante", 1987], ["Kalle Kokelas", 2001]];
/** A bundle is cut at the end of such a piece, as a stick that was pulled out leaves it. */
const PIECE = (64 << 10) + 16;

test("a refused record stands on home until it is mended, and the office sees whose paper is out and what is missing", () =>
  inHouse(async (world) => {
    const number = { next: 170 };
    await world.startRegister(world.book);
    opened(world, PEOPLE);
    const ville = enrolled(world, "Ville Uusi");
    atDesk(world, "send");
    const copy = { ...ville, laptop: join(world.root, "copy/laptop") };
    cpSync(ville.laptop, copy.laptop, { recursive: true });
    await theCopySealsFirst(await at(world, copy));
    await refusedOnHome(world, ville, number);
    const bundle = await leftByStick(world, ville, ["Kalle Kokelas", "Juan Aspirante"], world.photo);
    await theOffice(world, bundle, number);
  }));

async function theCopySealsFirst(window) {
  await notPassed(window, "Juan Aspirante", "Kalle Kokelas");
  await window.data("sealed-place", "place", "in_register");
}

/** Maria passes, her certificate is printed, and only then does the register say no. */
async function refusedOnHome(world, ville, number) {
  const window = await at(world, ville);
  await withAxe(window);
  await byHand(window);
  assert.equal(await window.isThere("shelf"), false, "nothing was refused yet");
  await exerciseOf(window, "Maria Candidata", "Juan Aspirante");
  world.photo = aPhoto(world);
  await work(world, ISOLATION, ISOLATION.steps);
  await end(window, "Passed");
  await confirm(window);
  await seal(window, "Maria Candidata", "Juan Aspirante");
  await window.press("sealed-open-document");
  await window.read("sealed-opened", "Opened at");
  await window.press("sealed-home");
  await press(window, "sending-pause");
  const row = await rowOf(window, "Maria Candidata");
  await window.data(`session-row-${row}`, "place", "refused");
  await window.read("shelf-warning", "1 record needs somebody");
  await window.read("shelf-warning", "1 paper is out that the register does not confirm.");
  const record = await shelved(window, "Maria Candidata");
  for (const said of ["Refused", "Maria Candidata, born 1998", "works with a copy of this laptop", "was opened for printing"]) await window.read(`shelf-${record}`, said);
  await everyLook(window, "shelf-home", number, false, `shelf-${record}`);
  assert.equal(await window.isThere(`shelf-offer-${record}`), false, "what stands at its place stands there for good");
  await press(window, `shelf-open-${record}`);
  await window.see("screen-sealed");
  await window.data("sealed-place", "place", "refused");
  assert.equal(await window.isThere("sealed-send"), false, "what was refused is not sent");
  await window.see("sealed-paper-refused");
  await everyLook(window, "shelf-sealed", { next: 172 }, false);
  await corrected(window);
  await press(window, "sealed-home");
  await window.data(`session-row-${row}`, "place", "in_register");
  await window.read(`shelf-${record}`, "A further record corrects it.");
  await window.read(`shelf-paper-${record}`, "Take this paper back");
  assert.equal(await window.isThere("shelf-warning"), false, "nobody is needed any more");
  await everyLook(window, "shelf-corrected", { next: 173 }, false, `shelf-${record}`);
  await world.noFaults();
}

function aPhoto(world) {
  const photo = join(world.root, "photo.jpg");
  world.tool("convert", "-size", "1600x1200", "gradient:#f47a1f-#14171a", photo);
  return photo;
}

async function shelved(window, name) {
  const row = await until(`${name} on the shelf`, () =>
    window.run((name) => [...document.querySelectorAll("li[data-kind]")].find((at) => at.innerText.includes(name))?.dataset.testid, name),
  );
  return row.slice("shelf-".length);
}

/** Nothing in it was wrong, so nothing is changed. */
async function corrected(window) {
  await press(window, "correct");
  await until("the name to have the focus", async () => (await focused(window)) === "correct-name");
  await tabTo(window, "correct-reason");
  await window.keys(..."A copy of the laptop was in use.");
  await window.screenshot("172-shelf-correct");
  await tabTo(window, "correct-save");
  await window.keys(KEY.Enter);
  await window.gone("correct-form");
  await window.data("sealed-place", "place", "in_register");
}

async function theOffice(world, bundle, number) {
  const window = await at(world, desk(world));
  await withAxe(window);
  await window.read("home-shelf-office", "1 record at the register needs somebody. 1 paper is out.");
  await everyLook(window, "shelf-coordinator", { next: 174 }, false);
  await press(window, "home-office");
  await window.see("office-shelf");
  await press(window, "office-shelf-look");
  await window.read("office-shelf-said", "1 record, 1 of them with a paper out.");
  await window.read("office-paper-out", "Maria Candidata");
  await window.read("office-paper-out", "ask Ville Uusi, who sealed it; or Tove Trainer");
  await theContact(window);
  cutAndBrought(world, bundle, 2);
  await looked(window, "2 records, 1 of them with a paper out.");
  await window.read("office-shelf-others", "Not at the register");
  await window.read("office-shelf-others", "No name is known here");
  await everyLook(window, "shelf-missing", { next: 175 }, false, "office-shelf");
  cutAndBrought(world, bundle, 1);
  await looked(window, "2 records, 1 of them with a paper out.");
  await window.read("office-shelf-others", "Photos missing");
  await window.read("office-shelf-others", "Kalle Kokelas");
  await window.show("office-shelf");
  await window.screenshot("176-shelf-photos-missing");
  cutAndBrought(world, bundle, 0);
  await looked(window, "1 record, 1 of them with a paper out.");
  assert.equal(await window.isThere("office-shelf-others"), false, "it is all there");
  await window.read("office-paper-out", "A further record corrects it.");
  await thePaperIsBack(window);
  await world.stopRegister();
  await press(window, "office-shelf-look");
  await window.data("office-shelf-error", "code", "register_unreachable");
  await window.show("office-shelf");
  await window.screenshot("177-shelf-unreachable");
  await world.noFaults();
  await inTheDark(world);
}

/** It is noted, and the list has nothing to do any more; noted wrongly, it is there again. */
async function thePaperIsBack(window) {
  const record = await shelved(window, "Maria Candidata");
  await press(window, `shelf-back-${record}`);
  await window.read("office-shelf-said", "Nothing here needs anybody now.");
  await window.read("office-shelf-settled", "Taken back, noted");
  await everyLook(window, "shelf-back", { next: 180 }, false, "office-shelf-settled");
  await press(window, `shelf-back-${record}`);
  await window.read("office-shelf-said", "1 record, 1 of them with a paper out.");
}

/** The same from the command line. */
function notedByCommand(world) {
  const asked = (...more) => atDesk(world, "shelf", ...more);
  const [, code] = asked().match(/Certificate (\S+) was opened for printing on [-0-9]+\. Take it back\./);
  assert.match(asked("--back", code), /It was taken back, noted on/);
  assert.match(asked("--out", code), /Take it back/);
}

/** Somebody at the desk knows how Maria is reached, and from then on the list says so. */
async function theContact(window) {
  await press(window, await window.run(() => document.querySelector('[data-testid^="office-course-"][data-testid$="-people"]').dataset.testid));
  const field = await until("a field for Maria's contact", () =>
    window.run(() => [...document.querySelectorAll('[data-testid="office-people"] li')].find((at) => at.innerText.includes("Maria Candidata"))?.querySelector("input")?.dataset.testid),
  );
  await tabTo(window, field);
  await window.keys(..."+358 40 555 0100");
  await everyLook(window, "shelf-contact", { next: 179 }, false, "office-people");
  await tabTo(window, field.replace("contact", "keep"));
  await window.keys(KEY.Enter);
  await window.read("office-people-outcome", "Kept for Maria Candidata");
  await press(window, "office-people-close");
  await looked(window, "1 record, 1 of them with a paper out.");
  await window.read("office-paper-out", "Call: +358 40 555 0100");
}

async function looked(window, said) {
  await press(window, "office-shelf-look");
  await window.read("office-shelf-said", said);
}

/** The register takes what is left of a bundle without its last pieces: nought is whole, one less the photo is gone, two less the record. */
function cutAndBrought(world, bundle, pieces) {
  const [file, short] = [readFileSync(bundle), join(world.root, `less-${pieces}.bundle`)];
  writeFileSync(short, file.subarray(0, file.length - pieces * PIECE));
  tell(world, "", "register", "import", short, "--data", world.book, "--answers", `${short}.answers`);
}

/** The same in the dark, as far as it is drawn otherwise. */
async function inTheDark(world) {
  await world.startRegister(world.book);
  world.window.kill();
  notedByCommand(world);
  const window = await at(world, desk(world), { dark: true });
  await withAxe(window);
  assert.equal(await window.run(() => matchMedia("(prefers-color-scheme: dark)").matches), true, "the desktop asks for dark");
  await window.press("home-office");
  await looked(window, "1 record");
  await everyLook(window, "shelf-dark", { next: 178 }, false, "office-shelf");
}
