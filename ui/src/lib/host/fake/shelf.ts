// Refused and missing records, invented. Offered again, the register takes them.
import type { ShelfView, ShelvedView } from "../generated";
import type { Handlers } from "./fake";
import { NOW } from "./fixtures";

/** A record on the shelf. */
export const shelved = (more: Partial<ShelvedView> = {}): ShelvedView => ({
  record: "ab".repeat(32), sessionId: null, kind: "refused", reason: "The register refused it: the assessor's delegation does not cover it.",
  mend: "The coordinator has to mend the delegation or the institution's keys. Offer it again after that.", since: NOW, sealedAt: NOW - 3_600_000, holder: "Ilona Esimerkki", birthYear: 1990,
  contact: null, assessor: "Aino Korhonen", trainers: [], paper: "printed", certificate: "K7M2-QXPA", printedAt: NOW - 3_000_000, token: null, backAt: null, corrected: false, mendable: true, offerable: true, ...more,
});

export function shelf(own: ShelvedView[] = [], everybodys: Partial<ShelfView> = {}) {
  let rows = own;
  let all = everybodys.rows ?? [];
  const look = (): ShelfView => ({ leftOut: 0, unreadable: 0, ...everybodys, rows: all });
  const commands: Pick<Handlers, "shelf" | "paper_back"> = {
    shelf: look,
    paper_back: ({ token, isBack }) => {
      all = all.map((row) => (row.token === token ? { ...row, backAt: isBack ? NOW : null } : row));
      return look();
    },
  };
  const taken = (sessionId: string) => void (rows = rows.filter((row) => row.sessionId !== sessionId));
  return { commands, own: () => rows, taken };
}
