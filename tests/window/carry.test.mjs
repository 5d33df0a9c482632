// The office carries a bundle in the real window and by keyboard: over a register that loses its power half-way, twice, and
// with its answers beside it afterwards; and a file that is none.
import assert from "node:assert/strict";
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { KEY } from "./driver.mjs";
import { at, atDesk, desk, enrolled, inHouse, leftByStick, opened } from "./house.mjs";
import { everyLook, focused, press, tabTo, withAxe } from "./looks.mjs";
import { until } from "./running.mjs";
import { named, rowOf } from "./steps.mjs";

const PEOPLE = [["Maria Candidata", 1998], ["Juan Aspirante", 1987]];
/** So much goes up before the register loses its power: some chunks of the bundle, and not all. */
const HALF_WAY = 1_200_000;

test("a bundle on a stick is carried to the register over a break, and its answers go back", () =>
  inHouse(async (world) => {
    await world.startRegister(world.book);
    const line = await Line.to(world.port);
    try {
      opened(world, PEOPLE);
      const ville = enrolled(world, "Ville Uusi");
      atDesk(world, "send");
      world.register = line.address;
      const bundle = await leftByStick(world, ville, ["Maria Candidata", "Juan Aspirante"], noise(world));
      await carried(world, line, bundle);
      await answered(world, ville);
    } finally {
      line.end();
    }
  }));

/** Stands between the windows and the register, counts what goes up, and holds it back after so many bytes. */
class Line {
  #sockets = new Set();
  up = 0;
  most = Infinity;

  static async to(port) {
    const line = new Line();
    line.server = createServer((near) => line.#join(near, connect(port, "127.0.0.1"))).listen(0, "127.0.0.1");
    await new Promise((listening) => line.server.once("listening", listening));
    line.address = `http://127.0.0.1:${line.server.address().port}`;
    return line;
  }

  #join(near, far) {
    for (const [one, other] of [[near, far], [far, near]]) {
      this.#sockets.add(one);
      one.on("error", () => other.destroy()).on("close", () => (this.#sockets.delete(one), other.destroy()));
    }
    far.pipe(near);
    near.on("data", (bytes) => {
      this.up += bytes.length;
      if (this.up < this.most) far.write(bytes);
    });
  }

  end() {
    this.server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** A photo of some megabytes. */
function noise(world) {
  const photo = join(world.root, "photo.png");
  world.tool("convert", "-size", "1000x700", "-seed", "1", "xc:", "+noise", "Random", photo);
  return photo;
}

async function carried(world, line, bundle) {
  const size = statSync(bundle).size;
  assert.ok(2 * HALF_WAY < size, `the bundle has ${size} bytes`);
  const window = await at(world, desk(world));
  await withAxe(window);
  await press(window, "home-office");
  await window.read("office-carry", bundle);
  await noBundle(world, window);
  await window.keys(KEY.Up);
  await until("the bundle to be chosen", async () => (await focused(window)) === "office-carry-0");

  [line.up, line.most] = [0, HALF_WAY];
  await press(window, "office-carry-now");
  await until("half of it to be there", () => line.most <= line.up);
  await window.read("office-carry-progress", /[1-9]\d* %/);
  await window.show("office-carry");
  await window.screenshot("182-carry-progress");
  await world.killRegister();
  await window.data("office-carry-error", "code", "register_unreachable");
  await window.gone("office-carry-progress");
  await everyLook(window, "carry-broken", { next: 183 }, false, "office-carry");
  assert.deepEqual(readdirSync(world.stick).length, 1, "no answers yet, and nothing half done");

  await world.startRegister(world.book);
  [line.up, line.most] = [0, Infinity];
  await press(window, "office-carry-now");
  await window.read("office-carry-outcome", "The register has it. Its answers lie beside it");
  await window.gone("office-carry-error");
  assert.ok(line.up < size - HALF_WAY / 2, `what was there is not sent again: ${line.up} of ${size} bytes went up`);
  await window.read("office-carry", "answers lie beside it");
  await everyLook(window, "carried", { next: 184 }, false, "office-carry");
  const files = readdirSync(world.stick);
  assert.equal(files.length, 2, files.join(", "));

  line.up = 0;
  await press(window, "office-carry-now");
  await window.read("office-carry-outcome", "The register has it.");
  assert.deepEqual(readdirSync(world.stick), files, "brought twice it changes nothing");
  assert.ok(line.up < HALF_WAY / 2, `and is not sent twice: ${line.up} bytes went up`);
  await world.noFaults();
}

/** A letter that was called a bundle is none. */
async function noBundle(world, window) {
  const letter = join(world.root, "letter.bundle");
  writeFileSync(letter, "Dear colleague");
  await tabTo(window, "office-carry-0");
  await window.keys(KEY.Down);
  await tabTo(window, "office-carry-path");
  await window.keys(...letter);
  await press(window, "office-carry-now");
  await window.data("office-carry-error", "code", "invalid_input");
  await window.read("office-carry-error", "Nothing was sent.");
  await everyLook(window, "carry-no-bundle", { next: 181 }, false, "office-carry");
  await window.run(() => document.querySelector('[data-testid="office-carry-other"]').focus());
}

async function answered(world, ville) {
  const window = await at(world, ville);
  await window.press("home-stick");
  await window.sendKeys("stick-answers-file", join(world.stick, readdirSync(world.stick).find((name) => name.endsWith(".answers"))));
  await window.data(await named(window, "stick-record-", "Maria Candidata"), "what", "in_register");
  await window.read("stick-taken", "1 of 1 record is in the register now.");
  await window.screenshot("185-carry-answered");
  await press(window, "stick-back");
  await window.data(`session-row-${await rowOf(window, "Maria Candidata")}`, "place", "in_register");
  await world.noFaults();
}
