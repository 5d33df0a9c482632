// A coordinator's book, invented. It signs nothing.
import type { CoursePersonView, DelegationView, GrantInput, MemberView, OfficeView, RequestView, RosterMapping, RosterRowView, RosterView, SchemeView } from "../generated";
import { INSTITUTION_CODE, REQUEST_CODE, type EnrolOptions } from "./enrol";
import type { Handlers } from "./fake";
import { NOW } from "./fixtures";
import { rejected } from "./rejected";

const TODAY = "2026-11-03";

type OfficeCommand = "office" | "waiting_requests" | "admit" | "end_delegation" | "write_pack" | "publish_scheme" | "set_course" | "course_people" | "set_contact" | "map_roster" | "import_roster" | "set_register";

const delegation: DelegationView = {
  digest: "d1", schemeId: "s1", scheme: "Isolating a high-voltage vehicle system", roles: ["assessor"], mayCertify: true, first: "2026-01-01", last: "2026-12-31", contactDays: 30,
  endedOn: null, isCompromised: false, isNewest: true,
};

export const request: RequestView = { name: "Ville Uusi", birthYear: 1986, code: REQUEST_CODE, at: NOW - 600_000 };

/** The coordinator, and an assessor with a delegation that holds and one that ended. */
export const members = (): MemberView[] => [
  { name: "Aino Korhonen", code: "1A2B-3C4D-5E6F", installation: "aa", admittedAt: NOW - 9e9, delegations: [], pack: 3, isAtRegister: true, otherOffice: null, isMe: true },
  {
    name: "Bastian Vogt", code: "9Z8Y-7X6W-5V4T", installation: "bb", admittedAt: NOW - 8e9, pack: 2, isAtRegister: false, otherOffice: null, isMe: false,
    delegations: [delegation, { ...delegation, digest: "d2", schemeId: "s2", scheme: "Working in a team on an open battery", contactDays: null, endedOn: "2026-10-05", isCompromised: true }],
  },
];

/** A file with somebody new, somebody who is there, a row to mend, and its columns in another order than is guessed. */
function rosterView(courseId: string, mapping: RosterMapping): RosterView {
  const rows: RosterRowView[] = mapping.name === null ? [] : [
    { line: 2, name: mapping.familyName === null ? "Elli" : "Elli Mäki", birthYear: mapping.birth === null ? null : 1990, contact: mapping.contact === null ? null : "+358 40 555 0100", state: "new", note: "" },
    { line: 3, name: "Otto Ruiz", birthYear: null, contact: null, state: "duplicate", note: "On this course's roster already." },
    { line: 5, name: "", birthYear: null, contact: null, state: "wrong", note: "The name is empty. Write the name there, or choose the column that holds it." },
  ];
  const columns = [{ heading: "Etunimi", sample: "Elli" }, { heading: "Sukunimi", sample: "Mäki" }, { heading: "Syntynyt", sample: "1990-04-01" }, { heading: "Puhelin", sample: "+358 40 555 0100" }];
  const count = (state: string) => rows.filter((row) => row.state === state).length;
  return { courseId, form: "Text in UTF-8, cells divided by semicolons", columns, mapping, rows, toAdd: count("new"), toReach: count("reached"), there: count("duplicate"), toMend: count("wrong"), blank: 1 };
}

