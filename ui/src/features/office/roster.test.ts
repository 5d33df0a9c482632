// A roster out of a file: columns are chosen, rows say what becomes of them, and those who are new are added.
import { expect, it } from "vitest";
import type { OfficeCourseView } from "../../lib/host";
import { asked, at, attach, choose, press, showHome, there } from "../../testing/screens";

const course: OfficeCourseView = {
  id: "k1", schemeId: "s1", title: "Autumn", site: "", trainer: "", trainerContact: "", voltageLevel: "", workingMethods: "", theoryMinutes: null, practiceMinutes: null,
  theoryContent: "", practiceContent: "", attendance: "", firstDay: null, lastDay: null, people: 7,
};

it("imports a roster: columns are chosen, each row says what becomes of it, and only then is anybody added", async () => {
  const host = await showHome({ rows: [], office: { courses: [course] } });
  await press("home-office");
  await press("office-course-k1-roster");
  await attach("office-roster-file", new File(["x"], "holiday.jpg"));
  expect(at("office-roster-error").textContent).toContain("neither a table");
  await attach("office-roster-file", new File(["x"], "unknown.csv"));
  expect(there("office-roster-error")).toBe(false);
  expect(there("office-roster-no-name"), "nothing is taken for a name").toBe(true);
  expect(there("office-roster-add")).toBe(false);
  await attach("office-roster-file", new File(["x"], "roster.xlsx"));
  expect(asked(host, "read_roster").at(-1)).toEqual({ courseId: "k1", name: "roster.xlsx" });
  expect(at("office-roster-row-2").textContent).toContain("Elli1990");
  await choose("office-roster-familyName", "1");
  expect(asked(host, "map_roster")).toEqual([{ courseId: "k1", mapping: { name: 0, familyName: 1, birth: 2, hasHeadings: true } }]);
  expect(at("office-roster-row-2").textContent).toContain("Elli Mäki");
  await choose("office-roster-birth", "");
  expect(asked(host, "map_roster").at(-1)).toMatchObject({ mapping: { birth: null } });
  for (const [line, word] of [[2, "Will be added"], [3, "There already"], [5, "Needs mending"]] as const) {
    expect(at(`office-roster-row-${line}`).textContent).toContain(word);
    expect(at(`office-roster-row-${line}`).querySelector("svg"), word).not.toBeNull();
  }
  expect(at("office-roster-counts").textContent).toBe("1 will be added, 1 is there already, 1 needs mending. 1 blank row passed over.");
  expect(at("office-roster-add").textContent).toBe("Add 1 person");
  host.failNext("import_roster", { code: "unexpected", message: "It did not work." });
  await press("office-roster-add");
  expect(at("office-roster-add-error").textContent).toContain("It did not work.");
  await press("office-roster-add");
  expect(asked(host, "import_roster").at(-1)).toEqual({ courseId: "k1" });
  expect(there("office-roster")).toBe(false);
  expect(at("office-courses-outcome").textContent).toContain("1 person was added to Autumn.");
  expect(at("office-course-k1").textContent).toContain("8 people");
  expect(document.activeElement, "the keyboard goes on where it was").toBe(at("office-course-k1-roster"));
});
