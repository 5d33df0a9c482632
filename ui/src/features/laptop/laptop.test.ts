// This laptop, section by section: what is asked for with what, what is said, and that nothing secret stays behind.
import { afterEach, expect, it, vi } from "vitest";
import { FICTIONAL_KEY } from "../../lib/host/fake/laptop";
import { asked, at, button, field, press, settled, showHome, stillClock, there, type } from "../../testing/screens";
import type { FakeHost, FakeOptions } from "../../lib/host/fake/fake";

afterEach(() => vi.useRealTimers());

const STICK = "/media/aino/FICTIONAL-STICK";
const DRAWN = "pelican mosaic harvest umbrella cobalt";

async function showLaptop(options: FakeOptions = {}): Promise<FakeHost> {
  const host = await showHome(options);
  await press("home-laptop");
  return host;
}

const onScreen = () => document.body.textContent + [...document.querySelectorAll("input, textarea")].map((one) => ("value" in one ? one.value : "")).join(" ");

it("says that it is loading, and why it cannot be shown, and tries again", async () => {
  const host = await showHome();
  const release = host.hold("laptop");
  host.failNext("laptop", { code: "unexpected", message: "The store could not be read." });
  await press("home-laptop");
  expect(there("busy")).toBe(true);
  release();
  await settled();
  expect(at("laptop-error").dataset.code).toBe("unexpected");
  expect(there("laptop-backup")).toBe(false);
  await press("laptop-error-retry");
  expect(there("laptop-backup")).toBe(true);
  await press("laptop-back");
  expect(there("screen-home")).toBe(true);
});

it("backs up into the folder chosen or typed, and says where the file lies", async () => {
  const host = await showLaptop({ laptop: { backedUpAt: null } });
  expect(at("laptop-backup-never").textContent).toContain("never backed up");
  expect(field("laptop-backup-folder").value).toBe(STICK);
  await press("laptop-backup-folder-place-1");
  await press("laptop-backup-now");
  await type("laptop-backup-folder", " /mnt/safe ");
  await press("laptop-backup-now");
  expect(asked(host, "back_up")).toEqual([{ folder: "/home/aino/Documents" }, { folder: "/mnt/safe" }]);
  expect(at("laptop-backup-outcome").textContent).toBe("Backed up, 45 MB: /mnt/safe/fieldproof-2026-11-03.backup");
  expect(there("laptop-backup-never")).toBe(false);
  expect(at("laptop-backup-facts").textContent).toContain("now");
  expect(at("laptop-backup-facts").textContent, "twice its size, for the copies that it is made from").toMatch(/A backup takes\s*45 MB.*While it is made it needs\s*91 MB/s);
});

it("asks how far the backup is every 300 ms, and no longer once it has ended", async () => {
  stillClock();
  const host = await showLaptop();
  const release = host.hold("back_up");
  await press("laptop-backup-now");
  expect(at("laptop-backup-progress-percent").textContent).toBe("0 %");
  expect(button("laptop-backup-now").disabled).toBe(true);
  for (const percent of ["8 %", "16 %"]) {
    await vi.advanceTimersByTimeAsync(300);
    await settled();
    expect(at("laptop-backup-progress-percent").textContent).toBe(percent);
  }
  host.failNext("backup_progress", { code: "unexpected" });
  await vi.advanceTimersByTimeAsync(300);
  expect(at("laptop-backup-progress-percent").textContent, "not knowing how far it is stops nothing").toBe("16 %");
  release();
  await settled();
  const polls = asked(host, "backup_progress").length;
  await vi.advanceTimersByTimeAsync(3000);
  expect(asked(host, "backup_progress").length).toBe(polls);
  expect(there("laptop-backup-progress")).toBe(false);
});

it("shows why a backup failed, and stops asking", async () => {
  stillClock();
  const host = await showLaptop();
  host.failNext("back_up", { code: "not_written", message: `Nothing was written: ${STICK} is full.`, next: "Nothing on this laptop was lost." });
  await press("laptop-backup-now");
  await vi.advanceTimersByTimeAsync(3000);
  await settled();
  expect(at("laptop-backup-error").dataset.code).toBe("not_written");
  expect(at("laptop-backup-error").textContent).toContain(`${STICK} is full.`);
  expect(at("laptop-backup-outcome").textContent).toBe("");
  expect(asked(host, "backup_progress")).toEqual([]);
});

it("makes a recovery sheet, and says which one it takes the place of", async () => {
  const host = await showLaptop({ laptop: { recovery: [] } });
  expect(there("laptop-recovery-nobody")).toBe(true);
  expect(at("laptop-sheet-lead").textContent).not.toContain("place of");
  await press("laptop-sheet");
  expect(asked(host, "make_recovery_sheet")).toEqual([{}]);
  expect(at("laptop-sheet-outcome").textContent).toContain("Print it now");
  expect(at("laptop-recovery-holders").textContent).toContain("The printed sheet");
  expect(at("laptop-sheet-lead").textContent).toContain("It takes the place of the sheet of 3 Nov 2026");
  host.failNext("make_recovery_sheet", { code: "viewer", message: "The document could not be opened." });
  await press("laptop-sheet");
  expect(at("laptop-sheet-error").dataset.code).toBe("viewer");
  expect(at("laptop-sheet-outcome").textContent).toBe("");
});

