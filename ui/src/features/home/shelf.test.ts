// Refused and overdue records on home: a warning that stays, who can mend each, whose paper is out, and what can be done.
import { expect, it } from "vitest";
import { shelved } from "../../lib/host/fake/shelf";
import { asked, at, press, showHome, there } from "../../testing/screens";

const refused = shelved({ record: "r".repeat(8), sessionId: "r1" });
const overdue = shelved({ record: "o".repeat(8), sessionId: "r2", kind: "overdue", reason: "It is not in the register.", mend: "Send it.", offerable: false });

it("says nothing where nothing was refused", async () => {
  await showHome();
  expect(there("shelf")).toBe(false);
});

it("warns, and says why, who can mend it, and that a paper is out", async () => {
  await showHome({ shelf: [refused, overdue] });
  expect(at("shelf-warning").textContent).toContain("2 records need somebody");
  expect(at("shelf-warning").textContent).toContain("2 papers are out that the register does not confirm.");
  const row = at(`shelf-${refused.record}`);
  expect(row.textContent).toContain("Ilona Esimerkki");
  expect(row.textContent).toContain("the assessor's delegation does not cover it");
  expect(row.textContent).toContain("The coordinator has to mend");
  expect(at(`shelf-paper-${refused.record}`).textContent).toContain("Certificate K7M2-QXPA was opened for printing");
  expect(at(`shelf-paper-${refused.record}`).textContent, "nobody is told to ask themselves").not.toContain("Aino Korhonen");
  expect(there(`shelf-offer-${overdue.record}`), "what was never refused is not offered again").toBe(false);
});

it("offers a refused record again and says what came of it", async () => {
  const host = await showHome({ shelf: [refused] });
  await press(`shelf-offer-${refused.record}`);
  expect(asked(host, "offer_again")).toEqual([{ sessionId: "r1" }]);
  expect(at("shelf-outcome").textContent).toContain("The register takes it now.");
  expect(there("shelf")).toBe(false);
});

it("offers nothing again that stays refused whoever offers it", async () => {
  await showHome({ shelf: [{ ...refused, offerable: false }] });
  expect(there(`shelf-offer-${refused.record}`)).toBe(false);
  expect(at(`shelf-open-${refused.record}`).textContent).toBe("Open it to seal it anew");
});

it("warns no more of what a further record corrects, offers it to nobody, and has its paper taken back", async () => {
  await showHome({ shelf: [{ ...refused, corrected: true, offerable: false }] });
  expect(there("shelf-warning")).toBe(false);
  expect(at("shelf-corrected").textContent).toBe("Refused, and corrected since");
  expect(there(`shelf-offer-${refused.record}`)).toBe(false);
  expect(at(`shelf-open-${refused.record}`).textContent).toBe("Open it");
  expect(at(`shelf-paper-${refused.record}`).textContent).toContain("Take this paper back");
});

it("keeps what was refused when offering it did not get through", async () => {
  const host = await showHome({ shelf: [refused] });
  host.failNext("offer_again", { code: "register_unreachable", message: "The register cannot be reached." });
  await press(`shelf-offer-${refused.record}`);
  expect(at("shelf-error").textContent).toContain("cannot be reached");
  expect(there("shelf")).toBe(true);
});

