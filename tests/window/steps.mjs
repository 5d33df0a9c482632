// What an assessor does on the way to an exercise, and what several tests do on the way somewhere else.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "./running.mjs";
import { ISOLATION, gateOf } from "./schemes.mjs";

export const ASSESSOR = "Aino Arvioija";

/** The test id of the one element whose test id begins so and whose words contain a name. */
export async function named(window, begin, name) {
  return until(`“${name}” among “${begin}…”`, () =>
    window.run(
      (begin, name) => {
        const all = [...document.querySelectorAll(`[data-testid^="${begin}"]`)];
        return all.find((at) => (at.closest("label, li") ?? at).innerText.includes(name))?.dataset.testid;
      },
      begin,
      name,
    ),
  );
}

/** Unlocks as the assessor and waits for home, or for the exercise that was under way. */
export async function unlock(world, screen = "screen-home") {
  const { window } = world;
  await window.see("screen-unlock");
  await window.press(await named(window, "unlock-assessor-", ASSESSOR));
  await window.write("unlock-passphrase", world.passphrase(ASSESSOR));
  await window.press("unlock-button");
  await window.see(screen);
  if (screen === "screen-home") await byHand(window);
}

/** Pauses sending by itself, so that a test decides when something leaves. It stays paused over restarts. */
export async function byHand(window) {
  await window.read("sending-pause", "sending");
  if ((await window.text("sending-pause")) === "Pause sending") await window.press("sending-pause");
  await window.read("sending-pause", "Resume sending");
}

/** Adds somebody who is not on the list and leaves them chosen. */
export async function addPerson(window, role, name, birthYear) {
  await window.press(`new-${role}-add`);
  await window.write(`new-${role}-name`, name);
  await window.write(`new-${role}-birth-year`, birthYear);
  await window.press(`new-${role}-save`);
  await window.gone(`new-${role}-form`);
}

/** From home to the choice of people under a scheme. */
export async function newUnder(window, scheme = ISOLATION) {
  await window.press("home-new");
  await window.press(`new-scheme-${scheme.id}`);
  await window.read("new-scheme", scheme.title);
}

/** Fills in what the gate holds the start up for, and starts the exercise. */
export async function passGate(window, scheme = ISOLATION) {
  await fillIn(window, gateOf(scheme).filter(({ question }) => question !== null));
  await window.press("gate-start");
  await window.see("screen-exercise");
}

/** Answers questions of the gate: presses, and words into fields. */
export async function fillIn(window, entries) {
  for (const { testid, words } of entries) await (words ? window.write(testid, words) : window.press(testid));
}

/** From a locked laptop to a running exercise of two people from the list. */
export async function toExercise(world) {
  const { window } = world;
  await unlock(world);
  await newUnder(window);
  await window.press(await named(window, "new-candidate-", "Maria Candidata"));
  await window.press(await named(window, "new-second-", "Juan Aspirante"));
  await window.press("new-open");
  await window.see("screen-gate");
  await passGate(window);
}

/** Waits until the log has an entry with these words, which is when it is on disk. */
export async function inLog(window, words) {
  await window.read("exercise-log", words);
}

/** How many entries the log has. */
export function logLength(window) {
  return window.run(() => document.querySelectorAll('[data-testid="exercise-log"] li').length);
}

/** Presses score keys for one criterion after the other, without waiting in between, and sees all of them saved. */
export async function scoreByKeys(window, keys) {
  const before = await logLength(window);
  await window.keys(...keys);
  await until(`${keys.length} more entries in the log`, async () => (await logLength(window)) === before + [...keys].length);
}

/** Scores one criterion of the step on the screen with the pointer and sees it saved. */
export async function scoreByTap(window, criterion, score) {
  await window.press(`score-${criterion}-${score}`);
  await window.data(`criterion-${criterion}`, "score", score);
  await window.data(`criterion-${criterion}`, "save", "none");
}

/** Proves dead: the tester on a known source, three points, the tester again. */
export async function proveDead(window) {
  await window.write("proof-before-source", "proving unit of the tester");
  await window.press("proof-before-worked");
  await window.read("proof-before-state", "Worked");
  for (const [index, point] of ["HV+ to HV-", "HV+ to chassis", "HV- to chassis"].entries()) {
    await window.write("proof-point", point);
    await window.write("proof-reading", "0.0 V");
    await window.press("proof-dead");
    await window.read(`proof-reading-${index}`, point);
  }
  await window.data("proof", "status", "open");
  await window.write("proof-after-source", "proving unit of the tester");
  await window.press("proof-after-worked");
  await window.data("proof", "status", "proved");
}

/** Waits until the step with this criterion is the one on the screen and the criterion is the current one. */
export function atCriterion(window, criterion) {
  return until(`criterion ${criterion} to be the current one`, () =>
    window.run((id) => document.querySelector(`[data-testid="criterion-${id}"]`)?.getAttribute("aria-current") === "true", criterion),
  );
}

