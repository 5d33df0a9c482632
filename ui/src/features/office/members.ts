// How a delegation stands today, as the book says it: its shape and its word. Rust decides what it is worth.
import { plainDay } from "../../lib/format";
import type { DelegationView, MemberView, SchemeView } from "../../lib/host";
import type { MarkLook } from "../../lib/marks";
import { words } from "../../lib/words";

const said = words.office.members;

/** The newest delegation for each scheme, and those that were ended. */
export const shown = (member: MemberView): DelegationView[] => member.delegations.filter((one) => one.isNewest || one.endedOn !== null);

/** Schemes that somebody has no delegation for, or only one that was ended. */
export const without = (member: MemberView, schemes: SchemeView[]): SchemeView[] =>
  schemes.filter((scheme) => !member.delegations.some((one) => one.schemeId === scheme.id && one.isNewest && one.endedOn === null));

/** Days are texts that sort as they follow each other. */
export function standing(one: DelegationView, today: string): MarkLook & { word: string } {
  if (one.endedOn !== null && one.isCompromised) return { shape: "critical", tone: "bad", word: said.compromised(plainDay(one.endedOn)) };
  if (one.endedOn !== null) return { shape: "na", tone: "soft", word: said.ended(plainDay(one.endedOn)) };
  if (one.last < today) return { shape: "na", tone: "soft", word: said.over };
  if (today < one.first) return { shape: "not_yet", tone: "plain", word: said.later };
  return { shape: "done", tone: "good", word: said.holds };
}
