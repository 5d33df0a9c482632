// How the fake host changes a session: the gate as filled, and one observation more.
import type { Answered, CriterionView, GateInput, LogView, MissingView, ObservationInput, PartView, ProofView, SchemeView, SessionView, ShownInput } from "../generated";
import { words } from "../../words";

export function withGate(session: SessionView, values: GateInput): SessionView {
  return { ...session, gate: { ...session.gate, values, missing: missing(session, values) } };
}

function missing(session: SessionView, values: GateInput): MissingView[] {
  const { asks } = session.gate;
  const wanted: [MissingView["section"], boolean, string, boolean?][] = [
    ["identity", values.identityDocument !== null, "Which document was shown"],
    ["identity", values.identityCheckedByAssessor, "That you looked at it yourself"],
    ...asks.prerequisites.map((one): [MissingView["section"], boolean, string, boolean] => ["prerequisites", isShown(values.prerequisites, one.id), one.text, one.blocks]),
    ["competence", asks.competence === null || values.competences.filter((one) => one.reference !== "").length === 3, "The assessor’s evidences of competence", asks.competence ?? false],
    ...asks.ticks.map((tick): [MissingView["section"], boolean, string, boolean] => [tick.section, values.ticks.includes(tick.id), tick.text, tick.blocks]),
    ["instrument", !asks.instrument || (values.instrumentCategory !== null && values.instrumentVoltage !== null && values.instrumentSerial !== ""), "The instrument"],
    ["instrument", !asks.instrument || values.instrumentCalibrationDue !== null, "When its calibration is due"],
    ["object", !asks.object || (values.objectId !== "" && values.objectVoltage !== null && values.objectVoltageKind !== null && values.objectState !== null), "The exercise object"],
    ["risk", !asks.riskAssessment || values.riskAssessment !== "", "The risk assessment"],
    ["risk", !asks.liveWork || values.liveWorkReason !== null, "Why live work is needed"],
    ["second_person", session.secondPerson === null || values.secondPersonPresent, "A second person, present"],
    ["second_person", session.secondPerson === null || (values.secondPerson.includes("instructed") && values.secondPersonFirstAid !== null), "A second person, instructed, with first aid"],
    ["second_person", !asks.deviation || (values.deviation !== null && Object.values(values.deviation).every((text) => text !== "")), "Why nobody stands by"],
  ];
  return wanted.filter(([, holds]) => !holds).map(([section, , message, blocks = true]) => ({ section, message, blocks }));
}

const isShown = (shown: ShownInput[], id: string) => shown.some((one) => one.id === id && one.issuer !== "" && one.reference !== "" && one.issued !== null);

export function observed(session: SessionView, observation: ObservationInput, seenSecondsAgo: number): SessionView {
  const tappedAt = Date.now();
  const sequence = session.log.length + 1;
  const entry: LogView = { sequence, tappedAt, seenAt: tappedAt - seenSecondsAgo * 1000, text: "", tone: "plain", superseded: false, criterionId: null };
  const said = (text: string, tone: LogView["tone"] = "plain", next: SessionView = session): SessionView => ({ ...next, log: [...next.log, { ...entry, text, tone }] });
  const proved = (criterionId: string, text: string, tone: LogView["tone"], change: (proof: ProofView) => Partial<ProofView>) =>
    said(text, tone, changed(session, criterionId, (one) => ({ ...one, proof: one.proof && { ...one.proof, ...change(one.proof) } })));
  switch (observation.kind) {
    case "score": return scored(session, entry, observation);
    case "answered": return answered(session, entry, observation.criterionId, observation.answer);
    case "note": return changed({ ...session, log: [...session.log, { ...entry, text: `Note: ${observation.text}`, criterionId: observation.criterionId }] }, observation.criterionId, (one) => ({ ...one, notes: one.notes + 1 }));
    case "tester_before": return proved(observation.criterionId, `Tester ${observation.worked ? "worked" : "did not work"} on ${observation.source}`, "plain", () => ({ status: "open", why: "The points are still to be measured.", before: { ...observation, sameInstrument: true } }));
    case "reading": return proved(observation.criterionId, `${observation.point}: ${observation.reading}, ${observation.dead ? "dead" : "not dead"}`, observation.dead ? "plain" : "bad", (proof) => ({ readings: [...proof.readings, observation] }));
    case "tester_after": return proved(observation.criterionId, `Tester ${observation.worked ? "worked" : "did not work"} on ${observation.source} again`, "good", () => ({ status: "proved", why: null, after: observation }));
    case "reenergised": return said("Live again", "warn", { ...session, scheme: eachCriterion(session.scheme, (one) => ({ ...one, proof: one.proof && { status: "not_started", why: null, before: null, readings: [], after: null } })) });
    case "part_began": return said("The part begins", "plain", inPart(session, observation.partId, (part) => ({ ...part, beganAt: part.beganAt ?? entry.seenAt })));
    case "part_ended": return said("The part ends", "plain", inPart(session, observation.partId, (part) => ({ ...part, endedAt: entry.seenAt })));
    case "part_marked": return said(`${observation.points} of ${observation.of} points`, "plain", inPart(session, observation.partId, (part) => ({ ...part, marks: observation })));
    case "second_person_left": return said("The second person left", "warn", { ...session, secondPersonPresent: false });
    case "second_person_returned": return said("The second person is back", "plain", { ...session, secondPersonPresent: true });
    case "stop": return said("Stopped", "stop", { ...session, phase: "stopped", stop: { stoppedAt: tappedAt, kind: null, by: null, why: null } });
    case "stop_explained": return said(`Stopped because: ${observation.why}`, "stop", { ...session, stop: { stoppedAt: session.stop?.stoppedAt ?? tappedAt, kind: observation.stopKind, by: observation.by, why: observation.why } });
    case "resume": return said("Resumed", "plain", { ...session, phase: "exercise", stop: null });
    case "said": return said(observation.kept ? "Kept" : "Not kept", "plain", { ...session, questions: session.questions.filter((one) => one.id !== observation.ruleId) });
  }
}

