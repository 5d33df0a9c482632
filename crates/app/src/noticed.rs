//! What came to light while something was sent, and only people can go after: it stays until somebody has seen it, and
//! what stays as it was is not said again with every sending.

use std::collections::BTreeMap;

use fieldproof_store::{ReadTx, Store, WriteTx, table::pack_items::PackItem};
use fieldproof_sync::Disagreement;

use crate::{App, Result, SendReport};

/// What a sending can bring to light.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Finding {
    /// The register lost photos or files of so many records, and they are not on this laptop any more.
    EvidenceGone,
    /// The register shows an older list of what was withdrawn than this laptop holds.
    OlderSnapshot,
    /// It shows an older time.
    OlderBeacon,
    /// It shows an earlier epoch than this laptop holds receipts of.
    EarlierEpoch,
    /// Places of chains at which the register holds something else as well: two laptops sign with one key.
    Forks,
    /// Entries of chains that it did not take.
    EntriesRefused,
    /// Chains of which it has other entries than this laptop.
    ChainsDiffer,
    /// Certificates that were opened for printing and that it takes for none.
    PapersRefused,
    /// It did not know of everything that it had told this laptop.
    HeardAnew,
}

impl Finding {
    const ALL: [Self; 9] = [
        Self::EvidenceGone,
        Self::OlderSnapshot,
        Self::OlderBeacon,
        Self::EarlierEpoch,
        Self::Forks,
        Self::EntriesRefused,
        Self::ChainsDiffer,
        Self::PapersRefused,
        Self::HeardAnew,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::EvidenceGone => "evidence_gone",
            Self::OlderSnapshot => "older_snapshot",
            Self::OlderBeacon => "older_beacon",
            Self::EarlierEpoch => "earlier_epoch",
            Self::Forks => "forks",
            Self::EntriesRefused => "entries_refused",
            Self::ChainsDiffer => "chains_differ",
            Self::PapersRefused => "papers_refused",
            Self::HeardAnew => "heard_anew",
        }
    }

    /// Whether each sending finds it again, as long as it is so. The others are found once.
    const fn stands(self) -> bool {
        match self {
            Self::OlderSnapshot
            | Self::OlderBeacon
            | Self::EarlierEpoch
            | Self::Forks
            | Self::EntriesRefused
            | Self::ChainsDiffer => true,
            Self::EvidenceGone | Self::PapersRefused | Self::HeardAnew => false,
        }
    }
}

/// Findings with their figures.
pub type Findings = BTreeMap<Finding, usize>;

/// How one finding stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Note {
    /// What the last sending said, of what stands.
    last: usize,
    /// What nobody has seen yet.
    unseen: usize,
}

type Notes = BTreeMap<Finding, Note>;

impl SendReport {
    /// What came to light.
    #[must_use]
    pub fn findings(&self) -> Findings {
        let disagreement = self.epoch.disagreement.map(|disagreement| match disagreement {
            Disagreement::Snapshot => Finding::OlderSnapshot,
            Disagreement::Beacon => Finding::OlderBeacon,
            Disagreement::Epoch => Finding::EarlierEpoch,
        });
        // A copy of this laptop explains the others.
        let chains = [
            (Finding::Forks, self.forks),
            (Finding::EntriesRefused, self.entries_refused),
            (Finding::ChainsDiffer, self.chains_differ),
        ];
        let is_anew = self.packs.as_ref().is_ok_and(|packs| packs.is_anew);
        let found = chains.into_iter().find(|(_, many)| 0 < *many).into_iter();
        let once = [
            (Finding::EvidenceGone, self.epoch.evidence_gone),
            (Finding::PapersRefused, self.papers_refused),
            (Finding::HeardAnew, usize::from(is_anew)),
        ];
        let disagreement = disagreement.map(|finding| (finding, 1));
        found.chain(disagreement).chain(once).filter(|(_, many)| 0 < *many).collect()
    }
}

impl App {
    /// What nobody has seen yet.
    ///
    /// # Errors
    /// [`crate::Error::Locked`], [`crate::Error::Store`].
    pub fn noticed(&self) -> Result<Findings> {
        Ok(unseen(&self.unlocked()?.store.read(notes)?))
    }