/** Ends the exercise and reads the result. */
export async function end(window, result) {
  await window.press("end-exercise");
  await window.see("screen-decision");
  await window.read("decision-result", result);
}

/** Confirms the decision, with the word the candidate is owed where the result asks for one. */
export async function confirm(window, feedback) {
  if (feedback) {
    await window.see("decision-feedback-why");
    assert.equal(await window.isDisabled("decision-confirm"), true, "a candidate who did not pass is owed a word");
    await window.write("decision-feedback", feedback);
  } else {
    assert.equal(await window.isThere("decision-feedback"), false, "no word is owed");
  }
  await window.press("decision-confirm");
  await window.see("screen-acknowledge");
}

/** Everybody named acknowledges by typing the name, and the record is sealed. */
export async function seal(window, candidate, secondPerson) {
  await typeName(window, "candidate", candidate);
  if (secondPerson) await typeName(window, "second_person", secondPerson);
  else assert.equal(await window.isThere("ack-second_person"), false, "nobody stood by");
  await window.press("seal");
  await window.see("screen-sealed");
}

/** Acknowledges by typing the name. */
export async function typeName(window, role, name) {
  await window.press(`ack-${role}-way-typed`);
  await window.write(`ack-${role}-name`, name);
  await window.press(`ack-${role}-save`);
  await window.data(`ack-${role}`, "given", "typed");
}

/** Leaves the keyboard's focus on nothing, as a press beside everything does. */
export async function nowhere(window) {
  await window.run(() => document.activeElement?.blur());
}

/** The row on the home screen of the session in which a person is assessed. */
export async function rowOf(window, name) {
  const row = await until(`a row of ${name}`, () =>
    window.run((name) => [...document.querySelectorAll('[data-testid^="session-row-"]')].find((at) => at.innerText.trim().startsWith(name))?.dataset.testid, name),
  );
  return row.replace("session-row-", "");
}

/** Opens the paper of the sealed session on the screen and gives its file and its words. */
export async function paper(world, document, times) {
  const { window } = world;
  await window.data("sealed-open-document", "document", document);
  await window.press("sealed-open-document");
  await window.read("sealed-opened", "Opened at");
  const { path, copy } = await world.document(times);
  world.isPrivate(path);
  // In the order in which it was drawn: the word across the page stands apart, and a large word before its label.
  return { path, copy, words: world.tool("pdftotext", "-raw", copy, "-").replace(/\s+/g, " ") };
}

/** The text of the only code on a certificate, which `fieldproof verify` finds genuine. */
export function codeOn(world, certificate) {
  world.tool("pdftoppm", "-r", "200", "-png", certificate, "page");
  const text = world.tool("zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", ...world.pages()).trim();
  assert.match(text, /^https:\/\/fieldproof\.example\/v#\d+$/, "one code on the paper");
  writeFileSync(join(world.out, "token.txt"), text);
  const verified = world.fieldproof("verify", join(world.out, "token.txt"), "--trust", world.trust);
  assert.equal(verified.code, 0, `the code on the paper is genuine: ${verified.said}`);
  return text;
}

/** Sends everything from home, and sees every record arrive. */
export async function sendAll(window, count) {
  await window.read("home-send", count === 1 ? "Send 1 record" : `Send ${count} records`);
  await window.press("home-send");
  await window.read("home-send-outcome", count === 1 ? "1 record is now in the register." : `${count} records are now in the register.`);
  const places = await window.run(() => [...document.querySelectorAll('[data-testid^="session-row-"][data-phase="sealed"]')].map((at) => at.dataset.place));
  assert.deepEqual(places, Array(count).fill("in_register"), "every record reached the register");
}

/** From home to a sealed record of somebody who did something dangerous, perhaps with a photo: the shortest way there is. */
export async function notPassed(window, candidate, second, photo = null) {
  await exerciseOf(window, candidate, second);
  if (photo !== null) {
    await window.sendKeys("photo-T1.1.a", photo);
    await window.read("criterion-photos-T1.1.a", "1 photo");
  }
  await scoreByKeys(window, "4");
  await end(window, "Not passed");
  await confirm(window, "Ask before you begin.");
  await seal(window, candidate, second);
}

/** From home to the running exercise of two people. Where there is one scheme, there is nothing to choose. */
export async function exerciseOf(window, candidate, second) {
  await window.press("home-new");
  await window.see("screen-new");
  if (await window.isThere("new-schemes")) await window.press(`new-scheme-${ISOLATION.id}`);
  await window.press(await named(window, "new-candidate-", candidate));
  await window.press(await named(window, "new-second-", second));
  await window.press("new-open");
  await window.see("screen-gate");
  await passGate(window);
}