export function office(options: EnrolOptions, schemes: SchemeView[]) {
  const requests = options.requests ?? [request];
  let digest = 10;
  let roster: RosterView | null = null;
  let onCourse: CoursePersonView[] = [{ id: "p1", name: "Ilona Esimerkki", birthYear: 1990, contact: null }, { id: "p2", name: "Otto Ruiz", birthYear: null, contact: "otto.ruiz@example.invalid" }];
  let book: OfficeView = {
    institution: "Nordic Institute for Vehicle Safety", code: INSTITUTION_CODE, register: "https://register.example", members: members(), schemes, courses: [],
    places: ["/media/aino/FICTIONAL-STICK"], today: TODAY, ...options.office,
  };
  const change = (change: Partial<OfficeView>): OfficeView => (book = { ...book, ...change });
  const renewed = (member: MemberView, change: Partial<MemberView>): MemberView => ({ ...member, ...change, pack: member.pack + 1, isAtRegister: false });
  const granted = (member: MemberView, grants: GrantInput[]): MemberView => {
    const before = member.delegations.map((one) => ({ ...one, isNewest: one.isNewest && !grants.some((grant) => grant.schemeId === one.schemeId) }));
    const fresh = grants.map((grant): DelegationView => ({
      ...grant, digest: `d${(digest += 1)}`, scheme: schemes.find((one) => one.id === grant.schemeId)?.title ?? "", endedOn: null, isCompromised: false, isNewest: true,
    }));
    return renewed(member, { delegations: [...before, ...fresh] });
  };

  const commands: Pick<Handlers, OfficeCommand> = {
    office: () => book,
    waiting_requests: () => ({ requests }),
    admit: ({ code, grants }) => {
      if (book.members.some((member) => member.code === code)) return change({ members: book.members.map((member) => (member.code === code ? granted(member, grants) : member)) });
      const asked = requests.find((one) => one.code === code) ?? request;
      const member: MemberView = { name: asked.name, code, installation: "cc", admittedAt: NOW, delegations: [], pack: 0, isAtRegister: false, otherOffice: null, isMe: false };
      return change({ members: [...book.members, granted(member, grants)] });
    },
    end_delegation: ({ digest, isCompromised }) => {
      const end = (one: DelegationView) => (one.digest === digest ? { ...one, endedOn: TODAY, isCompromised } : one);
      return change({ members: book.members.map((member) => (member.delegations.some((one) => one.digest === digest) ? renewed(member, { delegations: member.delegations.map(end) }) : member)) });
    },
    write_pack: ({ installation, folder }) => {
      const member = book.members.find((one) => one.installation === installation);
      return { path: `${folder}/pack-${member?.pack ?? 0}-for-${member?.code ?? ""}.fieldproof` };
    },
    publish_scheme: ({ document }) => {
      const [first] = schemes;
      if (!document.startsWith("{") || first === undefined) {
        throw rejected({ code: "invalid_input", message: "document, line 3, parts[0].id: is missing — write one\nvalues, line 9, waits: is no list — write one", next: "Mend the files at these places, then choose them again. Nothing was published." });
      }
      return change({ schemes: [...book.schemes.filter((scheme) => scheme.id !== "s9"), { ...first, id: "s9", title: "Published today" }] });
    },
    set_course: ({ id, ...course }) => {
      const fresh = { ...course, id: id ?? `k${book.courses.length + 10}`, people: book.courses.find((one) => one.id === id)?.people ?? 0 };
      return change({ courses: [...book.courses.filter((one) => one.id !== fresh.id), fresh] });
    },
    course_people: () => ({ people: onCourse }),
    set_contact: ({ personId, contact }) => ({ people: (onCourse = onCourse.map((one) => (one.id === personId ? { ...one, contact: contact.trim() || null } : one))) }),
    map_roster: ({ courseId, mapping }) => (roster = rosterView(courseId, mapping)),
    import_roster: ({ courseId }) => change({ courses: book.courses.map((one) => (one.id === courseId ? { ...one, people: one.people + (roster?.toAdd ?? 0) } : one)) }),
    set_register: ({ address }) => change({ register: address }),
  };

  return {
    commands,
    readRoster: (courseId: string, file: File): RosterView => {
      if (!/\.(csv|xlsx)$/.test(file.name)) throw rejected({ code: "invalid_input", message: "The file is neither a table in text (CSV) nor an XLSX workbook.", next: "Open it in the spreadsheet program, save it as XLSX, and choose that." });
      const isKnown = !file.name.startsWith("unknown");
      return (roster = rosterView(courseId, { name: isKnown ? 0 : null, familyName: null, birth: isKnown ? 2 : null, contact: isKnown ? 3 : null, hasHeadings: true }));
    },
    /** Everything was sent. */
    arrived: () => void change({ members: book.members.map((member) => ({ ...member, isAtRegister: true })) }),
    read: (file: File): RequestView => {
      if (!file.name.startsWith("request-")) throw rejected({ code: "invalid_input", message: "This is no request to be enrolled.", next: "Choose the request’s file, or a picture of the symbol that the new laptop shows." });
      return request;
    },
  };
}
