// The port between the screen and the Rust side: what a screen may ask, whoever answers.
import { createContext } from "svelte";
import type { AnswersView, Commands, KeptView, PackView, RequestView, RosterView, SessionView, VerdictView } from "./generated";

/** The commands that carry raw bytes have methods of their own; everything else goes through `call`. */
export type JsonCommand = keyof Commands;

export type Host = {
  call<C extends JsonCommand>(command: C, input: Commands[C]["input"]): Promise<Commands[C]["output"]>;
  /** `criterionId` is empty for a photo of the whole session. */
  attachPhoto(sessionId: string, criterionId: string, file: File): Promise<SessionView>;
  attachFile(sessionId: string, criterionId: string, file: File): Promise<SessionView>;
  /** A picture of a credential the candidate shows before the start. */
  attachCredential(sessionId: string, prerequisiteId: string, file: File): Promise<SessionView>;
  /** Keeps a file that shows an activity, before the entry that names it. */
  keepProof(file: File): Promise<KeptView>;
  /** Looks into a pack's file; `take_pack` takes what was looked at. */
  lookAtPack(file: File): Promise<PackView>;
  /** Reads a request's file, or a picture of its symbol; `admit` knows it by its code. */
  readRequest(file: File): Promise<RequestView>;
  /** Reads a table for a course; `map_roster` and `import_roster` go on with what was read. */
  readRoster(courseId: string, file: File): Promise<RosterView>;
  /** Takes the answers to a carried file; of one longer than `limit` bytes no more is read than it takes to say so. */
  takeAnswers(file: File, limit: number): Promise<AnswersView>;
  /** `language` is the code of the language to answer in. */
  verifyFile(file: File, language: string): Promise<VerdictView>;
};

export const [getHost, setHost] = createContext<Host>();
