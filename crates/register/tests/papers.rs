//! Papers: told before their records, kept as they were told first, shown with whatever is on the shelf, and gone from it
//! with the complete receipt. What is none is named, and the others are taken.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "test code; a failure here is a failing test")]

mod common;

use common::{Institution, NOON, PURPOSE, coordinator, installation, register};
use fieldproof_model::{clock::ClockGrade, id::CertificateId, time::Timestamp};
use fieldproof_register::{Register, RegisterError};
use fieldproof_seal::{
    cbor, digest_of,
    envelope::Purpose,
    keys::SecretKey,
    parts::{Part, PartKind},
    record::{Record, RecordFile},
    token::{Standing, Token},
};
use fieldproof_wire::{
    Fault, Message, Paper, PaperBack, PapersAnswer, RegisterProtocol, ShelfRow, ShelfState,
    bundle::{Answer, BundleId, BundleWriter, FrameKind, Head},
    limit,
};

/// What stands on the paper of a record.
fn token(institution: &Institution, file: &RecordFile) -> Token {
    let (record, _) = Record::parse(&file.sealed).unwrap();
    Token {
        purpose: PURPOSE,
        certificate: CertificateId::new([7; 16]),
        record: file.digest(),
        chain_index: record.link.index,
        holder: "Kaarina Kokelas".to_owned(),
        mark: None,
        scheme_title: "Isolation".to_owned(),
        scheme_version: "1".to_owned(),
        unit: None,
        parts: Vec::new(),
        exercise_state: None,
        voltage: None,
        issued_on: NOON.date(),
        valid_until: None,
        standing: Standing::OnSite {
            beacon: None,
            clock: ClockGrade::Sound,
            confirm_by: NOON.date().days_later(14),
            delegation: institution.delegation.clone(),
        },
    }
}

fn printed(token: &Token, key: &SecretKey, file: &RecordFile) -> Paper {
    let person = file.parts[&PartKind::Person.number()].as_bytes().to_vec();
    Paper { token: token.sign(key).unwrap(), opened_at: NOON, person }
}

fn paper(institution: &Institution, file: &RecordFile) -> Paper {
    printed(&token(institution, file), &institution.assessor, file)
}

async fn shelf(register: &Register) -> Vec<ShelfRow> {
    register.shelf(installation().public()).await.unwrap().rows
}

fn held(count: u32) -> PapersAnswer {
    PapersAnswer { held: count, refused: Vec::new() }
}

#[tokio::test]
async fn a_paper_is_on_the_shelf_before_anything_else_is_and_leaves_it_with_the_complete_receipt() {
    let (institution, place, register) = register();
    coordinator(&register, &institution).await;
    let file = institution.record(1, &[b"photo"]);
    let told = paper(&institution, &file);
    assert_eq!(register.put_papers(&[]).await.unwrap(), held(0));
    assert_eq!(register.put_papers(std::slice::from_ref(&told)).await.unwrap(), held(1));
    let rows = shelf(&register).await;
    assert_eq!(rows.iter().map(|row| row.state).collect::<Vec<_>>(), [ShelfState::PaperAlone]);
    assert_eq!((rows[0].paper.as_ref(), rows[0].since), (Some(&told), NOON));
    assert_eq!((rows[0].sealed.as_slice(), rows[0].person.as_slice()), (&[][..], &[][..]), "nothing else is here");
    assert_eq!(rows[0].assessor_key, Some(institution.assessor.public()));

    drop(register);
    let register = place.open();
    register.put_chain(&institution.upload(vec![file.sealed.clone()])).await.unwrap();
    let rows = shelf(&register).await;
    assert_eq!((rows.len(), rows[0].state, rows[0].paper.as_ref()), (1, ShelfState::NotHere, Some(&told)), "restarted");
    register.put_record(&file.to_bytes()).await.unwrap();
    let rows = shelf(&register).await;
    assert_eq!((rows.len(), rows[0].state), (1, ShelfState::EvidenceMissing));
    assert_eq!(rows[0].paper.as_ref(), Some(&told));
    register.put_evidence(digest_of(b"photo"), b"photo").await.unwrap();
    register.put_record(&file.to_bytes()).await.unwrap();
    assert!(shelf(&register).await.is_empty(), "it is in the register");
    assert_eq!(register.put_papers(&[told]).await.unwrap(), held(1));
    assert!(shelf(&register).await.is_empty(), "told again it stays there");
}

