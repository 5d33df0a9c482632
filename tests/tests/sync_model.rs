//! Laptops, register and a model of them in maps agree after every step of random scripts: a sample of what `make torture`
//! goes on with.

use fieldproof_tests::model::{Fate, Step, play, play_script};

/// What has to happen in a sample for it to say something.
const MET: &[(&str, u64)] = &[
    ("steps", 3_000),
    ("complete", 300),
    ("refused", 50),
    ("failed", 10),
    ("failed, held", 20),
    ("not sent", 20),
    ("chains with forks", 5),
    ("laptops killed while sending", 20),
    ("sendings that broke off", 20),
    ("sendings that found nobody", 10),
    ("sendings to their end", 100),
    ("bundles taken whole", 20),
    ("bundles taken in part", 5),
    ("bundles not taken", 1),
    ("answers taken", 10),
    ("registers restored", 5),
    ("epochs begun", 5),
    ("records given back", 5),
];

#[test]
fn engine_and_model_agree_after_every_step() {
    let figures = play("sample", 3_000).unwrap_or_else(|failure| panic!("{failure:#?}"));
    for (what, least) in MET {
        assert!(figures.get(what).is_some_and(|count| least <= count), "{what}: too seldom in {figures:#?}");
    }
}

const WRITE: Step = Step::Write { laptop: 0, photos: 0, die: 0 };
const ANSWERS: Step = Step::Answers { laptop: 0, bundle: 0, cut: None };

/// A sending that ends after so many requests.
fn sent_so_far(requests: usize) -> Step {
    Step::Send { laptop: 0, fates: [vec![Fate::Passes; requests], vec![Fate::Gone]].concat() }
}

/// Dice fall so too seldom.
#[test]
fn answers_that_come_late_say_nothing_of_the_epoch_that_is() {
    let answered = [Step::Bundle { laptop: 0 }, Step::Import { bundle: 0, cut: None }];
    let whole = Step::Send { laptop: 0, fates: Vec::new() };
    let taken_again = [
        vec![Step::KeepRegister, WRITE],
        answered.to_vec(),
        // Greeted, shown the receipt, asked after all, greeted.
        vec![ANSWERS, Step::RestoreRegister, sent_so_far(4), ANSWERS, whole.clone()],
    ];
    // One more than is asked after at every contact.
    let taken_first = [
        vec![Step::KeepRegister, whole.clone(), whole.clone()],
        vec![WRITE; 17],
        answered.to_vec(),
        // Greeted, shown the beacon, greeted.
        vec![Step::RestoreRegister, sent_so_far(3), ANSWERS, whole],
    ];
    for (script, returned) in [(taken_again.concat(), 1), (taken_first.concat(), 17)] {
        let figures = play_script(&script).unwrap_or_else(|failure| panic!("{failure:#?}"));
        let figure = |name| figures.get(name).copied();
        let expected = (Some(1), Some(returned));
        assert_eq!((figure("answers of an ended epoch"), figure("records given back")), expected, "{figures:#?}");
    }
}
