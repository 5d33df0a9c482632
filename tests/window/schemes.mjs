// The built-in schemes as their documents say them: what the gate asks and every criterion in its order, so that no test
// lists them by hand.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "./world.mjs";

export const ISOLATION = read("hv-isolation");
export const LIVE_WORK = read("live-work-battery");
export const AIR_CONDITIONING = read("ac-fgas");

const OBJECTS = {
  [ISOLATION.id]: { id: "Demonstration rig 1", voltage: "400" },
  [LIVE_WORK.id]: { id: "Demonstration battery 1", voltage: "398.4" },
};

/** A document with its values, and its steps in the order of the work. */
function read(name) {
  const json = (file) => JSON.parse(readFileSync(join(repository, "assets/schemes", file), "utf8"));
  const [document, values] = [json(`${name}.json`), json(`${name}.values.json`)];
  const stepsOf = (part) => part.tasks.flatMap(({ steps }) => steps).map((step) => ({ ...step, part: part.id }));
  const steps = document.parts.flatMap(stepsOf);
  return { ...document, title: document.title.en, values, steps, criteria: steps.flatMap((step) => step.criteria) };
}

/**
 * Everything the gate asks for, in the order of the screen: a press, or words for a field.
 * `question` names what is missing until then; null where it would only be printed.
 */
export function gateOf(scheme) {
  const { gate } = scheme;
  const entry = (testid, words, question = testid) => ({ testid, words, question });
  const shown = (testid, need) => {
    const question = need === "block" ? testid : null;
    const fields = { issuer: "Demo school", reference: "DEMO-7", issued: "2024-01-31" };
    return Object.entries(fields).map(([field, words]) => entry(`${testid}-${field}`, words, question));
  };
  const competences = gate.assessor_evidence === null ? [] : ["occupational", "pedagogical", "assessment"];
  const ticks = (section) => gate.ticks.filter((tick) => tick.section === section).map(({ id, need }) => entry(`gate-tick-${id}`, undefined, need === "block" ? id : null));
  return [
    entry("gate-identity-document-identity_card"),
    entry("gate-identity-checked"),
    ...gate.prerequisites.flatMap(({ id, need }) => shown(`gate-pre-${id}`, need)),
    ...competences.flatMap((id) => shown(`gate-comp-${id}`, gate.assessor_evidence)),
    ...["premises", "ppe", "site"].flatMap(ticks),
    ...(gate.instrument ? instrument(entry) : []),
    ...(gate.object ? object(scheme, entry) : []),
    ...(gate.risk_assessment ? [entry("gate-risk", "RA-DEMO-1, arcs and shock")] : []),
    ...(gate.live_work ? [entry("gate-live-cannot_be_deenergised")] : []),
    ...(scheme.people.second_person === "none" ? [] : [entry("gate-second-present")]),
    ...gate.second_person.map((proof) => (proof === "first_aid" ? entry("gate-second-first-aid", "2099-12-31") : entry(`gate-second-${proof}`))),
  ];
}

function instrument(entry) {
  return [
    entry("gate-instrument-category-cat_iii"), entry("gate-instrument-voltage", "1000"),
    entry("gate-instrument-serial", "DEMO-0001"), entry("gate-instrument-calibration", "2099-12-31"),
  ];
}

function object(scheme, entry) {
  const [state] = scheme.parts.flatMap((part) => part.object_states);
  const { id, voltage } = OBJECTS[scheme.id];
  return [
    entry("gate-object-id", id),
    // Voltage and kind of voltage are one question.
    entry("gate-object-voltage", voltage, "voltage"), entry("gate-object-kind-dc", undefined, "voltage"),
    entry(`gate-object-state-${state}`),
  ];
}