#[tokio::test]
async fn the_paper_of_a_refused_record_is_known_whatever_is_wrong_with_its_delegation() {
    let (institution, _place, register) = register();
    coordinator(&register, &institution).await;
    let stranger = Institution::muu();
    let file = stranger.record(3, &[]);
    let told = paper(&stranger, &file);
    assert_eq!(register.put_papers(std::slice::from_ref(&told)).await.unwrap(), held(1), "it is out all the same");
    register.put_record(&file.to_bytes()).await.unwrap();
    let rows = shelf(&register).await;
    assert_eq!((rows.len(), rows[0].state, rows[0].paper.as_ref()), (1, ShelfState::Refused, Some(&told)));
}

#[tokio::test]
async fn what_was_told_first_stays() {
    let (institution, place, register) = register();
    coordinator(&register, &institution).await;
    let told = paper(&institution, &institution.record(1, &[]));
    let later = Paper { opened_at: NOON.seconds_later(60), person: b"somebody else".to_vec(), ..told.clone() };
    register.put_papers(&[told.clone(), later.clone()]).await.unwrap();
    place.clock.set(NOON.seconds_later(3_600));
    assert_eq!(register.put_papers(&[later]).await.unwrap(), held(1));
    let rows = shelf(&register).await;
    assert_eq!((rows.len(), rows[0].paper.as_ref(), rows[0].since), (1, Some(&told), NOON));
}

#[tokio::test]
async fn a_coordinator_says_that_a_paper_is_back_or_out_after_all_and_the_last_word_counts() {
    let (institution, place, register) = register();
    let file = institution.record(1, &[b"photo"]);
    let told = paper(&institution, &file);
    register.put_papers(std::slice::from_ref(&told)).await.unwrap();
    let (desk, token) = (installation().public(), digest_of(&told.token));
    let back = PaperBack { token, is_back: true };
    let denied = register.paper_back(desk, back).await.unwrap_err();
    assert!(matches!(denied, RegisterError::Fault(Fault::NotCoordinators)), "{denied:?}");
    coordinator(&register, &institution).await;
    assert_eq!(shelf(&register).await[0].back_at, None, "nothing was noted");

    place.clock.set(NOON.seconds_later(60));
    assert_eq!(register.paper_back(desk, back).await.unwrap(), held(1));
    let noted = Some(NOON.seconds_later(60));
    assert_eq!(shelf(&register).await[0].back_at, noted);
    register.put_papers(std::slice::from_ref(&told)).await.unwrap();
    place.clock.set(NOON.seconds_later(3_600));
    assert_eq!(register.paper_back(desk, back).await.unwrap(), held(1));
    assert_eq!(shelf(&register).await[0].back_at, noted, "told or said again it stays noted");
    drop(register);
    let register = place.open();
    register.put_chain(&institution.upload(vec![file.sealed.clone()])).await.unwrap();
    let row = &shelf(&register).await[0];
    assert_eq!((row.state, row.back_at), (ShelfState::NotHere, noted), "whatever comes of the record");
    register.put_record(&file.to_bytes()).await.unwrap();
    let row = &shelf(&register).await[0];
    assert_eq!((row.state, row.back_at), (ShelfState::EvidenceMissing, noted));

    register.paper_back(desk, PaperBack { is_back: false, ..back }).await.unwrap();
    assert_eq!(shelf(&register).await[0].back_at, None);
    let unknown = digest_of(b"a token that nobody told of");
    let answer = register.paper_back(desk, PaperBack { token: unknown, is_back: true }).await.unwrap();
    assert_eq!(answer, PapersAnswer { held: 0, refused: vec![unknown] });
}

#[tokio::test]
async fn a_refused_record_s_paper_is_noted_too() {
    let (institution, _place, register) = register();
    coordinator(&register, &institution).await;
    let stranger = Institution::muu();
    let (mine, theirs) = (institution.record(1, &[]), stranger.record(3, &[]));
    let told = [paper(&institution, &mine), paper(&stranger, &theirs)];
    register.put_papers(&told).await.unwrap();
    register.put_record(&theirs.to_bytes()).await.unwrap();
    let back = PaperBack { token: digest_of(&told[1].token), is_back: true };
    register.paper_back(installation().public(), back).await.unwrap();
    let rows = shelf(&register).await;
    let noted: Vec<_> = rows.iter().map(|row| (row.state, row.back_at)).collect();
    assert_eq!(noted, [(ShelfState::PaperAlone, None), (ShelfState::Refused, Some(NOON))], "and no other");
}

