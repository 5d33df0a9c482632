// Which shape and colour stands beside which word. Presentation only: what a score is worth, Rust says.
import type { Answer, KeyState, Phase, Place, ProofStatus, RecordAnswer, Rest, Result, Score, ShelvedKind, VerdictTone } from "./host";
import type { ShapeName } from "./shared/Shape.svelte";

export type Tone = "plain" | "soft" | "good" | "warn" | "bad" | "stop";
export type MarkLook = { shape: ShapeName; tone: Tone };

export const scoreMark: Record<Score, MarkLook> = {
  unaided: { shape: "done", tone: "good" },
  prompted: { shape: "helped", tone: "warn" },
  not_done: { shape: "not_yet", tone: "plain" },
  dangerous: { shape: "critical", tone: "bad" },
  not_seen: { shape: "unknown", tone: "plain" },
  not_applicable: { shape: "na", tone: "plain" },
};

export const resultMark: Record<Result, MarkLook> = {
  pass: { shape: "done", tone: "good" },
  fail: { shape: "critical", tone: "bad" },
  open: { shape: "not_yet", tone: "plain" },
  not_completed: { shape: "stopped", tone: "stop" },
};

export const placeMark: Record<Place, MarkLook> = {
  on_this_laptop: { shape: "not_yet", tone: "plain" },
  leaving: { shape: "leaving", tone: "plain" },
  held: { shape: "unknown", tone: "warn" },
  in_register: { shape: "done", tone: "good" },
  refused: { shape: "critical", tone: "bad" },
};

export const recordAnswerMark: Record<RecordAnswer, MarkLook> = {
  in_register: { shape: "done", tone: "good" },
  held: { shape: "not_yet", tone: "plain" },
  refused: { shape: "critical", tone: "bad" },
  not_taken: { shape: "unknown", tone: "plain" },
};

export const shelvedMark: Record<ShelvedKind, MarkLook> = {
  refused: { shape: "critical", tone: "bad" },
  missing: { shape: "not_yet", tone: "warn" },
  evidence_missing: { shape: "unknown", tone: "warn" },
  on_its_way: { shape: "not_yet", tone: "soft" },
  overdue: { shape: "warning", tone: "warn" },
};

export const keyMark: Record<KeyState, MarkLook> = {
  active: { shape: "done", tone: "good" },
  not_yet: { shape: "not_yet", tone: "plain" },
  over: { shape: "warning", tone: "warn" },
  retired: { shape: "na", tone: "plain" },
  compromised: { shape: "critical", tone: "bad" },
};

/** Why nothing leaves by itself, or that it does. */
export const sendingMark: Record<Rest | "leaving", MarkLook> = {
  leaving: { shape: "leaving", tone: "plain" },
  nothing: { shape: "done", tone: "good" },
  paused: { shape: "warning", tone: "warn" },
  metered: { shape: "warning", tone: "warn" },
  exercise: { shape: "not_yet", tone: "plain" },
  retry: { shape: "unknown", tone: "warn" },
  shut: { shape: "not_yet", tone: "plain" },
};

export const phaseMark: Record<Phase, MarkLook> = {
  gate: { shape: "not_yet", tone: "plain" },
  exercise: { shape: "not_yet", tone: "plain" },
  stopped: { shape: "stopped", tone: "stop" },
  decision: { shape: "not_yet", tone: "plain" },
  acknowledgement: { shape: "not_yet", tone: "plain" },
  sealed: { shape: "done", tone: "plain" },
  abandoned: { shape: "na", tone: "soft" },
};

export const proofMark: Record<ProofStatus, MarkLook> = {
  not_started: { shape: "not_yet", tone: "plain" },
  open: { shape: "not_yet", tone: "plain" },
  proved: { shape: "done", tone: "good" },
  not_dead: { shape: "critical", tone: "bad" },
  void: { shape: "critical", tone: "bad" },
};

/** The look of a verdict as a whole: a shape beside its word, and a colour. */
export const toneMark: Record<VerdictTone, MarkLook> = {
  green: { shape: "done", tone: "good" },
  amber: { shape: "unknown", tone: "plain" },
  red: { shape: "critical", tone: "bad" },
};

/** Plain ink also for yes: only a verdict Rust calls green may be green, and its screen colours it as a whole. */
export const answerMark: Record<Answer, MarkLook> = {
  yes: { shape: "done", tone: "plain" },
  no: { shape: "critical", tone: "bad" },
  could_not_tell: { shape: "unknown", tone: "plain" },
};
