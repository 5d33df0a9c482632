// The places an exercise leads to, in the order of the work: every step, and every part that is marked in points.
import type { CriterionView, PartView, SchemeView, StepView } from "../../lib/host";

export type StepPlace = { kind: "step"; part: PartView; task: string; step: StepView; index: number };
export type MarksPlace = { kind: "marks"; part: PartView; index: number };
export type Place = StepPlace | MarksPlace;

/** Criteria that 1–6 score; the others are answered. */
export const isScored = (criterion: CriterionView): boolean => criterion.kind === "observed" || criterion.kind === "proof";

/** Something stands on record for it, whatever it is worth. */
export const isRecorded = (criterion: CriterionView): boolean => criterion.score !== null || criterion.answer !== null;

export const criteriaOf = (place: Place | undefined): CriterionView[] => (place?.kind === "step" ? place.step.criteria : []);

export function places(scheme: SchemeView): Place[] {
  const all: Place[] = [];
  for (const part of scheme.parts) {
    if (part.marked) all.push({ kind: "marks", part, index: all.length });
    for (const task of part.tasks) {
      for (const step of task.steps) all.push({ kind: "step", part, task: task.title, step, index: all.length });
    }
  }
  return all;
}

/** The same places under the headings of the list: part by part, task by task. */
export function headings(scheme: SchemeView, all: Place[]): { part: PartView; marks: MarksPlace | null; tasks: { title: string; steps: StepPlace[] }[] }[] {
  return scheme.parts.map((part) => ({
    part,
    marks: all.find((place): place is MarksPlace => place.kind === "marks" && place.part.id === part.id) ?? null,
    tasks: part.tasks.map((task) => ({
      title: task.title,
      steps: task.steps.flatMap((step) => all.filter((place): place is StepPlace => place.kind === "step" && place.step === step)),
    })),
  }));
}
