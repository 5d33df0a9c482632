// A roster out of a file: columns are chosen, rows say what becomes of them, and those who are new are added.
import { expect, it } from "vitest";
import type { OfficeCourseView } from "../../lib/host";
import { asked, at, attach, button, choose, field, press, showHome, there, type } from "../../testing/screens";

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
  expect(at("office-roster-row-2").textContent).toContain("Elli1990+358 40 555 0100");
  await choose("office-roster-familyName", "1");
  expect(asked(host, "map_roster")).toEqual([{ courseId: "k1", mapping: { name: 0, familyName: 1, birth: 2, contact: 3, hasHeadings: true } }]);
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

it("shows who is on a course with how each is reached, and keeps what is typed", async () => {
  const host = await showHome({ rows: [], office: { courses: [course] } });
  await press("home-office");
  await press("office-course-k1-people");
  expect(asked(host, "course_people")).toEqual([{ courseId: "k1" }]);
  expect(field("office-people-p2-contact").value).toBe("otto.ruiz@example.invalid");
  expect(button("office-people-p1-keep").disabled, "nothing is changed").toBe(true);
  await type("office-people-p1-contact", " +358 40 555 0100 ");
  host.failNext("set_contact", { code: "invalid_input", message: "The contact holds a line break." });
  await press("office-people-p1-keep");
  expect(at("office-people-keep-error").textContent).toContain("line break");
  expect(field("office-people-p1-contact").value, "what was typed is not lost").toBe(" +358 40 555 0100 ");
  await press("office-people-p1-keep");
  expect(asked(host, "set_contact").at(-1)).toEqual({ courseId: "k1", personId: "p1", contact: " +358 40 555 0100 " });
  expect(field("office-people-p1-contact").value).toBe("+358 40 555 0100");
  expect(at("office-people-outcome").textContent).toContain("Kept for Ilona Esimerkki.");
  await type("office-people-p1-contact", "");
  await press("office-people-p1-keep");
  expect(field("office-people-p1-contact").value, "an empty one is forgotten").toBe("");
  await press("office-people-close");
  expect(there("office-people")).toBe(false);
  expect(document.activeElement, "the keyboard goes on where it was").toBe(at("office-course-k1-people"));
});