it("shows a coordinator everybody's, paper out first, whom to call or else to ask, and how much more there is", async () => {
  const rows = [
    shelved({ record: "n".repeat(8), kind: "missing", holder: null, birthYear: null, paper: "none", certificate: null, printedAt: null }),
    shelved({ record: "m".repeat(8), kind: "evidence_missing", paper: "issued", printedAt: null, assessor: null }),
    { ...refused, sessionId: null },
    shelved({ record: "c".repeat(8), kind: "overdue", sealedAt: null, contact: "+358 40 555 0100" }),
    shelved({ record: "w".repeat(8), kind: "on_its_way", sealedAt: null, trainers: ["Tove Trainer, trainer of “Autumn”: 040 555 0101"] }),
  ];
  const host = await showHome({ office: {}, everybodysShelf: { rows, leftOut: 4, unreadable: 1 } });
  expect(at("home-shelf-office").textContent).toContain("8 records at the register need somebody. 2 papers are out.");
  await press("home-office");
  expect(there("office-shelf-said")).toBe(false);
  await press("office-shelf-look");
  expect(at("office-shelf-said").textContent).toBe("4 records, 2 of them with a paper out. 1 record on the way, with time left.");
  expect([...at("office-paper-out").children].map((row) => row.getAttribute("data-kind"))).toEqual(["refused", "overdue"]);
  const contact = at(`shelf-contact-${"c".repeat(8)}`);
  expect(contact.textContent).toBe("+358 40 555 0100");
  expect(at(`shelf-paper-${"c".repeat(8)}`).textContent).toContain("Call: +358 40 555 0100 Sealed by Aino Korhonen.");
  expect(at(`shelf-${"c".repeat(8)}`).textContent, "of a paper alone nobody knows when it was sealed").not.toContain("sealed ");
  expect(at(`shelf-paper-${refused.record}`).textContent).toContain("No contact of the holder is known here: ask Aino Korhonen, who sealed it.");
  expect([...at("office-shelf-issued").children].map((row) => row.getAttribute("data-kind"))).toEqual(["evidence_missing"]);
  expect(at(`shelf-paper-${"m".repeat(8)}`).textContent).toContain("no laptop has told that it was opened for printing");
  expect([...at("office-shelf-way").children].map((row) => row.getAttribute("data-kind"))).toEqual(["on_its_way"]);
  expect(at(`shelf-paper-${"w".repeat(8)}`).textContent).toContain("ask Aino Korhonen, who sealed it; or Tove Trainer, trainer of “Autumn”: 040 555 0101.");
  expect(at(`shelf-paper-${"m".repeat(8)}`).textContent).toContain("nobody here knows");
  expect(at(`shelf-${"n".repeat(8)}`).textContent).toContain("No name is known here");
  expect(at("office-shelf-more").textContent).toContain("4 more");
  expect(at("office-shelf-unreadable").textContent).toContain("1");
  expect(there(`shelf-back-${"m".repeat(8)}`), "what no laptop told of cannot be back").toBe(false);
  host.failNext("shelf", { code: "register_unreachable", message: "The register cannot be reached." });
  await press("office-shelf-look");
  expect(at("office-shelf-error").textContent).toContain("cannot be reached");
});

it("lets a coordinator note that a paper was taken back, and that it is out after all", async () => {
  const row = { ...refused, sessionId: null, token: "t1", mendable: false };
  const alone = shelved({ record: "w".repeat(8), kind: "overdue", token: "t2" });
  const host = await showHome({ office: {}, everybodysShelf: { rows: [row, alone] } });
  await press("home-office");
  await press("office-shelf-look");
  await press(`shelf-back-${row.record}`);
  expect(asked(host, "paper_back")).toEqual([{ token: "t1", isBack: true }]);
  expect(document.activeElement, "the keyboard goes along").toBe(at(`shelf-back-${row.record}`));
  expect(at(`shelf-back-${row.record}`).getAttribute("aria-label")).toBe("It is out after all: Ilona Esimerkki");
  expect(at("office-shelf-said").textContent).toBe("1 record, 1 of them with a paper out.");
  expect([...at("office-shelf-settled").children]).toHaveLength(1);
  expect(at(`shelf-paper-${row.record}`).textContent).toContain("Taken back, noted");
  expect(at(`shelf-paper-${row.record}`).textContent, "nobody is to be called any more").not.toContain("No contact");
  await press(`shelf-back-${alone.record}`);
  expect(at("office-shelf-said").textContent).toBe("1 record, 0 of them with a paper out.");
  expect(at("office-shelf-others").textContent, "its record is still to come").toContain("Overdue");
  host.failNext("paper_back", { code: "register_unreachable", message: "The register cannot be reached." });
  await press(`shelf-back-${row.record}`);
  expect(at("office-shelf-note-error").textContent).toContain("cannot be reached");
  await press(`shelf-back-${row.record}`);
  expect(at("office-shelf-said").textContent).toBe("2 records, 1 of them with a paper out.");
  expect(there("office-shelf-settled")).toBe(false);
});

it("goes on asking for what can be mended, also once its paper is back", async () => {
  await showHome({ office: {}, everybodysShelf: { rows: [{ ...refused, sessionId: null, token: "t1", backAt: refused.since }] } });
  expect(at("home-shelf-office").textContent).toContain("1 record at the register needs somebody. No paper is out.");
});

it("says that nobody is needed once every paper of what was refused is back and nothing can be mended", async () => {
  const back = { ...refused, sessionId: null, token: "t1", backAt: refused.since };
  const issued = shelved({ record: "i".repeat(8), paper: "issued", printedAt: null, corrected: true, mendable: false });
  await showHome({ office: {}, everybodysShelf: { rows: [{ ...back, mendable: false }, issued] } });
  expect(there("home-shelf-office")).toBe(false);
  await press("home-office");
  await press("office-shelf-look");
  expect(at("office-shelf-said").textContent).toBe("Nothing here needs anybody now.");
  expect(at("office-shelf-settled").textContent, "what is done with asks nobody for anything").not.toMatch(/mend|Take this paper back|ask /u);
});
