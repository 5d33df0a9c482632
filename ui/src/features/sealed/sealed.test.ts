// A sealed session: correcting a name by a further record, and what was corrected.
import { expect, it } from "vitest";
import { fresh } from "../../lib/host/fake/fake";
import { asked, at, button, press, showSession, there, type } from "../../testing/screens";

const sealed = {
  recordDigest: "9f".repeat(32), chainIndex: 2, sealedAt: 0, document: "certificate" as const, documentOpenedAt: 1,
  place: "in_register" as const, placeNote: null, registerNumber: 4, registeredAt: 0,
};

it("corrects a name only with something changed and a reason, and shows both records", async () => {
  const host = await showSession({ ...fresh("s1"), phase: "sealed", sealed });
  expect(there("sealed-corrected")).toBe(false);
  expect(there("sealed-send")).toBe(false);
  await press("correct");
  expect(at("correct-take-back").textContent).toContain("take it back");
  await type("correct-reason", "One letter was missing.");
  expect(button("correct-save").disabled).toBe(true);
  await type("correct-name", "Carol Right");
  await press("correct-save");
  expect(host.asked.at(-1)).toEqual({
    command: "correct_record",
    input: { sessionId: "s1", name: "Carol Right", birthYear: fresh("s1").candidate.birthYear, reason: "One letter was missing." },
  });
  expect(there("correct-form")).toBe(false);
  expect(at("sealed-corrected").textContent).toContain("One letter was missing.");
  expect(at("sealed-corrected").textContent).toContain("In register no. 4");
  expect(at("sealed-place").dataset.place).toBe("on_this_laptop");
  expect(there("sealed-send")).toBe(true);
});

it("keeps what was typed when the correction is refused", async () => {
  const host = await showSession({ ...fresh("s1"), phase: "sealed", sealed: { ...sealed, documentOpenedAt: null } });
  await press("correct");
  expect(there("correct-take-back")).toBe(false);
  await type("correct-name", "Carol Right");
  await type("correct-reason", "why");
  host.failNext("correct_record", { message: "The letter cannot be printed.", next: "Write it otherwise." });
  await press("correct-save");
  expect(at("correct-error").textContent).toContain("Write it otherwise.");
  expect(there("correct-form")).toBe(true);
});

it("erases parts only of what the register has, with a reason, and says what is gone", async () => {
  const host = await showSession({ ...fresh("s1"), phase: "sealed", sealed });
  await press("erase");
  await press("erase-person");
  await press("erase-log");
  await press("erase-log");
  expect(button("erase-now").disabled).toBe(true);
  await type("erase-reason", "The time to keep it is over.");
  host.failNext("erase_parts", { code: "traces_remain", message: "Traces may remain." });
  await press("erase-now");
  expect(at("erase-error").dataset.code).toBe("traces_remain");
  await press("erase-now");
  expect(asked(host, "erase_parts").at(-1)).toEqual({ sessionId: "s1", parts: ["person"], reason: "The time to keep it is over." });
  expect(at("erased").textContent).toBe("Erased on this laptop: The candidate.");
  await press("erase");
  expect(there("erase-person"), "what is gone is not offered again").toBe(false);
  expect(button("erase-now").disabled).toBe(true);
});

it("offers no erasing while the register lacks a record", async () => {
  await showSession({ ...fresh("s1"), phase: "sealed", sealed: { ...sealed, place: "on_this_laptop" } });
  expect(there("erase")).toBe(false);
});

it("does not simply send what was refused, nor let it be erased, and warns of its paper", async () => {
  await showSession({ ...fresh("s1"), phase: "sealed", sealed: { ...sealed, place: "refused", placeNote: "The delegation ended." } });
  expect(at("sealed-place").textContent).toContain("Refused");
  expect(there("sealed-send")).toBe(false);
  expect(there("erase")).toBe(false);
  expect(at("sealed-paper-refused").textContent).toContain("give it to nobody");
});

it("seals anew what was refused, with a reason and nothing changed", async () => {
  const host = await showSession({ ...fresh("s1"), phase: "sealed", sealed: { ...sealed, place: "refused" } });
  expect(at("correct").textContent).toBe("Seal it anew");
  await press("correct");
  expect(button("correct-save").disabled, "no reason yet").toBe(true);
  await type("correct-reason", "A copy of the laptop was in use.");
  await press("correct-save");
  const { name, birthYear } = fresh("s1").candidate;
  expect(asked(host, "correct_record")).toEqual([{ sessionId: "s1", name, birthYear, reason: "A copy of the laptop was in use." }]);
});
