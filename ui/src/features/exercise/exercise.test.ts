// Scoring: a tap is saved only when Rust has answered, is never lost from sight, and never made by typing.
import { expect, it, vi } from "vitest";
import { words } from "../../lib/words";
import { at, button, inExercise, key, press, settled, showSession, stillClock, there, type } from "../../testing/screens";

const scored = (id: string) => at(`criterion-${id}`).dataset.score ?? null;
const pressed = (testid: string) => at(testid).getAttribute("aria-pressed");

it("shows a score as saved only after the call returned", async () => {
  const host = await showSession(inExercise());
  const release = host.hold("observe");
  await press("score-c1-unaided");
  expect(at("criterion-state-c1").textContent).toContain(words.exercise.saving);
  expect(pressed("score-c1-unaided")).toBe("false");
  release();
  await settled();
  expect(at("criterion-state-c1").textContent).toContain(words.exercise.score.unaided);
  expect(pressed("score-c1-unaided")).toBe("true");
});

it("keeps a tap that failed in sight and saves it on the second try, with the time it was tapped", async () => {
  stillClock();
  const host = await showSession(inExercise());
  host.failNext("observe", { code: "disk_full", message: "The disk is full." });
  await press("score-c1-not_done");
  expect(at("criterion-c1").dataset.save).toBe("failed");
  expect(at("unsaved-taps").textContent).toContain("The disk is full.");
  expect(scored("c1")).toBeNull();
  expect(button("end-exercise").disabled).toBe(true);
  vi.advanceTimersByTime(40_000);
  await press("unsaved-retry-1");
  expect(scored("c1")).toBe("not_done");
  expect(there("unsaved-taps")).toBe(false);
  expect(host.asked.at(-1)?.input).toMatchObject({ seenSecondsAgo: 40 });
  vi.useRealTimers();
});

it("lets a tap that the rules do not take be left out, so that it cannot block the end for ever", async () => {
  const host = await showSession(inExercise());
  host.failNext("observe", { code: "invalid_input", message: "The text is too long." });
  await press("note-c1");
  await type("note-c1-text", "Much too long");
  await press("note-c1-save");
  expect(at("unsaved-taps").textContent).toContain("Much too long");
  expect(there("unsaved-retry-1")).toBe(false);
  await press("unsaved-leave-out-1");
  expect(there("unsaved-taps")).toBe(false);
  expect(button("end-exercise").disabled).toBe(false);
});

it("sends taps in the order in which they were made", async () => {
  const host = await showSession(inExercise());
  const release = host.hold("observe");
  await press("score-c1-unaided");
  await press("score-c2-prompted");
  expect(host.asked.filter((one) => one.command === "observe")).toHaveLength(1);
  release();
  await settled();
  expect(scored("c1")).toBe("unaided");
  expect(scored("c2")).toBe("prompted");
});

it("lets a stop overtake what is waiting", async () => {
  const host = await showSession(inExercise());
  const release = host.hold("observe");
  await press("score-c1-unaided");
  await press("stop");
  expect(host.asked.at(-1)?.input).toMatchObject({ observation: { kind: "stop" } });
  release();
  await settled();
  expect(there("stopped-panel")).toBe(true);
});

it("scores by key and moves to the next criterion without a score, over steps", async () => {
  await showSession(inExercise());
  for (const name of ["1", "2", "3"]) await key(name);
  expect(at("exercise-step").dataset.step).toBe("st2");
  await key("c");
  expect(at("criterion-c3").getAttribute("aria-current")).toBe("true");
  await key("1");
  expect(at("exercise-step").dataset.step).toBe("st2");
  expect(at("exercise-log").textContent).toContain(words.exercise.corrected);
});

it("never scores while somebody types, but stops", async () => {
  const host = await showSession(inExercise());
  await key("F2");
  const note = at("note-c1-text");
  for (const name of ["1", "4", "n", "j"]) await key(name, note);
  expect(host.asked.some((one) => one.command === "observe")).toBe(false);
  expect(at("exercise-step").dataset.step).toBe("st1");
  await key("F9", note);
  expect(there("stopped-panel")).toBe(true);
});

it("scores nothing behind the stop panel", async () => {
  const host = await showSession(inExercise());
  await key("F9");
  const before = host.asked.length;
  await key("1");
  expect(host.asked).toHaveLength(before);
});

it("asks for a reason before N/A", async () => {
  const host = await showSession(inExercise());
  await press("score-c1-not_applicable");
  expect(host.asked.some((one) => one.command === "observe")).toBe(false);
  await type("reason-c1-text", "No such part on this van");
  await press("reason-c1-save");
  expect(host.asked.at(-1)?.input).toMatchObject({ observation: { score: "not_applicable", reason: "No such part on this van" } });
});

it("moves on to the next step after an N/A by key, so that the next key cannot score over it", async () => {
  await showSession(inExercise());
  const step = () => at("exercise-step").dataset.step;
  const first = step();
  const criteria = document.querySelectorAll('[data-testid="exercise-step"] li[data-testid^="criterion-"]').length;
  for (let index = 1; index < criteria; index += 1) await key("1");
  await key("6");
  const reason = document.querySelector<HTMLElement>('[data-testid^="reason-"][data-testid$="-text"]')?.dataset.testid ?? "";
  await type(reason, "No such part on this van");
  await press(reason.replace("-text", "-save"));
  expect(step()).not.toBe(first);
});

it("applies a set-back seen time to one tap only", async () => {
  const host = await showSession(inExercise());
  await press("seen-30");
  await press("score-c1-unaided");
  await press("score-c2-unaided");
  const asked = host.asked.filter((one) => one.command === "observe").map((one) => one.input);
  expect(asked).toMatchObject([{ seenSecondsAgo: 30 }, { seenSecondsAgo: 0 }]);
});

it("says across the window that the second person is away", async () => {
  await showSession(inExercise());
  await press("second-person-left");
  expect(at("paused-band").textContent).toContain(words.exercise.away);
  await press("second-person-back");
  expect(there("paused-band")).toBe(false);
});

it("prefills nothing when proving dead and keeps what was typed until it is saved", async () => {
  const host = await showSession(inExercise());
  await press("step-st4");
  expect(button("proof-before-worked").disabled).toBe(true);
  expect(at("proof-reading")).toHaveProperty("value", "");
  await type("proof-before-source", "Proving unit");
  host.failNext("observe", { message: "Not now." });
  await press("proof-before-worked");
  expect(at("proof-before-source")).toHaveProperty("value", "Proving unit");
});
