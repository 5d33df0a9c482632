// What stands on the page, made of text only: nothing that was checked can become markup.
import type { About, Answer, Problem, Report, Said } from "./checker";
import type { Words } from "./words";

type Child = Node | string | null;
type Attributes = Record<string, string>;

/** The shapes beside the words: done, critical, unknown. */
const SHAPES: Record<Answer, string> = {
  yes: "M3 10.5 8 15.5 17 4.5",
  no: "M4 4 16 16M16 4 4 16",
  unknown: "M10 3a7 7 0 1 1-.01 0Z",
};
const SVG = "http://www.w3.org/2000/svg";

export function h(tag: string, attributes: Attributes, ...children: Child[]): HTMLElement {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== null));
  return element;
}

export function shape(answer: Answer): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  for (const [name, value] of [["viewBox", "0 0 20 20"], ["aria-hidden", "true"], ["class", answer]] as const) svg.setAttribute(name, value);
  path.setAttribute("d", SHAPES[answer]);
  svg.append(path);
  return svg;
}

/** A sentence in which no day is broken at the end of a line. */
function prose(tag: string, sentence: string): HTMLElement {
  const pieces = sentence.split(/(\d{4}-\d\d-\d\d)/);
  return h(tag, {}, ...pieces.map((piece, at) => (at % 2 === 1 ? h("span", { class: "day" }, piece) : piece)));
}

const mark = (answer: Answer, words: Words) => h("span", { class: "mark" }, shape(answer), words.answer[answer]);

const section = (title: string, testid: string, ...children: Child[]) =>
  h("section", { "data-testid": testid }, h("h2", {}, title), ...children);

const list = (lines: string[]) => h("ul", {}, ...lines.map((line) => prose("li", line)));

const TONES: Record<Report["tone"], Answer> = { green: "yes", amber: "unknown", red: "no" };

function question(said: Said, testid: string, words: Words): HTMLElement {
  const head = h("h2", {}, said.label);
  return h("div", { class: "question", "data-testid": testid, "data-answer": said.answer }, head, mark(said.answer, words), prose("p", said.sentence));
}

/** What tells two holders of one name apart: a year of birth, or an identifier of the scheme's own. */
function holderMark({ holder }: Report, words: Words): string | null {
  const mark = holder?.mark ?? null;
  if (mark === null) return null;
  return typeof mark === "number" ? `, ${words.born} ${mark}` : `, ${mark}`;
}

function facts(report: Report, words: Words): HTMLElement {
  // What it does not allow stands at the end, for every document.
  const rows = report.facts.filter(({ value }) => value !== words.limits).map(({ label, value }) => {
    const isHolder = value === report.holder?.name;
    // A forgery's name is nobody's to compare.
    const compare = report.genuine.answer === "no" ? null : h("p", { class: "identity", "data-testid": "identity" }, `${words.identity}: `, h("bdi", {}, value),
      holderMark(report, words));
    return h("div", isHolder ? { class: "holder", "data-testid": "holder" } : {}, h("dt", {}, label), h("dd", {}, h("bdi", {}, value), isHolder ? compare : null));
  });
  const isConfirmed = report.genuine.answer === "yes";
  return section(isConfirmed ? words.says : words.claims, "facts", h("dl", isConfirmed ? {} : { class: "claims" }, ...rows));
}

function checks(report: Report, words: Words): HTMLElement {
  const row = (said: Said) => h("li", { "data-answer": said.answer }, mark(said.answer, words), h("div", {}, h("h3", {}, said.label), prose("p", said.sentence)));
  return section(words.checks, "checks", h("ul", { class: "checks" }, ...report.checks.map(row)));
}

/** The verdict and everything under it. */
export function verdict(report: Report, words: Words, controls: HTMLElement): HTMLElement {
  const answer = TONES[report.tone];
  return h("article", { "data-testid": "verdict", "data-tone": report.tone, class: report.tone },
    report.banner === null ? null : h("p", { class: "banner", "data-testid": "banner" }, report.banner),
    h("div", { class: "tone" }, shape(answer), h("div", {}, h("h1", { tabindex: "-1", "data-testid": "headline" }, report.headline), h("p", {}, report.what))),
    h("div", { class: "questions" }, question(report.genuine, "genuine", words), question(report.inForce, "in-force", words)),
    facts(report, words),
    report.address === null ? null
      : h("p", { class: "note", "data-testid": "address" }, shape("unknown"), h("span", {}, words.address(report.address.named, report.address.own))),
    report.absent.length === 0 ? null : section(words.absent, "absent", list(report.absent)),
    checks(report, words),
    section(words.lists, "lists", report.lists.length === 0 ? h("p", {}, words.noList) : list(report.lists)),
    h("p", { class: "limits", "data-testid": "limits" }, words.limits),
    controls);
}

export function problem(code: Problem, words: Words, controls: HTMLElement): HTMLElement {
  const { what, next } = words.problem[code];
  return h("article", { class: "amber", "data-testid": "error", "data-code": code },
    h("div", { class: "tone" }, shape("unknown"), h("h1", { tabindex: "-1", "data-testid": "headline" }, what)),
    h("p", { class: "next" }, next), controls);
}

export function button(testid: string, word: string, kind: string, press: () => void): HTMLElement {
  const made = h("button", { type: "button", class: kind, "data-testid": testid }, word);
  made.addEventListener("click", press);
  return made;
}

function file(testid: string, word: string, take: (file: File) => void): HTMLElement {
  const input = h("input", { type: "file", "data-testid": testid, "aria-label": word }) as HTMLInputElement;
  input.addEventListener("change", () => {
    const chosen = input.files?.[0];
    if (chosen) take(chosen);
    input.value = "";
  });
  return h("span", { class: "file" }, h("span", { "aria-hidden": "true" }, word), input);
}

export type Asked = { text: (text: string) => void; file: (file: File) => void };

/** What stands on the page while nothing is being checked. */
export function start(about: About | null, note: string | null, words: Words, asked: Asked): HTMLElement {
  const field = h("textarea", { id: "paste", rows: "3", "data-testid": "paste", autocomplete: "off", spellcheck: "false", inputmode: "url" }) as HTMLTextAreaElement;
  const form = h("form", {}, h("label", { for: "paste" }, words.paste), field, h("button", { type: "submit", class: "primary", "data-testid": "check" }, words.check));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (field.value.trim() === "") field.focus();
    else asked.text(field.value);
  });
  const none = h("div", { class: "none", "data-testid": "none" }, shape("unknown"), h("div", {},
    h("h2", {}, words.none.what), h("p", {}, words.none.next), file("load", words.load, asked.file)));
  return h("div", { class: "start", "data-testid": "start" },
    h("h1", { tabindex: "-1", "data-testid": "headline" }, words.title),
    note === null ? null : h("p", { role: "status", class: "said", "data-testid": "note" }, note),
    about === null ? none : null,
    h("p", { class: "lead" }, words.lead),
    form,
    h("div", { class: "or" }, file("file", words.file, asked.file), h("p", { class: "soft" }, words.fileHint)),
    h("div", { class: "foot soft" },
      about === null ? null : h("div", { "data-testid": "age" }, prose("p", age(about, words))),
      h("p", {}, words.private), h("p", {}, words.limits)));
}

const age = (about: About, words: Words) =>
  about.listOf === null || about.listDays === null ? words.noList : words.listOf(about.listOf, about.listDays);

export const busy = (words: Words) => h("p", { role: "status", class: "lead", "data-testid": "busy" }, words.looking);
