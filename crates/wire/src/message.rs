//! The messages, byte by byte: every body is one field map whose field 0 says which message it is.

use ciborium::Value;
use fieldproof_model::{digest::Digest, id::InstitutionId};
use fieldproof_seal::{
    cbor::{self, Fields, FormatError, Writer, bytes, integer},
    envelope::SIGNED_LIMIT,
};

use crate::{
    Claim, ClaimAnswer, Fault, Feed, Paper, PaperBack, PapersAnswer, Return, Shelf, limit,
    paper::{paper_value, parse_papers},
    shelf::{parse_row, row_value},
};

/// Who the register is. Only the signed things inside are evidence, and only under a root that is already trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hello {
    /// Which institution it says it is.
    pub institution: InstitutionId,
    /// Its epoch.
    pub epoch: u32,
    /// The signed key set.
    pub key_set: Vec<u8>,
    /// A new signed beacon.
    pub beacon: Vec<u8>,
    /// The signed snapshot.
    pub snapshot: Vec<u8>,
}

/// Entries of one assessor key's chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainUpload {
    /// A signed delegation of the key.
    pub delegation: Vec<u8>,
    /// Signed entries, in the order of the chain.
    pub entries: Vec<Vec<u8>>,
}

/// A place of a chain at which the register holds more than one entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fork {
    /// The place.
    pub index: u32,
    /// Another entry that stands there: the digest of its signed bytes.
    pub other: Digest,
}

/// What became of an upload of entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainAnswer {
    /// How many of the entries the register now holds.
    pub held: u32,
    /// Places of these entries at which something else stands too.
    pub forks: Vec<Fork>,
    /// Entries it did not take, because they are not of this key's chain.
    pub refused: Vec<Digest>,
    /// How many places of the whole chain are taken at the register.
    pub places: u32,
    /// The highest of them.
    pub highest: u32,
    /// The head over every entry it holds of the chain; an older register names none.
    pub head: Option<Digest>,
}

/// A signed answer about a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignedAnswer {
    /// A signed receipt.
    Receipt(Vec<u8>),
    /// A signed refusal.
    Refusal(Vec<u8>),
}

/// The answer to a record file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordAnswer {
    /// What the register signed.
    pub signed: SignedAnswer,
    /// Evidence it would like to have.
    pub missing: Vec<Digest>,
}

/// Evidence is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// Which.
    pub digest: Digest,
}

/// The newest pack of a laptop, from the coordinator who made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackUpload {
    /// The signed pack.
    pub pack: Vec<u8>,
    /// The pack file, encrypted for the laptop.
    pub file: Vec<u8>,
}

/// A pack was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackAnswer {
    /// The number of that laptop's newest pack.
    pub number: u32,
}

/// How far an upload came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Upload {
    /// Which evidence.
    pub digest: Digest,
    /// So many bytes of it are on the register's disk.
    pub offset: u64,
}

/// What became of a bundle that came over a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BundleTaken {
    /// The digest of the bundle's file.
    pub bundle: Digest,
    /// The digest of the file with its answers.
    pub answers: Digest,
    /// How many bytes that has.
    pub length: u64,
    /// Whether the bundle was read to its end.
    pub was_whole: bool,
}

/// A part of a file with answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswersPiece {
    /// The digest of the whole file.
    pub answers: Digest,
    /// Where the part begins.
    pub offset: u64,
    /// The part.
    pub bytes: Vec<u8>,
}

/// Any body of the protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// Answer to `hello`.
    Hello(Hello),
    /// Request: entries.
    ChainUpload(ChainUpload),
    /// Answer to entries.
    ChainAnswer(ChainAnswer),
    /// Answer to a record file.
    RecordAnswer(RecordAnswer),
    /// Answer to an upload of evidence that the register has already.
    Stored(Stored),
    /// Answer to an upload that is begun or goes on.
    Upload(Upload),
    /// Answer to anything that was not carried out.
    Fault(Fault),
    /// Request: a pack for a laptop.
    PackUpload(PackUpload),
    /// Answer to whoever brought a pack.
    PackAnswer(PackAnswer),
    /// Request: somebody's signed request to be enrolled.
    EnrolmentRequest(Vec<u8>),
    /// Answer: requests that wait for a coordinator, as signed.
    EnrolmentRequests(Vec<Vec<u8>>),
    /// Request: what a client holds that the register signed.
    Claim(Claim),
    /// Answer to a claim.
    ClaimAnswer(ClaimAnswer),
    /// Request: a record with its receipts, which the register lost.
    Return(Return),
    /// Answer: what was refused and what is missing, for a coordinator.
    Shelf(Shelf),
    /// Answer: a bundle was taken.
    BundleTaken(BundleTaken),
    /// Answer: a part of the answers to a bundle.
    AnswersPiece(AnswersPiece),
    /// Request: papers that were opened for printing.
    Papers(Vec<Paper>),
    /// Answer to papers.
    PapersAnswer(PapersAnswer),
    /// Answer: a page of the feed.
    Feed(Feed),
    /// Request: a paper was taken back, or is out after all. Answered as papers are.
    PaperBack(PaperBack),
}

