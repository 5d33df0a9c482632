//! Passphrases: five words drawn from a list of 2,048, or typed ones that are at least as hard to guess.

use std::collections::BTreeSet;

use bip39::Language;
use zeroize::Zeroizing;

use crate::App;

/// Words of a passphrase that is drawn.
const WORDS: usize = 5;
/// Five words of 2,048 are one of two to the 55th.
const BITS: f64 = 55.0;
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
    if let Some(words) = words_of_the_list(passphrase) {
        return if WORDS <= words { Ok(()) } else { Err(Weakness::Guessable) };
    }
    let start: Zeroizing<String> = Zeroizing::new(passphrase.chars().take(ESTIMATED_CHARACTERS).collect());
    let guesses_log2 = zxcvbn::zxcvbn(&start, &[]).guesses_log10() * std::f64::consts::LOG2_10;
    if BITS <= guesses_log2 { Ok(()) } else { Err(Weakness::Guessable) }
}

/// How many different words of the list a passphrase is made of, and of nothing else. They are taken as drawn: the
/// estimate does not know the list, and takes four for more than they are.
fn words_of_the_list(passphrase: &str) -> Option<usize> {
    let words: BTreeSet<&str> = passphrase.split_whitespace().collect();
    words.iter().all(|word| Language::English.find_word(word).is_some()).then_some(words.len())
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
        ];
        for passphrase in taken {
            assert_eq!(check(passphrase), Ok(()), "{passphrase}");
        }
        let refused = [
            "",
            "password",
            "abandon garage tunnel velvet",
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
