//! House rules that a machine can hold: who may import whom, how files begin, how long they are, and that what was
//! shipped stays as it was.
#![allow(clippy::unwrap_used, reason = "helpers of tests stop where the set-up fails")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use cargo_metadata::{DependencyKind, MetadataCommand};
use fieldproof_seal::digest_of;

/// Rooms from left to right: a room may depend on what is listed for it and on nothing else of ours.
const IMPORTS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("seal", &["model"]),
    ("store", &["model", "seal"]),
    ("wire", &["model", "seal"]),
    ("certificate", &["model", "seal"]),
    ("sync", &["model", "seal", "store", "wire", "certificate"]),
    ("app", &["model", "seal", "store", "wire", "certificate", "sync"]),
    ("api", &["model", "seal", "store", "wire", "certificate", "sync", "app"]),
    ("desktop", &["model", "seal", "store", "wire", "certificate", "sync", "app", "api"]),
    ("page", &["model", "seal"]),
    ("register", &["model", "seal", "wire", "page"]),
    ("cli", &["model", "seal", "store", "wire", "certificate", "sync", "app", "api", "page", "register"]),
    ("testkit", &["model", "seal", "store", "wire", "certificate", "sync", "app", "api", "register"]),
];

/// What no room but the named ones may reach for.
const HEAVY: &[(&str, &[&str])] = &[
    ("tauri", &["desktop"]),
    ("rusqlite", &["store", "register"]),
    ("axum", &["register"]),
    ("reqwest", &["sync", "register"]),
    ("printpdf", &["certificate"]),
    ("ed25519-dalek", &["seal"]),
    ("serde", &["seal", "store", "api"]),
];

