// One key covers everything but the observation under hand and stop.
import { expect, it } from "vitest";
import axe from "axe-core";
import { inExercise, asked, at, button, key, press, showSession, there, type } from "../../testing/screens";

const NAMES = ["Greta", "Finn", "Aino"];
const covered = () => {
  for (const name of NAMES) expect(document.body.textContent, name).not.toContain(name);
  for (const testid of ["exercise-log", "exercise-where", "exercise-home", "end-exercise", "photo-c1", "note-c1"]) expect(there(testid), testid).toBe(false);
  expect(button("stop").disabled).toBe(false);
};

it("covers names, log and photos with F4 and shows them again", async () => {
  await showSession(inExercise());
  expect(document.body.textContent).toContain("Greta");
  await key("F4");
  covered();
  await key("F4");
  expect(there("covered")).toBe(false);
  expect(document.body.textContent).toContain("Greta");
  expect(there("exercise-log")).toBe(true);
});

it("covers by the button, and shows only the criterion under hand, which is still scored", async () => {
  const host = await showSession(inExercise());
  expect(at("hide").classList.contains("big")).toBe(true);
  await press("hide");
  covered();
  expect(there("criterion-c1")).toBe(true);
  expect(there("criterion-c2")).toBe(false);
  await key("1");
  expect(asked(host, "observe")).toMatchObject([{ observation: { kind: "score", criterionId: "c1", score: "unaided" } }]);
  expect(there("criterion-c2"), "the next one comes under hand").toBe(true);
  expect(at("exercise-saved").textContent, "what was seen is not said aloud").toBe("Saved");
  const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
  expect(violations.map((one) => one.id)).toEqual([]);
  await press("hide");
  expect(there("covered")).toBe(false);
});

it("names nobody of a team, and offers no swap", async () => {
  const one = inExercise();
  await showSession({ ...one, partner: { sessionId: "x2", name: "Finn Aaltonen" } });
  expect(at("exercise-swap").textContent).toContain("Finn");
  await key("F4");
  covered();
  expect(there("exercise-swap")).toBe(false);
});

it("takes a note under the cover, and forgets no draft", async () => {
  const host = await showSession(inExercise());
  await key("F4");
  await key("F2");
  await type("note-c1-text", "said it aloud");
  await press("note-c1-save");
  expect(asked(host, "observe")).toMatchObject([{ observation: { kind: "note", criterionId: "c1", text: "said it aloud" } }]);
  expect(document.body.textContent).not.toContain("said it aloud");
});

it("stops under the cover, and then nothing can be scored by mistake", async () => {
  const host = await showSession(inExercise());
  await key("F4");
  await key("F9");
  expect(asked(host, "observe")).toMatchObject([{ observation: { kind: "stop" } }]);
  expect(there("covered-stopped")).toBe(true);
  expect(there("stopped-panel")).toBe(false);
  await key("1");
  expect(asked(host, "observe")).toHaveLength(1);
  await key("F4");
  expect(there("stopped-panel")).toBe(true);
});

it("says under the cover that something is not saved, without saying what", async () => {
  const host = await showSession(inExercise());
  await key("F4");
  host.failNext("observe", { code: "disk_full", message: "The disk is full: this was NOT saved." });
  await key("1");
  expect(there("covered-unsaved")).toBe(true);
  await key("F4");
  expect(there("unsaved-taps")).toBe(true);
});
