// A new laptop: who begins, with which passphrase, and the ways around beginning.
import { expect, it } from "vitest";
import { fakeHost } from "../../lib/host/fake/fake";
import { asked, at, button, field, press, settled, showWindow, there, type } from "../../testing/screens";

const DRAWN = "pelican mosaic harvest umbrella cobalt";
const newLaptop = () => fakeHost({ status: { assessors: [], institution: "", demonstration: null }, rows: [] });

async function filledIn(name = "Ville Uusi") {
  await type("begin-name", ` ${name} `);
  await type("begin-birth-year", "1986");
}

it("begins with five drawn words, and asks the institution next", async () => {
  const host = newLaptop();
  await showWindow(host);
  expect(there("screen-begin")).toBe(true);
  await filledIn();
  expect(button("begin-now").disabled).toBe(true);
  await press("begin-passphrase-draw");
  expect(at("begin-passphrase-drawn").textContent).toBe(DRAWN);
  await press("begin-now");
  expect(asked(host, "begin")).toEqual([{ name: "Ville Uusi", birthYear: 1986, passphrase: DRAWN }]);
  expect(there("screen-enrol")).toBe(true);
});

it("asks for every one of name, year and passphrase", async () => {
  await showWindow(newLaptop());
  await press("begin-passphrase-type");
  await type("begin-passphrase-typed", DRAWN);
  await type("begin-name", "Ville Uusi");
  expect(button("begin-now").disabled, "no year").toBe(true);
  await type("begin-birth-year", "1986");
  expect(button("begin-now").disabled).toBe(false);
  await type("begin-name", " ");
  expect(button("begin-now").disabled, "no name").toBe(true);
});

it("says why a passphrase is not taken, and keeps what was typed", async () => {
  await showWindow(newLaptop());
  await filledIn();
  await press("begin-passphrase-type");
  await type("begin-passphrase-typed", "too short");
  await press("begin-now");
  expect(at("begin-error").textContent).toContain("too easily guessed");
  expect(field("begin-passphrase-typed").value).toBe("too short");
  expect(there("screen-begin")).toBe(true);
});

it("locks to the unlock screen, which knows who began", async () => {
  await showWindow(newLaptop());
  await filledIn();
  await press("begin-passphrase-draw");
  await press("begin-now");
  await press("enrol-lock");
  expect(at("unlock-assessor").textContent).toBe("Ville Uusi");
});

it("restores a backup instead, and comes back from it", async () => {
  await showWindow(newLaptop());
  await press("begin-restore");
  expect(there("restore-warning"), "nothing is here that would be set aside").toBe(false);
  await press("restore-back");
  expect(there("screen-begin")).toBe(true);
  await press("begin-restore");
  await type("restore-passphrase", "copper lantern seven hills");
  await press("restore-now");
  await press("restore-done");
  expect(there("screen-unlock")).toBe(true);
});

it("verifies without anybody having begun", async () => {
  await showWindow(newLaptop());
  await press("begin-verify");
  expect(there("screen-verify")).toBe(true);
  await press("verify-back");
  expect(there("screen-begin")).toBe(true);
});

it("says why what was begun cannot be shown, and tries again", async () => {
  const host = newLaptop();
  await showWindow(host);
  await filledIn();
  await press("begin-passphrase-draw");
  host.failNext("home", { code: "unexpected", message: "The store could not be read." });
  await press("begin-now");
  await settled();
  expect(at("error").textContent).toContain("The store could not be read.");
  await press("error-retry");
  expect(there("screen-enrol")).toBe(true);
});