function scored(session: SessionView, entry: LogView, observation: Extract<ObservationInput, { kind: "score" }>): SessionView {
  const { criterionId, score, reason } = observation;
  const tone = score === "unaided" ? "good" : score === "prompted" ? "warn" : score === "dangerous" ? "bad" : "plain";
  const next = logged(session, { ...entry, text: words.exercise.score[score], tone }, criterionId);
  const waits = next.waits.map((wait) => (criterionId === "c7" ? { ...wait, startedAt: entry.seenAt, readyAt: entry.seenAt + wait.requiredSeconds * 1000 } : wait));
  return changed({ ...next, waits }, criterionId, (one) => ({ ...one, corrected: isRecorded(one), score, reason, answer: null, answerText: null }));
}

function answered(session: SessionView, entry: LogView, criterionId: string, answer: Answered): SessionView {
  const next = logged(session, { ...entry, text: inWords(answer) }, criterionId);
  return changed(next, criterionId, (one) => ({ ...one, corrected: isRecorded(one), answer, answerText: inWords(answer), score: null, reason: null }));
}

const isRecorded = (criterion: CriterionView) => criterion.score !== null || criterion.answer !== null;

function inWords(answer: Answered): string {
  switch (answer.kind) {
    case "level": return `Level ${answer.level}`;
    case "measured": return `${answer.value}, ${answer.instrument}`;
    case "chosen": return `Chosen: ${answer.options.join(", ")}`;
    case "counted": return `Counted: ${answer.number}`;
    case "timed": return `${answer.seconds} s`;
    case "heard": return `${answer.points.length} points heard, ${answer.prompts} prompts`;
    case "written": return answer.text;
  }
}

function logged(session: SessionView, entry: LogView, criterionId: string): SessionView {
  const text = criteria(session.scheme).find((one) => one.id === criterionId)?.text ?? "";
  const log = session.log.map((old) => (old.criterionId === criterionId ? { ...old, superseded: true } : old));
  return { ...session, log: [...log, { ...entry, text: `${entry.text}: ${text}`, criterionId }] };
}

export const criteria = (scheme: SchemeView): CriterionView[] => scheme.parts.flatMap((part) => part.tasks.flatMap((task) => task.steps.flatMap((step) => step.criteria)));

const inPart = (session: SessionView, partId: string, change: (part: PartView) => PartView): SessionView => ({
  ...session, scheme: { ...session.scheme, parts: session.scheme.parts.map((part) => (part.id === partId ? change(part) : part)) },
});

function eachCriterion(scheme: SchemeView, change: (criterion: CriterionView) => CriterionView): SchemeView {
  const parts = scheme.parts.map((part) => ({
    ...part, tasks: part.tasks.map((task) => ({ ...task, steps: task.steps.map((step) => ({ ...step, criteria: step.criteria.map(change) })) })),
  }));
  return { ...scheme, parts };
}

export function changed(session: SessionView, criterionId: string | null, change: (criterion: CriterionView) => CriterionView): SessionView {
  return { ...session, scheme: eachCriterion(session.scheme, (one) => (one.id === criterionId ? change(one) : one)) };
}

/** Something attached: counted, and counted towards what the criterion demands. */
export function attached(session: SessionView, criterionId: string, kind: "photo" | "file"): SessionView {
  return changed(session, criterionId, (one) => ({
    ...one, photos: one.photos + (kind === "photo" ? 1 : 0), files: one.files + (kind === "file" ? 1 : 0),
    evidence: one.evidence && { ...one.evidence, have: one.evidence.have + (one.evidence.kind === kind ? 1 : 0) },
  }));
}
