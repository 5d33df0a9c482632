//! Everything signed: what is read can be signed again and is read as the same, and a verdict is never kinder than its checks.

use std::fmt::Debug;

use fieldproof_model::time::Timestamp;
use fieldproof_seal::{
    cbor::{FormatError, Value, Writer, decode, encode, integer},
    chain::ChainEntry,
    delegation::Delegation,
    endorsement::Endorsement,
    envelope::{self, Kind, Purpose, SIGNED_LIMIT, Unverified},
    feed::FeedPage,
    key_set::KeySet,
    keys::SecretKey,
    pack::Pack,
    receipt::{Beacon, Epoch, Receipt, Refusal},
    record::{Record, RecordFile},
    report::{Language, Tone, report_of},
    request::SignedRequest,
    scheme::{parse_scheme_id, parse_signed_scheme},
    snapshot::Snapshot,
    token::{Standing, Token},
    trust::{Trust, TrustFile},
    verdict::{Answer, Evidence, Verdict},
};

/// The keys of the institution in `trust.cbor`, and the assessor's that its seeds delegate to.
const ROOT: [u8; 32] = [1; 32];
const ISSUING: [u8; 32] = [2; 32];
const ASSESSOR: [u8; 32] = [1; 32];

const TRUST: &[u8] = include_bytes!("../../trust.cbor");

/// A morning within the delegations of the seeds.
const NOW: Timestamp = Timestamp::from_millis(1_772_442_000_000);

/// The payload of an envelope.
fn payload(signed: &[u8]) -> Option<Vec<(Value, Value)>> {
    let Value::Tag(_, message) = decode(signed, SIGNED_LIMIT).ok()? else {
        return None;
    };
    let payload = message.into_array().ok()?.into_iter().nth(2)?.into_bytes().ok()?;
    decode(&payload, SIGNED_LIMIT).ok()?.into_map().ok()
}

/// What is read is read again from what is signed of it, and the same things are signed as the same bytes.
fn signs_again<T: Debug + PartialEq>(
    data: &[u8],
    parse: impl Fn(&[u8]) -> Result<(T, Unverified), FormatError>,
    sign: impl Fn(&T) -> Vec<u8>,
) -> Option<T> {
    let (read, unverified) = parse(data).ok()?;
    let signed = sign(&read);
    let again = parse(&signed).map(|(again, _)| again);
    assert_eq!(again.as_ref(), Ok(&read));
    assert_eq!(again.map(|again| sign(&again)), Ok(signed.clone()));
    // Whoever writes only fields that we know writes them as we do; roles that we do not know are left out.
    let (ours, theirs) = (payload(&signed)?, payload(data)?);
    assert!(ours.len() <= theirs.len(), "nothing is added");
    let is_as_long = encode(Value::Map(ours.clone())).len() == encode(Value::Map(theirs.clone())).len();
    if is_as_long && unverified.kind != Kind::Delegation {
        assert_eq!(ours, theirs);
    }
    assert!(unverified.verify(&key().public()).is_err() || signed.len() <= data.len());
    Some(read)
}

fn key() -> SecretKey {
    SecretKey::new(&ASSESSOR)
}

/// Signs the payload of an envelope with another key, and the delegations and schemes inside with the issuing key.
fn signed_anew(signed: &[u8], key: &SecretKey) -> Option<Vec<u8>> {
    let unverified = Unverified::parse(signed).ok()?;
    let fields = payload(signed)?.into_iter().fold(Writer::default(), |fields, (name, value)| {
        let value = value.into_bytes().map_or_else(|value| value, |bytes| Value::Bytes(issued_anew(bytes)));
        match integer(&name) {
            Some(number) if !(0..2).contains(&number) => fields.with(number, value),
            _ => fields,
        }
    });
    Some(envelope::sign(unverified.kind, unverified.purpose, fields, key))
}

fn issued_anew(bytes: Vec<u8>) -> Vec<u8> {
    let is_issued =
        Unverified::parse(&bytes).is_ok_and(|inside| matches!(inside.kind, Kind::Delegation | Kind::Scheme));
    let anew = is_issued.then(|| signed_anew(&bytes, &SecretKey::new(&ISSUING))).flatten();
    anew.unwrap_or(bytes)
}

