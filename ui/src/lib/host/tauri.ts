// The host of the shipped app: every command goes to the Rust side through Tauri.
import { invoke } from "@tauri-apps/api/core";
import type { AnswersView, Commands, KeptView, PackView, RequestView, RosterView, SessionView, VerdictView } from "./generated";
import { toHostError } from "./errors";
import type { Host, JsonCommand } from "./host";

export const tauriHost: Host = {
  call<C extends JsonCommand>(command: C, input: Commands[C]["input"]) {
    return orHostError(invoke<Commands[C]["output"]>(command, { input }));
  },

  attachPhoto(sessionId, criterionId, file) {
    return orHostError(
      sendBytes<SessionView>("attach_photo", file, { "session-id": sessionId, "criterion-id": criterionId }),
    );
  },

  attachFile(sessionId, criterionId, file) {
    return orHostError(
      sendBytes<SessionView>("attach_file", file, { "session-id": sessionId, "criterion-id": criterionId }),
    );
  },

  attachCredential(sessionId, prerequisiteId, file) {
    return orHostError(
      sendBytes<SessionView>("attach_credential", file, { "session-id": sessionId, "prerequisite-id": prerequisiteId }),
    );
  },

  keepProof(file) {
    return orHostError(sendBytes<KeptView>("keep_proof", file, {}));
  },

  lookAtPack(file) {
    return orHostError(sendBytes<PackView>("look_at_pack", file, {}));
  },

  readRequest(file) {
    return orHostError(sendBytes<RequestView>("read_request", file, {}));
  },

  readRoster(courseId, file) {
    return orHostError(sendBytes<RosterView>("read_roster", file, { "course-id": courseId }));
  },

  takeAnswers(file, limit) {
    return orHostError(sendBytes<AnswersView>("take_answers", file, {}, limit + 1));
  },

  verifyFile(file, language) {
    return orHostError(sendBytes<VerdictView>("verify_file", file, { language }));
  },
};

async function sendBytes<T>(command: string, file: File, headers: Record<string, string>, most = file.size): Promise<T> {
  const bytes = new Uint8Array(await file.slice(0, most).arrayBuffer());
  // Header values must be ASCII; names of files often are not.
  return invoke<T>(command, bytes, { headers: { ...headers, "file-name": encodeURIComponent(file.name) } });
}

async function orHostError<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (thrown) {
    throw toHostError(thrown);
  }
}
