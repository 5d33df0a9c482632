// An answer being entered: what was picked or typed stays until it is saved, also while another step is on the screen.
import { decimal, wholeNumber } from "../../lib/format";
import type { Answered, CriterionView, PartView } from "../../lib/host";

export class Draft {
  value = $state("");
  instrument = $state("");
  options = $state.raw<readonly string[]>([]);
  number = $state("");
  seconds = $state("");
  points = $state.raw<readonly number[]>([]);
  prompts = $state(0);
  text = $state("");
  #kept = $state("");
  /** When the stopwatch was started, on the clock that never jumps. */
  #startedAt = $state<number | null>(null);

  constructor(answer: Answered | null) {
    switch (answer?.kind) {
      case "measured": this.value = answer.value; this.instrument = answer.instrument; break;
      case "chosen": this.options = answer.options; break;
      case "counted": this.number = String(answer.number); break;
      case "timed": this.seconds = answer.seconds; break;
      case "heard": this.points = answer.points; this.prompts = answer.prompts; break;
      case "written": this.text = answer.text; break;
      case "level": case undefined: break;
    }
    this.keep();
  }

  /** Something was entered that no saved answer holds. */
  get open(): boolean {
    return this.running || this.#entered() !== this.#kept;
  }

  /** What stands here now is on its way to the disk. */
  keep(): void {
    this.#kept = this.#entered();
  }

  #entered(): string {
    return JSON.stringify([this.value, this.instrument, this.options, this.number, this.seconds, this.points, this.prompts, this.text]);
  }

  get running(): boolean {
    return this.#startedAt !== null;
  }

  /** Seconds since the stopwatch was started, to the tenth. */
  elapsed(): number {
    return this.#startedAt === null ? 0 : Math.round((performance.now() - this.#startedAt) / 100) / 10;
  }

  startOrStop(): void {
    if (this.running) this.seconds = String(this.elapsed());
    this.#startedAt = this.running ? null : performance.now();
  }

  pickOption(id: string, on: boolean): void {
    this.options = on ? [...this.options, id] : this.options.filter((other) => other !== id);
  }

  pickPoint(n: number, on: boolean): void {
    this.points = (on ? [...this.points, n] : this.points.filter((other) => other !== n)).toSorted((a, b) => a - b);
  }

  /** What would be recorded; none while it is not an answer yet. A level is recorded by picking it. */
  answer(kind: CriterionView["kind"]): Answered | null {
    switch (kind) {
      case "measurement": return whole(decimal(this.value, { negative: true }), (value) => ({ kind: "measured", value, instrument: this.instrument.trim() }));
      case "choice": return this.options.length === 0 ? null : { kind: "chosen", options: [...this.options] };
      case "count": return whole(wholeNumber(this.number), (number) => ({ kind: "counted", number }));
      case "timed": return this.running ? null : whole(decimal(this.seconds), (seconds) => ({ kind: "timed", seconds }));
      case "oral": return { kind: "heard", points: [...this.points], prompts: this.prompts };
      case "text": return this.text.trim() === "" ? null : { kind: "written", text: this.text.trim() };
      case "rubric": case "observed": case "proof": return null;
    }
  }
}

/** Marks being entered for a part. */
export class MarksDraft {
  points = $state("");
  of = $state("");
  on = $state<string | null>(null);
  isWrongDay = $state(false);
  reference = $state("");
  #kept = $state("");

  constructor(marks: PartView["marks"]) {
    if (marks !== null) {
      this.points = String(marks.points);
      this.of = String(marks.of);
      this.on = marks.on;
      this.reference = marks.reference;
    }
    this.keep();
  }

  get open(): boolean {
    return this.#entered() !== this.#kept;
  }

  keep(): void {
    this.#kept = this.#entered();
  }

  /** What would be recorded; none while it is not complete. */
  marks(): { points: number; of: number; on: string; reference: string } | null {
    const [points, of, reference] = [wholeNumber(this.points), wholeNumber(this.of), this.reference.trim()];
    return points === null || of === null || this.on === null || reference === "" ? null : { points, of, on: this.on, reference };
  }

  #entered(): string {
    return JSON.stringify([this.points, this.of, this.on, this.isWrongDay, this.reference]);
  }
}

const whole = <T>(value: T | null, made: (value: T) => Answered): Answered | null => (value === null ? null : made(value));