pub(super) fn envelope(data: &[u8]) -> Option<i64> {
    let unverified = Unverified::parse(data).ok()?;
    assert!(unverified.unverified_fields().is_ok());
    let decoded = decode(data, SIGNED_LIMIT).map(encode);
    assert_eq!(decoded.as_deref(), Ok(data), "there is one form");
    let mut changed = data.to_vec();
    if let Some(last) = changed.last_mut() {
        *last ^= 1;
    }
    let is_ours = |bytes: &[u8]| Unverified::parse(bytes).is_ok_and(|read| read.verify(&key().public()).is_ok());
    assert!(!is_ours(&changed) || !is_ours(data), "one signature for one thing");
    let signed = signed_anew(data, &key())?;
    assert!(is_ours(&signed));
    unverified.key_id.as_bytes().last_chunk().map(|last| i64::from(u16::from_be_bytes(*last)))
}

pub(super) fn key_set(data: &[u8]) -> Option<i64> {
    let root = SecretKey::new(&ROOT);
    let signed = signed_anew(data, &root)?;
    let read = KeySet::verify(&signed, &root.public()).ok()?;
    assert_eq!(KeySet::verify(&read.sign(&root), &root.public()).as_ref(), Ok(&read));
    assert!(KeySet::verify(&signed, &key_of_nobody()).is_err(), "only the root signs key sets");
    Some(i64::from(read.number))
}

fn key_of_nobody() -> fieldproof_seal::keys::PublicKey {
    SecretKey::new(&[99; 32]).public()
}

pub(super) fn scheme(data: &[u8]) -> Option<i64> {
    let id = parse_scheme_id(data);
    let (read, _) = parse_signed_scheme(data, None).ok()?;
    assert_eq!(id.ok().and_then(|(id, _)| id), Some(read.id), "both readers name the same scheme");
    for language in &read.languages {
        assert!(parse_signed_scheme(data, Some(&language.tag)).is_ok_and(|(other, _)| other.id == read.id));
    }
    i64::try_from(read.criteria().map(|(_, criterion)| criterion.text.len()).sum::<usize>()).ok()
}

pub(super) fn delegation(data: &[u8]) -> Option<i64> {
    let read = signs_again(data, Delegation::parse, |read| read.sign(&key()))?;
    Some(i64::from(read.not_before.as_days()))
}

/// Whoever asks signs with a key of their own: what was altered is signed anew, so that more than the signature is tried.
pub(super) fn request(data: &[u8]) -> Option<i64> {
    let own = key();
    let mut fields = Writer::default().with(2, Value::Bytes(own.public().as_bytes().to_vec()));
    for (number, value) in payload(data)? {
        let number = integer(&number)?;
        if 2 < number {
            fields = fields.with(number, value);
        }
    }
    let read = SignedRequest::parse(&envelope::sign(Kind::Request, Purpose::Real, fields, &own)).ok()?;
    assert_eq!(SignedRequest::parse_text(&read.to_text()).as_ref(), Ok(&read));
    let again = SignedRequest::parse(&read.request.sign(&own)).map(|again| (again.code(), again.request));
    assert_eq!(again, Ok((read.code(), read.request.clone())), "its code hangs on what it says");
    read.request.person.birth_year.map(i64::from)
}

pub(super) fn pack(data: &[u8]) -> Option<i64> {
    let read = signs_again(data, Pack::parse, |read| read.sign(&key()))?;
    assert!(read.items().count() <= data.len(), "nothing is added");
    Some(i64::from(read.number))
}

pub(super) fn feed_page(data: &[u8]) -> Option<i64> {
    let read = signs_again(data, FeedPage::parse, |read| read.sign(&key()))?;
    assert!(read.last() <= read.newest && read.entries.len() <= data.len(), "nothing is added");
    Some(i64::from(read.newest))
}

pub(super) fn chain_entry(data: &[u8]) -> Option<i64> {
    let read = signs_again(data, ChainEntry::parse, |read| read.sign(&key()))?;
    Some(i64::from(read.link.index))
}

pub(super) fn record(data: &[u8]) -> Option<i64> {
    let read = signs_again(data, Record::parse, |read| read.sign(&key()))?;
    Some(i64::from(read.link.index))
}

