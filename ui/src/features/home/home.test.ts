// The list of sessions: nobody stands by in some, and some cannot be shown.
import { expect, it } from "vitest";
import { rows } from "../../lib/host/fake/fixtures";
import { asked, at, press, showHome, there } from "../../testing/screens";

it("names a second person only where there is one", async () => {
  await showHome();
  expect(at("session-row-r1").textContent).toContain("second person Finn Aaltonen");
  expect(at("session-row-r5").textContent).not.toContain("second person");
});

it("says quietly how many cannot be shown", async () => {
  await showHome({ unreadable: 2 });
  expect(at("home-unreadable").textContent).toBe("2 assessments were made by an earlier version and cannot be shown here. They are kept.");
});

it("says nothing where all can be shown and nothing is under way", async () => {
  await showHome({ rows: rows().filter((row) => row.phase !== "exercise") });
  expect(there("home-unreadable")).toBe(false);
  expect(there("home-watching")).toBe(false);
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

it("reads what is over and in the register when somebody asks for it", async () => {
  const earlier = rows().filter((row) => row.id === "r4").map((row) => ({ ...row, id: "e1" }));
  const host = await showHome({ earlier });
  expect(at("home-earlier").textContent).toBe("Show 1 earlier assessment, all in the register or given up");
  expect(asked(host, "earlier_sessions")).toEqual([]);
  host.failNext("earlier_sessions", { code: "unexpected", message: "The store could not be read." });
  await press("home-earlier");
  expect(at("home-earlier-error").textContent).toContain("could not be read");
  await press("home-earlier");
  expect(at("home-earlier-sessions").querySelectorAll("li").length).toBe(1);
  expect(there("home-earlier")).toBe(false);
  await press("session-open-e1");
  expect(asked(host, "session")).toEqual([{ sessionId: "e1" }]);
});

it("counts what arrived, also what is among the earlier ones now, and shows it there when they are open", async () => {
  const waits = rows().filter((row) => row.id === "r2");
  const old = waits.map((row) => ({ ...row, id: "old" }));
  const before = rows().filter((row) => row.id === "r4").map((row) => ({ ...row, id: "e1" }));
  const host = await showHome({ rows: [...waits, ...old], earlier: before, notAtHand: ["old"] });
  await press("home-earlier");
  expect(document.activeElement, "the keyboard goes on with the list").toBe(at("home-earlier-sessions"));
  await press("home-send");
  expect(at("home-send-outcome").textContent).toBe("2 records are now in the register.");
  expect(asked(host, "earlier_sessions")).toHaveLength(2);
  expect(there("session-row-old")).toBe(true);
  expect(at("home-earlier-sessions").querySelectorAll("li").length).toBe(2);
});

it("says what stays when not everything arrived, and that nothing did", async () => {
  const waits = rows().filter((row) => row.id === "r2");
  const held = waits.map((row) => ({ ...row, id: "held", place: "held" as const }));
  await showHome({ rows: [...waits, ...held] });
  await press("home-send");
  expect(at("home-send-outcome").textContent).toBe("1 record is now in the register. 1 not yet: the reason stands beside each.");
  await press("home-send");
  expect(at("home-send-outcome").textContent).toContain("Nothing has reached the register yet.");
});

it("asks the register where nothing of one's own waits, and says so", async () => {
  await showHome({ rows: [] });
  expect(at("home-send").textContent.trim()).toBe("Ask the register");
  await press("home-send");
  expect(at("home-send-outcome").textContent).toBe("Asked: nothing of yours waits for the register, and what is new there is here.");
});

it("says that the laptop does not lock by itself while an exercise is under way", async () => {
  await showHome({ rows: rows().filter((row) => row.phase === "exercise") });
  expect(at("home-watching").textContent).toContain("does not lock by itself");
});

it("goes on showing what came to light since the screen was drawn", async () => {
  const host = await showHome({ noticed: "A copy is at work." });
  host.notices("A copy is at work.\nA photo is lost.");
  await press("home-noticed-dismiss");
  expect(at("home-noticed").textContent).toContain("A photo is lost.");
  await press("home-noticed-dismiss");
  expect(there("home-noticed")).toBe(false);
});

it("offers nothing earlier where there is nothing", async () => {
  await showHome();
  expect(there("home-earlier")).toBe(false);
});
