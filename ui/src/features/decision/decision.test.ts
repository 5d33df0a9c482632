// What is put to the assessor, and the word the candidate is owed.
import { expect, it } from "vitest";
import { decided } from "../../lib/host/fake/decision";
import type { SessionView } from "../../lib/host";
import { at, button, inExercise, press, showSession, there, type } from "../../testing/screens";

const waitOpen = (session: SessionView): SessionView => ({ ...session, waits: session.waits.map((wait) => ({ ...wait, readyAt: Date.now() + 60_000 })) });

it("answers a question by the rule it is about", async () => {
  const host = await showSession(decided(waitOpen(inExercise())));
  expect(at("question-w1").querySelector("h3")?.textContent).toBe("Wait for the capacitors to discharge");
  await type("question-w1-note", "I looked at my watch.");
  await press("question-w1-yes");
  expect(host.asked.at(-1)?.input).toMatchObject({ observation: { kind: "said", ruleId: "w1", kept: true, note: "I looked at my watch." } });
  expect(there("decision-questions")).toBe(false);
});

it("asks for a word to the candidate before it is confirmed, where one is owed", async () => {
  const host = await showSession(decided(inExercise()));
  expect(at("decision-feedback-why").textContent).toBe("The candidate is owed a word on what to do better.");
  expect(button("decision-confirm").disabled).toBe(true);
  await type("decision-feedback", "Check the gloves first.");
  await press("decision-confirm");
  expect(host.asked.at(-1)?.input).toMatchObject({ borderline: false, note: "Check the gloves first." });
});

it("asks for none where none is owed", async () => {
  const session = decided(inExercise());
  const host = await showSession({ ...session, decision: session.decision && { ...session.decision, needsFeedback: false } });
  expect(there("decision-feedback")).toBe(false);
  await press("decision-confirm");
  expect(host.asked.at(-1)?.input).toMatchObject({ note: "" });
});

it("lets one acknowledge alone where nobody stands by", async () => {
  const session = decided(inExercise({ secondPerson: null }));
  await showSession({ ...session, phase: "acknowledgement" });
  expect(there("ack-second_person")).toBe(false);
  await press("ack-candidate-way-typed");
  await type("ack-candidate-name", "Greta Šimková");
  await press("ack-candidate-save");
  expect(button("seal").disabled).toBe(false);
});
