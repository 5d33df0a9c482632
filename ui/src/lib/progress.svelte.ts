// How far a backup or a restore has come. Rust is asked while the work runs; what it says never decides anything.
import type { Host } from "./host";

export const POLL_MS = 300;

export class Progress {
  /** In a hundred; none while nothing is under way. */
  percent = $state<number | null>(null);
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Runs the work and asks how far it is until it has ended, well or not. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.percent = 0;
    let over = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      // Not knowing how far it is must not stop it.
      const now = await this.#host.call("backup_progress", {}).catch(() => null);
      if (over) return;
      this.percent = now?.percent ?? this.percent;
      timer = setTimeout(ask, POLL_MS);
    };
    timer = setTimeout(ask, POLL_MS);
    try {
      return await work();
    } finally {
      over = true;
      clearTimeout(timer);
      this.percent = null;
    }
  }
}
