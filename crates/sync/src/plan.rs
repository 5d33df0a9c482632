//! What goes in which order. Values in, values out.
//!
//! Papers first: they are small, and known then whatever becomes of their records. Then chains, so that no session can
//! be passed over. Then every record, small ones first: on a bad line as many as
//! possible are held soon. Then evidence, record by record, each followed by its record again for the complete receipt.

use std::ops::Range;

use fieldproof_model::digest::Digest;
use fieldproof_wire::limit;

/// One request. Numbers are places in the lists that were handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Some of the papers.
    Papers {
        /// Which of them.
        papers: Range<usize>,
    },
    /// Some entries of a chain.
    Chain {
        /// Which chain.
        chain: usize,
        /// Which of its entries.
        entries: Range<usize>,
    },
    /// A record, for the first time.
    Record {
        /// Which record.
        record: usize,
    },
    /// An evidence item of a record.
    Evidence {
        /// Which record.
        record: usize,
        /// Which item.
        item: Digest,
        /// Its size.
        size: u64,
    },
    /// A record again, now that its evidence is there.
    Confirm {
        /// Which record.
        record: usize,
    },
}

impl Step {
    /// Which record it is about; papers and chains are about none.
    pub(crate) const fn record(&self) -> Option<usize> {
        match self {
            Self::Papers { .. } | Self::Chain { .. } => None,
            Self::Record { record } | Self::Evidence { record, .. } | Self::Confirm { record } => Some(*record),
        }
    }
}

/// What the plan needs to know about a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainLoad {
    /// Size of the signed delegation in bytes.
    pub delegation: usize,
    /// Size of every entry in bytes.
    pub entries: Vec<usize>,
}

/// What the plan needs to know about a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordLoad {
    /// Its name.
    pub digest: Digest,
    /// Size of its file in bytes.
    pub size: usize,
    /// The evidence it names.
    pub evidence: Vec<(Digest, u64)>,
}

/// Room for what CBOR adds to an upload, and to each entry in it.
const FRAME: usize = 16;

/// Orders the work. The same work in another order gives the same plan, but for the numbers in it.
#[must_use]
pub fn plan(papers: usize, chains: &[ChainLoad], records: &[RecordLoad]) -> Vec<Step> {
    let portion = |start: usize| Step::Papers { papers: start..papers.min(start.saturating_add(limit::TOLD)) };
    let mut steps: Vec<_> = (0..papers).step_by(limit::TOLD).map(portion).collect();
    for (chain, load) in chains.iter().enumerate() {
        steps.extend(portions(load).into_iter().map(|entries| Step::Chain { chain, entries }));
    }
    steps.extend(
        sorted(records, |load| u64::try_from(load.size).unwrap_or(u64::MAX)).map(|record| Step::Record { record }),
    );
    for record in sorted(records, |load| load.evidence.iter().fold(0, |sum: u64, (_, size)| sum.saturating_add(*size)))
    {
        let Some(load) = records.get(record).filter(|load| !load.evidence.is_empty()) else {
            continue;
        };
        steps.extend(load.evidence.iter().map(|(item, size)| Step::Evidence { record, item: *item, size: *size }));
        steps.push(Step::Confirm { record });
    }
    steps
}

/// Places of the records, smallest first; equal ones by name, so that the order does not depend on the list's.
fn sorted(records: &[RecordLoad], weight: impl Fn(&RecordLoad) -> u64) -> impl Iterator<Item = usize> {
    let mut order: Vec<_> = records.iter().enumerate().map(|(at, load)| (weight(load), load.digest, at)).collect();
    order.sort_unstable();
    order.into_iter().map(|(.., at)| at)
}

