// The office's book: schemes, courses, the register and its code, and that packs are sent.
import { expect, it } from "vitest";
import { INSTITUTION_CODE, REQUEST_CODE } from "../../lib/host/fake/enrol";
import { asked, at, attach, button, press, showOffice, there, type } from "../../testing/screens";

const VILLE = `office-request-${REQUEST_CODE}`;
const json = (name: string, text = "{}") => new File([text], name, { type: "application/json" });

it("publishes a scheme from its two files, and shows every problem with its place", async () => {
  const host = await showOffice();
  expect(button("office-publish-now").disabled).toBe(true);
  await attach("office-publish-document-file", json("scheme.json", "no scheme"));
  expect(button("office-publish-now").disabled, "the values are missing").toBe(true);
  await attach("office-publish-values-file", json("scheme.values.json", "{\"v\":1}"));
  expect(at("office-publish-values").textContent).toContain("scheme.values.json");
  await press("office-publish-now");
  expect(at("office-publish-error").querySelectorAll("li").length, "two problems and what to do").toBe(3);
  expect(at("office-publish-error").textContent).toContain("line 9");
  await attach("office-publish-document-file", json("scheme.json", "{\"d\":1}"));
  expect(there("office-publish-error")).toBe(false);
  await press("office-publish-now");
  expect(asked(host, "publish_scheme").at(-1)).toEqual({ document: "{\"d\":1}", values: "{\"v\":1}" });
  expect(there("office-scheme-s9")).toBe(true);
  expect(button("office-publish-now").disabled).toBe(true);
});

it("keeps a course, and changes it without losing a fact", async () => {
  const host = await showOffice({ office: { courses: [] } });
  expect(there("office-courses-empty")).toBe(true);
  await press("office-course-add");
  await press("office-course-scheme-s1");
  await type("office-course-title", "Autumn");
  await type("office-course-trainerContact", "trainer@school.example");
  await type("office-course-theoryMinutes", "many");
  expect(button("office-course-save").disabled).toBe(true);
  await type("office-course-theoryMinutes", "480");
  await type("office-course-lastDay", "2026-11-31");
  expect(button("office-course-save").disabled).toBe(true);
  await type("office-course-lastDay", "2026-11-30");
  await press("office-course-save");
  expect(asked(host, "set_course")).toMatchObject([{ id: null, schemeId: "s1", title: "Autumn", theoryMinutes: 480, practiceMinutes: null, firstDay: null, lastDay: "2026-11-30" }]);
  expect(at("office-course-k10").textContent).toContain("30 Nov 2026");
  expect(document.activeElement).toBe(at("office-course-add"));
  await press("office-course-k10-change");
  await type("office-course-site", "Tampere");
  await press("office-course-save");
  expect(asked(host, "set_course").at(-1)).toMatchObject({ id: "k10", site: "Tampere", theoryMinutes: 480, trainerContact: "trainer@school.example" });
});

it("shows the institution’s code, and sets the register’s address", async () => {
  const host = await showOffice({ office: { register: "" } });
  expect(at("office-code").textContent).toBe(INSTITUTION_CODE);
  expect(button("office-register-set").disabled).toBe(true);
  await type("office-register-address", " https://register.example ");
  await press("office-register-set");
  expect(asked(host, "set_register")).toEqual([{ address: "https://register.example" }]);
  expect(at("office-register-outcome").textContent).toContain("The address is set.");
  expect(button("office-look").disabled).toBe(false);
  expect(button("office-register-set").disabled, "it is set already").toBe(true);
});

it("says nothing where there is nothing yet", async () => {
  await showOffice({ schemes: [], office: { members: [], schemes: [], courses: [], places: [] } });
  for (const empty of ["office-members-empty", "office-schemes-empty", "office-courses-empty"]) expect(there(empty), empty).toBe(true);
  expect(button("office-course-add").disabled).toBe(true);
  await press("office-look");
  await press(`${VILLE}-open`);
  expect(there("office-admit-no-scheme")).toBe(true);
});

it("sends packs from home also when no record waits, and says whether they arrived", async () => {
  const host = await showOffice();
  await press("office-back");
  expect(at("home-send").textContent).toContain("Send packs");
  await press("home-send");
  expect(asked(host, "send").length).toBe(1);
  expect(at("home-send-outcome").textContent).toBe("Every pack is at the register.");
});
