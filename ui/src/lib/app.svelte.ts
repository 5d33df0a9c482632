// Where the person is and what Rust last said: the whole state of the window. Screens get parts of it and callbacks.
import { choose, type Code } from "../../verify/words";
import { Attempt } from "./attempt.svelte";
import { Idle, IDLE_MINUTES } from "./idle";
import { isRunning, toReopen } from "./reopen";
import { words } from "./words";
import { toHostError, type ErrorView, type Host, type HomeView, type SessionView, type StatusView } from "./host";

export type Screen = "starting" | "unlock" | "home" | "new" | "session" | "verify" | "laptop" | "recover" | "restore" | "begin" | "enrol" | "office" | "stick";

export class AppState {
  screen = $state<Screen>("starting");
  status = $state.raw<StatusView | null>(null);
  #home = $state.raw<HomeView | null>(null);
  #session = $state.raw<SessionView | null>(null);
  /** How sessions stand that were shown since home was read. */
  #since: Record<string, SessionView["phase"]> = {};
  /** Who was in before the window was locked, and at which session. */
  #left: { person: string; session: string | null } | null = null;
  /** Why the laptop was locked under somebody's hands. */
  notice = $state.raw<ErrorView | null>(null);
  /** What else there is to say before somebody unlocks. */
  said = $state<string | null>(null);
  /** What the verify screen speaks: the reader's own language where it is one of the four, until another is chosen. */
  language = $state<Code>(choose(null, navigator.languages));
  readonly loading = new Attempt();
  /** On its own: locking must not wait for anything, nor be ignored because something else is under way. */
  readonly #locking = new Attempt();
  #locks = 0;
  /** How many things Rust is doing right now. */
  #working = 0;
  readonly idle = new Idle(() => this.#mayLockItself(), () => void this.lock(words.unlock.lockedIdle(IDLE_MINUTES)));
  /** The host every screen uses: the given one, watched for the laptop having been locked. */
  readonly host: Host;

  demonstration = $derived(
    this.status?.demonstration != null || this.home?.demonstration === true || this.session?.demonstration === true,
  );

  get home(): HomeView | null {
    return this.#home;
  }

  set home(home: HomeView | null) {
    this.#home = home;
    this.#since = {};
  }

  get session(): SessionView | null {
    return this.#session;
  }

  set session(session: SessionView | null) {
    this.#session = session;
    if (session !== null) this.#since[session.id] = session.phase;
  }

  constructor(host: Host) {
    this.host = watched(host, (error) => this.#locked(error), (by) => void (this.#working += by));
  }

  /** Asks how things stand and shows the first screen. */
  async begin(): Promise<void> {
    await this.loading.run(
      () => this.host.call("status", {}),
      async (status) => {
        this.status = status;
        if (status.unlocked === null) this.screen = this.#entrance();
        else this.unlocked(await this.host.call("home", {}));
      },
    );
  }

  unlocked(home: HomeView): void {
    this.notice = null;
    this.said = null;
    this.home = home;
    this.screen = this.#house();
  }

  /** The first person of a new laptop has begun: everything is asked anew. */
  async begun(): Promise<void> {
    this.screen = "starting";
    await this.begin();
  }

  /** A pack was taken, and with the first one this laptop has an institution. */
  taken(home: HomeView): void {
    if (this.status !== null) this.status = { ...this.status, institution: home.institution };
    this.unlocked(home);
  }

  /** After unlocking: straight back to where the person was, where that is not over; else home. */
  async entered(home: HomeView): Promise<void> {
    const left = this.#left?.person === home.assessor.id ? this.#left.session : undefined;
    this.unlocked(home);
    const back = toReopen(home.sessions, left);
    if (back !== null) await this.openSession(back);
  }

  /** Shows home at once with what is known, and fresh as soon as Rust has answered. */
  async showHome(): Promise<void> {
    this.session = null;
    this.screen = this.#house();
    await this.loading.run(
      () => this.host.call("home", {}),
      this.#unlessLocked((home) => void (this.home = home)),
    );
  }

  showNew(): void {
    this.screen = "new";
  }

  showVerify(): void {
    this.screen = "verify";
  }

  showLaptop(): void {
    this.screen = "laptop";
  }

  showEnrol(): void {
    this.screen = "enrol";
  }

  showStick(): void {
    this.screen = "stick";
  }

  showOffice(): void {
    this.screen = "office";
  }

  /** What is offered to somebody who cannot unlock, and back from it with what came of it. */
  showHelp(screen: "recover" | "restore"): void {
    this.notice = null;
    this.said = null;
    this.screen = screen;
  }

  backToUnlock(status = this.status, said: string | null = null): void {
    this.status = status;
    this.said = said;
    this.screen = this.#entrance();
  }

  /** Verify can be reached without unlocking, so going back depends on that. */
  async leaveVerify(): Promise<void> {
    if (this.home === null) this.screen = this.#entrance();
    else await this.showHome();
  }

  async openSession(sessionId: string): Promise<void> {
    await this.loading.run(
      () => this.host.call("session", { sessionId }),
      this.#unlessLocked((session) => this.showSession(session)),
    );
  }

  showSession(session: SessionView): void {
    this.session = session;
    this.screen = "session";
  }

  async lock(why: string | null = null): Promise<void> {
    // Nobody reads names meanwhile: Rust may wait for somebody who works with the keys.
    this.#forget(this.status);
    this.said = why;
    await this.#locking.run(
      () => this.host.call("lock", {}),
      (status) => void (this.status = status),
    );
    if (this.#locking.error !== null) this.notice = this.#locking.error;
  }

  /** Never while an exercise of this person runs, whatever is on the screen meanwhile, nor while Rust is at work. */
  #mayLockItself(): boolean {
    return this.home !== null && this.#working === 0 && !this.#watches();
  }

  /** Whether somebody has live work to watch: by home, and by what was shown since it was read. */
  #watches(): boolean {
    const rows = this.home?.sessions ?? [];
    const phases = { ...Object.fromEntries(rows.map((row) => [row.id, row.phase])), ...this.#since };
    return Object.values(phases).some(isRunning);
  }

  /** An answer that was asked for before the laptop was locked shows nothing any more. */
  #unlessLocked<T>(then: (answer: T) => void): (answer: T) => void {
    const locks = this.#locks;
    return (answer) => {
      if (locks === this.#locks) then(answer);
    };
  }

  async #locked(error: ErrorView): Promise<void> {
    this.#forget(this.status);
    this.notice = error;
  }

