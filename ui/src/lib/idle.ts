// Nobody has touched the laptop for a while: then it locks by itself. When it may, whoever asks says.

/** Minutes without key, pointer or touch. */
export const IDLE_MINUTES = 10;

export class Idle {
  #last = Date.now();
  readonly #may: () => boolean;
  readonly #onidle: () => void;

  constructor(may: () => boolean, onidle: () => void) {
    this.#may = may;
    this.#onidle = onidle;
  }

  /** Somebody is here. A laptop that slept too long locks all the same: the key that woke it is not one too late. */
  touched(): void {
    if (!this.check()) this.#last = Date.now();
  }

  /** Looks whether it is time; true when it was. While it may not be, the time does not run. */
  check(): boolean {
    const now = Date.now();
    // A clock that was set back must not make the wait longer.
    if (!this.#may() || now < this.#last) this.#last = now;
    if (now - this.#last < IDLE_MINUTES * 60_000) return false;
    this.#last = now;
    this.#onidle();
    return true;
  }
}
