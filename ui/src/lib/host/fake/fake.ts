// A host without Rust: remembers sessions in memory and answers like the real one, closely enough to look at every
// screen and to test components. It decides as simply as possible and is never part of the shipped bundle.
import type { ActivityView, Commands, ErrorView, HomeView, LaptopView, OpenSessionInput, PersonView, PracticeView, SchemeView, SendingView, SessionRowView, SessionView, ShelfView, ShelvedView, StatusView } from "../generated";
import type { Host, JsonCommand } from "../host";
import { asks, emptyGate, people as roster, rows as firstRows, status as firstStatus, verdict } from "./fixtures";
import { laptopCommands } from "./laptop";
import { enrolment, type EnrolOptions } from "./enrol";
import { office } from "./office";
import { stick, type StickOptions } from "./stick";
import { sending } from "./sending";
import { shelf } from "./shelf";
import { rejected, unknownError } from "./rejected";
import { courses, scheme, schemes as allSchemes } from "./schemes";
import { attached, observed, withGate } from "./session";
import { decided } from "./decision";

export type Handlers = { [C in JsonCommand]: (input: Commands[C]["input"]) => Commands[C]["output"] };

export type FakeOptions = EnrolOptions & StickOptions & {
  /** Once they have arrived, the rows of `notAtHand` are among the earlier ones. */
  status?: Partial<StatusView>; rows?: SessionRowView[]; sessions?: SessionView[]; people?: PersonView[]; schemes?: SchemeView[]; unreadable?: number; earlier?: SessionRowView[]; notAtHand?: string[]; warning?: string; restored?: string; noticed?: string; laptop?: Partial<LaptopView>; sending?: Partial<SendingView>;
  /** What of one's own was refused, and what a coordinator is shown. */
  shelf?: ShelvedView[]; everybodysShelf?: Partial<ShelfView>;
  /** Milliseconds that a backup and a restore take, so that somebody can watch. */
  takes?: number;
};

export type FakeHost = Host & {
  /** Every command asked so far, in order, but how sending stands. */
  readonly asked: { command: string; input: unknown }[];
  /** The next call of the command rejects with this. */
  failNext(command: string, error: Partial<ErrorView>): void;
  /** Calls of the command wait until the returned function is called. */
  hold(command: string): () => void;
  /** How sending stands from now on. */
  sends(fresh: Partial<SendingView>): void;
  /** Something more came to light. */
  notices(what: string): void;
  /** The first record that was only here is in the register, and nobody pressed anything. */
  arrives(): void;
};