/// One part of each record stays away: it is refused for that.
async fn refuse(register: &Register, institution: &Institution, file: &RecordFile) {
    let mut partial = file.clone();
    partial.parts.remove(&PartKind::Log.number()).unwrap();
    register.put_record(&partial.to_bytes()).await.unwrap();
    register.put_chain(&institution.upload(vec![file.sealed.clone()])).await.unwrap();
}

#[tokio::test]
async fn the_longest_known_stands_first_whatever_it_is_and_behind_all_what_is_settled() {
    let (institution, place, register) = register();
    coordinator(&register, &institution).await;
    let records: Vec<_> = (1..=7).map(|index| institution.record(index, &[b"photo"])).collect();
    let at = |hour: u32| NOON.seconds_later(hour * 3_600);
    let told: Vec<_> = records.iter().map(|file| paper(&institution, file)).collect();
    // Refused and corrected; refused, and its paper is back; corrected, and its paper is out: the longest known.
    for file in &records[..3] {
        refuse(&register, &institution, file).await;
    }
    let corrects = |record: &RecordFile| Some((record.digest(), "written too early".to_owned()));
    for (index, record) in [(20, &records[0]), (21, &records[2])] {
        let draft = institution.draft(index, &[]).with(|draft| draft.record.supersedes = corrects(record));
        register.put_record(&draft.seal(&institution.assessor).to_bytes()).await.unwrap();
    }
    register.put_papers(&told[1..3]).await.unwrap();
    let back = PaperBack { token: digest_of(&told[1].token), is_back: true };
    register.paper_back(installation().public(), back).await.unwrap();
    place.clock.set(at(1));
    register.put_papers(&told[3..4]).await.unwrap();
    place.clock.set(at(2));
    register.put_record(&records[4].to_bytes()).await.unwrap();
    place.clock.set(at(3));
    register.put_chain(&institution.upload(vec![records[5].sealed.clone()])).await.unwrap();
    place.clock.set(at(4));
    refuse(&register, &institution, &records[6]).await;
    let rows = shelf(&register).await;
    let order: Vec<_> = rows.iter().map(|row| (row.state, row.since, row.is_corrected)).collect();
    let expected = [
        (ShelfState::Refused, at(0), true),
        (ShelfState::PaperAlone, at(1), false),
        (ShelfState::EvidenceMissing, at(2), false),
        (ShelfState::NotHere, at(3), false),
        (ShelfState::Refused, at(4), false),
    ];
    assert_eq!(order[..5], expected);
    assert_eq!(rows[0].sealed, records[2].sealed, "its paper is out");
    let mut settled: Vec<_> = rows[5..].iter().map(|row| (row.sealed.clone(), row.is_corrected)).collect();
    settled.sort_by_key(|(_, is_corrected)| *is_corrected);
    assert_eq!(settled, [(records[1].sealed.clone(), false), (records[0].sealed.clone(), true)]);
}

#[tokio::test]
async fn what_was_corrected_before_the_book_noted_it_is_known_and_so_is_in_whose_chain() {
    let (institution, place, register) = register();
    coordinator(&register, &institution).await;
    let (mine, theirs) = (institution.record(1, &[]), institution.record(2, &[]));
    for file in [&mine, &theirs] {
        refuse(&register, &institution, file).await;
    }
    let later = |index: u32, of: &RecordFile| {
        let corrects = Some((of.digest(), "written too early".to_owned()));
        institution.draft(index, &[]).with(|draft| draft.record.supersedes = corrects)
    };
    register.put_record(&later(20, &mine).seal(&institution.assessor).to_bytes()).await.unwrap();
    // Somebody else's word, of the same institution.
    let somebody = SecretKey::new(&[77; 32]);
    let delegation = common::delegation(&somebody, institution.scheme_id, NOON.date()).sign(&institution.issuing);
    let other = later(21, &theirs).with(|draft| draft.record.delegation = delegation);
    register.put_record(&other.seal(&somebody).to_bytes()).await.unwrap();
    assert_eq!(register.log().unwrap().0, 2, "both were accepted");
    let is_corrected = async |register: &Register| {
        let rows = shelf(register).await;
        [&mine, &theirs].map(|file| rows.iter().find(|row| row.sealed == file.sealed).unwrap().is_corrected)
    };
    assert_eq!(is_corrected(&register).await, [true, false]);
    drop(register);
    place.sql("UPDATE records SET corrects = NULL");
    assert_eq!(is_corrected(&place.open()).await, [true, false], "read from the files");
}

