// Searching the roster by name.
import type { PersonView } from "../../lib/host";

/** As many as somebody looks through; whoever searches for a name sees it among the first. */
const MOST = 50;

/** The people whose name contains what is searched for, at most fifty and whoever is chosen, and how many more there are. */
export function search(people: PersonView[], words: string, chosen: string | null): { shown: PersonView[]; more: number } {
  const wanted = words.trim().toLocaleLowerCase();
  const matching = people.filter((person) => person.id === chosen || person.name.toLocaleLowerCase().includes(wanted));
  const shown = matching.filter((person, index) => index < MOST || person.id === chosen);
  return { shown, more: matching.length - shown.length };
}
