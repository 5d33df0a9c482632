// The way into the first scores by keyboard alone, and every main screen in small and large windows and large letters:
// nothing runs over the edge, STOP stays in sight, and axe-core finds nothing.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { KEY } from "./driver.mjs";
import { everyLook, focused, tabTo, withAxe } from "./looks.mjs";
import { until } from "./running.mjs";
import { ISOLATION, LIVE_WORK, gateOf } from "./schemes.mjs";
import { ASSESSOR, atCriterion, confirm, named, newUnder, nowhere, passGate, proveDead, rowOf, scoreByKeys, typeName, unlock } from "./steps.mjs";
import { steps } from "./work.mjs";
import { inWorld } from "./world.mjs";

test("unlocking, opening a session, the gate and the first scores by keyboard alone", () =>
  inWorld(async (world) => {
    const window = await world.open();
    await window.see("screen-unlock");
    await tabTo(window, await named(window, "unlock-assessor-", ASSESSOR));
    await window.keys(KEY.Enter);
    await until("the passphrase field to have the focus", async () => (await focused(window)) === "unlock-passphrase");
    await window.keys(...world.passphrase(ASSESSOR), KEY.Enter);
    await window.see("screen-home");
    await tabTo(window, "home-new");
    await window.keys(KEY.Enter);
    await window.see("screen-new");
    await chooseByArrows(window, "new-schemes", `new-scheme-${ISOLATION.id}`);
    await chooseByArrows(window, "new-candidate", await named(window, "new-candidate-", "Kalle Kokelas"));
    await chooseByArrows(window, "new-second", await named(window, "new-second-", "Liisa Esimerkki"));
    await window.read("new-pair", "Kalle Kokelas is assessed; Liisa Esimerkki is the second person.");
    await tabTo(window, "new-open");
    await window.keys(KEY.Enter);
    await window.see("screen-gate");
    await theGateByKeyboard(window, ISOLATION);
    await window.see("screen-exercise");
    await atCriterion(window, "T1.1.a");
    await scoreByKeys(window, "11");
    await atCriterion(window, "T1.2.a");
    await window.keys("j");
    await atCriterion(window, "T1.2.b");
    await window.keys(KEY.Up);
    await atCriterion(window, "T1.2.a");
    await scoreByKeys(window, "2");
    await tabTo(window, "score-T1.2.b-unaided");
    await window.keys(KEY.Enter);
    await window.data("criterion-T1.2.b", "score", "unaided");
    await window.chord(KEY.Shift, KEY.Tab);
    assert.notEqual(await focused(window), null, "the focus goes back as well");
    await world.noFaults();
  }));

test("the gate of live work and a step with choices by keyboard alone", () =>
  inWorld(async (world) => {
    const window = await world.open();
    await unlock(world);
    await tabTo(window, "home-new");
    await window.keys(KEY.Enter);
    await window.see("screen-new");
    await chooseByArrows(window, "new-schemes", `new-scheme-${LIVE_WORK.id}`);
    await chooseByArrows(window, "new-candidate", await named(window, "new-candidate-", "Kalle Kokelas"));
    await chooseByArrows(window, "new-second", await named(window, "new-second-", "Liisa Esimerkki"));
    await tabTo(window, "new-team");
    await window.keys(KEY.Space);
    await window.read("new-pair", "Kalle Kokelas and Liisa Esimerkki are both assessed and swap.");
    await tabTo(window, "new-open");
    await window.keys(KEY.Enter);
    await window.see("screen-gate");
    await theGateByKeyboard(window, LIVE_WORK);
    await window.see("exercise-marks");
    await window.keys("n");
    await atCriterion(window, "L1.1.a");
    await tabTo(window, "part-P2-begin");
    await window.keys(KEY.Enter);
    await window.see("part-P2-time");
    for (const { id, right } of steps(LIVE_WORK, "L1.1")[0].criteria.filter(({ kind }) => kind === "choice")) {
      for (const option of right) {
        await tabTo(window, `answer-${id}-option-${option}`);
        // A digit is no score where an answer is asked for.
        await window.keys(KEY.Space, "1");
      }
      await tabTo(window, `answer-${id}-save`);
      await window.keys(KEY.Enter);
      await window.data(`criterion-${id}`, "answer", "chosen");
      await window.data(`criterion-${id}`, "score", "");
    }
    await window.keys("j");
    await atCriterion(window, "L1.1.c");
    await scoreByKeys(window, "1");
    await window.data("exercise-step", "step", "L1.2");
    await world.noFaults();
  }));

/** Into a list with Tab, to one of its lines with the arrows. */
async function chooseByArrows(window, list, wanted) {
  const first = await window.run((list) => document.querySelector(`[data-testid="${list}"] input[type="radio"]`).dataset.testid, list);
  await tabTo(window, first);
  await window.keys(KEY.Space);
  for (let press = 0; press < 10 && (await focused(window)) !== wanted; press += 1) await window.keys(KEY.Down);
  assert.equal(await focused(window), wanted, `the arrows reach ${wanted}`);
}