    /// Somebody has seen this. What came to light since stays.
    ///
    /// # Errors
    /// As [`Self::noticed`].
    pub fn dismiss_noticed(&self, shown: &Findings) -> Result<()> {
        self.unlocked()?.store.write(|tx| {
            let mut notes = notes(tx)?;
            for (finding, many) in shown {
                if let Some(note) = notes.get_mut(finding).filter(|note| note.unseen == *many) {
                    note.unseen = 0;
                }
            }
            keep(tx, &notes)
        })
    }
}

/// Keeps what a sending brought to light; while nobody is in, until somebody is.
pub(crate) fn keep_findings(store: &Store, found: &Findings) -> Result<()> {
    let before = store.read(notes)?;
    if after(&before, found) == before {
        return Ok(());
    }
    store.write(|tx| keep(tx, &after(&notes(tx)?, found)))
}

/// What stands is news when it was not there before, or is more than it was; what is found once adds up.
fn after(before: &Notes, found: &Findings) -> Notes {
    let note = |finding| {
        let Note { last, unseen } = before.get(&finding).copied().unwrap_or_default();
        let now = found.get(&finding).copied().unwrap_or_default();
        if !finding.stands() {
            return Note { last: 0, unseen: unseen.saturating_add(now) };
        }
        Note { last: now, unseen: if last < now { now } else { unseen } }
    };
    let all = Finding::ALL.into_iter().map(|finding| (finding, note(finding)));
    all.filter(|(_, note)| *note != Note::default()).collect()
}

fn unseen(notes: &Notes) -> Findings {
    notes.iter().filter(|(_, note)| 0 < note.unseen).map(|(finding, note)| (*finding, note.unseen)).collect()
}

/// A line for each: its name, what was said last, what nobody has seen.
fn notes(tx: &ReadTx<'_>) -> Result<Notes> {
    let text = tx.pack_item(PackItem::Noticed)?.and_then(|text| String::from_utf8(text).ok()).unwrap_or_default();
    Ok(text.lines().filter_map(note_of).collect())
}

fn note_of(line: &str) -> Option<(Finding, Note)> {
    let mut words = line.split(' ');
    let name = words.next()?;
    let finding = Finding::ALL.into_iter().find(|finding| finding.name() == name)?;
    Some((finding, Note { last: words.next()?.parse().ok()?, unseen: words.next()?.parse().ok()? }))
}

fn keep(tx: &WriteTx<'_>, notes: &Notes) -> Result<()> {
    let line = |(finding, note): (&Finding, &Note)| format!("{} {} {}\n", finding.name(), note.last, note.unseen);
    Ok(tx.set_pack_item(PackItem::Noticed, notes.iter().map(line).collect::<String>().as_bytes())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What nobody has seen after sendings that found so many, of which nobody sees anything before `seen` of them.
    fn told(finding: Finding, found: &[usize], seen: usize) -> usize {
        let mut notes = Notes::new();
        for (number, many) in found.iter().enumerate() {
            if number == seen {
                notes.values_mut().for_each(|note| note.unseen = 0);
            }
            notes = after(&notes, &Findings::from([(finding, *many)]));
        }
        unseen(&notes).get(&finding).copied().unwrap_or_default()
    }

    #[test]
    fn what_stands_is_said_when_it_comes_up_and_when_it_grows() {
        for (found, seen, expected) in [
            (&[2][..], 0, 2),
            (&[2, 2], 1, 0),
            (&[2, 2, 2], 1, 0),
            (&[2, 3], 1, 3),
            (&[2, 0], 9, 2),
            (&[2, 0, 2], 1, 2),
            (&[3, 2], 9, 3),
        ] {
            assert_eq!(told(Finding::Forks, found, seen), expected, "{found:?}, seen before {seen}");
        }
    }

    #[test]
    fn what_is_found_once_adds_up_until_somebody_has_seen_it() {
        for (found, seen, expected) in [(&[2, 1][..], 9, 3), (&[2, 0, 0], 9, 2), (&[2, 1], 1, 1), (&[2, 0], 1, 0)] {
            assert_eq!(told(Finding::PapersRefused, found, seen), expected, "{found:?}, seen before {seen}");
        }
    }

    #[test]
    fn what_is_kept_is_read_back() {
        let notes: Notes = Finding::ALL.into_iter().map(|finding| (finding, Note { last: 3, unseen: 12 })).collect();
        for (finding, note) in &notes {
            assert_eq!(note_of(&format!("{} 3 12", finding.name())), Some((*finding, *note)));
        }
        assert_eq!(note_of("Somebody works with a copy."), None);
    }
}
