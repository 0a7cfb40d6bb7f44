//! Numbers and dates as documents write them: what is read, what is refused and with which words.

#![expect(clippy::print_stdout, reason = "that the shared data is absent is for the reader of the test's output")]

use std::io::{BufRead, BufReader};
use std::path::PathBuf;

use dau_text::value::{DecimalMark, Number, Precision, Unit, parse_date, parse_number, parse_number_with};
use proptest::prelude::*;

fn check_number(text: &str, expected: &str) {
    check_amount(text, expected, None);
}

fn check_amount(text: &str, expected: &str, unit: Option<Unit>) {
    let number = parse_number(text).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((number.to_string().as_str(), number.unit()), (expected, unit), "{text:?}");
}

fn check_no_number(text: &str, problem: &str) {
    let error = parse_number(text).expect_err(text).to_string();
    assert!(error.contains(problem), "{text:?}: {error}");
}

fn check_date(text: &str, expected: &str) {
    let date = parse_date(text).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(date.to_string(), expected, "{text:?}");
}

fn check_no_date(text: &str, problem: &str) {
    let error = parse_date(text).expect_err(text).to_string();
    assert!(error.contains(problem), "{text:?}: {error}");
}

#[test]
fn separators_of_numbers() {
    for grouped in
        ["1.000.000", "1,000,000", "1 000 000", "1\u{00A0}000\u{202F}000", "1000000", "１.０００.０００", "1e6"]
    {
        check_number(grouped, "1000000");
    }
    for both in ["1.234,5", "1,234.5", "1234,5", "1234.5", "1 234,5"] {
        check_number(both, "1234.5");
    }
    check_number("1.000", "1000");
    check_number("1,000", "1000");
    check_number("12.345.678,90", "12345678.9");
    check_number("1,000,000.5", "1000000.5");
    check_number("3,14", "3.14");
    check_number("3.14", "3.14");
    check_number("0.125", "0.125");
    check_number("0,125", "0.125");
    check_number("1234.567", "1234.567");
    check_number(".5", "0.5");
    check_number("007", "7");
}

#[test]
fn signs_and_exponents() {
    check_number("-5", "-5");
    check_number("\u{2212}5", "-5");
    check_number("+5", "5");
    check_number("-1.000,5", "-1000.5");
    check_number("1e-3", "0.001");
    check_number("2.5E+3", "2500");
    check_number("0", "0");
    check_number("-0", "0");
}

#[test]
fn multipliers() {
    check_number("1,5 triệu", "1500000");
    check_number("1.5 TRIỆU", "1500000");
    check_number("1,5 trie\u{0323}\u{0302}u", "1500000");
    check_number("2 tỷ", "2000000000");
    check_number("2 tỉ", "2000000000");
    check_number("2 ty", "2000000000");
    check_number("1.234,5 tỷ", "1234500000000");
    check_number("1.234 tỷ", "1234000000000");
    check_number("2,125 tỷ", "2125000000");
    check_number("3 nghìn tỷ", "3000000000000");
    check_number("500k", "500000");
    check_number("500 ngàn", "500000");
    check_number("1 tỷ 200 triệu", "1200000000");
    check_number("1 tỷ 200 triệu 500 nghìn", "1200500000");
    check_number("2 triệu rưỡi", "2500000");
    check_number("1tr5", "1500000");
    check_number("1tr250", "1250000");
}

#[test]
fn units() {
    check_amount("1.000.000 đ", "1000000", Some(Unit::Dong));
    check_amount("1.000.000đ", "1000000", Some(Unit::Dong));
    check_amount("1.000.000 ₫", "1000000", Some(Unit::Dong));
    check_amount("1.000.000 VNĐ", "1000000", Some(Unit::Dong));
    check_amount("VND 1,000,000", "1000000", Some(Unit::Dong));
    check_amount("1,5 tỷ đồng", "1500000000", Some(Unit::Dong));
    check_amount("₫1.000 VND", "1000", Some(Unit::Dong));
    check_amount("-$5", "-5", Some(Unit::Dollar));
    check_amount("$-5.99", "-5.99", Some(Unit::Dollar));
    check_amount("5 đô la", "5", Some(Unit::Dollar));
    check_amount("12 EUR", "12", Some(Unit::Euro));
    check_amount("50%", "50", Some(Unit::Percent));
    check_amount("5,125 %", "5.125", Some(Unit::Percent));
    check_amount("5 phần trăm", "5", Some(Unit::Percent));
    assert_eq!(parse_number("1.000.000 đ"), parse_number("1 triệu đồng"));
}

#[test]
fn a_known_decimal_mark_settles_it() {
    let check = |text, mark, expected: &str| {
        assert_eq!(parse_number_with(text, mark).map(|number| number.to_string()), Ok(expected.to_owned()), "{text}");
    };
    check("12.345", DecimalMark::Point, "12.345");
    check("12.345", DecimalMark::Comma, "12345");
    check("12,345", DecimalMark::Point, "12345");
    check("12,345", DecimalMark::Comma, "12.345");
    check("1.234,5", DecimalMark::Comma, "1234.5");
    parse_number_with("1.234,5", DecimalMark::Point).expect_err("the comma groups no thousands");
}

