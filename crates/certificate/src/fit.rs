//! Pure text fitting: which size, which line breaks. It knows widths only through the function it is given.

use crate::template::Um;

/// One try: a size in hundredths of a point and the number of lines it may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Attempt {
    pub(crate) size: i64,
    pub(crate) lines: usize,
}

/// Text that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fitted {
    pub(crate) size: i64,
    pub(crate) lines: Vec<String>,
}

/// Returns the first attempt the text fits into; words are broken only by the last one.
///
/// `width` measures a text at a size. Lines are balanced: no line is longer than the number of lines needs.
pub(crate) fn fit(text: &str, attempts: &[Attempt], limit: Um, width: &dyn Fn(&str, i64) -> Um) -> Option<Fitted> {
    let last = attempts.len().saturating_sub(1);
    attempts.iter().enumerate().find_map(|(index, attempt)| {
        let measure = |part: &str| width(part, attempt.size);
        let whole_words = text.split(' ').all(|word| measure(word) <= limit);
        if !whole_words && index != last {
            return None;
        }
        let lines = wrap(text, limit, &measure);
        (lines.len() <= attempt.lines)
            .then(|| Fitted { size: attempt.size, lines: balance(text, limit, lines, &measure) })
    })
}

/// Breaks the text into lines no wider than the limit, at spaces where possible, inside words where not.
pub(crate) fn wrap(text: &str, limit: Um, measure: &dyn Fn(&str) -> Um) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if measure(&longer) <= limit {
            line = longer;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        line = break_word(word, limit, measure, &mut lines);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// Pushes full lines of a word that is too wide and returns the rest of it.
fn break_word(word: &str, limit: Um, measure: &dyn Fn(&str) -> Um, lines: &mut Vec<String>) -> String {
    let mut rest = String::new();
    for character in word.chars() {
        let mut longer = rest.clone();
        longer.push(character);
        if measure(&longer) > limit && !rest.is_empty() {
            lines.push(std::mem::take(&mut rest));
            rest.push(character);
        } else {
            rest = longer;
        }
    }
    rest
}

/// Narrows the limit as far as the number of lines stays the same.
fn balance(text: &str, limit: Um, lines: Vec<String>, measure: &dyn Fn(&str) -> Um) -> Vec<String> {
    if lines.len() < 2 {
        return lines;
    }
    let widest_word = text.split(' ').map(measure).max().unwrap_or(limit);
    let (mut low, mut high) = (widest_word.min(limit), limit);
    while low < high {
        let middle = low + (high - low) / 2;
        if wrap(text, middle, measure).len() > lines.len() {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    wrap(text, high, measure)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every character is as wide as the size says.
    fn width(text: &str, size: i64) -> Um {
        i64::try_from(text.chars().count()).unwrap() * size
    }

    const ATTEMPTS: [Attempt; 3] =
        [Attempt { size: 10, lines: 1 }, Attempt { size: 5, lines: 1 }, Attempt { size: 5, lines: 3 }];

    #[test]
    fn the_first_size_that_fits_is_taken() {
        assert_eq!(fit("abcde", &ATTEMPTS, 50, &width), Some(Fitted { size: 10, lines: vec!["abcde".to_owned()] }));
        assert_eq!(fit("abcdef", &ATTEMPTS, 50, &width), Some(Fitted { size: 5, lines: vec!["abcdef".to_owned()] }));
    }

    #[test]
    fn two_lines_are_balanced() {
        let fitted = fit("aaaa bbb ccc d", &ATTEMPTS, 50, &width).unwrap();
        assert_eq!(fitted.lines, ["aaaa bbb", "ccc d"]);
    }

    #[test]
    fn only_the_last_attempt_breaks_words() {
        let fitted = fit("abcdefghijklmno", &ATTEMPTS, 50, &width).unwrap();
        assert_eq!(fitted.lines, ["abcdefghij", "klmno"]);
        assert_eq!(fit("abcdefghijklmno", &[Attempt { size: 5, lines: 1 }], 50, &width), None);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_is_too_wide(text in "[a-zåäö ]{0,120}", limit in 10i64..200) {
            let lines = wrap(&text, limit, &|part| width(part, 10));
            for line in &lines {
                prop_assert!(width(line, 10) <= limit);
            }
            let joined: String = lines.concat().replace(' ', "");
            prop_assert_eq!(joined, text.replace(' ', ""));
        }

        #[test]
        fn what_fits_is_within_its_attempt(text in "[a-z]{1,12}( [a-z]{1,12}){0,8}") {
            if let Some(fitted) = fit(&text, &ATTEMPTS, 90, &width) {
                prop_assert!(ATTEMPTS.iter().any(|a| a.size == fitted.size && a.lines >= fitted.lines.len()));
                prop_assert!(fitted.lines.iter().all(|line| width(line, fitted.size) <= 90));
            }
        }
    }
}
