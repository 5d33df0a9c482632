// One thing a person asked for, while it runs and when it failed. A second press while busy is ignored.
import { toHostError, type ErrorView } from "./host";

export class Attempt {
  busy = $state(false);
  error = $state.raw<ErrorView | null>(null);

  /** Runs `work`, then `then` with its answer; true when both went well. */
  async run<T>(work: () => Promise<T>, then: (answer: T) => void | Promise<void> = () => {}): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.error = null;
    try {
      await then(await work());
      return true;
    } catch (thrown) {
      this.error = toHostError(thrown);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
