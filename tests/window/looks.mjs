// Looking at a screen in every size and with large letters, and going through it by keyboard alone.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { KEY } from "./driver.mjs";
import { repository } from "./world.mjs";

const axe = readFileSync(join(repository, "ui/node_modules/axe-core/axe.min.js"), "utf8");

/** Window sizes in CSS pixels, and the size of letters where it is not the usual one. */
const LOOKS = [
  { name: "1280x800", width: 1280, height: 800 },
  { name: "800x600", width: 800, height: 600 },
  { name: "1280x800-large-letters", width: 1280, height: 800, letters: "36px" },
];

/** Whatever is pressed; what lies in a label is pressed with it. */
const PRESSED = "button, input:not(label input), textarea, select, summary, a[href], label:has(input)";

/** Brings axe-core into the page, once for each window. */
export async function withAxe(window) {
  await window.run(`() => { ${axe} }`);
}

/** Moves on with Tab until something has the focus, and sees that the focus shows wherever it stops. */
export async function tabTo(window, testid) {
  const passed = [];
  for (let press = 0; press < 80; press += 1) {
    await window.keys(KEY.Tab);
    const { at, shows } = await window.run(() => {
      const at = document.activeElement;
      const outlined = (element) => element && getComputedStyle(element).outlineStyle !== "none";
      return { at: at.dataset.testid ?? at.tagName, shows: at === document.body || outlined(at) || outlined(at.closest("label")) || outlined(at.parentElement) };
    });
    assert.ok(shows, `the focus does not show on ${at}`);
    if (at === testid) return;
    passed.push(at);
  }
  assert.fail(`Tab does not reach ${testid}; it passes ${passed.join(", ")}`);
}

/** Presses something by keyboard alone. */
export async function press(window, testid) {
  await tabTo(window, testid);
  await window.keys(KEY.Enter);
}

/** The test id of what has the focus. */
export function focused(window) {
  return window.run(() => document.activeElement?.dataset.testid ?? null);
}

/**
 * Looks at the screen in every size, at one element of it where that is named: nothing runs over the edge, nothing that is
 * pressed is too small or lies over something else that is, STOP is in sight where there is one, axe finds nothing.
 */
export async function everyLook(window, name, number, stops, at = null) {
  for (const look of LOOKS) {
    await window.resize(look.width, look.height);
    await window.run((letters) => void (document.documentElement.style.fontSize = letters), look.letters ?? "");
    if (at) await window.show(at);
    await window.screenshot(`${number.next}-${name}-${look.name}`);
    const where = `${name} at ${look.name}`;
    assert.deepEqual(await overTheEdge(window), [], `${where}: something runs over the edge`);
    assert.deepEqual(await tooSmall(window), [], `${where}: too small for a gloved finger`);
    assert.deepEqual(await overlapping(window), [], `${where}: one lies over the other`);
    if (stops) assert.equal(await hidesStop(window), null, `${where}: STOP is not in sight`);
    assert.deepEqual(await findings(window), [], `${where}: axe-core`);
  }
  number.next += 1;
  await window.run(() => void (document.documentElement.style.fontSize = ""));
  await window.resize(1280, 800);
}

/** What is wider than the place it has, or cut off by the window. */
function overTheEdge(window) {
  return window.run(() => {
    const name = (at) => `${at.tagName.toLowerCase()} ${at.dataset.testid ?? at.className} “${at.innerText?.slice(0, 40)}”`;
    const wide = [...document.querySelectorAll("html, body, main, main *")].filter((at) => {
      const { overflowX } = getComputedStyle(at);
      return !at.closest(".hidden, svg") && at.clientWidth > 0 && at.scrollWidth > at.clientWidth + 1 && overflowX !== "visible";
    });
    const out = [...document.querySelectorAll("button, input, label, p, h1, h2, h3, h4, li, span, dt, dd")].filter((at) => {
      const { left, right, width } = at.getBoundingClientRect();
      return width > 1 && !at.closest(".hidden") && (left < -1 || right > innerWidth + 1);
    });
    return [...wide, ...out].map(name);
  });
}

/** What is pressed and is not 44 pixels high and wide. */
function tooSmall(window) {
  return window.run((pressed) => {
    const small = [...document.querySelectorAll(pressed)].map((at) => ({ at, ...at.getBoundingClientRect().toJSON() })).filter(({ width, height }) => width > 1 && (width < 44 || height < 44));
    return small.map(({ at, width, height }) => `${at.tagName.toLowerCase()} ${at.dataset.testid ?? at.innerText.slice(0, 40)}: ${width} x ${height}`);
  }, PRESSED);
}

/** What is pressed and lies over something else that is, where both scroll together. */
function overlapping(window) {
  return window.run((pressed) => {
    const name = (at) => at.dataset.testid ?? at.innerText.slice(0, 40);
    const ground = (at) => {
      for (let up = at.parentElement; up; up = up.parentElement) {
        const { overflowY, position } = getComputedStyle(up);
        if (["auto", "scroll"].includes(overflowY) || ["sticky", "fixed"].includes(position)) return up;
      }
      return null;
    };
    const all = [...document.querySelectorAll(pressed)].map((at) => ({ at, on: ground(at), ...at.getBoundingClientRect().toJSON() })).filter(({ width }) => width > 1);
    const over = (one, other) =>
      one.on === other.on && !one.at.contains(other.at) && !other.at.contains(one.at) &&
      Math.min(one.right, other.right) - Math.max(one.left, other.left) > 2 && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 2;
    return all.flatMap((one, index) => all.slice(index + 1).filter((other) => over(one, other)).map((other) => `${name(one.at)} and ${name(other.at)}`));
  }, PRESSED);
}

/** Why STOP cannot be pressed where it is, or null. */
function hidesStop(window) {
  return window.run(() => {
    const stop = document.querySelector('[data-testid="stop"]');
    const { left, right, top, bottom } = stop.getBoundingClientRect();
    if (left < 0 || top < 0 || right > innerWidth || bottom > innerHeight) return `it lies at ${left}, ${top}, ${right}, ${bottom}`;
    const above = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return stop.contains(above) ? null : `${above?.tagName} lies over it`;
  });
}

async function findings(window) {
  return window.run(async () => {
    const { violations } = await axe.run(document);
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html, any }) => `${id}: ${html.slice(0, 160)} ${any[0]?.message ?? ""}`));
  });
}
