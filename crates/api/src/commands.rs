//! The single list of commands: name, input, output. Dispatch and the screen's `Commands` type are made from it.

#![expect(clippy::needless_pass_by_value, reason = "every command takes its input whole")]

use std::{path::Path, sync::RwLock};

use fieldproof_app::{App, session::Correction};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    dto::*,
    enrol::Desk,
    error, input,
    secret::Wiped,
    sending::Last,
    view,
    view::{home, kept, session, verdict},
};

/// What the screen can ask for, over one laptop.
#[derive(Debug)]
pub struct Api {
    app: App,
    demonstration: Option<DemonstrationView>,
    /// What came of the last time something was sent.
    pub(crate) last: RwLock<Last>,
    /// What was looked at and not taken yet.
    pub(crate) desk: RwLock<Desk>,
    /// How far a backup or a restore has come, in a hundred.
    pub(crate) percent: RwLock<Option<u8>>,
}

pub(crate) type Answer<T> = Result<T, ErrorView>;

/// Turns the list into a dispatcher, and into the facts TypeScript is made from.
macro_rules! commands {
    ($($name:ident: $input:ty => $output:ty;)*) => {
        /// Every command with the names of its input and output.
        pub const COMMANDS: &[(&str, &str, &str)] =
            &[$((stringify!($name), stringify!($input), stringify!($output)),)*];

        impl Api {
            /// Answers a command of the list. The input is overwritten: there may be a passphrase in it.
            ///
            /// # Errors
            /// The [`ErrorView`] the screen shows.
            pub fn call(&self, command: &str, input: Value) -> Answer<Value> {
                self.answer(command, &Wiped(input).0)
            }

            /// Answers a command of the list whose input is somebody else's to overwrite.
            ///
            /// # Errors
            /// The [`ErrorView`] the screen shows.
            pub fn answer(&self, command: &str, input: &Value) -> Answer<Value> {
                match command {
                    $(stringify!($name) => {
                        let input = <$input>::deserialize(input).map_err(|_| error::malformed())?;
                        let output: $output = self.$name(input)?;
                        serde_json::to_value(output).map_err(|_| error::malformed())
                    })*
                    _ => Err(error::malformed()),
                }
            }
        }
    };
}