export function fakeHost(options: FakeOptions = {}): FakeHost {
  let status: StatusView = { ...firstStatus, ...options.status };
  let rows = options.rows ?? firstRows();
  let earlier = options.earlier ?? [];
  const schemes = options.schemes ?? allSchemes();
  const people = [...(options.people ?? roster)];
  const sessions = new Map((options.sessions ?? []).map((session) => [session.id, session]));
  const failures = new Map<string, ErrorView>();
  const held = new Map<string, Promise<void>>();
  const asked: FakeHost["asked"] = [];

  const onShelf = shelf(options.shelf, options.everybodysShelf);
  let restored = options.restored ?? null;
  let noticed = options.noticed ?? null;
  const home = (): HomeView => ({
    assessor: status.unlocked ?? firstStatus.assessors[0] ?? { id: "a1", name: "", hasPin: false }, institution: status.institution, isCoordinator: options.office !== undefined,
    demonstration: status.demonstration !== null, schemes, courses: courses(), people, sessions: rows, unreadable: options.unreadable ?? 0, earlier: earlier.length, register: "https://register.example", warning: options.warning ?? null, restored, noticed, shelf: onShelf.own(),
  });
  const find = (id: string): SessionView => {
    const session = sessions.get(id) ?? ([...rows, ...earlier].some((row) => row.id === id) ? fresh(id) : undefined);
    if (!session) throw rejected({ code: "not_found", message: "This session is not on this laptop." });
    return session;
  };
  const keep = (session: SessionView): SessionView => {
    const known = sessions.get(session.id)?.sealed;
    sessions.set(session.id, session);
    const row: SessionRowView = {
      id: session.id, candidateName: session.candidate.name, secondPersonName: session.secondPerson?.name ?? null, schemeTitle: session.scheme.title, openedAt: session.openedAt,
      touchedAt: Date.now(), partnerId: session.partner?.sessionId ?? null, standsBy: session.standsBy,
      phase: session.phase, result: session.decision?.result ?? null, place: session.sealed?.place ?? known?.place ?? null,
      registerNumber: session.sealed?.registerNumber ?? null, registeredAt: session.sealed?.registeredAt ?? null, placeNote: session.sealed?.placeNote ?? null,
      document: session.sealed?.document ?? null, documentOpenedAt: session.sealed?.documentOpenedAt ?? null,
    };
    rows = [row, ...rows.filter((other) => other.id !== row.id)];
    return session;
  };

  const activities: ActivityView[] = [];
  const practice = (sessionId: string): PracticeView => ({
    sessionId, inForce: "yes", status: "In force, as far as this laptop knows", lastDay: "2031-03-02", lines: [{ answer: "yes", text: "It holds through 2031-03-02.", source: "the fake" }],
    reminders: ["Review of suitability: by 2027-03-02"], work: ["live work"], beside: [{ id: "first_aid", text: "First aid" }], people, activities: [...activities],
  });

  for (const session of sessions.values()) keep(session);
  const desk = { status: () => status, setStatus: (fresh: StatusView) => void (status = fresh), people };
  const enrolling = enrolment(desk, home, options);
  const book = office(options, schemes);
  const carried = stick(options);
  const sender = sending(options.sending);

  const handlers: Handlers = {
    ...laptopCommands(desk, home, options.laptop),
    ...enrolling.commands,
    ...book.commands,
    ...carried.commands,
    ...sender.commands,
    ...onShelf.commands,
    offer_again: ({ sessionId }) => {
      onShelf.taken(sessionId);
      return find(sessionId);
    },
    status: () => status,
    lock: () => (status = { ...status, unlocked: null }),
    home,
    earlier_sessions: () => ({ sessions: earlier, unreadable: 0 }),
    dismiss_restored: () => {
      restored = null;
      return home();
    },
    dismiss_noticed: ({ shown }) => {
      if (shown === noticed) noticed = null;
      return home();
    },
    add_person: ({ name, birthYear }) => {
      const person = { id: `n${people.length + 1}`, name, birthYear, onRoster: false };
      people.push(person);
      return person;
    },
    open_session: (input) => {
      const scheme = schemes.find((one) => one.id === input.schemeId);
      const id = `session${sessions.size + 1}`;
      const session = fresh(id, { ...input, people, scheme });
      if (!input.team || input.secondPersonId === null || session.secondPerson === null) return keep(session);
      const other = fresh(`${id}b`, { ...input, people, scheme, candidateId: input.secondPersonId, secondPersonId: input.candidateId });
      keep({ ...other, standsBy: true, partner: { sessionId: id, name: session.candidate.name } });
      return keep({ ...session, partner: { sessionId: other.id, name: session.secondPerson.name } });
    },
    scheme: ({ schemeId, language }) => {
      const found = schemes.find((one) => one.id === schemeId);
      if (!found) throw rejected({ code: "not_found", message: "This scheme is not on this laptop." });
      return language === found.language ? found : { ...found, language, title: `${found.title} (${language})` };
    },
    swap: ({ sessionId }) => {
      const session = find(sessionId);
      const partner = session.partner && find(session.partner.sessionId);
      if (!partner) throw rejected({ code: "rule", message: "Nobody to swap with." });
      keep({ ...session, standsBy: !session.standsBy });
      keep({ ...partner, standsBy: session.standsBy });
      return find(session.standsBy ? session.id : partner.id);
    },
    session: ({ sessionId }) => find(sessionId),
    save_gate: ({ sessionId, gate }) => keep(withGate(find(sessionId), gate)),
    start_exercise: ({ sessionId }) => keep({ ...find(sessionId), phase: "exercise", startedAt: Date.now() }),
    observe: ({ sessionId, observation, seenSecondsAgo }) => keep(observed(find(sessionId), observation, seenSecondsAgo)),
    end_exercise: ({ sessionId }) => keep(decided(find(sessionId))),
    continue_exercise: ({ sessionId }) => keep({ ...find(sessionId), phase: "exercise", decision: null }),
    confirm_decision: ({ sessionId, borderline }) => {
      const session = find(sessionId);
      return keep({ ...session, phase: "acknowledgement", decision: session.decision && { ...session.decision, borderline, confirmedAt: Date.now() } });
    },
    acknowledge: ({ sessionId, role, how }) => {
      const session = find(sessionId);
      const name = role === "candidate" ? session.candidate.name : (session.secondPerson?.name ?? "");
      const given = { role, name, how: how.kind, reason: how.kind === "refused" ? how.reason : null, at: Date.now() };
      return keep({ ...session, acknowledgements: [...session.acknowledgements, given] });
    },
    seal: ({ sessionId }) => {
      const session = find(sessionId);
      const certificate = session.decision?.certificateAllowed === true && !session.decision.borderline;
      return keep({ ...session, phase: "sealed", sealed: {
        recordDigest: "9f2c41d07ab3e85561ccf0d2477e19b8a04d6633f19e02bb5c7718de94a6c350", chainIndex: 17, sealedAt: Date.now(), document: certificate ? "certificate" : "result_sheet",
        documentOpenedAt: null, place: "on_this_laptop", placeNote: "No network in the workshop.", registerNumber: null, registeredAt: null,
      } });
    },
    correct_record: ({ sessionId, name, birthYear, reason }) => {
      const { sealed, candidate, corrected, ...session } = find(sessionId);
      if (sealed === null) throw new Error("nothing is sealed");
      const further = { ...sealed, chainIndex: sealed.chainIndex + 1, recordDigest: sealed.recordDigest.replace(/^9f/u, "a0"), documentOpenedAt: null, place: "on_this_laptop" as const, registerNumber: null, registeredAt: null };
      return keep({ ...session, candidate: { ...candidate, name, birthYear }, sealed: further, corrected: [...corrected, { record: sealed, reason }] });
    },
    abandon_session: ({ sessionId }) => {
      keep({ ...find(sessionId), phase: "abandoned" });
      return home();
    },
    open_document: ({ sessionId }) => {
      const session = find(sessionId);
      return keep({ ...session, sealed: session.sealed && { ...session.sealed, documentOpenedAt: Date.now() } });
    },
    practice: ({ sessionId }) => practice(sessionId),
    record_activity: ({ sessionId, on, entry, attestedBy, proof }) => {
      const name = people.find((one) => one.id === attestedBy)?.name ?? status.unlocked?.name ?? "";
      activities.unshift({ on, text: entry.kind, attestedBy: name, proof: proof !== null });
      return practice(sessionId);
    },
    send: () => {
      const arrived = { place: "in_register" as const, registerNumber: 13, registeredAt: Date.now(), placeNote: null };
      for (const session of sessions.values()) if (session.sealed) sessions.set(session.id, { ...session, sealed: { ...session.sealed, ...arrived } });
      book.arrived();
      rows = rows.map((row) => (row.place === "on_this_laptop" ? { ...row, ...arrived } : row));
      const isEarlier = (row: SessionRowView) => row.place === "in_register" && options.notAtHand?.includes(row.id) === true;
      earlier = [...earlier, ...rows.filter(isEarlier)];
      rows = rows.filter((row) => !isEarlier(row));
      return home();
    },
    erase_parts: ({ sessionId, parts }) => keep({ ...find(sessionId), erased: [...find(sessionId).erased, ...parts] }),
    verify_text: () => verdict,
  };

  async function answer<T>(command: string, input: unknown, work: () => T): Promise<T> {
    // A screen that watches sending asks all the time.
    if (command !== "sending") asked.push({ command, input });
    await held.get(command);
    if (options.takes !== undefined && ["back_up", "restore"].includes(command)) await new Promise((done) => setTimeout(done, options.takes));
    const failure = failures.get(command);
    failures.delete(command);
    if (failure) throw rejected(failure);
    return work();
  }

  return {
    asked,
    sends: sender.becomes,
    notices: (what) => void (noticed = what),
    arrives: () => {
      const first = rows.find((row) => row.place === "on_this_laptop");
      rows = rows.map((row) => (row === first ? { ...row, place: "in_register", registerNumber: 13, registeredAt: Date.now(), placeNote: null } : row));
    },
    failNext: (command, error) => void failures.set(command, { ...unknownError, ...error }),
    hold(command) {
      let release = () => {};
      held.set(command, new Promise((resolve) => (release = resolve)));
      return () => {
        held.delete(command);
        release();
      };
    },
    call: (command, input) => answer(command, input, () => handlers[command](input)),
    attachPhoto: (sessionId, criterionId, file) =>
      answer("attach_photo", { sessionId, criterionId, name: file.name }, () => keep(attached(find(sessionId), criterionId, "photo"))),
    attachFile: (sessionId, criterionId, file) =>
      answer("attach_file", { sessionId, criterionId, name: file.name }, () => keep(attached(find(sessionId), criterionId, "file"))),
    keepProof: (file) => answer("keep_proof", { name: file.name }, () => ({ digest: "ab".repeat(32) })),
    attachCredential: (sessionId, prerequisiteId, file) =>
      answer("attach_credential", { sessionId, prerequisiteId, name: file.name }, () => keep(withPicture(find(sessionId), prerequisiteId))),
    lookAtPack: (file) => answer("look_at_pack", { name: file.name }, () => enrolling.look(file)),
    readRequest: (file) => answer("read_request", { name: file.name }, () => book.read(file)),
    readRoster: (courseId, file) => answer("read_roster", { courseId, name: file.name }, () => book.readRoster(courseId, file)),
    takeAnswers: (file, limit) => answer("take_answers", { name: file.name }, () => carried.take(file, limit)),
    verifyFile: (file, language) => answer("verify_file", { name: file.name, language }, () => verdict),
  };
}

