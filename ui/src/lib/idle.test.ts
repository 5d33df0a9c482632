// The window locks by itself when nobody is there, and never while somebody watches or something is under way.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { fakeHost, fresh } from "./host/fake/fake";
import { rows } from "./host/fake/fixtures";
import { Idle, IDLE_MINUTES } from "./idle";
import { asked, at, inExercise, press, settled, showHome, showSession, showWindow, stillClock, there } from "../testing/screens";

const WHOLE = IDLE_MINUTES * 60_000;
/** Home without anything under way. */
const nobodyWorks = { rows: rows().filter((row) => row.phase === "sealed") };

beforeEach(stillClock);
afterEach(() => vi.useRealTimers());

async function pass(ms: number) {
  await vi.advanceTimersByTimeAsync(ms);
  await settled();
}

/** Lets the clock jump, where going through every second would take long. */
async function jump(ms: number) {
  vi.setSystemTime(Date.now() + ms);
  await pass(2000);
}

it("waits ten minutes", () => expect(IDLE_MINUTES).toBe(10));

it("locks after ten minutes and says why", async () => {
  const host = await showHome(nobodyWorks);
  await pass(WHOLE - 2000);
  expect(there("screen-home")).toBe(true);
  await pass(3000);
  expect(there("screen-unlock")).toBe(true);
  expect(asked(host, "lock")).toEqual([{}]);
  expect(at("unlock-said").textContent).toBe("Locked by itself: nobody used it for 10 minutes.");
  await pass(WHOLE + 2000);
  expect(asked(host, "lock"), "a locked laptop is not locked again").toHaveLength(1);
});

it("says nothing of the kind when somebody locks", async () => {
  await showHome(nobodyWorks);
  await press("home-lock");
  expect(at("unlock-said").textContent).toBe("");
});

it.each(["keydown", "pointerdown", "pointermove", "wheel", "touchstart"])("counts anew after a %s", async (name) => {
  const host = await showHome(nobodyWorks);
  await pass(WHOLE - 2000);
  document.body.dispatchEvent(new Event(name, { bubbles: true }));
  await pass(WHOLE - 2000);
  expect(asked(host, "lock")).toEqual([]);
  await pass(4000);
  expect(asked(host, "lock")).toEqual([{}]);
});

it.each(["exercise", "stopped"] as const)("never locks in the phase %s", async (phase) => {
  const stop = phase === "stopped" ? { stoppedAt: 0, kind: null, by: null, why: null } : null;
  const host = await showSession(inExercise({ phase, stop }));
  await pass(WHOLE + 2000);
  expect(asked(host, "lock")).toEqual([]);
});

it("never locks while an exercise runs, whatever is on the screen meanwhile", async () => {
  const host = await showSession(inExercise());
  await press("exercise-home");
  await pass(WHOLE + 2000);
  expect(there("screen-home")).toBe(true);
  await press("home-verify");
  await pass(WHOLE + 2000);
  expect(there("screen-verify")).toBe(true);
  await press("verify-back");
  await press("home-laptop");
  await pass(WHOLE + 2000);
  expect(asked(host, "lock")).toEqual([]);
});

it("never locks at the partner's gate while the other one's exercise runs, which home was not told of yet", async () => {
  const [one, other] = [inExercise(), fresh("x2")];
  const partner = (session: typeof one, of: typeof one) => ({ ...session, partner: { sessionId: of.id, name: of.candidate.name } });
  const host = await showHome({ rows: [], sessions: [partner(other, one), partner({ ...one, phase: "gate", startedAt: null }, other)] });
  await press(`session-open-${one.id}`);
  await press("gate-start");
  expect(there("screen-exercise")).toBe(true);
  await press("exercise-swap");
  expect(there("screen-gate")).toBe(true);
  await pass(WHOLE + 2000);
  expect(asked(host, "lock")).toEqual([]);
});

it("locks ten minutes after the last exercise is over", async () => {
  const host = await showSession(inExercise());
  await pass(WHOLE + 2000);
  await press("end-exercise");
  expect(there("screen-decision")).toBe(true);
  await pass(WHOLE - 2000);
  expect(asked(host, "lock")).toEqual([]);
  await pass(4000);
  expect(asked(host, "lock")).toEqual([{}]);
});

it("locks before the start of an exercise", async () => {
  const host = await showSession(inExercise({ phase: "gate" }));
  await pass(WHOLE + 2000);
  expect(asked(host, "lock")).toEqual([{}]);
});

it.each([["send", "home-send", null], ["back_up", "laptop-backup-now", "home-laptop"]])("never locks while %s is under way", async (command, start, first) => {
  const host = await showHome(nobodyWorks);
  if (first !== null) await press(first);
  const release = host.hold(command);
  await press(start);
  await jump(WHOLE);
  expect(asked(host, "lock")).toEqual([]);
  release();
  await jump(WHOLE - 4000);
  expect(asked(host, "lock"), "counted from the end").toEqual([]);
  await jump(4000);
  expect(asked(host, "lock")).toEqual([{}]);
});

it("never interrupts a restore", async () => {
  const host = fakeHost();
  await showWindow(host);
  await press("unlock-restore");
  await pass(WHOLE + 2000);
  expect(there("screen-restore")).toBe(true);
  expect(asked(host, "lock")).toEqual([]);
});

it("locks a laptop that slept too long, also when a key wakes it", () => {
  const locks: number[] = [];
  const idle = new Idle(() => true, () => locks.push(Date.now()));
  vi.setSystemTime(Date.now() + WHOLE);
  idle.touched();
  expect(locks).toHaveLength(1);
});

it("waits no longer because the clock was set back", () => {
  let locks = 0;
  const idle = new Idle(() => true, () => (locks += 1));
  vi.setSystemTime(Date.now() - 86_400_000);
  idle.check();
  vi.setSystemTime(Date.now() + WHOLE);
  idle.check();
  expect(locks).toBe(1);
});
