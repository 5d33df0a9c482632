//! A disk as it may lie there after the power went: what was synced is on it, the rest may be, in pieces.
//!
//! A file's bytes are safe once the file was synced, its name once the folder was: the strictest reading there is.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use crate::{Dice, child::Event};

/// What becomes of everything that was not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// It is lost.
    Dropped,
    /// It is there.
    Kept,
    /// Every sector of so many bytes, and every name, is lost or there by itself.
    Torn(usize),
}

/// All of them.
pub const CUTS: [Cut; 4] = [Cut::Dropped, Cut::Kept, Cut::Torn(512), Cut::Torn(4096)];

#[derive(Debug, Clone)]
enum Change {
    Write(usize, Vec<u8>),
    Length(usize),
}

impl Change {
    fn apply(&self, content: &mut Vec<u8>) {
        match self {
            Self::Write(at, bytes) => {
                let end = at + bytes.len();
                content.resize(content.len().max(end), 0);
                content.splice(*at..end, bytes.iter().copied());
            }
            Self::Length(to) => content.resize(*to, 0),
        }
    }

    /// The pieces that reach the disk each by itself.
    fn pieces(&self, sector: usize) -> Vec<Self> {
        let Self::Write(at, bytes) = self else {
            return vec![self.clone()];
        };
        let (mut at, mut rest) = (*at, bytes.as_slice());
        let mut pieces = Vec::new();
        while !rest.is_empty() {
            let (piece, left) = rest.split_at(rest.len().min(sector - at % sector));
            pieces.push(Self::Write(at, piece.to_vec()));
            (at, rest) = (at + piece.len(), left);
        }
        pieces
    }
}

#[derive(Debug, Clone, Default)]
struct Content {
    synced: Vec<u8>,
    since: Vec<Change>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entry {
    File(usize),
    Folder,
}

type Names = BTreeMap<String, Entry>;

#[derive(Debug, Clone)]
enum NameChange {
    Made(String, Entry),
    Gone(String),
    Moved(String, String),
}

impl NameChange {
    fn names(&self) -> Vec<&String> {
        match self {
            Self::Made(name, _) | Self::Gone(name) => vec![name],
            Self::Moved(from, to) => vec![from, to],
        }
    }

    fn is_in(&self, folder: &str) -> bool {
        self.names().into_iter().any(|name| folder_of(name) == folder)
    }

    fn apply(&self, names: &mut Names) {
        match self {
            Self::Made(name, entry) => drop(names.insert(name.clone(), *entry)),
            Self::Gone(name) => drop(names.remove(name)),
            Self::Moved(from, to) => {
                if let Some(entry) = names.remove(from) {
                    names.insert(to.clone(), entry);
                }
            }
        }
    }
}

fn folder_of(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(folder, _)| folder)
}

#[derive(Debug, Clone)]
enum Opened {
    File(usize),
    Folder(String),
}

/// The disk below one folder.
#[derive(Debug, Clone, Default)]
pub struct Disk {
    contents: Vec<Content>,
    synced: Names,
    since: Vec<NameChange>,
    now: Names,
    open: BTreeMap<u32, Opened>,
}

impl Disk {
    /// A disk on which everything in a folder lies safe.
    #[must_use]
    pub fn holding(folder: &Path) -> Self {
        let mut disk = Self::default();
        disk.hold(folder, "");
        disk.now = disk.synced.clone();
        disk
    }

