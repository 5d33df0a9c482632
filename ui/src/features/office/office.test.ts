// The office: who is compared and admitted with what, and what is changed and ended with which meaning.
import { expect, it } from "vitest";
import { REQUEST_CODE } from "../../lib/host/fake/enrol";
import { members, request } from "../../lib/host/fake/office";
import { asked, at, attach, button, field, press, settled, showHome, showOffice, there, ticked, type } from "../../testing/screens";

const VILLE = `office-request-${REQUEST_CODE}`;
const BASTIAN = "office-member-9Z8Y-7X6W-5V4T";
const STICK = "/media/aino/FICTIONAL-STICK";

it("is there for a coordinator only", async () => {
  await showHome();
  expect(there("home-office")).toBe(false);
});

it("says that it is loading, and why it cannot be shown, and tries again", async () => {
  const host = await showHome({ office: {} });
  const release = host.hold("office");
  host.failNext("office", { code: "unexpected", message: "The store could not be read." });
  await press("home-office");
  expect(there("busy")).toBe(true);
  release();
  await settled();
  expect(at("office-error").textContent).toContain("The store could not be read.");
  await press("office-error-retry");
  expect(there("office-asking")).toBe(true);
  await press("office-back");
  expect(there("screen-home")).toBe(true);
});

it("admits nobody before the code was compared and a last day was chosen", async () => {
  const host = await showOffice();
  expect(there("office-asking-empty")).toBe(true);
  await press("office-look");
  expect(at(VILLE).textContent).toContain("born 1986");
  expect(at(`${VILLE}-code`).textContent).toBe(REQUEST_CODE);
  await press(`${VILLE}-open`);
  await press("office-admit-scheme-s1");
  expect(field("office-admit-first").value, "today").toBe("2026-11-03");
  expect(field("office-admit-last").value, "nothing is invented").toBe("");
  expect(ticked("office-admit-role-assessor")).toBe(true);
  expect(ticked("office-admit-certify")).toBe(false);
  await press("office-admit-same");
  expect(button("office-admit-now").disabled, "no last day").toBe(true);
  await type("office-admit-last", "2027-11-02");
  expect(button("office-admit-now").disabled).toBe(false);
  await press("office-admit-same");
  expect(button("office-admit-now").disabled, "not compared").toBe(true);
  await press("office-admit-same");
  await press("office-admit-certify");
  await press("office-admit-now");
  const grant = { schemeId: "s1", roles: ["assessor"], mayCertify: true, first: "2026-11-03", last: "2027-11-02", contactDays: null };
  expect(asked(host, "admit")).toEqual([{ code: REQUEST_CODE, grants: [grant] }]);
  expect(at("office-asking-outcome").textContent).toContain("Ville Uusi is enrolled");
  expect(there(VILLE)).toBe(false);
  expect(at(`office-member-${REQUEST_CODE}-pack`).textContent).toContain("not at the register yet");
});

it("grants several schemes the same, or each its own", async () => {
  const host = await showOffice();
  await press("office-look");
  await press(`${VILLE}-open`);
  await press("office-admit-same");
  for (const scheme of ["s1", "s2"]) await press(`office-admit-scheme-${scheme}`);
  await type("office-admit-last", "2027-11-02");
  expect(button("office-admit-now").disabled).toBe(false);
  await press("office-admit-apart-each");
  expect(button("office-admit-now").disabled, "each last day is to be said").toBe(true);
  await type("office-admit-s1-last", "2027-01-31");
  expect(button("office-admit-now").disabled, "the other one’s is still open").toBe(true);
  await type("office-admit-s2-last", "2027-02-28");
  await press("office-admit-s2-role-trainer");
  await press("office-admit-s2-role-assessor");
  await type("office-admit-s2-contact", "14");
  await press("office-admit-now");
  const shared = { roles: ["assessor"], mayCertify: false, first: "2026-11-03", contactDays: null };
  expect(asked(host, "admit")).toEqual([{ code: REQUEST_CODE, grants: [
    { ...shared, schemeId: "s1", last: "2027-01-31" },
    { ...shared, schemeId: "s2", last: "2027-02-28", roles: ["trainer"], contactDays: 14 },
  ] }]);
});