/// Cuts a chain into uploads, each as large as what a connection that breaks may lose; a larger entry goes alone.
fn portions(load: &ChainLoad) -> Vec<Range<usize>> {
    let empty = load.delegation.saturating_add(FRAME);
    let (mut portions, mut start, mut size) = (Vec::new(), 0, empty);
    for (at, entry) in load.entries.iter().enumerate() {
        let entry = entry.saturating_add(FRAME);
        if limit::CHUNK < size.saturating_add(entry) && start < at {
            portions.push(start..at);
            (start, size) = (at, empty);
        }
        size = size.saturating_add(entry);
    }
    if start < load.entries.len() {
        portions.push(start..load.entries.len());
    }
    portions
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(n: u8) -> Digest {
        Digest::new([n; 32])
    }
    fn record(n: u8, size: usize, evidence: &[(u8, u64)]) -> RecordLoad {
        let evidence = evidence.iter().map(|(n, size)| (digest(*n), *size)).collect();
        RecordLoad { digest: digest(n), size, evidence }
    }
    fn evidence(record: usize, n: u8, size: u64) -> Step {
        Step::Evidence { record, item: digest(n), size }
    }

    #[test]
    fn chains_then_records_then_evidence_with_its_record_again() {
        use Step::{Chain, Confirm, Record};
        let chain = ChainLoad { delegation: 300, entries: vec![200, 200] };
        let none = ChainLoad { delegation: 300, entries: vec![] };
        type Row = (&'static str, Vec<ChainLoad>, Vec<RecordLoad>, Vec<Step>);
        let table: [Row; 5] = [
            ("nothing", vec![], vec![], vec![]),
            ("a chain without entries", vec![none], vec![], vec![]),
            ("a chain", vec![chain.clone()], vec![], vec![Chain { chain: 0, entries: 0..2 }]),
            (
                "small records first",
                vec![chain],
                vec![record(1, 900, &[]), record(2, 100, &[])],
                vec![Chain { chain: 0, entries: 0..2 }, Record { record: 1 }, Record { record: 0 }],
            ),
            (
                "every record before any evidence, little evidence first",
                vec![],
                vec![record(1, 100, &[(8, 5000), (9, 10)]), record(2, 900, &[(7, 40)]), record(3, 500, &[])],
                vec![
                    Record { record: 0 },
                    Record { record: 2 },
                    Record { record: 1 },
                    evidence(1, 7, 40),
                    Confirm { record: 1 },
                    evidence(0, 8, 5000),
                    evidence(0, 9, 10),
                    Confirm { record: 0 },
                ],
            ),
        ];
        for (name, chains, records, expected) in table {
            assert_eq!(plan(0, &chains, &records), expected, "{name}");
        }
    }

    #[test]
    fn papers_come_before_anything_else_as_many_at_a_time_as_a_message_tells_of() {
        let chain = ChainLoad { delegation: 300, entries: vec![200] };
        type Row = (usize, &'static [(usize, usize)]);
        let table: [Row; 4] = [
            (0, &[]),
            (1, &[(0, 1)]),
            (limit::TOLD, &[(0, limit::TOLD)]),
            (limit::TOLD + 1, &[(0, limit::TOLD), (limit::TOLD, limit::TOLD + 1)]),
        ];
        for (papers, expected) in table {
            let papers_then: Vec<_> = expected.iter().map(|(from, to)| Step::Papers { papers: *from..*to }).collect();
            let others = [Step::Chain { chain: 0, entries: 0..1 }, Step::Record { record: 0 }];
            let all = plan(papers, std::slice::from_ref(&chain), &[record(1, 100, &[])]);
            assert_eq!(all, [papers_then, others.to_vec()].concat(), "{papers} papers");
        }
    }

    #[test]
    fn a_long_chain_goes_in_small_uploads() {
        let quarter = limit::CHUNK / 4;
        type Row = (&'static str, Vec<usize>, &'static [(usize, usize)]);
        let table: [Row; 4] = [
            ("three quarters fit", vec![quarter; 3], &[(0, 3)]),
            ("four do not, with their frame", vec![quarter; 4], &[(0, 3), (3, 4)]),
            ("too large goes alone", vec![10, limit::CHUNK * 2, 10], &[(0, 1), (1, 2), (2, 3)]),
            ("too large at the end", vec![limit::CHUNK * 2], &[(0, 1)]),
        ];
        for (name, entries, expected) in table {
            let got: Vec<_> =
                portions(&ChainLoad { delegation: 300, entries }).iter().map(|p| (p.start, p.end)).collect();
            assert_eq!(got, expected, "{name}");
        }
    }

    #[test]
    fn equal_records_have_an_order_of_their_own() {
        let [a, b] = [record(1, 100, &[]), record(2, 100, &[])];
        let first = |records: &[RecordLoad]| match plan(0, &[], records).first() {
            Some(Step::Record { record }) => records[*record].digest,
            other => panic!("{other:?}"),
        };
        assert_eq!(first(&[a.clone(), b.clone()]), first(&[b, a]));
    }
}