const WHAT: &str = "message of the register protocol";

impl Message {
    /// Encodes the body.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let kind = |number: i64| Writer::default().with(0, number);
        let fields = match self {
            Self::Hello(hello) => kind(1)
                .with(1, bytes(*hello.institution.as_bytes()))
                .with(2, hello.epoch)
                .with(3, bytes(hello.key_set.clone()))
                .with(4, bytes(hello.beacon.clone()))
                .with(5, bytes(hello.snapshot.clone())),
            Self::ChainUpload(upload) => kind(2)
                .with(1, bytes(upload.delegation.clone()))
                .with(2, upload.entries.iter().map(|entry| bytes(entry.clone())).collect::<Vec<_>>()),
            Self::ChainAnswer(answer) => kind(3)
                .with(1, answer.held)
                .with(2, answer.forks.iter().map(fork_value).collect::<Vec<_>>())
                .with(3, digests_value(&answer.refused))
                .with(4, answer.places)
                .with(5, answer.highest)
                .with_some(6, answer.head.map(|head| bytes(*head.as_bytes()))),
            Self::RecordAnswer(answer) => {
                let fields = match &answer.signed {
                    SignedAnswer::Receipt(signed) => kind(4).with(1, bytes(signed.clone())),
                    SignedAnswer::Refusal(signed) => kind(4).with(2, bytes(signed.clone())),
                };
                fields.with(3, digests_value(&answer.missing))
            }
            Self::Stored(stored) => kind(5).with(1, bytes(*stored.digest.as_bytes())),
            Self::Fault(fault) => fault.write(kind(6)),
            Self::Upload(upload) => kind(7).with(1, bytes(*upload.digest.as_bytes())).with(2, upload.offset),
            Self::PackUpload(upload) => kind(8).with(1, bytes(upload.pack.clone())).with(2, bytes(upload.file.clone())),
            Self::PackAnswer(answer) => kind(9).with(1, answer.number),
            Self::EnrolmentRequest(signed) => kind(10).with(1, bytes(signed.clone())),
            Self::EnrolmentRequests(waiting) => {
                kind(11).with(1, waiting.iter().map(|signed| bytes(signed.clone())).collect::<Vec<_>>())
            }
            Self::Claim(claim) => claim.write(kind(12)),
            Self::ClaimAnswer(answer) => answer.write(kind(13)),
            Self::Return(returned) => returned.write(kind(14)),
            Self::Shelf(shelf) => {
                kind(16).with(1, shelf.rows.iter().map(row_value).collect::<Vec<_>>()).with(2, shelf.left_out)
            }
            Self::BundleTaken(taken) => kind(18)
                .with(1, bytes(*taken.bundle.as_bytes()))
                .with(2, bytes(*taken.answers.as_bytes()))
                .with(3, taken.length)
                .with(4, taken.was_whole),
            Self::AnswersPiece(piece) => kind(19)
                .with(1, bytes(*piece.answers.as_bytes()))
                .with(2, piece.offset)
                .with(3, bytes(piece.bytes.clone())),
            Self::Papers(papers) => kind(20).with(1, papers.iter().map(paper_value).collect::<Vec<_>>()),
            Self::PapersAnswer(answer) => kind(21).with(1, answer.held).with(2, digests_value(&answer.refused)),
            Self::Feed(feed) => feed.write(kind(22)),
            Self::PaperBack(said) => kind(23).with(1, bytes(*said.token.as_bytes())).with(2, said.is_back),
        };
        cbor::encode(fields.build())
    }

    /// Reads a body.
    ///
    /// # Errors
    /// [`FormatError`] when it is none of this protocol.
    pub fn parse(body: &[u8]) -> Result<Self, FormatError> {
        let mut fields = Fields::new(cbor::decode(body, limit::FEED)?, WHAT)?;
        let message = match fields.number(0)? {
            1 => Self::Hello(Hello {
                institution: InstitutionId::new(fields.array(1)?),
                epoch: fields.number(2)?,
                key_set: signed(&mut fields, 3)?,
                beacon: signed(&mut fields, 4)?,
                snapshot: signed(&mut fields, 5)?,
            }),
            2 => Self::ChainUpload(ChainUpload {
                delegation: signed(&mut fields, 1)?,
                entries: items(&mut fields, 2, |value| value.as_bytes().cloned())?,
            }),
            3 => Self::ChainAnswer(ChainAnswer {
                held: fields.number(1)?,
                forks: items(&mut fields, 2, parse_fork)?,
                refused: items(&mut fields, 3, parse_digest)?,
                places: fields.number(4)?,
                highest: fields.number(5)?,
                head: fields.optional_digest(6)?,
            }),
            4 => Self::RecordAnswer(parse_record_answer(&mut fields)?),
            5 => Self::Stored(Stored { digest: fields.digest(1)? }),
            6 => Self::Fault(Fault::read(&mut fields)?),
            7 => Self::Upload(Upload { digest: fields.digest(1)?, offset: fields.number(2)? }),
            8 => Self::PackUpload(PackUpload { pack: signed(&mut fields, 1)?, file: fields.bytes(2)? }),
            9 => Self::PackAnswer(PackAnswer { number: fields.number(1)? }),
            10 => Self::EnrolmentRequest(signed(&mut fields, 1)?),
            11 => Self::EnrolmentRequests(items(&mut fields, 1, |value| value.as_bytes().cloned())?),
            12 => Self::Claim(Claim::read(&mut fields)?),
            13 => Self::ClaimAnswer(ClaimAnswer::read(&mut fields)?),
            14 => Self::Return(Return::read(&mut fields)?),
            16 => Self::Shelf(Shelf { rows: items(&mut fields, 1, parse_row)?, left_out: fields.number(2)? }),
            18 => Self::BundleTaken(BundleTaken {
                bundle: fields.digest(1)?,
                answers: fields.digest(2)?,
                length: fields.number(3)?,
                was_whole: fields.boolean(4)?,
            }),
            19 => Self::AnswersPiece(AnswersPiece {
                answers: fields.digest(1)?,
                offset: fields.number(2)?,
                bytes: fields.bytes(3)?,
            }),
            20 => Self::Papers(parse_papers(&fields.list(1)?)?),
            21 => Self::PapersAnswer(PapersAnswer {
                held: fields.number(1)?,
                refused: items(&mut fields, 2, parse_digest)?,
            }),
            22 => Self::Feed(Feed::read(&mut fields)?),
            23 => Self::PaperBack(PaperBack { token: fields.digest(1)?, is_back: fields.boolean(2)? }),
            _ => return Err(FormatError::OtherKind(WHAT)),
        };
        Ok(message)
    }
}

