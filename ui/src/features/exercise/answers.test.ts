// Answers of every kind, parts, evidence and teams: what is recorded, and when nothing is.
import { afterEach, expect, it, vi } from "vitest";
import { fakeHost, fresh, type FakeHost } from "../../lib/host/fake/fake";
import { attendanceScheme, teamScheme } from "../../lib/host/fake/schemes";
import { changed } from "../../lib/host/fake/session";
import { words } from "../../lib/words";
import { at, attach, button, inExercise, key, press, settled, showSession, showWindow, there, type, unlocked } from "../../testing/screens";

const last = (host: FakeHost) => host.asked.at(-1)?.input;
const observed = (host: FakeHost) => host.asked.filter((one) => one.command === "observe");

afterEach(() => vi.restoreAllMocks());

async function atStep(step: string): Promise<FakeHost> {
  const host = await showSession(inExercise());
  await press(step);
  return host;
}

it("records a level by picking it, and fills it in only once it is saved", async () => {
  const host = await atStep("step-st6");
  const release = host.hold("observe");
  await press("answer-c11-level-2");
  expect(at("answer-c11-level-2").getAttribute("aria-pressed")).toBe("false");
  expect(at("criterion-state-c11").textContent).toContain(words.exercise.saving);
  release();
  await settled();
  expect(last(host)).toMatchObject({ observation: { kind: "answered", criterionId: "c11", answer: { kind: "level", level: 2 } } });
  expect(at("answer-c11-level-2").getAttribute("aria-pressed")).toBe("true");
  expect(at("criterion-state-c11").textContent).toContain("Level 2");
  expect(at("criterion-c11").dataset.answer).toBe("level");
});

it("records a measurement with the instrument, and none that is not a number", async () => {
  const host = await atStep("step-st6");
  await type("answer-c12-value", "about 5");
  expect(button("answer-c12-save").disabled).toBe(true);
  await type("answer-c12-value", "-5,25");
  await type("answer-c12-instrument", "ISO-7");
  await press("answer-c12-save");
  expect(last(host)).toMatchObject({ observation: { answer: { kind: "measured", value: "-5.25", instrument: "ISO-7" } } });
});

it("records what was chosen, and corrects it", async () => {
  const host = await atStep("step-st6");
  expect(button("answer-c13-save").disabled).toBe(true);
  await press("answer-c13-option-a");
  await press("answer-c13-option-b");
  await press("answer-c13-option-a");
  await press("answer-c13-save");
  expect(last(host)).toMatchObject({ observation: { answer: { kind: "chosen", options: ["b"] } } });
  await press("answer-c13-option-a");
  await press("answer-c13-save");
  expect(at("criterion-state-c13").textContent).toContain(words.exercise.corrected);
});

it("records a count, and never makes another number out of one with a point", async () => {
  const host = await atStep("step-st6");
  await type("answer-c14-number", "1.5");
  expect(button("answer-c14-save").disabled).toBe(true);
  await type("answer-c14-number", "3");
  await press("answer-c14-save");
  expect(last(host)).toMatchObject({ observation: { answer: { kind: "counted", number: 3 } } });
});

it("measures with the stopwatch on a clock that does not jump, also while another step is on the screen", async () => {
  const now = vi.spyOn(performance, "now").mockReturnValue(1000);
  const host = await atStep("step-st7");
  await type("answer-c15-seconds", "5");
  expect(button("answer-c15-save").disabled).toBe(false);
  await press("answer-c15-stopwatch");
  expect(button("answer-c15-save").disabled).toBe(true);
  await press("step-previous");
  now.mockReturnValue(13_340);
  await press("step-next");
  await press("answer-c15-stopwatch");
  expect(at("answer-c15-seconds")).toHaveProperty("value", "12.3");
  await press("answer-c15-save");
  expect(last(host)).toMatchObject({ observation: { answer: { kind: "timed", seconds: "12.3" } } });
});

it("records the points heard and the prompts given", async () => {
  const host = await atStep("step-st7");
  expect(at("answer-c16-prompts").textContent).toContain("Who comes first?");
  await press("answer-c16-point-2");
  await press("answer-c16-point-1");
  await press("answer-c16-more");
  await press("answer-c16-more");
  await press("answer-c16-fewer");
  await press("answer-c16-save");
  expect(last(host)).toMatchObject({ observation: { answer: { kind: "heard", points: [1, 2], prompts: 1 } } });
});

