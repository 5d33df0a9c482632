// The verdict is green only when Rust says so, even when both answers read yes; and it speaks one language at a time.
import { fireEvent, screen } from "@testing-library/svelte";
import { expect, it, vi } from "vitest";
import { fakeHost, type FakeHost } from "../../lib/host/fake/fake";
import { verdict } from "../../lib/host/fake/fixtures";
import { at, attach, press, settled, showWindow, type } from "../../testing/screens";

const choose = (language: string) => press(`verify-language-${language}`);

async function verdictOf(tone: "green" | "amber" | "red") {
  const host = fakeHost();
  const answer = { ...verdict, inForce: { ...verdict.inForce, answer: "yes" as const }, tone };
  await showWindow({ ...host, call: (command, input) => host.call(command, input), verifyFile: async () => answer });
  await press("unlock-verify");
  await fireEvent.change(at("verify-file"), { target: { files: [new File(["x"], "a.pdf")] } });
  await settled();
}

it.each([["green"], ["amber"], ["red"]] as const)("colours by what Rust says: %s", async (tone) => {
  await verdictOf(tone);
  expect(at("verdict").dataset.tone).toBe(tone);
  for (const part of ["verdict-headline", "verdict-genuine", "verdict-in-force"]) {
    expect(at(part).querySelector(".good") !== null, part).toBe(tone === "green");
  }
  expect(at("verdict-headline").querySelector(".bad") !== null).toBe(tone === "red");
  expect(at("verdict-lists").textContent).toContain("Key list no. 3");
});

it("checks pasted text without unlocking, and goes back to unlocking", async () => {
  const host = fakeHost();
  await showWindow(host);
  await press("unlock-verify");
  await type("verify-text", " 123 ");
  await press("verify-check");
  expect(host.asked.at(-1)).toEqual({ command: "verify_text", input: { text: "123", language: "en" } });
  expect(at("verdict-in-force").dataset.answer).toBe("could_not_tell");
  await press("verify-back");
  expect(at("screen-unlock")).toBeTruthy();
});

/** Answers each question with the language it was asked in. */
function polyglot() {
  const fake = fakeHost();
  const said = (language: string) => ({ ...verdict, headline: `said in ${language}` });
  const host: FakeHost = {
    ...fake,
    call: async (command, input) => {
      const answer = await fake.call(command, input);
      return "text" in input ? { ...answer, ...said(input.language) } : answer;
    },
    verifyFile: async (file, language) => {
      await fake.verifyFile(file, language);
      return said(language);
    },
  };
  const asked = () => fake.asked.filter(({ command }) => command.startsWith("verify_"));
  return { host, asked };
}

it("tells a file's verdict again in another language, without the file being given again", async () => {
  const { host, asked } = polyglot();
  await showWindow(host);
  await press("unlock-verify");
  await choose("fi");
  expect(asked(), "there is nothing to tell again").toEqual([]);
  expect(at("screen-verify").textContent).toContain("Tarkista todistus");
  await attach("verify-file", new File(["x"], "a.pdf"));
  expect(at("verdict-headline").textContent).toContain("said in fi");
  await choose("pt");
  expect(at("verdict-headline").textContent).toContain("said in pt");
  expect(at("verdict-in-force").textContent).toContain("Não foi possível saber");
  expect(at("verify-file-name").textContent).toBe("a.pdf");
  expect(asked().map(({ input }) => input)).toEqual([{ name: "a.pdf", language: "fi" }, { name: "a.pdf", language: "pt" }]);
});

it.each([["verify_text"], ["verify_file"]])("speaks one language only, however fast it is changed: %s", async (command) => {
  const { host } = polyglot();
  await showWindow(host);
  await press("unlock-verify");
  const release = host.hold(command);
  if (command === "verify_file") await attach("verify-file", new File(["x"], "a.pdf"));
  else {
    await type("verify-text", "123");
    await press("verify-check");
  }
  await choose("fi");
  await choose("es");
  release();
  await settled();
  expect(at("verdict-headline").textContent).toContain("said in es");
  const again = host.hold(command);
  await choose("en");
  await choose("pt");
  again();
  await settled();
  expect(at("verdict-headline").textContent).toContain("said in pt");
  expect(at("screen-verify").textContent).toContain("Verificar um certificado");
});

it("says to readers which language is which", async () => {
  const host = fakeHost();
  await showWindow(host);
  await press("unlock-verify");
  await choose("fi");
  expect(at("screen-verify").lang).toBe("fi");
  expect(screen.getByText("Español").lang, "a name in its own language").toBe("es");
  host.failNext("verify_text", { message: "This is nothing of ours." });
  await type("verify-text", "123");
  await press("verify-check");
  expect(at("verify-error").closest("[lang]")?.getAttribute("lang"), "errors are in English").toBe("en");
});

it("keeps the language for as long as the window is open, and begins with the reader's own", async () => {
  vi.spyOn(navigator, "languages", "get").mockReturnValue(["pl-PL", "pt-BR"]);
  await showWindow(fakeHost());
  await press("unlock-verify");
  expect(at("screen-verify").lang).toBe("pt");
  await choose("es");
  await press("verify-back");
  await press("unlock-verify");
  expect(at("screen-verify").lang).toBe("es");
});