pub(super) fn token(data: &[u8]) -> Option<i64> {
    // Who writes keeps to limits that nobody reads by.
    let _fits = Token::parse(data).ok()?.0.sign(&key()).ok()?;
    let read = signs_again(data, Token::parse, |read| read.sign(&key()).unwrap_or_default())?;
    Some(i64::from(read.chain_index))
}

pub(super) fn receipt(data: &[u8]) -> Option<i64> {
    let read = signs_again(data, Receipt::parse, |read| read.sign(&key()))?;
    Some(i64::from(read.log_index))
}

pub(super) fn refusal(data: &[u8]) -> Option<i64> {
    let read = signs_again(data, Refusal::parse, |read| read.sign(&key()))?;
    Some(read.at.as_millis())
}

pub(super) fn beacon(data: &[u8]) -> Option<i64> {
    let read = signs_again(data, Beacon::parse, |read| read.sign(&key()))?;
    Some(i64::from(read.number))
}

pub(super) fn snapshot(data: &[u8]) -> Option<i64> {
    let read = signs_again(data, Snapshot::parse, |read| read.sign(&key()))?;
    Some(i64::from(read.number))
}

pub(super) fn endorsement(data: &[u8]) -> Option<i64> {
    let read = signs_again(data, Endorsement::parse, |read| read.sign(&key()))?;
    Some(read.at.as_millis())
}

pub(super) fn epoch(data: &[u8]) -> Option<i64> {
    let read = signs_again(data, Epoch::parse, |read| read.sign(&key()))?;
    Some(i64::from(read.log_index))
}

/// Judges as handed in, and once more as if the institution and its assessor had signed it.
pub(super) fn verdict(data: &[u8]) -> Option<i64> {
    let trust = TrustFile::parse(TRUST).ok()?.open().ok()?;
    let evidence = Evidence::parse(data).ok()?;
    judged(&evidence, &trust);
    let anew = match evidence {
        Evidence::Token(..) => signed_anew(data, &key())?,
        Evidence::Record(_, file, _) => {
            let sealed = signed_anew(&file.sealed, &key())?;
            RecordFile { sealed, ..file }.to_bytes()
        }
    };
    let evidence = Evidence::parse(&anew).ok()?;
    let verdict = judged(&evidence, &trust);
    if verdict.genuine.0 != Answer::Yes {
        return Some(0);
    }
    // Whatever is changed and stays genuine has another digest; any one number of it is seldom what is changed.
    let (Evidence::Token(_, signed) | Evidence::Record(.., signed)) = evidence;
    signed.payload_digest().as_bytes().last().map(|last| 256 + i64::from(*last))
}

fn judged(evidence: &Evidence, trust: &Trust) -> Verdict {
    let without = evidence.judge(None, NOW);
    assert_ne!(without.genuine.0, Answer::Yes, "nothing is genuine without trust");
    assert_ne!(without.in_force.0, Answer::Yes, "nor in force");
    let verdict = evidence.judge(Some(trust), NOW);
    assert_eq!(evidence.judge(Some(trust), NOW), verdict, "the same twice");
    assert!(verdict.in_force.0 != Answer::Yes || verdict.genuine.0 == Answer::Yes, "what is in force is genuine");
    for language in Language::ALL {
        let page = report_of(evidence, Some(trust), NOW, language);
        assert!(page.tone != Tone::Green || verdict.is_green(), "the page says no more than the verdict");
    }
    let (signed, delegation) = match evidence {
        Evidence::Record(record, _, signed) => (signed, &record.delegation),
        Evidence::Token(token, signed) => match &token.standing {
            Standing::OnSite { delegation, .. } => (signed, delegation),
            Standing::Registered { .. } => return verdict,
        },
    };
    if verdict.genuine.0 == Answer::Yes {
        let is_delegated = Delegation::parse(delegation).is_ok_and(|(read, issued)| {
            signed.verify(&read.assessor_key).is_ok()
                && issued.verify(&SecretKey::new(&ISSUING).public()).is_ok()
                && signed.purpose == issued.purpose
                && trust.key_set.purpose.covers(issued.purpose)
        });
        assert!(is_delegated, "the assessor signed what is genuine, and the institution delegated");
    }
    verdict
}
