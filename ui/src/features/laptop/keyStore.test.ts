// Sending while locked: the switch, its state in words, and what is said without a key store.
import { expect, it } from "vitest";
import { asked, at, press, showHome } from "../../testing/screens";
import type { FakeHost } from "../../lib/host/fake/fake";

async function showLaptop(): Promise<FakeHost> {
  const host = await showHome();
  await press("home-laptop");
  return host;
}

it("turns sending while locked on and off, and says which it is and what it costs", async () => {
  const host = await showLaptop();
  expect(at("laptop-key-store").textContent).toContain("can then read what is on this laptop, without a passphrase");
  expect(at("laptop-key-store-switch").getAttribute("aria-checked")).toBe("false");
  expect(at("laptop-key-store-state").textContent).toMatch(/^Off/);
  await press("laptop-key-store-switch");
  expect(at("laptop-key-store-switch").getAttribute("aria-checked")).toBe("true");
  expect(at("laptop-key-store-state").textContent).toBe("On since 3 Nov 2026: the unlock screen can send.");
  await press("laptop-key-store-switch");
  expect(at("laptop-key-store-state").textContent).toMatch(/^Off/);
  expect(at("laptop-key-store-outcome").textContent).toContain("It is off.");
  expect([asked(host, "turn_key_store_on"), asked(host, "turn_key_store_off")]).toEqual([[{}], [{}]]);
});

it("says that there is no key store, what to do, and what holds now", async () => {
  const host = await showLaptop();
  host.failNext("turn_key_store_on", { code: "rule", message: "There is no key store for whoever is logged in.", next: "Install one." });
  const looked = asked(host, "laptop").length;
  await press("laptop-key-store-switch");
  expect(at("laptop-key-store-error").textContent).toContain("Install one.");
  expect(at("laptop-key-store-outcome").textContent).toBe("");
  expect(at("laptop-key-store-switch").getAttribute("aria-checked")).toBe("false");
  expect(asked(host, "laptop").length, "the state is looked at again").toBe(looked + 1);
});
