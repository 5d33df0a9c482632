// The laptop itself, invented: who unlocks it, its backups, its recovery keys. It keeps nothing safe.
import type { AssessorView, BackupView, KeySetView, LaptopView, PersonView, StatusView, WorkingKeyView } from "../generated";
import type { Handlers } from "./fake";
import { NOW, status as firstStatus } from "./fixtures";
import { rejected } from "./rejected";

/** Any text with this word in it is the institution's recovery key here. */
export const FICTIONAL_KEY = "FICTIONAL-RECOVERY-KEY";

const TRIES = 5;
const BYTES = 45_200_000;
const DRAWN = ["pelican mosaic harvest umbrella cobalt", "lantern orbit thistle walnut quarry"];
const key = (more: Partial<WorkingKeyView>): WorkingKeyView => ({ id: "0011223344556677", role: "issuing", state: "active", owner: null, isOwn: false, first: "2026-10-02", last: "2036-10-30", ...more });

/** A key set with a key in every state. */
export const keySet: KeySetView = {
  number: 4, made: "2026-10-30",
  keys: [
    key({ id: "a1a1a1a1a1a1a1a1", state: "compromised", owner: "Carla Coordinator" }),
    key({ id: "b2b2b2b2b2b2b2b2", owner: "Cora Coordinator", isOwn: true }),
    key({ id: "c3c3c3c3c3c3c3c3", state: "retired" }),
    key({ id: "d4d4d4d4d4d4d4d4", role: "register" }),
    key({ id: "e5e5e5e5e5e5e5e5", role: "encryption", state: "over", last: "2026-10-29" }),
    key({ id: "f6f6f6f6f6f6f6f6", state: "not_yet", first: "2099-01-01", last: "2099-12-31" }),
  ],
};
const places = ["/media/aino/FICTIONAL-STICK", "/home/aino/Documents"];

const oldBackups = (): BackupView[] => [
  { path: `${places[0]}/fieldproof-2026-11-01.backup`, madeAt: NOW - 2 * 86_400_000, bytes: 44_700_000 },
  { path: `${places[1]}/fieldproof-2026-10-12.backup`, madeAt: NOW - 22 * 86_400_000, bytes: 39_100_000 },
];

export type Desk = { status: () => StatusView; setStatus: (status: StatusView) => void; people: PersonView[] };

type LaptopCommand =
  | "unlock" | "unlock_with_pin" | "laptop" | "draw_passphrase" | "give_access" | "change_passphrase" | "take_access" | "set_pin" | "make_recovery_sheet"
  | "turn_key_store_on" | "turn_key_store_off" | "send_while_locked"
  | "back_up" | "backup_progress" | "backups" | "drill" | "restore" | "recover_access" | "room" | "retire_evidence" | "export_person";

