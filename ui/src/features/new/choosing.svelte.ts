// What was chosen for a new session so far, and what of it still hangs together. What a scheme allows, Rust says.
import type { CourseView, HomeView, OpenSessionInput, PersonView, SchemeView } from "../../lib/host";
import { words } from "../../lib/words";

export class Choosing {
  candidateId = $state<string | null>(null);
  secondId = $state<string | null>(null);
  team = $state(false);
  /** Nobody stands by, and a documented deviation says why. */
  noSecond = $state(false);
  added = $state.raw<PersonView[]>([]);

  readonly #home: () => HomeView;
  #schemeId = $state<string | null>(null);
  #courseId = $state<string | null>(null);
  #language = $state<string | null>(null);

  people = $derived.by(() => [...this.added, ...this.#home().people.filter((person) => !this.added.some((one) => one.id === person.id))]);
  /** The only scheme there is needs no choosing. */
  scheme: SchemeView | null = $derived.by(() => only(this.#home().schemes) ?? this.#home().schemes.find((one) => one.id === this.#schemeId) ?? null);
  courses: CourseView[] = $derived.by(() => this.#home().courses.filter((course) => course.schemeId === this.scheme?.id));
  course: CourseView | null = $derived(only(this.courses) ?? this.courses.find((course) => course.id === this.#courseId) ?? null);
  language: string | null = $derived(this.#language ?? this.scheme?.language ?? null);
  /** Somebody is to be chosen to stand by. */
  asksSecond = $derived(this.scheme !== null && this.scheme.secondPerson !== "nobody" && !this.noSecond);
  candidate = $derived(this.people.find((person) => person.id === this.candidateId) ?? null);
  second = $derived(this.asksSecond ? (this.people.find((person) => person.id === this.secondId) ?? null) : null);
  swaps = $derived(this.team && this.scheme?.team === true && this.asksSecond);

  /** What would be opened; none while something is still to be chosen. */
  input: OpenSessionInput | null = $derived.by(() => {
    const { scheme, course, candidate, second } = this;
    if (scheme === null || !scheme.assessed || course === null || candidate === null || (this.asksSecond && second === null)) return null;
    const language = scheme.languages.length > 1 ? this.language : null;
    return { schemeId: scheme.id, courseId: course.id, candidateId: candidate.id, secondPersonId: second?.id ?? null, team: this.swaps, language };
  });

  /** The choice in a sentence, or what is to be chosen next. */
  sentence = $derived.by(() => {
    if (this.scheme === null) return words.new.chooseScheme;
    if (!this.scheme.assessed) return words.new.notAssessed;
    if (this.course === null) return this.courses.length === 0 ? words.new.noCourse : words.new.chooseCourse;
    if (this.candidate === null) return this.asksSecond ? words.new.choose : words.new.chooseCandidate;
    if (!this.asksSecond) return words.new.alone(this.candidate.name);
    if (this.second === null) return words.new.choose;
    return (this.swaps ? words.new.both : words.new.pair)(this.candidate.name, this.second.name);
  });

  constructor(home: () => HomeView) {
    this.#home = home;
  }

  chooseScheme(id: string): void {
    this.#schemeId = id;
    // These were chosen for another scheme.
    this.#courseId = null;
    this.#language = null;
    this.team = false;
    this.noSecond = false;
  }

  chooseCourse(id: string): void {
    this.#courseId = id;
  }

  chooseLanguage(tag: string): void {
    this.#language = tag;
  }

  chooseCandidate(id: string): void {
    this.candidateId = id;
    // One person cannot stay chosen in both columns.
    if (this.secondId === id) this.secondId = null;
  }

  chooseSecond(id: string): void {
    this.secondId = id;
  }

  add(person: PersonView): void {
    this.added = [person, ...this.added];
  }
}

const only = <T>(all: T[]): T | undefined => (all.length === 1 ? all[0] : undefined);
