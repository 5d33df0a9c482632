//! After locking, the memory of the program holds neither the store's key nor anybody's signing key, also while a PIN
//! would open it again; nor the passphrase or the PIN, which go through the list of commands as the window's do. The same
//! search finds the keys while the laptop is unlocked, and what was typed while it lies there to be sent.
#![allow(clippy::unwrap_used, reason = "helpers of tests stop where the set-up fails")]

use std::{
    collections::BTreeSet,
    fs::File,
    io::{BufRead, BufReader, Read, Seek, SeekFrom, Write},
    process::{Child, ChildStdin, Command, Stdio},
};

use fieldproof_model::id::to_hex;
use fieldproof_store::slots::{self, Opened};
use fieldproof_testkit::TestWorld;

/// The child is told both on its standard input, and neither is in its program or among its arguments. So long a passphrase
/// because memory of its size is soon used anew where it is a common one, and then nobody sees that it was not overwritten.
const PASSPHRASE: &str = "abandon garage tunnel velvet zebra cactus galaxy hockey island jaguar kangaroo lizard magnet";
/// Long enough to be nowhere by chance.
const PIN: &str = "240816397152";

fn first(bytes: &[u8], count: usize) -> Vec<u8> {
    bytes.iter().copied().take(count).collect()
}

type Needles = Vec<(&'static str, Vec<u8>)>;

fn needles(opened: &Opened) -> Needles {
    let key = opened.store.dangerously_expose_bytes();
    let hex = to_hex(key);
    let seed = opened.assessor.as_ref().unwrap().dangerously_expose_seed();
    vec![
        // The last sixteen bytes are the salt, which stands in front of the file for everybody to read.
        ("the store's key", first(key, 32)),
        ("the store's key as SQL", first(hex.as_bytes(), 64)),
        ("the store's key as SQL, in capitals", first(hex.to_uppercase().as_bytes(), 64)),
        ("the signing key", seed.to_vec()),
    ]
}

/// What was typed to get in; of the passphrase its end too, because whoever hands out memory writes its own notes over the
/// beginning of what was let go of.
fn typed() -> Needles {
    let end = PASSPHRASE.bytes().skip(16).collect();
    vec![
        ("the passphrase", PASSPHRASE.as_bytes().to_vec()),
        ("the end of the passphrase", end),
        ("the PIN", PIN.as_bytes().to_vec()),
    ]
}

/// What is found in any writable memory of a process, and where: what a core dump would hold.
fn search(child: &Child, needles: &Needles) -> BTreeSet<(&'static str, String)> {
    let id = child.id();
    let maps = std::fs::read_to_string(format!("/proc/{id}/maps")).unwrap();
    let mut memory = File::open(format!("/proc/{id}/mem")).unwrap();
    let mut found = BTreeSet::new();
    for line in maps.lines().filter(|line| line.split(' ').nth(1).is_some_and(|rights| rights.starts_with("rw"))) {
        let (start, end) = line.split(' ').next().unwrap().split_once('-').unwrap();
        let [start, end] = [start, end].map(|text| u64::from_str_radix(text, 16).unwrap());
        let mut bytes = vec![0; usize::try_from(end - start).unwrap()];
        memory.seek(SeekFrom::Start(start)).unwrap();
        // Some mappings cannot be read, by a core dump either.
        if memory.read_exact(&mut bytes).is_ok() {
            let held =
                needles.iter().filter(|(_, needle)| holds(&bytes, needle)).map(|(name, _)| (*name, line.to_owned()));
            found.extend(held);
        }
    }
    found
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    let Some(first) = needle.first() else { return false };
    let mut rest = bytes;
    while let Some(from) = rest.iter().position(|byte| byte == first).and_then(|at| rest.get(at..)) {
        if from.starts_with(needle) {
            return true;
        }
        rest = from.get(1..).unwrap_or_default();
    }
    false
}

/// Tells the child a line, and hears what it did with it.
fn tell(stdin: &mut ChildStdin, line: &str, said: &mut impl Iterator<Item = std::io::Result<String>>) -> String {
    stdin.write_all(format!("{line}\n").as_bytes()).unwrap();
    said.next().unwrap().unwrap()
}

#[test]
fn a_locked_program_holds_no_key_and_nothing_that_was_typed() {
    let world = TestWorld::new("memory");
    // A key that looks like one: those of the world are one byte, again and again.
    world.unlock();
    world.app.give_access(world.bob.0, PASSPHRASE).unwrap();
    world.app.lock();
    let mut all = needles(&slots::unlock(&world.laptop(), world.bob.0, PASSPHRASE).unwrap());
    all.extend(typed());
    let mut child = Command::new(env!("CARGO_BIN_EXE_locked-child"))
        .arg(world.laptop())
        .arg(world.bob.0.to_string())
        .arg(world.folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
    let finds = |held: &BTreeSet<(&str, String)>, what| held.iter().any(|(name, _)| *name == what);
    assert_eq!(tell(&mut stdin, &format!("{PASSPHRASE}\n{PIN}"), &mut said), "typed");
    let held = search(&child, &typed());
    assert!(finds(&held, "the passphrase") && finds(&held, "the PIN"), "the search finds nothing: {held:?}");
    assert_eq!(tell(&mut stdin, "", &mut said), "unlocked");
    let held = search(&child, &all);
    assert!(finds(&held, "the store's key") && finds(&held, "the signing key"), "the search finds nothing: {held:?}");
    let is_typed = |(name, _): &&(&str, String)| typed().iter().any(|(typed, _)| name == typed && *name != "the PIN");
    assert_eq!(held.iter().find(is_typed), None, "once it is unlocked");
    assert_eq!(tell(&mut stdin, "", &mut said), "at work");
    assert_eq!(search(&child, &typed()), BTreeSet::new(), "once the PIN is set");
    assert_eq!(tell(&mut stdin, "", &mut said), "locked");
    assert_eq!(search(&child, &all), BTreeSet::new(), "after locking");
    assert_eq!(tell(&mut stdin, PIN, &mut said), "locked again");
    assert_eq!(search(&child, &all), BTreeSet::new(), "after the PIN and locking again");
    assert_eq!(tell(&mut stdin, PIN, &mut said), "locked during a backup");
    assert_eq!(search(&child, &all), BTreeSet::new(), "after locking while a backup went on");
    drop(stdin);
    assert!(child.wait().unwrap().success());
}
