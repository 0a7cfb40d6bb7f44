//! Reads the time of day beside a date, and its offset from UTC. Must not know: dates, the machine's time zone.

use super::date::Precision;
use super::date_syntax::{Outcome, Parser, value};
use super::lexeme::Shape;

/// A time of day in seconds, with its precision.
type Time = (i64, Precision);

impl Parser<'_> {
    /// `14:30`, `14:30:05.25`, `14h30`, `14h`, `2:30 PM`; nothing when no time comes next.
    pub(super) fn time(&mut self) -> Outcome<Option<Time>> {
        let [hour, mark, ..] = self.rest else {
            return Ok(None);
        };
        let in_words = matches!(mark.text, "h" | "gio" | "g");
        if hour.shape != Shape::Digits || hour.text.len() > 2 || !(in_words || mark.text == ":") {
            return Ok(None);
        }
        let hour = value(hour.text);
        self.rest = &self.rest[2..];
        let minute = match self.rest.first().filter(|next| next.shape == Shape::Digits && next.text.len() == 2) {
            // A number further off begins the date: `14h 02/09/1945`.
            Some(next) if !(in_words && next.spaced && !self.minute_word_follows()) => {
                value(self.digits().unwrap_or(""))
            }
            _ if in_words => 0,
            _ => return Err(self.unexpected("expected minutes of two digits after the hour")),
        };
        self.take_words(&[&["phut"], &["p"]]);
        let second = if self.take_symbol(&[":"]) { Some(self.seconds()?) } else { None };
        let hour = self.half_of_day(hour)?;
        let end_of_day = hour == 24 && minute == 0 && second.unwrap_or(0) == 0;
        // A leap second, 23:59:60, counts as the first second of the next minute.
        if (hour > 23 && !end_of_day) || minute > 59 || second.unwrap_or(0) > 60 {
            return Err(format!("expected a time from 00:00 to 24:00, found {hour:02}:{minute:02}").into());
        }
        let precision = if second.is_some() { Precision::Second } else { Precision::Minute };
        Ok(Some((hour * 3600 + minute * 60 + second.unwrap_or(0), precision)))
    }

    fn minute_word_follows(&self) -> bool {
        self.rest.get(1).is_some_and(|next| next.text == "phut")
    }

    /// Seconds and their fraction, which is dropped.
    fn seconds(&mut self) -> Outcome<i64> {
        let digits = self.digits().filter(|digits| digits.len() == 2);
        let digits = digits.ok_or_else(|| self.unexpected("expected seconds of two digits"))?;
        if let [mark, fraction, ..] = self.rest
            && matches!(mark.text, "." | ",")
            && fraction.shape == Shape::Digits
            && !fraction.spaced
        {
            self.rest = &self.rest[2..];
        }
        Ok(value(digits))
    }

    /// Applies AM and PM, also SA and CH.
    fn half_of_day(&mut self, hour: i64) -> Outcome<i64> {
        let afternoon = self.take_words(&[&["pm"], &["ch"]]);
        if !afternoon && !self.take_words(&[&["am"], &["sa"]]) {
            return Ok(hour);
        }
        if !(1..=12).contains(&hour) {
            return Err(format!("expected an hour from 1 to 12 beside AM or PM, found {hour}").into());
        }
        Ok(hour % 12 + if afternoon { 12 } else { 0 })
    }

    /// Seconds east of UTC: `Z`, `+07:00`, `+0700`, `GMT+7`, `(UTC+07:00)`.
    pub(super) fn offset(&mut self) -> Outcome<Option<i64>> {
        let bracket = self.take_symbol(&["("]);
        let named = self.take_words(&[&["z"], &["gmt"], &["utc"]]);
        let signed = self.rest.first().is_some_and(|next| matches!(next.text, "+" | "-"))
            && self.rest.get(1).is_some_and(|next| next.shape == Shape::Digits && !next.spaced);
        // A dash after a space joins time and date: `08:00 - 1/7/2025`; an offset stands at the number.
        let offset = if signed { Some(self.signed_offset()?) } else { named.then_some(0) };
        if bracket && !(offset.is_some() && self.take_symbol(&[")"])) {
            return Err(self.unexpected("expected an offset such as (GMT+7)"));
        }
        Ok(offset)
    }

    fn signed_offset(&mut self) -> Outcome<i64> {
        let negative = self.take_symbol(&["-"]);
        self.take_symbol(&["+"]);
        let digits = self.digits().unwrap_or("");
        let (hours, minutes) = match digits.len() {
            1 | 2 if self.take_symbol(&[":"]) => (value(digits), self.short_number("minutes of the offset")?),
            1 | 2 => (value(digits), 0),
            4 => (value(&digits[..2]), value(&digits[2..])),
            _ => return Err(format!("expected an offset such as +07:00, found {digits}").into()),
        };
        if hours > 23 || minutes > 59 {
            return Err(format!("expected an offset up to 23:59, found {hours:02}:{minutes:02}").into());
        }
        let seconds = hours * 3600 + minutes * 60;
        Ok(if negative { -seconds } else { seconds })
    }
}
