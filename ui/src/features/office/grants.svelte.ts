// What is being granted: days and roles for one scheme after the other, or the same for all. Nothing is filled in that
// nobody said, but for today as the first day and the assessor's role.
import { SvelteMap, SvelteSet } from "svelte/reactivity";
import { wholeNumber } from "../../lib/format";
import type { DelegatedRole, DelegationView, GrantInput } from "../../lib/host";

export const ROLES: DelegatedRole[] = ["assessor", "second_assessor", "trainer", "moderator", "second_person"];

/** Days, roles and limits of a delegation. */
export class Terms {
  roles = new SvelteSet<DelegatedRole>(["assessor"]);
  mayCertify = $state(false);
  first = $state<string | null>(null);
  last = $state<string | null>(null);
  contact = $state("");

  constructor(today: string, before: DelegationView | null = null) {
    this.first = before?.first ?? today;
    if (before === null) return;
    this.roles = new SvelteSet(before.roles);
    this.mayCertify = before.mayCertify;
    this.last = before.last;
    this.contact = before.contactDays === null ? "" : String(before.contactDays);
  }

  /** What these terms grant under a scheme; none while something is missing or cannot be read. */
  grant(schemeId: string): GrantInput | null {
    const { first, last } = this;
    const contactDays = wholeNumber(this.contact);
    if (first === null || last === null || this.roles.size === 0) return null;
    if (this.contact.trim() !== "" && contactDays === null) return null;
    const roles = ROLES.filter((role) => this.roles.has(role));
    return { schemeId, roles, mayCertify: this.mayCertify, first, last, contactDays };
  }
}

export class Granting {
  readonly chosen = new SvelteSet<string>();
  readonly shared: Terms;
  apart = $state(false);
  readonly #own = new SvelteMap<string, Terms>();
  readonly #before: DelegationView | null;

  /** With `before` it changes that delegation; else it grants whatever schemes are chosen. */
  constructor(schemeIds: string[], today: string, before: DelegationView | null = null) {
    this.#before = before;
    this.shared = new Terms(today, before);
    for (const id of schemeIds) this.#own.set(id, new Terms(today));
    const [only] = schemeIds;
    if (before !== null) this.chosen.add(before.schemeId);
    else if (only !== undefined && schemeIds.length === 1) this.chosen.add(only);
  }

  choose(schemeId: string, on: boolean): void {
    if (on) this.chosen.add(schemeId);
    else this.chosen.delete(schemeId);
  }

  /** The terms that a scheme is granted under. */
  of(schemeId: string): Terms {
    return (this.apart && this.chosen.size > 1 ? this.#own.get(schemeId) : undefined) ?? this.shared;
  }

  /** What would be signed; none while anything is open. */
  readonly grants = $derived.by((): GrantInput[] | null => {
    const grants = [...this.chosen].map((id) => this.of(id).grant(id));
    const whole = grants.filter((grant) => grant !== null);
    return whole.length === 0 || whole.length < grants.length ? null : whole;
  });

  /** A delegation that would say what the one before says. */
  readonly isUnchanged = $derived.by((): boolean => {
    const [grant] = this.grants ?? [];
    const before = this.#before;
    if (before === null || grant === undefined) return false;
    const same = (one: { roles: DelegatedRole[]; mayCertify: boolean; first: string; last: string; contactDays: number | null }) =>
      JSON.stringify([ROLES.filter((role) => one.roles.includes(role)), one.mayCertify, one.first, one.last, one.contactDays]);
    return same(grant) === same(before);
  });
}
