// Who cannot unlock: a new passphrase by a recovery key, and a backup in place of what is here.
import { afterEach, expect, it, vi } from "vitest";
import { fakeHost, type FakeHost, type FakeOptions } from "../../lib/host/fake/fake";
import { FICTIONAL_KEY } from "../../lib/host/fake/laptop";
import { asked, at, button, field, press, settled, showWindow, stillClock, there, type } from "../../testing/screens";

afterEach(() => vi.useRealTimers());

const NEWEST = "/media/aino/FICTIONAL-STICK/fieldproof-2026-11-01.backup";
const DRAWN = "pelican mosaic harvest umbrella cobalt";

async function locked(way: "unlock-forgot" | "unlock-restore", options: FakeOptions = {}): Promise<FakeHost> {
  const host = fakeHost(options);
  await showWindow(host);
  await press(way);
  return host;
}

it("gives a new passphrase by a recovery key, and says that the new key waits", async () => {
  const host = await locked("unlock-forgot", { rows: [] });
  expect(button("recover-now").disabled).toBe(true);
  await press("recover-person-a2");
  await type("recover-key", "a slip");
  await press("recover-passphrase-draw");
  await press("recover-now");
  expect(at("recover-error").dataset.code).toBe("invalid_input");
  expect(field("recover-key").value).toBe("a slip");
  await type("recover-key", FICTIONAL_KEY);
  await press("recover-now");
  expect(asked(host, "recover_access").at(-1)).toEqual({ personId: "a2", recoveryKey: FICTIONAL_KEY, passphrase: DRAWN });
  expect(there("screen-unlock")).toBe(true);
  expect(at("unlock-said").textContent).toContain("Bastian Vogt has a new passphrase and a new key. The key waits for the institution");
  await press("unlock-assessor-a2");
  await type("unlock-passphrase", DRAWN);
  await press("unlock-button");
  expect(there("screen-home")).toBe(true);
});

it("goes back from either without having asked for anything", async () => {
  const host = await locked("unlock-forgot");
  await press("recover-back");
  await press("unlock-restore");
  await press("restore-back");
  expect(there("screen-unlock")).toBe(true);
  expect(asked(host, "recover_access")).toEqual([]);
  expect(asked(host, "restore")).toEqual([]);
});

it("restores the newest backup by a passphrase, and says what was set aside and where", async () => {
  const host = await locked("unlock-restore");
  expect(at("restore-warning").textContent).toContain("set aside and kept");
  await type("restore-passphrase", "wrong");
  await press("restore-now");
  expect(at("restore-error").dataset.code).toBe("wrong_passphrase");
  expect(field("restore-passphrase").value).toBe("");
  await type("restore-passphrase", "copper lantern seven hills");
  await press("restore-now");
  expect(asked(host, "restore").at(-1)).toEqual({ backup: NEWEST, with: "passphrase", secret: "copper lantern seven hills" });
  expect(at("restore-outcome").textContent).toBe("The backup is restored.");
  expect(at("restore-aside").textContent).toContain("/home/aino/fieldproof.before-restore");
  await press("restore-done");
  expect(there("screen-unlock")).toBe(true);
});

it("restores a typed path by a recovery key, which stays for one wrong letter to be mended", async () => {
  const host = await locked("unlock-restore");
  await press("restore-backup-other");
  await type("restore-backup-path", "/mnt/old.backup");
  await press("restore-with-recovery_key");
  await type("restore-key", "a slip");
  await press("restore-now");
  expect(at("restore-error").dataset.code).toBe("invalid_input");
  expect(field("restore-key").value).toBe("a slip");
  await type("restore-key", FICTIONAL_KEY);
  await press("restore-now");
  expect(asked(host, "restore").at(-1)).toEqual({ backup: "/mnt/old.backup", with: "recovery_key", secret: FICTIONAL_KEY });
  expect(there("restore-key")).toBe(false);
});

it("does not carry a passphrase over into the field for the key", async () => {
  await locked("unlock-restore");
  await type("restore-passphrase", "copper lantern seven hills");
  await press("restore-with-recovery_key");
  expect(field("restore-key").value).toBe("");
});

it("offers a restore first on an empty laptop, and says that nothing was here", async () => {
  const host = fakeHost({ status: { assessors: [], demonstration: null } });
  await showWindow(host);
  expect(there("unlock-forgot")).toBe(false);
  expect(at("unlock-restore").classList.contains("primary")).toBe(true);
  await press("unlock-restore");
  expect(there("restore-warning")).toBe(false);
  await type("restore-passphrase", "copper lantern seven hills");
  await press("restore-now");
  expect(at("restore-aside").textContent).toBe("Nothing was here before.");
  await press("restore-done");
  expect(there("unlock-assessor-a1")).toBe(true);
});

it("looks for backups, says why they cannot be listed, and takes a path all the same", async () => {
  const host = fakeHost();
  await showWindow(host);
  const release = host.hold("backups");
  host.failNext("backups", { code: "unexpected", message: "The stick cannot be read." });
  await press("unlock-restore");
  expect(there("restore-backup-busy")).toBe(true);
  release();
  await settled();
  expect(at("restore-backup-error").textContent).toContain("The stick cannot be read.");
  expect(there("restore-backup-other")).toBe(true);
  await press("restore-backup-error-retry");
  expect(there("restore-backup-0")).toBe(true);
});

it("shows how far the restore is, and lets nobody leave it", async () => {
  stillClock();
  const host = await locked("unlock-restore");
  await type("restore-passphrase", "copper lantern seven hills");
  const release = host.hold("restore");
  await press("restore-now");
  await vi.advanceTimersByTimeAsync(300);
  await settled();
  expect(at("restore-progress-percent").textContent).toBe("8 %");
  expect(button("restore-back").disabled).toBe(true);
  release();
  await settled();
  const polls = asked(host, "backup_progress").length;
  await vi.advanceTimersByTimeAsync(3000);
  expect(asked(host, "backup_progress").length).toBe(polls);
  expect(there("restore-outcome")).toBe(true);
});
