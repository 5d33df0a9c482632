//! Slots: each opens with its own passphrase only, either file is enough, and a backup holds nobody's assessor key.

use std::fs;

use super::*;

const CHEAP: Cost = Cost { memory_kib: 64, passes: 1 };
const ANNA: PersonId = PersonId::new([1; 16]);
const BERT: PersonId = PersonId::new([2; 16]);

fn secrets(number: u8) -> Secrets {
    Secrets { store: StoreKey::new([9; 48]), assessor: SecretKey::new(&[number; 32]) }
}

fn random() -> SlotRandom {
    let mut count = 0;
    SlotRandom::draw(|bytes| {
        count += 1;
        bytes.fill(count);
    })
}

fn two_people() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    set(dir.path(), (ANNA, "Anna Assessor"), "one two", &secrets(1), &random(), CHEAP).unwrap();
    set(dir.path(), (BERT, "Bert Beispiel"), "three four", &secrets(2), &random(), CHEAP).unwrap();
    dir
}

#[test]
fn a_slot_opens_with_its_own_passphrase_only() {
    let dir = two_people();
    assert_eq!(list(dir.path()).unwrap().len(), 2);
    let opened = unlock(dir.path(), ANNA, " one two\n").unwrap();
    assert_eq!(opened.assessor.unwrap().public(), secrets(1).assessor.public());
    assert_eq!(opened.store.dangerously_expose_bytes(), &[9; 48]);
    assert_eq!((opened.cost, opened.is_of_before), (CHEAP, false));
    assert!(matches!(unlock(dir.path(), ANNA, "three four"), Err(SlotError::WrongPassphrase)));
    assert!(matches!(unlock(dir.path(), PersonId::new([5; 16]), "x"), Err(SlotError::Unknown)));
}

#[test]
fn a_guess_costs_no_less_than_the_threats_say() {
    let promised = Cost { memory_kib: 64 * 1024, passes: 8 };
    assert!(!Cost::DEFAULT.is_below(promised), "{:?}", Cost::DEFAULT);
    let [less_memory, fewer_passes] =
        [(32 * 1024, 16), (64 * 1024, 7)].map(|(memory_kib, passes)| Cost { memory_kib, passes });
    assert!(less_memory.is_below(promised) && fewer_passes.is_below(promised));
}

#[test]
fn a_changed_passphrase_opens_and_the_old_one_does_not() {
    let dir = two_people();
    set(dir.path(), (ANNA, "Anna Assessor"), "five six", &secrets(1), &random(), CHEAP).unwrap();
    assert_eq!(list(dir.path()).unwrap(), [(ANNA, "Anna Assessor".to_owned()), (BERT, "Bert Beispiel".to_owned())]);
    assert!(unlock(dir.path(), ANNA, "five six").is_ok());
    assert!(matches!(unlock(dir.path(), ANNA, "one two"), Err(SlotError::WrongPassphrase)));
}

#[test]
fn a_slot_is_forgotten_but_never_the_last_one() {
    let dir = two_people();
    forget(dir.path(), ANNA).unwrap();
    assert!(matches!(unlock(dir.path(), ANNA, "one two"), Err(SlotError::Unknown)));
    assert!(matches!(forget(dir.path(), ANNA), Err(SlotError::Unknown)));
    assert!(matches!(forget(dir.path(), BERT), Err(SlotError::LastOne)));
    assert!(unlock(dir.path(), BERT, "three four").is_ok());
}

#[test]
fn either_file_is_enough_and_the_newer_one_holds() {
    for lost in SLOT_FILES {
        let dir = two_people();
        fs::remove_file(dir.path().join(lost)).unwrap();
        assert!(unlock(dir.path(), BERT, "three four").is_ok(), "without {lost}");
    }
    // Cut off between the two: one file is a change behind.
    for behind in SLOT_FILES {
        let dir = two_people();
        let before = fs::read(dir.path().join(behind)).unwrap();
        set(dir.path(), (ANNA, "Anna Assessor"), "five six", &secrets(1), &random(), CHEAP).unwrap();
        fs::write(dir.path().join(behind), before).unwrap();
        assert!(unlock(dir.path(), ANNA, "five six").is_ok(), "{behind} is behind");
    }
}

