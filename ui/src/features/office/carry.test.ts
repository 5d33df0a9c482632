// The office carries a file that it cannot read: chosen, brought, and what came of it.
import { afterEach, expect, it, vi } from "vitest";
import { asked, at, button, field, press, settled, showHome, showOffice, stillClock, there, ticked, type } from "../../testing/screens";

afterEach(() => vi.useRealTimers());

const STICK = "/media/aino/FICTIONAL-STICK";

it("offers the file that has no answers yet, brings it, and says where the answers lie", async () => {
  stillClock();
  const host = await showOffice();
  expect(ticked("office-carry-1"), "the one without answers").toBe(true);
  expect(at("office-carry").textContent).toContain("nobody here can read it");
  const release = host.hold("carry_bundle");
  await press("office-carry-now");
  expect(button("office-carry-now").disabled).toBe(true);
  expect(at("office-carry-progress-percent").textContent).toBe("0 %");
  release();
  await settled();
  expect(asked(host, "carry_bundle")).toEqual([{ path: `${STICK}/fieldproof-2026-11-02.bundle` }]);
  expect(at("office-carry-outcome").textContent).toContain(`${STICK}/fieldproof-2026-11-02.answers`);
  expect(asked(host, "bundles").length, "looked again").toBe(2);
  expect(there("office-carry-short")).toBe(false);
});

it("takes a typed path, and says when the register could not read to the end", async () => {
  const host = await showOffice({ bundles: [], carried: { answers: "/mnt/x.answers", wasWhole: false } });
  expect(there("office-carry-empty")).toBe(true);
  expect(button("office-carry-now").disabled).toBe(true);
  await type("office-carry-path", " /mnt/x.bundle ");
  await press("office-carry-now");
  expect(asked(host, "carry_bundle")).toEqual([{ path: "/mnt/x.bundle" }]);
  expect(at("office-carry-short").textContent).toContain("written and carried again");
});

it("finds a dropped file among those on sticks, and asks for the path of another one", async () => {
  await showOffice();
  const drop = async (name: string, size: number, on: Element = document.body) => {
    const dropped = new Event("drop", { bubbles: true, cancelable: true });
    Object.assign(dropped, { dataTransfer: { files: [new File([new Uint8Array(size)], name)] } });
    on.dispatchEvent(dropped);
    await settled();
    return dropped.defaultPrevented;
  };
  expect(await drop("fieldproof-2026-11-01.bundle", 70_000)).toBe(true);
  expect(ticked("office-carry-0")).toBe(true);
  expect(await drop("elsewhere.bundle", 1, at("office-request-file")), "another part's field takes its own").toBe(false);
  expect(await drop("photo.jpg", 1), "the window must not show it instead").toBe(true);
  expect(ticked("office-carry-0")).toBe(true);
  expect(await drop("elsewhere.bundle", 1)).toBe(true);
  expect(field("office-carry-path").value).toBe("");
});

it("says why it came to nothing, and goes on with the same file", async () => {
  const host = await showOffice();
  host.failNext("carry_bundle", { code: "register_unreachable", message: "The connection to the register broke." });
  await press("office-carry-now");
  expect(at("office-carry-error").dataset.code).toBe("register_unreachable");
  expect(at("office-carry-outcome").textContent).toBe("");
  await press("office-carry-now");
  expect(there("office-carry-error")).toBe(false);
  expect(asked(host, "carry_bundle").length).toBe(2);
});

it("says why nothing could be looked for, and looks again", async () => {
  const host = await showHome({ rows: [], office: {} });
  host.failNext("bundles", { code: "unexpected" });
  await press("home-office");
  await press("office-carry-look-error-retry");
  expect(ticked("office-carry-1")).toBe(true);
  await press("office-carry-look");
  expect(asked(host, "bundles").length).toBe(3);
});
