// How sending stands, asked again and again while somebody looks. Rust sends by itself; this only shows it.
import { onDestroy } from "svelte";
import type { Host, Place, SendingView } from "./host";

export const LOOK_MS = 1000;

export class Sending {
  now = $state.raw<SendingView | null>(null);
  readonly #host: Host;
  readonly #onkept: () => void;
  #isOver = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `onkept` is called at the first look, and whenever the register answered something that was kept. */
  constructor(host: Host, onkept: () => void = () => {}) {
    this.#host = host;
    this.#onkept = onkept;
    void this.#look();
    onDestroy(() => {
      this.#isOver = true;
      clearTimeout(this.#timer);
    });
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  show(fresh: SendingView): void {
    if (this.#isOver) return;
    const before = this.now;
    this.now = fresh;
    // The first look counts: an answer may have come after the screen got what it shows.
    if (before?.kept !== fresh.kept) this.#onkept();
  }

  async #look(): Promise<void> {
    // Not knowing it keeps nobody from anything.
    const fresh = await this.#host.call("sending", {}).catch(() => null);
    if (fresh !== null) this.show(fresh);
    if (!this.#isOver) this.#timer = setTimeout(() => void this.#look(), LOOK_MS);
  }

  /** What to show of a record: leaving, while it is being sent at this moment. */
  placeOf<T extends { place: Place | null; placeNote: string | null }>(sessionId: string, row: T): T {
    const { leaving } = this.now ?? { leaving: null };
    const isLeaving = leaving?.sessionId === sessionId && (row.place === "on_this_laptop" || row.place === "held");
    return leaving !== null && isLeaving ? { ...row, place: "leaving", placeNote: leaving.note } : row;
  }
}