it("signs nothing with a day or a number that cannot be read, nor without a role", async () => {
  await showOffice();
  await press("office-look");
  await press(`${VILLE}-open`);
  await press("office-admit-same");
  await press("office-admit-scheme-s1");
  await type("office-admit-last", "2027-02-30");
  expect(button("office-admit-now").disabled, "no such day").toBe(true);
  await type("office-admit-last", "2027-02-28");
  await type("office-admit-contact", "1.5");
  expect(button("office-admit-now").disabled, "no whole number").toBe(true);
  await type("office-admit-contact", "15");
  expect(button("office-admit-now").disabled).toBe(false);
  await press("office-admit-role-assessor");
  expect(button("office-admit-now").disabled, "no role").toBe(true);
});

it("shows why somebody was not admitted, and lets the request wait", async () => {
  const host = await showOffice();
  await press("office-look");
  await press(`${VILLE}-open`);
  await press("office-admit-same");
  await press("office-admit-scheme-s1");
  await type("office-admit-last", "2027-11-02");
  host.failNext("admit", { code: "invalid_input", message: "The name is too long." });
  await press("office-admit-now");
  expect(at("office-admit-error").textContent).toContain("The name is too long.");
  await press("office-admit-cancel");
  expect(there("office-admit-form")).toBe(false);
  expect(there(VILLE)).toBe(true);
  expect(document.activeElement, "the keyboard goes on where it was").toBe(at(`${VILLE}-open`));
});

it("opens a request from a file or picture, once on whatever ways it came", async () => {
  const host = await showOffice({ requests: [] });
  await press("office-look");
  expect(at("office-asking-outcome").textContent).toBe("Nobody waits at the register.");
  await attach("office-request-file", new File(["x"], "holiday.jpg"));
  expect(at("office-request-error").textContent).toContain("This is no request");
  await attach("office-request-file", new File(["x"], "request-photo.jpg"));
  await attach("office-request-file", new File(["x"], "request-again.fieldproof"));
  expect(there("office-request-error")).toBe(false);
  expect(document.querySelectorAll(`[data-testid="${VILLE}"]`).length).toBe(1);
  host.failNext("waiting_requests", { code: "register_unreachable", message: "There is no way to the register." });
  await press("office-look");
  expect(at("office-look-error").dataset.code).toBe("register_unreachable");
  expect(there(VILLE), "what came otherwise stays").toBe(true);
});

it("knows who is enrolled already", async () => {
  await showOffice({ requests: [{ ...request, code: "9Z8Y-7X6W-5V4T" }] });
  await press("office-look");
  expect(at("office-request-9Z8Y-7X6W-5V4T-enrolled").textContent).toBe("Enrolled already");
  expect(there("office-request-9Z8Y-7X6W-5V4T-open")).toBe(false);
});

it("says to send first where the register may not know this office yet", async () => {
  const unknown = members().map((member) => ({ ...member, isAtRegister: false }));
  const host = await showOffice({ office: { members: unknown } });
  host.failNext("waiting_requests", { code: "register_refused", message: "The register could not take it." });
  await press("office-look");
  expect(there("office-send-first")).toBe(true);
  await press("office-look");
  expect(there("office-send-first")).toBe(false);
});

it("does not look at a register that has no address", async () => {
  await showOffice({ office: { register: "" } });
  expect(button("office-look").disabled).toBe(true);
  expect(there("office-no-register")).toBe(true);
  expect(there("office-register-none")).toBe(true);
});

it("shows the newest delegations, and strikes ended ones with a word and a shape", async () => {
  await showOffice();
  expect(at(`${BASTIAN}-s1-state`).textContent).toBe("holds");
  expect(at(`${BASTIAN}-s2-state`).textContent).toBe("ended 5 Oct 2026: key in other hands");
  expect(at(`${BASTIAN}-s2-state`).querySelector("svg")).not.toBeNull();
  expect(at(`${BASTIAN}-s2`).querySelector("del")?.textContent).toContain("Working in a team");
  expect(there(`${BASTIAN}-s2-change`)).toBe(false);
  expect(there(`${BASTIAN}-s2-end`), "worse than that it cannot become").toBe(false);
  expect(at(`${BASTIAN}-pack`).textContent).toContain("Pack no. 2");
});

