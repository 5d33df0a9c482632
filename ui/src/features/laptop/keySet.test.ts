// The institution's keys: each in words with its owner, and what is done where when one is lost.
import { expect, it } from "vitest";
import { at, press, showHome, there } from "../../testing/screens";
import type { FakeOptions } from "../../lib/host/fake/fake";

async function showLaptop(options: FakeOptions = {}) {
  await showHome(options);
  await press("home-laptop");
}

it("says of each key whose it is, what it is for, until when, and how far it is believed", async () => {
  await showLaptop();
  expect(at("laptop-keys-title").textContent).toBe("Key set no. 4 of 30 Oct 2026");
  const lost = at("laptop-key-a1a1a1a1a1a1a1a1");
  expect(lost.dataset.state).toBe("compromised");
  for (const word of ["Compromised", "Carla Coordinator", "Signs schemes and delegations.", "2 Oct 2026 to 30 Oct 2036", "only where the register lists it"]) expect(lost.textContent).toContain(word);
  expect(at("laptop-key-b2b2b2b2b2b2b2b2").textContent).toContain("Cora Coordinator (you)");
  expect(at("laptop-key-b2b2b2b2b2b2b2b2").querySelectorAll("p"), "a key in use needs no further word").toHaveLength(1);
  expect(at("laptop-key-c3c3c3c3c3c3c3c3").textContent).toContain("A coordinator not known by name here");
  expect(at("laptop-key-d4d4d4d4d4d4d4d4").textContent).toContain("The register");
  expect(at("laptop-key-e5e5e5e5e5e5e5e5").textContent).toContain("A new key is needed.");
  expect(at("laptop-key-f6f6f6f6f6f6f6f6").textContent).toContain("Not yet in use");
});

it("says what is typed where when a key is lost, and tells an assessor’s key from the institution’s", async () => {
  await showLaptop();
  const lost = at("laptop-keys-lost");
  if (!(lost instanceof HTMLDetailsElement)) throw new Error("it folds away");
  expect(lost.open, "folded away until somebody needs it").toBe(false);
  for (const word of ["compromised KEY --root root.age --trust trust.cbor --out NEXT", "renew-register --compromised", "renew-encryption --compromised", "fieldproof register key-set NEXT --data FOLDER", "ends its delegations in the office"]) expect(lost.textContent).toContain(word);
});

it("shows no keys before an institution has answered", async () => {
  await showLaptop({ laptop: { keySet: null } });
  expect(there("laptop-institution")).toBe(true);
  expect(there("laptop-keys-title")).toBe(false);
});
