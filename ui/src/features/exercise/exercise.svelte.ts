// What the assessor looks at during an exercise: the step, the criterion, when it was seen, what is open for typing.
import type { CriterionView, Host, Score, SessionView, StepView } from "../../lib/host";
import { Taps } from "./taps.svelte";

export type SeenChoice = "0" | "10" | "30" | "60" | "300";
export type Place = { taskTitle: string; step: StepView };

export class ExerciseState {
  stepIndex = $state(0);
  criterionId = $state<string | null>(null);
  seen = $state<SeenChoice>("0");
  /** The criterion whose note or N/A reason is being typed. */
  noteFor = $state<string | null>(null);
  reasonFor = $state<string | null>(null);
  readonly taps: Taps;

  readonly #session: () => SessionView;
  readonly #onsession: (session: SessionView) => void;
  #lastScored: string | null = null;
  /** The reason being typed was asked for by a key, so saving it moves on as every key does. */
  #moveAfterReason = false;

  steps: Place[] = $derived.by(() =>
    this.#session().scheme.tasks.flatMap((task) => task.steps.map((step) => ({ taskTitle: task.title, step }))),
  );
  place = $derived(this.steps[this.stepIndex] ?? this.steps[0]);

  constructor(host: Host, session: () => SessionView, onsession: (session: SessionView) => void) {
    this.#session = session;
    this.#onsession = onsession;
    this.taps = new Taps(host, session().id, (fresh) => this.accept(fresh));
    this.goToStep(Math.max(0, this.#firstStepToDo()));
  }

  /** Takes Rust's answer. Answers can overtake each other; an older view never replaces a newer one. */
  accept(fresh: SessionView): void {
    if (latest(fresh) >= latest(this.#session())) this.#onsession(fresh);
  }

  goToStep(index: number): void {
    if (index < 0 || index >= this.steps.length) return;
    this.stepIndex = index;
    this.criterionId = (this.#unscored(this.place) ?? this.place?.step.criteria[0])?.id ?? null;
  }

  moveCriterion(by: 1 | -1): void {
    const criteria = this.place?.step.criteria ?? [];
    const at = criteria.findIndex((criterion) => criterion.id === this.criterionId);
    this.criterionId = criteria[at + by]?.id ?? this.criterionId;
  }

  /** Goes to a criterion wherever it is. */
  goTo(criterionId: string): void {
    const index = this.steps.findIndex((place) => place.step.criteria.some((one) => one.id === criterionId));
    if (index < 0) return;
    this.stepIndex = index;
    this.criterionId = criterionId;
  }

  /** Back to what was scored last, to correct it. */
  goToLast(): void {
    const log = this.#session().log;
    const id = this.#lastScored ?? log.findLast((entry) => entry.criterionId !== null)?.criterionId;
    if (id) this.goTo(id);
  }

  /** A tap on a score: the next open criterion of this step becomes the current one, but the step stays under the hand. */
  tapScore(criterionId: string, score: Score, reason: string | null = null): void {
    this.criterionId = criterionId;
    this.score(criterionId, score, reason);
    if (this.reasonFor === null) this.criterionId = this.#unscored(this.place)?.id ?? criterionId;
  }

  /** Records a score. N/A first asks for its reason. */
  score(criterionId: string, score: Score, reason: string | null = null): void {
    if (score === "not_applicable" && reason === null) {
      this.criterionId = criterionId;
      this.reasonFor = criterionId;
      this.#moveAfterReason = false;
      return;
    }
    this.reasonFor = null;
    this.#lastScored = criterionId;
    void this.taps.add({ kind: "score", criterionId, score, reason }, this.takeSeen());
  }

  /** From the keyboard: scores the current criterion and moves on to the next one without a score. */
  scoreAndMove(score: Score): void {
    const id = this.criterionId;
    if (id === null) return;
    this.score(id, score);
    if (this.reasonFor === null) this.moveOn();
    else this.#moveAfterReason = true;
  }

  /** Records "not applicable" with its reason, and goes on as the key or the tap that asked for it does. */
  saveReason(criterionId: string, reason: string): void {
    if (!this.#moveAfterReason) return this.tapScore(criterionId, "not_applicable", reason);
    this.score(criterionId, "not_applicable", reason);
    this.moveOn();
  }

  /** To the next criterion without a score, in this step or a later one; stays when there is none. */
  moveOn(): void {
    const here = this.#unscored(this.place);
    if (here) {
      this.criterionId = here.id;
      return;
    }
    const later = this.steps.findIndex((place, index) => index > this.stepIndex && this.#unscored(place) !== undefined);
    if (later >= 0) this.goToStep(later);
  }

  /** The set-back time applies to one tap and then returns to now. */
  takeSeen(): number {
    const seconds = Number(this.seen);
    this.seen = "0";
    return seconds;
  }

  /** Scored, or a score is on its way. */
  touched(criterion: CriterionView): boolean {
    return criterion.score !== null || this.taps.scoreOf(criterion.id) !== undefined;
  }

  #unscored(place: Place | undefined): CriterionView | undefined {
    const criteria = place?.step.criteria ?? [];
    const at = criteria.findIndex((criterion) => criterion.id === this.criterionId);
    const open = (criterion: CriterionView) => !this.touched(criterion);
    return criteria.slice(at + 1).find(open) ?? criteria.find(open);
  }

  #firstStepToDo(): number {
    return this.steps.findIndex((place) => place.step.criteria.some((criterion) => criterion.score === null));
  }
}

function latest(session: SessionView): number {
  return session.log.reduce((highest, entry) => Math.max(highest, entry.sequence), 0);
}