commands! {
    status: Nothing => StatusView;
    unlock: UnlockInput => HomeView;
    unlock_with_pin: UnlockWithPinInput => HomeView;
    lock: Nothing => StatusView;
    begin: BeginInput => EnrolmentView;
    enrolment: Nothing => EnrolmentView;
    write_request: FolderInput => WrittenView;
    ask_register: AddressInput => EnrolmentView;
    fetch_pack: AddressInput => FetchedView;
    take_pack: TakePackInput => HomeView;
    office: Nothing => OfficeView;
    waiting_requests: Nothing => RequestsView;
    admit: AdmitInput => OfficeView;
    end_delegation: EndDelegationInput => OfficeView;
    write_pack: WritePackInput => WrittenView;
    publish_scheme: PublishSchemeInput => OfficeView;
    set_course: SetCourseInput => OfficeView;
    course_people: CourseInput => CoursePeopleView;
    set_contact: SetContactInput => CoursePeopleView;
    map_roster: MapRosterInput => RosterView;
    import_roster: ImportRosterInput => OfficeView;
    set_register: AddressInput => OfficeView;
    laptop: Nothing => LaptopView;
    draw_passphrase: Nothing => DrawnView;
    give_access: GiveAccessInput => LaptopView;
    change_passphrase: ChangePassphraseInput => LaptopView;
    take_access: TakeAccessInput => LaptopView;
    set_pin: SetPinInput => LaptopView;
    make_recovery_sheet: Nothing => LaptopView;
    turn_key_store_on: Nothing => LaptopView;
    turn_key_store_off: Nothing => LaptopView;
    send_while_locked: Nothing => SentView;
    back_up: BackUpInput => BackupView;
    backup_progress: Nothing => ProgressView;
    backups: Nothing => BackupsView;
    drill: DrillInput => DrillView;
    restore: RestoreInput => RestoredView;
    recover_access: RecoverAccessInput => StatusView;
    home: Nothing => HomeView;
    earlier_sessions: Nothing => EarlierView;
    stick: Nothing => StickView;
    write_bundle: FolderInput => BundleView;
    bundles: Nothing => FoundBundlesView;
    carry_bundle: CarryBundleInput => CarriedView;
    add_person: AddPersonInput => PersonView;
    open_session: OpenSessionInput => SessionView;
    scheme: SchemeInput => SchemeView;
    session: SessionInput => SessionView;
    swap: SessionInput => SessionView;
    save_gate: SaveGateInput => SessionView;
    start_exercise: SessionInput => SessionView;
    observe: ObserveInput => SessionView;
    end_exercise: SessionInput => SessionView;
    continue_exercise: SessionInput => SessionView;
    confirm_decision: ConfirmDecisionInput => SessionView;
    acknowledge: AcknowledgeInput => SessionView;
    seal: SessionInput => SessionView;
    correct_record: CorrectRecordInput => SessionView;
    abandon_session: AbandonInput => HomeView;
    open_document: SessionInput => SessionView;
    practice: SessionInput => PracticeView;
    record_activity: RecordActivityInput => PracticeView;
    send: Nothing => HomeView;
    offer_again: SessionInput => SessionView;
    shelf: Nothing => ShelfView;
    paper_back: PaperBackInput => ShelfView;
    sending: Nothing => SendingView;
    dismiss_restored: Nothing => HomeView;
    dismiss_noticed: DismissInput => HomeView;
    pause_sending: SwitchInput => SendingView;
    spare_metered: SwitchInput => SendingView;
    room: RoomInput => RoomView;
    retire_evidence: Nothing => RetiredView;
    erase_parts: ErasePartsInput => SessionView;
    export_person: ExportPersonInput => ExportedView;
    verify_text: VerifyTextInput => VerdictView;
}

impl Api {
    /// Serves a laptop; `demonstration` is shown before unlocking.
    #[must_use]
    pub const fn new(app: App, demonstration: Option<DemonstrationView>) -> Self {
        Self {
            app,
            demonstration,
            last: RwLock::new(Last::NONE),
            desk: RwLock::new(Desk::NONE),
            percent: RwLock::new(None),
        }
    }

    /// The laptop.
    #[must_use]
    pub const fn app(&self) -> &App {
        &self.app
    }

    pub(crate) fn status(&self, _: Nothing) -> Answer<StatusView> {
        let status = self.app.status().map_err(|e| error::view(&e))?;
        Ok(home::status(status, self.demonstration.clone()))
    }

    fn unlock(&self, input: UnlockInput) -> Answer<HomeView> {
        let assessor = input::person(&input.assessor_id)?;
        self.app.unlock(assessor, &input.passphrase).map_err(|e| error::view(&e))?;
        self.home(Nothing {})
    }

    fn lock(&self, nothing: Nothing) -> Answer<StatusView> {
        self.app.lock();
        *self.last() = Last::NONE;
        self.let_go_of_roster();
        self.status(nothing)
    }

    pub(crate) fn home(&self, _: Nothing) -> Answer<HomeView> {
        let (today, is_coordinator) = (self.app.today(), self.app.is_coordinator());
        let home = self.app.home().map_err(|e| error::view(&e))?;
        let noticed = self.app.noticed().map_err(|e| error::view(&e))?;
        Ok(home::home(home, (&self.last(), &noticed), (today, is_coordinator)))
    }

    /// What came to light since the screen was drawn is shown instead.
    fn dismiss_noticed(&self, input: DismissInput) -> Answer<HomeView> {
        let noticed = self.app.noticed().map_err(|e| error::view(&e))?;
        if home::noticed(&noticed).is_some_and(|shown| shown == input.shown) {
            self.app.dismiss_noticed(&noticed).map_err(|e| error::view(&e))?;
        }
        self.home(Nothing {})
    }

