//! One record on its way: where it stands, and what its next answer makes of it.

use fieldproof_model::digest::Digest;
use fieldproof_seal::{
    receipt::Have,
    record::{Record, RecordFile},
    trust::Trust,
};
use fieldproof_wire::{RecordAnswer, RequestError, SignedAnswer};

use crate::{
    AnswerProblem, LaneError, OutboxRecord, Outcome, RecordReport, SignedReceipt,
    plan::RecordLoad,
    verify::{verify_receipt, verify_refusal},
};

/// One record's lane. What happens in it stays in it.
#[derive(Debug)]
pub(crate) struct Lane<E: RequestError> {
    pub(crate) record: Digest,
    pub(crate) evidence: Vec<(Digest, u64)>,
    /// The last receipt, with what was missing then.
    held: Option<(SignedReceipt, Vec<Digest>)>,
    /// The first thing that went wrong.
    error: Option<LaneError<E>>,
    /// Its report, once the register said its last word.
    report: Option<RecordReport<E>>,
    /// Whether the register lost it: then what is here of its evidence goes again, and no more.
    is_return: bool,
}

impl<E: RequestError> Lane<E> {
    /// Opens a record's lane. What evidence it needs is what its sealed bytes name, not what anybody says of it.
    pub(crate) fn open(record: &OutboxRecord) -> Self {
        let is_return = !record.receipts.is_empty();
        let lane =
            |evidence, error| Self { record: record.digest, evidence, held: None, error, report: None, is_return };
        match read(record) {
            Ok(evidence) => lane(evidence, None),
            Err(error) => lane(Vec::new(), Some(error)),
        }
    }

    pub(crate) fn load(&self, file: &[u8]) -> RecordLoad {
        RecordLoad { digest: self.record, size: file.len(), evidence: self.evidence.clone() }
    }

    /// Whether the record itself is to be sent.
    pub(crate) const fn wants_record(&self) -> bool {
        self.report.is_none() && self.error.is_none()
    }

    /// Whether the register asked for this item. Something that went wrong with another item changes nothing.
    pub(crate) fn wants(&self, item: &Digest) -> bool {
        self.report.is_none() && self.held.as_ref().is_some_and(|(_, missing)| missing.contains(item))
    }

    /// Whether the record is to be sent again for its complete receipt.
    pub(crate) const fn wants_confirmation(&self) -> bool {
        self.wants_record() && self.held.is_some()
    }

    pub(crate) fn fail(&mut self, error: LaneError<E>) {
        self.error.get_or_insert(error);
    }

    /// Evidence cannot be sent. Of a record that the register has seen whole once, that is for people to know and no
    /// failure: whatever is still here was sent.
    pub(crate) fn lacks(&mut self, error: LaneError<E>) {
        let was_whole = self.held.as_ref().is_some_and(|(receipt, _)| receipt.receipt.have == Have::Complete);
        if !(self.is_return || was_whole) {
            self.fail(error);
        }
    }

    /// Takes an answer; nothing of it counts before it is verified. Returns a new receipt, with what is missing.
    pub(crate) fn take(&mut self, trust: &Trust, answer: RecordAnswer) -> Option<(&SignedReceipt, &[Digest])> {
        if let Err(problem) = self.judge(trust, answer) {
            self.fail(problem.into());
        }
        let held = self.held.as_ref().filter(|_| self.wants_record());
        held.map(|(receipt, missing)| (receipt, missing.as_slice()))
    }

    fn judge(&mut self, trust: &Trust, answer: RecordAnswer) -> Result<(), AnswerProblem> {
        match answer.signed {
            SignedAnswer::Receipt(signed) => {
                let receipt = verify_receipt(trust, &self.record, &self.evidence, &signed)?;
                match receipt.receipt.have {
                    Have::Complete => match self.named(answer.missing) {
                        missing if missing.is_empty() => self.end(Outcome::Complete(receipt)),
                        // It was whole once; the register lost some of it.
                        missing => self.held = Some((receipt, missing)),
                    },
                    #[cfg(feature = "sabotage")]
                    Have::Held if crate::sabotage::accepts_held() => self.end(Outcome::Complete(receipt)),
                    Have::Held => self.held = Some((receipt, answer.missing)),
                }
            }
            SignedAnswer::Refusal(signed) => {
                let refusal = verify_refusal(trust, &self.record, &signed)?;
                self.end(Outcome::Refused(refusal));
            }
        }
        Ok(())
    }

    /// Of what the register misses, what the record names.
    fn named(&self, missing: Vec<Digest>) -> Vec<Digest> {
        missing.into_iter().filter(|item| self.evidence.iter().any(|(named, _)| named == item)).collect()
    }

    fn end(&mut self, outcome: Outcome<E>) {
        self.report = Some(RecordReport { record: self.record, outcome });
    }

    /// Its report, if the register said its last word.
    pub(crate) const fn report(&self) -> Option<&RecordReport<E>> {
        self.report.as_ref()
    }

    /// Its report, now that nothing more will be sent.
    pub(crate) fn close(self) -> RecordReport<E> {
        let outcome = match (self.report, self.error, self.held) {
            (Some(report), ..) => return report,
            (None, Some(error), held) => Outcome::Failed { error, held: held.map(|(receipt, _)| receipt) },
            (None, None, Some((receipt, missing))) => Outcome::Held { receipt, missing },
            (None, None, None) => Outcome::NotSent,
        };
        RecordReport { record: self.record, outcome }
    }
}

fn read<E: RequestError>(record: &OutboxRecord) -> Result<Vec<(Digest, u64)>, LaneError<E>> {
    let file = RecordFile::parse(&record.file)?;
    let found = file.digest();
    if found != record.digest {
        return Err(LaneError::OtherRecord { expected: record.digest, found });
    }
    Ok(Record::parse(&file.sealed)?.0.evidence)
}
