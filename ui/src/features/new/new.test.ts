// What is chosen for a new session: scheme, course, language, people; and what hangs together.
import { expect, it } from "vitest";
import { scheme, teamScheme } from "../../lib/host/fake/schemes";
import { words } from "../../lib/words";
import { at, button, press, settled, showHome, there, type } from "../../testing/screens";
import type { FakeOptions } from "../../lib/host/fake/fake";

async function showNew(options: FakeOptions = {}) {
  const host = await showHome(options);
  await press("home-new");
  return host;
}

it("says whom to ask when there is no scheme", async () => {
  await showNew({ schemes: [] });
  expect(at("new-empty").textContent).toBe(words.new.noScheme);
  expect(there("new-open")).toBe(false);
});

it("chooses nothing for the assessor where there are several schemes", async () => {
  await showNew();
  expect(there("new-scheme")).toBe(false);
  expect(at("new-pair").textContent).toBe(words.new.chooseScheme);
  await press("new-scheme-s2");
  expect(at("scheme-superseded").textContent).toContain("superseded on 1 Jan 2026");
  expect(at("new-pair").textContent).toBe(words.new.chooseCourse);
  await press("new-course-k2");
  expect(at("new-course-missing").textContent).toContain("The hours of practice");
});

it("opens nothing under a scheme of attendance", async () => {
  await showNew();
  await press("new-scheme-s3");
  expect(there("new-not-assessed")).toBe(true);
  expect(there("new-candidate")).toBe(false);
  expect(button("new-open").disabled).toBe(true);
});

it("opens with a deviation in place of the second person", async () => {
  const host = await showNew({ schemes: [teamScheme()] });
  await press("new-course-k3");
  await press("new-candidate-p5");
  await press("new-team");
  expect(button("new-open").disabled).toBe(true);
  await press("new-no-second");
  expect(there("new-second")).toBe(false);
  expect(there("new-team")).toBe(false);
  await press("new-open");
  expect(host.asked.at(-1)?.input).toEqual({ schemeId: "s2", courseId: "k3", candidateId: "p5", secondPersonId: null, team: false, language: "en" });
});

it("opens a team, in the language chosen", async () => {
  const host = await showNew({ schemes: [teamScheme()] });
  await press("new-course-k2");
  await press("new-language-fi");
  expect(there("new-practice-only")).toBe(true);
  await press("new-candidate-p5");
  await press("new-second-p4");
  await press("new-team");
  await press("new-open");
  expect(host.asked.at(-1)?.input).toEqual({ schemeId: "s2", courseId: "k2", candidateId: "p5", secondPersonId: "p4", team: true, language: "fi" });
});

it("asks for nobody to stand by where the scheme asks for nobody", async () => {
  const host = await showNew({ schemes: [{ ...scheme(), secondPerson: "nobody" }] });
  expect(there("new-second")).toBe(false);
  await press("new-candidate-p5");
  await press("new-open");
  expect(host.asked.at(-1)?.input).toMatchObject({ secondPersonId: null });
});

it("forgets what was chosen for another scheme", async () => {
  await showNew();
  await press("new-scheme-s2");
  await press("new-no-second");
  await press("new-scheme-s1");
  expect(there("new-second")).toBe(true);
  expect(there("new-no-second")).toBe(false);
});

it("shows the criteria in the language chosen, and tries again when they cannot be had", async () => {
  const host = await showNew({ schemes: [teamScheme()] });
  await press("new-language-fi");
  host.failNext("scheme", { message: "Not now." });
  await press("new-criteria");
  expect(at("criteria-error").textContent).toContain("Not now.");
  await press("criteria-error-retry");
  await settled();
  expect(host.asked.at(-1)).toEqual({ command: "scheme", input: { schemeId: "s2", language: "fi" } });
  expect(at("criteria-c11").textContent).toContain("Tools in their places and checked");
  expect(at("criteria-c16").textContent).not.toContain("The emergency number");
});

it("shows so many people that somebody can look through them, says how many more there are, and finds each by name", async () => {
  const people = Array.from({ length: 10_000 }, (_, index) => ({ id: `n${index}`, name: `Candidate ${index}`, birthYear: 1990, onRoster: true }));
  await showNew({ people, schemes: [teamScheme()] });
  await press("new-course-k2");
  const radios = () => at("new-candidate").querySelectorAll('input[type="radio"]').length;
  expect(radios()).toBe(50);
  expect(at("new-candidate-more").textContent).toBe("9950 more people: search by name to see them.");
  await type("new-candidate-search", "candidate");
  expect(at("new-candidate-more").textContent, "somebody who has searched already").toBe("9950 more people: type more of the name to see them.");
  await type("new-candidate-search", "candidate 9999");
  expect(radios()).toBe(1);
  expect(at("new-candidate-more").textContent).toBe("");
  await press("new-candidate-n9999");
  await type("new-candidate-search", "");
  expect(radios(), "whoever is chosen stays on the list").toBe(51);
  expect(at("new-candidate-more").textContent).toContain("9949 more people");
});
