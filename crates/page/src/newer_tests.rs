//! Trust files on offer: forward is taken, backward never, and nobody else's.

use fieldproof_seal::{key_set::KeyState, trust::TrustFile};

use super::*;
use crate::fixture::{NOON, key, key_set, list, list_as_of, trust, usual};

fn active(number: u32) -> Vec<u8> {
    key_set(number, KeyState::Active)
}

#[test]
fn forward_is_taken_and_backward_never() {
    let other = list_as_of(NOON.seconds_later(60), (1, 7), 3);
    let cases = [
        ("the same", usual(), Offer::Same),
        ("a later list", trust(active(5), Some(list(1, 8, 3))), Offer::Newer),
        ("a later epoch", trust(active(5), Some(list(2, 1, 4))), Offer::Newer),
        ("a later key set with the same list", trust(active(6), Some(list(1, 7, 3))), Offer::Newer),
        ("an earlier list", trust(active(5), Some(list(1, 6, 3))), Offer::Older),
        ("an earlier epoch", trust(active(5), Some(list(0, 9, 3))), Offer::Older),
        ("an earlier key set with a later list", trust(active(4), Some(list(1, 8, 3))), Offer::Older),
        ("a later key set with an earlier list", trust(active(6), Some(list(1, 6, 3))), Offer::Older),
        ("no list", trust(active(6), None), Offer::Older),
        ("another list of the same number", trust(active(5), Some(other)), Offer::Older),
        ("another key set of the same number", trust(key_set(5, KeyState::Retired), Some(list(1, 8, 3))), Offer::Older),
    ];
    for (name, offered, expected) in cases {
        assert_eq!(newer(&usual(), &offered), expected, "{name}");
    }
}

#[test]
fn a_first_list_is_taken() {
    let bare = trust(active(5), None);
    assert_eq!(newer(&bare, &usual()), Offer::Newer);
    assert_eq!(newer(&bare, &bare), Offer::Same);
    assert_eq!(newer(&usual(), &bare), Offer::Older);
}

#[test]
fn only_what_the_same_root_and_its_register_signed_is_taken() {
    let usual = TrustFile::parse(&usual()).unwrap();
    let other_root = TrustFile { root: key(8).public(), ..usual.clone() };
    let forged = |change: fn(&mut TrustFile)| {
        let mut file = TrustFile::parse(&trust(active(6), Some(list(1, 8, 3)))).unwrap();
        change(&mut file);
        file.to_bytes()
    };
    let cases = [
        ("another root", other_root.to_bytes(), Offer::OtherInstitution),
        ("a key set of another root", forged(|file| *file.key_set.last_mut().unwrap() ^= 1), Offer::NotGenuine),
        ("a list of an issuing key", trust(active(5), Some(list(1, 8, 2))), Offer::NotGenuine),
        ("a list of nobody's", forged(|file| file.snapshot = Some(vec![1])), Offer::NotGenuine),
        (
            "a list of a compromised key",
            trust(key_set(6, KeyState::Compromised), Some(list(1, 8, 3))),
            Offer::NotGenuine,
        ),
        ("no trust file", b"Good morning".to_vec(), Offer::NotGenuine),
        ("nothing", Vec::new(), Offer::NotGenuine),
    ];
    for (name, offered, expected) in cases {
        assert_eq!(newer(&usual.to_bytes(), &offered), expected, "{name}");
    }
}
