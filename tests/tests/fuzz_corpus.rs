//! Replays what the fuzzer found worth keeping through the same targets: no panic, and nothing taken that must not be.
#![allow(clippy::unwrap_used, reason = "helpers of tests stop where the set-up fails")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use fieldproof_store::slots::{RecoveryKey, SlotFile};

#[path = "../fuzz/src/targets/mod.rs"]
mod targets;

/// All that is committed; what is larger makes every clone pay.
const SIZE_LIMIT: u64 = 1 << 20;

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

fn names(folder: &Path) -> Vec<String> {
    files(folder).iter().map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect()
}

#[test]
fn every_target_has_a_program_and_a_corpus() {
    let mut expected: Vec<_> = targets::TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    expected.sort();
    assert_eq!(names(&fuzz().join("corpus")), expected);
    assert_eq!(names(&fuzz().join("fuzz_targets")), expected);
    let manifest = fs::read_to_string(fuzz().join("Cargo.toml")).unwrap();
    for name in expected {
        assert!(manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")), "{name} is built");
    }
}

#[test]
fn the_corpus_is_answered() {
    let mut size = 0;
    for (name, target) in targets::TARGETS {
        let mut read = 0;
        for path in files(&fuzz().join("corpus").join(name)) {
            let bytes = fs::read(&path).unwrap();
            size += u64::try_from(bytes.len()).unwrap();
            let answer = std::panic::catch_unwind(|| target(&bytes));
            let answer = answer.unwrap_or_else(|_| panic!("{} is a find", path.display()));
            let trips = answer.is_some_and(|number| 255 < number && number % 16 == targets::PLANTED);
            assert!(!trips, "{}: a planted panic would be found without a mutation", path.display());
            read += usize::from(answer.is_some());
        }
        assert!(0 < read, "{name}: nothing in its corpus is read; `make fuzz-seeds` writes what the formats are today");
    }
    assert!(size < SIZE_LIMIT, "the corpus has grown to {size} bytes");
}

#[test]
fn the_seeds_of_the_slot_file_open_with_what_the_target_tries() {
    use targets::store::{PASSPHRASE, RECOVERY_KEY, STORE_KEY, checked};
    let content = fs::read_to_string(fuzz().join("corpus/slot_file/seed-001")).unwrap();
    let file = SlotFile::parse(checked(&content).as_bytes()).unwrap();
    let (_, opened) = file.unlock_any(PASSPHRASE).unwrap();
    let (_, recovered) = file.recover(&RecoveryKey::parse(RECOVERY_KEY).unwrap()).unwrap();
    for store in [opened.store, recovered] {
        assert_eq!(store.dangerously_expose_bytes(), &STORE_KEY, "so another key would be noticed");
    }
}
