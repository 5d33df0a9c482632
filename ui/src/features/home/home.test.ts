// The list of sessions: nobody stands by in some, and some cannot be shown.
import { expect, it } from "vitest";
import { at, press, showHome, there } from "../../testing/screens";

it("names a second person only where there is one", async () => {
  await showHome();
  expect(at("session-row-r1").textContent).toContain("second person Finn Aaltonen");
  expect(at("session-row-r5").textContent).not.toContain("second person");
});

it("says quietly how many cannot be shown", async () => {
  await showHome({ unreadable: 2 });
  expect(at("home-unreadable").textContent).toBe("2 assessments were made by an earlier version and cannot be shown here. They are kept.");
});

it("says nothing where all can be shown", async () => {
  await showHome();
  expect(there("home-unreadable")).toBe(false);
});

it("shows what the last sending found that people have to look at, and nothing otherwise", async () => {
  await showHome({ warning: "Somebody works with a copy of this laptop." });
  expect(at("home-warning").textContent).toContain("a copy of this laptop");
});

it("tells that the register was restored until somebody says that they have seen it", async () => {
  const host = await showHome({ restored: "The register was restored from a backup.", noticed: "A copy is at work.", warning: "Something else." });
  expect(at("home-restored").textContent).toContain("restored from a backup");
  host.failNext("dismiss_restored", { code: "disk_full", message: "The disk is full." });
  await press("home-restored-dismiss");
  expect(at("home-dismiss-error").textContent).toContain("The disk is full.");
  expect(there("home-restored"), "it stays told").toBe(true);
  await press("home-restored-dismiss");
  expect(there("home-restored")).toBe(false);
  expect(there("home-warning"), "and nothing else goes with it").toBe(true);
  expect(at("home-noticed").textContent).toContain("A copy is at work.");
  await press("home-noticed-dismiss");
  expect(there("home-noticed")).toBe(false);
});

it("names the register where there is one", async () => {
  await showHome();
  expect(at("home-register").textContent).toBe("https://register.example");
});

it("warns of nothing where there is nothing", async () => {
  await showHome();
  expect(there("home-warning")).toBe(false);
});
