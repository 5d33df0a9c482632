// Which key does what during an exercise. Pure, so that the one thing that must not happen is easy to test:
// a letter typed into a note scoring something.
import type { Score } from "../../lib/host";

export const scoreOrder: Score[] = ["unaided", "prompted", "not_done", "dangerous", "not_seen", "not_applicable"];

export type KeyAction =
  | { do: "score"; score: Score }
  | { do: "next_criterion" | "previous_criterion" | "next_step" | "previous_step" }
  | { do: "correct_last" | "note" | "hide" | "second_person" | "stop" };

const plainKeys: Record<string, KeyAction> = {
  j: { do: "next_criterion" },
  ArrowDown: { do: "next_criterion" },
  k: { do: "previous_criterion" },
  ArrowUp: { do: "previous_criterion" },
  n: { do: "next_step" },
  p: { do: "previous_step" },
  c: { do: "correct_last" },
};

// These work also while somebody types: stopping must never depend on where the cursor is.
const functionKeys: Record<string, KeyAction> = {
  F2: { do: "note" },
  F4: { do: "hide" },
  F8: { do: "second_person" },
  F9: { do: "stop" },
};

export function keyAction(event: KeyboardEvent): KeyAction | null {
  // A key held down is one press, and a chord belongs to the system.
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return null;
  const always = functionKeys[event.key];
  if (always) return always;
  if (isTyping(event.target)) return null;
  if (event.key.startsWith("Arrow") && ownsArrows(event.target)) return null;
  const score = /^[1-6]$/.test(event.key) ? scoreOrder[Number(event.key) - 1] : undefined;
  if (score) return { do: "score", score };
  return plainKeys[event.key] ?? null;
}

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !["radio", "checkbox", "file", "button"].includes(target.type);
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLElement && target.isContentEditable;
}

/** A group of radios moves with the arrows, and a list that scrolls does too. */
function ownsArrows(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement && target.type === "radio") return true;
  return target instanceof HTMLElement && target.dataset.ownArrows !== undefined;
}
