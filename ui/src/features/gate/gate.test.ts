// The gate: everything is saved as it stands, the latest last, and nothing starts while Rust misses something.
import { afterEach, expect, it, vi } from "vitest";
import { fresh } from "../../lib/host/fake/fake";
import { fullGate } from "../../lib/host/fake/fixtures";
import { teamScheme } from "../../lib/host/fake/schemes";
import { withGate } from "../../lib/host/fake/session";
import { words } from "../../lib/words";
import { at, attach, button, press, settled, showSession, stillClock, there, type } from "../../testing/screens";
import { TYPING_REST_MS } from "./gate.svelte";

afterEach(() => vi.useRealTimers());

it("keeps the start shut while something is missing, and says what", async () => {
  await showSession(withGate(fresh("g1"), { ...fullGate, ticks: fullGate.ticks.filter((id) => id !== "gloves") }));
  expect(button("gate-start").disabled).toBe(true);
  expect(at("gate-missing").textContent).toContain("Protective gloves");
  await press("gate-tick-gloves");
  expect(there("gate-missing")).toBe(false);
  await press("gate-start");
  expect(there("screen-exercise")).toBe(true);
});

it("saves typing after a rest, once", async () => {
  stillClock();
  const host = await showSession(fresh("g1"));
  await type("gate-risk", "Arc");
  await type("gate-risk", "Arc flash");
  const saves = () => host.asked.filter((one) => one.command === "save_gate");
  expect(saves()).toHaveLength(0);
  vi.advanceTimersByTime(TYPING_REST_MS);
  await settled();
  expect(saves()).toHaveLength(1);
  expect(saves()[0]?.input).toMatchObject({ gate: { riskAssessment: "Arc flash" } });
});

it("saves what was typed before it leaves", async () => {
  stillClock();
  const host = await showSession(fresh("g1"));
  await type("gate-object-id", "Van 3");
  await press("gate-home");
  expect(host.asked.find((one) => one.command === "save_gate")?.input).toMatchObject({ gate: { objectId: "Van 3" } });
  expect(there("screen-home")).toBe(true);
});

it("does not leave while what was typed could not be saved", async () => {
  const host = await showSession(fresh("g1"));
  await type("gate-object-id", "Van 3");
  host.failNext("save_gate", { code: "disk_full", message: "The disk is full." });
  await press("gate-home");
  expect(there("screen-gate")).toBe(true);
  expect(at("gate-error").textContent).toContain("The disk is full.");
});

it("saves again what changed while a save was running", async () => {
  const host = await showSession(fresh("g1"));
  const release = host.hold("save_gate");
  await press("gate-tick-gloves");
  await press("gate-tick-aed");
  release();
  await settled();
  expect(host.asked.at(-1)?.input).toMatchObject({ gate: { ticks: ["gloves", "aed"] } });
});

it("stays and says so when saving failed", async () => {
  const host = await showSession(fresh("g1"));
  host.failNext("save_gate", { code: "disk_full", message: "The disk is full." });
  await press("gate-tick-gloves");
  expect(at("gate-error").textContent).toContain("The disk is full.");
  await press("gate-error-retry");
  expect(there("gate-error")).toBe(false);
});

it("lets the start through while what is missing is only to be printed, and says so", async () => {
  await showSession(withGate(fresh("g1"), { ...fullGate, ticks: fullGate.ticks.filter((id) => id !== "clean") }));
  expect(at("gate-noted").textContent).toContain("Clean enough for the work");
  expect(at("gate-state-premises").textContent).toContain(words.gate.willBePrinted);
  expect(at("gate-state-identity").textContent).toContain(words.gate.holds);
  expect(button("gate-start").disabled).toBe(false);
});

it("asks only for what this scheme's gate asks", async () => {
  const session = fresh("g1");
  const none = { prerequisites: [], competence: null, ticks: [], instrument: false, object: false, objectStates: [], riskAssessment: false, liveWork: false, secondPerson: [], deviation: false };
  await showSession({ ...session, secondPerson: null, gate: { ...session.gate, asks: none } });
  const sections = [...document.querySelectorAll<HTMLElement>('[data-testid^="gate-section-"]')].map((one) => one.dataset.testid);
  expect(sections).toEqual(["gate-section-identity"]);
});

