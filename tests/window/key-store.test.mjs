// A real key store beside the real window: turned on, what is sealed is sent while nobody is in; gone, only a passphrase
// opens; off again, nothing of it is left.
import assert from "node:assert/strict";
import { test } from "node:test";
import { secrets, startKeyring } from "./keyring.mjs";
import { notPassed, unlock } from "./steps.mjs";
import { inWorld } from "./world.mjs";

test("the GNOME keyring opens the laptop for sending, and for nothing else", () =>
  inWorld(async (world) => {
    const endKeyring = await startKeyring(world);
    try {
      let window = await world.open();
      await unlock(world);
      await window.press("home-laptop");
      await window.read("laptop-key-store-state", "Off");
      await window.press("laptop-key-store-switch");
      await window.read("laptop-key-store-outcome", "It is on.");
      await window.read("laptop-key-store-state", "On since");
      await window.screenshot("185-key-store-on");
      assert.equal(secrets(world), 1, "the keyring holds one secret");
      await window.press("laptop-back");
      await window.see("screen-home");
      await notPassed(window, "Maria Candidata", "Juan Aspirante");
      // Nobody is in after a start, and the screen has no names but those of who may unlock.
      window = await world.open();
      await window.see("screen-unlock");
      await window.press("unlock-send");
      await window.read("unlock-send-outcome", "1 record is in the register now.");
      await window.screenshot("186-sent-while-locked");
      assert.doesNotMatch(await window.run(() => document.body.innerText), /Candidata|Aspirante/u, "no name of anybody assessed");
      await unlock(world);
      await window.press("home-laptop");
      await window.press("laptop-key-store-switch");
      await window.read("laptop-key-store-outcome", "It is off. The key is gone from the key store.");
      await window.read("laptop-key-store-state", "Off");
      assert.equal(secrets(world), 0, "nothing is left in the keyring");
      await window.press("laptop-key-store-switch");
      await window.read("laptop-key-store-state", "On since");
      endKeyring();
      window = await world.open();
      await window.see("screen-unlock");
      await window.press("unlock-send");
      await window.see("unlock-send-error");
      await window.screenshot("187-key-store-gone");
      await unlock(world);
      await world.noFaults();
    } finally {
      endKeyring();
    }
  }));
