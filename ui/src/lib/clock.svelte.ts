// A clock that ticks on the screen while somebody looks at it. For showing time only; Rust stamps what counts.
import { onDestroy } from "svelte";

export class Clock {
  now = $state(Date.now());

  constructor() {
    const timer = setInterval(() => (this.now = Date.now()), 1000);
    onDestroy(() => clearInterval(timer));
  }
}
