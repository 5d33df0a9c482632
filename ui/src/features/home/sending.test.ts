// Sending by itself, as home shows it: what leaves and how far, why nothing does, pausing, and what arrived unasked.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { LOOK_MS } from "../../lib/sending.svelte";
import { asked, at, button, press, settled, showHome, stillClock, there } from "../../testing/screens";

beforeEach(stillClock);
afterEach(() => void vi.useRealTimers());

/** Lets the screen look once more. */
async function look(): Promise<void> {
  vi.advanceTimersByTime(LOOK_MS);
  await settled();
}

const said = () => at("sending-said").textContent;

it("says that nothing waits, and offers to pause", async () => {
  await showHome();
  expect(said()).toBe("What is sealed leaves by itself. Nothing waits.");
  expect(there("sending-progress")).toBe(false);
});

it.each([
  ["paused", "Paused. 2 records wait on this laptop until somebody resumes sending."],
  ["metered", "This connection is paid for by volume. 2 records wait for another one, or for you to send anyway."],
  ["exercise", "An exercise has the laptop to itself. 2 records wait until nobody taps for a minute."],
] as const)("says why nothing leaves: %s", async (rest, words) => {
  await showHome({ sending: { rest, waiting: 2 } });
  expect(at("sending").dataset.state).toBe(rest);
  expect(said()).toBe(words);
});

it("does not say that anything leaves by itself while that is paused, also where nothing waits", async () => {
  await showHome({ sending: { rest: "paused", waiting: 0, paused: true } });
  expect(said()).toBe("Paused. Nothing waits yet, and what is sealed stays on this laptop until somebody resumes sending.");
});

it("calls nothing failed for want of a network", async () => {
  await showHome({ sending: { rest: "retry", waiting: 1, note: "The register cannot be reached." } });
  expect(said()).toBe("The register cannot be reached. 1 record waits on this laptop. Fieldproof tries again by itself.");
  expect(document.body.textContent.toLowerCase()).not.toContain("fail");
});

it("shows what leaves and how far, on the line and in its row, and nothing else says that it has left", async () => {
  const host = await showHome();
  const row = document.querySelector<HTMLElement>('[data-place="on_this_laptop"]');
  const id = row?.dataset.testid?.replace("session-row-", "") ?? "";
  host.sends({ leaving: { sessionId: id, note: "Record 1 of 2: 1.2 MB of 3.4 MB of photos and files.", record: 1, records: 2, percent: 35 } });
  await look();
  expect(said()).toBe("Leaving for the register. Record 1 of 2: 1.2 MB of 3.4 MB of photos and files.");
  expect(at("sending-progress-percent").textContent).toBe("35 %");
  expect(at("sending-said").getAttribute("aria-live"), "not every byte is read aloud").toBe("off");
  expect(at(`session-row-${id}`).dataset.place).toBe("leaving");
  expect(at(`session-place-${id}`).textContent).toContain("Leaving");
  expect(at(`session-note-${id}`).textContent).toContain("1.2 MB of 3.4 MB");
  host.sends({ leaving: null, rest: "retry" });
  await look();
  expect(at(`session-row-${id}`).dataset.place).toBe("on_this_laptop");
});

it("shows what arrived before it first looked", async () => {
  const host = await showHome();
  expect(asked(host, "home").length, "once more behind the first look").toBe(2);
});

it("shows what arrived without anybody pressing anything", async () => {
  const host = await showHome();
  const looked = asked(host, "home").length;
  await look();
  expect(asked(host, "home").length, "nothing new, nothing asked").toBe(looked);
  host.arrives();
  host.sends({ kept: 1 });
  await look();
  expect(asked(host, "home").length).toBe(looked + 1);
  expect(document.body.textContent).toContain("In register no. 13");
  expect(asked(host, "send")).toEqual([]);
});

it("pauses and resumes", async () => {
  const host = await showHome({ sending: { waiting: 1 } });
  expect(at("sending-pause").textContent).toBe("Pause sending");
  await press("sending-pause");
  expect(said()).toContain("Paused. 1 record waits");
  expect(at("sending-pause").textContent).toBe("Resume sending");
  await press("sending-pause");
  expect(asked(host, "pause_sending")).toEqual([{ on: true }, { on: false }]);
  host.failNext("pause_sending", { code: "disk_full", message: "The disk is full." });
  await press("sending-pause");
  expect(at("sending-error").textContent).toContain("The disk is full.");
});

it("offers to send anyway over a link that is paid for by volume, and only there", async () => {
  const host = await showHome({ sending: { rest: "metered", link: "metered", sparesMetered: true, waiting: 1 } });
  expect(button("home-send").textContent.trim()).toBe("Send anyway, this time");
  await press("home-send");
  expect(asked(host, "send")).toEqual([{}]);
});

it("turns sparing metered links on and off on this laptop, and says plainly when the machine cannot tell", async () => {
  const host = await showHome({ sending: { link: "cannot_tell" } });
  await press("home-laptop");
  expect(at("laptop-metered-link").textContent).toContain("This machine does not say what its connection costs.");
  expect(at("laptop-metered-switch").getAttribute("aria-checked")).toBe("false");
  await press("laptop-metered-switch");
  expect(at("laptop-metered-switch").getAttribute("aria-checked")).toBe("true");
  expect(at("laptop-metered-state").textContent).toMatch(/^On/);
  host.sends({ link: "metered" });
  await look();
  expect(at("laptop-metered-link").textContent).toBe("The connection now is paid for by volume.");
  await press("laptop-metered-switch");
  expect(asked(host, "spare_metered")).toEqual([{ on: true }, { on: false }]);
});
