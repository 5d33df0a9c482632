// Invented people, one invented scheme and its parts, for component tests and for looking at screens in a browser.
import type { CourseView, CriterionView, GateInput, PersonView, SchemeView, SessionRowView, StatusView, VerdictView } from "../generated";

export const NOW = Date.UTC(2026, 10, 3, 13, 3, 22);

export const status: StatusView = {
  institution: "Nordic Institute for Vehicle Safety",
  assessors: [
    { id: "a1", name: "Aino Korhonen" },
    { id: "a2", name: "Bastian Vogt" },
  ],
  unlocked: null,
  demonstration: {
    passphrases: [
      { name: "Aino Korhonen", passphrase: "copper lantern seven hills" },
      { name: "Bastian Vogt", passphrase: "quiet harbour winter bread" },
    ],
    samplePhotoFolder: "samples",
  },
  version: "0.1.0",
};

const names = ["Carla Jiménez", "Dmitri Łukasik", "Elif Öztürk", "Finn Aaltonen", "Greta Šimková", "Hugo Martins", "Ida Bergström", "Jonas Weiß", "Katarzyna Nowak"];
export const people: PersonView[] = names.map((name, index) => ({ id: `p${index + 1}`, name, birthYear: 1988 + index, onRoster: true }));

export const course: CourseView = {
  title: "High-voltage live work on vehicles, autumn", site: "Training workshop Tampere, hall 2", trainer: "Bastian Vogt",
  voltageLevel: "up to 800 V DC", firstDay: "2026-11-02", lastDay: "2026-11-03",
};

type Seed = [id: string, text: string, critical: boolean, kind?: CriterionView["kind"]];
const criterion = ([id, text, critical, kind = "observed"]: Seed): CriterionView => ({
  id, text, critical, kind, outcome: "Works safely on high-voltage systems", source: "EN 50110-1, 6.2", score: null, reason: null, corrected: false, notes: 0, photos: 0,
});
const criteria = (seeds: Seed[]): CriterionView[] => seeds.map(criterion);

export const scheme = (): SchemeView => ({
  id: "s1", title: "Isolating a high-voltage vehicle system", version: "1.2",
  scope: "Passenger cars and vans with a traction battery up to 1500 V DC.", valuesSetBy: "the institution’s technical board",
  tasks: [
    { id: "t1", title: "Plan and prepare", steps: [
      { id: "st1", title: "Risks and plan", note: "The candidate says aloud what could happen and what is done about it.", criteria: criteria([
        ["c1", "Names the high-voltage risks on this vehicle before touching it", true],
        ["c2", "Chooses work on the de-energised system where it is feasible", true],
        ["c3", "Uses the manufacturer’s procedure and says where it comes from", false],
      ]) },
      { id: "st2", title: "Protective equipment", note: null, criteria: criteria([
        ["c4", "Checks gloves for damage and date before use", true],
        ["c5", "Wears arc-flash clothing closed", false],
      ]) },
    ] },
    { id: "t2", title: "Make dead", steps: [
      { id: "st3", title: "Disconnect and secure", note: null, criteria: criteria([
        ["c6", "Disconnects in the manufacturer’s order", true],
        ["c7", "Secures against re-connection and keeps the key", true],
      ]) },
      { id: "st4", title: "Prove dead", note: "Same tester, known source before and after.", criteria: criteria([
        ["c8", "Proves dead at every point before contact", true, "proof"],
        ["c9", "Says the result aloud to the second person", false],
      ]) },
    ] },
    { id: "t3", title: "Restore", steps: [
      { id: "st5", title: "Put back into service", note: null, criteria: criteria([
        ["c10", "Restores in order and confirms no fault remains", false],
      ]) },
    ] },
  ],
});

export const emptyGate: GateInput = {
  identityDocument: null, identityCheckedByAssessor: false, premisesMarked: false, premisesThermalRunaway: false, premisesClean: false,
  ppeGloves: false, ppeArcFlash: false, ppeAed: false, instrumentCategory: null, instrumentVoltage: null, instrumentSerial: "", instrumentCalibrationDue: null,
  objectId: "", objectVoltage: null, objectVoltageKind: null, objectState: null, riskAssessment: "", secondPersonPresent: false, secondPersonInstructed: false,
};

export const fullGate: GateInput = {
  identityDocument: "identity_card", identityCheckedByAssessor: true, premisesMarked: true, premisesThermalRunaway: true, premisesClean: true,
  ppeGloves: true, ppeArcFlash: true, ppeAed: true, instrumentCategory: "cat_iv", instrumentVoltage: 1000, instrumentSerial: "DUS-20417", instrumentCalibrationDue: "2027-03-31",
  objectId: "Training van 3", objectVoltage: 400, objectVoltageKind: "dc", objectState: "live", riskAssessment: "Arc at the service disconnect: gloves, face shield, second person at the switch.",
  secondPersonPresent: true, secondPersonInstructed: true,
};

const row = (id: string, candidateName: string, rest: Partial<SessionRowView>): SessionRowView => ({
  id, candidateName, secondPersonName: "Finn Aaltonen", schemeTitle: "Isolating a high-voltage vehicle system", openedAt: NOW - 7_200_000,
  phase: "sealed", result: null, place: null, registerNumber: null, registeredAt: null, placeNote: null, document: null, documentOpenedAt: null, ...rest,
});

export const rows = (): SessionRowView[] => [
  row("r1", "Greta Šimková", { phase: "exercise", openedAt: NOW - 900_000 }),
  row("r2", "Hugo Martins", { result: "pass", place: "on_this_laptop", document: "certificate", placeNote: "No network in the workshop. Send it when there is one." }),
  row("r3", "Ida Bergström", { result: "fail", place: "leaving", document: "result_sheet", placeNote: "The record has arrived, one photo has not." }),
  row("r4", "Jonas Weiß", { result: "pass", place: "in_register", registerNumber: 12, registeredAt: NOW, document: "certificate" }),
  row("r5", "Elif Öztürk", { result: "not_completed", place: "refused", document: "result_sheet", placeNote: "The delegation ended on 1 Nov 2026. Ask your coordinator." }),
];

export const verdict: VerdictView = {
  what: "certificate", demonstration: true, genuine: "yes", genuineBecause: "The signature and the delegation it carries hold.",
  inForce: "could_not_tell", inForceBecause: "The newest list of withdrawals on this laptop is from 28 Oct 2026. Ask with a network.", green: false,
  facts: [
    { label: "Name", value: "Jonas Weiß" },
    { label: "Assessed", value: "Isolating a high-voltage vehicle system, version 1.2" },
    { label: "Result", value: "Passed on 3 Nov 2026" },
    { label: "Voltage present", value: "400 V DC, live" },
  ],
  checks: [
    { name: "Signature", answer: "yes", because: "Made by the key the delegation names." },
    { name: "Delegation", answer: "yes", because: "Signed by the institution, valid until 31 Dec 2026." },
    { name: "Withdrawn since", answer: "could_not_tell", because: "The list on this laptop is six days old." },
  ],
};