#[tokio::test]
async fn of_more_than_there_is_room_for_what_is_settled_and_what_came_last_is_left_out() {
    let (institution, place, register) = register();
    coordinator(&register, &institution).await;
    let settled = institution.record(1, &[]);
    refuse(&register, &institution, &settled).await;
    register.put_papers(&[paper(&institution, &settled)]).await.unwrap();
    let back = PaperBack { token: digest_of(&paper(&institution, &settled).token), is_back: true };
    register.paper_back(installation().public(), back).await.unwrap();
    let files: Vec<_> = (2..=510).map(|index| institution.record(index, &[])).collect();
    let told: Vec<_> = files.iter().map(|file| paper(&institution, file)).collect();
    for (hour, told) in (1..).zip(told.chunks(limit::TOLD)) {
        place.clock.set(NOON.seconds_later(hour * 3_600));
        register.put_papers(told).await.unwrap();
    }
    // Between the first papers and the others.
    place.clock.set(NOON.seconds_later(5_400));
    let refused = institution.record(900, &[]);
    refuse(&register, &institution, &refused).await;
    // Whose paper is out, behind all of them: somebody is to be called.
    place.clock.set(NOON.seconds_later(86_400));
    let out = institution.record(901, &[]);
    refuse(&register, &institution, &out).await;
    register.put_papers(&[paper(&institution, &out)]).await.unwrap();
    let shelf = register.shelf(installation().public()).await.unwrap();
    assert_eq!((shelf.rows.len(), shelf.left_out), (limit::SHELF_ROWS, 12), "509 papers, and three that were refused");
    assert!(shelf.rows[0].sealed == out.sealed, "before everything else");
    assert!(shelf.rows[1..].is_sorted_by_key(|row| row.since));
    assert!(shelf.rows[1 + limit::TOLD].sealed == refused.sealed, "whatever it is");
    assert!(shelf.rows.iter().all(|row| row.sealed != settled.sealed));
}

#[tokio::test]
async fn a_refused_file_of_whatever_size_leaves_the_shelf_readable() {
    let (institution, _place, register) = register();
    coordinator(&register, &institution).await;
    let (good, salt) = (institution.record(1, &[]), [5; 16]);
    let person = |bytes| [(PartKind::Person.number(), Part::new(salt, cbor::bytes(vec![7; bytes])))].into();
    let junk = RecordFile { sealed: vec![7; 2 << 20], parts: person(5 << 20), attached: Vec::new() };
    let long = RecordFile { parts: person(limit::PERSON), ..good.clone() };
    let usual = RecordFile { parts: person(limit::PERSON / 2), ..good.clone() };
    for file in [&junk, &long, &usual] {
        register.put_record(&file.to_bytes()).await.unwrap();
    }
    let shelf = register.shelf(installation().public()).await.unwrap();
    let bytes = Message::Shelf(shelf.clone()).to_bytes();
    assert!(bytes.len() < limit::ANSWER && Message::parse(&bytes) == Ok(Message::Shelf(shelf.clone())));
    let mut sizes: Vec<_> = shelf.rows.iter().map(|row| (row.sealed.len(), row.person.len())).collect();
    sizes.sort_unstable();
    let (sealed, part) = (good.sealed.len(), usual.parts[&PartKind::Person.number()].as_bytes().len());
    assert_eq!(sizes, [(0, 0), (sealed, 0), (sealed, part)], "what nobody would read is left out");
}

