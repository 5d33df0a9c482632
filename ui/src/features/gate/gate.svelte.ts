// The gate's form: keeps what was typed, and saves it as it stands, one save at a time, the latest always last.
import { SvelteSet } from "svelte/reactivity";
import { toHostError, type DeviationInput, type ErrorView, type GateInput, type Host, type SecondPersonProof, type SessionView, type ShownInput } from "../../lib/host";

/** Typing is saved after a short rest; everything else at once. */
export const TYPING_REST_MS = 300;

/** The two lists of credentials in a gate. */
export type ShownList = "prerequisites" | "competences";

export class GateForm {
  readonly values: GateInput;
  saving = $state(false);
  error = $state.raw<ErrorView | null>(null);
  savedOnce = $state(false);

  readonly wrongDays = new SvelteSet<string>();

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
    // A copy through and through: what Rust said last must not change while somebody types.
    this.values = $state(structuredClone(session.gate.values));
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

  /** A day, under the name of its field. One that cannot be read is not saved as none: it holds the start up. */
  typeDay(field: string, isWrong: boolean, keep: () => void): void {
    if (isWrong) this.wrongDays.add(field);
    else {
      this.wrongDays.delete(field);
      keep();
    }
  }

  tick(id: string, on: boolean): void {
    this.set("ticks", withOrWithout(this.values.ticks, id, on));
  }

  proof(proof: SecondPersonProof, on: boolean): void {
    this.set("secondPerson", withOrWithout(this.values.secondPerson, proof, on));
  }

  /** What is known of one credential so far. */
  shown(list: ShownList, id: string): ShownInput {
    return this.values[list].find((one) => one.id === id) ?? { id, issuer: "", reference: "", issued: null, expires: null };
  }

  typeShown(list: ShownList, id: string, more: Partial<ShownInput>): void {
    const changed = { ...this.shown(list, id), ...more };
    const at = this.values[list].findIndex((one) => one.id === id);
    this.type(list, at < 0 ? [...this.values[list], changed] : this.values[list].with(at, changed));
  }

  typeDeviation(more: Partial<DeviationInput>): void {
    this.type("deviation", { ground: "", riskAssessment: "", approver: "", ...this.values.deviation, ...more });
  }

  /** A picture of a credential, once everything typed is on disk. */
  async attach(prerequisiteId: string, file: File): Promise<SessionView> {
    await this.flush();
    return this.#host.attachCredential(this.#sessionId, prerequisiteId, file);
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
        const session = await this.#host.call("save_gate", { sessionId: this.#sessionId, gate: $state.snapshot(this.values) });
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

function withOrWithout<T>(all: readonly T[], one: T, on: boolean): T[] {
  const rest = all.filter((other) => other !== one);
  return on ? [...rest, one] : rest;
}
