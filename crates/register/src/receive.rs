//! Records: judged, given a place in the log or on the shelf, and answered with something signed.

use fieldproof_model::{digest::Digest, time::Timestamp};
use fieldproof_seal::{
    delegation::Delegation,
    digest_of,
    keys::PublicKey,
    parts::PartKind,
    receipt::{Have, Receipt, Refusal, RefusalReason},
    record::{Record, RecordFile},
    trust::Trust,
    verdict::{Answer, Sentence, judge_record},
};
use fieldproof_wire::{Fault, RecordAnswer, SignedAnswer, limit, log};

#[cfg(feature = "sabotage")]
use crate::sabotage::{self, Sabotage};
use crate::{
    RegisterError,
    core::Core,
    evidence::within,
    table::{
        Transaction, chain_entries, delegations, epochs, receipts,
        records::{self, LogPlace},
        refusals::{self, RefusalRow},
    },
};

/// A record file that arrived.
pub(crate) struct Arrived<'a> {
    /// The whole file, as it came.
    pub(crate) bytes: &'a [u8],
    pub(crate) file: RecordFile,
    /// The record's name.
    pub(crate) digest: Digest,
}

/// What the book says before a file is judged.
struct Before {
    /// The complete receipt of its record.
    complete: Option<Vec<u8>>,
    /// Whether a receipt of the record was given back.
    was_returned: bool,
    /// Whether its record was accepted.
    has_place: bool,
    /// The last refusal of this very file.
    refusal: Option<Vec<u8>>,
}

/// What a refusal of before means for the same file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refused {
    Stands,
    IsJudgedAnew,
}

/// A record whose seal, parts, scheme and delegation were checked and hold.
pub(crate) struct Genuine {
    pub(crate) record: Record,
    pub(crate) assessor_key: PublicKey,
    /// The signed delegation of that key.
    pub(crate) delegation: Vec<u8>,
}

/// Which parts a record has to bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whole {
    /// Every one that it names.
    Now,
    /// It brought all of them once; now the scheme alone.
    Once,
}

impl Core {
    /// Takes a record file and answers with a receipt or a refusal.
    pub(crate) fn receive_record(&self, bytes: &[u8]) -> Result<RecordAnswer, RegisterError> {
        self.receive(bytes, Refused::Stands)
    }

    /// The same for a file that somebody offers again because the institution mended what spoke against it.
    pub(crate) fn judge_anew(&self, bytes: &[u8]) -> Result<RecordAnswer, RegisterError> {
        self.receive(bytes, Refused::IsJudgedAnew)
    }

    fn receive(&self, bytes: &[u8], refused_before: Refused) -> Result<RecordAnswer, RegisterError> {
        within(bytes, limit::RECORD)?;
        let file = RecordFile::parse(bytes).map_err(|_| Fault::Malformed)?;
        let arrived = Arrived { bytes, digest: file.digest(), file };
        #[cfg(feature = "sabotage")]
        self.trust_the_clock()?;
        let named = Record::parse(&arrived.file.sealed).map(|(record, _)| record.evidence).unwrap_or_default();
        let before = self.read(|tx| self.before(tx, &arrived))?;
        // Once complete nothing is judged again: the receipt stands.
        if let Some(signed) = before.complete {
            let missing = if before.was_returned { self.missing(&named)? } else { Vec::new() };
            return Ok(RecordAnswer { signed: SignedAnswer::Receipt(signed), missing });
        }
        if let Some(signed) = before.refusal.filter(|_| !before.has_place && refused_before == Refused::Stands) {
            return Ok(refused(signed));
        }
        if before.has_place {
            return self.answer_held(&arrived.digest, &named);
        }
        // Reading photos back takes time and is done before the book is locked; nothing kept goes away meanwhile. For a
        // record that is refused nobody does: anybody can name much.
        let judged = match judge(&self.trust, &arrived.file, self.now(), Whole::Now) {
            Ok(genuine) => Ok((genuine, self.missing(&named)?)),
            Err(reason) => Err(reason),
        };
        self.write(|tx| {
            if let Some(place) = self.place_of(tx, &arrived.digest)? {
                // Another file of this record was accepted a moment ago.
                let missing = judged.map_or_else(|_| self.missing(&named), |(_, missing)| Ok(missing))?;
                return self.receipt(tx, &arrived.digest, &place, &named, missing);
            }
            let before = refusals::find(tx, &digest_of(arrived.bytes))?;
            if let Some(signed) = before.filter(|_| refused_before == Refused::Stands) {
                return Ok(refused(signed));
            }
            let (genuine, missing) = match judged {
                Ok(judged) => judged,
                Err(reason) => return self.refuse(tx, &arrived, reason),
            };
            if !self.take_place(tx, &arrived, &genuine)? {
                return self.refuse(tx, &arrived, RefusalReason::OtherRecordAtThisPlace);
            }
            let place = self.log(tx, &arrived, &genuine.record, self.signing_time()?)?;
            delegations::keep(tx, &genuine.delegation, &genuine.assessor_key)?;
            self.receipt(tx, &arrived.digest, &place, &named, missing)
        })
    }

