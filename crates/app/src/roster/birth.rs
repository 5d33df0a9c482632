//! A year of birth out of what a table says.

use fieldproof_model::time::Date;

/// The year in `1990`, `1990-12-31`, `31.12.1990`, `31/12/1990` or `31-12-1990`, with or without a time behind it. A
/// year of two digits is nobody's to complete.
pub(super) fn birth_year(text: &str) -> Option<u16> {
    if let Some(year) = four_digits(text) {
        return Some(year);
    }
    let day = text.split_once(['T', ' ']).filter(|(_, time)| is_time(time)).map_or(text, |(day, _)| day);
    let date = Date::parse(day).ok().or_else(|| parse_written(day))?;
    u16::try_from(date.year()).ok()
}

fn four_digits(text: &str) -> Option<u16> {
    let is_year = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    is_year.then(|| text.parse().ok()).flatten()
}

fn is_time(text: &str) -> bool {
    text.contains(':') && text.chars().all(|letter| letter.is_ascii_digit() || matches!(letter, ':' | '.' | 'Z'))
}

fn parse_written(text: &str) -> Option<Date> {
    for divider in ['.', '/', '-'] {
        let parts: Vec<&str> = text.split(divider).map(str::trim).collect();
        if let [day, month, year] = parts.as_slice() {
            let year = four_digits(year)?;
            let (day, month) = (one_or_two_digits(day)?, one_or_two_digits(month)?);
            let date = |day: u8, month: u8| Date::parse(&format!("{year:04}-{month:02}-{day:02}")).ok();
            // Only the year is taken, so it is all one whether the month stands first between strokes.
            return date(day, month).or_else(|| (divider == '/').then(|| date(month, day)).flatten());
        }
    }
    None
}

fn one_or_two_digits(text: &str) -> Option<u8> {
    let is_number = text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_is_read_as_a_year_or_out_of_a_date() {
        for text in [
            "1990",
            "1990-12-31",
            "1990-12-31 00:00:00",
            "1990-12-31T00:00:00.000Z",
            "31.12.1990",
            "1. 2. 1990",
            "31/12/1990",
            "12/31/1990",
            "31-12-1990",
            "1.2.1990 00:00",
        ] {
            assert_eq!(birth_year(text), Some(1990), "{text}");
        }
        for text in [
            "",
            "90",
            "31.12.90",
            "31.13.1990",
            "13.31.1990",
            "30.2.1990",
            "19900",
            "+990",
            "1990-13-01",
            "32873",
            "x 1990",
            "31.12.1990 x",
            "1.2.3.1990",
            "٣١.12.1990",
        ] {
            assert_eq!(birth_year(text), None, "{text}");
        }
    }
}
