//! Every file of `tests/vectors`, read by the formats' code; `ACCEPT=1` writes them anew from the table beside this.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub,
    reason = "helpers of tests stop where the set-up fails, and are nobody else's"
)]

mod vector_cases;

use std::{collections::BTreeMap, fs, path::Path};

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors")
}

fn written() -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.filter(|path| path.extension().is_some_and(|ending| ending == "txt"));
    files
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap()))
        .collect()
}

#[test]
fn what_was_written_as_version_1_stays() {
    let made: BTreeMap<_, _> = vector_cases::all().iter().map(|(name, vector)| (name.clone(), vector.text())).collect();
    if std::env::var_os("ACCEPT").is_some() {
        for (name, text) in &made {
            fs::write(folder().join(name), text).unwrap();
        }
    }
    let found = written();
    assert!(made.keys().eq(found.keys()), "made and not there, or there and not made");
    for (name, text) in &made {
        assert!(found[name] == *text, "{name} is not what it was");
    }
}
