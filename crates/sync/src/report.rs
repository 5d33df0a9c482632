//! What became of everything that was sent.

use fieldproof_model::digest::Digest;
use fieldproof_seal::cbor::FormatError;
use fieldproof_wire::{Fork, Paper, RequestError};

use crate::{AnswerProblem, Greeting, IdentityError, SignedReceipt, SignedRefusal};

/// Nothing could be sent at all.
#[derive(Debug, thiserror::Error)]
pub enum SendError<E: RequestError> {
    /// The register did not answer to hello.
    #[error(transparent)]
    Register(E),
    /// Whoever answered is not our register.
    #[error(transparent)]
    Identity(#[from] IdentityError),
}

impl<E: RequestError> SendError<E> {
    /// Whether trying again is of no use until somebody changes something.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        match self {
            Self::Register(error) => error.is_permanent(),
            Self::Identity(_) => true,
        }
    }
}

/// Why one record, or one portion of a chain, did not get through.
#[derive(Debug, thiserror::Error)]
pub enum LaneError<E: RequestError> {
    /// The request failed.
    #[error(transparent)]
    Register(E),
    /// The register's answer is not to be believed.
    #[error(transparent)]
    Answer(#[from] AnswerProblem),
    /// Our own record file cannot be read.
    #[error("the record file on this laptop cannot be read")]
    Unreadable(#[from] FormatError),
    /// Our own record file holds another record.
    #[error("the record file on this laptop holds record {found}, not {expected}")]
    OtherRecord {
        /// The one it should hold.
        expected: Digest,
        /// The one it holds.
        found: Digest,
    },
    /// Evidence the record names is not on this laptop.
    #[error("evidence {0} is not on this laptop")]
    EvidenceNotHere(Digest),
    /// Evidence on this laptop is not what the record names.
    #[error("evidence {0} on this laptop is damaged")]
    EvidenceDamaged(Digest),
    /// Evidence is larger than a bundle takes.
    #[error("evidence {0} is larger than a bundle takes")]
    TooLarge(Digest),
}

impl<E: RequestError> LaneError<E> {
    /// Whether sending it again is of no use until somebody changes something.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        match self {
            Self::Register(error) => error.is_permanent(),
            Self::Answer(_)
            | Self::Unreadable(_)
            | Self::OtherRecord { .. }
            | Self::EvidenceNotHere(_)
            | Self::EvidenceDamaged(_)
            | Self::TooLarge(_) => true,
        }
    }
}

/// What became of one record.
#[derive(Debug)]
pub enum Outcome<E: RequestError> {
    /// In the register: record and all evidence.
    Complete(SignedReceipt),
    /// The register has the record and still wants this evidence.
    Held {
        /// Its receipt.
        receipt: SignedReceipt,
        /// What it wants.
        missing: Vec<Digest>,
    },
    /// The register refused it.
    Refused(SignedRefusal),
    /// It did not get through, or not whole.
    Failed {
        /// Why.
        error: LaneError<E>,
        /// What the register has of it all the same.
        held: Option<SignedReceipt>,
    },
    /// The connection ended before its turn.
    NotSent,
}

/// One record's report.
#[derive(Debug)]
pub struct RecordReport<E: RequestError> {
    /// Which record.
    pub record: Digest,
    /// What became of it.
    pub outcome: Outcome<E>,
}

/// How far a chain goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Places that are taken.
    pub places: u32,
    /// The highest of them.
    pub highest: u32,
    /// The head over every entry, where the register names it.
    pub head: Option<Digest>,
}

/// What became of one chain.
#[derive(Debug)]
pub struct ChainReport<E: RequestError> {
    /// How many of its entries the register holds, as far as it said; those too that were not sent again.
    pub held: u32,
    /// Places at which something else stands too.
    pub forks: Vec<Fork>,
    /// Entries the register did not take.
    pub refused: Vec<Digest>,
    /// What the register has of the whole chain where that is not what is here; nothing is mended silently.
    pub other_extent: Option<Extent>,
    /// Portions that did not get through.
    pub errors: Vec<LaneError<E>>,
}

/// What became of the papers.
#[derive(Debug)]
pub struct PapersReport<E: RequestError> {
    /// How many the register knows of now.
    pub held: u32,
    /// Those it did not take, by the digest of their token.
    pub refused: Vec<Digest>,
    /// Portions that did not get through.
    pub errors: Vec<LaneError<E>>,
}

/// What became of everything.
#[derive(Debug)]
pub struct SendReport<E: RequestError> {
    /// Who answered, and what it brought.
    pub greeting: Greeting,
    /// The papers.
    pub papers: PapersReport<E>,
    /// The chains, in the order of the outbox.
    pub chains: Vec<ChainReport<E>>,
    /// The records, in the order of the outbox.
    pub records: Vec<RecordReport<E>>,
    /// Whether the connection ended before everything had its turn.
    pub was_cut_short: bool,
}

/// What happened just now. Receipts and refusals in it are verified and can be kept at once.
#[derive(Debug)]
pub enum Progress<'a, E: RequestError> {
    /// Our register answered.
    Greeted(&'a Greeting),
    /// So many of so many steps are over.
    Step {
        /// Over.
        done: usize,
        /// All.
        of: usize,
    },
    /// It is this record's turn, with itself or its evidence.
    Turn(Digest),
    /// The register has a record; evidence is still to come.
    Held {
        /// What it signed: a complete receipt where it has seen everything once.
        receipt: &'a SignedReceipt,
        /// What it misses.
        missing: &'a [Digest],
    },
    /// The register was told of these papers.
    Told(&'a [Paper]),
    /// What became of a record is known.
    Ended(&'a RecordReport<E>),
}
