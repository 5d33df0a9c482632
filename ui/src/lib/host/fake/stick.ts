// A stick without records: what it would carry and what came back, invented.
import type { AnswersView, CarriedView, FoundBundleView, StickView } from "../generated";
import type { Handlers } from "./fake";
import { rejected } from "./rejected";

export type StickOptions = { stick?: Partial<StickView>; answers?: AnswersView; bundles?: FoundBundleView[]; carried?: CarriedView };

const places = ["/media/aino/FICTIONAL-STICK", "/home/aino/Documents"];
const BYTES = 18_400_000;

/** The answers when a test asks for nothing else: one in the register, one refused. */
const came: AnswersView = {
  records: [
    { sessionId: "s1", candidate: "Elif Öztürk", what: "in_register", text: "In the register, no. 13. The register has signed for it." },
    { sessionId: "s2", candidate: "Jan Nowak", what: "refused", text: "The register refused it: its seal does not match. It stays here; ask the coordinator." },
  ],
  ignored: 0, remarks: [],
};

const onStick = (): FoundBundleView[] => [
  { path: `${places[0]}/fieldproof-2026-11-01.bundle`, bytes: 70_000, hasAnswers: true },
  { path: `${places[0]}/fieldproof-2026-11-02.bundle`, bytes: BYTES, hasAnswers: false },
];

export function stick({ stick: kept = {}, answers = came, bundles = onStick(), carried }: StickOptions) {
  const view = (): StickView => ({ records: 2, files: 3, bytes: BYTES, waiting: 0, hasKey: true, places, answersLimit: 1_000_000, ...kept });
  const commands: Pick<Handlers, "stick" | "write_bundle" | "bundles" | "carry_bundle"> = {
    stick: view,
    write_bundle: ({ folder }) => ({ path: `${folder}/fieldproof-2026-11-03.bundle`, bytes: BYTES + 65_000, records: view().records, files: view().files, leftOut: [], isFull: false }),
    bundles: () => ({ bundles }),
    carry_bundle: ({ path }) => carried ?? { answers: path.replace(/\.bundle$/u, ".answers"), wasWhole: true },
  };
  const take = (file: File, limit: number): AnswersView => {
    if (file.size > limit) throw rejected({ code: "invalid_input", message: "This file is larger than the 1 MB that answers may have." });
    return answers;
  };
  return { commands, take };
}
