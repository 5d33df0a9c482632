// Invented schemes for component tests and for looking at screens: one with every kind of criterion and a marked part,
// one for teams with a draft translation and a deviation, and one of attendance only.
import type { CourseView, CriterionView, PartView, SchemeView } from "../generated";

const blank: Omit<CriterionView, "id" | "text"> = {
  outcomes: ["Works safely on high-voltage systems"], critical: false, source: "EN 50110-1, 6.2", kind: "observed", levels: [], unit: null, namesInstrument: false,
  options: [], points: [], prompts: [], proof: null, answer: null, answerText: null, evidence: null, outOfOrder: [], score: null, reason: null, corrected: false, notes: 0, photos: 0, files: 0,
};
const one = (id: string, text: string, more: Partial<CriterionView> = {}): CriterionView => ({ ...blank, id, text, ...more });
const critical = { critical: true };
const part: Omit<PartView, "id" | "title" | "tasks"> = { kind: "practical", marked: false, timeLimitSeconds: null, beganAt: null, endedAt: null, marks: null };

const practical = (): PartView => ({
  ...part, id: "pa1", title: "Practical", timeLimitSeconds: 3600,
  tasks: [
    { id: "t1", title: "Plan and prepare", steps: [
      { id: "st1", title: "Risks and plan", note: "The candidate says aloud what could happen and what is done about it.", criteria: [
        one("c1", "Names the high-voltage risks on this vehicle before touching it", critical),
        one("c2", "Chooses work on the de-energised system where it is feasible", critical),
        one("c3", "Uses the manufacturer’s procedure and says where it comes from"),
      ] },
      { id: "st2", title: "Protective equipment", note: null, criteria: [
        one("c4", "Checks gloves for damage and date before use", critical),
        one("c5", "Wears arc-flash clothing closed", { evidence: { kind: "photo", count: 1, have: 0, due: true } }),
      ] },
    ] },
    { id: "t2", title: "Make dead", steps: [
      { id: "st3", title: "Disconnect and secure", note: null, criteria: [
        one("c6", "Disconnects in the manufacturer’s order", critical),
        one("c7", "Secures against re-connection and keeps the key", critical),
      ] },
      { id: "st4", title: "Prove dead", note: "Same tester, known source before and after.", criteria: [
        one("c8", "Proves dead at every point before contact", { critical: true, kind: "proof", proof: { status: "not_started", why: null, before: null, readings: [], after: null } }),
        one("c9", "Says the result aloud to the second person"),
      ] },
    ] },
    { id: "t3", title: "Restore", steps: [
      { id: "st5", title: "Put back into service", note: null, criteria: [one("c10", "Restores in order and confirms no fault remains")] },
    ] },
    { id: "t4", title: "Measure and answer", steps: [
      { id: "st6", title: "Measure", note: null, criteria: [
        one("c11", "Keeps the workplace in order", { kind: "rubric", levels: ["Tools lie about", "Tools in their places", "Tools in their places and checked"] }),
        one("c12", "Measures the insulation resistance", { kind: "measurement", unit: "MΩ", namesInstrument: true }),
        one("c13", "Chooses the gloves for this voltage", { kind: "choice", options: [{ id: "a", text: "Left pair" }, { id: "b", text: "Right pair" }] }),
        one("c14", "Finds the damaged cables", { kind: "count", unit: "cables" }),
      ] },
      { id: "st7", title: "Answer", note: null, criteria: [
        one("c15", "Is at the switch in time", { kind: "timed" }),
        one("c16", "Says whom to call", { kind: "oral", points: ["The emergency number", "The person responsible"], prompts: ["Who comes first?"] }),
        one("c17", "Writes the handover note", { kind: "text", evidence: { kind: "file", count: 1, have: 0, due: true } }),
      ] },
    ] },
  ],
});

const marked = (): PartView => ({ ...part, id: "pa2", title: "Knowledge test", kind: "knowledge", marked: true, tasks: [] });

/** Every kind of criterion, and a part marked in points. */
export const scheme = (): SchemeView => ({
  id: "s1", title: "Isolating a high-voltage vehicle system", version: "1.2", scope: "Passenger cars and vans with a traction battery up to 1500 V DC.",
  language: "en", languages: [{ tag: "en", counts: true }], superseded: null, secondPerson: "required", team: false, assessed: true,
  valuesSetBy: "the institution’s technical board", parts: [practical(), marked()],
});

/** For teams; nobody need stand by where a deviation is documented; a draft translation; an old edition. */
export const teamScheme = (): SchemeView => ({
  ...scheme(), id: "s2", title: "Working in a team on an open battery", version: "0.3", languages: [{ tag: "en", counts: true }, { tag: "fi", counts: false }],
  superseded: "The edition of 2019 was superseded on 1 Jan 2026 by the edition of 2025.", secondPerson: "deviation", team: true, parts: [practical()],
});

export const attendanceScheme = (): SchemeView => ({ ...scheme(), id: "s3", title: "Awareness of high voltage", version: "1", secondPerson: "nobody", assessed: false, parts: [] });

export const schemes = (): SchemeView[] => [attendanceScheme(), scheme(), teamScheme()];

const course: CourseView = {
  id: "k1", schemeId: "s1", title: "High-voltage live work on vehicles, autumn", site: "Training workshop Tampere, hall 2", trainer: "Bastian Vogt",
  voltageLevel: "up to 800 V DC", firstDay: "2026-11-02", lastDay: "2026-11-03", missing: [],
};

export const courses = (): CourseView[] => [
  course,
  { ...course, id: "k2", schemeId: "s2", title: "Batteries, first group", missing: ["The hours of practice"] },
  { ...course, id: "k3", schemeId: "s2", title: "Batteries, second group", site: "Training workshop Turku", firstDay: null, lastDay: null },
  { ...course, id: "k4", schemeId: "s3", title: "Awareness, one day", lastDay: "2026-11-02" },
];