it("drills a key alone and with a backup, and says in words what opened", async () => {
  const host = await showLaptop();
  expect(there("laptop-drill-never")).toBe(true);
  await type("laptop-drill-key", "a key with a slip");
  await press("laptop-drill-now");
  expect(at("laptop-drill-error").textContent).toContain("This recovery key does not open it.");
  expect(field("laptop-drill-key").value, "one wrong letter can be mended").toBe("a key with a slip");
  expect(there("laptop-drill-never"), "a key that does not open is no drill").toBe(true);
  await type("laptop-drill-key", FICTIONAL_KEY);
  await press("laptop-drill-now");
  expect(at("laptop-drill-outcome").textContent).toBe("This key opens this laptop. It is the institution’s.");
  expect(there("laptop-drill-error")).toBe(false);
  expect(at("laptop-drill-last").textContent).toContain("(now)");
  expect(onScreen()).not.toContain(FICTIONAL_KEY);
  await press("laptop-drill-backup-0");
  await type("laptop-drill-key", FICTIONAL_KEY);
  await press("laptop-drill-now");
  expect(at("laptop-drill-outcome").textContent).toMatch(/The backup of 1 Nov 2026, \d\d:\d\d was read to its end\.$/);
  expect(asked(host, "drill").map((one) => (one as { backup: string | null }).backup)).toEqual([null, null, `${STICK}/fieldproof-2026-11-01.backup`]);
});

it("gives somebody access with five words that are shown large, once", async () => {
  const host = await showLaptop();
  await press("laptop-give");
  expect(button("laptop-give-now").disabled).toBe(true);
  expect(at("laptop-give-waits").textContent).toContain("waits for the institution’s delegation");
  await press("laptop-give-person-p3");
  await press("laptop-give-passphrase-draw");
  expect(at("laptop-give-passphrase-drawn").textContent).toBe(DRAWN);
  await press("laptop-give-now");
  expect(asked(host, "give_access")).toEqual([{ personId: "p3", passphrase: DRAWN }]);
  expect(at("laptop-person-p3").textContent).toContain("Elif Öztürk");
  expect(at("laptop-access-outcome").textContent).toContain("waits for the institution");
  expect(onScreen()).not.toContain("pelican");
  await press("laptop-give");
  expect(there("laptop-give-passphrase-drawn"), "the words do not come back").toBe(false);
  expect(there("laptop-give-person-p3"), "nobody is given access twice").toBe(false);
});

it("takes a typed passphrase, and keeps it there when it is too weak", async () => {
  const host = await showLaptop();
  await press("laptop-give");
  await press("laptop-give-person-p3");
  await press("laptop-give-passphrase-draw");
  await press("laptop-give-passphrase-type");
  expect(field("laptop-give-passphrase-typed").value, "what was drawn is not what is typed").toBe("");
  await type("laptop-give-passphrase-typed", "sesame");
  await press("laptop-give-now");
  expect(at("laptop-give-error").dataset.code).toBe("invalid_input");
  expect(asked(host, "give_access")).toEqual([{ personId: "p3", passphrase: "sesame" }]);
  expect(field("laptop-give-passphrase-typed").value).toBe("sesame");
  await press("laptop-give-cancel");
  expect(onScreen()).not.toContain("sesame");
});

it("says when words cannot be drawn, and that everybody has access", async () => {
  const host = await showLaptop({ people: [] });
  expect(there("laptop-give-empty")).toBe(true);
  expect(button("laptop-give").disabled).toBe(true);
  host.failNext("draw_passphrase", { code: "unexpected" });
  await press("laptop-change");
  await press("laptop-change-new-draw");
  expect(at("laptop-change-new-draw-error").dataset.code).toBe("unexpected");
});

it("changes one’s own passphrase by the one so far, and forgets both", async () => {
  const host = await showLaptop();
  await press("laptop-change");
  expect(document.activeElement).toBe(at("laptop-change-old"));
  await type("laptop-change-old", "wrong");
  await press("laptop-change-new-draw");
  await press("laptop-change-now");
  expect(at("laptop-change-error").dataset.code).toBe("wrong_passphrase");
  expect(field("laptop-change-old").value).toBe("");
  expect(at("laptop-change-new-drawn").textContent, "it may be written down already").toBe(DRAWN);
  await type("laptop-change-old", "copper lantern seven hills");
  await press("laptop-change-now");
  expect(asked(host, "change_passphrase").at(-1)).toEqual({ old: "copper lantern seven hills", new: DRAWN });
  expect(at("laptop-access-outcome").textContent).toContain("Your passphrase is changed.");
  expect(there("laptop-change-form")).toBe(false);
  expect(onScreen()).not.toContain("pelican");
  expect(onScreen()).not.toContain("copper");
});

