// The institution's keys on a coordinator's laptop in the real window: each in words, and what is done when one is lost.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { KEY } from "./driver.mjs";
import { OPENS_ROOT, asking, at, desk, inHouse, tell } from "./house.mjs";
import { everyLook, tabTo, withAxe } from "./looks.mjs";

test("this laptop shows the keys of three key sets, and what is typed where when one is lost", () =>
  inHouse(async (world) => {
    const house = join(world.root, "house");
    const { request, code } = asking(world, "Cora Coordinator");
    const signed = (trust, out, ...change) => tell(world, OPENS_ROOT, "institution", "key-set", ...change, "--root", join(house, "root.age"), "--trust", join(house, trust), "--out", join(house, out));
    signed("trust.cbor", "second", "add-coordinator", request, "--code", code);
    signed("second", "third", "renew-encryption");
    const shown = tell(world, "", "institution", "key-set", "show", join(house, "second"));
    const [first, second] = [...shown.matchAll(/^(\w+) {2}issuing/gm)].map(([, id]) => id);
    signed("third", "fourth", "compromised", second);
    const { laptop, name, passphrase } = desk(world);
    tell(world, passphrase, "institution", "key-set", "take", join(house, "fourth"), "--laptop", laptop, "--person", name);

    for (const dark of [false, true]) {
      const window = await at(world, desk(world), { dark });
      await withAxe(window);
      assert.equal(await window.run(() => matchMedia("(prefers-color-scheme: dark)").matches), dark, "as the desktop asks");
      await tabTo(window, "home-laptop");
      await window.keys(KEY.Enter);
      await window.read("laptop-keys-title", "Key set no. 4 of ");
      await window.data(`laptop-key-${first}`, "state", "active");
      await window.read(`laptop-key-${first}`, "Carla Coordinator (you)");
      await window.data(`laptop-key-${second}`, "state", "compromised");
      await window.read(`laptop-key-${second}`, "Somebody else may have it");
      const states = await window.run(() => [...document.querySelectorAll('li[data-testid^="laptop-key-"]')].map((at) => at.dataset.state).sort());
      assert.deepEqual(states, ["active", "active", "active", "compromised", "retired"], "the register's key, and the encryption key that was renewed");
      await everyLook(window, dark ? "keys-dark" : "keys", { next: 190 }, false, "laptop-institution");
      await tabTo(window, "laptop-keys-lost-open");
      await window.keys(KEY.Enter);
      await window.read("laptop-keys-lost", "fieldproof institution key-set compromised KEY");
      await everyLook(window, dark ? "keys-lost-dark" : "keys-lost", { next: 191 }, false, "laptop-keys-lost");
      await world.noFaults();
    }
  }));
