// `make bench`: a name typed into the search of a roster of ten thousand, beside looking through the names alone.
import { bench, describe } from "vitest";
import { search } from "./search";

const people = Array.from({ length: 10_000 }, (_, index) => ({ id: `n${index}`, name: `Candidate ${index}`, birthYear: 1990, onRoster: true }));

describe.each([
  ["its first letter, which everybody has", "C"],
  ["the whole name", "Candidate 9999"],
])("a roster of 10,000: %s", (_, typed) => {
  bench("search", () => void search(people, typed, null));
  bench("the names alone", () => void people.filter((person) => person.name.includes(typed)));
});
