//! Reads numbers, amounts of money and percentages. Must not know: fields, or which locale the machine has.

use std::borrow::Cow;

use super::error::ValueError;
use super::lexeme::{Lexeme, Shape, lexemes, plain_form};
use super::number::{Number, Unit};

/// Which of `.` and `,` stands before the decimals.
///
/// A single column of figures seldom mixes the two habits: who knows the habit of a source says so instead of guessing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum DecimalMark {
    /// Decided number by number, as [`parse_number`] describes.
    #[default]
    Guess,
    /// `1,234.5`: the point. Machine-made figures such as `12.345` need this.
    Point,
    /// `1.234,5`: the comma, the rule in Vietnam.
    Comma,
}

/// Reads a number, an amount of money or a percentage.
///
/// | written | read |
/// |---|---|
/// | `1.000.000`, `1,000,000`, `1 000 000` | 1 000 000: a separator that repeats groups thousands |
/// | `1.234,5`, `1,234.5` | 1234.5: the last of two kinds stands before the decimals |
/// | `1.000`, `1,000` | 1000: one separator, one to three digits before it and exactly three after |
/// | `3.14`, `3,14`, `0.125`, `1234.567`, `.5` | any other single separator stands before decimals |
/// | `2,125 tỷ`, `5,125%` | 2.125 thousand million, 5.125: beside a Vietnamese multiplier or `%` a comma is a decimal comma |
/// | `1,5 triệu`, `2 tỷ`, `500k`, `3 nghìn tỷ` | the words multiply |
/// | `1 tỷ 200 triệu`, `2 triệu rưỡi`, `1tr5`, `1tr250` | 1 200 000 000, 2 500 000, 1 500 000, 1 250 000 |
/// | `1.000.000 đ`, `$5`, `50%` | the value, with its [`Unit`]; 50% is 50 |
/// | `-5`, `+5`, `1e-3` | a sign, an exponent |
///
/// Where `12.345` is known to be twelve and a bit, use [`parse_number_with`].
///
/// # Errors
///
/// When the text is not one number from start to end: it is empty, longer than 200 bytes, holds other words, its digits
/// are not grouped by threes, or it has more than 38 digits.
///
/// # Example
///
/// ```
/// use dau_text::value::{Unit, parse_number};
///
/// let price = parse_number("1.000.000 đ")?;
/// assert_eq!(price.as_i64(), Some(1_000_000));
/// assert_eq!(price.unit(), Some(Unit::Dong));
/// assert_eq!(parse_number("3,14")?.as_f64(), 3.14);
/// # Ok::<(), dau_text::value::ValueError>(())
/// ```
pub fn parse_number(text: &str) -> Result<Number, ValueError> {
    parse_number_with(text, DecimalMark::Guess)
}

/// Reads a number as [`parse_number`] does, with a known decimal mark.
///
/// # Errors
///
/// As [`parse_number`]; also when the separators contradict the mark: `1.234,5` with [`DecimalMark::Point`].
///
/// # Example
///
/// ```
/// use dau_text::value::{DecimalMark, parse_number_with};
///
/// assert_eq!(parse_number_with("12.345", DecimalMark::Point)?.as_f64(), 12.345);
/// assert_eq!(parse_number_with("12.345", DecimalMark::Comma)?.as_f64(), 12345.0);
/// # Ok::<(), dau_text::value::ValueError>(())
/// ```
pub fn parse_number_with(text: &str, mark: DecimalMark) -> Result<Number, ValueError> {
    let fail = |problem| ValueError::new("number", text, problem);
    let plain = plain_form(text).ok_or_else(|| fail("it is longer than 200 bytes".into()))?;
    let lexemes = lexemes(&plain);
    Parser { rest: &lexemes, mark }.number().map_err(fail)
}

type Outcome<T> = Result<T, Cow<'static, str>>;

const TOO_LONG: &str = "it has more than 38 digits or is beyond ±10^400";
const EXAMPLES: &str = "expected digits such as 1.000.000, 3,14 or 1,5 triệu";

/// Words that multiply, without marks, and the power of ten; `k` and `tr` are how shops and chats write them.
const MULTIPLIERS: &[(&str, i32)] = &[
    ("tram", 2),
    ("nghin", 3),
    ("ngan", 3),
    ("k", 3),
    ("thousand", 3),
    ("van", 4),
    ("trieu", 6),
    ("tr", 6),
    ("million", 6),
    ("ty", 9),
    ("ti", 9),
    ("billion", 9),
];

/// Unit words, without marks, and signs; those of two words have a space.
const UNITS: &[(&str, Unit)] = &[
    ("%", Unit::Percent),
    ("phan tram", Unit::Percent),
    ("d", Unit::Dong),
    ("₫", Unit::Dong),
    ("dong", Unit::Dong),
    ("vnd", Unit::Dong),
    ("$", Unit::Dollar),
    ("usd", Unit::Dollar),
    ("do la", Unit::Dollar),
    ("do", Unit::Dollar),
    ("€", Unit::Euro),
    ("eur", Unit::Euro),
    ("euro", Unit::Euro),
];