#[test]
fn refused_numbers_say_why() {
    check_no_number("", "found nothing");
    check_no_number("   ", "found nothing");
    check_no_number("abc", "expected digits such as 1.000.000, 3,14 or 1,5 triệu, found \"abc\"");
    check_no_number("12.34.56", "grouped by threes");
    check_no_number("1.000,000,000", "grouped by threes");
    check_no_number("1,0000,000.5", "grouped by threes");
    check_no_number("090.123.456", "grouped by threes");
    check_no_number("0912 345 678", "grouped by threes");
    check_no_number("2.9.1945", "grouped by threes");
    check_no_number("1.000.000 đ/tháng", "found \"/\"");
    check_no_number("5.", "found \".\"");
    check_no_number("15/2020", "found \"/\"");
    check_no_number("1-2", "found \"-\"");
    check_no_number("1tr50", "one or three digits");
    check_no_number("1 triệu 2 tỷ", "from the largest to the smallest");
    check_no_number("$5 đ", "two different units");
    check_no_number(&"9".repeat(60), "38 digits");
    check_no_number("1e9999", "10^400");
    check_no_number(&"9".repeat(300), "200 bytes");
    check_no_number("\u{1b}[2J", "\\u{1b}[2J");
}

#[test]
fn dates_in_digits() {
    for day in
        ["1945-09-02", "02/09/1945", "2/9/1945", "02-09-1945", "2.9.1945", "1945/09/02", "19450902", "2 / 9 / 1945"]
    {
        check_date(day, "1945-09-02");
    }
    for month in ["1945-09", "09/1945", "9-1945", "9.1945"] {
        check_date(month, "1945-09");
    }
    check_date("1945", "1945");
    check_date("938", "0938");
    check_date("40", "0040");
    check_date("-178", "-0178");
    check_date("-0178-12-31", "-0178-12-31");
    check_date("29/02/2024", "2024-02-29");
}

#[test]
fn dates_in_words() {
    for day in [
        "ngày 2 tháng 9 năm 1945",
        "Ngày 02 Tháng 09 Năm 1945",
        "nga\u{0300}y 2 tha\u{0301}ng 9 na\u{0306}m 1945",
        "ngay 2 thang 9 nam 1945",
        "2 tháng 9, 1945",
        "2 tháng 9 1945",
        "2 tháng chín năm 1945",
        "ngày 2/9/1945",
        "2 Sep 1945",
        "2 September 1945",
        "02-Sep-1945",
        "September 2, 1945",
        "Sept. 2, 1945",
        "Chủ nhật, 2/9/1945",
    ] {
        check_date(day, "1945-09-02");
    }
    for month in ["tháng 9 năm 1945", "tháng 9/1945", "tháng 9-1945", "tháng chín năm 1945", "September 1945"] {
        check_date(month, "1945-09");
    }
    check_date("tháng năm năm 1945", "1945-05");
    check_date("tháng mười hai năm 1945", "1945-12");
    check_date("tháng mười 1945", "1945-10");
    check_date("năm 938", "0938");
    check_date("năm 179 TCN", "-0178");
    check_date("179 trước Công nguyên", "-0178");
    check_date("40 SCN", "0040");
    check_date("năm 40 sau Công nguyên", "0040");
}

#[test]
fn times_and_offsets() {
    for second in [
        "2025-07-01T08:00:00+07:00",
        "2025-07-01T08:00:00.160295+07:00",
        "2025-07-01 08:00:00 +0700",
        "2025-07-01T01:00:00Z",
        "2025-07-01 01:00:00",
        "2025-07-01t01:00:00z",
        "Tue, 01 Jul 2025 08:00:00 +0700",
        "2025-06-30T18:00:00-07:00",
    ] {
        check_date(second, "2025-07-01T01:00:00Z");
    }
    for minute in [
        "2025-07-01T01:00Z",
        "1/7/2025 01:00",
        "01:00 1/7/2025",
        "1h 1/7/2025",
        "1h00 ngày 1/7/2025",
        "1 giờ 00 phút ngày 1 tháng 7 năm 2025",
        "Thứ ba, 1/7/2025, 08:00 (GMT+7)",
        "08:00 (GMT+7) 1/7/2025",
        "1/7/2025 - 08:00 GMT+7",
        "1/7/2025 | 8:00 AM (UTC+07:00)",
        "01:00, thứ ba, ngày 1/7/2025",
    ] {
        check_date(minute, "2025-07-01T01:00Z");
    }
    check_date("1/7/2025 2:30 PM", "2025-07-01T14:30Z");
    check_date("1/7/2025 12:30 AM", "2025-07-01T00:30Z");
    check_date("31/12/2025 24:00", "2026-01-01T00:00Z");
    check_date("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z");
    check_date("2025-07-01T00:00:00+07:00", "2025-06-30T17:00:00Z");
}

