//! Reads dates and times. Must not know: fields, the clock, or the machine's time zone.

use std::borrow::Cow;

use super::date::{Date, Precision};
use super::error::ValueError;
use super::lexeme::{Lexeme, Shape, lexemes, plain_form};

/// Reads a date, with or without a time.
///
/// | written | read |
/// |---|---|
/// | `1945-09-02`, `1945-09`, `19450902` | ISO 8601; also with `/` or `.` |
/// | `2025-07-01T08:00:00+07:00`, `2025-07-01 08:00:00.25Z` | RFC 3339; fractions of a second are dropped |
/// | `02/09/1945`, `2-9-1945`, `2.9.1945` | the day comes first, always |
/// | `09/1945`, `tháng 9/1945`, `tháng 9 năm 1945`, `tháng chín năm 1945` | a month |
/// | `ngày 2 tháng 9 năm 1945`, `2 tháng 9, 1945` | a day |
/// | `1945`, `938`, `40`, `-0178`, `năm 179 TCN` | a year; `-0178` is 179 BC, as in ISO 8601 |
/// | `2 Sep 1945`, `September 2, 1945`, `Sun, 02 Sep 1945 14:00:00 +0700` | English, RFC 5322 |
/// | `Thứ ba, 1/7/2025, 08:00 (GMT+7)`, `14h30 ngày 1/7/2025` | as news sites write it |
///
/// A time without an offset is taken as UTC, so that the result does not depend on the machine. The calendar is the
/// proleptic Gregorian one for every year, so a Julian date is read as if it were Gregorian.
///
/// # Errors
///
/// When the text is not one date from start to end: it is empty, longer than 200 bytes, has no such day (`31/4/2025`,
/// `12/13/2024`), a year of two digits beside a day and month, no year, or a year outside -9999 to 9999.
///
/// # Example
///
/// ```
/// use dau_text::value::{Precision, parse_date};
///
/// let date = parse_date("ngày 2 tháng 9 năm 1945")?;
/// assert_eq!((date.to_string().as_str(), date.precision()), ("1945-09-02", Precision::Day));
/// assert_eq!(parse_date("2025-07-01T08:00:00+07:00")?.to_string(), "2025-07-01T01:00:00Z");
/// # Ok::<(), dau_text::value::ValueError>(())
/// ```
pub fn parse_date(text: &str) -> Result<Date, ValueError> {
    let fail = |problem| ValueError::new("date", text, problem);
    let plain = plain_form(text).ok_or_else(|| fail("it is longer than 200 bytes".into()))?;
    let lexemes = lexemes(&plain);
    Parser { rest: &lexemes }.date_and_time().map_err(fail)
}

pub(super) type Outcome<T> = Result<T, Cow<'static, str>>;

const EXAMPLES: &str = "expected a date such as 02/09/1945, 1945-09-02, 09/1945 or 1945";
const YEAR_RANGE: &str = "expected a year from -9999 to 9999";

/// Names of days, without marks; a comma may follow.
const WEEKDAYS: &[&[&str]] = &[
    &["thu", "hai"],
    &["thu", "ba"],
    &["thu", "tu"],
    &["thu", "nam"],
    &["thu", "sau"],
    &["thu", "bay"],
    &["thu", "2"],
    &["thu", "3"],
    &["thu", "4"],
    &["thu", "5"],
    &["thu", "6"],
    &["thu", "7"],
    &["chu", "nhat"],
    &["cn"],
    &["monday"],
    &["tuesday"],
    &["wednesday"],
    &["thursday"],
    &["friday"],
    &["saturday"],
    &["sunday"],
    &["mon", ","],
    &["tue", ","],
    &["wed", ","],
    &["thu", ","],
    &["fri", ","],
    &["sat", ","],
    &["sun", ","],
];

