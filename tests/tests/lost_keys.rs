//! Keys stolen, retired and lost: how every old paper reads afterwards, as the chapter THREATS of crates/README.md says
//! it does; and every test that the chapter names is there.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests stop where the set-up fails"
)]

mod institution;

use std::{fs, path::Path};

use fieldproof_model::id::CertificateId;
use fieldproof_seal::{
    envelope::{Kind, Unverified},
    key_set::KeyRole,
    receipt::Epoch,
    snapshot::{CertificateDigest, Snapshot, Withdrawn},
    token::{find_token, to_link},
    trust::TrustFile,
    verdict::{Answer, Evidence, Verdict},
};
use institution::{EVENTS, Event, Key, Paper, TODAY, WITHDRAWN, new_epoch, noon, papers, snapshot, trust_file};

const DOCUMENT: &str = include_str!("../../crates/README.md");

/// What stands below a heading, up to the next of its depth.
fn below(heading: &str) -> &'static str {
    let (depth, _) = heading.split_once(' ').unwrap();
    let (_, text) = DOCUMENT.split_once(&format!("\n{heading}\n")).unwrap();
    text.split(&format!("\n{depth} ")).next().unwrap().split("\n## ").next().unwrap()
}

/// The rows of the only table in a text, heading first, without the line of dashes.
fn table(text: &str) -> Vec<Vec<&str>> {
    let rows = text.lines().filter(|line| line.starts_with('|') && !line.starts_with("|---"));
    rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

fn read(host: &str, paper: &Paper, trust_file: Option<&TrustFile>) -> Verdict {
    let scanned = find_token(&to_link(host, &paper.signed)).unwrap();
    let trust = trust_file.map(|file| TrustFile::parse(&file.to_bytes()).unwrap().open().unwrap());
    Evidence::parse(&scanned).unwrap().judge(trust.as_ref(), noon(TODAY))
}

fn reads_as(paper: &Paper, event: Event, papers: &[Paper]) -> Verdict {
    read("muster.example/v", paper, trust_file(event, papers).as_ref())
}

fn cell(verdict: &Verdict) -> String {
    let word = |answer| match answer {
        Answer::Yes => "yes",
        Answer::No => "no",
        Answer::CouldNotTell => "?",
    };
    format!("{}/{}", word(verdict.genuine.0), word(verdict.in_force.0))
}

#[test]
fn every_cell_of_the_table_is_computed() {
    let papers = papers();
    let heading = ["paper"].into_iter().chain(EVENTS.map(|(name, _)| name));
    let mut computed = vec![heading.map(str::to_owned).collect::<Vec<_>>()];
    for paper in &papers {
        let cells = EVENTS.map(|(name, event)| {
            let verdict = reads_as(paper, event, &papers);
            assert_eq!(verdict.is_green(), cell(&verdict) == "yes/yes", "{}, {name}: {verdict:?}", paper.name);
            cell(&verdict)
        });
        computed.push([paper.name.to_owned()].into_iter().chain(cells).collect());
    }
    let written = table(below("### Old papers after lost keys"));
    for (written, computed) in written.iter().zip(&computed) {
        assert_eq!(written, computed, "crates/README.md on the left, computed on the right");
    }
    assert_eq!(written.len(), computed.len());
}

#[test]
fn no_forgery_is_green_once_the_theft_is_told() {
    let papers = papers();
    let told = [
        ("forged with Alice's key, place free", &[Event::KeyStolen, Event::LaptopLost][..]),
        ("forged with Alice's key, place and id of a registered one", &[Event::KeyStolen]),
        ("forged with the issuing key", &[Event::IssuingStolen, Event::IssuingStolenNoList]),
        ("forged with the register key, id of a registered one", &[Event::RegisterStolen, Event::RegisterStolenNoList]),
        ("forged by an institution of one's own", &EVENTS.map(|(_, event)| event)),
        ("Alice's, name altered", &EVENTS.map(|(_, event)| event)),
    ];
    let forged = papers.iter().filter(|paper| paper.name.contains("forged") || paper.name.contains("altered"));
    assert_eq!(forged.count(), told.len(), "every forgery stands here");
    for (name, events) in told {
        let paper = papers.iter().find(|paper| paper.name == name).unwrap();
        for event in events {
            assert!(!reads_as(paper, *event, &papers).is_green(), "{name}, {event:?}");
        }
    }
}

#[test]
fn the_host_of_a_link_changes_nothing() {
    let papers = papers();
    let trust = trust_file(Event::Unnoticed, &papers);
    for paper in &papers {
        let here = read("muster.example/v", paper, trust.as_ref());
        assert_eq!(read("musterr.example/v", paper, trust.as_ref()), here, "{}", paper.name);
    }
}

#[test]
fn trust_files_go_forward_and_never_back() {
    let papers = papers();
    let file = |event| trust_file(event, &papers).unwrap();
    let held = file(Event::Unnoticed);
    assert_eq!(held.renewed_by(&held), None, "nothing new");
    let later = EVENTS.iter().filter(|(_, event)| ![Event::Unnoticed, Event::NoTrustFile].contains(event));
    for (name, event) in later {
        let offered = file(*event);
        assert!(held.renewed_by(&offered).is_some(), "{name}");
        assert_eq!(offered.renewed_by(&held), None, "back from {name}");
    }
    let stranger = TrustFile { root: Key::Forger.secret().public(), ..file(Event::IssuingStolen) };
    assert_eq!(held.renewed_by(&stranger), None, "another root");
}

#[test]
fn a_restored_register_begins_a_new_epoch() {
    let papers = papers();
    let before = trust_file(Event::Unnoticed, &papers).unwrap();
    let after = trust_file(Event::RegisterRestored, &papers).unwrap();
    let (held, new) = (before.open().unwrap(), after.open().unwrap());

    let signed = new_epoch().sign(&Key::Register.secret());
    let (epoch, unverified) = Epoch::parse(&signed).unwrap();
    assert_eq!(epoch, new_epoch());
    assert_eq!(new.check(&unverified, KeyRole::Register, Some(epoch.began_at.date())), Ok(()));
    let foreign = new_epoch().sign(&Key::Issuing.secret());
    let foreign = Unverified::parse_kind(&foreign, Kind::Epoch).unwrap();
    assert!(new.check(&foreign, KeyRole::Register, Some(epoch.began_at.date())).is_err());

    let [held, new] = [held, new].map(|trust| trust.snapshot.unwrap());
    assert_eq!((held.number, new.number, new.epoch), (40, 1, epoch.number));
    assert!(new.replaces(&held) && !held.replaces(&new));
    assert_eq!(before.renewed_by(&after), Some(after.clone()));
    assert_eq!(after.renewed_by(&before), None);
    // However far the old epoch's numbers go on, they stay behind.
    let go_on = Snapshot { number: u32::MAX, ..snapshot() }.sign(&Key::Register.secret());
    assert_eq!(after.renewed_by(&TrustFile { snapshot: Some(go_on), ..before }), None);

    let withdrawn = CertificateDigest::of(&CertificateId::new([WITHDRAWN; 16]));
    assert_eq!(new.withdrawn.get(&withdrawn).map(|(how, _)| *how), Some(Withdrawn::Revoked));
    let paper = papers.iter().find(|paper| paper.name == "Alice's, withdrawn after the backup").unwrap();
    assert_eq!(cell(&reads_as(paper, Event::RegisterRestored, &papers)), "yes/no");
    // Once the laptops have brought back what the backup lacked, everything reads as before.
    let again = Snapshot { epoch: 2, number: 2, ..snapshot() }.sign(&Key::Register.secret());
    let whole = after.renewed_by(&TrustFile { snapshot: Some(again), ..after.clone() }).unwrap();
    for paper in &papers {
        let read = |file| cell(&read("muster.example/v", paper, Some(file)));
        assert_eq!(read(&whole), cell(&reads_as(paper, Event::Unnoticed, &papers)), "{}", paper.name);
    }
}

#[test]
fn a_stolen_register_key_shuts_nobody_off_for_good() {
    let papers = papers();
    let held = trust_file(Event::Unnoticed, &papers).unwrap();
    let last = Snapshot { epoch: u32::MAX, number: u32::MAX, ..snapshot() }.sign(&Key::Register.secret());
    let shut_off = held.renewed_by(&TrustFile { snapshot: Some(last), ..held.clone() }).unwrap();
    let told = trust_file(Event::RegisterStolen, &papers).unwrap();
    assert!(held.renewed_by(&told).is_some());
    assert_eq!(shut_off.renewed_by(&held), None, "the list it believes is the highest");
    assert!(shut_off.renewed_by(&told).is_some(), "until a key set calls the key lost");
}

/// Whether `file::function` is a test in the tree.
fn is_test(named: &str) -> bool {
    let Some((file, function)) = named.split_once("::") else {
        return false;
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let text = fs::read_to_string(root.join(file)).unwrap_or_default();
    let Some((before, _)) = text.split_once(&format!("fn {function}(")) else {
        return false;
    };
    let attributes = before.rsplit("\n\n").next().unwrap_or_default();
    attributes.contains("#[test]") || attributes.contains("#[tokio::test")
}

/// Everything of the form `file.rs::function` in a text.
fn named_tests(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).filter(|code| code.contains(".rs::")).collect()
}

#[test]
fn every_test_named_in_the_chapter_is_there() {
    assert!(!is_test("tests/tests/lost_keys.rs::no_such_test"), "the search can fail");
    assert!(!is_test("tests/tests/lost_keys.rs::named_tests"), "a helper is no test");
    assert!(!is_test("tests/tests/no_such_file.rs::every_test_named_in_the_chapter_is_there"));
    for named in named_tests(below("## THREATS")) {
        assert!(is_test(named), "{named} is not there");
    }
    let promises = table(below("### What is promised"));
    assert!(12 < promises.len(), "{} promises were found", promises.len());
    for promise in promises.iter().skip(1) {
        assert!(!named_tests(promise[2]).is_empty(), "nothing holds: {}", promise[1]);
    }
}