/** `kept` is what a test or a person wants to see instead of what is invented. */
export function laptopCommands(desk: Desk, home: Handlers["home"], kept: Partial<LaptopView> = {}): Pick<Handlers, LaptopCommand> {
  const passphrases = new Map((firstStatus.demonstration?.passphrases ?? []).map((one) => [one.name, one.passphrase]));
  const pins = new Map<string, { pin: string; left: number }>();
  const backups = oldBackups();
  let upkeep = { recovery: [{ kind: "institution", since: "2026-09-14" }], backedUpAt: NOW - 2 * 86_400_000, drilledAt: null, bytes: BYTES, backupNeeds: 2 * BYTES + 1_048_576, keyStoreSince: null, places, keySet, ...kept } as Omit<LaptopView, "people" | "others" | "hasPin">;
  let percent: number | null = null;
  let mayLeave = 312_000_000;
  let drawn = 0;

  const assessors = () => desk.status().assessors;
  const me = () => desk.status().unlocked ?? assessors()[0] ?? { id: "", name: "", hasPin: false };
  const setAssessors = (fresh: AssessorView[]) => desk.setStatus({ ...desk.status(), assessors: fresh });
  const withPin = (id: string, hasPin: boolean) => setAssessors(assessors().map((one) => (one.id === id ? { ...one, hasPin } : one)));
  const named = (id: string) => [...assessors(), ...desk.people].find((one) => one.id === id) ?? { id, name: "" };
  const setKeyStore = (keyStoreSince: string | null) => {
    upkeep = { ...upkeep, keyStoreSince };
    desk.setStatus({ ...desk.status(), sendsWhileLocked: keyStoreSince !== null });
    return laptop();
  };
  const enter = (id: string) => {
    desk.setStatus({ ...desk.status(), unlocked: assessors().find((one) => one.id === id) ?? null });
    return home({});
  };
  const opens = (key: string) => {
    if (!key.includes(FICTIONAL_KEY)) throw rejected({ code: "invalid_input", message: "This recovery key does not open it.", next: "Check that the sheet is the newest one of this laptop. Nothing was changed." });
  };
  const isStrong = (passphrase: string) => {
    if (passphrase.length < 20) throw rejected({ code: "invalid_input", message: "The passphrase is too easily guessed.", next: "Let five words be drawn, or type something longer that nobody says." });
  };
  const laptop = (): LaptopView => ({
    ...upkeep, people: assessors().map(({ id, name }) => ({ id, name, isMe: id === me().id })), hasPin: pins.has(me().id),
    others: desk.people.filter((person) => !assessors().some((one) => one.id === person.id)).map(({ id, name }) => ({ id, name })),
  });

  return {
    unlock: ({ assessorId, passphrase }) => {
      if (passphrase !== passphrases.get(named(assessorId).name)) throw rejected({ code: "wrong_passphrase", message: "That is not the passphrase.", next: "Wait, then try again.", waitSeconds: 5 });
      return enter(assessorId);
    },
    unlock_with_pin: ({ assessorId, pin }) => {
      const known = pins.get(assessorId);
      if (known?.pin === pin) return enter(assessorId);
      if (known !== undefined && (known.left -= 1) > 0) throw rejected({ code: "wrong_pin", message: "This is not your PIN.", next: `${known.left} tries are left, then only the passphrase opens.` });
      pins.delete(assessorId);
      withPin(assessorId, false);
      throw rejected({ code: "wrong_pin", message: "This is not your PIN.", next: "Unlock with your passphrase; then you can set a PIN again." });
    },
    laptop,
    draw_passphrase: () => ({ passphrase: DRAWN[drawn++ % DRAWN.length] ?? "" }),
    give_access: ({ personId, passphrase }) => {
      isStrong(passphrase);
      passphrases.set(named(personId).name, passphrase);
      setAssessors([...assessors(), { id: personId, name: named(personId).name, hasPin: false }]);
      return laptop();
    },
    change_passphrase: (given) => {
      if (given.old !== passphrases.get(me().name)) throw rejected({ code: "wrong_passphrase", message: "This is not your passphrase.", next: "Nothing was harmed. Check it and try again." });
      isStrong(given.new);
      passphrases.set(me().name, given.new);
      return laptop();
    },
    take_access: ({ personId }) => {
      setAssessors(assessors().filter((one) => one.id !== personId));
      return laptop();
    },
    set_pin: ({ pin }) => {
      if (!/^\d{6,12}$/.test(pin)) throw rejected({ code: "invalid_input", message: "A PIN has six to twelve digits.", next: "Type six to twelve digits." });
      pins.set(me().id, { pin, left: TRIES });
      withPin(me().id, true);
      return laptop();
    },
    make_recovery_sheet: () => {
      upkeep = { ...upkeep, recovery: [...upkeep.recovery.filter((one) => one.kind !== "sheet"), { kind: "sheet", since: "2026-11-03" }] };
      return laptop();
    },
    turn_key_store_on: () => setKeyStore("2026-11-03"),
    turn_key_store_off: () => setKeyStore(null),
    send_while_locked: () => ({ complete: 2, kept: 1 }),
    back_up: ({ folder }) => {
      const backup = { path: `${folder}/fieldproof-2026-11-03.backup`, madeAt: Date.now(), bytes: BYTES };
      backups.unshift(backup);
      upkeep = { ...upkeep, backedUpAt: backup.madeAt };
      percent = null;
      return backup;
    },
    backup_progress: () => ({ percent: (percent = Math.min(96, (percent ?? 0) + 8)) }),
    backups: () => ({ backups: [...backups] }),
    drill: ({ recoveryKey, backup }) => {
      opens(recoveryKey);
      upkeep = { ...upkeep, drilledAt: Date.now() };
      return { kind: "institution", backupMadeAt: backup === null ? null : (backups.find((one) => one.path === backup)?.madeAt ?? NOW) };
    },
    restore: ({ with: way, secret }) => {
      percent = null;
      if (way === "recovery_key") opens(secret);
      else if (![...passphrases.values()].includes(secret)) throw rejected({ code: "wrong_passphrase", message: "This is not the passphrase of anybody who had one.", next: "Nothing was changed. Check it and try again." });
      const setAside = assessors().length === 0 ? null : "/home/aino/fieldproof.before-restore";
      desk.setStatus({ ...firstStatus, unlocked: null });
      return { setAside, status: desk.status() };
    },
    recover_access: ({ personId, recoveryKey, passphrase }) => {
      opens(recoveryKey);
      isStrong(passphrase);
      passphrases.set(named(personId).name, passphrase);
      return desk.status();
    },
    room: () => ({ freeBytes: 90_000_000_000, neededBytes: 68_000_000, mayLeaveBytes: mayLeave, isTooLittle: false }),
    retire_evidence: () => {
      const left = { items: mayLeave === 0 ? 0 : 41, bytes: mayLeave };
      mayLeave = 0;
      return left;
    },
    export_person: ({ personId, folder }) => ({ path: `${folder}/${named(personId).name}.zip` }),
  };
}
