// What the assessor looks at during an exercise: the place, the criterion, when it was seen, what is open for typing.
import { untrack } from "svelte";
import { SvelteMap } from "svelte/reactivity";
import type { Answered, CriterionView, Host, PartView, Score, SessionView } from "../../lib/host";
import { Draft, MarksDraft } from "./draft.svelte";
import { criteriaOf, isRecorded, isScored, places, type Place } from "./places";
import { Taps } from "./taps.svelte";

export type SeenChoice = "0" | "10" | "30" | "60" | "300";

export class ExerciseState {
  placeIndex = $state(0);
  criterionId = $state<string | null>(null);
  seen = $state<SeenChoice>("0");
  /** The criterion whose note or N/A reason is being typed. */
  noteFor = $state<string | null>(null);
  reasonFor = $state<string | null>(null);
  readonly taps: Taps;

  readonly #session: () => SessionView;
  readonly #onsession: (session: SessionView) => void;
  readonly #drafts = new SvelteMap<string, Draft>();
  readonly #marks = new SvelteMap<string, MarksDraft>();
  #lastRecorded: string | null = null;
  /** The reason being typed was asked for by a key, so saving it moves on as every key does. */
  #moveAfterReason = false;

  places: Place[] = $derived.by(() => places(this.#session().scheme));
  place = $derived(this.places[this.placeIndex] ?? this.places[0]);

  constructor(host: Host, session: () => SessionView, onsession: (session: SessionView) => void) {
    this.#session = session;
    this.#onsession = onsession;
    this.taps = new Taps(host, session().id, (fresh) => this.accept(fresh));
    this.goToPlace(Math.max(0, this.#firstPlaceToDo()));
  }

  /**
   * Takes Rust's answer. Answers can overtake each other; an older view never replaces a newer one, and one that comes
   * late never brings back the session that was swapped for another.
   */
  accept(fresh: SessionView): void {
    const shown = this.#session();
    if (fresh.id === shown.id && latest(fresh) >= latest(shown)) this.#onsession(fresh);
  }

  goToPlace(index: number): void {
    if (index < 0 || index >= this.places.length) return;
    this.placeIndex = index;
    this.criterionId = (this.#open(this.place) ?? criteriaOf(this.place)[0])?.id ?? null;
  }

  moveCriterion(by: 1 | -1): void {
    const criteria = criteriaOf(this.place);
    const at = criteria.findIndex((criterion) => criterion.id === this.criterionId);
    this.criterionId = criteria[at + by]?.id ?? this.criterionId;
  }

  /** Goes to a criterion wherever it is. */
  goTo(criterionId: string): void {
    const index = this.places.findIndex((place) => criteriaOf(place).some((one) => one.id === criterionId));
    if (index < 0) return;
    this.placeIndex = index;
    this.criterionId = criterionId;
  }

  /** Back to what was recorded last, to correct it. */
  goToLast(): void {
    const log = this.#session().log;
    const id = this.#lastRecorded ?? log.findLast((entry) => entry.criterionId !== null)?.criterionId;
    if (id) this.goTo(id);
  }

  /** A tap on a score: the next open criterion of this step becomes the current one, but the step stays under the hand. */
  tapScore(criterionId: string, score: Score, reason: string | null = null): void {
    this.criterionId = criterionId;
    this.score(criterionId, score, reason);
    if (this.reasonFor === null) this.criterionId = this.#open(this.place)?.id ?? criterionId;
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
    this.#lastRecorded = criterionId;
    void this.taps.add({ kind: "score", criterionId, score, reason }, this.takeSeen());
  }

  /** Records an answer to a criterion that scores alone do not settle. */
  answer(criterionId: string, answer: Answered): void {
    this.criterionId = criterionId;
    this.#lastRecorded = criterionId;
    this.#drafts.get(criterionId)?.keep();
    void this.taps.add({ kind: "answered", criterionId, answer }, this.takeSeen());
  }

  /** The answer being entered for a criterion; it outlives the step's being on the screen. */
  draftOf(criterion: CriterionView): Draft {
    return untrack(() => made(this.#drafts, criterion.id, () => new Draft(criterion.answer)));
  }

  /** The marks being entered for a part; they outlive its being on the screen. */
  marksOf(part: PartView): MarksDraft {
    return untrack(() => made(this.#marks, part.id, () => new MarksDraft(part.marks)));
  }

  /** The first place where something was entered and not saved. */
  openDraft: { place: Place; criterion: CriterionView | null } | undefined = $derived.by(() => {
    for (const place of this.places) {
      if (place.kind === "marks" && this.#marks.get(place.part.id)?.open) return { place, criterion: null };
      const criterion = criteriaOf(place).find((one) => this.#drafts.get(one.id)?.open);
      if (criterion) return { place, criterion };
    }
    return undefined;
  });

  goToOpenDraft(): void {
    if (this.openDraft === undefined) return;
    this.placeIndex = this.openDraft.place.index;
    this.criterionId = this.openDraft.criterion?.id ?? null;
  }

  /** From the keyboard: scores the current criterion and moves on to the next open one. An answer takes no score key. */
  scoreAndMove(score: Score): void {
    const criterion = criteriaOf(this.place).find((one) => one.id === this.criterionId);
    if (criterion === undefined || !isScored(criterion)) return;
    this.score(criterion.id, score);
    if (this.reasonFor === null) this.moveOn();
    else this.#moveAfterReason = true;
  }

  /** Records "not applicable" with its reason, and goes on as the key or the tap that asked for it does. */
  saveReason(criterionId: string, reason: string): void {
    if (!this.#moveAfterReason) return this.tapScore(criterionId, "not_applicable", reason);
    this.score(criterionId, "not_applicable", reason);
    this.moveOn();
  }

  /** To the next open criterion, in this step or a later one; stays when there is none. */
  moveOn(): void {
    const here = this.#open(this.place);
    if (here) {
      this.criterionId = here.id;
      return;
    }
    const later = this.places.findIndex((place, index) => index > this.placeIndex && this.#open(place) !== undefined);
    if (later >= 0) this.goToPlace(later);
  }

  /** The set-back time applies to one tap and then returns to now. */
  takeSeen(): number {
    const seconds = Number(this.seen);
    this.seen = "0";
    return seconds;
  }

  /** Recorded, or on its way to be. */
  touched(criterion: CriterionView): boolean {
    return isRecorded(criterion) || this.taps.recordOf(criterion.id) !== undefined;
  }

  #open(place: Place | undefined): CriterionView | undefined {
    const criteria = criteriaOf(place);
    const at = criteria.findIndex((criterion) => criterion.id === this.criterionId);
    const open = (criterion: CriterionView) => !this.touched(criterion);
    return criteria.slice(at + 1).find(open) ?? criteria.find(open);
  }

  /** Points that are missing come first only while nothing was seen yet: a swap must not lead away from the work. */
  #firstPlaceToDo(): number {
    const begun = this.places.some((place) => criteriaOf(place).some(isRecorded));
    return this.places.findIndex((place) =>
      place.kind === "marks" ? !begun && place.part.marks === null : place.step.criteria.some((criterion) => !isRecorded(criterion)),
    );
  }
}

function made<T>(drafts: Map<string, T>, id: string, make: () => T): T {
  const draft = drafts.get(id) ?? make();
  drafts.set(id, draft);
  return draft;
}

function latest(session: SessionView): number {
  return session.log.reduce((highest, entry) => Math.max(highest, entry.sequence), 0);
}