it("keeps a text that is being written when another step comes onto the screen", async () => {
  const host = await atStep("step-st7");
  await type("answer-c17-text", "The key is in the box.");
  await press("step-st1");
  await press("step-st7");
  await press("answer-c17-save");
  expect(last(host)).toMatchObject({ observation: { answer: { kind: "written", text: "The key is in the box." } } });
});

it("says what is entered and not saved, leads there, and does not end before", async () => {
  await atStep("step-st7");
  expect(there("open-draft")).toBe(false);
  await type("answer-c17-text", "The key is in the box.");
  await press("step-st1");
  expect(at("open-draft").textContent).toContain(words.exercise.openDraftLead);
  expect(button("end-exercise").disabled).toBe(true);
  await press("open-draft-go");
  expect(at("answer-c17-text")).toHaveProperty("value", "The key is in the box.");
  await press("answer-c17-save");
  expect(there("open-draft")).toBe(false);
  expect(button("end-exercise").disabled).toBe(false);
  await press("answer-c17-save");
  await type("answer-c17-text", "In the box.");
  await type("answer-c17-text", "The key is in the box.");
  expect(there("open-draft")).toBe(false);
});

it("offers the four scores that also apply to an answer, and none by key", async () => {
  const host = await atStep("step-st6");
  expect(there("score-c11-unaided")).toBe(false);
  expect(there("score-c11-prompted")).toBe(false);
  for (const name of ["1", "3", "6"]) await key(name);
  expect(observed(host)).toHaveLength(0);
  expect(there("reason-c11-text")).toBe(false);
  await press("score-c11-not_seen");
  expect(last(host)).toMatchObject({ observation: { kind: "score", criterionId: "c11", score: "not_seen" } });
});

it("says which evidence is needed while it is due, and nothing while only observing is asked for", async () => {
  const host = await atStep("step-st7");
  expect(at("criterion-evidence-c17").textContent).toContain("1 file needed");
  expect(at("criterion-evidence-c17").textContent).toContain("0 of 1");
  await attach("file-c17", new File([new Uint8Array([1])], "handover.pdf"));
  expect(last(host)).toEqual({ sessionId: "x1", criterionId: "c17", name: "handover.pdf" });
  expect(at("criterion-evidence-c17").textContent).toContain("1 of 1");
  expect(at("criterion-files-c17").textContent).toBe("1 file");
});

it("hides what is needed while quiet, but keeps the photo", async () => {
  await showSession(inExercise({ quiet: true }));
  await press("step-st2");
  expect(there("criterion-evidence-c5")).toBe(false);
  expect(there("photo-c5")).toBe(true);
});

it("shows what is amiss with when it was done", async () => {
  await showSession(changed(inExercise(), "c1", (one) => ({ ...one, outOfOrder: ["Done before the area was marked."] })));
  expect(at("criterion-order-c1").textContent).toContain("Done before the area was marked.");
});

it("proves per criterion, and says that the object is live again only once it is proved", async () => {
  const host = await atStep("step-st4");
  expect(there("proof-reenergised")).toBe(false);
  await type("proof-before-source", "Proving unit");
  await press("proof-before-worked");
  expect(last(host)).toMatchObject({ observation: { kind: "tester_before", criterionId: "c8" } });
  await type("proof-after-source", "Proving unit");
  await press("proof-after-worked");
  await press("proof-reenergised");
  expect(last(host)).toMatchObject({ observation: { kind: "reenergised" } });
  expect(at("proof").dataset.status).toBe("not_started");
});

it("begins and ends a part", async () => {
  const host = await showSession(inExercise());
  expect(there("part-pa1-end")).toBe(false);
  await press("part-pa1-begin");
  expect(last(host)).toMatchObject({ observation: { kind: "part_began", partId: "pa1" } });
  expect(at("part-pa1-time").textContent).toBe("00:00");
  await press("part-pa1-end");
  expect(last(host)).toMatchObject({ observation: { kind: "part_ended", partId: "pa1" } });
});