it("takes access away only after asking once more, and never one’s own", async () => {
  const host = await showLaptop();
  expect(there("laptop-take-a1"), "one’s own").toBe(false);
  await press("laptop-take-a2");
  expect(at("laptop-take-a2-lead").textContent).toContain("Bastian Vogt cannot unlock here any more");
  expect(document.activeElement).toBe(at("laptop-take-a2-cancel"));
  await press("laptop-take-a2-cancel");
  expect(document.activeElement).toBe(at("laptop-take-a2"));
  expect(asked(host, "take_access")).toEqual([]);
  await press("laptop-take-a2");
  host.failNext("take_access", { code: "rule", message: "Nobody could open this laptop then." });
  await press("laptop-take-a2-confirm");
  expect(at("laptop-take-a2-error").dataset.code).toBe("rule");
  await press("laptop-take-a2-confirm");
  expect(asked(host, "take_access")).toEqual([{ personId: "a2" }, { personId: "a2" }]);
  expect(there("laptop-person-a2")).toBe(false);
});

it("sets a PIN and forgets the digits", async () => {
  const host = await showLaptop();
  expect(at("laptop-pin-state").textContent).toContain("no PIN");
  await type("laptop-pin-field", "12345");
  await press("laptop-pin-set");
  expect(at("laptop-pin-error").textContent).toContain("Type six to twelve digits.");
  await type("laptop-pin-field", "271828");
  await press("laptop-pin-set");
  expect(asked(host, "set_pin")).toEqual([{ pin: "12345" }, { pin: "271828" }]);
  expect(at("laptop-pin-state").textContent).toContain("until Fieldproof is closed");
  expect(at("laptop-pin-outcome").textContent).toBe("Your PIN is set.");
  expect(field("laptop-pin-field").value).toBe("");
});

it("lets evidence go, and says what that freed", async () => {
  const host = await showLaptop();
  expect(at("laptop-room-facts").textContent).toContain("312 MB");
  await press("laptop-room-let-go");
  expect(asked(host, "retire_evidence")).toEqual([{}]);
  expect(at("laptop-room-outcome").textContent).toBe("41 photos and files left this laptop: 312 MB are free again.");
  expect(button("laptop-room-let-go").disabled).toBe(true);
  expect(at("laptop-room-let-go").textContent).toContain("Nothing may leave yet");
});

it("says why evidence stayed, and what cannot be told without a scheme", async () => {
  const host = await showLaptop();
  host.failNext("retire_evidence", { code: "disk_full" });
  await press("laptop-room-let-go");
  expect(at("laptop-room-error").dataset.code).toBe("disk_full");
  await press("laptop-back");
  host.failNext("room", { code: "unexpected" });
  await press("home-laptop");
  await press("laptop-room-look-error-retry");
  expect(there("laptop-room-facts")).toBe(true);
});

it("asks for no room where there is no scheme", async () => {
  const host = await showLaptop({ schemes: [] });
  expect(there("laptop-room-empty")).toBe(true);
  expect(asked(host, "room")).toEqual([]);
});

it("exports a person’s data into a folder, and says that it is in clear", async () => {
  const host = await showLaptop();
  expect(at("laptop-export-clear").textContent).toContain("in clear");
  expect(button("laptop-export-now").disabled).toBe(true);
  await type("laptop-export-person-search", "nowak");
  expect(there("laptop-export-person-p1")).toBe(false);
  await press("laptop-export-person-p9");
  await press("laptop-export-now");
  expect(asked(host, "export_person")).toEqual([{ personId: "p9", folder: STICK }]);
  expect(at("laptop-export-outcome").textContent).toContain(`Exported: ${STICK}/`);
  host.failNext("export_person", { code: "not_written", message: "Nothing was written." });
  await press("laptop-export-now");
  expect(at("laptop-export-error").dataset.code).toBe("not_written");
  expect(at("laptop-export-outcome").textContent).toBe("");
});

it("does not draw more people than can be looked through", async () => {
  const people = Array.from({ length: 60 }, (_, index) => ({ id: `q${index}`, name: `Fictional Person ${index}`, birthYear: null, onRoster: true }));
  await showLaptop({ people });
  expect(at("laptop-export-person-more").textContent).toContain("20 more");
  expect(there("laptop-export-person-q39")).toBe(true);
  expect(there("laptop-export-person-q40")).toBe(false);
  await type("laptop-export-person-search", "person 59");
  expect(there("laptop-export-person-q59")).toBe(true);
  expect(there("laptop-export-person-more")).toBe(false);
});

it("says that no stick is plugged in, and takes a typed folder", async () => {
  const host = await showLaptop({ laptop: { places: [] } });
  expect(there("laptop-backup-folder-place-empty")).toBe(true);
  expect(button("laptop-backup-now").disabled).toBe(true);
  await type("laptop-backup-folder", "/mnt/safe");
  await press("laptop-backup-now");
  expect(asked(host, "back_up")).toEqual([{ folder: "/mnt/safe" }]);
});
