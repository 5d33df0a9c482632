// The gate: everything is saved as it stands, the latest last, and nothing starts while Rust misses something.
import { afterEach, expect, it, vi } from "vitest";
import { fresh } from "../../lib/host/fake/fake";
import { fullGate } from "../../lib/host/fake/fixtures";
import { withGate } from "../../lib/host/fake/session";
import { at, button, press, settled, showSession, stillClock, there, type } from "../../testing/screens";
import { TYPING_REST_MS } from "./gate.svelte";

afterEach(() => vi.useRealTimers());

it("keeps the start shut while something is missing, and says what", async () => {
  await showSession(withGate(fresh("g1"), { ...fullGate, ppeGloves: false }));
  expect(button("gate-start").disabled).toBe(true);
  expect(at("gate-missing").textContent).toContain("All protective equipment");
  await press("gate-ppe-gloves");
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
  await press("gate-ppe-gloves");
  await press("gate-ppe-aed");
  release();
  await settled();
  expect(host.asked.at(-1)?.input).toMatchObject({ gate: { ppeGloves: true, ppeAed: true } });
});

it("stays and says so when saving failed", async () => {
  const host = await showSession(fresh("g1"));
  host.failNext("save_gate", { code: "disk_full", message: "The disk is full." });
  await press("gate-ppe-gloves");
  expect(at("gate-error").textContent).toContain("The disk is full.");
  await press("gate-error-retry");
  expect(there("gate-error")).toBe(false);
});
