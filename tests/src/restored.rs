//! A register that is put back to its backup of yesterday while laptops hold what it signed today: whoever comes first,
//! no number is given out twice, and everything is taken back as it was signed.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use fieldproof_model::digest::Digest;
use fieldproof_register::Register;
use fieldproof_seal::{receipt::Have, receipt::Receipt, trust::Trust};
use fieldproof_sync::{
    HeldReceipt, Holding, Known, Outbox, OutboxRecord, Outcome, Progress, SnapshotNews, compare, send_greeted,
};
use fieldproof_wire::{RegisterProtocol, SignedAnswer};

use crate::{
    Dice,
    institution::{Institution, Place},
};

/// Copies a folder with everything in it; what is at the other end goes.
///
/// # Panics
/// When that cannot be done.
pub fn copy_folder(from: &Path, to: &Path) {
    drop(fs::remove_dir_all(to));
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (from, to) = entry.map(|entry| (entry.path(), to.join(entry.file_name()))).unwrap();
        if from.is_dir() {
            copy_folder(&from, &to);
        } else {
            fs::copy(from, to).unwrap();
        }
    }
}

/// A laptop in memory, with records of its own.
struct Laptop {
    files: Vec<OutboxRecord>,
    /// So many of them are sealed.
    sealed: usize,
    holding: Holding,
}

impl Laptop {
    fn new(institution: &Institution, places: std::ops::Range<u32>) -> Self {
        let files = places.map(|index| {
            let file = institution.record(index, &[]);
            OutboxRecord { digest: file.digest(), file: file.to_bytes(), receipts: Vec::new() }
        });
        Self { files: files.collect(), sealed: 0, holding: Holding::default() }
    }

    fn receipt(&self, record: &Digest) -> Option<&Vec<u8>> {
        self.holding.receipts.iter().find(|held| held.record == *record).map(|held| &held.signed)
    }

    /// Sends what is sealed and not in the register, and gives back what was lost.
    async fn send(&mut self, register: &Register, institution: &Institution) {
        let trust = institution.trust();
        let snapshot = self.holding.snapshot.as_deref().and_then(|signed| trust.verify_snapshot(signed));
        let known = Known { root: institution.root.public(), trust: Trust { snapshot, ..trust } };
        let compared = compare(register, &known, &self.holding).await.unwrap();
        if let SnapshotNews::Newer(signed) = &compared.greeting.snapshot {
            self.holding.snapshot = Some(signed.clone());
        }
        self.holding.beacon = Some(compared.greeting.signed_beacon.clone());
        if compared.is_full {
            self.holding.compared = compared.epoch;
        }
        let outgoing = self.files.iter().take(self.sealed).filter_map(|file| match self.receipt(&file.digest) {
            None => Some(file.clone()),
            Some(signed) if compared.lost.contains(&file.digest) => {
                Some(OutboxRecord { receipts: vec![signed.clone()], ..file.clone() })
            }
            Some(_) => None,
        });
        let outbox = Outbox { chains: Vec::new(), records: outgoing.collect(), ..Outbox::default() };
        let mut received = Vec::new();
        let mut on = |progress: Progress<'_, _>| {
            if let Progress::Ended(report) = progress
                && let Outcome::Complete(receipt) = &report.outcome
            {
                received.push(HeldReceipt { record: report.record, signed: receipt.signed.clone() });
            }
        };
        send_greeted(register, &known, compared.greeting, &outbox, &mut |_| None, &mut on).await;
        received.retain(|new| self.receipt(&new.record).is_none());
        self.holding.receipts.extend(received);
    }
}

/// Everything that is wrong at the end.
///
/// # Panics
/// When the suite itself cannot be set up.
#[must_use]
pub fn run(seed: &str) -> Vec<String> {
    tokio::runtime::Runtime::new().unwrap().block_on(story(seed))
}

async fn story(seed: &str) -> Vec<String> {
    let mut dice = Dice::new(&format!("{seed}/restored"));
    let (institution, place) = (Institution::esimerkki(), Place::new());
    let mut laptops: Vec<Laptop> =
        (0..3).map(|number| Laptop::new(&institution, number * 10 + 1..number * 10 + 9)).collect();
    let mut register = place.create(&institution);
    let mut wrong = Vec::new();
    for _ in 0..3 {
        for yesterday in [true, false] {
            for _ in 0..2 + dice.below(3) {
                let (turn, more) = (dice.below(3), usize::try_from(dice.below(3)).unwrap());
                let laptop = laptops.get_mut(usize::try_from(turn).unwrap()).unwrap();
                laptop.sealed = (laptop.sealed + more).min(laptop.files.len());
                laptop.send(&register, &institution).await;
            }
            drop(register);
            if yesterday {
                place.back_up();
                register = place.open();
                // Everybody has heard of the register since.
                for laptop in &mut laptops {
                    laptop.send(&register, &institution).await;
                }
            } else {
                register = place.restore();
            }
        }
    }
    for _ in 0..2 {
        for laptop in &mut laptops {
            laptop.send(&register, &institution).await;
        }
    }
    judge(&register, &laptops, &mut wrong).await;
    wrong
}

async fn judge(register: &Register, laptops: &[Laptop], wrong: &mut Vec<String>) {
    let mut places: BTreeMap<(u32, u32), BTreeSet<Digest>> = BTreeMap::new();
    for laptop in laptops {
        for file in laptop.files.iter().take(laptop.sealed) {
            let Some(signed) = laptop.receipt(&file.digest) else {
                wrong.push(format!("record {} got no receipt", file.digest));
                continue;
            };
            let (receipt, _) = Receipt::parse(signed).unwrap();
            places.entry((receipt.epoch, receipt.log_index)).or_default().insert(file.digest);
            let answer = register.put_record(&file.file).await.map(|answer| answer.signed);
            if !matches!(&answer, Ok(SignedAnswer::Receipt(theirs)) if theirs == signed && receipt.have == Have::Complete)
            {
                wrong.push(format!("record {}: the register has another receipt: {answer:?}", file.digest));
            }
        }
    }
    for ((epoch, index), records) in places.iter().filter(|(_, records)| 1 < records.len()) {
        wrong.push(format!("{} records are number {index} of epoch {epoch}", records.len()));
    }
    let (count, all) = (register.log().unwrap().0, laptops.iter().map(|laptop| laptop.sealed).sum::<usize>());
    if usize::try_from(count).unwrap() != all {
        wrong.push(format!("{count} places in the log for {all} records"));
    }
}