#[test]
fn every_flip_is_found_the_other_file_serves_and_the_damaged_one_is_kept() {
    let dir = two_people();
    let path = dir.path().join(SLOT_FILES[0]);
    let whole = fs::read(&path).unwrap();
    for bit in (0..whole.len() * 8).step_by(7) {
        let mut flipped = whole.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let parsed = SlotFile::parse(&flipped);
        // A flip of a blank between two lines changes nothing that is said.
        let same = parsed.as_ref().is_ok_and(|file| file.to_bytes().unwrap() == whole);
        assert!(same || parsed.is_err(), "bit {bit} of the slot file went unnoticed");
    }
    fs::write(&path, "{").unwrap();
    assert!(unlock(dir.path(), BERT, "three four").is_ok());
    forget(dir.path(), ANNA).unwrap();
    assert_eq!(fs::read_to_string(dir.path().join("slots.json.damaged")).unwrap(), "{");
    assert_eq!(fs::read(path).unwrap(), fs::read(dir.path().join(SLOT_FILES[1])).unwrap(), "both are whole again");
}

#[test]
fn two_damaged_files_are_said_to_be_damaged_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    for name in SLOT_FILES {
        fs::write(dir.path().join(name), "{").unwrap();
    }
    assert!(matches!(list(dir.path()), Err(StoreError::Damaged(_))));
    for name in SLOT_FILES {
        assert_eq!(fs::read_to_string(dir.path().join(name)).unwrap(), "{");
    }
}

#[test]
fn a_slot_of_the_first_form_opens_and_says_so() {
    // Made by the first version: both keys in one wrapping, bound to the person alone.
    let key = wrap::derive("one two", &[3; 16], CHEAP).unwrap();
    let both = [[9_u8; 48].as_slice(), &[1; 32]].concat();
    let wrapped = wrap::wrap(&key, &[4; 24], &ANNA.to_string(), &both).unwrap();
    let text = format!(
        r#"{{"format":0,"slots":[{{"person":"{ANNA}","name":"Anna Assessor","cost":{{"memory_kib":64,"passes":1}},
            "salt":"{}","nonce":"{}","wrapped":"{}"}}]}}"#,
        to_hex(&[3; 16]),
        wrapped.nonce,
        wrapped.bytes
    );
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("slots.json"), text).unwrap();
    let opened = unlock(dir.path(), ANNA, "one two").unwrap();
    assert!(opened.is_of_before);
    assert_eq!(opened.assessor.unwrap().public(), secrets(1).assessor.public());
    assert!(matches!(unlock(dir.path(), ANNA, "one too"), Err(SlotError::WrongPassphrase)));
    assert!(SlotFile::read(dir.path()).unwrap().for_backup().is_empty(), "its assessor key would go along");
}

#[test]
fn a_backup_names_nobody_and_holds_nobody_s_assessor_key() {
    let dir = two_people();
    let mut file = SlotFile::read(dir.path()).unwrap().for_backup();
    let text = String::from_utf8(file.to_bytes().unwrap()).unwrap();
    assert!(!text.contains("Anna") && !text.contains("Bert"));
    let (person, opened) = file.unlock_any("three four").unwrap();
    assert_eq!((person, opened.assessor.is_none()), (BERT, true));
    assert!(matches!(file.unlock_any("nobody's"), Err(SlotError::WrongPassphrase)));
    file.name_people(|id| (id == BERT).then(|| "Bert Beispiel".to_owned()));
    assert_eq!(file.people().unwrap().last().unwrap().1, "Bert Beispiel");
}

#[test]
fn a_recovery_key_opens_the_store_however_it_is_typed_and_no_other_one_does() {
    let dir = two_people();
    let store = StoreKey::new([9; 48]);
    let [sheet, other] = [RecoveryKey::generate(), RecoveryKey::generate()];
    set_recovery(dir.path(), RecoveryKind::Sheet, &sheet.recipient(), Timestamp::from_millis(7), &store).unwrap();
    let text = sheet.dangerously_expose_text();
    let grouped: Vec<String> =
        text.to_lowercase().as_bytes().chunks(4).map(|c| String::from_utf8(c.to_vec()).unwrap()).collect();
    for typed in [text.to_string(), format!("# made today\n{}\n", text.as_str()), grouped.join(" ")] {
        let (kind, key) = recover(dir.path(), &RecoveryKey::parse(&typed).unwrap()).unwrap();
        assert_eq!((kind, key.dangerously_expose_bytes()), (RecoveryKind::Sheet, &[9; 48]));
    }
    assert!(matches!(recover(dir.path(), &other), Err(SlotError::WrongRecoveryKey)));
    // A new sheet takes the place of the one before, and the institution's stays.
    set_recovery(dir.path(), RecoveryKind::Institution, &other.recipient(), Timestamp::from_millis(8), &store).unwrap();
    let next = RecoveryKey::generate();
    set_recovery(dir.path(), RecoveryKind::Sheet, &next.recipient(), Timestamp::from_millis(9), &store).unwrap();
    assert!(matches!(recover(dir.path(), &sheet), Err(SlotError::WrongRecoveryKey)));
    assert_eq!(recover(dir.path(), &other).unwrap().0, RecoveryKind::Institution);
    assert_eq!(recover(dir.path(), &next).unwrap().0, RecoveryKind::Sheet);
    assert!(RecoveryKey::parse(&text.replace('Q', "P").replace('A', "C")).is_none(), "a slip of the pen is noticed");
    assert!(set_recovery(dir.path(), RecoveryKind::Sheet, "age1nobody", Timestamp::from_millis(9), &store).is_err());
}