it("changes a delegation from what it says, and signs nothing where nothing is changed", async () => {
  const host = await showOffice();
  await press(`${BASTIAN}-s1-change`);
  expect(document.activeElement, "the keyboard is in the form").toBe(at("office-change-role-assessor"));
  expect(field("office-change-first").value).toBe("2026-01-01");
  expect(field("office-change-last").value).toBe("2026-12-31");
  expect(field("office-change-contact").value).toBe("30");
  expect(there("office-change-unchanged")).toBe(true);
  expect(button("office-change-now").disabled).toBe(true);
  await type("office-change-last", "2027-06-30");
  await press("office-change-now");
  const grant = { schemeId: "s1", roles: ["assessor"], mayCertify: true, first: "2026-01-01", last: "2027-06-30", contactDays: 30 };
  expect(asked(host, "admit")).toEqual([{ code: "9Z8Y-7X6W-5V4T", grants: [grant] }]);
  expect(at(`${BASTIAN}-s1`).textContent).toContain("30 Jun 2027");
  expect(document.querySelectorAll(`[data-testid="${BASTIAN}-s1"]`).length, "the one before is not shown").toBe(1);
});

it("adds a scheme that somebody has no delegation for, or only an ended one", async () => {
  const host = await showOffice();
  await press(`${BASTIAN}-add`);
  expect(there("office-add-scheme-s1")).toBe(false);
  await press("office-add-scheme-s2");
  await type("office-add-last", "2027-06-30");
  await press("office-add-now");
  expect(asked(host, "admit")).toMatchObject([{ code: "9Z8Y-7X6W-5V4T", grants: [{ schemeId: "s2", last: "2027-06-30" }] }]);
});

it("ends a delegation in one of two ways, after saying what it means", async () => {
  const host = await showOffice();
  await press(`${BASTIAN}-s1-end`);
  expect(document.activeElement).toBe(at("office-end-cancel"));
  expect(there("office-end-now"), "nothing is chosen for anybody").toBe(false);
  await press("office-end-compromised");
  expect(at("office-end-means").textContent).toContain("also what was signed before");
  await press("office-end-retired");
  expect(at("office-end-means").textContent).toContain("What was signed before stands.");
  await press("office-end-now");
  expect(asked(host, "end_delegation")).toEqual([{ digest: "d1", isCompromised: false }]);
  expect(at(`${BASTIAN}-s1-state`).textContent).toBe("ended 3 Nov 2026");
  expect(at("office-members-outcome").textContent).toContain("Ended for Bastian Vogt");
  await press(`${BASTIAN}-s1-end`);
  expect(there("office-end-retired"), "it can only turn out to be worse").toBe(false);
  await press("office-end-compromised");
  host.failNext("end_delegation", { code: "unexpected", message: "It did not work." });
  await press("office-end-now");
  expect(at("office-end-error").textContent).toContain("It did not work.");
  await press("office-end-cancel");
  expect(asked(host, "end_delegation").length).toBe(2);
});

it("writes a pack to a stick, and says where", async () => {
  const host = await showOffice();
  await press(`${BASTIAN}-write`);
  expect(field("office-pack-folder").value).toBe(STICK);
  host.failNext("write_pack", { code: "not_written", message: "Nothing was written." });
  await press("office-pack-now");
  expect(at("office-pack-error").dataset.code).toBe("not_written");
  await press("office-pack-now");
  expect(asked(host, "write_pack").at(-1)).toEqual({ installation: "bb", folder: STICK });
  expect(at("office-members-outcome").textContent).toBe(`Written: ${STICK}/pack-2-for-9Z8Y-7X6W-5V4T.fieldproof`);
  expect(there("office-pack-form")).toBe(false);
  expect(document.activeElement, "the keyboard goes on where it was").toBe(at(`${BASTIAN}-write`));
});
