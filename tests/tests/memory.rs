//! After locking, the memory of the program holds neither the store's key nor anybody's signing key, also while a PIN
//! would open it again. The same search finds both while the laptop is unlocked.
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

const PASSPHRASE: &str = "abandon garage tunnel velvet zebra";

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

fn let_on(stdin: &mut ChildStdin, said: &mut impl Iterator<Item = std::io::Result<String>>) -> String {
    stdin.write_all(b"\n").unwrap();
    said.next().unwrap().unwrap()
}

#[test]
fn a_locked_program_holds_no_key() {
    let world = TestWorld::new("memory");
    // A key that looks like one: those of the world are one byte, again and again.
    world.unlock();
    world.app.give_access(world.bob.0, PASSPHRASE).unwrap();
    world.app.lock();
    let needles = needles(&slots::unlock(&world.laptop(), world.bob.0, PASSPHRASE).unwrap());
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
    stdin.write_all(PASSPHRASE.as_bytes()).unwrap();
    assert_eq!(let_on(&mut stdin, &mut said), "unlocked");
    let held = search(&child, &needles);
    let finds = |what| held.iter().any(|(name, _)| *name == what);
    assert!(finds("the store's key") && finds("the signing key"), "the search finds nothing: {held:?}");
    assert_eq!(let_on(&mut stdin, &mut said), "locked");
    assert_eq!(search(&child, &needles), BTreeSet::new(), "after locking");
    assert_eq!(let_on(&mut stdin, &mut said), "locked again");
    assert_eq!(search(&child, &needles), BTreeSet::new(), "after the PIN and locking again");
    assert_eq!(let_on(&mut stdin, &mut said), "locked during a backup");
    assert_eq!(search(&child, &needles), BTreeSet::new(), "after locking while a backup went on");
    drop(stdin);
    assert!(child.wait().unwrap().success());
}