    fn earlier_sessions(&self, _: Nothing) -> Answer<EarlierView> {
        self.app.earlier_sessions().map(|earlier| home::earlier(&earlier, &self.last())).map_err(|e| error::view(&e))
    }

    fn dismiss_restored(&self, _: Nothing) -> Answer<HomeView> {
        self.app.dismiss_restored().map_err(|e| error::view(&e))?;
        self.home(Nothing {})
    }

    fn add_person(&self, input: AddPersonInput) -> Answer<PersonView> {
        self.app.add_person(&input.name, input.birth_year).map(|row| view::person(&row)).map_err(|e| error::view(&e))
    }

    fn open_session(&self, input: OpenSessionInput) -> Answer<SessionView> {
        self.show(self.app.open_session(&input::new_session(input)?))
    }

    fn scheme(&self, input: SchemeInput) -> Answer<SchemeView> {
        let scheme = self.app.scheme(input::scheme(&input.scheme_id)?, &input.language);
        scheme.map(|scheme| view::scheme::scheme(&scheme, None, self.app.today())).map_err(|e| error::view(&e))
    }

    fn swap(&self, input: SessionInput) -> Answer<SessionView> {
        self.show(self.app.swap(input::session(&input.session_id)?))
    }

    fn session(&self, input: SessionInput) -> Answer<SessionView> {
        self.show(self.app.session(input::session(&input.session_id)?))
    }

    fn save_gate(&self, input: SaveGateInput) -> Answer<SessionView> {
        let id = input::session(&input.session_id)?;
        self.show(self.app.save_gate(id, &input::gate(input.gate)?))
    }

    fn start_exercise(&self, input: SessionInput) -> Answer<SessionView> {
        self.show(self.app.start_exercise(input::session(&input.session_id)?))
    }

    fn observe(&self, input: ObserveInput) -> Answer<SessionView> {
        let id = input::session(&input.session_id)?;
        self.show(self.app.observe(id, input::observed(input.observation)?, input.seen_seconds_ago))
    }

    fn end_exercise(&self, input: SessionInput) -> Answer<SessionView> {
        self.show(self.app.end_exercise(input::session(&input.session_id)?))
    }

    fn continue_exercise(&self, input: SessionInput) -> Answer<SessionView> {
        self.show(self.app.continue_exercise(input::session(&input.session_id)?))
    }

    fn confirm_decision(&self, input: ConfirmDecisionInput) -> Answer<SessionView> {
        let id = input::session(&input.session_id)?;
        self.show(self.app.confirm_decision(id, input.borderline, &input.note))
    }

    fn acknowledge(&self, input: AcknowledgeInput) -> Answer<SessionView> {
        let id = input::session(&input.session_id)?;
        self.show(self.app.acknowledge(id, input::role(input.role), input::how(input.how)))
    }

    fn seal(&self, input: SessionInput) -> Answer<SessionView> {
        self.show(self.app.seal(input::session(&input.session_id)?))
    }

    fn correct_record(&self, input: CorrectRecordInput) -> Answer<SessionView> {
        let id = input::session(&input.session_id)?;
        let CorrectRecordInput { name, birth_year, reason, .. } = input;
        self.show(self.app.correct_record(id, &Correction { name, birth_year, reason }))
    }

    fn abandon_session(&self, input: AbandonInput) -> Answer<HomeView> {
        let id = input::session(&input.session_id)?;
        self.app.abandon_session(id, &input.reason).map_err(|e| error::view(&e))?;
        self.home(Nothing {})
    }

    fn open_document(&self, input: SessionInput) -> Answer<SessionView> {
        self.show(self.app.open_document(input::session(&input.session_id)?))
    }

    fn practice(&self, input: SessionInput) -> Answer<PracticeView> {
        let practice = self.app.practice(input::session(&input.session_id)?);
        practice.map(|practice| view::practice::practice(&practice)).map_err(|e| error::view(&e))
    }

