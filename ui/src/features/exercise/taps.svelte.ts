// Taps on their way to the disk. A tap counts as saved only when Rust has answered; one that failed stays visible
// with its words until it is tried again, and keeps the time at which it was tapped.
import { toHostError, type ErrorView, type Host, type ObservationInput, type SessionView } from "../../lib/host";

export type Tap = {
  readonly id: number;
  readonly observation: ObservationInput;
  readonly tappedAt: number;
  /** As chosen when it was tapped. */
  readonly seenSecondsAgo: number;
  state: "saving" | "failed";
  error: ErrorView | null;
};

/** Trying again cannot help: what was tapped or typed is itself what the rules do not take. */
export function isRefused(tap: Tap): boolean {
  return tap.state === "failed" && (tap.error?.code === "rule" || tap.error?.code === "invalid_input");
}

export class Taps {
  waiting = $state<Tap[]>([]);
  /** What was saved last, for the live region. */
  savedCount = $state(0);

  readonly #host: Host;
  readonly #sessionId: string;
  readonly #onsession: (session: SessionView) => void;
  #line: Promise<unknown> = Promise.resolve();
  #nextId = 1;

  constructor(host: Host, sessionId: string, onsession: (session: SessionView) => void) {
    this.#host = host;
    this.#sessionId = sessionId;
    this.#onsession = onsession;
  }

  get unsaved(): boolean {
    return this.waiting.length > 0;
  }

  /** Records a tap; true once it is on disk. */
  add(observation: ObservationInput, seenSecondsAgo: number): Promise<boolean> {
    const tap: Tap = { id: this.#nextId++, observation, tappedAt: Date.now(), seenSecondsAgo, state: "saving", error: null };
    if (observation.kind === "resume" || observation.kind === "stop_explained") this.#forgetRefused(observation.kind);
    this.waiting.push(tap);
    return this.#send(tap.id);
  }

  retry(id: number): Promise<boolean> {
    this.#mark(id, "saving", null);
    return this.#send(id);
  }

  /** Leaves out a tap that the rules will never take; anything else stays until it is saved. */
  leaveOut(id: number): void {
    this.waiting = this.waiting.filter((tap) => tap.id !== id || !isRefused(tap));
  }

  /** The score or answer on its way for one criterion, the latest if there are several. */
  recordOf(criterionId: string): Tap | undefined {
    return this.waiting.findLast(({ observation }) => (observation.kind === "score" || observation.kind === "answered") && observation.criterionId === criterionId);
  }

  /** Whether something of this kind is on its way. */
  saving(kind: ObservationInput["kind"]): boolean {
    return this.waiting.some((tap) => tap.observation.kind === kind && tap.state === "saving");
  }

  #send(id: number): Promise<boolean> {
    const tap = this.waiting.find((one) => one.id === id);
    if (tap === undefined) return Promise.resolve(false);
    // Taps go one after the other, in the order in which they were made. A stop waits for nothing.
    if (tap.observation.kind === "stop") return this.#observe(tap);
    const sent = this.#line.then(() => this.#observe(tap));
    this.#line = sent;
    return sent;
  }

  async #observe(tap: Tap): Promise<boolean> {
    // Waiting in line or for a second try must not make the seen time later than it was.
    const delay = Math.max(0, Math.round((Date.now() - tap.tappedAt) / 1000));
    try {
      const session = await this.#host.call("observe", {
        sessionId: this.#sessionId,
        observation: $state.snapshot(tap.observation),
        seenSecondsAgo: tap.seenSecondsAgo + delay,
      });
      this.waiting = this.waiting.filter((one) => one.id !== tap.id);
      this.savedCount += 1;
      this.#onsession(session);
      return true;
    } catch (thrown) {
      this.#mark(tap.id, "failed", toHostError(thrown));
      return false;
    }
  }

  /** Going on, or saying why it was stopped, once more takes the place of what was refused before. */
  #forgetRefused(kind: Tap["observation"]["kind"]): void {
    this.waiting = this.waiting.filter((tap) => tap.observation.kind !== kind || !isRefused(tap));
  }

  #mark(id: number, state: Tap["state"], error: ErrorView | null): void {
    const tap = this.waiting.find((one) => one.id === id);
    if (tap === undefined) return;
    tap.state = state;
    tap.error = error;
  }
}
