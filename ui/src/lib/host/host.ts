// The port between the screen and the Rust side: what a screen may ask, whoever answers.
import { createContext } from "svelte";
import type { Commands, SessionView, VerdictView } from "./generated";

/** The two commands that carry raw bytes have their own methods; everything else goes through `call`. */
export type JsonCommand = Exclude<keyof Commands, "attach_photo" | "verify_file">;

export type Host = {
  call<C extends JsonCommand>(command: C, input: Commands[C]["input"]): Promise<Commands[C]["output"]>;
  /** `criterionId` is empty for a photo of the whole session. */
  attachPhoto(sessionId: string, criterionId: string, file: File): Promise<SessionView>;
  verifyFile(file: File): Promise<VerdictView>;
};

export const [getHost, setHost] = createContext<Host>();
