// An institution that was just founded, with its coordinator's laptop and the laptops that it enrolled. What comes before
// the screens that a test is about is done from the command line.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { press } from "./looks.mjs";
import { ISOLATION } from "./schemes.mjs";
import { byHand, notPassed } from "./steps.mjs";
import { inWorld, repository } from "./world.mjs";

export const COORDINATOR = "Carla Coordinator";
export const OPENS_OFFICE = "abandon garage tunnel velvet zebra";
export const OPENS_ROOT = "zebra velvet tunnel garage abandon";
/** What opens every laptop that was enrolled. */
const OPENS = "velvet zebra abandon garage tunnel";
export const INSTITUTE = "Founded Institute";
export const LAST_DAY = "2099-12-31";

/** An institution that was just founded, a stick that is offered wherever a folder is chosen, and no demonstration. */
export const inHouse = (work) =>
  inWorld(async (world) => {
    const house = join(world.root, "house");
    world.office = join(house, "laptop");
    world.book = join(house, "register");
    world.stick = join(world.root, "stick");
    mkdirSync(world.stick);
    writeFileSync(join(world.env.XDG_CONFIG_HOME, "user-dirs.dirs"), `XDG_DOCUMENTS_DIR="${world.stick}"\n`);
    tell(world, `${OPENS_OFFICE}\n${OPENS_ROOT}\n`, "institution", "init", "--dir", house, "--name", INSTITUTE, "--address", "fieldproof.example/v", "--coordinator", COORDINATOR);
    await work(world);
  }, { demonstration: false });

/** Runs `fieldproof`, which has to go well, and gives what it said. */
export function tell(world, input, ...args) {
  const { code, said } = world.tell(input, ...args);
  assert.equal(code, 0, said);
  return said;
}

/** The same at the coordinator's desk. */
export const atDesk = (world, verb, ...args) => tell(world, OPENS_OFFICE, "institution", verb, "--laptop", world.office, "--person", COORDINATOR, ...args);

/** Publishes a scheme with a course and its roster, and says where the register is. */
export function opened(world, people, address = `http://127.0.0.1:${world.port}`) {
  const scheme = join(repository, "assets/schemes/hv-isolation");
  atDesk(world, "publish", `${scheme}.json`, `${scheme}.values.json`);
  atDesk(world, "register-at", address);
  const [course, roster] = [join(world.root, "course.json"), join(world.root, "roster.csv")];
  writeFileSync(course, JSON.stringify({
    id: null, schemeId: ISOLATION.id, title: "High voltage, autumn", site: "Training workshop Tampere", trainer: "Tove Trainer", trainerContact: "tove@fieldproof.example",
    voltageLevel: "up to 800 V DC", workingMethods: "Those of the course", theoryMinutes: 480, practiceMinutes: 480, theoryContent: "What the scheme names", practiceContent: "What the scheme names", attendance: "All days", firstDay: "2026-10-01", lastDay: "2026-10-02",
  }));
  atDesk(world, "course", course);
  writeFileSync(roster, ["Name,Born", ...people.map(([name, born]) => `${name},${born}`)].join("\n"));
  const [, id] = /^Course (\w+)/m.exec(atDesk(world, "show"));
  atDesk(world, "roster", id, roster);
}

/** A new laptop of somebody's, with the file of their request and its code. */
export function asking(world, name) {
  const somebody = { name, laptop: join(world.root, name.split(" ")[0].toLowerCase(), "laptop"), passphrase: OPENS };
  const there = (verb, ...args) => tell(world, OPENS, "enrol", verb, "--laptop", somebody.laptop, "--person", name, ...args);
  there("begin", "--born", "1986");
  const [, request, code] = /^(.+)\n.*: (\S+)$/m.exec(there("request", "--to", world.root));
  return { ...somebody, there, request, code };
}

/** Enrols somebody over a stick. */
export function enrolled(world, name) {
  const { there, request, code, ...somebody } = asking(world, name);
  atDesk(world, "admit", request, "--code", code, "--scheme", ISOLATION.id, "--until", LAST_DAY, "--certify");
  const pack = atDesk(world, "pack", code, "--to", world.root).trim();
  const [, institution] = /^Code: (\S+)$/m.exec(atDesk(world, "show"));
  there("take", pack, "--code", institution);
  return somebody;
}

/** Opens the window of somebody's laptop and unlocks it. */
export async function at(world, { name, laptop, passphrase }, options) {
  world.laptop = laptop;
  const window = await world.open(options);
  await window.read("unlock-assessor", name);
  await window.write("unlock-passphrase", passphrase);
  await window.press("unlock-button");
  await window.see("screen-home");
  return window;
}

/** The coordinator's laptop, as `at` takes it. */
export const desk = (world) => ({ name: COORDINATOR, laptop: world.office, passphrase: OPENS_OFFICE });

/** A record with a photo does not leave over the network but on the stick; gives the bundle's file. */
export async function leftByStick(world, somebody, [candidate, second], photo) {
  const window = await at(world, somebody);
  await byHand(window);
  await notPassed(window, candidate, second, photo);
  await press(window, "sealed-home");
  await press(window, "home-stick");
  await window.read("stick-facts", "1 record, 1 photo or file");
  await press(window, "stick-write");
  await window.read("stick-written", world.stick);
  await world.noFaults();
  return world.tool("find", world.stick, "-name", "*.bundle").trim();
}
