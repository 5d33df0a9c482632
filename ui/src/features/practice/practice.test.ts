// Practice: how a holder stands, and an entry that is recorded with what shows it.
import { expect, it } from "vitest";
import { fresh } from "../../lib/host/fake/fake";
import { words } from "../../lib/words";
import { at, attach, button, press, showSession, there, type } from "../../testing/screens";

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
  expect(at("practice-entries").textContent).toContain("1 Mar 2026");
  expect(there("entry-form")).toBe(false);
});

it("keeps the form and says what to do when the entry is refused", async () => {
  const host = await showSession({ ...fresh("s1"), phase: "sealed", sealed });
  await press("practice-add");
  await type("entry-on", "2026-03-01");
  host.failNext("record_activity", { message: "The day has not come yet.", next: "Record it once it has happened." });
  await press("entry-save");
  expect(at("entry-error").textContent).toContain("Record it once it has happened.");
  expect(there("entry-form")).toBe(true);
});

it("signs nothing that was not typed so", async () => {
  await showSession({ ...fresh("s1"), phase: "sealed", sealed });
  await press("practice-add");
  expect(button("entry-save").disabled).toBe(true);
  await type("entry-on", "2026-13-01");
  expect(at("entry-form").textContent).toContain(words.app.noDay);
  expect(button("entry-save").disabled).toBe(true);
  await type("entry-on", "2026-03-01");
  expect(button("entry-save").disabled).toBe(false);
  await type("entry-since", "1.3.2026");
  expect(button("entry-save").disabled).toBe(true);
  await press("entry-kind-refresher");
  for (const minutes of ["", "7.5", "-60"]) {
    await type("entry-minutes", minutes);
    expect(button("entry-save").disabled).toBe(true);
  }
  await type("entry-minutes", "60");
  expect(button("entry-save").disabled).toBe(false);
});

it("asks nothing about practice where no certificate went out", async () => {
  const host = await showSession({ ...fresh("s1"), phase: "sealed", sealed: { ...sealed, document: "result_sheet" } });
  expect(there("practice")).toBe(false);
  expect(host.asked.some((one) => one.command === "practice")).toBe(false);
});