/// Shipped migrations, which are never edited.
const MIGRATIONS: &[(&str, &str)] = &[
    ("laptop-evidence/0001_first.sql", "a381aaebe21f80942a206b8d96fabff25204b1f5175a9e13f1876d34a449824d"),
    ("laptop/0001_first.sql", "2abf6f9d5b124f0a85cf8b303f55c325b13a59798e5248ecc89a973e77354aab"),
    ("laptop/0002_schemes_and_teams.sql", "edf5641af00ee9af6b2acdcd25a87427f209f8f5f57834a8c99b50ba4d429dee"),
    ("laptop/0003_clock.sql", "2bc0291934a98c607a7dec126d8d1a02befd959a7aaa31db81a1e51644fc6721"),
    ("laptop/0004_corrections.sql", "5829d0c270f786bf166c476774e06cb41d0c74bbdf7b11615344f45444c91b2f"),
    ("laptop/0005_chains.sql", "388d787521f65849d364ebfda706d732046f190dbfa185c74eb76d342a0b083b"),
    ("laptop/0006_evidence_left.sql", "eca3463268e2412b184d510c2aac540c429702b88c94d5d033f1e87f4217e4c3"),
    ("laptop/0007_enrolment.sql", "08c9ee752dce3d1a239417b398e1d0797c8e68ebac072fd15271f72c100d913b"),
    ("laptop/0008_epochs.sql", "e28f1c26fb1b13a797e2bf85fc746c418003b088c7816ff9da716fed10a579df"),
    ("laptop/0009_earlier_refusals.sql", "a9a3d5bcc04f1cdf654ad65fab363da61e38638222c53e88b43dd0d46b768ed5"),
    ("laptop/0010_papers_and_contacts.sql", "024463200b41ef303b5bb8b113f58288b79de9ecd4452ab504bd068bfdef9819"),
    ("register-postgres/0001_first.sql", "8f4ffcff959925fcd2151685bae4750dae5d81db5e568b1c0161071fdf42e7c3"),
    ("register-postgres/0002_delegations.sql", "66ad12707d18e8394d7a52f86669adbb90d8dd0dfddc5a11759264d39809b887"),
    ("register-postgres/0003_installations.sql", "6fd20316a331f560526e08a956f144b832abb196e149402729360a224ac364f8"),
    ("register-postgres/0004_enrolment.sql", "c3a4f196fc16bffe0d743d07d93b3562764e40e982ff7d7a5bdde3a56dc74056"),
    ("register-postgres/0005_bundles.sql", "24e9c9181dea4e8f137944a92b7517eb6061486eb44169203affd1aa2bb6b75d"),
    ("register-postgres/0006_epochs.sql", "6a7735c73bf7ad8879a539046dbe53117c4524492192d7ace067cdf8edcb6cb1"),
    ("register-postgres/0008_shelf.sql", "7bc598d02b8ad8251466cb9519b86d1d00a673388c50906509f8fd91215ea08a"),
    ("register-postgres/0009_papers.sql", "d5b8e42f70e4edbe1bac75033af2862a3e102847203f029171e87f6c8e96cdfe"),
    ("register-postgres/0010_feed.sql", "bcae5704e0d433f0d9490e10e982c96e6e84ee9f7852fb9541e3489d01c6efc3"),
    ("register-postgres/0011_papers_back.sql", "1df9e4a348777911c72f66335bce2e3af7f08f4c562963bb10b68bd4fe139de9"),
    ("register-postgres/0012_corrections.sql", "51bf6b220d9c984e2824a834d0926d6fc63b3cb343153a09e2ad625b7d897593"),
    ("register-sqlite/0001_first.sql", "1313424f541cd6f9cdd52118a23a231249abc9cf82fa06b56f9ff87bc4274464"),
    ("register-sqlite/0002_delegations.sql", "431bebbf0fc9fbf3a0daedd9870e5641b7064467880356baf39a0f7e73e7c3d1"),
    ("register-sqlite/0003_installations.sql", "d71ad8b221df6ce4b01a5271a93b74648e4ea4d96f2449952775158dc8235a06"),
    ("register-sqlite/0004_enrolment.sql", "893ba95f8b391d7fc5eb4a180db6b33e4c4c33fcd8a48c0dc99857c1c74a1e13"),
    ("register-sqlite/0005_bundles.sql", "853496c18299b2cb80c040bdcdde12133dbbc8acd1e1033a0187eff2a6fed904"),
    ("register-sqlite/0006_epochs.sql", "d511d004df70941e160ef2dcec00d94ec0da1554aeefff140a342593bcdb0afc"),
    ("register-sqlite/0008_shelf.sql", "621004a8a8235edaab307c8ef5223b2d60edf0846fc2e2c4f98d9672eab5adbf"),
    ("register-sqlite/0009_papers.sql", "ade3fa086346a843c33df16d73f55f455ae4609b34eae74626a3253e45344f39"),
    ("register-sqlite/0010_feed.sql", "fcb10e08e968af91faa715a61ab44b9f1b87378f6c34cd1772ab24b4a9984b86"),
    ("register-sqlite/0011_papers_back.sql", "164d7a350fc6e75e4c4282c77c3a977c0a0d5dd9e032627edec840b836f44b6f"),
    ("register-sqlite/0012_corrections.sql", "286d7ec38fc8204ceae6237ebcdb252528c85d7042ec821e0eda7101e14884ce"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Every file below a folder with one of these endings, without what is built or fetched.
fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if !["target", "node_modules", "dist", "gen", ".git", ".fieldproof"].contains(&name.as_str()) {
                found.extend(files(&path, endings));
            }
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn sources(endings: &[&str]) -> Vec<(PathBuf, String)> {
    ["crates", "src-tauri", "tests", "ui/src", "ui/verify"]
        .iter()
        .flat_map(|folder| files(&root().join(folder), endings))
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            (path, text)
        })
        .collect()
}

#[test]
fn rooms_import_only_what_stands_to_their_left() {
    let metadata = MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec().unwrap();
    let mut seen = 0;
    for package in &metadata.packages {
        let Some(room) = package.name.strip_prefix("fieldproof-") else {
            panic!("{} is not named after a room", package.name);
        };
        if room == "tests" {
            continue;
        }
        seen += 1;
        let allowed = IMPORTS.iter().find(|(name, _)| *name == room).map(|(_, allowed)| *allowed);
        let allowed = allowed.unwrap_or_else(|| panic!("{room} stands in no row of the import table"));
        let normal = package.dependencies.iter().filter(|d| d.kind == DependencyKind::Normal);
        for dependency in normal {
            let name = dependency.name.as_str();
            if let Some(ours) = name.strip_prefix("fieldproof-") {
                assert!(allowed.contains(&ours), "{room} may not import {ours}");
            }
            if let Some((_, rooms)) = HEAVY.iter().find(|(heavy, _)| *heavy == name) {
                assert!(rooms.contains(&room), "{room} may not use {name}");
            }
        }
    }
    assert_eq!(seen, IMPORTS.len(), "every row of the import table is a room");
}

