// Sending by itself in the real window: what is sealed leaves without anybody pressing anything, waits while it is
// paused, also over a restart, and leaves when the register can be reached again.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ASSESSOR, named, notPassed, rowOf } from "./steps.mjs";
import { inWorld } from "./world.mjs";

test("what is sealed leaves by itself, waits while it is paused, and goes on when the register is back", () =>
  inWorld(async (world) => {
    let window = await world.open();
    await enter(world, window);
    await window.read("sending-said", "What is sealed leaves by itself. Nothing waits.");
    await notPassed(window, "Maria Candidata", "Juan Aspirante");
    // Nobody presses anything; the screen shows it by itself.
    await window.data("sealed-place", "place", "in_register");
    await window.read("sealed-place", /In register no\. 1, \d\d:\d\d/);
    await window.screenshot("150-left-by-itself");
    await window.press("sealed-home");
    await window.data(`session-row-${await rowOf(window, "Maria Candidata")}`, "place", "in_register");
    await window.read("home-send", "Ask the register");
    await theMeteredSwitch(window);
    await window.press("sending-pause");
    await window.data("sending", "state", "paused");
    await window.read("sending-said", "Paused. Nothing waits yet, and what is sealed stays on this laptop until somebody resumes sending.");
    await notPassed(window, "Juan Aspirante", "Maria Candidata");
    await window.data("sealed-place", "place", "on_this_laptop");
    await window.press("sealed-home");
    await window.read("sending-said", "Paused. 1 record waits on this laptop");
    await window.screenshot("151-paused");
    window = await world.open();
    await enter(world, window);
    await window.read("sending-said", "Paused. 1 record waits on this laptop");
    const row = await rowOf(window, "Juan Aspirante");
    await window.data(`session-row-${row}`, "place", "on_this_laptop");
    await world.stopRegister();
    await window.press("sending-pause");
    await window.read("sending-said", "The register cannot be reached. 1 record waits on this laptop. Fieldproof tries again by itself.");
    await window.read(`session-note-${row}`, "Kept on this laptop.");
    assert.doesNotMatch(await window.run(() => document.body.innerText), /fail/iu, "no network is no failure");
    await window.screenshot("152-register-down");
    await world.startRegister();
    await window.data(`session-row-${row}`, "place", "in_register");
    await window.read(`session-place-${row}`, /In register no\. 2/);
    await window.read("sending-said", "Nothing waits.");
    await large(window);
    await world.noFaults();
  }));

async function enter(world, window) {
  await window.press(await named(window, "unlock-assessor-", ASSESSOR));
  await window.write("unlock-passphrase", world.passphrase(ASSESSOR));
  await window.press("unlock-button");
  await window.see("screen-home");
}

async function theMeteredSwitch(window) {
  await window.press("home-laptop");
  await window.see("laptop-metered");
  await window.press("laptop-metered-switch");
  await window.read("laptop-metered-state", "On:");
  // No NetworkManager answers here, and the switch says so.
  await window.read("laptop-metered-link", "This machine does not say");
  await window.screenshot("153-metered");
  await window.press("laptop-back");
  await window.see("screen-home");
}

/** Text at 200 %: everything stays within the window, and the switch is reached by the keyboard. */
async function large(window) {
  await window.run(() => (document.documentElement.style.fontSize = "225%"));
  const wide = await window.run(() => document.querySelector("main").scrollWidth - document.querySelector("main").clientWidth);
  assert.equal(wide, 0, "nothing is cut off at the side");
  const reached = await window.run(() => {
    document.querySelector('[data-testid="sending-pause"]').focus();
    return document.activeElement?.dataset.testid;
  });
  assert.equal(reached, "sending-pause");
  await window.screenshot("154-home-large");
}
