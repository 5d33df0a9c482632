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
    if (next === null && location.hash !== "") history.replaceState(null, "", location.pathname + location.search);
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

  const read = () => judge(location.hash.length < 2 ? null : new TextEncoder().encode(location.hash));
  addEventListener("hashchange", read);
  languages(() => void show());
  hideDigitsFromPrint();
  read();
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
    // Some browsers let a page from a file alter nothing but what stands behind `#`.
    try {
      history.replaceState(null, "", `${location.pathname}?${query}${location.hash}`);
    } catch {
      // It is then remembered only until the page is closed.
    }
    changed();
  });
}

/** Browsers print the address; its digits hold a name. */
function hideDigitsFromPrint() {
  let digits = "";
  addEventListener("beforeprint", () => {
    digits = location.hash;
    if (digits !== "") history.replaceState(null, "", location.pathname + location.search);
  });
  addEventListener("afterprint", () => {
    if (digits !== "") history.replaceState(null, "", location.pathname + location.search + digits);
  });
}

/** Once the page is shown: keeps it for days without a network. Without a server there is nothing to keep. */
function keep() {
  if (folder === null || !("serviceWorker" in navigator)) return;
  const scope = folder.length - 1 === location.pathname.length ? location.pathname : folder;
  navigator.serviceWorker.register(`${folder}sw.js`, { scope }).catch(() => undefined);
}

void run().then(keep, () => main.replaceChildren(problem("stopped", catalogue[language], h("div", {}))));
