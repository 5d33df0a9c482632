//! Laptops, register and a model of them in maps agree after every step of random scripts: a sample of what `make torture`
//! goes on with.

use fieldproof_tests::model::play;

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
