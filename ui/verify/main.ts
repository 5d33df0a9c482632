// The verify page: reads what is behind `#`, asks the checker, shows what it says. Nothing is decided here.
import { Checker, block, type About } from "./checker";
import { Held, home } from "./trust";
import { busy, button, h, problem, start, verdict } from "./view";
import { catalogue, choose, codes, type Code } from "./words";
import "./style.css";

/** Larger than every file that can be judged; Rust says so in its own words where it may look. */
const FILE_LIMIT = 9 << 20;
const TRUST_MARK = "\x85\x70fieldproof-trust";

const main = document.getElementById("main") as HTMLElement;
const folder = home(location);
/** Where a link that was scanned led; nothing when the page was opened from a file. */
const here = folder === null ? "" : location.host;

let language: Code = choose(new URLSearchParams(location.search).get("lang"), navigator.languages);
let subject: Uint8Array | null = null;
let note: string | null = null;
/** Only the newest question is answered. */
let turn = 0;

async function run() {
  const checker = await Checker.start(block("checker"));
  const held = new Held(checker, block("trust"), folder);
  await held.recall();

  async function about(): Promise<About | null> {
    if (held.isEmpty) return null;
    const about = await checker.about(held.bytes);
    return "error" in about ? null : about;
  }

  async function show() {
    const mine = (turn += 1);
    const words = catalogue[language];
    if (subject !== null) main.replaceChildren(busy(words));
    // Nothing is green before the look for a newer list is over, or has taken too long.
    await held.refresh(performance.now(), () => void show());
    const known = await about();
    const page = subject === null
      ? start(known, note, words, { text: (text) => judge(new TextEncoder().encode(text)), file: (file) => void open(file) })
      : await answer(subject);
    if (mine !== turn) return;
    dress(known);
    main.replaceChildren(page);
    main.dataset.state = subject === null ? "start" : "answered";
    main.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  async function answer(subject: Uint8Array) {
    const words = catalogue[language];
    const again = button("again", words.again, "primary", () => judge(null));
    const report = await checker.judge(held.bytes, subject, here, language);
    if ("error" in report) return problem(report.error, words, h("div", { class: "actions" }, again));
    return verdict(report, words, h("div", { class: "actions" }, again, button("print", words.print, "", () => print())));
  }

  function judge(next: Uint8Array | null) {
    history.replaceState(null, "", location.pathname + location.search);
    [subject, note] = [next, null];
    void show();
  }

  async function open(file: File) {
    // The head is enough to be told that it is too large.
    const bytes = new Uint8Array(await file.slice(0, FILE_LIMIT).arrayBuffer());
    if (!String.fromCharCode(...bytes.slice(0, TRUST_MARK.length)).startsWith(TRUST_MARK)) return judge(bytes);
    const offer = await held.offer(bytes);
    [subject, note] = [null, catalogue[language].offer[offer]];
    await show();
  }

  addEventListener("hashchange", () => read(judge));
  addEventListener("popstate", () => read(judge));
  languages(() => void show());
  read(judge);
}

/** The frame in the language chosen: title, institution, picker. */
function dress(about: About | null) {
  const words = catalogue[language];
  document.documentElement.lang = language;
  document.title = `${words.title} – Fieldproof`;
  (document.getElementById("institution") as HTMLElement).textContent = about?.institution ?? "";
  (document.getElementById("language-word") as HTMLElement).textContent = words.language;
}

function languages(changed: () => void) {
  const picker = document.getElementById("language") as HTMLSelectElement;
  picker.append(...codes.map((code) => h("option", { value: code, lang: code }, catalogue[code].name)));
  picker.value = language;
  picker.addEventListener("change", () => {
    language = choose(picker.value, []);
    const query = new URLSearchParams(location.search);
    query.set("lang", language);
    // Some browsers let a page from a file alter nothing of its address.
    try {
      history.replaceState(history.state, "", `${location.pathname}?${query}`);
    } catch {
      // It is then remembered only until the page is closed.
    }
    changed();
  });
}

/**
 * Takes what stands behind `#` out of the address: it holds a name, and addresses are printed, shown and passed on.
 * The tab alone remembers it, so that loading the page again gives the same answer.
 */
function read(judge: (subject: Uint8Array | null) => void) {
  const kept: unknown = history.state;
  const link = location.hash.length < 2 ? kept : location.hash;
  if (typeof link !== "string") return judge(null);
  judge(new TextEncoder().encode(link));
  history.replaceState(link, "", location.pathname + location.search);
}

/** Once the page is shown: keeps it for days without a network. Without a server there is nothing to keep. */
function keep() {
  if (folder === null || !("serviceWorker" in navigator)) return;
  const scope = folder.length - 1 === location.pathname.length ? location.pathname : folder;
  navigator.serviceWorker.register(`${folder}sw.js`, { scope }).catch(() => undefined);
}

void run().then(keep, () => main.replaceChildren(problem("stopped", catalogue[language], h("div", {}))));
