//! Points in time and days. A device's time is a claim; order comes from chain indexes, never from here.

use std::fmt;

/// Milliseconds since 1970-01-01 UTC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Timestamp(i64);

impl Timestamp {
    /// Takes milliseconds since 1970-01-01 UTC.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970-01-01 UTC.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// The same instant set back by whole seconds.
    #[must_use]
    pub fn seconds_earlier(self, seconds: u32) -> Self {
        Self(self.0.saturating_sub(i64::from(seconds).saturating_mul(1000)))
    }

    /// The same instant set forward by whole seconds.
    #[must_use]
    pub fn seconds_later(self, seconds: u32) -> Self {
        Self(self.0.saturating_add(i64::from(seconds).saturating_mul(1000)))
    }

    /// Milliseconds from `earlier` to `self`; negative when `self` comes first.
    #[must_use]
    pub fn millis_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The day in UTC.
    #[must_use]
    pub fn date(self) -> Date {
        let days = self.0.div_euclid(86_400_000);
        Date(i32::try_from(days).unwrap_or(if days < 0 { i32::MIN } else { i32::MAX }))
    }

    /// Hours and minutes in UTC, `14:03`.
    #[must_use]
    pub fn clock_utc(self) -> String {
        let minutes = self.0.div_euclid(60_000).rem_euclid(1440);
        format!("{:02}:{:02}", minutes.div_euclid(60), minutes.rem_euclid(60))
    }
}

/// A calendar day, as printed on a certificate: days since 1970-01-01.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Date(i32);

/// The text was not a day of the form `2026-11-22`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a day is written YYYY-MM-DD")]
pub struct NotADate;

impl Date {
    /// Takes days since 1970-01-01.
    #[must_use]
    pub const fn from_days(days: i32) -> Self {
        Self(days)
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub const fn as_days(self) -> i32 {
        self.0
    }

    /// The day `days` later.
    #[must_use]
    pub fn days_later(self, days: u32) -> Self {
        Self(self.0.saturating_add_unsigned(days))
    }

    /// The same day of the month so many calendar months later; the month's last day where it has no such day.
    #[must_use]
    pub fn months_later(self, months: u32) -> Self {
        let Ok(day) = time::Date::from_julian_day(self.0.saturating_add(EPOCH_JULIAN_DAY)) else {
            return self;
        };
        let months_before = i64::from(day.year()).saturating_mul(12).saturating_add(i64::from(u8::from(day.month())));
        let index = months_before.saturating_sub(1).saturating_add(i64::from(months));
        let year = i32::try_from(index.div_euclid(12)).unwrap_or(i32::MAX);
        let month = u8::try_from(index.rem_euclid(12).saturating_add(1)).ok();
        let month = month.and_then(|month| time::Month::try_from(month).ok());
        let found = month.and_then(|month| {
            let last = month.length(year);
            time::Date::from_calendar_date(year, month, day.day().min(last)).ok()
        });
        found.map_or(Self(i32::MAX), |found| Self(found.to_julian_day().saturating_sub(EPOCH_JULIAN_DAY)))
    }

    /// Whole days from `earlier` to `self`; negative when `self` comes first.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> i64 {
        i64::from(self.0).saturating_sub(i64::from(earlier.0))
    }

    /// The calendar year.
    #[must_use]
    pub fn year(self) -> i32 {
        time::Date::from_julian_day(self.0.saturating_add(EPOCH_JULIAN_DAY)).map_or(0, time::Date::year)
    }

    /// Reads `YYYY-MM-DD`.
    ///
    /// # Errors
    /// [`NotADate`] for any other form and for days that do not exist.
    pub fn parse(text: &str) -> Result<Self, NotADate> {
        let mut fields = text.split('-');
        let mut field = |width| fields.next().filter(|f: &&str| f.len() == width).ok_or(NotADate);
        let year = field(4)?.parse().map_err(|_| NotADate)?;
        let month: u8 = field(2)?.parse().map_err(|_| NotADate)?;
        let day = field(2)?.parse().map_err(|_| NotADate)?;
        if fields.next().is_some() {
            return Err(NotADate);
        }
        let month = time::Month::try_from(month).map_err(|_| NotADate)?;
        let date = time::Date::from_calendar_date(year, month, day).map_err(|_| NotADate)?;
        Ok(Self(date.to_julian_day().saturating_sub(EPOCH_JULIAN_DAY)))
    }
}

/// The Julian day number of 1970-01-01.
const EPOCH_JULIAN_DAY: i32 = 2_440_588;

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match time::Date::from_julian_day(self.0.saturating_add(EPOCH_JULIAN_DAY)) {
            Ok(date) => write!(f, "{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day()),
            Err(_) => write!(f, "day {}", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_read_and_write() {
        for text in ["1970-01-01", "2024-02-29", "2026-11-22", "1969-12-31"] {
            assert_eq!(Date::parse(text).map(|date| date.to_string()), Ok(text.to_owned()));
        }
        for bad in ["", "2026-1-2", "2025-02-29", "2026-11-22-1", "20261122", "abcd-ef-gh"] {
            assert_eq!(Date::parse(bad), Err(NotADate), "{bad}");
        }
    }

    #[test]
    fn a_timestamp_knows_its_day_before_and_after_1970() {
        assert_eq!(Timestamp::from_millis(0).date().to_string(), "1970-01-01");
        assert_eq!(Timestamp::from_millis(-1).date().to_string(), "1969-12-31");
        assert_eq!(Timestamp::from_millis(86_399_999).clock_utc(), "23:59");
    }
}
