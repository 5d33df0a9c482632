// A drawn acknowledgement as whole numbers in a box of 600 by 200, whatever the size of the pad on the screen.

export type Strokes = number[][];
export const BOX = { width: 600, height: 200 };

export type Area = { left: number; top: number; width: number; height: number };

/** Where the pointer is, in the box; never outside it. */
export function inBox(x: number, y: number, area: Area): [number, number] {
  return [scale(x - area.left, area.width, BOX.width), scale(y - area.top, area.height, BOX.height)];
}

/** The strokes with one point more on the last of them; a point that did not move is left out. */
export function extended(strokes: Strokes, [x, y]: [number, number]): Strokes {
  const last = strokes.at(-1);
  if (last === undefined || (last.at(-2) === x && last.at(-1) === y)) return strokes;
  return [...strokes.slice(0, -1), [...last, x, y]];
}

/** The stroke as an SVG path; a single point becomes a dot. */
export function path(stroke: number[]): string {
  const points: string[] = [];
  for (let at = 0; at + 1 < stroke.length; at += 2) points.push(`${stroke[at]} ${stroke[at + 1]}`);
  return points.length === 1 ? `M${points[0]}h0.01` : `M${points.join("L")}`;
}

function scale(offset: number, from: number, to: number): number {
  if (from <= 0) return 0;
  return Math.min(to, Math.max(0, Math.round((offset / from) * to)));
}