#[test]
fn a_slot_that_asks_for_too_much_memory_is_damaged() {
    let dir = two_people();
    let mut file = SlotFile::read(dir.path()).unwrap();
    for slot in &mut file.slots {
        slot.cost.memory_kib = u32::MAX;
    }
    file.write(dir.path()).unwrap();
    assert!(matches!(unlock(dir.path(), ANNA, "one two"), Err(SlotError::Store(StoreError::Damaged(_)))));
}

#[test]
fn a_slot_file_of_more_than_anybody_needs_is_neither_written_nor_read() {
    let dir = two_people();
    let mut file = SlotFile::read(dir.path()).unwrap();
    let before = fs::read(dir.path().join(SLOT_FILES[0])).unwrap();
    let one = file.slots[0].clone();
    file.slots.resize(256, one.clone());
    assert!(SlotFile::parse(&file.to_bytes().unwrap()).is_ok(), "as many as there may be");
    file.slots.push(one);
    assert!(matches!(SlotFile::parse(&file.to_bytes().unwrap()), Err(StoreError::Damaged(_))), "one too many");
    assert!(matches!(file.write(dir.path()), Err(StoreError::TooManySlots(256))));
    assert_eq!(fs::read(dir.path().join(SLOT_FILES[0])).unwrap(), before, "nothing was changed");
    let sheet = RecoveryKey::generate().recipient();
    let slot = RecoverySlot::make(RecoveryKind::Sheet, &sheet, Timestamp::from_millis(7), &StoreKey::new([9; 48]));
    let mut file = SlotFile::read(dir.path()).unwrap();
    file.recovery = vec![slot.unwrap(); 17];
    assert!(matches!(SlotFile::parse(&file.to_bytes().unwrap()), Err(StoreError::Damaged(_))), "recovery keys");
    let mut file = SlotFile::read(dir.path()).unwrap();
    file.slots[0].name = "a".repeat(1 << 20);
    assert!(matches!(SlotFile::parse(&file.to_bytes().unwrap()), Err(StoreError::Damaged(_))), "bytes");
    assert!(matches!(file.write(dir.path()), Err(StoreError::TooManySlots(_))));
}

#[test]
fn a_key_store_opens_the_store_and_signs_nothing_and_no_backup_knows_of_it() {
    let dir = two_people();
    let store = StoreKey::new([9; 48]);
    let made = |number: u8| key_store::KeyStoreRandom {
        name: format!("laptop {number}"),
        key: Zeroizing::new([number; 32]),
        nonce: [number; 24],
    };
    assert!(key_store::find(dir.path()).unwrap().is_none());
    key_store::set(dir.path(), &made(1), Timestamp::from_millis(7), &store).unwrap();
    key_store::set(dir.path(), &made(2), Timestamp::from_millis(8), &store).unwrap();
    let slot = key_store::find(dir.path()).unwrap().unwrap();
    assert_eq!((slot.name.as_str(), slot.made_at().as_millis()), ("laptop 2", 8), "in place of the one before");
    assert_eq!(slot.open(&[2; 32]).unwrap().dangerously_expose_bytes(), &[9; 48]);
    for wrong in [[1; 32].as_slice(), &[2; 31], &[]] {
        assert!(matches!(slot.open(wrong), Err(SlotError::WrongKeyStoreKey)), "{wrong:?}");
    }
    let mut renamed = slot;
    renamed.name = "laptop 1".to_owned();
    assert!(renamed.open(&[2; 32]).is_err(), "the wrapping is bound to its name");
    let text = String::from_utf8(SlotFile::read(dir.path()).unwrap().for_backup().to_bytes().unwrap()).unwrap();
    assert!(!text.contains("key_store") && !text.contains("laptop 2"), "{text}");
    // It is no way in: the last passphrase stays.
    forget(dir.path(), ANNA).unwrap();
    assert!(matches!(forget(dir.path(), BERT), Err(SlotError::LastOne)));
    assert!(unlock(dir.path(), BERT, "three four").is_ok());
    key_store::forget(dir.path()).unwrap();
    key_store::forget(dir.path()).unwrap();
    assert!(key_store::find(dir.path()).unwrap().is_none());
}
