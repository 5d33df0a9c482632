//! What happens in a script, as plain data: any part of a script is a script, so that one that fails can be made shorter.

use crate::Dice;

/// What becomes of one request; those behind the last one named pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is carried out and answered.
    Passes,
    /// It never arrives, and the connection breaks.
    Lost,
    /// It is carried out, and its answer is eaten.
    Eaten,
    /// Nobody is there any more.
    Gone,
    /// The laptop is killed before it goes out.
    Killed,
    /// The laptop is killed while it is carried out.
    KilledBehind,
    /// The register is killed and started again before it arrives.
    Restarted,
}

impl Fate {
    const ALL: [Self; 7] =
        [Self::Passes, Self::Lost, Self::Eaten, Self::Gone, Self::Killed, Self::KilledBehind, Self::Restarted];

    fn roll(dice: &mut Dice) -> Self {
        // Most requests pass, so that the others are met everywhere.
        let number = usize::try_from(dice.below(14)).unwrap();
        Self::ALL.get(number).copied().unwrap_or(Self::Passes)
    }
}

/// One step. Numbers choose among what there is by then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A laptop seals a record.
    Write {
        /// Which laptop.
        laptop: u32,
        /// With how many photos.
        photos: u32,
        /// What is special about it.
        die: u32,
    },
    /// A session is opened and nothing comes of it.
    Open {
        /// On which laptop.
        laptop: u32,
    },
    /// A laptop sends everything.
    Send {
        /// Which laptop.
        laptop: u32,
        /// What becomes of its requests.
        fates: Vec<Fate>,
    },
    /// The register is killed and started again.
    Kill,
    /// A laptop is backed up.
    Backup {
        /// Which laptop.
        laptop: u32,
    },
    /// A backup is restored onto a laptop, which goes on with a key of its own; the laptop that was backed up goes on, too.
    Restore {
        /// Whose backup.
        from: u32,
        /// Onto which laptop.
        onto: u32,
    },
    /// A laptop's disk is copied onto another one, key and all.
    Clone {
        /// Whose disk.
        from: u32,
        /// Onto which laptop.
        onto: u32,
    },
    /// The register is backed up.
    KeepRegister,
    /// The register is restored from its backup.
    RestoreRegister,
    /// A laptop writes a bundle.
    Bundle {
        /// Which laptop.
        laptop: u32,
    },
    /// The register takes a bundle, perhaps cut off.
    Import {
        /// Which bundle.
        bundle: u32,
        /// Where it is cut off, if it is.
        cut: Option<u32>,
    },
    /// A laptop takes the answers to a bundle, its own or not, perhaps cut off.
    Answers {
        /// Which laptop.
        laptop: u32,
        /// To which of the bundles that were answered.
        bundle: u32,
        /// Where they are cut off, if they are.
        cut: Option<u32>,
    },
    /// A delegation is ended.
    Withdraw {
        /// Which key's.
        key: u32,
        /// Whether somebody else may have the key.
        is_compromised: bool,
    },
    /// The register's clock jumps to so many minutes behind the beginning.
    Clock {
        /// Minutes.
        minutes: u32,
    },
}

/// A script of so many steps; the same for the same seed.
#[must_use]
pub fn script(seed: &str, steps: u32) -> Vec<Step> {
    let mut dice = Dice::new(seed);
    (0..steps).map(|_| step(&mut dice)).collect()
}

fn step(dice: &mut Dice) -> Step {
    let (which, laptop) = (dice.below(100), dice.below(64));
    let mut cut = || if dice.falls(1, 3) { Some(dice.below(u32::MAX)) } else { None };
    match which {
        0..30 => Step::Write { laptop, photos: dice.below(8).saturating_sub(5), die: dice.below(120) },
        30..36 => Step::Open { laptop },
        36..60 => {
            let fates = if dice.falls(1, 2) { dice.below(20) } else { 0 };
            Step::Send { laptop, fates: (0..fates).map(|_| Fate::roll(dice)).collect() }
        }
        60..65 => Step::Kill,
        65..67 => Step::Backup { laptop },
        67..70 => Step::Restore { from: laptop, onto: dice.below(64) },
        70 => Step::Clone { from: laptop, onto: dice.below(64) },
        71..73 => Step::KeepRegister,
        73..75 => Step::RestoreRegister,
        75..79 => Step::Bundle { laptop },
        79..84 => Step::Import { cut: cut(), bundle: laptop },
        84..90 => Step::Answers { cut: cut(), laptop, bundle: dice.below(64) },
        90..93 => Step::Withdraw { key: laptop, is_compromised: dice.falls(1, 2) },
        _ => Step::Clock { minutes: dice.below(300 * 24 * 60) },
    }
}
