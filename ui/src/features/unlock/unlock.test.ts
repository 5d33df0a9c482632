// Unlocking: the wait after a wrong passphrase, and the demonstration card.
import { afterEach, expect, it, vi } from "vitest";
import { asked, at, button, field, press, settled, showHome, showWindow, stillClock, there, type, unlocked } from "../../testing/screens";
import { fakeHost } from "../../lib/host/fake/fake";
import { rows } from "../../lib/host/fake/fixtures";

afterEach(() => vi.useRealTimers());

it("counts the wait down and lets nobody try before it is over", async () => {
  stillClock();
  await showWindow(fakeHost());
  await press("unlock-assessor-a1");
  await type("unlock-passphrase", "wrong");
  await press("unlock-button");
  expect(at("unlock-error").textContent).toContain("That is not the passphrase.");
  expect(at("unlock-wait").textContent).toContain("00:05");
  await type("unlock-passphrase", "again");
  expect(button("unlock-button").disabled).toBe(true);
  vi.advanceTimersByTime(3000);
  await settled();
  expect(at("unlock-wait").textContent).toContain("00:02");
  vi.advanceTimersByTime(2000);
  await settled();
  expect(there("unlock-wait")).toBe(false);
  expect(button("unlock-button").disabled).toBe(false);
});

it("fills in a demonstration passphrase and opens home", async () => {
  await showWindow(fakeHost({ rows: [] }));
  await press("demonstration-fill-1");
  expect(field("unlock-passphrase").value).toBe("quiet harbour winter bread");
  await press("unlock-button");
  expect(there("screen-home")).toBe(true);
});

it("goes straight back to where the person was", async () => {
  const host = fakeHost();
  await showWindow(host);
  await press("demonstration-fill-1");
  await press("unlock-button");
  expect(asked(host, "session")).toEqual([{ sessionId: "r1" }]);
  expect(there("screen-home")).toBe(false);
});

it("goes to the one touched last of several that are not over, whatever the phase", async () => {
  const [first] = rows();
  if (first === undefined) throw new Error("the fixtures have no rows");
  const host = fakeHost({ rows: [first, { ...first, id: "r9", phase: "gate", touchedAt: first.touchedAt + 1 }] });
  await showWindow(host);
  await press("demonstration-fill-1");
  await press("unlock-button");
  expect(asked(host, "session")).toEqual([{ sessionId: "r9" }]);
  expect(there("screen-gate")).toBe(true);
});

it("stays at home where what was touched last is over", async () => {
  const [first] = rows();
  if (first === undefined) throw new Error("the fixtures have no rows");
  const host = fakeHost({ rows: [{ ...first, phase: "gate" }, { ...first, id: "r9", phase: "sealed", touchedAt: first.touchedAt + 1 }] });
  await showWindow(host);
  await press("demonstration-fill-1");
  await press("unlock-button");
  expect(asked(host, "session")).toEqual([]);
  expect(there("screen-home")).toBe(true);
});

it("goes back to the session at which the window was locked, though another was touched later", async () => {
  const [first] = rows();
  if (first === undefined) throw new Error("the fixtures have no rows");
  const host = await showHome({ rows: [{ ...first, phase: "gate" }, { ...first, id: "r9", phase: "gate", touchedAt: first.touchedAt + 1 }] });
  await press("session-open-r1");
  host.failNext("save_gate", { code: "locked", message: "The laptop was locked." });
  await press("gate-tick-gloves");
  expect(there("screen-unlock")).toBe(true);
  await press("demonstration-fill-0");
  await press("unlock-button");
  expect(asked(host, "session").at(-1)).toEqual({ sessionId: "r1" });
});

it("stays at home where the window was locked at home, and for somebody else goes to what they touched last", async () => {
  const host = await showHome();
  await press("home-lock");
  await press("demonstration-fill-0");
  await press("unlock-button");
  expect(asked(host, "session")).toEqual([]);
  expect(there("screen-home")).toBe(true);
  await press("home-lock");
  await press("demonstration-fill-1");
  await press("unlock-button");
  expect(asked(host, "session")).toEqual([{ sessionId: "r1" }]);
});

it("shows no name any more as soon as somebody locks, whatever Rust still does", async () => {
  const host = await showHome();
  const release = host.hold("lock");
  await press("home-lock");
  expect(there("screen-unlock")).toBe(true);
  expect(document.body.textContent).not.toContain("Greta");
  release();
  await settled();
  expect(there("screen-unlock")).toBe(true);
});

