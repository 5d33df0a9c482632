// The trust file the page judges with: the one inside, or a newer one from the register or a stick. Rust says which is newer.
import type { Checker, Offer } from "./checker";

/** Kept beside the page by sw.js, which never looks inside. */
const CACHE = "fieldproof-trust";
/** How long a look for a newer list may hold up a verdict. */
const PATIENCE_MS = 3_000;
/** How long a look holds good. */
const FRESH_MS = 60_000;

/** The page's own folder on its server: `/v` and `/v/` keep their files under `/v/`. Nothing for a page from a file. */
export function home(place: Location): string | null {
  if (place.protocol !== "http:" && place.protocol !== "https:") return null;
  const last = place.pathname.split("/").at(-1) ?? "";
  if (last.includes(".")) return place.pathname.slice(0, place.pathname.length - last.length);
  return last === "" ? place.pathname : `${place.pathname}/`;
}

export class Held {
  bytes: Uint8Array;
  readonly #checker: Checker;
  readonly #url: string | null;
  #looking: Promise<void> | null = null;
  #lookedAt = -Infinity;

  constructor(checker: Checker, inside: Uint8Array, folder: string | null) {
    this.bytes = inside;
    this.#checker = checker;
    this.#url = folder === null ? null : `${folder}trust`;
  }

  get isEmpty(): boolean {
    return this.bytes.length === 0;
  }

  /** Takes an offered trust file if it is no step back. A page without an institution takes the first that holds together. */
  async offer(offered: Uint8Array): Promise<Offer> {
    const isFirst = this.isEmpty;
    const answer = await this.#checker.newer(isFirst ? offered : this.bytes, offered);
    const isTaken = answer === "newer" || (isFirst && answer === "same");
    if (isTaken) this.bytes = offered;
    return isTaken ? "newer" : answer;
  }

  /** What an earlier visit kept. */
  async recall(): Promise<void> {
    if (this.#url === null || this.isEmpty || !("caches" in globalThis)) return;
    const kept = await caches.open(CACHE).then((cache) => cache.match(this.#url ?? "")).catch(() => undefined);
    if (kept) await this.offer(new Uint8Array(await kept.arrayBuffer()));
  }

  /** Asks the register for a newer list: the page's only request, the same whatever is checked. Waits for it a moment. */
  async refresh(now: number, later: () => void): Promise<void> {
    if (this.#url === null || this.isEmpty || now - this.#lookedAt < FRESH_MS) return;
    this.#lookedAt = now;
    const before = this.bytes;
    let isLate = false;
    this.#looking = this.#look(this.#url).catch(() => {
      // Without a network the list simply keeps its age, which is said, and the next check asks again.
      this.#lookedAt = -Infinity;
    }).then(() => {
      if (isLate && this.bytes !== before) later();
    });
    await Promise.race([this.#looking, new Promise((over) => setTimeout(over, PATIENCE_MS))]);
    isLate = true;
  }

  async #look(url: string): Promise<void> {
    const response = await fetch(url, { cache: "no-store", credentials: "omit", redirect: "error", signal: AbortSignal.timeout(4 * PATIENCE_MS) });
    if (!response.ok) throw new Error(response.statusText);
    const offered = new Uint8Array(await response.arrayBuffer());
    if ((await this.offer(offered)) === "newer" && "caches" in globalThis) {
      await (await caches.open(CACHE)).put(url, new Response(offered));
    }
  }
}
