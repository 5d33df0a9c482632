// The verdict is green only when Rust says so, even when both answers read yes.
import { fireEvent } from "@testing-library/svelte";
import { expect, it } from "vitest";
import { fakeHost } from "../../lib/host/fake/fake";
import { verdict } from "../../lib/host/fake/fixtures";
import { at, press, settled, showWindow, type } from "../../testing/screens";

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

it("tells what stands there again in another language, and says so to readers", async () => {
  const host = fakeHost();
  await showWindow(host);
  await press("unlock-verify");
  await press("verify-language-fi");
  expect(host.asked.some(({ command }) => command === "verify_text"), "there is nothing to tell again").toBe(false);
  expect(at("screen-verify").textContent).toContain("Tarkista todistus");
  await type("verify-text", "123");
  await press("verify-check");
  await press("verify-language-pt");
  expect(host.asked.at(-1)).toEqual({ command: "verify_text", input: { text: "123", language: "pt" } });
  expect(at("screen-verify").lang).toBe("pt");
  expect(at("verdict-in-force").textContent).toContain("Não foi possível saber");
});