it("shows no card and no band on a laptop that is not for demonstration", async () => {
  await showWindow(fakeHost({ status: { demonstration: null } }));
  expect(there("demonstration-card")).toBe(false);
  expect(there("demonstration-band")).toBe(false);
});

it("goes back to unlocking when Rust says the laptop is locked", async () => {
  const host = fakeHost({ status: { unlocked } });
  await showWindow(host);
  host.failNext("send", { code: "locked", message: "The laptop was locked." });
  await press("home-send");
  expect(there("screen-unlock")).toBe(true);
  expect(at("unlock-notice").textContent).toContain("The laptop was locked.");
});

it("locks at once while home is still loading, and what arrives later shows nothing", async () => {
  const host = await showHome();
  await press("home-verify");
  const release = host.hold("home");
  await press("verify-back");
  await press("home-lock");
  expect(there("screen-unlock")).toBe(true);
  release();
  await settled();
  await press("unlock-verify");
  await press("verify-back");
  expect(there("screen-unlock")).toBe(true);
});

async function lockedWithPin() {
  const host = await showHome({ rows: [] });
  await press("home-laptop");
  await type("laptop-pin-field", "271828");
  await press("laptop-pin-set");
  await press("laptop-back");
  await press("home-lock");
  await press("unlock-assessor-a1");
  return host;
}

it("asks for the PIN first where there is one, and unlocks by it", async () => {
  const host = await lockedWithPin();
  expect(field("unlock-pin").inputMode).toBe("numeric");
  expect(document.activeElement).toBe(at("unlock-pin"));
  await type("unlock-pin", "271828");
  await press("unlock-button");
  expect(host.asked.some((one) => one.command === "unlock_with_pin")).toBe(true);
  expect(there("screen-home")).toBe(true);
});

it("takes the passphrase instead of the PIN, and carries nothing over", async () => {
  const host = await lockedWithPin();
  await type("unlock-pin", "27");
  await press("unlock-use-passphrase");
  expect(field("unlock-passphrase").value).toBe("");
  expect(document.activeElement).toBe(at("unlock-passphrase"));
  await press("unlock-use-pin");
  expect(field("unlock-pin").value).toBe("");
  await press("unlock-use-passphrase");
  await type("unlock-passphrase", "copper lantern seven hills");
  await press("unlock-button");
  expect(host.asked.findLast(({ command }) => command.startsWith("unlock"))?.command).toBe("unlock");
  expect(there("screen-home")).toBe(true);
});

it("asks for the PIN again once somebody is chosen anew", async () => {
  await lockedWithPin();
  await press("unlock-use-passphrase");
  await press("unlock-assessor-a2");
  await press("unlock-assessor-a1");
  expect(there("unlock-pin")).toBe(true);
});

it("asks only for the passphrase after the fifth wrong PIN, and for nobody else’s PIN", async () => {
  await lockedWithPin();
  await press("unlock-assessor-a2");
  expect(there("unlock-pin")).toBe(false);
  await press("unlock-assessor-a1");
  for (let wrong = 1; wrong <= 5; wrong += 1) {
    await type("unlock-pin", "000000");
    await press("unlock-button");
    expect(at("unlock-error").dataset.code).toBe("wrong_pin");
    expect(there("unlock-pin"), `after ${wrong}`).toBe(wrong < 5);
  }
  expect(field("unlock-passphrase").value).toBe("");
  expect(at("unlock-error").textContent).toContain("Unlock with your passphrase");
});

it("sends what is sealed while nobody is in, once that was turned on, and tells figures alone", async () => {
  const host = await showHome({ rows: [] });
  await press("home-lock");
  expect(there("unlock-send"), "off until somebody turns it on").toBe(false);
  await press("demonstration-fill-1");
  await press("unlock-button");
  await press("home-laptop");
  await press("laptop-key-store-switch");
  await press("laptop-back");
  await press("home-lock");
  await press("unlock-send");
  expect(asked(host, "send_while_locked")).toEqual([{}]);
  expect(at("unlock-send-outcome").textContent).toBe("2 records are in the register now. 1 not yet, kept on this laptop: unlock to see why.");
  host.failNext("send_while_locked", { code: "rule", message: "The key store did not answer in time." });
  await press("unlock-send");
  expect(at("unlock-send-error").textContent).toContain("did not answer");
  expect(there("screen-unlock"), "nobody is in").toBe(true);
});
