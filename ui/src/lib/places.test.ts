// Where a record is, in every language: its own word for each state, and only one of them claims that it arrived.
import { expect, it } from "vitest";
import type { Place } from "./host";
import { placeMark } from "./marks";
import { places, placeWord } from "./places";

const states: Place[] = ["on_this_laptop", "leaving", "held", "in_register", "refused"];

it.each(Object.entries(places))("has a word of its own for every state: %s", (_, words) => {
  const said = states.map((state) => placeWord(words, state, 12, "14:03"));
  expect(new Set(said).size).toBe(states.length);
  expect(new Set(Object.values(words.honest)).size).toBe(states.length);
  expect(said.filter((word) => word.includes("12") && word.includes("14:03"))).toHaveLength(2);
  const claim = placeWord(words, "in_register", null, null);
  expect(said.filter((word) => word.startsWith(claim)), "only what is in the register is called so").toHaveLength(1);
});

it("has a shape of its own for every state", () => {
  expect(new Set(states.map((state) => placeMark[state].shape)).size).toBe(states.length);
});
