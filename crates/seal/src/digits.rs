//! Bytes as decimal digits for the numeric segment of a symbol: a format digit, then seven bytes in seventeen digits.

/// The format digit of version 1 of the formats.
const FORMAT: char = '0';

/// Digits for a block of as many bytes as the index says.
const DIGITS: [usize; 8] = [0, 3, 5, 8, 10, 13, 15, 17];

/// The digits are not a payload of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the digits are cut off or altered")]
pub struct BadDigits;

/// Writes bytes as digits.
#[must_use]
pub fn to_digits(bytes: &[u8]) -> String {
    let mut digits = String::from(FORMAT);
    for block in bytes.chunks(7) {
        let number = block.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        let width = DIGITS.get(block.len()).copied().unwrap_or_default();
        digits.push_str(&format!("{number:0width$}"));
    }
    digits
}

/// Reads digits back into bytes: at most so many digits behind the one of the format.
///
/// # Errors
/// [`BadDigits`] for another format digit, a length no payload has, or a block beyond its bytes.
pub fn parse_digits(text: &str, limit: usize) -> Result<Vec<u8>, BadDigits> {
    let digits = text.strip_prefix(FORMAT).ok_or(BadDigits)?;
    if limit < digits.len() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(BadDigits);
    }
    let mut bytes = Vec::new();
    for block in digits.as_bytes().chunks(17) {
        let length = DIGITS.iter().position(|width| *width == block.len()).ok_or(BadDigits)?;
        let number = block.iter().fold(0_u64, |number, digit| {
            number.saturating_mul(10).saturating_add(u64::from(digit.saturating_sub(b'0')))
        });
        let block = number.to_be_bytes();
        let (zero, kept) = block.split_at(block.len().saturating_sub(length));
        if zero.iter().any(|byte| *byte != 0) {
            return Err(BadDigits);
        }
        bytes.extend_from_slice(kept);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_round_trips() {
        for length in 0..=64 {
            for fill in [0x00, 0x7f, 0xff] {
                let bytes = vec![fill; length];
                assert_eq!(parse_digits(&to_digits(&bytes), 200), Ok(bytes));
            }
        }
        assert_eq!(to_digits(&[0xff; 7]), "072057594037927935");
        assert_eq!(to_digits(&[1]), "0001");
    }

    #[test]
    fn what_is_no_payload_is_refused() {
        for bad in ["", "1001", "0256", "001", "0 01", "0a01", "072057594037927936", "099999999999999999"] {
            assert_eq!(parse_digits(bad, 200), Err(BadDigits), "{bad:?}");
        }
        let of = |digits: usize| parse_digits(&format!("0{}", "0".repeat(digits)), 17 * 3);
        assert!(of(17 * 3).is_ok(), "as many as a payload may have");
        for beyond in [17 * 3 + 3, 17 * 4] {
            assert_eq!(of(beyond), Err(BadDigits), "{beyond}");
        }
    }
}