fn parse_record_answer(fields: &mut Fields) -> Result<RecordAnswer, FormatError> {
    let (receipt, refusal) = (optional_signed(fields, 1)?, optional_signed(fields, 2)?);
    let signed = match (receipt, refusal) {
        (Some(receipt), None) => SignedAnswer::Receipt(receipt),
        (None, Some(refusal)) => SignedAnswer::Refusal(refusal),
        (None, None) => return Err(FormatError::Missing(1)),
        // Yes and no at once is no answer.
        (Some(_), Some(_)) => return Err(FormatError::Malformed(2)),
    };
    Ok(RecordAnswer { signed, missing: items(fields, 3, parse_digest)? })
}

pub(crate) fn parse_bytes(value: Value, key: i64) -> Result<Vec<u8>, FormatError> {
    let bytes = value.into_bytes().map_err(|_| FormatError::Malformed(key))?;
    if SIGNED_LIMIT < bytes.len() { Err(FormatError::TooLarge(SIGNED_LIMIT)) } else { Ok(bytes) }
}

/// Takes something signed.
fn signed(fields: &mut Fields, key: i64) -> Result<Vec<u8>, FormatError> {
    parse_bytes(fields.required(key)?, key)
}

/// Takes something signed that may be left out.
pub(crate) fn optional_signed(fields: &mut Fields, key: i64) -> Result<Option<Vec<u8>>, FormatError> {
    fields.optional(key).map(|value| parse_bytes(value, key)).transpose()
}

