// What the window leaves on the disk: the store, the web view's folders, temporary files and the register's address may
// lie there; names, notes, scheme text and photo bytes may not: while working, once it is sealed, after a paper was opened
// and the laptop locked, and after the window was closed.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { until } from "./running.mjs";
import { addPerson, confirm, end, inLog, named, newUnder, nowhere, paper, passGate, scoreByKeys, seal, unlock } from "./steps.mjs";
import { inWorld } from "./world.mjs";

const NOTE = "kneels on the left side";
const LATECOMER = "Zacharias Zufall";

test("the window leaves nothing about anybody in clear on the disk", () =>
  inWorld(async (world) => {
    const window = await world.open();
    await unlock(world);
    await newUnder(window);
    await addPerson(window, "candidate", LATECOMER, "1999");
    await window.press(await named(window, "new-second-", "Juan Aspirante"));
    await window.press("new-open");
    await window.see("screen-gate");
    await passGate(window);
    await window.press("note-T1.1.a");
    await window.write("note-T1.1.a-text", NOTE);
    await window.press("note-T1.1.a-save");
    await inLog(window, NOTE);
    await window.sendKeys("photo-T1.1.a", world.photo);
    await inLog(window, "Photo");
    const needles = secrets(world);
    assert.deepEqual(found(world, needles), [], "while working");
    await nowhere(window);
    await scoreByKeys(window, "4");
    await end(window, "Not passed");
    await confirm(window, "Ask before you begin.");
    await seal(window, LATECOMER, "Juan Aspirante");
    assert.deepEqual(found(world, needles), [], "once it is sealed");
    // The paper itself lies open for the viewer until the laptop is locked.
    const { path } = await paper(world, "result_sheet", 1);
    await window.press("sealed-home");
    await window.press("home-lock");
    await window.see("screen-unlock");
    await until("the paper to be gone after locking", () => !existsSync(path));
    assert.deepEqual(found(world, needles), [], "after locking");
    world.window.kill();
    assert.deepEqual(found(world, needles), [], "after the window was ended");

    // The same search finds each of them, in either encoding, in a file that has them.
    for (const { name, forms } of needles) {
      for (const form of forms) {
        writeFileSync(join(world.env.XDG_CACHE_HOME, "control"), form);
        assert.deepEqual(found(world, needles).map((hit) => hit.name), [name], "the search would not notice");
      }
    }
  }));

/** What must not be found: words as UTF-8 and as UTF-16, in which WebKit keeps its storage, and a piece of the photo. */
function secrets(world) {
  const words = [
    ["a candidate's name", LATECOMER],
    ["a name of the roster", "Juan Aspirante"],
    ["a note", NOTE],
    ["a criterion", "Shows the manufacturer's disconnection procedure"],
  ];
  const photo = readFileSync(world.photo);
  const middle = Math.floor(photo.length / 2);
  return [
    ...words.map(([name, text]) => ({ name, forms: [Buffer.from(text, "utf8"), Buffer.from(text, "utf16le")] })),
    { name: "the photo", forms: [photo.subarray(middle, middle + 64)] },
  ];
}

/** Every needle in every file of the laptop, the web view and the temporary folders of this world. */
function found(world, needles) {
  const { HOME, XDG_DATA_HOME, XDG_CACHE_HOME, XDG_CONFIG_HOME, XDG_RUNTIME_DIR, TMPDIR } = world.env;
  const folders = [world.laptop, HOME, XDG_DATA_HOME, XDG_CACHE_HOME, XDG_CONFIG_HOME, XDG_RUNTIME_DIR, TMPDIR];
  const files = folders.flatMap(filesBelow);
  return files.flatMap((file) => {
    const bytes = unlessGone(() => readFileSync(file)) ?? Buffer.alloc(0);
    return needles.filter(({ forms }) => forms.some((form) => bytes.includes(form))).map(({ name }) => ({ name, file }));
  });
}

function filesBelow(folder) {
  return (unlessGone(() => readdirSync(folder)) ?? []).flatMap((name) => {
    const path = join(folder, name);
    const kind = statSync(path, { throwIfNoEntry: false });
    if (!kind) return [];
    return kind.isDirectory() ? filesBelow(path) : kind.isFile() ? [path] : [];
  });
}

/** The web view at work removes files of its own. */
function unlessGone(read) {
  try {
    return read();
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}