  #forget(status: StatusView | null): void {
    this.#locks += 1;
    this.status = status === null ? null : { ...status, unlocked: null };
    if (this.home !== null) this.#left = { person: this.home.assessor.id, session: this.session?.id ?? null };
    this.home = null;
    this.session = null;
    this.notice = null;
    this.said = null;
    this.screen = this.#entrance();
  }

  /** Where nobody can unlock because nobody has begun yet, somebody begins. */
  #entrance(): "begin" | "unlock" {
    return this.status !== null && this.status.assessors.length === 0 && this.status.institution === "" ? "begin" : "unlock";
  }

  /** Without an institution there is nothing to assess under: first it is asked. */
  #house(): "enrol" | "home" {
    return this.home?.institution === "" ? "enrol" : "home";
  }
}

/** The same host; what begins and ends is told to `onwork`, a rejection that says "locked" also to `onlocked`. */
function watched(host: Host, onlocked: (error: ErrorView) => void, onwork: (by: 1 | -1) => void): Host {
  const watch = async <T>(answer: Promise<T>): Promise<T> => {
    onwork(1);
    try {
      return await answer;
    } catch (thrown) {
      const error = toHostError(thrown);
      if (error.code === "locked") onlocked(error);
      throw error;
    } finally {
      onwork(-1);
    }
  };
  return {
    call: (command, input) => watch(host.call(command, input)),
    attachPhoto: (sessionId, criterionId, file) => watch(host.attachPhoto(sessionId, criterionId, file)),
    attachFile: (sessionId, criterionId, file) => watch(host.attachFile(sessionId, criterionId, file)),
    attachCredential: (sessionId, prerequisiteId, file) => watch(host.attachCredential(sessionId, prerequisiteId, file)),
    keepProof: (file) => watch(host.keepProof(file)),
    lookAtPack: (file) => watch(host.lookAtPack(file)),
    readRequest: (file) => watch(host.readRequest(file)),
    readRoster: (courseId, file) => watch(host.readRoster(courseId, file)),
    takeAnswers: (file, limit) => watch(host.takeAnswers(file, limit)),
    verifyFile: (file, language) => watch(host.verifyFile(file, language)),
  };
}