#[test]
fn the_pages_lints_are_everybodys_but_for_the_names_it_exports() {
    let read = |path: &str| fs::read_to_string(root().join(path)).unwrap();
    let after = |text: &str, mark: &str| text.split_once(mark).unwrap().1.to_owned();
    let ours = after(&read("Cargo.toml"), "[workspace.lints.rust]").replace("[workspace.", "[");
    let ours = ours.split_once("\n[profile").unwrap().0.replace("unsafe_code = \"forbid\"", "unsafe_code = \"deny\"");
    assert_eq!(after(&read("crates/page/Cargo.toml"), "[lints.rust]").trim_end(), ours.trim_end());
}

#[test]
fn only_the_host_of_the_screen_knows_tauri() {
    for (path, text) in sources(&[".ts", ".svelte"]) {
        let is_host = path.starts_with(root().join("ui/src/lib/host"));
        assert!(is_host || !text.contains("@tauri-apps/"), "{} reaches past the host", path.display());
    }
}

#[test]
fn every_file_says_what_it_is() {
    for (path, text) in sources(&[".rs", ".ts", ".svelte", ".mjs", ".py", ".css"]) {
        let name = path.to_string_lossy();
        let is_opened = match name.rsplit('.').next() {
            Some("rs") => text.starts_with("//!"),
            Some("svelte") => text.starts_with("<!--"),
            Some("py") => text.starts_with("\"\"\"") || text.starts_with("#!"),
            _ => text.starts_with("//") || text.starts_with("/*"),
        };
        assert!(is_opened, "{name} does not begin by saying what it is");
    }
}

#[test]
fn files_stay_within_their_size() {
    for (path, text) in sources(&[".rs", ".ts", ".svelte", ".mjs", ".py"]) {
        let name = path.to_string_lossy().into_owned();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let is_test = name.contains("/tests/") || name.contains("test");
        if name.ends_with("generated.ts") {
            continue;
        }
        let limit = match () {
            () if name.ends_with(".svelte") => 300,
            () if is_test => 1_000,
            () => 600,
        };
        let lines = if is_test { text.lines().count() } else { code.lines().count() };
        assert!(lines <= limit, "{name} has {lines} lines; {limit} are the end");
    }
}

#[test]
fn shipped_migrations_are_never_edited() {
    let folder = root().join("migrations");
    let found: BTreeMap<String, String> = files(&folder, &[".sql"])
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(&folder).unwrap().to_string_lossy().into_owned();
            (name, digest_of(&fs::read(&path).unwrap()).to_string())
        })
        .collect();
    let expected: BTreeMap<String, String> =
        MIGRATIONS.iter().map(|(name, hash)| ((*name).to_owned(), (*hash).to_owned())).collect();
    assert_eq!(found, expected, "add new migrations to the list; never edit or remove one");
}

#[test]
fn nothing_is_left_for_later_without_a_condition() {
    for (path, text) in sources(&[".rs", ".ts", ".svelte", ".mjs", ".py"]) {
        if path.ends_with("tidy.rs") {
            continue;
        }
        for (number, line) in (1..).zip(text.lines()) {
            let is_open = line.contains("TODO") && !line.contains("TODO(after ");
            assert!(!is_open && !line.contains("FIXME"), "{}:{number}: {line}", path.display());
        }
    }
}

#[test]
fn the_top_level_is_fixed() {
    let allowed = [
        "Cargo.toml",
        "Cargo.lock",
        "Makefile",
        "README.md",
        "assets",
        "crates",
        "migrations",
        "src-tauri",
        "target",
        "tests",
        "ui",
    ];
    for entry in fs::read_dir(root()).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        assert!(name.starts_with('.') || allowed.contains(&name.as_str()), "{name} does not belong on the top level");
    }
}