type Fresh = Partial<Pick<OpenSessionInput, "candidateId" | "secondPersonId">> & { people?: PersonView[]; scheme?: SchemeView | undefined };

/** A session as it is right after opening. */
export function fresh(id: string, { candidateId = "p5", secondPersonId = "p4", people = roster, scheme: under = scheme() }: Fresh = {}): SessionView {
  const nobody: PersonView = { id: "p0", name: "", birthYear: null, onRoster: false };
  const person = (wanted: string) => people.find((one) => one.id === wanted) ?? nobody;
  const second = secondPersonId === null ? null : person(secondPersonId);
  const session: SessionView = {
    id, phase: "gate", demonstration: true, assessorName: "Aino Korhonen", candidate: person(candidateId), secondPerson: second, partner: null, standsBy: false, scheme: under,
    gate: { values: emptyGate, missing: [], asks: { ...asks, secondPerson: second === null ? [] : asks.secondPerson, deviation: second === null && under.secondPerson === "deviation" } },
    openedAt: Date.now(), startedAt: null,
    waits: [{ id: "w1", label: "Wait for the capacitors to discharge", requiredSeconds: 300, setBy: "the vehicle’s manufacturer", startedAt: null, readyAt: null }],
    quiet: false, secondPersonPresent: true, stop: null, log: [], questions: [], decision: null, acknowledgements: [], erased: [], sealed: null, corrected: [],
  };
  return withGate(session, emptyGate);
}

function withPicture(session: SessionView, prerequisiteId: string): SessionView {
  const prerequisites = session.gate.asks.prerequisites.map((one) => (one.id === prerequisiteId ? { ...one, photo: true } : one));
  return { ...session, gate: { ...session.gate, asks: { ...session.gate.asks, prerequisites } } };
}
