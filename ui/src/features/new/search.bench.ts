// `make bench`: one letter typed into the search of a roster of ten thousand, beside looking through the names alone.
import { bench, describe } from "vitest";
import { search } from "./search";

const people = Array.from({ length: 10_000 }, (_, index) => ({ id: `n${index}`, name: `Candidate ${index}`, birthYear: 1990, onRoster: true }));

describe("a roster of 10,000", () => {
  bench("search", () => void search(people, "Candidate 9999", null));
  bench("the names alone", () => void people.filter((person) => person.name.includes("Candidate 9999")));
});
