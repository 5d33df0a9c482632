// Sending by itself, invented: it does nothing by itself, and remembers its switches.
import type { SendingView } from "../generated";
import type { Handlers } from "./fake";

export const resting: SendingView = { leaving: null, rest: "nothing", note: null, waiting: 0, paused: false, sparesMetered: false, link: "cannot_tell", kept: 0 };

export function sending(given: Partial<SendingView> = {}) {
  let now: SendingView = { ...resting, ...given };
  const commands: Pick<Handlers, "sending" | "pause_sending" | "spare_metered"> = {
    sending: () => now,
    pause_sending: ({ on }) => (now = { ...now, paused: on, rest: on ? "paused" : "nothing" }),
    spare_metered: ({ on }) => (now = { ...now, sparesMetered: on, rest: on && now.link === "metered" ? "metered" : "nothing" }),
  };
  /** What Rust says from now on. */
  const becomes = (fresh: Partial<SendingView>) => void (now = { ...now, ...fresh });
  return { commands, becomes };
}