it("saves a credential with its days", async () => {
  stillClock();
  const host = await showSession(fresh("g1"));
  await type("gate-pre-pre1-issuer", "Workshop school");
  await type("gate-pre-pre1-reference", "A-1");
  await type("gate-pre-pre1-issued", "2025-05-02");
  await type("gate-comp-pedagogical-reference", "B-2");
  vi.advanceTimersByTime(TYPING_REST_MS);
  await settled();
  expect(host.asked.at(-1)?.input).toMatchObject({ gate: {
    prerequisites: [{ id: "pre1", issuer: "Workshop school", reference: "A-1", issued: "2025-05-02", expires: null }],
    competences: [{ id: "pedagogical", issuer: "", reference: "B-2", issued: null, expires: null }],
  } });
});

it("never takes a day that cannot be read for none: the start waits for it", async () => {
  const host = await showSession(withGate(fresh("g1"), fullGate));
  expect(button("gate-start").disabled).toBe(false);
  await type("gate-pre-pre1-expires", "31.1.2024");
  expect(at("gate-pre-pre1-expires").getAttribute("aria-invalid")).toBe("true");
  expect(at("gate-pre-pre1").textContent).toContain(words.app.noDay);
  expect(at("gate-wrong-days").textContent).toContain(words.gate.wrongDays(1));
  expect(there("gate-complete")).toBe(false);
  expect(button("gate-start").disabled).toBe(true);
  await type("gate-pre-pre1-expires", "2099-01-31");
  expect(there("gate-wrong-days")).toBe(false);
  expect(button("gate-start").disabled).toBe(false);
  await press("gate-start");
  const saved = host.asked.findLast((one) => one.command === "save_gate");
  expect(JSON.stringify(saved?.input)).toContain("2099-01-31");
});

it("attaches a picture of a credential after what was typed is on disk", async () => {
  const host = await showSession(fresh("g1"));
  await type("gate-pre-pre1-issuer", "Workshop school");
  await attach("gate-pre-pre1-photo", new File([new Uint8Array([1])], "card.png"));
  expect(host.asked.slice(-2).map((one) => one.command)).toEqual(["save_gate", "attach_credential"]);
  expect(host.asked.at(-1)?.input).toEqual({ sessionId: "g1", prerequisiteId: "pre1", name: "card.png" });
  expect(there("gate-pre-pre1-photo-there")).toBe(true);
});

it("takes the voltage as a decimal, and offers only the states that count", async () => {
  stillClock();
  const host = await showSession(fresh("g1"));
  await type("gate-object-voltage", "400,5");
  vi.advanceTimersByTime(TYPING_REST_MS);
  await settled();
  expect(host.asked.at(-1)?.input).toMatchObject({ gate: { objectVoltage: "400.5" } });
  expect(there("gate-object-state-live")).toBe(true);
  expect(there("gate-object-state-simulated")).toBe(false);
});

it("asks for the second person's proofs, first aid by its last day", async () => {
  const host = await showSession(fresh("g1"));
  await press("gate-second-present");
  await press("gate-second-instructed");
  await press("gate-second-switch_off");
  await type("gate-second-first-aid", "2027-06-30");
  await press("gate-live-deenergising_failed");
  expect(host.asked.at(-1)?.input).toMatchObject({ gate: {
    secondPersonPresent: true, secondPerson: ["instructed", "switch_off"], secondPersonFirstAid: "2027-06-30", liveWorkReason: "deenergising_failed",
  } });
});

it("asks for the deviation where nobody stands by", async () => {
  const host = await showSession(fresh("g1", { scheme: teamScheme(), secondPersonId: null }));
  expect(there("gate-second-present")).toBe(false);
  expect(at("scheme-superseded").textContent).toContain("superseded");
  await type("gate-deviation-ground", "A test rig without stored energy");
  await type("gate-deviation-risk", "RA-9");
  await type("gate-deviation-approver", "Bastian Vogt");
  await press("gate-identity-checked");
  expect(host.asked.at(-1)?.input).toMatchObject({ gate: { deviation: { ground: "A test rig without stored energy", riskAssessment: "RA-9", approver: "Bastian Vogt" } } });
  expect(at("gate-state-second_person").textContent).toContain(words.gate.holds);
});
