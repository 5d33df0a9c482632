//! Passphrases: five words drawn from a list of 2,048, or typed ones that are at least as hard to guess.

use std::{collections::BTreeSet, ops::RangeInclusive};

use bip39::Language;
use zeroize::Zeroizing;

use crate::App;

/// Words of a passphrase that is drawn.
const WORDS: usize = 5;
/// Five words of 2,048 are one of two to the 55th.
const BITS: f64 = 55.0;
/// One word of 2,048.
const WORD_BITS: f64 = 11.0;
/// How long the words of the list are.
const LETTERS: RangeInclusive<usize> = 3..=8;
/// The most that is looked at for the estimate; what stands behind it only makes guessing harder.
const ESTIMATED_CHARACTERS: usize = 100;

/// Why a typed passphrase is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Weakness {
    /// More easily guessed than five words of the list.
    #[error("the passphrase is too easily guessed")]
    Guessable,
    /// Longer than anybody types.
    #[error("the passphrase is longer than 200 characters")]
    TooLong,
}

impl App {
    /// Draws five words.
    #[must_use]
    pub fn draw_passphrase(&self) -> Zeroizing<String> {
        let list = Language::English.word_list();
        let mut passphrase = Zeroizing::new(String::with_capacity(64));
        for _ in 0..WORDS {
            // 2,048 divides 65,536: every word is as likely as every other.
            let drawn = usize::from(u16::from_le_bytes(self.random())) % list.len();
            if !passphrase.is_empty() {
                passphrase.push(' ');
            }
            passphrase.push_str(list.get(drawn).copied().unwrap_or_default());
        }
        passphrase
    }
}

/// Whether a new passphrase is hard enough to guess.
///
/// # Errors
/// [`Weakness`].
pub fn check(passphrase: &str) -> Result<(), Weakness> {
    let passphrase = passphrase.trim();
    if 200 < passphrase.chars().count() {
        return Err(Weakness::TooLong);
    }
    let (words, rest) = apart(passphrase);
    if WORDS <= words && rest.chars().all(|letter| !letter.is_alphanumeric()) {
        return Ok(());
    }
    // Words of the list are taken as drawn: the estimate does not know the list, and takes four for more than they are.
    let apart = WORD_BITS * f64::from(u32::try_from(words).unwrap_or_default()) + estimate(&rest);
    if BITS <= estimate(passphrase).min(apart) { Ok(()) } else { Err(Weakness::Guessable) }
}

/// How many guesses a text takes, as a power of two.
fn estimate(text: &str) -> f64 {
    let start: Zeroizing<String> = Zeroizing::new(text.chars().take(ESTIMATED_CHARACTERS).collect());
    zxcvbn::zxcvbn(&start, &[]).guesses_log10() * std::f64::consts::LOG2_10
}

/// Takes a passphrase apart: how many different words of the list are in it, however they are written and whatever stands
/// between them; and the rest, without blanks.
fn apart(passphrase: &str) -> (usize, Zeroizing<String>) {
    let text = Zeroizing::new(passphrase.to_lowercase());
    let (mut words, mut rest) = (BTreeSet::new(), Zeroizing::new(String::with_capacity(text.len())));
    let mut left = text.as_str();
    while let Some(first) = left.chars().next() {
        let end = left.find(|letter: char| !letter.is_alphabetic()).unwrap_or(left.len());
        let (token, behind) = left.split_at_checked(end.max(first.len_utf8())).unwrap_or((left, ""));
        match words_in(token) {
            Some(found) => words.extend(found),
            None if first.is_whitespace() => {}
            None => rest.push_str(token),
        }
        left = behind;
    }
    (words.len(), rest)
}

/// The words of the list that a run of letters is made of, as few as will do; `None` where it is made of anything else.
fn words_in(token: &str) -> Option<Vec<&str>> {
    // For each place the words up to it.
    let mut up_to: Vec<Option<Vec<&str>>> = vec![Some(Vec::new())];
    for end in 1..=token.len() {
        let ways = up_to.iter().enumerate().filter_map(|(start, before)| {
            let word = token.get(start..end).filter(|word| LETTERS.contains(&word.len()))?;
            Language::English.find_word(word)?;
            Some([before.as_deref()?, &[word]].concat())
        });
        let fewest = ways.min_by_key(Vec::len);
        up_to.push(fewest);
    }
    up_to.pop().flatten().filter(|words| !words.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_easily_guessed_is_not_taken() {
        let taken = [
            "abandon garage tunnel velvet zebra",
            "  abandon garage tunnel velvet zebra \n",
            "kP7$zq2!vR9&mX4^wT",
            "the grey heron refuses every second umbrella on tuesdays",
            // However five words are written, they are five.
            "Abandon Garage Tunnel Velvet Zebra",
            "abandon-garage-tunnel-velvet-zebra",
            "AbandonGarageTunnelVelvetZebra",
            "abandon, garage, tunnel, velvet and zebra!",
            // What stands beside words counts as what it is.
            "abandon kP7$zq2!vR9& garage",
            "my aunt Yrsa keeps nine furious geese behind the boathouse",
            "hätäuloskäynti kukkapenkissä 4711",
        ];
        for passphrase in taken {
            assert_eq!(check(passphrase), Ok(()), "{passphrase}");
        }
        let refused = [
            "",
            "password",
            "abandon garage tunnel velvet",
            "Abandon garage tunnel velvet",
            "ABANDON GARAGE TUNNEL VELVET",
            "abandon-garage-tunnel-velvet",
            "abandon_garage.tunnel/velvet",
            "abandongaragetunnelvelvet",
            "AbandonGarageTunnelVelvet",
            "abandon garage tunnel 7",
            "abandon garage tunnel velvet 7",
            "abandon1garage2tunnel3",
            "abandon garage tunnel velvet!",
            "Abandon Abandon abandon ABANDON abandon-abandon",
            "abandon abandon abandon abandon abandon",
            "Workshop2026!",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "1234567890123456789012345",
            "correct horse",
        ];
        for passphrase in refused {
            assert_eq!(check(passphrase), Err(Weakness::Guessable), "{passphrase}");
        }
        assert_eq!(check(&"long ".repeat(41)), Err(Weakness::TooLong));
    }
}
