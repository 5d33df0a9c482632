//! Writes certificates of random content with the link each must be read as, for `tests/print/read_back.py`:
//! `cargo run -p fieldproof-certificate --example printed -- <folder> <count> <seed>`.
//!
//! Number n is the same whatever the count; the folder then holds `000.pdf`, `000.txt` and so on.

use std::{error::Error, fs, path::PathBuf};

use fieldproof_certificate::{CertificateFacts, Fact, render_certificate};
use fieldproof_seal::token::{TOKEN_LIMIT, to_link};

const FEWEST_BYTES: u64 = 330;
const LONGEST_NAME: u64 = 80;
const GIVEN: [&str; 14] = [
    "Áine",
    "Äijö",
    "João",
    "Conceição",
    "Yrjö",
    "Öölä",
    "Inês",
    "Väinämö",
    "Íris",
    "Åke",
    "Zoë",
    "Łucja",
    "Õnne",
    "Li",
];
const FAMILY: [&str; 12] = [
    "Esimerkkipää",
    "Exemplão",
    "Ficção",
    "Näidisõde",
    "Keksitty-Yöpöytä",
    "da Suposição",
    "Przykładowski",
    "Olematon",
    "Påhittström",
    "Invenção e Hipótese",
    "Mallikäs",
    "Ö",
];
const WORDS: [&str; 18] = [
    "specimen",
    "työpaja",
    "isolation",
    "formação",
    "vehicle",
    "käyttöönotto",
    "proving",
    "tensão",
    "battery",
    "jännite",
    "(≥ Ω µ)",
    "segurança",
    "return",
    "harjoitus",
    "part",
    "ação",
    "level",
    "näyttö",
];
const HOSTS: [&str; 6] = [
    "a.example",
    "fieldproof.example",
    "vayla.example",
    "www.formacao.example",
    "todistus.opisto.example",
    "check.long-institution.example",
];

/// SplitMix64, written out so that a seed draws the same papers whatever becomes of a library's generator.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.roll() % limit.max(1)
    }

    fn between(&mut self, first: u64, last: u64) -> u64 {
        first + self.below(last - first + 1)
    }

    fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    fn choose<'a>(&mut self, from: &[&'a str]) -> &'a str {
        let at = self.below(u64::try_from(from.len()).unwrap_or(1));
        usize::try_from(at).ok().and_then(|at| from.get(at)).copied().unwrap_or_default()
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut next = |what: &str| arguments.next().ok_or(format!("{what} is missing: <folder> <count> <seed>"));
    let folder = PathBuf::from(next("the folder")?);
    let (count, seed): (u64, u64) = (next("the count")?.parse()?, next("the seed")?.parse()?);
    for number in 0..count {
        let facts = draw(number, seed);
        let pdf = render_certificate(&facts).map_err(|error| format!("certificate {number}: {error}"))?;
        fs::write(folder.join(format!("{number:03}.pdf")), pdf)?;
        fs::write(folder.join(format!("{number:03}.txt")), facts.token_link)?;
    }
    Ok(())
}

fn draw(number: u64, seed: u64) -> CertificateFacts {
    let mut dice = Dice(seed);
    let mut dice = Dice(dice.roll() ^ number.wrapping_mul(0xD6E8_FEB8_6659_FD93));
    let host = dice.choose(&HOSTS);
    CertificateFacts {
        demonstration: dice.one_in(4),
        institution: text(&mut dice, 8, 100),
        holder: name(&mut dice, LONGEST_NAME),
        birth_year: (!dice.one_in(3)).then_some(1987),
        scheme_title: text(&mut dice, 10, 100),
        scheme_version: if dice.one_in(4) { String::new() } else { format!("{}.{}", dice.below(9), dice.below(20)) },
        scope: if dice.one_in(4) { String::new() } else { text(&mut dice, 40, 250) },
        course: rows(&mut dice, &["Dates", "Theory", "Practice", "Voltage level trained", "Site"], 60),
        assessed: rows(&mut dice, &["Exercise object", "Voltage present", "Object was", "Passed"], 110),
        people: people(&mut dice),
        issued_on: "13 November 2026".into(),
        valid_until: (!dice.one_in(3)).then(|| "12 November 2029".into()),
        confirm_by: "27 November 2026".into(),
        certificate_id: format!("FP-{:04X}-{:04X}", dice.below(0x1_0000), dice.below(0x1_0000)),
        address: format!("{host}/check"),
        token_link: to_link(&format!("{host}/v"), &payload(&mut dice, number)),
        document_date: 1_794_571_200,
    }
}

/// As random as a signature. 106 has no divisor in common with the number of lengths: 171 papers in a row have all
/// of them, and the first has the longest.
fn payload(dice: &mut Dice, number: u64) -> Vec<u8> {
    let longest = u64::try_from(TOKEN_LIMIT).unwrap_or(FEWEST_BYTES);
    let lengths = longest - FEWEST_BYTES + 1;
    let length = longest - number % lengths * 106 % lengths;
    (0..length).map(|_| u8::try_from(dice.below(256)).unwrap_or_default()).collect()
}

/// A name of two letters up to as many as allowed.
fn name(dice: &mut Dice, longest: u64) -> String {
    let length = dice.between(2, longest);
    let first = dice.choose(&GIVEN);
    joined(first, length, || dice.choose(&FAMILY))
}

fn text(dice: &mut Dice, shortest: u64, longest: u64) -> String {
    let length = dice.between(shortest, longest);
    let first = dice.choose(&WORDS);
    joined(first, length, || dice.choose(&WORDS))
}

/// Words until the length is reached, cut off there.
fn joined<'a>(first: &str, length: u64, mut next: impl FnMut() -> &'a str) -> String {
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let mut text = first.to_owned();
    while text.chars().count() < length {
        text = format!("{text} {}", next());
    }
    text.chars().take(length).collect::<String>().trim_end().to_owned()
}

/// Each label on its own may be absent.
fn rows(dice: &mut Dice, labels: &[&str], longest: u64) -> Vec<Fact> {
    let kept: Vec<&str> = labels.iter().copied().filter(|_| !dice.one_in(4)).collect();
    kept.into_iter().map(|label| Fact::new(label, text(dice, 3, longest))).collect()
}

fn people(dice: &mut Dice) -> Vec<Fact> {
    let mut people = vec![Fact::new("Assessor", name(dice, 40))];
    for label in ["Second person", "Trainer"] {
        if !dice.one_in(3) {
            people.push(Fact::new(label, name(dice, 40)));
        }
    }
    people
}
