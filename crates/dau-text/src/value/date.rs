//! A date as a period: from a year to a second. Must not know: how dates are written, time zones, the clock.

use std::fmt;

use super::calendar::{DAY, civil, days_in_month, month_start};

/// The first and last year of the range, astronomical numbering.
const YEARS: std::ops::RangeInclusive<i64> = -9999..=9999;

/// A date as precise as it was written, which is a period of time: 1945 is a year long, 1945-09-02 a day.
///
/// Times are seconds since 1970-01-01T00:00:00 UTC in the proleptic Gregorian calendar, without leap seconds, for the years
/// -9999 to 9999. Year 0 is 1 BC and year -178 is 179 BC, as in ISO 8601. The period is half-open: it has its start and
/// not its end, so `1945` and `1946` touch and don't overlap.
///
/// Dates sort by their start; of two with the same start the longer comes first.
///
/// # Example
///
/// ```
/// use dau_text::value::parse_date;
///
/// let year = parse_date("1945")?;
/// let day = parse_date("02/09/1945")?;
/// assert!(year.start() <= day.start() && day.end() <= year.end());
/// assert_eq!(day.to_string(), "1945-09-02");
/// # Ok::<(), dau_text::value::ValueError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    start: i64,
    precision: Precision,
}

/// How much of a [`Date`] was written: the length of its period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Precision {
    /// A year: `1945`.
    Year,
    /// A month: `09/1945`.
    Month,
    /// A day: `02/09/1945`.
    Day,
    /// A minute: `02/09/1945 14:00`.
    Minute,
    /// A second; fractions of it are dropped.
    Second,
}

impl Date {
    pub(super) fn of_year(year: i64) -> Option<Date> {
        Date::checked(month_start(year, 1) * DAY, Precision::Year, year)
    }

    /// `month` is 1 to 12, or there is no such date.
    pub(super) fn of_month(year: i64, month: i64) -> Option<Date> {
        let valid = (1..=12).contains(&month);
        Date::checked(month_start(year, month) * DAY, Precision::Month, year).filter(|_| valid)
    }

    /// `month` and `day` count from 1, or there is no such date.
    pub(super) fn of_day(year: i64, month: i64, day: i64) -> Option<Date> {
        let valid = (1..=12).contains(&month) && (1..=days_in_month(year, month)).contains(&day);
        Date::checked((month_start(year, month) + day - 1) * DAY, Precision::Day, year).filter(|_| valid)
    }

    /// Returns the same day at a time: seconds after its start, which may lie outside the day by an offset from UTC.
    pub(super) fn at(self, seconds: i64, precision: Precision) -> Option<Date> {
        let start = self.start + seconds;
        Date::checked(start, precision, civil(start.div_euclid(DAY)).0)
    }

    fn checked(start: i64, precision: Precision, year: i64) -> Option<Date> {
        YEARS.contains(&year).then_some(Date { start, precision })
    }

    /// Returns the second with this number since 1970-01-01T00:00:00 UTC, or nothing outside the years -9999 to 9999.
    ///
    /// # Example
    ///
    /// ```
    /// let date = dau_text::value::Date::from_seconds(1_751_331_600).expect("a year within range");
    /// assert_eq!(date.to_string(), "2025-07-01T01:00:00Z");
    /// ```
    #[must_use]
    pub fn from_seconds(seconds: i64) -> Option<Date> {
        Date::checked(seconds, Precision::Second, civil_year(seconds)?)
    }

    /// Returns the first second of the period, in seconds since 1970-01-01T00:00:00 UTC.
    #[must_use]
    pub fn start(&self) -> i64 {
        self.start
    }

    /// Returns the first second after the period, in seconds since 1970-01-01T00:00:00 UTC.
    #[must_use]
    pub fn end(&self) -> i64 {
        let (year, month, _) = civil(self.start.div_euclid(DAY));
        match self.precision {
            Precision::Year => month_start(year + 1, 1) * DAY,
            Precision::Month => month_start(year, month + 1) * DAY,
            Precision::Day => self.start + DAY,
            Precision::Minute => self.start + 60,
            Precision::Second => self.start + 1,
        }
    }