/// Months in words, without marks; those of two words first.
const MONTHS: &[(&[&str], i64)] = &[
    (&["muoi", "mot"], 11),
    (&["muoi", "hai"], 12),
    (&["mot"], 1),
    (&["hai"], 2),
    (&["ba"], 3),
    (&["tu"], 4),
    (&["nam"], 5),
    (&["sau"], 6),
    (&["bay"], 7),
    (&["tam"], 8),
    (&["chin"], 9),
    (&["muoi"], 10),
];

const ENGLISH_MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const BEFORE_CHRIST: &[&[&str]] = &[&["tcn"], &["truoc", "cong", "nguyen"], &["tr", ".", "cn"], &["bce"], &["bc"]];
const AFTER_CHRIST: &[&[&str]] = &[&["scn"], &["sau", "cong", "nguyen"], &["cong", "nguyen"], &["ce"], &["ad"]];

/// Walks over the lexemes of one value. The methods that read times are in `time_syntax`.
pub(super) struct Parser<'a> {
    pub(super) rest: &'a [Lexeme<'a>],
}

impl<'a> Parser<'a> {
    fn date_and_time(&mut self) -> Outcome<Date> {
        self.weekday();
        let mut time = self.time()?;
        let mut offset = 0;
        if time.is_some() {
            offset = self.offset()?.unwrap_or(0);
            self.take_symbol(&[",", "-"]);
            self.weekday();
        }
        let date = self.date()?;
        if time.is_none() && !self.rest.is_empty() {
            if date.precision() != Precision::Day {
                return Err(self.unexpected("expected its end"));
            }
            self.take_symbol(&[",", "-", "|"]);
            self.take_words(&[&["t"], &["luc"], &["at"]]);
            time = self.time()?;
            offset = self.offset()?.unwrap_or(0);
        }
        if !self.rest.is_empty() {
            return Err(self.unexpected("expected its end or a time such as 14:30"));
        }
        let Some((seconds, precision)) = time else {
            return Ok(date);
        };
        if date.precision() != Precision::Day {
            return Err("expected a day beside the time".into());
        }
        date.at(seconds - offset, precision).ok_or_else(|| YEAR_RANGE.into())
    }

    fn date(&mut self) -> Outcome<Date> {
        self.take_words(&[&["ngay"], &["mung"], &["mong"]]);
        if self.take_words(&[&["thang"]]) {
            let month = self.month_in_words()?;
            self.take_symbol(&["/", "-", ",", "."]);
            let year = self.year_after_words()?;
            return month_date(year, month);
        }
        if self.take_words(&[&["nam"]]) {
            let year = self.year()?;
            return Date::of_year(year).ok_or_else(|| YEAR_RANGE.into());
        }
        if let Some(month) = self.english_month() {
            return self.after_english_month(month);
        }
        self.date_in_digits()
    }

    /// `September 2, 1945` and `September 1945`, after the month.
    fn after_english_month(&mut self, month: i64) -> Outcome<Date> {
        let first = self.digits().ok_or_else(|| self.unexpected("expected a day or a year after the month"))?;
        if first.len() >= 3 {
            let year = self.checked_year(first)?;
            return month_date(self.era(year)?, month);
        }
        self.take_symbol(&[","]);
        day_date(self.year()?, month, value(first))
    }

    /// Everything that starts with a number, or a minus and a number.
    fn date_in_digits(&mut self) -> Outcome<Date> {
        let negative = self.take_symbol(&["-"]);
        let first = self.digits().ok_or_else(|| self.unexpected(EXAMPLES))?;
        if negative || (first.len() >= 3 && first.len() != 8) {
            return self.year_first(first, negative);
        }
        if first.len() == 8 {
            let (year, month_day) = first.split_at(4);
            let (month, day) = month_day.split_at(2);
            return day_date(value(year), value(month), value(day));
        }
        if self.take_words(&[&["thang"]]) {
            let month = self.month_in_words()?;
            self.take_symbol(&[",", "/", "-"]);
            let year = self.year_after_words()?;
            return day_date(year, month, value(first));
        }
        self.take_symbol_before_word();
        if let Some(month) = self.english_month() {
            self.take_symbol(&[",", "-", "/"]);
            let year = self.year()?;
            return day_date(year, month, value(first));
        }
        match self.separator() {
            Some(separator) => self.day_first(first, separator),
            None => {
                let year = self.era(value(first))?;
                Date::of_year(year).ok_or_else(|| YEAR_RANGE.into())
            }
        }
    }