    fn record_activity(&self, input: RecordActivityInput) -> Answer<PracticeView> {
        let id = input::session(&input.session_id)?;
        let attested_by = input.attested_by.as_deref().map(input::person).transpose()?;
        let (on, entry) = (input::required_day(&input.on)?, input::entry(input.entry)?);
        let proof = input.proof.as_deref().map(input::digest).transpose()?;
        let practice = self.app.record_activity(id, on, entry, attested_by, proof);
        practice.map(|practice| view::practice::practice(&practice)).map_err(|e| error::view(&e))
    }

    fn send(&self, nothing: Nothing) -> Answer<HomeView> {
        let sent = self.app.send();
        self.note(&sent);
        sent.map_err(|e| error::view(&e))?;
        self.home(nothing)
    }

    fn room(&self, input: RoomInput) -> Answer<RoomView> {
        let room = self.app.room(input::scheme(&input.scheme_id)?);
        room.map(|room| kept::room(&room)).map_err(|e| error::view(&e))
    }

    fn retire_evidence(&self, _: Nothing) -> Answer<RetiredView> {
        self.app.retire_evidence().map(|retired| kept::retired(&retired)).map_err(|e| error::view(&e))
    }

    fn erase_parts(&self, input: ErasePartsInput) -> Answer<SessionView> {
        let id = input::session(&input.session_id)?;
        let parts: Vec<_> = input.parts.iter().map(|part| input::part_kind(*part)).collect();
        self.show(self.app.erase_parts(id, &parts, &input.reason))
    }

    fn export_person(&self, input: ExportPersonInput) -> Answer<ExportedView> {
        let person = input::person(&input.person_id)?;
        let written = self.app.export_person(person, Path::new(&input.folder));
        written.map(|path| kept::exported(&path)).map_err(|e| error::view(&e))
    }

    fn verify_text(&self, input: VerifyTextInput) -> Answer<VerdictView> {
        self.app
            .verify_text(&input.text, input::language(&input.language))
            .map(verdict::verdict)
            .map_err(|e| error::view(&e))
    }

    /// Attaches a file that need not be a picture.
    ///
    /// # Errors
    /// The [`ErrorView`] the screen shows.
    pub fn attach_file(&self, session_id: &str, criterion_id: &str, name: &str, bytes: &[u8]) -> Answer<SessionView> {
        let id = input::session(session_id)?;
        self.show(self.app.attach_file(id, input::criterion(criterion_id), name, bytes))
    }

    /// Keeps a file that shows an activity.
    ///
    /// # Errors
    /// The [`ErrorView`] the screen shows.
    pub fn keep_proof(&self, bytes: &[u8]) -> Answer<KeptView> {
        let kept = self.app.keep_proof(bytes);
        kept.map(|digest| KeptView { digest: digest.to_string() }).map_err(|e| error::view(&e))
    }

    /// Attaches a picture of a credential the candidate shows.
    ///
    /// # Errors
    /// The [`ErrorView`] the screen shows.
    pub fn attach_credential(&self, session_id: &str, prerequisite_id: &str, bytes: &[u8]) -> Answer<SessionView> {
        let id = input::session(session_id)?;
        self.show(self.app.attach_credential(id, prerequisite_id, bytes))
    }

    /// Attaches a photo. The commands whose input is raw bytes stand beside the list.
    ///
    /// # Errors
    /// The [`ErrorView`] the screen shows.
    pub fn attach_photo(&self, session_id: &str, criterion_id: &str, bytes: &[u8]) -> Answer<SessionView> {
        let id = input::session(session_id)?;
        self.show(self.app.attach_photo(id, input::criterion(criterion_id), bytes))
    }

    /// Verifies a file.
    ///
    /// # Errors
    /// The [`ErrorView`] the screen shows.
    pub fn verify_file(&self, bytes: &[u8], language: &str) -> Answer<VerdictView> {
        self.app.verify_file(bytes, input::language(language)).map(verdict::verdict).map_err(|e| error::view(&e))
    }

    pub(crate) fn show(
        &self,
        state: fieldproof_app::Result<fieldproof_app::session::SessionState>,
    ) -> Answer<SessionView> {
        state.map(|state| session::session(&state, self.app.today())).map_err(|e| error::view(&e))
    }
}