pub(crate) fn items<T>(
    fields: &mut Fields,
    key: i64,
    read: impl Fn(&Value) -> Option<T>,
) -> Result<Vec<T>, FormatError> {
    fields.list(key)?.iter().map(read).collect::<Option<_>>().ok_or(FormatError::Malformed(key))
}

pub(crate) fn digests_value(digests: &[Digest]) -> Vec<Value> {
    digests.iter().map(|digest| bytes(*digest.as_bytes())).collect()
}

pub(crate) fn parse_digest(value: &Value) -> Option<Digest> {
    Digest::from_slice(value.as_bytes()?)
}

fn fork_value(fork: &Fork) -> Value {
    Value::Array(vec![Value::from(fork.index), bytes(*fork.other.as_bytes())])
}

fn parse_fork(value: &Value) -> Option<Fork> {
    match value.as_array()?.as_slice() {
        [index, other] => Some(Fork { index: u32::try_from(integer(index)?).ok()?, other: parse_digest(other)? }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use fieldproof_model::time::Timestamp;
    use fieldproof_seal::{feed::PAGE_ENTRIES, keys::PublicKey};

    use super::*;
    use crate::{ShelfRow, ShelfState, SignatureProblem};

    fn row(state: ShelfState, is_whole: bool) -> ShelfRow {
        let some = |byte: u8| if is_whole { vec![byte] } else { Vec::new() };
        ShelfRow {
            state,
            sealed: vec![21],
            person: some(22),
            signed: some(23),
            missing: some(24).iter().map(|byte| Digest::new([*byte; 32])).collect(),
            since: Timestamp::from_millis(-25),
            assessor_key: is_whole.then(|| PublicKey::new([26; 32])),
            is_corrected: is_whole,
            paper: is_whole.then(|| paper(27)),
            back_at: is_whole.then(|| Timestamp::from_millis(33)),
        }
    }

    fn paper(byte: u8) -> Paper {
        Paper { token: vec![byte], opened_at: Timestamp::from_millis(-28), person: vec![29] }
    }

    fn faults() -> Vec<Fault> {
        let digest = |n| Digest::new([n; 32]);
        vec![
            Fault::Malformed,
            Fault::TooLarge(1 << 20),
            Fault::NoSuchRequest,
            Fault::NotNamed(digest(13)),
            Fault::OtherDigest(digest(14)),
            Fault::Delegation,
            Fault::Internal,
            Fault::Signature(SignatureProblem::Components),
            Fault::Signature(SignatureProblem::Other(77)),
            Fault::Nonce,
            Fault::NotAdmitted,
            Fault::TooMany(30),
            Fault::Offset(262_144),
            Fault::Busy,
            Fault::TooManyUploads,
            Fault::TusVersion,
            Fault::MediaType,
            Fault::Unknown(99),
            Fault::Pack,
            Fault::OlderPack(3),
            Fault::NotARequest,
            Fault::TooManyRequests,
            Fault::NotCoordinators,
            Fault::NotOurs,
            Fault::TooFarAhead,
            Fault::OtherInstitution,
            Fault::UnknownKey,
            Fault::NotABundle,
            Fault::NotInFeed,
        ]
    }

    fn all() -> Vec<Message> {
        let digest = |n| Digest::new([n; 32]);
        let answer = |signed| Message::RecordAnswer(RecordAnswer { signed, missing: vec![digest(7)] });
        let faults = faults().into_iter().map(Message::Fault);
        let others = vec![
            Message::Hello(Hello {
                institution: InstitutionId::new([1; 16]),
                epoch: 1,
                key_set: vec![2],
                beacon: vec![3],
                snapshot: vec![4],
            }),
            Message::ChainUpload(ChainUpload { delegation: vec![5], entries: vec![vec![6], vec![7]] }),
            Message::ChainAnswer(ChainAnswer {
                held: 2,
                forks: vec![Fork { index: 3, other: digest(8) }],
                refused: vec![digest(9)],
                places: 4,
                highest: 5,
                head: Some(digest(6)),
            }),
            Message::ChainAnswer(ChainAnswer {
                held: 0,
                forks: Vec::new(),
                refused: Vec::new(),
                places: 0,
                highest: 0,
                head: None,
            }),
            answer(SignedAnswer::Receipt(vec![10])),
            answer(SignedAnswer::Refusal(vec![11])),
            Message::Stored(Stored { digest: digest(12) }),
            Message::Upload(Upload { digest: digest(15), offset: 9 }),
            Message::PackUpload(PackUpload { pack: vec![15], file: vec![16] }),
            Message::PackAnswer(PackAnswer { number: 4 }),
            Message::Feed(Feed { page: vec![27], contents: Vec::new() }),
            Message::Feed(Feed { page: vec![28], contents: vec![vec![29], vec![0; SIGNED_LIMIT + 1]] }),
            Message::EnrolmentRequest(vec![18]),
            Message::EnrolmentRequests(vec![vec![19], vec![20]]),
            Message::Shelf(Shelf {
                rows: vec![row(ShelfState::Refused, true), row(ShelfState::NotHere, false)],
                left_out: 0,
            }),
            Message::Shelf(Shelf { rows: vec![row(ShelfState::PaperAlone, true)], left_out: 0 }),
            Message::Shelf(Shelf { rows: vec![row(ShelfState::EvidenceMissing, true)], left_out: 3 }),
            Message::BundleTaken(BundleTaken { bundle: digest(21), answers: digest(22), length: 23, was_whole: false }),
            Message::AnswersPiece(AnswersPiece { answers: digest(24), offset: 25, bytes: vec![26] }),
            Message::Papers(Vec::new()),
            Message::Papers(vec![paper(30), Paper { person: Vec::new(), ..paper(31) }]),
            Message::PapersAnswer(PapersAnswer { held: 1, refused: vec![digest(32)] }),
            Message::PaperBack(PaperBack { token: digest(34), is_back: true }),
            Message::PaperBack(PaperBack { token: digest(34), is_back: false }),
        ];
        others.into_iter().chain(faults).collect()
    }

    #[test]
    fn every_message_round_trips() {
        for message in all() {
            assert_eq!(Message::parse(&message.to_bytes()), Ok(message));
        }
    }

    #[test]
    fn the_bytes_are_the_ones_of_the_protocol_text() {
        let fault = Message::Fault(Fault::TooLarge(8)).to_bytes();
        assert_eq!(fault, [0xa3, 0x00, 0x06, 0x01, 0x02, 0x02, 0x08]);
        let upload = Message::ChainUpload(ChainUpload { delegation: vec![0xdd], entries: vec![vec![0xee]] });
        assert_eq!(upload.to_bytes(), [0xa3, 0x00, 0x02, 0x01, 0x41, 0xdd, 0x02, 0x81, 0x41, 0xee]);
    }

    #[test]
    fn other_bodies_are_no_messages() {
        let field_map = |fields: Writer| cbor::encode(fields.build());
        let both = Writer::default().with(0, 4).with(1, bytes([1])).with(2, bytes([2])).with(3, Vec::<Value>::new());
        let neither = Writer::default().with(0, 4).with(3, Vec::<Value>::new());
        let page = |size, contents: Vec<Value>| {
            field_map(Writer::default().with(0, 22).with(1, bytes(vec![0; size])).with(2, contents))
        };
        assert!(Message::parse(&page(SIGNED_LIMIT, vec![bytes([1]); PAGE_ENTRIES])).is_ok());
        let cases: [(&str, Vec<u8>); 9] = [
            ("a page", b"<!doctype html><title>Welcome</title>".to_vec()),
            ("nothing", Vec::new()),
            ("unknown kind", field_map(Writer::default().with(0, 77))),
            ("yes and no", field_map(both)),
            ("neither yes nor no", field_map(neither)),
            ("a page with too many entries", page(1, vec![bytes([1]); PAGE_ENTRIES + 1])),
            ("a page that is too long", page(SIGNED_LIMIT + 1, Vec::new())),
            ("an entry that is too long", page(1, vec![bytes(vec![0; limit::PACK + 1])])),
            ("cut off", Message::Fault(Fault::TooLarge(8)).to_bytes().split_off(1)),
        ];
        for (name, body) in cases {
            assert!(Message::parse(&body).is_err(), "{name}");
        }
    }

    #[test]
    fn what_a_later_version_adds_is_ignored_unless_it_must_be_understood() {
        let with = |key: i64| cbor::encode(Writer::default().with(0, 6).with(1, 1).with(key, 1).build());
        assert_eq!(Message::parse(&with(90)), Ok(Message::Fault(Fault::Malformed)));
        assert_eq!(Message::parse(&with(-1)), Err(FormatError::Critical(-1)));
    }
}