    /// `1945`, `1945-09`, `1945-09-02`, after the first number.
    fn year_first(&mut self, first: &str, negative: bool) -> Outcome<Date> {
        if first.len() > 4 {
            return Err(format!("{YEAR_RANGE}, found {first}").into());
        }
        let year = if negative { -value(first) } else { value(first) };
        let Some(separator) = self.separator() else {
            let year = if negative { year } else { self.era(year)? };
            return Date::of_year(year).ok_or_else(|| YEAR_RANGE.into());
        };
        let month = self.short_number("a month")?;
        match self.separator() {
            None => month_date(year, month),
            Some(second) if second == separator => {
                let day = self.short_number("a day")?;
                day_date(year, month, day)
            }
            Some(second) => Err(format!("expected {separator:?} again between month and day, found {second:?}").into()),
        }
    }

    /// `02/09/1945` and `09/1945`, after the first separator.
    fn day_first(&mut self, first: &str, separator: &str) -> Outcome<Date> {
        let second = self.digits().ok_or_else(|| self.unexpected("expected a number after the separator"))?;
        if second.len() >= 3 {
            let year = self.checked_year(second)?;
            return month_date(self.era(year)?, value(first));
        }
        match self.separator() {
            Some(third) if third == separator => {}
            Some(third) => {
                return Err(format!("expected {separator:?} again before the year, found {third:?}").into());
            }
            None => return Err("expected a year after day and month, as in 02/09/1945".into()),
        }
        let year = self.year()?;
        day_date(year, value(second), value(first))
    }

    fn year_after_words(&mut self) -> Outcome<i64> {
        self.take_words(&[&["nam"]]);
        self.year()
    }

    /// A year of one to four digits after `năm`, else of three or four: `2/9/45` could be 1945 or 2045.
    fn year(&mut self) -> Outcome<i64> {
        let digits = self.digits().ok_or_else(|| self.unexpected("expected a year"))?;
        let year = self.checked_year(digits)?;
        self.era(year)
    }

    fn checked_year(&self, digits: &str) -> Outcome<i64> {
        let era_follows = self.rest.first().is_some_and(|next| next.shape == Shape::Word && next.text != "t");
        match digits.len() {
            3 | 4 => Ok(value(digits)),
            1 | 2 if era_follows => Ok(value(digits)),
            1 | 2 => {
                Err(format!("expected a year of three or four digits, such as 1945 or 0040, found {digits}").into())
            }
            _ => Err(format!("{YEAR_RANGE}, found {digits}").into()),
        }
    }

    /// Turns a year before Christ into its astronomical number.
    fn era(&mut self, year: i64) -> Outcome<i64> {
        if self.take_words(BEFORE_CHRIST) {
            return if year == 0 { Err("there is no year 0 before Christ".into()) } else { Ok(1 - year) };
        }
        self.take_words(AFTER_CHRIST);
        Ok(year)
    }

    fn month_in_words(&mut self) -> Outcome<i64> {
        if let Some(digits) = self.digits() {
            return Ok(value(digits));
        }
        for (words, month) in MONTHS {
            if self.take_words(&[words]) {
                return Ok(*month);
            }
        }
        Err(self.unexpected("expected a month after \"tháng\""))
    }

