//! Days and civil dates of the proleptic Gregorian calendar. Must not know: text, time zones, leap seconds.
//!
//! Years are numbered as ISO 8601 and astronomers do: year 0 is 1 BC, year -178 is 179 BC.

/// Seconds of a day.
pub(super) const DAY: i64 = 86_400;

/// Days from 0001-01-01 to 1970-01-01.
const EPOCH: i64 = 719_162;

/// Days of 400 years, after which the calendar repeats.
const CYCLE: i64 = 146_097;

/// Returns the days from 1970-01-01 to the first day of the month; months beyond 1 to 12 carry into the year.
pub(super) fn month_start(year: i64, month: i64) -> i64 {
    let year = year + (month - 1).div_euclid(12);
    let month = (month - 1).rem_euclid(12) + 1;
    let past = year - 1;
    let before_year = 365 * past + past.div_euclid(4) - past.div_euclid(100) + past.div_euclid(400);
    let before_month: i64 = (1..month).map(|earlier| days_in_month(year, earlier)).sum();
    before_year + before_month - EPOCH
}

/// Returns the number of days of a month, `month` being 1 to 12.
pub(super) fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Returns year, month (1 to 12) and day (from 1) of a day counted from 1970-01-01.
pub(super) fn civil(days: i64) -> (i64, i64, i64) {
    // The mean length of a year misses the true year by one at most.
    let mut year = (days + EPOCH) * 400 / CYCLE + 1;
    while month_start(year, 1) > days {
        year -= 1;
    }
    while month_start(year + 1, 1) <= days {
        year += 1;
    }
    let month = (1..=12).rev().find(|month| month_start(year, *month) <= days).unwrap_or(1);
    (year, month, days - month_start(year, month) + 1)
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(date: (i64, i64, i64), days: i64) {
        assert_eq!(month_start(date.0, date.1) + date.2 - 1, days, "{date:?}");
        assert_eq!(civil(days), date, "{days}");
    }

    #[test]
    fn known_days() {
        check((1970, 1, 1), 0);
        check((1969, 12, 31), -1);
        check((1945, 9, 2), -8_887);
        check((2000, 2, 29), 11_016);
        check((2000, 3, 1), 11_017);
        check((1900, 3, 1), -25_508);
        check((2025, 7, 1), 20_270);
        check((1, 1, 1), -719_162);
        // 0000-03-01, the origin that many date algorithms use.
        check((0, 3, 1), -719_468);
        check((0, 2, 29), -719_469);
        check((9999, 12, 31), 2_932_896);
    }

    #[test]
    fn every_day_follows_the_day_before() {
        // Two whole cycles around year 0 and one around 1970, day by day.
        for start in [month_start(-400, 1), month_start(1900, 1)] {
            let mut previous = civil(start - 1);
            for days in start..start + CYCLE + 400 {
                let (year, month, day) = civil(days);
                assert_eq!(month_start(year, month) + day - 1, days);
                let next_day = (previous.0, previous.1, previous.2 + 1);
                let next_month = (previous.0, previous.1 + 1, 1);
                let next_year = (previous.0 + 1, 1, 1);
                assert!([next_day, next_month, next_year].contains(&(year, month, day)), "{days}");
                previous = (year, month, day);
            }
        }
    }

    #[test]
    fn months_carry() {
        assert_eq!(month_start(1999, 13), month_start(2000, 1));
        assert_eq!(month_start(2000, 0), month_start(1999, 12));
    }
}