    /// Answers for a record that has a place, without judging it again.
    fn answer_held(&self, record: &Digest, named: &[(Digest, u64)]) -> Result<RecordAnswer, RegisterError> {
        let missing = self.missing(named)?;
        self.write(|tx| {
            let place = self.place_of(tx, record)?.ok_or(RegisterError::Damaged("a place of the log is gone"))?;
            self.receipt(tx, record, &place, named, missing)
        })
    }

    /// What the book says of a file and its record.
    fn before(&self, tx: &Transaction<'_>, arrived: &Arrived<'_>) -> Result<Before, RegisterError> {
        let complete = receipts::find(tx, &arrived.digest, Have::Complete)?;
        Ok(Before {
            was_returned: complete.is_some() && epochs::was_returned(tx, &arrived.digest)?,
            complete,
            has_place: self.place_of(tx, &arrived.digest)?.is_some(),
            refusal: refusals::find(tx, &digest_of(arrived.bytes))?,
        })
    }

    /// Where a record stands that was accepted before.
    pub(crate) fn place_of(&self, tx: &Transaction<'_>, record: &Digest) -> Result<Option<LogPlace>, RegisterError> {
        #[cfg(feature = "sabotage")]
        if sabotage::is_set(Sabotage::ForgetDuplicates) {
            return Ok(None);
        }
        records::find(tx, record)
    }

    #[cfg(feature = "sabotage")]
    fn trust_the_clock(&self) -> Result<(), RegisterError> {
        let last = self.read(records::last)?;
        let is_earlier = last.is_some_and(|last| self.now() < last.received_at);
        if sabotage::is_set(Sabotage::TrustTheClock) && is_earlier { Err(Fault::Internal.into()) } else { Ok(()) }
    }

    /// Keeps the sealed record at its place of the chain; says whether it stands there alone.
    fn take_place(
        &self,
        tx: &Transaction<'_>,
        arrived: &Arrived<'_>,
        genuine: &Genuine,
    ) -> Result<bool, RegisterError> {
        let (key, index) = (&genuine.assessor_key, genuine.record.link.index);
        chain_entries::keep(tx, key, index, &arrived.file.sealed, self.now())?;
        Ok(chain_entries::others(tx, key, index, &arrived.digest)?.is_empty())
    }

    /// Appends an accepted record to the log.
    pub(crate) fn log(
        &self,
        tx: &Transaction<'_>,
        arrived: &Arrived<'_>,
        record: &Record,
        received_at: Timestamp,
    ) -> Result<LogPlace, RegisterError> {
        let (last, head) = records::last(tx)?.map_or((0, log::EMPTY), |place| (place.index, place.head));
        let place = LogPlace {
            index: last.checked_add(1).ok_or(RegisterError::Exhausted("the log"))?,
            head: log::next_head(&head, &arrived.digest),
            received_at,
        };
        records::insert(tx, &arrived.digest, arrived.bytes, &place, record)?;
        Ok(place)
    }