    /// Returns how much of the date was written.
    #[must_use]
    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// Returns the year the period starts in, in UTC; year 0 is 1 BC.
    #[must_use]
    pub fn year(&self) -> i64 {
        civil(self.start.div_euclid(DAY)).0
    }
}

/// Writes the date as ISO 8601 does, in UTC and as precise as it is: `1945`, `1945-09`, `1945-09-02`,
/// `2025-07-01T01:00Z`, `2025-07-01T01:00:00Z`, `-0178`. [`parse_date`](super::parse_date) reads it back.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil(self.start.div_euclid(DAY));
        let sign = if year < 0 { "-" } else { "" };
        write!(f, "{sign}{:04}", year.unsigned_abs())?;
        if self.precision >= Precision::Month {
            write!(f, "-{month:02}")?;
        }
        if self.precision >= Precision::Day {
            write!(f, "-{day:02}")?;
        }
        let second = self.start.rem_euclid(DAY);
        if self.precision >= Precision::Minute {
            write!(f, "T{:02}:{:02}", second / 3600, second / 60 % 60)?;
        }
        match self.precision {
            Precision::Second => write!(f, ":{:02}Z", second % 60),
            Precision::Minute => f.write_str("Z"),
            _ => Ok(()),
        }
    }
}

/// The year of a second, or nothing far outside the range, where the arithmetic of the calendar could overflow.
fn civil_year(seconds: i64) -> Option<i64> {
    let days = seconds.div_euclid(DAY);
    (days.abs() < 5_000_000).then(|| civil(days).0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(date: Option<Date>, start: i64, end: i64, text: &str) {
        let date = date.expect("in range");
        assert_eq!((date.start(), date.end(), date.to_string().as_str()), (start, end, text));
    }

    #[test]
    fn periods_are_half_open() {
        check(Date::of_year(1970), 0, 365 * DAY, "1970");
        check(Date::of_month(1970, 12), 334 * DAY, 365 * DAY, "1970-12");
        check(Date::of_day(1970, 1, 2), DAY, 2 * DAY, "1970-01-02");
        let day = Date::of_day(1970, 1, 1).expect("in range");
        check(day.at(60, Precision::Minute), 60, 120, "1970-01-01T00:01Z");
        check(day.at(-1, Precision::Second), -1, 0, "1969-12-31T23:59:59Z");
    }

    #[test]
    fn old_years() {
        check(Date::of_year(-178), -67_784_342_400, -67_752_806_400, "-0178");
        check(Date::of_year(938), -32_566_752_000, -32_535_216_000, "0938");
        check(Date::of_year(0), -62_167_219_200, -62_135_596_800, "0000");
    }

    #[test]
    fn out_of_range_is_nothing() {
        assert_eq!(Date::of_year(10_000), None);
        assert_eq!(Date::of_year(-10_000), None);
        assert_eq!(Date::of_month(2000, 13), None);
        assert_eq!(Date::of_day(2023, 2, 29), None);
        assert_eq!(Date::of_day(2023, 4, 0), None);
        assert_eq!(Date::from_seconds(i64::MAX), None);
        assert_eq!(Date::from_seconds(i64::MIN), None);
        let last = Date::of_day(9999, 12, 31).expect("in range");
        assert_eq!(last.at(DAY, Precision::Second), None);
        assert_eq!(last.end(), 253_402_300_800);
    }

    #[test]
    fn sorts_by_start_then_longest() {
        let year = Date::of_year(1945).expect("in range");
        let january = Date::of_month(1945, 1).expect("in range");
        let next = Date::of_year(1946).expect("in range");
        assert!(year < january && january < next);
    }
}
