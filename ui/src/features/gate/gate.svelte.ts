// The gate's form: keeps what was typed, and saves it as it stands, one save at a time, the latest always last.
import { toHostError, type ErrorView, type GateInput, type Host, type SessionView } from "../../lib/host";

/** Typing is saved after a short rest; everything else at once. */
export const TYPING_REST_MS = 300;

export class GateForm {
  readonly values: GateInput;
  saving = $state(false);
  error = $state.raw<ErrorView | null>(null);
  savedOnce = $state(false);

  readonly #host: Host;
  readonly #sessionId: string;
  readonly #onsession: (session: SessionView) => void;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #dirty = false;
  #running: Promise<void> | null = null;

  constructor(host: Host, session: SessionView, onsession: (session: SessionView) => void) {
    this.#host = host;
    this.#sessionId = session.id;
    this.#onsession = onsession;
    this.values = $state({ ...session.gate.values });
  }

  /** A choice or tick: saved at once. */
  set<K extends keyof GateInput>(key: K, value: GateInput[K]): void {
    this.values[key] = value;
    this.#dirty = true;
    void this.flush();
  }

  /** Typing: saved after a rest. */
  type<K extends keyof GateInput>(key: K, value: GateInput[K]): void {
    this.values[key] = value;
    this.#dirty = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), TYPING_REST_MS);
  }

  /** Saves whatever is not saved yet; true when everything on the screen is on disk. */
  async flush(): Promise<boolean> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#running === null && this.#dirty) {
      this.#running = this.#saveAll().finally(() => (this.#running = null));
    }
    await this.#running;
    return !this.#dirty;
  }

  async #saveAll(): Promise<void> {
    this.saving = true;
    try {
      while (this.#dirty) {
        this.#dirty = false;
        const session = await this.#host.call("save_gate", { sessionId: this.#sessionId, gate: { ...this.values } });
        this.error = null;
        this.savedOnce = true;
        this.#onsession(session);
      }
    } catch (thrown) {
      this.#dirty = true;
      this.error = toHostError(thrown);
    } finally {
      this.saving = false;
    }
  }
}
