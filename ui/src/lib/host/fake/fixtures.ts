// Invented people, a gate, sessions and a verdict, for component tests and for looking at screens in a browser.
import type { GateAsksView, GateInput, PersonView, SessionRowView, StatusView, VerdictView } from "../generated";

export const NOW = Date.UTC(2026, 10, 3, 13, 3, 22);

export const status: StatusView = {
  institution: "Nordic Institute for Vehicle Safety",
  assessors: [
    { id: "a1", name: "Aino Korhonen", hasPin: false },
    { id: "a2", name: "Bastian Vogt", hasPin: false },
  ],
  unlocked: null,
  sendsWhileLocked: false,
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

export const emptyGate: GateInput = {
  identityDocument: null, identityCheckedByAssessor: false, ticks: [], prerequisites: [], competences: [], instrumentCategory: null, instrumentVoltage: null, instrumentSerial: "",
  instrumentCalibrationDue: null, objectId: "", objectVoltage: null, objectVoltageKind: null, objectState: null, riskAssessment: "", liveWorkReason: null,
  secondPersonPresent: false, secondPerson: [], secondPersonFirstAid: null, deviation: null,
};

export const fullGate: GateInput = {
  identityDocument: "identity_card", identityCheckedByAssessor: true, ticks: ["marked", "thermal", "clean", "gloves", "aed", "permit"],
  prerequisites: [{ id: "pre1", issuer: "Workshop school Turku", reference: "A-117", issued: "2025-05-02", expires: null }],
  competences: [], instrumentCategory: "cat_iv", instrumentVoltage: 1000, instrumentSerial: "DUS-20417", instrumentCalibrationDue: "2027-03-31",
  objectId: "Training van 3", objectVoltage: "400.5", objectVoltageKind: "dc", objectState: "live", riskAssessment: "Arc at the service disconnect: gloves, face shield, second person at the switch.",
  liveWorkReason: "cannot_be_deenergised", secondPersonPresent: true, secondPerson: ["instructed", "switch_off"], secondPersonFirstAid: "2027-06-30", deviation: null,
};

/** Everything a gate can ask for; what is `warn` holds nothing up. */
export const asks: GateAsksView = {
  prerequisites: [{ id: "pre1", text: "Basic electrical safety", blocks: true, photo: false }], competence: false,
  ticks: [
    { id: "marked", section: "premises", text: "The area is marked off and signed", blocks: true },
    { id: "thermal", section: "premises", text: "Prepared for thermal runaway", blocks: true },
    { id: "clean", section: "premises", text: "Clean enough for the work", blocks: false },
    { id: "gloves", section: "ppe", text: "Protective gloves", blocks: true },
    { id: "aed", section: "ppe", text: "Defibrillator (AED) within reach", blocks: true },
    { id: "permit", section: "site", text: "The site’s permit is at hand", blocks: true },
  ],
  instrument: true, object: true, objectStates: ["live", "made_dead"], riskAssessment: true, liveWork: true, secondPerson: ["instructed", "first_aid", "switch_off"], deviation: false,
};

const row = (id: string, candidateName: string, rest: Partial<SessionRowView>): SessionRowView => ({
  id, candidateName, secondPersonName: "Finn Aaltonen", schemeTitle: "Isolating a high-voltage vehicle system", openedAt: NOW - 7_200_000, touchedAt: NOW - 7_000_000, partnerId: null, standsBy: false,
  phase: "sealed", result: null, place: null, registerNumber: null, registeredAt: null, placeNote: null, document: null, documentOpenedAt: null, ...rest,
});

export const rows = (): SessionRowView[] => [
  row("r1", "Greta Šimková", { phase: "exercise", openedAt: NOW - 900_000, touchedAt: NOW - 60_000 }),
  row("r2", "Hugo Martins", { result: "pass", place: "on_this_laptop", document: "certificate", placeNote: "No network in the workshop. Send it when there is one." }),
  row("r3", "Ida Bergström", { result: "fail", place: "leaving", document: "result_sheet", placeNote: "The record has arrived, one photo has not." }),
  row("r4", "Jonas Weiß", { result: "pass", place: "in_register", registerNumber: 12, registeredAt: NOW, document: "certificate" }),
  row("r5", "Elif Öztürk", { result: "not_completed", place: "refused", secondPersonName: null, document: "result_sheet", placeNote: "The delegation ended on 1 Nov 2026. Ask your coordinator." }),
];

export const verdict: VerdictView = {
  what: "Certificate of assessment", tone: "amber", headline: "Demonstration only", banner: "Demonstration only. Nothing here is about a real assessment.",
  genuine: { name: "Genuine as issued?", answer: "yes", because: "Every signature and digest at hand was checked and holds." },
  inForce: { name: "In force now?", answer: "could_not_tell", because: "The institution's list of what was withdrawn is not at hand." },
  lists: ["Key list no. 3 of 2026-10-01", "List of what was withdrawn: not at hand"],
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
