// Whoever comes in goes straight back to where they were, whatever the phase, and of a team to the one who works.
import { expect, it } from "vitest";
import { rows } from "./host/fake/fixtures";
import type { SessionRowView } from "./host";
import { toReopen } from "./reopen";

const [some] = rows();
const row = (id: string, touchedAt: number, phase: SessionRowView["phase"], more: Partial<SessionRowView> = {}): SessionRowView => {
  if (some === undefined) throw new Error("there is a row");
  return { ...some, id, touchedAt, phase, partnerId: null, standsBy: false, ...more };
};

it.each(["gate", "exercise", "stopped", "decision", "acknowledgement"] as const)("goes back to the %s", (phase) => {
  expect(toReopen([row("later-opened", 1, "gate"), row("it", 2, phase), row("over", 1, "sealed")])).toBe("it");
});

it.each(["sealed", "abandoned"] as const)("stays at home where the last one is %s", (phase) => {
  expect(toReopen([row("it", 2, phase), row("earlier", 1, "gate")])).toBe(null);
  expect(toReopen([row("it", 3, phase), row("longer", 1, "exercise"), row("runs", 2, "stopped")]), "an exercise that runs").toBe("runs");
});

it("goes back to where the window was locked, and home where that was", () => {
  const some = [row("last", 3, "gate"), row("left", 1, "decision"), row("runs", 2, "exercise")];
  expect(toReopen(some, "left")).toBe("left");
  expect(toReopen(some, null), "home").toBe(null);
  expect(toReopen(some, "gone"), "what is not there any more").toBe("last");
  expect(toReopen([row("left", 3, "sealed"), row("runs", 2, "exercise")], "left"), "an exercise that runs").toBe("runs");
});

it("stays at home where there is nothing", () => expect(toReopen([])).toBe(null));

it("goes to the member of a team who works", () => {
  const stander = (more: Partial<SessionRowView> = {}) => row("stands", 5, "exercise", { partnerId: "works", standsBy: true, ...more });
  const worker = (phase: SessionRowView["phase"], touchedAt = 5) => row("works", touchedAt, phase, { partnerId: "stands" });
  expect(toReopen([stander(), worker("exercise")])).toBe("works");
  expect(toReopen([worker("exercise"), stander()])).toBe("works");
  expect(toReopen([stander({ touchedAt: 6 }), worker("stopped")]), "a note on the other one").toBe("works");
  expect(toReopen([stander(), worker("gate", 1)]), "who has to fill in their own gate first").toBe("works");
  expect(toReopen([stander({ touchedAt: 6 }), worker("decision")]), "whose exercise is over").toBe("stands");
});
