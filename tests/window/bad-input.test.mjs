// What people hand to the window by mistake, and what happens when the laptop dies: clear words, and nothing lost.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as hold } from "node:timers/promises";
import { KEY } from "./driver.mjs";
import { atCriterion, inLog, logLength, named, newUnder, passGate, scoreByKeys, toExercise, unlock } from "./steps.mjs";
import { inWorld } from "./world.mjs";

const MEGABYTE = 1_000_000;

test("photos that are too large or no photos are refused, and the next good one is taken", () =>
  inWorld(async (world) => {
    const window = await world.open();
    await toExercise(world);
    await atCriterion(window, "T1.1.a");
    const before = await logLength(window);
    const photo = readFileSync(world.photo);
    const refused = async (name, bytes, code, ...words) => {
      await window.sendKeys("photo-T1.1.a", file(world, name, bytes));
      await window.data("photo-error-T1.1.a", "code", code);
      for (const said of words) await window.read("photo-error-T1.1.a", said);
    };
    const large = Buffer.concat([photo, Buffer.alloc(60 * MEGABYTE - photo.length)]);
    await refused("large.jpg", large, "photo_too_large", "This photo has 60 MB; 26 MB is the most.", "Nothing was attached.");
    await window.screenshot("61-photo-too-large");
    for (const [name, bytes] of [["text.jpg", "This is no picture."], ["cut.jpg", photo.subarray(0, 300)], ["empty.jpg", ""]]) {
      await refused(name, bytes, "photo_unreadable", "This file is not a photo that can be read.", "Choose a JPEG or PNG file.");
      if (name === "text.jpg") await window.screenshot("62-photo-unreadable");
    }
    assert.equal(await window.isThere("criterion-photos-T1.1.a"), false, "nothing was attached");
    assert.equal(await logLength(window), before, "nothing was logged");
    await window.sendKeys("photo-T1.1.a", world.photo);
    await window.read("criterion-photos-T1.1.a", "1 photo");
    await window.gone("photo-error-T1.1.a");
    await world.noFaults();
  }));

test("verifying something that is no certificate says so, and a certificate of strangers is never green", () =>
  inWorld(async (world) => {
    const window = await world.open();
    const made = world.fieldproof("demo", "--out", join(world.root, "strangers"));
    assert.equal(made.code, 0, made.said);
    await window.press("unlock-verify");
    const refused = async (what, words) => {
      await window.data("verify-error", "code", "nothing_to_verify");
      await window.read("verify-error", words);
      assert.equal(await window.isThere("verdict"), false, `${what} gets no verdict`);
    };
    const files = [
      ["empty.pdf", emptyPdf(), "Give the certificate's PDF"],
      ["no-code.jpg", readFileSync(world.photo), "Take the photo again"],
      ["unreadable.png", Buffer.from("\x89PNG\r\n\x1a\nand then nothing that is a picture", "latin1"), "Copy the file again"],
      ["noise.bin", Buffer.from([0, 255, 1, 254, 128]), "This is not a Fieldproof certificate or record."],
      ["nothing.txt", "", "This is not a Fieldproof certificate or record."],
      ["large.jpg", Buffer.concat([readFileSync(world.photo), Buffer.alloc(60 * MEGABYTE)]), /Take a smaller photo|Take the photo again/],
    ];
    for (const [name, bytes, words] of files) {
      await window.sendKeys("verify-file", file(world, name, bytes));
      await refused(name, words);
      if (name === "unreadable.png") await window.screenshot("63-verify-unreadable");
    }
    const link = readFileSync(join(world.root, "strangers/token.txt"), "utf8").trim();
    for (const text of ["Good morning", "https://fieldproof.example/v#", link.slice(0, -40)]) {
      await window.paste("verify-text", text);
      await window.press("verify-check");
      await refused(text, /not a Fieldproof certificate|nothing can be told/);
    }
    await window.paste("verify-text", link);
    await window.press("verify-check");
    await nobodyVouches(window);
    await window.screenshot("64-verify-strangers");
    await window.sendKeys("verify-file", join(world.root, "strangers/record.cbor"));
    await window.read("verify-file-name", "record.cbor");
    await nobodyVouches(window);
    await world.noFaults();
  }));

test("fields filled in wrongly ask for what they need", () =>
  inWorld(async (world) => {
    const window = await world.open();
    await unlock(world);
    await newUnder(window);
    await window.press("new-candidate-add");
    assert.equal(await window.isDisabled("new-candidate-save"), true, "nobody without a name");
    await window.write("new-candidate-name", "<b>Bobby</b> Tables");
    await window.write("new-candidate-birth-year", "20019");
    assert.equal(await window.text("new-candidate-birth-year"), "2001", "a year has four digits");
    await window.write("new-candidate-birth-year", "1066");
    await window.press("new-candidate-save");
    await window.data("new-candidate-error", "code", "invalid_input");
    await window.read("new-candidate-error", "Enter four digits, or leave it empty.");
    await window.write("new-candidate-birth-year", "1999");
    await window.press("new-candidate-save");
    await window.read("new-candidate", "<b>Bobby</b> Tables");
    await window.press(await named(window, "new-second-", "Juan Aspirante"));
    await window.press("new-open");
    await window.see("screen-gate");
    await theGateAsksAgain(window);
    await passGate(window);
    await aNoteThatIsTooLong(window);
    await world.noFaults();
  }));