/// Walks over the lexemes of one value.
struct Parser<'a> {
    rest: &'a [Lexeme<'a>],
    mark: DecimalMark,
}

impl<'a> Parser<'a> {
    fn number(&mut self) -> Outcome<Number> {
        if self.rest.is_empty() {
            return Err(format!("{EXAMPLES}, found nothing").into());
        }
        let mut negative = self.sign();
        let mut unit = self.unit();
        negative |= unit.is_some() && self.sign();
        let value = self.amounts()?;
        unit = match (unit, self.unit()) {
            (before, None) => before,
            (None, after) => after,
            // `₫1.000 VND` says the same twice.
            (before, after) if before == after => before,
            _ => return Err("it has two different units".into()),
        };
        if let Some(extra) = self.rest.first() {
            return Err(format!("expected its end or a unit (đ, VND, USD, %), found {:?}", extra.text).into());
        }
        let value = if negative { value.negated().ok_or(TOO_LONG)? } else { value };
        Ok(value.with_unit(unit))
    }

    /// A numeral with its multipliers, and further ones that are smaller: `1 tỷ 200 triệu`.
    fn amounts(&mut self) -> Outcome<Number> {
        let numeral = self.numeral()?;
        let mut power = self.multiplier();
        let mut total = numeral.times_power_of_ten(power).ok_or(TOO_LONG)?;
        while power > 0 && self.next_is(Shape::Digits) {
            let (addend, smaller) = self.smaller_amount(power)?;
            total = total.plus(addend).ok_or(TOO_LONG)?;
            power = smaller;
        }
        if power > 0 && self.take_word(&["ruoi"]) {
            let half = Number::new(5, power - 1).ok_or(TOO_LONG)?;
            total = total.plus(half).ok_or(TOO_LONG)?;
        }
        Ok(total)
    }

    /// What follows a multiplier: `200 triệu` after `tỷ`, or the bare decimals of `1tr5` and `1tr250`.
    fn smaller_amount(&mut self, above: i32) -> Outcome<(Number, i32)> {
        let digits = self.rest.first().map_or("", |lexeme| lexeme.text);
        let before = self.rest.len();
        let numeral = self.numeral()?;
        let bare = before - self.rest.len() == 1;
        let power = self.multiplier();
        if power >= above {
            return Err("expected amounts from the largest to the smallest, as in 1 tỷ 200 triệu".into());
        }
        if power > 0 {
            return Ok((numeral.times_power_of_ten(power).ok_or(TOO_LONG)?, power));
        }
        // One digit is tenths and three are thousandths of what is counted; two can be read either way.
        let places = match digits.len() {
            1 if bare => 1,
            3 if bare => 3,
            _ => {
                return Err(format!("expected one or three digits after the multiplier, found {digits:?}").into());
            }
        };
        Ok((numeral.times_power_of_ten(above - places).ok_or(TOO_LONG)?, 0))
    }

    /// Digits with their separators and an exponent.
    fn numeral(&mut self) -> Outcome<Number> {
        let (groups, separators) = self.groups()?;
        let vietnamese = self
            .rest
            .first()
            .is_some_and(|next| next.text == "%" || MULTIPLIERS.iter().any(|(word, _)| *word == next.text));
        let decimals = decimals_after(&groups, &separators, self.mark, vietnamese);
        let (mantissa, places) = assemble(&groups, &separators, decimals)?;
        let exponent = self.exponent()?.checked_sub(places).ok_or(TOO_LONG)?;
        Number::new(mantissa, exponent).ok_or_else(|| TOO_LONG.into())
    }

    /// Digit groups and the separators between them; the first group of `.5` is empty.
    fn groups(&mut self) -> Outcome<(Vec<&'a str>, Vec<char>)> {
        let mut groups = Vec::new();
        let mut separators = Vec::new();
        match self.rest {
            [first, ..] if first.shape == Shape::Digits => groups.push(self.take().unwrap_or("")),
            [point, digits, ..] if point.text == "." && digits.shape == Shape::Digits && !digits.spaced => {
                groups.push("");
            }
            [other, ..] => return Err(format!("{EXAMPLES}, found {:?}", other.text).into()),
            [] => return Err(format!("{EXAMPLES}, found its end").into()),
        }
        loop {
            match self.rest {
                [mark, digits, ..]
                    if matches!(mark.text, "." | ",")
                        && digits.shape == Shape::Digits
                        && !mark.spaced
                        && !digits.spaced =>
                {
                    separators.push(if mark.text == "." { '.' } else { ',' });
                    self.take();
                }
                [digits, ..] if digits.shape == Shape::Digits && digits.spaced && digits.text.len() == 3 => {
                    separators.push(' ');
                }
                _ => return Ok((groups, separators)),
            }
            groups.extend(self.take());
        }
    }

