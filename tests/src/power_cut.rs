//! The power cut: from the record of a child's whole life, the disk as it may lie there after every single step.

use std::{fs, path::Path};

use fieldproof_store::sabotage::Sabotage;

use crate::{
    Dice,
    child::{Child, Event, read_log},
    disk::{CUTS, Cut, Disk},
    held::{Told, Wrong, check},
    life, scratch,
};

/// A life that is recorded, and how many of its images are looked at.
#[derive(Debug, Clone, Copy)]
pub struct Cuts<'a> {
    /// The program `life-child`.
    pub program: &'a Path,
    /// Tells this life and its dice from another.
    pub run: &'a str,
    /// How many observations its first session has.
    pub observations: usize,
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
        let events = self.record(folder.path());
        let of = u32::try_from(steps(&events).len() * CUTS.len()).unwrap();
        let mut tally = Tally { of, ..Tally::default() };
        let (mut disk, mut told, mut dice) = (Disk::default(), Told::default(), Dice::new(self.run));
        let image = folder.path().join("image");
        let mut steps = steps(&events).into_iter().peekable();
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
                let wrong = check(&image.join("laptop"), &told);
                tally.wrong.extend(wrong.iter().map(|wrong: &Wrong| format!("step {number}, {cut:?}: {wrong:?}")));
                fs::remove_dir_all(&image).unwrap();
                if self.sabotage.is_some() && !tally.wrong.is_empty() {
                    return tally;
                }
            }
        }
        tally
    }

    /// Lets the child live: a laptop is installed and one session goes to its end; after a lock, another begins.
    fn record(&self, folder: &Path) -> Vec<Event> {
        let (root, log) = (folder.join("root"), folder.join("log"));
        fs::create_dir(&root).unwrap();
        let mut jobs = vec!["install"];
        jobs.extend(life::session(self.observations));
        jobs.push("lock");
        jobs.extend(life::session(3));
        let laptop = root.join("laptop");
        let (program, run) = (self.program, self.run);
        let child = Child { program, laptop: &laptop, run, register: None, jobs: &jobs, sabotage: self.sabotage };
        let output = child.watched(Some(&log), None).output().unwrap();
        assert!(output.status.success(), "the child failed: {}", String::from_utf8_lossy(&output.stderr));
        read_log(&log)
    }
}

/// The steps after which an image may look different, or more is promised of it. An acknowledgement that follows at
/// once promises more of the same image, so that image is looked at then.
fn steps(events: &[Event]) -> Vec<usize> {
    let mut disk = Disk::default();
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
