// The checker: our Rust as WebAssembly. Every question gets an instance of its own, so nothing of one is left for the next.

export type Answer = "yes" | "no" | "unknown";
export type Said = { label: string; answer: Answer; sentence: string };
export type Report = {
  tone: "green" | "amber" | "red";
  purpose: "real" | "practice" | "demonstration";
  headline: string;
  what: string;
  banner: string | null;
  genuine: Said;
  inForce: Said;
  facts: { label: string; value: string }[];
  absent: string[];
  checks: Said[];
  lists: string[];
  holder: { name: string; mark: number | string | null } | null;
  address: { named: string; own: string } | null;
};
export type Problem = "not_ours" | "damaged" | "newer_page" | "too_large" | "picture" | "stopped";
export type About = { institution: string; address: string; purpose: Report["purpose"]; keySet: number; listOf: string | null; listDays: number | null };
export type Offer = "newer" | "same" | "older" | "other_institution" | "not_genuine";

type Exports = {
  memory: WebAssembly.Memory;
  reserve(length: number): number;
  judge_subject(trust: number, subject: number, address: number, now: number): number;
  about_trust(now: number): number;
  newer_trust(held: number): number;
};

const text = new TextEncoder();

export class Checker {
  readonly #module: WebAssembly.Module;

  private constructor(module: WebAssembly.Module) {
    this.#module = module;
  }

  static async start(bytes: Uint8Array<ArrayBuffer>): Promise<Checker> {
    return new Checker(await WebAssembly.compile(bytes));
  }

  /** `address` is where the page was opened, empty for a file. */
  judge(trust: Uint8Array, subject: Uint8Array, address: string, language: string): Promise<Report | { error: Problem }> {
    const parts = [trust, subject, text.encode(address), text.encode(language)];
    return this.#ask<Report | { error: Problem }>(parts, (rust) => rust.judge_subject(trust.length, subject.length, parts[2]?.length ?? 0, Date.now()))
      .catch(() => ({ error: "stopped" as const }));
  }

  about(trust: Uint8Array): Promise<About | { error: string }> {
    return this.#ask<About | { error: string }>([trust], (rust) => rust.about_trust(Date.now())).catch(() => ({ error: "stopped" }));
  }

  newer(held: Uint8Array, offered: Uint8Array): Promise<Offer> {
    return this.#ask<Offer>([held, offered], (rust) => rust.newer_trust(held.length)).catch(() => "not_genuine" as const);
  }

  async #ask<T>(parts: Uint8Array[], question: (rust: Exports) => number): Promise<T> {
    const instance = await WebAssembly.instantiate(this.#module, {});
    const rust = instance.exports as unknown as Exports;
    let at = rust.reserve(parts.reduce((sum, part) => sum + part.length, 0));
    if (at === 0) throw new RangeError("too much to check");
    for (const part of parts) {
      new Uint8Array(rust.memory.buffer, at, part.length).set(part);
      at += part.length;
    }
    const answer = question(rust);
    const length = new DataView(rust.memory.buffer).getUint32(answer, true);
    return JSON.parse(new TextDecoder().decode(new Uint8Array(rust.memory.buffer, answer + 4, length))) as T;
  }
}

/** The bytes of one of the page's data blocks; empty when nothing is inside. */
export function block(id: string): Uint8Array<ArrayBuffer> {
  const letters = atob(document.getElementById(id)?.textContent.trim() ?? "");
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}
