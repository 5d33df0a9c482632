//! `cargo run -p fieldproof-seal --example fuzz_scheme -- SECONDS SEED`: mutates scheme documents for so long.
#![expect(clippy::print_stdout, reason = "says what it did")]

use std::time::{Duration, Instant};

use scheme_document::{Dice, fuzz_scheme_document, mutate};

#[path = "../../../tests/fuzz/scheme_document.rs"]
mod scheme_document;

/// The slowest answer that is no failure.
const SLOWEST: Duration = Duration::from_secs(1);

#[expect(clippy::disallowed_methods, reason = "runs for as long as it is told, and measures each answer")]
fn now() -> Instant {
    Instant::now()
}

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1).map(|text| text.parse::<u64>().ok());
    let seconds = arguments.next().flatten().unwrap_or(60);
    let seed = arguments.next().flatten().unwrap_or(1);
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fuzz/scheme-document");
    let mut corpus = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        corpus.push(entry?.path());
    }
    corpus.sort();
    let mut corpus = corpus.into_iter().map(std::fs::read).collect::<Result<Vec<_>, _>>()?;
    let (mut dice, mut rounds, mut schemes, mut slowest) = (Dice::new(seed), 0_u64, 0_u64, Duration::ZERO);
    let start = now();
    while start.elapsed() < Duration::from_secs(seconds) {
        let from = dice.below(corpus.len());
        let mutated = corpus.get(from).map(|bytes| mutate(bytes, &mut dice)).unwrap_or_default();
        let began = now();
        // What is still a scheme is worth mutating further.
        if fuzz_scheme_document(&mutated) {
            schemes += 1;
            if corpus.len() < 500 {
                corpus.push(mutated);
            }
        }
        slowest = slowest.max(began.elapsed());
        assert!(slowest < SLOWEST, "seed {seed}, round {rounds}: took {slowest:?}");
        rounds += 1;
    }
    println!(
        "{rounds} rounds, {schemes} of them schemes, seed {seed}, {:.1} s, slowest answer {:.1} ms",
        start.elapsed().as_secs_f64(),
        slowest.as_secs_f64() * 1000.0
    );
    Ok(())
}
