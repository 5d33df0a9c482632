// Turns whatever a command rejected with into an ErrorView a screen can show.
import { words } from "../words";
import type { Code, ErrorView } from "./generated";

// A table and not a list, so that a code added on the Rust side fails to compile here until it is known.
const known: Record<Code, true> = {
  wrong_passphrase: true,
  wrong_pin: true,
  wait_before_next_try: true,
  locked: true,
  not_found: true,
  rule: true,
  invalid_input: true,
  photo_unreadable: true,
  photo_too_large: true,
  disk_full: true,
  not_written: true,
  traces_remain: true,
  register_unreachable: true,
  register_other_identity: true,
  register_refused: true,
  nothing_to_verify: true,
  viewer: true,
  unexpected: true,
};

/** An ErrorView that can be thrown. */
export class HostError extends Error implements ErrorView {
  readonly code: Code;
  readonly next: string;
  readonly waitSeconds: number | null;

  constructor(view: ErrorView) {
    super(view.message);
    this.name = "HostError";
    this.code = view.code;
    this.next = view.next;
    this.waitSeconds = view.waitSeconds;
  }
}

/** Never fails: anything that is not an ErrorView becomes "unexpected" with a sentence that helps. */
export function toHostError(thrown: unknown): HostError {
  if (thrown instanceof HostError) return thrown;
  if (!isObject(thrown)) return unexpected();
  const { code, message, next, waitSeconds } = thrown;
  if (typeof code !== "string" || typeof message !== "string" || message === "") return unexpected();
  return new HostError({
    code: isCode(code) ? code : "unexpected",
    message,
    next: typeof next === "string" ? next : words.error.unexpectedNext,
    waitSeconds: typeof waitSeconds === "number" ? waitSeconds : null,
  });
}

function unexpected(): HostError {
  return new HostError({
    code: "unexpected",
    message: words.error.unexpected,
    next: words.error.unexpectedNext,
    waitSeconds: null,
  });
}

function isCode(code: string): code is Code {
  return Object.hasOwn(known, code);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
