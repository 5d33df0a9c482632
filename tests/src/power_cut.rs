//! The power cut: from the record of a child's whole life, the disk as it may lie there after every single step.

use std::{fs, path::Path};

use fieldproof_store::sabotage::Sabotage;

use crate::{
    Dice,
    child::{Child, Event, read_log},
    disk::{CUTS, Cut, Disk},
    held::{Told, Wrong, check},
    life,
    old::Old,
    scratch,
};

/// Whose life it is.
#[derive(Debug, Clone, Copy)]
pub enum Lived<'a> {
    /// A laptop's that is installed: one session goes to its end; after a lock, another begins.
    New {
        /// How many observations its first session has.
        observations: usize,
    },
    /// A laptop's of an earlier version that is unlocked, and migrated by it.
    Old(&'a Old),
}

/// A life that is recorded, and how many of its images are looked at.
#[derive(Debug, Clone, Copy)]
pub struct Cuts<'a> {
    /// The program `life-child`.
    pub program: &'a Path,
    /// Tells this life and its dice from another.
    pub run: &'a str,
    /// The life.
    pub life: Lived<'a>,
    /// How many images, of all there are, roughly.
    pub images: u32,
    /// How the child is wrong on purpose: then the first image that shows it is enough.
    pub sabotage: Option<Sabotage>,
}

/// What was seen.
#[derive(Debug, Default)]
pub struct Tally {
    /// Images opened.
    pub images: u32,
    /// Images there are.
    pub of: u32,
    /// What did not hold, with the step and the cut.
    pub wrong: Vec<String>,
}

impl Cuts<'_> {
    /// Records the life, then looks at images.
    #[must_use]
    pub fn look(&self) -> Tally {
        let folder = scratch();
        let (mut disk, events) = self.record(folder.path());
        let steps = steps(disk.clone(), &events);
        let of = u32::try_from(steps.len() * CUTS.len()).unwrap();
        let mut tally = Tally { of, ..Tally::default() };
        let (mut told, mut dice) = (Told::default(), Dice::new(self.run));
        let image = folder.path().join("image");
        let mut steps = steps.into_iter().peekable();
        for (number, event) in events.iter().enumerate() {
            disk.apply(event);
            if let Event::Told(lines) = event {
                lines.lines().for_each(|line| told.hear(line));
            }
            if steps.next_if_eq(&number).is_none() {
                continue;
            }
            for cut in CUTS {
                // What was acknowledged this moment is the easiest to lose.
                let is_due = cut == Cut::Dropped && matches!(event, Event::Told(_));
                if !is_due && !dice.falls(self.images, of) {
                    continue;
                }
                fs::create_dir(&image).unwrap();
                disk.write_image(cut, &mut dice, &image);
                tally.images += 1;
                let wrong = match self.life {
                    Lived::New { .. } => check(&image.join("laptop"), &told),
                    Lived::Old(old) => old.check(&image.join("laptop"), told.is_unlocked),
                };
                tally.wrong.extend(wrong.iter().map(|wrong: &Wrong| format!("step {number}, {cut:?}: {wrong:?}")));
                fs::remove_dir_all(&image).unwrap();
                if self.sabotage.is_some() && !tally.wrong.is_empty() {
                    return tally;
                }
            }
        }
        tally
    }

    /// Lets the child live; the disk before it, and what was done to it.
    fn record(&self, folder: &Path) -> (Disk, Vec<Event>) {
        let (root, log) = (folder.join("root"), folder.join("log"));
        fs::create_dir(&root).unwrap();
        let laptop = root.join("laptop");
        let jobs = match self.life {
            Lived::New { observations } => {
                [vec!["install"], life::session(observations), vec!["lock"], life::session(3)].concat()
            }
            Lived::Old(old) => {
                old.copy_to(&laptop);
                vec!["unlock"]
            }
        };
        let disk = Disk::holding(&root);
        let (program, run) = (self.program, self.run);
        let child =
            Child { program, laptop: &laptop, run, register: None, jobs: &jobs, sabotage: self.sabotage, day: 0 };
        let output = child.watched(Some(&log), None).output().unwrap();
        assert!(output.status.success(), "the child failed: {}", String::from_utf8_lossy(&output.stderr));
        (disk, read_log(&log))
    }
}

/// The steps after which an image may look different, or more is promised of it. An acknowledgement that follows at
/// once promises more of the same image, so that image is looked at then.
fn steps(mut disk: Disk, events: &[Event]) -> Vec<usize> {
    let mut steps = Vec::new();
    let mut is_new = false;
    for (number, event) in events.iter().enumerate() {
        is_new |= disk.apply(event) || matches!(event, Event::Told(_));
        let next = events.iter().skip(number + 1).find(|event| **event != Event::Read);
        if is_new && !matches!(next, Some(Event::Told(_))) {
            steps.push(number);
            is_new = false;
        }
    }
    steps
}
