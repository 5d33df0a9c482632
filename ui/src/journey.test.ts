// Every screen in the order a person meets them, each without a finding of axe.
import axe from "axe-core";
import { expect, it } from "vitest";
import { fakeHost, fresh } from "./lib/host/fake/fake";
import { scheme, teamScheme } from "./lib/host/fake/schemes";
import { at, button, inExercise, press, settled, showHome, showSession, showWindow, there, type } from "./testing/screens";

async function clean(testid: string) {
  expect(there(testid), testid).toBe(true);
  // Colours are judged by eye and in the real window: there is no layout here.
  const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
  expect(violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" ")}`), testid).toEqual([]);
}

it("unlock", async () => {
  await showWindow(fakeHost());
  await clean("screen-unlock");
  await press("unlock-assessor-a1");
  await type("unlock-passphrase", "wrong");
  await press("unlock-button");
  await clean("screen-unlock");
});

it("unlock by PIN, after it locked", async () => {
  await showWindow(fakeHost({ status: { assessors: [{ id: "a1", name: "Aino Korhonen", hasPin: true }] } }));
  expect(there("unlock-pin")).toBe(true);
  await clean("screen-unlock");
});

it("home, with and without sessions, and a failure to send", async () => {
  const host = await showHome();
  await clean("screen-home");
  host.failNext("send", { code: "register_unreachable", message: "There is no way to the register." });
  await press("home-send");
  expect(at("home-send-error").textContent).toContain("There is no way to the register.");
  await press("home-send-error-retry");
  expect(at("home-send-outcome").textContent).toContain("1 record is now in the register.");
  await clean("screen-home");
});

it("home without sessions", async () => {
  await showHome({ rows: [] });
  expect(there("home-empty")).toBe(true);
  expect(button("home-send").textContent).toContain("Ask the register");
  await clean("screen-home");
});

it("new assessment, with somebody who turned up today", async () => {
  const host = await showHome({ schemes: [scheme()] });
  await press("home-new");
  expect(there("new-schemes")).toBe(false);
  await clean("screen-new");
  await press("new-criteria");
  await clean("screen-criteria");
  await press("criteria-back");
  await press("new-candidate-p5");
  expect(there("new-second-p5")).toBe(false);
  await press("new-second-add");
  await type("new-second-name", "Nora Today");
  await type("new-second-birth-year", "1990");
  await clean("screen-new");
  await press("new-second-save");
  await press("new-open");
  expect(host.asked.at(-1)?.input).toEqual({ schemeId: "s1", courseId: "k1", candidateId: "p5", secondPersonId: "n10", team: false, language: null });
  await clean("screen-gate");
});

it("exercise, note, reason, proof, pause and stop", async () => {
  await showSession(inExercise());
  await clean("screen-exercise");
  await press("note-c1");
  await press("score-c2-not_applicable");
  await clean("screen-exercise");
  await press("step-st4");
  await press("second-person-left");
  await clean("screen-exercise");
  await press("stop");
  await clean("stopped-panel");
});

it("answers of every kind, and a part that is marked", async () => {
  await showSession(inExercise());
  await press("step-st6");
  await clean("screen-exercise");
  await press("step-st7");
  await clean("screen-exercise");
  await press("part-pa2");
  await clean("screen-exercise");
});

it("a team that swaps, with a draft wording and an old edition", async () => {
  await showHome();
  await press("home-new");
  await press("new-scheme-s2");
  await press("new-course-k2");
  await press("new-language-fi");
  await press("new-candidate-p5");
  await press("new-second-p4");
  await press("new-team");
  await clean("screen-new");
  await press("new-open");
  await clean("screen-gate");
});

it("a gate without a second person", async () => {
  await showSession(fresh("g1", { scheme: teamScheme(), secondPersonId: null }));
  await clean("screen-gate");
});

it("from a stop to the sealed record and back home", async () => {
  const host = await showSession(inExercise());
  await press("stop");
  await press("stopped-end");
  await clean("screen-decision");
  expect(button("decision-confirm").disabled).toBe(true);
  await type("decision-feedback", "Prove dead before you touch.");
  await press("decision-borderline");
  await type("decision-borderline-note", "The door opened.");
  await press("decision-borderline-confirm");
  expect(host.asked.at(-1)?.input).toMatchObject({ borderline: true, note: "Prove dead before you touch.\nThe door opened." });
  await clean("screen-acknowledge");
  expect(button("seal").disabled).toBe(true);
  await press("ack-candidate-way-typed");
  await type("ack-candidate-name", "Greta Šimková");
  await press("ack-candidate-save");
  await press("ack-second_person-way-refused");
  await type("ack-second_person-reason", "I was outside.");
  await press("ack-second_person-save");
  await clean("screen-acknowledge");
  await press("seal");
  await clean("screen-sealed");
  expect(at("sealed-place").textContent).toContain("Not in the register yet. Kept on this laptop.");
  await press("sealed-send");
  expect(at("sealed-place").dataset.place).toBe("in_register");
  await press("erase");
  await clean("screen-sealed");
  await press("sealed-home");
  await clean("screen-home");
});

it("this laptop, with every form open", async () => {
  await showHome();
  await press("home-laptop");
  await clean("screen-laptop");
  await press("laptop-give");
  await press("laptop-give-passphrase-draw");
  await press("laptop-take-a2");
  await press("laptop-backup-now");
  await type("laptop-drill-key", "a slip");
  await press("laptop-drill-now");
  await press("laptop-drill-backup-other");
  await clean("screen-laptop");
  await press("laptop-give-cancel");
  await press("laptop-change");
  await press("laptop-change-new-type");
  await clean("screen-laptop");
});

it("this laptop, when nothing is prepared yet", async () => {
  await showHome({ schemes: [], people: [], laptop: { backedUpAt: null, recovery: [], places: [] } });
  await press("home-laptop");
  await clean("screen-laptop");
});

it("forgetting the passphrase, and restoring", async () => {
  await showWindow(fakeHost());
  await press("unlock-forgot");
  await press("recover-passphrase-draw");
  await clean("screen-recover");
  await press("recover-back");
  await press("unlock-restore");
  await clean("screen-restore");
  await press("restore-with-recovery_key");
  await press("restore-backup-other");
  await clean("screen-restore");
  await press("restore-with-passphrase");
  await press("restore-backup-0");
  await type("restore-passphrase", "copper lantern seven hills");
  await press("restore-now");
  expect(there("restore-outcome")).toBe(true);
  await clean("screen-restore");
});

it("an empty laptop", async () => {
  await showWindow(fakeHost({ status: { assessors: [], demonstration: null } }));
  await clean("screen-unlock");
});

it("a new laptop, its request and its pack", async () => {
  await showWindow(fakeHost({ status: { assessors: [], institution: "", demonstration: null }, rows: [], pack: {} }));
  await clean("screen-begin");
  await type("begin-name", "Ville Uusi");
  await type("begin-birth-year", "1986");
  await press("begin-passphrase-draw");
  await clean("screen-begin");
  await press("begin-now");
  await clean("screen-enrol");
  await press("enrol-write");
  await type("enrol-address", "https://register.example");
  await press("enrol-ask");
  await press("enrol-fetch");
  await type("enrol-their-code", "wrong");
  await press("enrol-take");
  await clean("enrol-preview");
});

it("the office, with every form open", async () => {
  await showHome({ office: {} });
  await clean("screen-home");
  await press("home-office");
  await press("office-look");
  await press("office-request-4H8N-V2CB-61ZP-open");
  await press("office-admit-scheme-s1");
  await press("office-admit-scheme-s2");
  await press("office-admit-apart-each");
  await press("office-member-9Z8Y-7X6W-5V4T-s1-end");
  await press("office-end-compromised");
  await press("office-course-add");
  await clean("screen-office");
  await press("office-member-9Z8Y-7X6W-5V4T-s1-change");
  await clean("screen-office");
  await press("office-member-9Z8Y-7X6W-5V4T-write");
  await clean("screen-office");
});

it("the office, when nothing is in the book yet", async () => {
  await showHome({ schemes: [], office: { members: [], schemes: [], courses: [], places: [], register: "" } });
  await press("home-office");
  await clean("screen-office");
});

it("verify", async () => {
  await showHome();
  await press("home-verify");
  await clean("screen-verify");
  await type("verify-text", "123");
  await press("verify-check");
  await settled();
  await clean("verdict");
});