    fn english_month(&mut self) -> Option<i64> {
        let word = self.rest.first().filter(|next| next.shape == Shape::Word)?.text;
        let fits = |name: &&str| *name == word || (word.len() >= 3 && word.len() <= 4 && name.starts_with(word));
        let month = (1..).zip(ENGLISH_MONTHS.iter()).find(|(_, name)| fits(name))?.0;
        self.rest = &self.rest[1..];
        self.take_symbol(&[".", "-"]);
        Some(month)
    }

    fn weekday(&mut self) {
        if self.take_words(WEEKDAYS) {
            self.take_symbol(&[",", "-"]);
        }
    }

    /// The mark between the numbers of a date.
    fn separator(&mut self) -> Option<&'a str> {
        match self.rest {
            [mark, next, ..] if matches!(mark.text, "/" | "-" | ".") && next.shape == Shape::Digits => {
                // `1945 - 08:00`: the dash leads to the time.
                let time = self.rest.get(2).is_some_and(|after| matches!(after.text, ":" | "h" | "gio"));
                if time {
                    return None;
                }
                self.rest = &self.rest[1..];
                Some(mark.text)
            }
            _ => None,
        }
    }

    /// Skips the dash of `02-Sep-1945` and the comma of `2, September`.
    fn take_symbol_before_word(&mut self) {
        if let [mark, word, ..] = self.rest
            && matches!(mark.text, "-" | "/" | "." | ",")
            && word.shape == Shape::Word
        {
            self.rest = &self.rest[1..];
        }
    }

    /// A number of one or two digits.
    pub(super) fn short_number(&mut self, what: &str) -> Outcome<i64> {
        match self.digits() {
            Some(digits) if digits.len() <= 2 => Ok(value(digits)),
            Some(digits) => Err(format!("expected {what} of one or two digits, found {digits}").into()),
            None => Err(self.unexpected(&format!("expected {what}"))),
        }
    }

    pub(super) fn digits(&mut self) -> Option<&'a str> {
        let (first, rest) = self.rest.split_first()?;
        if first.shape != Shape::Digits {
            return None;
        }
        self.rest = rest;
        Some(first.text)
    }

    pub(super) fn take_symbol(&mut self, symbols: &[&str]) -> bool {
        let found = self.rest.first().is_some_and(|next| symbols.contains(&next.text));
        if found {
            self.rest = &self.rest[1..];
        }
        found
    }

    /// Takes the first of the word sequences that comes next.
    pub(super) fn take_words(&mut self, sequences: &[&[&str]]) -> bool {
        for words in sequences {
            let fits =
                self.rest.len() >= words.len() && self.rest.iter().zip(*words).all(|(next, word)| next.text == *word);
            if fits {
                self.rest = &self.rest[words.len()..];
                return true;
            }
        }
        false
    }

    pub(super) fn unexpected(&self, expected: &str) -> Cow<'static, str> {
        match self.rest.first() {
            Some(next) => format!("{expected}, found {:?}", next.text).into(),
            None => format!("{expected}, found its end").into(),
        }
    }
}

fn month_date(year: i64, month: i64) -> Outcome<Date> {
    check_month(month, "")?;
    Date::of_month(year, month).ok_or_else(|| YEAR_RANGE.into())
}

fn day_date(year: i64, month: i64, day: i64) -> Outcome<Date> {
    let swapped = if (1..=12).contains(&day) { " (the day comes before the month)" } else { "" };
    check_month(month, swapped)?;
    Date::of_day(year, month, day)
        .ok_or_else(|| format!("expected a day of month {month} of the year {year}, found {day}").into())
}

fn check_month(month: i64, advice: &str) -> Outcome<()> {
    if (1..=12).contains(&month) {
        return Ok(());
    }
    Err(format!("expected a month from 1 to 12, found {month}{advice}").into())
}

/// The value of a few digits; a run too long for `i64` is no date and becomes one that fits no check.
pub(super) fn value(digits: &str) -> i64 {
    digits.parse().unwrap_or(i64::from(i32::MAX))
}
