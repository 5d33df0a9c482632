//! The code below a symbol that a person can read aloud: twelve letters and digits, the last of which finds a slip.

use fieldproof_model::id::CertificateId;

use crate::keys::digest_of;

/// Crockford's thirty-two: no I, L, O or U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Characters that say which certificate; one more finds a slip.
const LENGTH: usize = 11;

/// Writes the code of a certificate, `7K3M-9QTR-2XWD`.
#[must_use]
pub fn short_code(certificate: &CertificateId) -> String {
    code_of(certificate.as_bytes())
}

/// Writes the code of any bytes that two people compare by ear: fifty-five bits of their digest and a check.
#[must_use]
pub fn code_of(bytes: &[u8]) -> String {
    let digest = digest_of(bytes);
    let bits = digest.as_bytes().iter().take(8).fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
    let mut values: Vec<u8> = (0..LENGTH).map(|place| value_at(bits, place)).collect();
    values.push(check(&values));
    written(&values)
}

/// Reads a code as somebody types it, and gives it back in its one form.
///
/// Small letters, spaces and dashes do not matter; O is 0, I and L are 1. `None` when it is cut off or has a slip in it.
#[must_use]
pub fn parse_short_code(text: &str) -> Option<String> {
    let letters = text.chars().filter(|letter| !letter.is_whitespace() && *letter != '-');
    let values: Vec<u8> = letters.take(LENGTH.saturating_add(2)).map(value_of).collect::<Option<_>>()?;
    let (last, said) = values.split_last()?;
    (said.len() == LENGTH && check(said) == *last).then(|| written(&values))
}

/// In groups of four.
fn written(values: &[u8]) -> String {
    let groups = values.chunks(4).map(|group| group.iter().map(|value| letter(*value)).collect::<String>());
    groups.collect::<Vec<_>>().join("-")
}

/// The five bits of that place, from the front.
fn value_at(bits: u64, place: usize) -> u8 {
    let shift = u32::try_from(place).unwrap_or(0).saturating_mul(5);
    u8::try_from(bits.wrapping_shl(shift) >> 59).unwrap_or(0)
}

fn letter(value: u8) -> char {
    ALPHABET.get(usize::from(value)).copied().map_or('?', char::from)
}

fn value_of(letter: char) -> Option<u8> {
    let letter = match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        letter => letter,
    };
    let place = ALPHABET.iter().position(|known| char::from(*known) == letter)?;
    u8::try_from(place).ok()
}

/// Luhn's check with thirty-two values: finds every single slip, and nearly every two neighbours that changed places.
fn check(values: &[u8]) -> u8 {
    let sum = values.iter().rev().enumerate().fold(0_u32, |sum, (place, value)| {
        let twice = u32::from(*value).saturating_mul(if place.is_multiple_of(2) { 2 } else { 1 });
        sum.saturating_add(twice >> 5).saturating_add(twice & 31)
    });
    u8::try_from((32_u32.saturating_sub(sum & 31)) & 31).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_back_however_it_is_typed() {
        for number in 0..=255 {
            let code = short_code(&CertificateId::new([number; 16]));
            assert_eq!(code.len(), 14, "{code}");
            assert_eq!(parse_short_code(&code), Some(code.clone()));
            let sloppy = code.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
            assert_eq!(parse_short_code(&sloppy), Some(code));
        }
        assert_eq!(short_code(&CertificateId::new([7; 16])), "TXGX-81NF-5958", "frozen");
    }

    #[test]
    fn every_single_slip_is_found() {
        let code = short_code(&CertificateId::new([7; 16]));
        for place in (0..code.len()).filter(|place| code.as_bytes()[*place] != b'-') {
            for other in ALPHABET {
                let mut slip = code.clone().into_bytes();
                if slip[place] != *other {
                    slip[place] = *other;
                    assert_eq!(parse_short_code(std::str::from_utf8(&slip).unwrap()), None);
                }
            }
        }
        for bad in ["", "-", "7K3M", "7K3M-9QTR-2XWDA", "ÄÖÜ", "7K3M-9QTR-2XW!"] {
            assert_eq!(parse_short_code(bad), None, "{bad}");
        }
    }
}
