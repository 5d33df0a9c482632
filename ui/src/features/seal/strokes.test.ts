// Strokes are whole numbers inside a box of 600 by 200, whatever the pad's size.
import { expect, it } from "vitest";
import { extended, inBox, path } from "./strokes";

const pad = { left: 100, top: 50, width: 300, height: 100 };

it.each([[100, 50, 0, 0], [400, 150, 600, 200], [250, 100, 300, 100], [90, 500, 0, 200], [101.3, 50.2, 3, 0]])("puts %d,%d at %d,%d", (x, y, boxX, boxY) => {
  expect(inBox(x, y, pad)).toEqual([boxX, boxY]);
});
it("survives a pad without size", () => expect(inBox(5, 5, { left: 0, top: 0, width: 0, height: 0 })).toEqual([0, 0]));
it("adds to the last stroke only, and only where the pointer moved", () => {
  const strokes = [[1, 1], [2, 2]];
  expect(extended(strokes, [3, 4])).toEqual([[1, 1], [2, 2, 3, 4]]);
  expect(extended(strokes, [2, 2])).toBe(strokes);
});
it("draws a single point as a dot", () => expect(path([7, 8])).toBe("M7 8h0.01"));