    /// The receipt of an accepted record: the stored one, or one that is signed and stored.
    pub(crate) fn receipt(
        &self,
        tx: &Transaction<'_>,
        record: &Digest,
        place: &LogPlace,
        named: &[(Digest, u64)],
        missing: Vec<Digest>,
    ) -> Result<RecordAnswer, RegisterError> {
        // What was complete stays so, whatever of it was lost since.
        if let Some(signed) = receipts::find(tx, record, Have::Complete)? {
            return Ok(RecordAnswer { signed: SignedAnswer::Receipt(signed), missing });
        }
        let have = if missing.is_empty() { Have::Complete } else { Have::Held };
        let signed = match receipts::find(tx, record, have)? {
            Some(signed) => signed,
            None => {
                let evidence = named.iter().filter(|(digest, _)| !missing.contains(digest)).copied().collect();
                let signed = Receipt {
                    purpose: self.purpose(),
                    have,
                    record: *record,
                    evidence,
                    received_at: place.received_at,
                    log_index: place.index,
                    log_head: place.head,
                    epoch: epochs::current(tx)?,
                }
                .sign(&self.key);
                receipts::insert(tx, record, have, &signed)?;
                delegations::advance_past(tx, record)?;
                signed
            }
        };
        Ok(RecordAnswer { signed: SignedAnswer::Receipt(signed), missing })
    }

    /// Puts a file on the shelf, with a signed refusal; one that lies there gets the one it got.
    pub(crate) fn refuse(
        &self,
        tx: &Transaction<'_>,
        arrived: &Arrived<'_>,
        reason: RefusalReason,
    ) -> Result<RecordAnswer, RegisterError> {
        let file = digest_of(arrived.bytes);
        let before = refusals::find(tx, &file)?;
        let is_said = |signed: &Vec<u8>| Refusal::parse(signed).is_ok_and(|(before, _)| before.reason == reason);
        if let Some(signed) = before.clone().filter(is_said) {
            // Offered again and refused for the same reason: that was signed once.
            return Ok(refused(signed));
        }
        let now = self.signing_time()?;
        let signed = Refusal { purpose: self.purpose(), record: arrived.digest, reason, at: now }.sign(&self.key);
        if before.is_some() {
            refusals::insert_later(tx, &file, now, &signed)?;
            return Ok(refused(signed));
        }
        let row = RefusalRow {
            file_digest: file,
            record_digest: arrived.digest,
            refused_at: now,
            signed: &signed,
            file: arrived.bytes,
        };
        refusals::insert(tx, &row)?;
        Ok(refused(signed))
    }
}

const fn refused(signed: Vec<u8>) -> RecordAnswer {
    RecordAnswer { signed: SignedAnswer::Refusal(signed), missing: Vec::new() }
}

/// Whether the register accepts a record on its own merits, whatever else stands in the book.
pub(crate) fn judge(trust: &Trust, file: &RecordFile, now: Timestamp, whole: Whole) -> Result<Genuine, RefusalReason> {
    let (record, unverified) = Record::parse(&file.sealed).map_err(|_| RefusalReason::NotGenuine)?;
    match judge_record(file, &record, &unverified, Some(trust), now).genuine {
        // A clock in doubt is no reason to turn a record away: the receipt fixes its time.
        (Answer::Yes, _) | (_, Sentence::OutsideDelegationClock) => {}
        (_, because) => return Err(refusal_reason(because)),
    }
    let is_whole = whole == Whole::Once || record.parts.keys().all(|number| file.parts.contains_key(number));
    // A record that withholds its scheme could not be held against its delegation.
    if !is_whole || !file.parts.contains_key(&PartKind::Scheme.number()) {
        return Err(RefusalReason::NotGenuine);
    }
    let signed = file.delegation(&record, &unverified).to_vec();
    let (delegation, _) = Delegation::parse(&signed).map_err(|_| RefusalReason::Delegation)?;
    Ok(Genuine { record, assessor_key: delegation.assessor_key, delegation: signed })
}

const fn refusal_reason(because: Sentence) -> RefusalReason {
    // To the register its own key set is the whole truth: an issuer it does not know is not its institution's.
    let is_delegation = matches!(
        because,
        Sentence::ForgedDelegation
            | Sentence::MayNotCertify
            | Sentence::OutsideDelegation
            | Sentence::UnknownIssuer
            | Sentence::CompromisedKey
    );
    if is_delegation { RefusalReason::Delegation } else { RefusalReason::NotGenuine }
}