#[tokio::test]
async fn what_is_no_paper_is_named_and_keeps_none_of_the_others_away() {
    let (institution, _place, register) = register();
    coordinator(&register, &institution).await;
    let (file, other) = (institution.record(1, &[]), institution.record(2, &[]));
    let good = paper(&institution, &file);
    let (token, somebody) = (token(&institution, &file), SecretKey::new(&[77; 32]));
    let mut flipped = good.clone();
    *flipped.token.last_mut().unwrap() ^= 1;
    let registered = Token { standing: Standing::Registered { assessor_name: String::new() }, ..token.clone() };
    let wrong = [
        ("no token", Paper { token: b"no token".to_vec(), ..good.clone() }),
        ("nothing", Paper { token: Vec::new(), ..good.clone() }),
        ("altered", flipped),
        ("signed by a key that its delegation does not name", printed(&token, &somebody, &file)),
        ("printed by the register", printed(&registered, &institution.register, &file)),
        ("of another purpose", printed(&Token { purpose: Purpose::Real, ..token }, &institution.assessor, &file)),
        ("another signed thing", Paper { token: institution.opened(5, 5), ..good.clone() }),
    ];
    for (name, bad) in &wrong {
        let answer = register.put_papers(std::slice::from_ref(bad)).await.unwrap();
        assert_eq!(answer, PapersAnswer { held: 0, refused: vec![digest_of(&bad.token)] }, "{name}");
    }
    assert!(shelf(&register).await.is_empty(), "nothing of them is kept");
    let mut all: Vec<_> = wrong.iter().map(|(_, paper)| paper.clone()).collect();
    all.insert(3, good.clone());
    all.push(paper(&institution, &other));
    let answer = register.put_papers(&all).await.unwrap();
    assert_eq!((answer.held, answer.refused.len()), (2, wrong.len()));
    assert_eq!(shelf(&register).await.len(), 2);
}

#[tokio::test]
async fn a_paper_that_another_key_signed_is_not_the_record_s() {
    let (institution, _place, register) = register();
    coordinator(&register, &institution).await;
    let file = institution.record(1, &[b"photo"]);
    let forged = paper(&Institution::muu(), &file);
    let own = paper(&institution, &file);
    register.put_papers(std::slice::from_ref(&forged)).await.unwrap();
    register.put_chain(&institution.upload(vec![file.sealed.clone()])).await.unwrap();
    let rows = shelf(&register).await;
    let states: Vec<_> = rows.iter().map(|row| (row.state, row.paper.as_ref())).collect();
    assert_eq!(states, [(ShelfState::NotHere, None), (ShelfState::PaperAlone, Some(&forged))]);
    register.put_papers(std::slice::from_ref(&own)).await.unwrap();
    register.put_record(&file.to_bytes()).await.unwrap();
    let rows = shelf(&register).await;
    assert_eq!((rows.len(), rows[0].paper.as_ref()), (1, Some(&own)), "it stands beside it and counts for nothing");
}

#[tokio::test]
async fn a_bundle_tells_of_papers_as_a_network_does_and_twice_the_same() {
    let (institution, _place, register) = register();
    coordinator(&register, &institution).await;
    let file = institution.record(1, &[]);
    let told = paper(&institution, &file);
    let bad = Paper { token: b"no token".to_vec(), ..told.clone() };
    let papers = Message::Papers(vec![told.clone(), bad.clone()]).to_bytes();
    let (public, bundle) = (institution.decryption.public(), BundleId::new([5; 16]));
    let head = Head { institution: institution.id, key: public.id(), bundle };
    let mut writer = BundleWriter::begin(Vec::new(), &head, &public).unwrap();
    writer.put(FrameKind::Papers, b"no papers").unwrap();
    writer.put(FrameKind::Papers, &papers).unwrap();
    let bytes = writer.finish().unwrap();
    let take = |register: Register| {
        let bytes = bytes.clone();
        tokio::task::spawn_blocking(move || register.take_bundle(bytes.as_slice()).unwrap())
    };
    let taken = take(register.clone()).await.unwrap();
    let answer = PapersAnswer { held: 1, refused: vec![digest_of(&bad.token)] };
    let answers: Vec<_> = taken.answers.iter().map(|(_, answer)| answer.clone()).collect();
    assert_eq!(answers, [Answer::Fault(Fault::Malformed), Answer::Papers(answer)]);
    let written = taken.write_answers(Vec::new()).unwrap();
    let again = take(register.clone()).await.unwrap();
    assert!(again.write_answers(Vec::new()).unwrap() == written, "the same bytes");
    let rows = shelf(&register).await;
    assert_eq!((rows.len(), rows[0].paper.as_ref()), (1, Some(&told)));
    assert_eq!(rows[0].paper.as_ref().map(|paper| paper.opened_at), Some(Timestamp::from_millis(NOON.as_millis())));
}