    fn hold(&mut self, folder: &Path, below: &str) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = format!("{below}{}", path.file_name().unwrap().to_string_lossy());
            if path.is_dir() {
                self.synced.insert(name.clone(), Entry::Folder);
                self.hold(&path, &format!("{name}/"));
            } else {
                self.synced.insert(name, Entry::File(self.contents.len()));
                self.contents.push(Content { synced: fs::read(&path).unwrap(), since: Vec::new() });
            }
        }
    }

    /// Takes what was done next; whether an image may look different since.
    pub fn apply(&mut self, event: &Event) -> bool {
        match event {
            Event::Open { file, path, folder: true, .. } => {
                self.open.insert(*file, Opened::Folder(path.clone()));
                false
            }
            Event::Open { file, path, created, emptied, .. } => self.open_file(*file, path, *created, *emptied),
            Event::Write { file, at, bytes } => self.change(*file, Change::Write(*at, bytes.clone())),
            Event::Length { file, to } => self.change(*file, Change::Length(*to)),
            Event::Sync { file } => self.sync(*file),
            Event::Rename { from, to } => self.rename(NameChange::Moved(from.clone(), to.clone())),
            Event::Unlink(path) => self.rename(NameChange::Gone(path.clone())),
            Event::Folder(path) => self.rename(NameChange::Made(path.clone(), Entry::Folder)),
            Event::Read | Event::Told(_) => false,
        }
    }

    fn open_file(&mut self, file: u32, path: &str, created: bool, emptied: bool) -> bool {
        if created {
            self.contents.push(Content::default());
            self.rename(NameChange::Made(path.to_owned(), Entry::File(self.contents.len() - 1)));
        }
        let Some(Entry::File(content)) = self.now.get(path) else {
            panic!("the recorder did not see how {path} came to be");
        };
        self.open.insert(file, Opened::File(*content));
        created || (emptied && self.change(file, Change::Length(0)))
    }

    fn change(&mut self, file: u32, change: Change) -> bool {
        let Some(Opened::File(content)) = self.open.get(&file) else {
            panic!("something was written into what is no open file");
        };
        let content = self.contents.get_mut(*content).unwrap();
        content.since.push(change);
        true
    }

    fn rename(&mut self, change: NameChange) -> bool {
        change.apply(&mut self.now);
        self.since.push(change);
        true
    }

    fn sync(&mut self, file: u32) -> bool {
        match self.open.get(&file).cloned() {
            Some(Opened::Folder(folder)) => {
                let (synced, since): (Vec<_>, Vec<_>) =
                    std::mem::take(&mut self.since).into_iter().partition(|change| change.is_in(&folder));
                self.since = since;
                synced.iter().for_each(|change| change.apply(&mut self.synced));
                !synced.is_empty()
            }
            Some(Opened::File(content)) => {
                let content = self.contents.get_mut(content).unwrap();
                let since = std::mem::take(&mut content.since);
                since.iter().for_each(|change| change.apply(&mut content.synced));
                !since.is_empty()
            }
            None => panic!("something was synced that was not open"),
        }
    }

    /// Writes the disk as it may lie there into an empty folder.
    pub fn write_image(&self, cut: Cut, dice: &mut Dice, folder: &Path) {
        let names = self.names_after(cut, dice);
        for (name, entry) in &names {
            let is_lost = !folder_of(name).is_empty() && names.get(folder_of(name)) != Some(&Entry::Folder);
            match entry {
                // What lies in a lost folder is lost; SQLite makes its shared memory anew.
                _ if is_lost || name.ends_with("-shm") => {}
                Entry::Folder => fs::create_dir(folder.join(name)).unwrap(),
                Entry::File(content) => {
                    let content = self.contents.get(*content).unwrap().after(cut, dice);
                    fs::write(folder.join(name), content).unwrap();
                }
            }
        }
    }

    fn names_after(&self, cut: Cut, dice: &mut Dice) -> Names {
        let mut names = self.synced.clone();
        let mut lost = BTreeSet::new();
        for change in &self.since {
            let is_kept = match cut {
                Cut::Dropped => false,
                Cut::Kept => true,
                // Nothing is done to a name on top of something that was lost.
                Cut::Torn(_) => !change.names().into_iter().any(|name| lost.contains(name)) && dice.falls(1, 2),
            };
            if is_kept {
                change.apply(&mut names);
            } else {
                lost.extend(change.names().into_iter().cloned());
            }
        }
        names
    }
}

impl Content {
    fn after(&self, cut: Cut, dice: &mut Dice) -> Vec<u8> {
        let mut content = self.synced.clone();
        for change in &self.since {
            match cut {
                Cut::Dropped => {}
                Cut::Kept => change.apply(&mut content),
                Cut::Torn(sector) => {
                    let kept = change.pieces(sector).into_iter().filter(|_| dice.falls(1, 2));
                    kept.for_each(|piece| piece.apply(&mut content));
                }
            }
        }
        content
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(events: &[Event], cut: Cut) -> BTreeMap<String, Vec<u8>> {
        let mut disk = Disk::default();
        for event in events {
            disk.apply(event);
        }
        let folder = tempfile::tempdir().unwrap();
        disk.write_image(cut, &mut Dice::new("image"), folder.path());
        let entries = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
        entries
            .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap()))
            .collect()
    }

    fn open(file: u32, path: &str) -> Event {
        Event::Open { file, path: path.to_owned(), created: !path.is_empty(), emptied: false, folder: path.is_empty() }
    }

    #[test]
    fn what_was_synced_stays_and_the_rest_is_lost_kept_or_torn() {
        let write = |at, byte| Event::Write { file: 1, at, bytes: vec![byte; 4096] };
        let mut events = vec![open(1, "a"), write(0, 1)];
        assert_eq!(image(&events, Cut::Dropped), BTreeMap::new(), "a name that was not synced");
        assert_eq!(image(&events, Cut::Kept)["a"], [1; 4096]);
        events.extend([open(2, ""), Event::Sync { file: 2 }]);
        assert!(image(&events, Cut::Dropped)["a"].is_empty(), "its name alone was synced");
        events.extend([Event::Sync { file: 1 }, write(0, 2), write(4096, 2)]);
        assert_eq!(image(&events, Cut::Dropped)["a"], [1; 4096]);
        let torn = &image(&events, Cut::Torn(512))["a"];
        assert!(torn.chunks(512).all(|sector| sector.iter().all(|byte| *byte == sector[0])), "sectors stay whole");
        assert!(torn.contains(&1) && torn.contains(&2), "some sectors were lost and some were not");
    }

    #[test]
    fn a_rename_that_was_not_synced_leaves_the_old_file() {
        let write = |file, byte| Event::Write { file, at: 0, bytes: vec![byte] };
        let sync = |file| Event::Sync { file };
        let mut events = vec![open(9, ""), open(1, "a"), write(1, 1), sync(1), open(2, "a.new"), write(2, 2), sync(9)];
        events.push(Event::Rename { from: "a.new".to_owned(), to: "a".to_owned() });
        assert_eq!(image(&events, Cut::Dropped), [("a".to_owned(), vec![1]), ("a.new".to_owned(), vec![])].into());
        assert_eq!(image(&events, Cut::Kept), [("a".to_owned(), vec![2])].into());
        events.push(sync(9));
        assert_eq!(image(&events, Cut::Dropped), [("a".to_owned(), vec![])].into(), "renamed before it was synced");
    }
}