/** Every question of the gate in the order of Tab: Space ticks, arrows choose, words are typed. */
async function theGateByKeyboard(window, scheme) {
  for (const { testid, words } of gateOf(scheme)) {
    const { first, steps } = await window.run((testid) => {
      const at = document.querySelector(`[data-testid="${testid}"]`);
      const group = at.type === "radio" ? [...at.closest("fieldset").querySelectorAll("input")] : [at];
      return { first: group[0].dataset.testid, steps: group.indexOf(at) };
    }, testid);
    await tabTo(window, first);
    if (words) await window.keys(...words);
    else await window.keys(KEY.Space);
    for (let step = 0; step < steps; step += 1) await window.keys(KEY.Right);
  }
  await until("the exercise can be started", async () => !(await window.isDisabled("gate-start")));
  await tabTo(window, "gate-start");
  await window.keys(KEY.Enter);
}

test("every main screen in small windows, large windows and large letters", () =>
  inWorld(async (world) => {
    const window = await world.open();
    await withAxe(window);
    const number = { next: 71 };
    const fits = (name, stops = false) => everyLook(window, name, number, stops);
    await window.see("screen-unlock");
    await fits("unlock");
    await window.press("unlock-forgot");
    await window.press("recover-passphrase-draw");
    await window.see("recover-passphrase-drawn");
    await fits("recover");
    await window.press("recover-back");
    await window.press("unlock-restore");
    await window.see("restore-backup-other");
    await fits("restore");
    await window.press("restore-back");
    await unlock(world);
    await fits("home-empty");
    await window.press("home-laptop");
    await window.press("laptop-give");
    await window.press("laptop-give-passphrase-draw");
    await window.see("laptop-give-passphrase-drawn");
    await fits("laptop");
    await window.press("laptop-back");
    await newUnder(window);
    await window.press("new-second-add");
    await fits("new");
    await window.press("new-criteria");
    await window.see("screen-criteria");
    await fits("criteria");
    await window.press("criteria-back");
    await window.press(await named(window, "new-candidate-", "Maria Candidata"));
    await window.press(await named(window, "new-second-", "Juan Aspirante"));
    await window.press("new-open");
    await window.see("screen-gate");
    await fits("gate");
    await passGate(window);
    await scoreByKeys(window, "12345");
    await fits("exercise", true);
    await window.keys(KEY.F4);
    await window.see("covered");
    await fits("covered", true);
    await window.keys(KEY.F4);
    await window.press("step-T4.2");
    await proveDead(window);
    await window.press("note-T4.2.b");
    await fits("proof", true);
    await window.press("note-T4.2.b-cancel");
    await nowhere(window);
    await window.keys(KEY.F8);
    await window.see("paused-band");
    await fits("paused", true);
    await window.press("second-person-back");
    await window.press("stop");
    await window.see("stopped-panel");
    await fits("stopped", true);
    await window.press("exercise-home");
    await window.read("home-watching", "does not lock by itself");
    await fits("home-at-work");
    await window.press(`session-open-${await rowOf(window, "Maria Candidata")}`);
    await window.press("stopped-end");
    await window.see("screen-decision");
    await fits("decision");
    await confirm(window, "What was seen was not enough.");
    await fits("acknowledge");
    await typeName(window, "candidate", "Maria Candidata");
    await typeName(window, "second_person", "Juan Aspirante");
    await window.press("seal");
    await window.see("screen-sealed");
    await fits("sealed");
    await window.press("sealed-home");
    await rowOf(window, "Maria Candidata");
    await fits("home");
    await window.press("home-verify");
    await window.paste("verify-text", "Good morning");
    await window.press("verify-check");
    await window.see("verify-error");
    await fits("verify");
    assert.equal(world.fieldproof("demo", "--out", join(world.root, "strangers")).code, 0);
    await window.sendKeys("verify-file", join(world.root, "strangers/record.cbor"));
    await window.see("verdict");
    await chooseByArrows(window, "verify-language", "verify-language-fi");
    await window.read("verdict-headline", "Ei voitu todeta");
    await fits("verify-in-finnish");
    await world.noFaults();
  }));

test("live work, its answers, its points and its swap in small windows, large windows and large letters", () =>
  inWorld(async (world) => {
    const window = await world.open();
    await withAxe(window);
    const number = { next: 101 };
    const fits = (name, stops = false) => everyLook(window, name, number, stops);
    await unlock(world);
    await newUnder(window, LIVE_WORK);
    await window.press(await named(window, "new-candidate-", "Kalle Kokelas"));
    await window.press(await named(window, "new-second-", "Liisa Esimerkki"));
    await window.press("new-team");
    await fits("new-team");
    await window.press("new-open");
    await window.see("screen-gate");
    await fits("gate-live-work");
    await passGate(window, LIVE_WORK);
    await window.see("exercise-swap");
    await fits("marks", true);
    for (const step of oneStepOfEachKind(LIVE_WORK)) {
      await window.press(`step-${step.id}`);
      await window.data("exercise-step", "step", step.id);
      await fits(`step-${step.id}`, true);
    }
    await window.press("exercise-swap");
    await window.press("gate-home");
    await window.press(`session-open-${await rowOf(window, "Kalle Kokelas")}`);
    await window.see("stands-by-band");
    await fits("stands-by", true);
    await world.noFaults();
  }));

/** As few steps as it takes to see an answer of every kind. */
function oneStepOfEachKind(scheme) {
  const seen = new Set(["observed", "proof"]);
  return scheme.steps.filter(({ criteria }) => {
    const fresh = criteria.filter(({ kind }) => !seen.has(kind));
    for (const { kind } of fresh) seen.add(kind);
    return fresh.length > 0;
  });
}
