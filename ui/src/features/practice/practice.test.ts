// Practice: how a holder stands, and an entry that is recorded with what shows it.
import { expect, it } from "vitest";
import { fresh } from "../../lib/host/fake/fake";
import { at, attach, press, showSession, there, type } from "../../testing/screens";

const sealed = {
  recordDigest: "9f".repeat(32), chainIndex: 2, sealedAt: 0, document: "certificate" as const, documentOpenedAt: null,
  place: "on_this_laptop" as const, placeNote: null, registerNumber: null, registeredAt: null,
};

it("shows how the holder stands and records an entry with its proof", async () => {
  const host = await showSession({ ...fresh("s1"), phase: "sealed", sealed });
  expect(at("practice-status").dataset.answer).toBe("yes");
  expect(there("practice-empty")).toBe(true);
  await press("practice-add");
  await type("entry-on", "2026-03-01");
  await attach("entry-proof", new File(["order"], "order.pdf"));
  await press("entry-save");
  expect(host.asked.at(-1)).toEqual({
    command: "record_activity",
    input: { sessionId: "s1", on: "2026-03-01", entry: { kind: "work", work: "live work", since: "2026-03-01" }, attestedBy: null, proof: "ab".repeat(32) },
  });
  expect(at("practice-entries").textContent).toContain("2026-03-01");
  expect(there("entry-form")).toBe(false);
});

it("keeps the form and says what to do when the entry is refused", async () => {
  const host = await showSession({ ...fresh("s1"), phase: "sealed", sealed });
  await press("practice-add");
  await type("entry-on", "2026-13-01");
  host.failNext("record_activity", { message: "This is not a day.", next: "Write it as year-month-day." });
  await press("entry-save");
  expect(at("entry-error").textContent).toContain("Write it as year-month-day.");
  expect(there("entry-form")).toBe(true);
});

it("asks nothing about practice where no certificate went out", async () => {
  const host = await showSession({ ...fresh("s1"), phase: "sealed", sealed: { ...sealed, document: "result_sheet" } });
  expect(there("practice")).toBe(false);
  expect(host.asked.some((one) => one.command === "practice")).toBe(false);
});