    /// The exponent of `1e6` and `1e-3`; zero when there is none.
    fn exponent(&mut self) -> Outcome<i32> {
        let (digits, negative, length) = match self.rest {
            [e, digits, ..] if is_exponent(e, digits) => (digits, false, 2),
            [e, sign, digits, ..] if matches!(sign.text, "+" | "-") && !sign.spaced && is_exponent(e, digits) => {
                (digits, sign.text == "-", 3)
            }
            _ => return Ok(0),
        };
        let exponent: i32 = digits.text.parse().map_err(|_| TOO_LONG)?;
        self.rest = &self.rest[length..];
        Ok(if negative { -exponent } else { exponent })
    }

    /// The power of ten of all multipliers in a row: `nghìn tỷ` is 12.
    fn multiplier(&mut self) -> i32 {
        let mut power: i32 = 0;
        while let Some(next) = self.rest.first()
            && let Some((_, more)) = MULTIPLIERS.iter().find(|(word, _)| *word == next.text)
        {
            power = power.saturating_add(*more);
            self.take();
        }
        power
    }

    fn unit(&mut self) -> Option<Unit> {
        // The longest first: `đô la` before `đô`.
        for words in [2, 1] {
            let Some(lexemes) = self.rest.get(..words) else {
                continue;
            };
            let texts: Vec<&str> = lexemes.iter().map(|lexeme| lexeme.text).collect();
            let name = texts.join(" ");
            if let Some((_, unit)) = UNITS.iter().find(|(word, _)| *word == name) {
                self.rest = &self.rest[words..];
                return Some(*unit);
            }
        }
        None
    }

    /// Takes a sign; true when it is a minus.
    fn sign(&mut self) -> bool {
        match self.rest {
            [sign, ..] if matches!(sign.text, "-" | "+") => {
                let negative = sign.text == "-";
                self.take();
                negative
            }
            _ => false,
        }
    }

    fn take_word(&mut self, words: &[&str]) -> bool {
        let found = self.rest.first().is_some_and(|next| words.contains(&next.text));
        if found {
            self.take();
        }
        found
    }

    fn next_is(&self, shape: Shape) -> bool {
        self.rest.first().is_some_and(|next| next.shape == shape)
    }

    fn take(&mut self) -> Option<&'a str> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first.text)
    }
}

fn is_exponent(e: &Lexeme<'_>, digits: &Lexeme<'_>) -> bool {
    e.text == "e" && !e.spaced && digits.shape == Shape::Digits && !digits.spaced
}

/// Tells whether the last separator stands before decimals.
fn decimals_after(groups: &[&str], separators: &[char], mark: DecimalMark, vietnamese: bool) -> bool {
    let (Some(last), Some(decimals)) = (separators.last(), groups.last()) else {
        return false;
    };
    match mark {
        DecimalMark::Point => *last == '.',
        DecimalMark::Comma => *last == ',',
        DecimalMark::Guess if *last == ' ' => false,
        DecimalMark::Guess => match separators {
            [only] => {
                let before = groups[0];
                let grouped = decimals.len() == 3 && (1..=3).contains(&before.len()) && !before.starts_with('0');
                !grouped || (*only == ',' && vietnamese)
            }
            [earlier @ .., _] => !earlier.contains(last),
            [] => false,
        },
    }
}

/// Puts the digits together: the mantissa and how many of its digits are decimals.
fn assemble(groups: &[&str], separators: &[char], decimals: bool) -> Outcome<(i128, i32)> {
    let grouping = if decimals { &separators[..separators.len() - 1] } else { separators };
    let whole = &groups[..=grouping.len()];
    let mixed = grouping.windows(2).any(|pair| pair[0] != pair[1]);
    let clash = decimals && grouping.last() == separators.last();
    // `090.123.456` is a telephone number, not ninety million.
    let in_threes = whole.iter().skip(1).all(|group| group.len() == 3)
        && (1..=3).contains(&whole[0].len())
        && !whole[0].starts_with('0');
    if !grouping.is_empty() && (mixed || clash || !in_threes) {
        return Err("expected digits grouped by threes with one separator, as in 1.000.000".into());
    }
    let mut mantissa: i128 = 0;
    for digit in groups.iter().flat_map(|group| group.bytes()) {
        let digit = i128::from(digit - b'0');
        mantissa = mantissa.checked_mul(10).and_then(|m| m.checked_add(digit)).ok_or(TOO_LONG)?;
    }
    let places = if decimals { groups.last().map_or(0, |group| group.len()) } else { 0 };
    Ok((mantissa, i32::try_from(places).map_err(|_| TOO_LONG)?))
}
