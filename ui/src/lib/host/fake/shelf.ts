// Refused and missing records, invented. Offered again, the register takes them.
import type { ShelfView, ShelvedView } from "../generated";
import type { Handlers } from "./fake";
import { NOW } from "./fixtures";

/** A record on the shelf. */
export const shelved = (more: Partial<ShelvedView> = {}): ShelvedView => ({
  record: "ab".repeat(32), sessionId: null, kind: "refused", reason: "The register refused it: the assessor's delegation does not cover it.",
  mend: "The coordinator has to mend the delegation or the institution's keys. Offer it again after that.", since: NOW, sealedAt: NOW - 3_600_000, holder: "Ilona Esimerkki", birthYear: 1990,
  contact: null, assessor: "Aino Korhonen", trainers: [], paper: "printed", certificate: "K7M2-QXPA", printedAt: NOW - 3_000_000, corrected: false, ...more,
});

export function shelf(own: ShelvedView[] = [], everybodys: Partial<ShelfView> = {}) {
  let rows = own;
  const commands: Pick<Handlers, "shelf"> = { shelf: () => ({ rows: [], leftOut: 0, unreadable: 0, ...everybodys }) };
  const taken = (sessionId: string) => void (rows = rows.filter((row) => row.sessionId !== sessionId));
  return { commands, own: () => rows, taken };
}
