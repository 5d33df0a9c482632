// A new laptop and its pack, invented: nothing in the symbol can be read, and one code is the right one.
import type { EnrolmentView, OfficeView, PackView, RequestView } from "../generated";
import type { Handlers } from "./fake";
import type { Desk } from "./laptop";
import { rejected } from "./rejected";

/** The code that the coordinator of the invented institution reads out. */
export const INSTITUTION_CODE = "7K3M-9QTR-2XWD";
export const REQUEST_CODE = "4H8N-V2CB-61ZP";
const INSTITUTION = "Nordic Institute for Vehicle Safety";

export type EnrolOptions = {
  /** What the register has for this laptop, once it was asked. */
  pack?: Partial<PackView>; enrolment?: Partial<EnrolmentView>;
  /** The book of a coordinator; without it nobody here is one. */
  office?: Partial<OfficeView>; requests?: RequestView[];
};

type EnrolCommand = "begin" | "enrolment" | "write_request" | "ask_register" | "fetch_pack" | "take_pack";

/** Rows like a symbol's: three corners, and dots between them. */
function symbol(): string[] {
  const size = 57;
  const corner = (x: number, y: number) => Math.max(Math.abs(x - 3), Math.abs(y - 3));
  const isDark = (x: number, y: number) => {
    const ring = Math.min(corner(x, y), corner(size - 1 - x, y), corner(x, size - 1 - y));
    return ring <= 4 ? ring !== 2 && ring !== 4 : (x * x + 3 * x * y + 5 * y) % 7 < 3;
  };
  return Array.from({ length: size }, (_, y) => Array.from({ length: size }, (_, x) => (isDark(x, y) ? "#" : ".")).join(""));
}

export function enrolment(desk: Desk, home: Handlers["home"], options: EnrolOptions) {
  let number = 0;
  let asked = false;
  const view = (): EnrolmentView => ({
    name: desk.status().unlocked?.name ?? "", code: REQUEST_CODE, symbol: symbol(), institution: desk.status().institution, register: "", pack: number, heard: null,
    places: ["/media/aino/FICTIONAL-STICK", "/home/aino/Documents"], ...options.enrolment,
  });
  const pack = (): PackView => ({ institution: INSTITUTION, code: INSTITUTION_CODE, isKnown: desk.status().institution !== "", number: 1, schemes: 2, courses: 1, people: 9, ...options.pack });

  const commands: Pick<Handlers, EnrolCommand> = {
    begin: ({ name, passphrase }) => {
      if (passphrase.length < 20) throw rejected({ code: "invalid_input", message: "The passphrase is too easily guessed." });
      const me = { id: "b1", name, hasPin: false };
      desk.setStatus({ ...desk.status(), assessors: [me], unlocked: me });
      return view();
    },
    enrolment: view,
    write_request: ({ folder }) => ({ path: `${folder}/request-${REQUEST_CODE}.fieldproof` }),
    ask_register: () => {
      asked = true;
      return view();
    },
    fetch_pack: () => ({ pack: asked && options.pack !== undefined ? pack() : null }),
    take_pack: ({ code }) => {
      if (desk.status().institution === "" && code.toUpperCase() !== INSTITUTION_CODE) {
        throw rejected({ code: "invalid_input", message: "This is not the code of the institution in the pack.", next: "Ask the coordinator to read the code out once more. Where it differs, take nothing." });
      }
      number = pack().number;
      desk.setStatus({ ...desk.status(), institution: INSTITUTION });
      return home({});
    },
  };

  return {
    commands,
    look: (file: File): PackView => {
      if (!file.name.startsWith("pack-")) throw rejected({ code: "invalid_input", message: "The pack is for another laptop, or damaged." });
      return pack();
    },
  };
}