#[test]
fn refused_dates_say_why() {
    check_no_date("", "found its end");
    check_no_date("hôm nay", "expected a date such as 02/09/1945");
    check_no_date("12/13/2024", "the day comes before the month");
    check_no_date("31/4/2025", "expected a day of month 4 of the year 2025, found 31");
    check_no_date("29/02/2023", "found 29");
    check_no_date("2/9/45", "three or four digits");
    check_no_date("2/9", "expected a year after day and month");
    check_no_date("ngày 2 tháng 9", "expected a year");
    check_no_date("2025-13", "expected a month from 1 to 12, found 13");
    check_no_date("2/9-1945", "expected \"/\" again");
    check_no_date("12345", "-9999 to 9999");
    check_no_date("1945-09-02 25:00", "00:00 to 24:00");
    check_no_date("1945-09-02T14", "found");
    check_no_date("1945 14:00", "found");
    check_no_date("0 TCN", "no year 0");
    check_no_date("02/09/1945 và", "found \"va\"");
    check_no_date("2025-07-01T08:00:00+99:00", "offset");
    check_no_date("99999999999999999999/9/2025", "-9999 to 9999");
}

#[test]
fn a_year_holds_its_days() {
    for (year, first, last) in [("1945", "1/1/1945", "31/12/1945"), ("-0178", "-0178-01-01", "-0178-12-31")] {
        let [year, first, last] = [year, first, last].map(|text| parse_date(text).expect("a date"));
        assert_eq!((year.start(), year.end()), (first.start(), last.end()));
        assert_eq!(year.precision(), Precision::Year);
    }
    let september = parse_date("9/1945").expect("a date");
    assert_eq!(september.end() - september.start(), 30 * 86_400);
}

/// The field of the first records of a file of the shared data, or nothing when it is not there.
fn shared(file: &str, field: &str) -> Vec<String> {
    let root = std::env::var_os("DAU_DATA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from);
    let Ok(packed) = std::fs::File::open(root.join(file)) else {
        println!("shared data not present: skipped {file}");
        return Vec::new();
    };
    let lines = BufReader::new(zstd::Decoder::new(packed).expect("a zstd file")).lines();
    // A broken line is another test's business.
    let records = lines.take(5000).filter_map(|line| serde_json::from_str(&line.ok()?).ok());
    let values = records.map(|record: serde_json::Value| record[field].clone());
    values
        .filter(|value| !value.is_null())
        .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
        .collect()
}

#[test]
fn shared_dates_and_prices_are_read() {
    for file in ["corpora/news_daily.jsonl.zst", "fixtures/law_articles.jsonl.zst"] {
        for text in shared(file, "date") {
            let date = parse_date(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
            assert!((1900..2100).contains(&date.year()), "{file}: {text}");
        }
    }
    for text in shared("corpora/products.jsonl.zst", "price") {
        let price = parse_number(&text).unwrap_or_else(|error| panic!("{error}"));
        assert!(price.as_i64().is_some(), "{text}");
    }
}

fn value_like() -> impl Strategy<Value = String> {
    let piece = proptest::sample::select(vec![
        "1", "12", "123", "1945", "000", "0", "9", ".", ",", "/", "-", ":", " ", "%", "đ", "tr", "tỷ", "triệu", "rưỡi",
        "e", "T", "Z", "+", "07:00", "ngày", "tháng", "năm", "TCN", "h", "Sep", "thứ", "(", ")", "GMT", "PM",
        "\u{0301}", "$",
    ]);
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn never_panics(text in any::<String>()) {
        let _ = parse_number(&text).map(|number| (number.to_string(), number.as_i64(), number.as_f64()));
        let _ = parse_date(&text).map(|date| (date.to_string(), date.end(), date.year()));
    }

    #[test]
    fn what_is_read_is_written_and_read_again(text in value_like()) {
        if let Ok(number) = parse_number(&text) {
            let plain = parse_number_with(&number.to_string(), DecimalMark::Point);
            prop_assert_eq!(plain.as_ref().map(Number::to_string), Ok(number.to_string()));
        }
        if let Ok(date) = parse_date(&text) {
            prop_assert_eq!(parse_date(&date.to_string()), Ok(date));
            prop_assert!(date.start() < date.end());
        }
    }

    #[test]
    fn every_integer_is_read_back(value in any::<i64>()) {
        prop_assert_eq!(parse_number(&value.to_string()).expect("digits").as_i64(), Some(value));
    }

    #[test]
    fn every_float_is_read_back(value in any::<f64>().prop_filter("finite", |value| value.is_finite())) {
        // Shortest decimal digits with an exponent; zero has no sign here.
        let number = parse_number_with(&format!("{value:e}"), DecimalMark::Point).expect("a float");
        prop_assert_eq!(number.as_f64(), value);
    }

    #[test]
    fn every_second_is_written_and_read_again(seconds in -377_705_116_800_i64..253_402_300_800) {
        let date = dau_text::value::Date::from_seconds(seconds).expect("in range");
        prop_assert_eq!(date.start(), seconds);
        prop_assert_eq!(parse_date(&date.to_string()), Ok(date));
    }
}
