// What an assessor does on the way to an exercise, and what several tests do on the way somewhere else.
import { until } from "./running.mjs";

export const ASSESSOR = "Aino Arvioija";

/** Every criterion of the demonstration's scheme, in its order. */
export const CRITERIA = [
  "T1.1.a", "T1.1.b", "T1.2.a", "T1.2.b", "T1.3.a", "T2.1.a", "T2.1.b", "T2.2.a", "T2.2.b", "T2.2.c", "T2.3.a", "T2.3.b",
  "T3.1.a", "T3.1.b", "T3.1.c", "T3.2.a", "T3.2.b", "T3.2.c", "T4.1.a", "T4.1.b", "T4.2.a", "T4.2.b", "T4.2.c",
  "T5.1.a", "T5.1.b", "T5.2.a", "T5.2.b", "T5.2.c", "T6.1.a", "T6.1.b", "T6.2.a", "T6.2.b", "T6.3.a", "T6.3.b",
];

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

/** Unlocks as the assessor and waits for home. */
export async function unlock(world) {
  const { window } = world;
  await window.see("screen-unlock");
  await window.press(await named(window, "unlock-assessor-", ASSESSOR));
  await window.write("unlock-passphrase", world.passphrase(ASSESSOR));
  await window.press("unlock-button");
  await window.see("screen-home");
}

/** Adds somebody who is not on the list and leaves them chosen. */
export async function addPerson(window, role, name, birthYear) {
  await window.press(`new-${role}-add`);
  await window.write(`new-${role}-name`, name);
  await window.write(`new-${role}-birth-year`, birthYear);
  await window.press(`new-${role}-save`);
  await window.gone(`new-${role}-form`);
}

/** Everything the gate asks for, in the order of the screen: a press, or words for a field. */
export const GATE = [
  ["gate-identity-document-identity_card"], ["gate-identity-checked"],
  ["gate-premises-marked"], ["gate-premises-thermal"], ["gate-premises-clean"],
  ["gate-ppe-gloves"], ["gate-ppe-arc-flash"], ["gate-ppe-aed"],
  ["gate-instrument-category-cat_iii"], ["gate-instrument-voltage", "1000"], ["gate-instrument-serial", "DEMO-0001"], ["gate-instrument-calibration", "2099-12-31"],
  ["gate-object-id", "Demonstration rig 1"], ["gate-object-voltage", "400"], ["gate-object-kind-dc"], ["gate-object-state-made_dead"],
  ["gate-risk", "RA-DEMO-1, arcs and shock"],
  ["gate-second-present"], ["gate-second-instructed"],
];

/** Fills the gate in and starts the exercise. */
export async function passGate(window) {
  for (const [testid, words] of GATE) await (words ? window.write(testid, words) : window.press(testid));
  await window.press("gate-start");
  await window.see("screen-exercise");
}

/** From a locked laptop to a running exercise of two people from the list. */
export async function toExercise(world) {
  const { window } = world;
  await unlock(world);
  await window.press("home-new");
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

/** The row of a person's session on the home screen. */
export async function rowOf(window, name) {
  const row = await named(window, "session-row-", name);
  return row.replace("session-row-", "");
}
