//! How far a round of sending has come: which record, how many of how many, and how many bytes of evidence.

use std::collections::BTreeMap;

use fieldproof_model::{digest::Digest, id::SessionId};
use fieldproof_seal::record::{Record, RecordFile};
use fieldproof_sync::{HttpError, Outbox, Outcome, Progress};

/// What is being sent at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Leaving {
    /// Whose turn it is.
    pub session: Option<SessionId>,
    /// Its place among the records of this round, from 1; 0 before the first one's turn.
    pub record: usize,
    /// Records of this round.
    pub records: usize,
    /// Bytes of its evidence that the register has, and all of them.
    pub bytes: (u64, u64),
    /// The same for the whole round.
    pub all_bytes: (u64, u64),
}

/// Keeps count while a round is on.
#[derive(Debug, Default)]
pub(super) struct Count {
    records: Vec<Counted>,
    /// Size of each item, and how much of it the register has. Two records may name the same one.
    items: BTreeMap<Digest, (u64, u64)>,
    turn: Option<usize>,
}

#[derive(Debug)]
struct Counted {
    digest: Digest,
    session: Option<SessionId>,
    items: Vec<Digest>,
}

impl Count {
    pub(super) fn new(outbox: &Outbox, sessions: &[(Digest, SessionId)]) -> Self {
        let mut count = Self::default();
        for record in &outbox.records {
            let evidence = RecordFile::parse(&record.file).and_then(|file| Record::parse(&file.sealed));
            let evidence = evidence.map(|(record, _)| record.evidence).unwrap_or_default();
            count.records.push(Counted {
                digest: record.digest,
                session: sessions.iter().find(|(digest, _)| *digest == record.digest).map(|(_, session)| *session),
                items: evidence.iter().map(|(item, _)| *item).collect(),
            });
            count.items.extend(evidence.into_iter().map(|(item, size)| (item, (size, 0))));
        }
        count
    }

    pub(super) fn note(&mut self, progress: &Progress<'_, HttpError>) {
        match progress {
            Progress::Turn(record) => self.turn = self.place(*record),
            // What it had once and lost goes again.
            Progress::Held { receipt, missing } => {
                let there = receipt.receipt.evidence.iter().filter(|(item, _)| !missing.contains(item));
                there.for_each(|(item, size)| self.reached(*item, *size));
            }
            Progress::Ended(ended) => {
                if let Outcome::Complete(complete) = &ended.outcome {
                    complete.receipt.evidence.iter().for_each(|(item, size)| self.reached(*item, *size));
                }
            }
            Progress::Greeted(_) | Progress::Told(_) | Progress::Step { .. } => {}
        }
    }

    /// The register has so much of an item.
    pub(super) fn reached(&mut self, item: Digest, bytes: u64) {
        if let Some((size, reached)) = self.items.get_mut(&item) {
            *reached = bytes.min(*size);
        }
    }

    fn place(&self, record: Digest) -> Option<usize> {
        self.records.iter().position(|counted| counted.digest == record)
    }

    pub(super) fn leaving(&self) -> Leaving {
        let turn = self.turn.and_then(|turn| self.records.get(turn));
        let of = |item: &Digest| self.items.get(item).copied().unwrap_or_default();
        let sum = |items: &mut dyn Iterator<Item = (u64, u64)>| {
            items.fold((0_u64, 0_u64), |(done, all), (size, reached)| {
                (done.saturating_add(reached), all.saturating_add(size))
            })
        };
        Leaving {
            session: turn.and_then(|counted| counted.session),
            record: self.turn.map_or(0, |turn| turn.saturating_add(1)),
            records: self.records.len(),
            bytes: turn.map_or((0, 0), |counted| sum(&mut counted.items.iter().map(of))),
            all_bytes: sum(&mut self.items.values().copied()),
        }
    }
}
