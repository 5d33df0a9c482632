// The stick: what a file would hold, that it was written, what came back, and what is no answer.
import { afterEach, expect, it, vi } from "vitest";
import { asked, at, attach, button, field, press, settled, showHome, stillClock, there, type } from "../../testing/screens";
import type { FakeHost, FakeOptions } from "../../lib/host/fake/fake";

afterEach(() => vi.useRealTimers());

const STICK = "/media/aino/FICTIONAL-STICK";
const answers = new File(["fieldproof answers 1\n"], "back.answers");

async function showStick(options: FakeOptions = {}): Promise<FakeHost> {
  const host = await showHome(options);
  await press("home-stick");
  return host;
}

it("says that it is looking, why it cannot, and tries again", async () => {
  const host = await showHome();
  const release = host.hold("stick");
  host.failNext("stick", { code: "unexpected", message: "The store could not be read." });
  await press("home-stick");
  expect(there("busy")).toBe(true);
  release();
  await settled();
  expect(at("stick-error").dataset.code).toBe("unexpected");
  await press("stick-error-retry");
  expect(there("stick-carry")).toBe(true);
  await press("stick-back");
  expect(there("screen-home")).toBe(true);
});

it("says what the file holds and who can read it, writes it, and says how it gets in", async () => {
  stillClock();
  const host = await showStick();
  expect(at("stick-facts").textContent).toContain("2 records, 3 photos and files");
  expect(at("stick-carry").textContent).toContain("nobody who carries it can read it");
  expect(field("stick-folder").value).toBe(STICK);
  const release = host.hold("write_bundle");
  await type("stick-folder", " /mnt/safe ");
  await press("stick-write");
  expect(button("stick-write").disabled).toBe(true);
  expect(at("stick-progress-percent").textContent).toBe("0 %");
  release();
  await settled();
  expect(asked(host, "write_bundle")).toEqual([{ folder: "/mnt/safe" }]);
  expect(at("stick-written").textContent).toContain("/mnt/safe/fieldproof-2026-11-03.bundle");
  expect(at("stick-next").textContent).toContain("coordinator");
  expect(there("stick-progress")).toBe(false);
});

it("has nothing to carry, or nobody to encrypt to, and says so", async () => {
  await showStick({ stick: { records: 0, files: 0, waiting: 1 } });
  expect(at("stick-empty").textContent).toContain("No record waits");
  expect(at("stick-waiting").textContent).toContain("1 record");
  expect(there("stick-write"), "chains and papers go all the same").toBe(true);
});

it("asks for a pack where the institution has no key to encrypt to", async () => {
  await showStick({ stick: { hasKey: false } });
  expect(at("stick-no-key").textContent).toContain("pack");
  expect(there("stick-write")).toBe(false);
});

it("tells why a file was not written", async () => {
  const host = await showStick();
  host.failNext("write_bundle", { code: "not_written", message: "Nothing was written." });
  await press("stick-write");
  expect(at("stick-write-error").dataset.code).toBe("not_written");
  expect(at("stick-written").textContent).toBe("");
});

it("shows what became of each record, and asks anew what is left", async () => {
  const host = await showStick();
  await attach("stick-answers-file", answers);
  expect(asked(host, "take_answers")).toEqual([{ name: "back.answers" }]);
  expect(at("stick-taken").textContent).toContain("1 of 2");
  expect(at("stick-record-s1").dataset.what).toBe("in_register");
  expect(at("stick-record-s2").textContent).toContain("its seal does not match");
  expect(asked(host, "stick").length).toBe(2);
});

it("takes a file that is dropped anywhere on the window, as if it were chosen", async () => {
  const host = await showStick();
  const drop = new Event("drop", { bubbles: true, cancelable: true });
  Object.assign(drop, { dataTransfer: { files: [answers] } });
  document.body.dispatchEvent(drop);
  await settled();
  expect(drop.defaultPrevented, "the window must not show the file instead").toBe(true);
  expect(asked(host, "take_answers")).toEqual([{ name: "back.answers" }]);
  expect(there("stick-records")).toBe(true);
});

it("says what is wrong with a file, and shows what stood before it", async () => {
  const broken = "It ends too early: it was cut off, or damaged at its end. What stood before counts.";
  const host = await showStick({ answers: { records: [], ignored: 2, remarks: [broken] } });
  await attach("stick-answers-file", new File([new Uint8Array(1_000_001)], "film.mp4"));
  expect(at("stick-answers-error").textContent).toContain("larger than");
  expect(there("stick-records")).toBe(false);
  host.failNext("take_answers", { code: "register_other_identity", message: "Nothing was taken: it is another institution." });
  await attach("stick-answers-file", answers);
  expect(at("stick-answers-error").dataset.code).toBe("register_other_identity");
  await attach("stick-answers-file", answers);
  expect(at("stick-remark-0").textContent).toContain(broken);
  expect(at("stick-ignored").textContent).toContain("2");
  expect(there("stick-answers-error")).toBe(false);
});
