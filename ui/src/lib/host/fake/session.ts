// How the fake host changes a session: the gate as filled, and one observation more.
import type { CriterionView, GateInput, GateSection, LogView, ObservationInput, SessionView } from "../generated";
import { words } from "../../words";

export function withGate(session: SessionView, values: GateInput): SessionView {
  const wanted: [GateSection, boolean, string][] = [
    ["identity", values.identityDocument !== null, "Which document was shown"],
    ["identity", values.identityCheckedByAssessor, "That you looked at it yourself"],
    ["premises", values.premisesMarked && values.premisesThermalRunaway && values.premisesClean, "Fit premises"],
    ["ppe", values.ppeGloves && values.ppeArcFlash && values.ppeAed, "All protective equipment"],
    ["instrument", values.instrumentCategory !== null && values.instrumentVoltage !== null && values.instrumentSerial !== "", "The instrument"],
    ["instrument", values.instrumentCalibrationDue !== null, "When its calibration is due"],
    ["object", values.objectId !== "" && values.objectVoltage !== null && values.objectVoltageKind !== null && values.objectState !== null, "The exercise object"],
    ["risk", values.riskAssessment !== "", "The risk assessment"],
    ["second_person", values.secondPersonPresent && values.secondPersonInstructed, "A second person, present and instructed"],
  ];
  const missing = wanted.filter(([, holds]) => !holds).map(([section, , message]) => ({ section, message }));
  return { ...session, gate: { values, missing } };
}

export function observed(session: SessionView, observation: ObservationInput, seenSecondsAgo: number): SessionView {
  const tappedAt = Date.now();
  const sequence = session.log.length + 1;
  const entry: LogView = { sequence, tappedAt, seenAt: tappedAt - seenSecondsAgo * 1000, text: "", tone: "plain", superseded: false, criterionId: null };
  const said = (text: string, tone: LogView["tone"] = "plain", more: Partial<SessionView> = {}): SessionView => ({
    ...session, ...more, log: [...(more.log ?? session.log), { ...entry, text, tone }],
  });
  switch (observation.kind) {
    case "score": return scored(session, entry, observation);
    case "note": return changed({ ...session, log: [...session.log, { ...entry, text: `Note: ${observation.text}`, criterionId: observation.criterionId }] }, observation.criterionId, (one) => ({ ...one, notes: one.notes + 1 }));
    case "tester_before": return said(`Tester ${observation.worked ? "worked" : "did not work"} on ${observation.source}`, "plain", { proof: { ...session.proof, status: "open", why: "The points are still to be measured.", before: { ...observation, sameInstrument: true } } });
    case "reading": return said(`${observation.point}: ${observation.reading}, ${observation.dead ? "dead" : "not dead"}`, observation.dead ? "plain" : "bad", { proof: { ...session.proof, readings: [...session.proof.readings, observation] } });
    case "tester_after": return said(`Tester ${observation.worked ? "worked" : "did not work"} on ${observation.source} again`, "good", { proof: { ...session.proof, status: "proved", why: null, after: observation } });
    case "second_person_left": return said("The second person left", "warn", { secondPersonPresent: false });
    case "second_person_returned": return said("The second person is back", "plain", { secondPersonPresent: true });
    case "stop": return said("Stopped", "stop", { phase: "stopped", stop: { stoppedAt: tappedAt, kind: null, by: null, why: null } });
    case "stop_explained": return said(`Stopped because: ${observation.why}`, "stop", { stop: { stoppedAt: session.stop?.stoppedAt ?? tappedAt, kind: observation.stopKind, by: observation.by, why: observation.why } });
    case "resume": return said("Resumed", "plain", { phase: "exercise", stop: null });
    case "wait_answer": return said("Wait answered", "plain", { questions: session.questions.filter((one) => one.id !== observation.questionId) });
  }
}

function scored(session: SessionView, entry: LogView, observation: Extract<ObservationInput, { kind: "score" }>): SessionView {
  const { criterionId, score, reason } = observation;
  const tone = score === "unaided" ? "good" : score === "prompted" ? "warn" : score === "dangerous" ? "bad" : "plain";
  const text = session.scheme.tasks.flatMap((task) => task.steps).flatMap((step) => step.criteria).find((one) => one.id === criterionId)?.text ?? "";
  const log = session.log.map((old) => (old.criterionId === criterionId ? { ...old, superseded: true } : old));
  const next = { ...session, log: [...log, { ...entry, text: `${words.exercise.score[score]}: ${text}`, tone, criterionId } satisfies LogView] };
  const wait = criterionId === "c7" && next.wait ? { ...next.wait, startedAt: entry.seenAt, readyAt: entry.seenAt + next.wait.requiredSeconds * 1000 } : next.wait;
  return changed({ ...next, wait }, criterionId, (one) => ({ ...one, corrected: one.score !== null, score, reason }));
}

function changed(session: SessionView, criterionId: string | null, change: (criterion: CriterionView) => CriterionView): SessionView {
  const tasks = session.scheme.tasks.map((task) => ({
    ...task,
    steps: task.steps.map((step) => ({ ...step, criteria: step.criteria.map((one) => (one.id === criterionId ? change(one) : one)) })),
  }));
  return { ...session, scheme: { ...session.scheme, tasks } };
}