async function theGateAsksAgain(window) {
  for (const [typed, words] of [["2027-13-45", "Until when does the instrument's calibration hold?"], ["2020-01-31", "ran out on 2020-01-31: use another instrument"]]) {
    await window.write("gate-instrument-calibration", typed);
    await window.read("gate-missing", words);
    assert.equal(await window.isThere("gate-error"), false, `${typed} is asked about, not an error`);
  }
  await window.write("gate-instrument-voltage", "300");
  await window.write("gate-object-voltage", "400");
  await window.press("gate-object-kind-dc");
  await window.read("gate-missing", "The instrument is rated for 300 V and 400 V are present: use another instrument.");
  await window.write("gate-object-voltage", "99999999999999");
  await window.read("gate-save-state", "Saved");
  assert.equal(await window.isThere("gate-error"), false, "a number that is too long cannot be typed");
  await window.screenshot("65-gate-wrong");
}

/** It is refused with its words kept in sight, and can be left out. */
async function aNoteThatIsTooLong(window) {
  await atCriterion(window, "T1.1.a");
  await window.keys(KEY.F2);
  await window.see("note-T1.1.a-text");
  await window.paste("note-T1.1.a-text", "Too long. ".repeat(1000));
  await window.press("note-T1.1.a-save");
  await window.read("unsaved-taps", "Shorten it.");
  assert.equal(await window.isDisabled("end-exercise"), true, "nothing unsaved is passed over");
  await window.screenshot("66-note-too-long");
  await window.press("unsaved-leave-out-1");
  await window.gone("unsaved-taps");
  assert.equal(await window.isDisabled("end-exercise"), false);
}

test("whatever is shown as saved is there after the laptop died", () =>
  inWorld(async (world) => {
    await world.open();
    await toExercise(world);
    await atCriterion(world.window, "T1.1.a");
    for (const [keys, entries] of [["1", 2], ["2", 3], ["3", 4]]) {
      await scoreByKeys(world.window, keys);
      // Killed as soon as the tap is shown as saved.
      const window = await world.open();
      // Straight back to where the person was.
      await unlock(world, "screen-exercise");
      assert.equal(await logLength(window), entries, "every entry that was shown");
    }
    await inLog(world.window, "T1.1.a unaided");
    await inLog(world.window, "T1.1.b after a prompt");
    await inLog(world.window, "T1.2.a not done");
    await world.noFaults();
  }));

test("nothing is shown as saved while the program cannot answer", () =>
  inWorld(async (world) => {
    const window = await world.open();
    await toExercise(world);
    await window.see("score-T1.1.a-unaided");
    // The page presses by itself soon, and notes when it shows what; meanwhile the program is stopped.
    await window.run(() => {
      const card = document.querySelector('[data-testid="criterion-T1.1.a"]');
      window.shown = [];
      const note = () => shown.push([Date.now(), card.dataset.save, card.dataset.score ?? "none"]);
      new MutationObserver(note).observe(card, { attributes: true });
      setTimeout(() => document.querySelector('[data-testid="score-T1.1.a-unaided"]').click(), 300);
    });
    world.freeze();
    // This is how long the program is kept from answering, not a wait for something to happen.
    await hold(1_500);
    const thawed = Date.now();
    world.thaw();
    await window.data("criterion-T1.1.a", "score", "unaided");
    await window.data("criterion-T1.1.a", "save", "none");
    const shown = await window.run(() => window.shown);
    const saving = shown.find(([, save]) => save === "saving");
    const saved = shown.find(([, , score]) => score === "unaided");
    assert.ok(saving && saving[0] < thawed, "the tap is shown as being saved while the program is stopped");
    assert.ok(saved[0] >= thawed, "it is shown as saved only once the program could answer");
    await world.noFaults();
  }));

/** This laptop cannot vouch for strangers, and says so. */
async function nobodyVouches(window) {
  await window.see("verdict");
  const [tone, genuine] = await window.run(() => [
    document.querySelector('[data-testid="verdict"]').dataset.tone,
    document.querySelector('[data-testid="verdict-genuine"]').dataset.answer,
  ]);
  assert.notEqual(tone, "green");
  assert.notEqual(genuine, "yes");
}

function file(world, name, bytes) {
  const path = join(world.root, name);
  writeFileSync(path, bytes);
  return path;
}

/** A page with nothing on it. */
function emptyPdf() {
  const objects = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"];
  let text = "%PDF-1.4\n";
  const starts = objects.map((object, index) => {
    const start = text.length;
    text += `${index + 1} 0 obj${object}endobj\n`;
    return `${String(start).padStart(10, "0")} 00000 n \n`;
  });
  return `${text}xref\n0 4\n0000000000 65535 f \n${starts.join("")}trailer<</Size 4/Root 1 0 R>>\nstartxref\n${text.length}\n%%EOF\n`;
}
