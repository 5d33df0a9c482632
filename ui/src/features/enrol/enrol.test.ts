// Asking an institution: the code and its symbol, the ways there, and the pack that is taken by a code nobody fills in.
import { expect, it } from "vitest";
import { INSTITUTION_CODE, REQUEST_CODE } from "../../lib/host/fake/enrol";
import type { FakeHost, FakeOptions } from "../../lib/host/fake/fake";
import { asked, at, attach, button, field, press, settled, showHome, there, type } from "../../testing/screens";

const STICK = "/media/aino/FICTIONAL-STICK";
const REGISTER = "https://register.example";
const pack = () => new File(["age"], `pack-1-for-${REQUEST_CODE}.fieldproof`);

/** The window of somebody who began and belongs to nobody yet. */
const newcomer = (options: FakeOptions = {}): Promise<FakeHost> =>
  showHome({ rows: [], ...options, status: { unlocked: { id: "b1", name: "Ville Uusi", hasPin: false }, institution: "", demonstration: null } });

it("is what a laptop without an institution shows", async () => {
  await newcomer();
  expect(there("screen-enrol")).toBe(true);
  expect(at("screen-enrol").textContent).toContain("Ville Uusi asks to be enrolled.");
  expect(there("enrol-belongs")).toBe(false);
  expect(at("enrol-code").textContent).toBe(REQUEST_CODE);
  await press("enrol-laptop");
  await press("laptop-back");
  expect(there("screen-enrol"), "home is of no use yet").toBe(true);
});

it("draws every dark module of the symbol inside a quiet zone of four", async () => {
  await newcomer({ enrolment: { symbol: ["##.#", "....", "#..#", "..##"] } });
  const svg = at("enrol-symbol");
  expect(svg.getAttribute("viewBox")).toBe("0 0 12 12");
  const bars = [...(svg.querySelector("path")?.getAttribute("d") ?? "").matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)].map(([, x, y, width]) => [x, y, width].map(Number));
  expect(bars).toEqual([[4, 4, 2], [7, 4, 1], [4, 6, 1], [7, 6, 1], [6, 7, 2]]);
  expect(svg.getAttribute("shape-rendering")).toBe("crispEdges");
});

it("says that it is writing the request, and why it could not, and tries again", async () => {
  const host = await newcomer();
  await press("enrol-laptop");
  const release = host.hold("enrolment");
  host.failNext("enrolment", { code: "unexpected", message: "The store could not be read." });
  await press("laptop-enrol");
  expect(there("busy")).toBe(true);
  release();
  await settled();
  expect(at("enrol-error").textContent).toContain("The store could not be read.");
  await press("enrol-error-retry");
  expect(there("enrol-code")).toBe(true);
});

it("writes the request to a stick or a typed folder, and says where", async () => {
  const host = await newcomer();
  expect(field("enrol-folder").value).toBe(STICK);
  await press("enrol-write");
  expect(at("enrol-written").textContent).toBe(`Written: ${STICK}/request-${REQUEST_CODE}.fieldproof`);
  await type("enrol-folder", " /mnt/other ");
  host.failNext("write_request", { code: "not_written", message: "Nothing was written." });
  await press("enrol-write");
  expect(asked(host, "write_request")).toEqual([{ folder: STICK }, { folder: "/mnt/other" }]);
  expect(at("enrol-write-error").textContent).toContain("Nothing was written.");
  expect(at("enrol-written").textContent).toBe("");
});

it("asks over the network, and looks there whether anybody has answered", async () => {
  const host = await newcomer();
  expect(button("enrol-fetch").disabled, "nowhere to look yet").toBe(true);
  expect(there("enrol-no-address")).toBe(true);
  await type("enrol-address", ` ${REGISTER} `);
  await press("enrol-ask");
  expect(asked(host, "ask_register")).toEqual([{ address: REGISTER }]);
  expect(at("enrol-asked").textContent).toContain(`waits at ${REGISTER}`);
  await press("enrol-fetch");
  expect(asked(host, "fetch_pack")).toEqual([{ address: REGISTER }]);
  expect(at("enrol-not-yet").textContent).toContain("Nobody has answered yet.");
  expect(there("enrol-preview")).toBe(false);
  host.failNext("fetch_pack", { code: "register_unreachable", message: "There is no way to the register." });
  await press("enrol-fetch");
  expect(at("enrol-fetch-error").dataset.code).toBe("register_unreachable");
  expect(at("enrol-not-yet").textContent, "what was said before is over").toBe("");
});

it("takes the first pack only by the code that is read out, which is never filled in", async () => {
  const host = await newcomer({ pack: {} });
  await type("enrol-address", REGISTER);
  await press("enrol-ask");
  await press("enrol-fetch");
  expect(at("enrol-preview-facts").textContent).toContain("2 schemes, 1 course, 9 people");
  expect(field("enrol-their-code").value).toBe("");
  expect(document.body.textContent, "the code in the pack is not shown: whoever types it has heard it").not.toContain(INSTITUTION_CODE);
  expect(button("enrol-take").disabled).toBe(true);
  await type("enrol-their-code", "7K3M-9QTR-2XWE");
  await press("enrol-take");
  expect(at("enrol-take-error").textContent).toContain("This is not the code of the institution in the pack.");
  expect(field("enrol-their-code").value, "one wrong letter can be mended").toBe("7K3M-9QTR-2XWE");
  await type("enrol-their-code", INSTITUTION_CODE.toLowerCase());
  await press("enrol-take");
  expect(asked(host, "take_pack").at(-1)).toEqual({ code: INSTITUTION_CODE.toLowerCase() });
  expect(there("screen-home")).toBe(true);
  await press("home-laptop");
  host.failNext("home", { code: "locked", message: "The laptop was locked." });
  await press("laptop-back");
  expect(at("screen-unlock").textContent).toContain("Nordic Institute for Vehicle Safety");
});

it("looks into a file before anything is taken, and leaves it", async () => {
  const host = await newcomer();
  await attach("enrol-pack-file", new File(["x"], "holiday.jpg"));
  expect(at("enrol-pack-error").textContent).toContain("The pack is for another laptop, or damaged.");
  await attach("enrol-pack-file", pack());
  expect(there("enrol-pack-error")).toBe(false);
  expect(there("enrol-preview")).toBe(true);
  await press("enrol-leave");
  expect(there("enrol-preview")).toBe(false);
  expect(asked(host, "take_pack")).toEqual([]);
});

it("asks for a new key’s delegation from this laptop, and needs no code of an institution it knows", async () => {
  const host = await showHome({ pack: { number: 4 }, enrolment: { register: REGISTER, pack: 3, heard: { number: 12, newest: 12, at: Date.UTC(2026, 10, 26, 14, 5) } } });
  await press("home-laptop");
  await press("laptop-enrol");
  expect(at("enrol-belongs").textContent).toContain("It took pack no. 3 last.");
  expect(at("enrol-heard").textContent).toMatch(/^Heard everything from its register up to entry 12, .*26.*\d\.$/);
  expect(field("enrol-address").value).toBe(REGISTER);
  expect(there("enrol-lock")).toBe(false);
  await attach("enrol-pack-file", pack());
  expect(there("enrol-their-code")).toBe(false);
  await press("enrol-take");
  expect(asked(host, "take_pack")).toEqual([{ code: "" }]);
  expect(there("screen-home")).toBe(true);
});
