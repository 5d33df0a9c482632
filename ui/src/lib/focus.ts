// Where the keyboard goes on after what had the focus has left the screen.
import { tick } from "svelte";

/** Puts the focus on something by its test id, once it is on the screen. */
export async function focusOn(testid: string): Promise<void> {
  await tick();
  [...document.querySelectorAll<HTMLElement>("[data-testid]")].find((at) => at.dataset.testid === testid)?.focus();
}
