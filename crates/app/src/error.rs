//! One error for every operation, classified by what a person can do about it.

use std::path::PathBuf;

use fieldproof_certificate::{ReadError, RenderError};
use fieldproof_model::{
    person::{NotAContact, NotAName, SamePerson},
    validity::NotAnEntry,
};
use fieldproof_seal::{FormatError, key_set::KeySetError, scheme::SchemeError};
use fieldproof_store::{StoreError, slots::SlotError};
use fieldproof_sync::{AddressError, FeedError, FeedProblem, HttpError, IdentityError, LaneError, SendError};
use fieldproof_wire::bundle::BundleError;

use crate::{
    enrol::PackProblem,
    host::{KeyStoreError, ViewerError},
    passphrase::Weakness,
    roster::TableError,
};

/// The result of every operation.
pub type Result<T> = std::result::Result<T, Error>;

/// What was looked for and not found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A person.
    Person,
    /// A session.
    Session,
    /// A criterion of the scheme.
    Criterion,
    /// A part of the scheme.
    Part,
    /// A rule of the scheme.
    Rule,
    /// The pack's scheme, course, key set or delegation.
    Pack,
}

/// Why something typed cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// A name.
    #[error(transparent)]
    Name(#[from] NotAName),
    /// A year of birth outside the last 120 years.
    #[error("the year of birth is not one of the last 120 years")]
    BirthYear,
    /// A contact that is none.
    #[error(transparent)]
    Contact(#[from] NotAContact),
    /// Roles that may not be one person.
    #[error(transparent)]
    SamePerson(#[from] SamePerson),
    /// Nobody was named to stand by, and the scheme demands somebody.
    #[error("the scheme demands a second person")]
    SecondPersonMissing,
    /// Somebody was named to stand by, and the scheme knows no second person.
    #[error("the scheme knows no second person")]
    NobodyStandsBy,
    /// Two were to swap, and the scheme knows no team, or there is only one.
    #[error("the scheme knows no team, or nobody was named to swap with")]
    NoTeam,
    /// The course prepares for another scheme.
    #[error("the course prepares for another scheme")]
    OtherCourse,
    /// Points that cannot be: none possible, or more than possible.
    #[error("the points reached are at most the points possible, and some are possible")]
    Points,
    /// Not passed, and no word to the candidate.
    #[error("feedback to the candidate is needed")]
    FeedbackMissing,
    /// What is no activity entry.
    #[error("this is no activity entry: {0}")]
    Entry(#[from] NotAnEntry),
    /// Work that the scheme does not count as practice.
    #[error("the scheme does not count this work as practice")]
    OtherWork,
    /// A day that has not come.
    #[error("the day has not come yet")]
    FutureDay,
    /// A reason is demanded and was not given.
    #[error("a reason is needed")]
    ReasonMissing,
    /// No part, or one that says nothing about anybody.
    #[error("nothing was named that can be erased")]
    NothingToErase,
    /// A correction that changes nothing.
    #[error("name and year of birth are what was sealed")]
    NothingCorrected,
    /// A text is demanded and was not given.
    #[error("a text is needed")]
    TextMissing,
    /// Longer than allowed, in characters.
    #[error("the text is longer than {0} characters")]
    TextTooLong(usize),
    /// A drawing without strokes, or with far too many.
    #[error("the drawing is empty or too large")]
    Drawing,
    /// A passphrase that is too easily guessed.
    #[error(transparent)]
    Passphrase(#[from] Weakness),
    /// A pack that is not taken.
    #[error(transparent)]
    Pack(#[from] PackProblem),
    /// Not the code of the institution that the pack comes from.
    #[error("this is not the code of the institution in the pack")]
    InstitutionCode,
    /// A bundle for another institution's register.
    #[error("this file is for another institution")]
    BundleOfOthers,
    /// Neither a request's file nor its symbol.
    #[error("this is no request to be enrolled")]
    Request,
    /// A delegation without a scheme, a role or a day.
    #[error("a delegation names a scheme, at least one role, and days in their order")]
    Grant,
    /// A delegation word for word like one that was ended: what ended stays ended.
    #[error("a delegation that says the same was ended")]
    GrantEnded,
    /// Not the digits of a PIN.
    #[error("a PIN has six to twelve digits")]
    Pin,
    /// Not a recovery key.
    #[error("this is no recovery key")]
    RecoveryKey,
    /// A date, identifier or number the screen should not have sent.
    #[error("the value is malformed")]
    Malformed,
}

/// Why an operation is not possible now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAllowed {
    /// The gate does not hold.
    #[error("the gate does not hold yet")]
    Gate,
    /// The exercise has begun.
    #[error("the exercise has already begun")]
    Begun,
    /// The exercise has not begun.
    #[error("the exercise has not begun")]
    NotBegun,
    /// The exercise is not over.
    #[error("the exercise is not over")]
    NotOver,
    /// The result is confirmed.
    #[error("the result is already confirmed")]
    Confirmed,
    /// The result is not confirmed.
    #[error("the result is not confirmed yet")]
    NotConfirmed,
    /// The exercise is stopped.
    #[error("the exercise is stopped")]
    Stopped,
    /// The institution has not signed the scheme with its values.
    #[error("the institution has not signed this scheme and its values")]
    SchemeNotSigned,
    /// The assessor's new key is not delegated yet.
    #[error("the assessor's new key is not delegated yet")]
    NotDelegatedYet,
    /// There is a laptop in the folder already.
    #[error("there is a laptop in this folder already")]
    NotNew,
    /// The key of whoever works signs nothing for the institution.
    #[error("the key of whoever works is no issuing key of the institution")]
    NotCoordinator,
    /// It would be the last way into the store.
    #[error("this is the last way into the store")]
    LastWayIn,
    /// Somebody's own access, which they keep while they work.
    #[error("whoever works here keeps their own access")]
    OwnAccess,
    /// The assessor holds no delegation for the scheme.
    #[error("the assessor holds no delegation for this scheme")]
    NotDelegated,
    /// A wording of the language was not reviewed: practice only.
    #[error("the scheme's wording in this language is not reviewed, so it serves practice only")]
    DraftLanguage,
    /// The scheme is one of attendance.
    #[error("the scheme has nothing to assess: it is attended")]
    NothingToAssess,
    /// No certificate went out.
    #[error("no certificate went out for this session")]
    NoCertificate,
    /// The session is nobody's team.
    #[error("the session is not a team's")]
    NoPartner,
    /// The other member's exercise is over.
    #[error("the other member's exercise is over")]
    PartnerIsDone,
    /// Both checks are needed before going on.
    #[error("after a stop, both checks are needed before going on")]
    ResumeChecks,
    /// A stop was not explained.
    #[error("who stopped the exercise, and why, has not been told")]
    StopNotTold,
    /// Somebody has not acknowledged or refused.
    #[error("candidate and second person have not both acknowledged or refused")]
    Acknowledgements,
    /// The record is sealed.
    #[error("the record is sealed; nothing in it can change")]
    Sealed,
    /// The record is not sealed.
    #[error("the record is not sealed yet")]
    NotSealed,
    /// The register lacks a record of the session.
    #[error("the register does not have every record of this session yet")]
    NotInRegister,
    /// The register refused no record of the session.
    #[error("the register refused no record of this session")]
    NotRefused,
    /// No laptop told the register of such a paper, or it was restored since.
    #[error("the register does not know this paper")]
    PaperUnknown,
    /// Parts of the record were destroyed.
    #[error("parts of this record were erased")]
    Erased,
    /// The session was given up.
    #[error("the session was given up")]
    Abandoned,
    /// The disk may not hold what is going to be recorded: bytes free, needed, and those that evidence may leave behind.
    #[error("there may be too little room on the disk")]
    NoRoom {
        /// What there is.
        free: u64,
        /// What the scheme may need.
        needed: u64,
        /// What would be free if evidence left whose time here is over.
        may_leave: u64,
    },
    /// The institution's key set names nothing to encrypt to.
    #[error("the institution has no key that a bundle could be encrypted to")]
    NoEncryptionKey,
    /// The session is somebody else's.
    #[error("the session belongs to another assessor")]
    OtherAssessor,
}

/// Why an operation failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody has unlocked.
    #[error("the laptop is locked")]
    Locked,
    /// Not this person's passphrase; the next try is possible after that many seconds.
    #[error("the passphrase is not right")]
    WrongPassphrase {
        /// Seconds to wait.
        wait_seconds: u32,
    },
    /// Not the PIN; so many tries are left before only the passphrase opens.
    #[error("the PIN is not right")]
    WrongPin {
        /// Tries left.
        left: u32,
    },
    /// A recovery key that opens another store, or none.
    #[error("the recovery key is not right")]
    WrongRecoveryKey,
    /// Too early after a wrong passphrase.
    #[error("too early for another try")]
    WaitBeforeNextTry {
        /// Seconds to wait.
        wait_seconds: u32,
    },
    /// Somebody paused sending, or locked the laptop, while something was sent.
    #[error("sending was stopped")]
    Stopped,
    /// It is not here.
    #[error("{0:?} not found")]
    NotFound(What),
    /// Not now.
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    /// Not like this.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Not a picture we can read.
    #[error("the photo cannot be read")]
    PhotoUnreadable,
    /// A picture of a kind that would be kept with where it was taken.
    #[error("of this kind of picture what the camera wrote cannot be left out")]
    PhotoOfOtherKind,
    /// More bytes than a photo may have.
    #[error("the photo is too large")]
    PhotoTooLarge {
        /// Its size in bytes.
        bytes: usize,
    },
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was erased, or left, is gone from every row, and a file could not be cleaned of what was left of it.
    #[error("traces of what was erased may remain")]
    Remains(#[source] StoreError),
    /// The folder that somebody chose has too little room for what was to be written into it.
    #[error("{folder} has too little room")]
    NoRoomThere {
        /// Which.
        folder: PathBuf,
        /// What there is.
        free: u64,
        /// What it needs.
        needed: u64,
    },
    /// A file for somebody could not be written where it was wanted.
    #[error("{path} could not be written")]
    NotWritten {
        /// Where.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Signed bytes in the store or pack.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// The key set.
    #[error(transparent)]
    KeySet(#[from] KeySetError),
    /// The scheme.
    #[error(transparent)]
    Scheme(#[from] SchemeError),
    /// A file that was to be a roster.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The document could not be drawn.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// The document could not be shown.
    #[error(transparent)]
    Viewer(#[from] ViewerError),
    /// The operating system's key store.
    #[error(transparent)]
    KeyStore(#[from] KeyStoreError),
    /// The register's address.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// Nobody, or somebody else, answered in the register's place.
    #[error(transparent)]
    Send(#[from] SendError<HttpError>),
    /// A request about enrolment did not get through.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// What came as what the register tells this laptop is not believed.
    #[error("what the register tells this laptop is not believed: {0}")]
    Feed(#[from] FeedProblem),
    /// One entry of what the register tells this laptop is not believed; those before it are taken.
    #[error("entry {number} of what the register tells this laptop is not believed")]
    Entry {
        /// Its number.
        number: u32,
        /// Why.
        #[source]
        why: Box<Self>,
    },
    /// One record did not get through.
    #[error(transparent)]
    Lane(#[from] LaneError<HttpError>),
    /// A bundle cannot be written, or an answers file not be read.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// An answers file of somebody else than this institution's register.
    #[error("the answers are not of this institution's register")]
    OtherAnswers(#[source] IdentityError),
    /// The file or picture holds nothing to verify.
    #[error(transparent)]
    Unreadable(#[from] ReadError),
    /// There is a code, and it is not ours.
    #[error("the code is not a Fieldproof certificate")]
    ForeignCode,
    /// More than one certificate, where one verdict is asked for.
    #[error("there is more than one certificate in it")]
    SeveralCertificates,
    /// The code below a symbol, which names a certificate and proves nothing.
    #[error("this is the code {0} below a certificate's symbol")]
    ShortCode(String),
    /// Neither a file nor a text of ours.
    #[error("this is not a Fieldproof certificate or record")]
    NothingToVerify,
    /// Ours by its beginning, and damaged.
    #[error("the file is damaged or cut off: {0}")]
    DamagedFile(FormatError),
}

impl From<SlotError> for Error {
    fn from(error: SlotError) -> Self {
        match error {
            SlotError::WrongPassphrase => Self::WrongPassphrase { wait_seconds: 0 },
            SlotError::WrongRecoveryKey => Self::WrongRecoveryKey,
            SlotError::WrongKeyStoreKey => KeyStoreError::NotThere.into(),
            SlotError::Unknown => Self::NotFound(What::Person),
            SlotError::LastOne => NotAllowed::LastWayIn.into(),
            SlotError::Store(error) => error.into(),
        }
    }
}

impl From<FeedError<HttpError>> for Error {
    fn from(error: FeedError<HttpError>) -> Self {
        match error {
            FeedError::Register(error) => error.into(),
            FeedError::Page(problem) => problem.into(),
        }
    }
}

/// Turns an absent thing into the error that names it.
pub(crate) trait OrNotFound<T> {
    /// The thing, or [`Error::NotFound`].
    fn or_not_found(self, what: What) -> Result<T>;
}

impl<T> OrNotFound<T> for Option<T> {
    fn or_not_found(self, what: What) -> Result<T> {
        self.ok_or(Error::NotFound(what))
    }
}