it("neither begins nor ends the only part there is", async () => {
  await showSession(inExercise({ scheme: teamScheme() }));
  expect(there("part-pa1-begin")).toBe(false);
  expect(at("part-pa1-limit").textContent).toContain("1:00:00");
});

it("takes the marks of a part with its day and reference", async () => {
  const host = await atStep("part-pa2");
  await type("part-pa2-points", "17");
  await type("part-pa2-of", "20");
  await type("part-pa2-on", "2026-11-0");
  await type("part-pa2-reference", "Sheet 4");
  expect(button("part-pa2-save").disabled).toBe(true);
  await press("step-st1");
  expect(there("open-draft")).toBe(true);
  await press("open-draft-go");
  expect(at("part-pa2-points")).toHaveProperty("value", "17");
  await type("part-pa2-on", "2026-11-02");
  await press("part-pa2-save");
  expect(last(host)).toMatchObject({ observation: { kind: "part_marked", partId: "pa2", points: 17, of: 20, on: "2026-11-02", reference: "Sheet 4" } });
  expect(at("part-pa2-state").textContent).toContain("17 of 20 points");
});

it("knows nobody who could leave where nobody stands by", async () => {
  const host = await showSession(inExercise({ secondPerson: null, secondPersonPresent: false }));
  expect(there("second-person-left")).toBe(false);
  expect(there("paused-band")).toBe(false);
  await key("F8");
  expect(observed(host)).toHaveLength(0);
  expect(at("exercise-keys").textContent).not.toContain("F8");
  await press("stop");
  expect(there("stopped-by-second_person")).toBe(false);
});

function team(): FakeHost {
  const one = { ...inExercise(), partner: { sessionId: "x2", name: "Dmitri Łukasik" } };
  const other = { ...inExercise({ scheme: teamScheme() }), id: "x2", candidate: { ...one.candidate, name: "Dmitri Łukasik" }, partner: { sessionId: "x1", name: one.candidate.name }, standsBy: true };
  return fakeHost({ status: { unlocked }, rows: [], sessions: [one, other] });
}

it("swaps to the other one's session, and back", async () => {
  const host = team();
  await showWindow(host, { rows: ["x1"] });
  expect(at("exercise-partner").textContent).toContain("Dmitri Łukasik");
  await press("exercise-swap");
  expect(host.asked.at(-1)).toEqual({ command: "swap", input: { sessionId: "x1" } });
  expect(at("screen-exercise").querySelector("h1")?.textContent).toBe("Dmitri Łukasik");
  await press("score-c1-unaided");
  expect(last(host)).toMatchObject({ sessionId: "x2" });
});

it("says who stands by, and lets them work", async () => {
  const host = team();
  await showWindow(host, { rows: ["x2"] });
  expect(there("exercise-swap")).toBe(false);
  expect(at("stands-by-band").textContent).toContain("Dmitri Łukasik stands by; Greta Šimková works.");
  await press("stands-by-swap");
  expect(host.asked.at(-1)).toEqual({ command: "swap", input: { sessionId: "x2" } });
  expect(there("stands-by-band")).toBe(false);
});

it("swaps only when every tap is saved, and an answer that comes late does not bring the other session back", async () => {
  const host = team();
  await showWindow(host, { rows: ["x1"] });
  host.failNext("observe", { code: "disk_full", message: "The disk is full." });
  await press("score-c1-unaided");
  expect(button("exercise-swap").disabled).toBe(true);
  await press("unsaved-retry-1");
  const release = host.hold("attach_photo");
  await attach("photo-c1", new File([new Uint8Array([1])], "a.png"));
  await press("exercise-swap");
  release();
  await settled();
  expect(at("screen-exercise").querySelector("h1")?.textContent).toBe("Dmitri Łukasik");
});

it("says so when swapping failed", async () => {
  const host = team();
  await showWindow(host, { rows: ["x1"] });
  host.failNext("swap", { code: "rule", message: "Dmitri Łukasik is done." });
  await press("exercise-swap");
  expect(at("exercise-swap-error").textContent).toContain("Dmitri Łukasik is done.");
});

it("opens nothing under a scheme without parts", async () => {
  await showSession({ ...fresh("x3", { scheme: attendanceScheme() }), phase: "exercise" });
  expect(there("screen-exercise")).toBe(true);
  expect(there("exercise-step")).toBe(false);
});
