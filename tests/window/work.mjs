// Working through an exercise as a scheme's document lists it: every kind of criterion in the way that meets it, or as told.
import assert from "node:assert/strict";
import { proveDead, scoreByTap } from "./steps.mjs";

/** What the screen calls the answer to each kind of criterion. */
const ANSWERS = { rubric: "level", measurement: "measured", choice: "chosen", count: "counted", timed: "timed", oral: "heard", text: "written" };
const SOME_METER = "DEMO-0001";

/** The steps of a scheme from one to another, both included. */
export function steps(scheme, from, to = from) {
  const at = (id) => {
    const index = scheme.steps.findIndex((step) => step.id === id);
    assert.notEqual(index, -1, `${scheme.title} has a step ${id}`);
    return index;
  };
  return scheme.steps.slice(at(from), at(to) + 1);
}

/** Works through steps; `as` says which criteria get a score other than the one that meets them. */
export async function work(world, scheme, worked, as = {}) {
  const { window } = world;
  for (const step of worked) {
    await window.press(`step-${step.id}`);
    await window.data("exercise-step", "step", step.id);
    for (const criterion of step.criteria) {
      const score = as[criterion.id];
      await (score ? scoreByTap(window, criterion.id, score) : meet(world, scheme, criterion));
    }
  }
}

/** Records a criterion as met, with the evidence it demands. */
async function meet(world, scheme, criterion) {
  const { window } = world;
  if (criterion.evidence?.kind === "photo") {
    await window.sendKeys(`photo-${criterion.id}`, world.photo);
    await window.read(`criterion-photos-${criterion.id}`, "1 photo");
  }
  if (criterion.kind === "proof") {
    await waitIsOver(window, scheme, criterion);
    await proveDead(window);
  }
  if (criterion.kind === "observed" || criterion.kind === "proof") return scoreByTap(window, criterion.id, "unaided");
  await enter(window, scheme, criterion);
  await window.data(`criterion-${criterion.id}`, "answer", ANSWERS[criterion.kind]);
  await window.data(`criterion-${criterion.id}`, "save", "none");
}

async function waitIsOver(window, scheme, { id }) {
  if (scheme.waits.some(({ before }) => before === id)) await window.see("wait-over");
}

/** Enters an answer that meets the criterion, and saves it. */
async function enter(window, { values }, criterion) {
  const answer = `answer-${criterion.id}`;
  const limits = values.limits[criterion.id];
  const from = values.met_from[criterion.id];
  switch (criterion.kind) {
    case "rubric":
      return window.press(`${answer}-level-${from}`);
    case "measurement":
      // The value lies at the upper limit, which is in thousandths of the unit.
      await window.write(`${answer}-value`, String((limits.max ?? limits.min) / 1000));
      if (criterion.instrument) await window.write(`${answer}-instrument`, SOME_METER);
      break;
    case "choice":
      for (const option of criterion.right) await window.press(`${answer}-option-${option}`);
      break;
    case "count":
      await window.write(`${answer}-number`, String(limits.min ?? limits.max));
      break;
    case "timed":
      await window.press(`${answer}-stopwatch`);
      await window.see(`${answer}-running`);
      await window.press(`${answer}-stopwatch`);
      break;
    case "oral":
      for (let point = 1; point <= from; point += 1) await window.press(`${answer}-point-${point}`);
      break;
    case "text":
      await window.write(`${answer}-text`, "Arcs and shock; covered and watched (demonstration)");
      break;
    default:
      assert.fail(`${criterion.id}: nothing is entered for a criterion of the kind ${criterion.kind}`);
  }
  await window.press(`${answer}-save`);
}

/** Begins or ends a part on the screen. */
export async function part(window, id, beginOrEnd) {
  await window.press(`part-${id}-${beginOrEnd}`);
  if (beginOrEnd === "begin") await window.see(`part-${id}-time`);
  else await window.read(`part-${id}-bar`, "ended ");
}

/** Enters the points of a part that is marked, as of today. */
export async function mark(window, id, points, of) {
  await window.press(`part-${id}`);
  await window.data("exercise-marks", "part", id);
  assert.equal(await window.isDisabled(`part-${id}-save`), true, "nothing is marked without points");
  await window.write(`part-${id}-points`, String(points));
  await window.write(`part-${id}-of`, String(of));
  await window.write(`part-${id}-on`, new Date().toISOString().slice(0, 10));
  await window.write(`part-${id}-reference`, "DEMO-PAPER-1");
  await window.press(`part-${id}-save`);
  await window.read(`part-${id}-state`, `${points} of ${of}`);
}
