//! An exact decimal number with its unit. Must not know: how numbers are written.

use std::fmt;

/// The largest power of ten either way that a [`Number`] holds; beyond it a 64-bit float is infinite or zero anyway.
const MAX_EXPONENT: i32 = 400;

/// The most digits that [`Number`]'s text form writes out before it turns to the exponent form.
const PLAIN_DIGITS: i32 = 40;

/// A decimal number, exact, with the unit it was written with.
///
/// Two numbers are equal when value and unit are: `1.000.000 đ` and `1 triệu đồng` are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Number {
    /// The digits without trailing zeros, and the sign.
    mantissa: i128,
    /// The power of ten that multiplies the mantissa; zero when the mantissa is.
    exponent: i32,
    unit: Option<Unit>,
}

/// What a [`Number`] counts, when the text says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Unit {
    /// Hundredths: `50%`. The value stays 50.
    Percent,
    /// Vietnamese đồng: `đ`, `₫`, `đồng`, `VNĐ`, `VND`.
    Dong,
    /// United States dollars: `$`, `USD`, `đô la`.
    Dollar,
    /// Euros: `€`, `EUR`.
    Euro,
}

impl Number {
    /// Makes `mantissa * 10^exponent`, or nothing when the exponent is out of range (±400).
    pub(super) fn new(mantissa: i128, exponent: i32) -> Option<Number> {
        let mut number = Number { mantissa, exponent, unit: None };
        if mantissa == 0 {
            number.exponent = 0;
        }
        while number.mantissa != 0 && number.mantissa % 10 == 0 {
            number.mantissa /= 10;
            number.exponent = number.exponent.checked_add(1)?;
        }
        (number.exponent.abs() <= MAX_EXPONENT).then_some(number)
    }

    pub(super) fn with_unit(self, unit: Option<Unit>) -> Number {
        Number { unit, ..self }
    }

    pub(super) fn negated(self) -> Option<Number> {
        Some(Number { mantissa: self.mantissa.checked_neg()?, ..self })
    }

    pub(super) fn times_power_of_ten(self, power: i32) -> Option<Number> {
        Number::new(self.mantissa, self.exponent.checked_add(power)?)
    }

    /// Adds exactly, or gives nothing when the sum needs more than 38 digits. The unit is dropped.
    pub(super) fn plus(self, other: Number) -> Option<Number> {
        let exponent = self.exponent.min(other.exponent);
        let scaled = |number: Number| {
            let power = u32::try_from(number.exponent - exponent).ok()?;
            number.mantissa.checked_mul(10_i128.checked_pow(power)?)
        };
        Number::new(scaled(self)?.checked_add(scaled(other)?)?, exponent)
    }

    /// Returns the value as a whole number, or nothing when it has a fraction or leaves the range of `i64`.
    ///
    /// # Example
    ///
    /// ```
    /// use dau_text::value::parse_number;
    ///
    /// assert_eq!(parse_number("1,5 triệu")?.as_i64(), Some(1_500_000));
    /// assert_eq!(parse_number("3,14")?.as_i64(), None);
    /// # Ok::<(), dau_text::value::ValueError>(())
    /// ```
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        let power = u32::try_from(self.exponent).ok()?;
        i64::try_from(self.mantissa.checked_mul(10_i128.checked_pow(power)?)?).ok()
    }

    /// Returns the nearest 64-bit float; infinite when the value is beyond its range.
    #[must_use]
    pub fn as_f64(&self) -> f64 {
        // The standard parser rounds correctly; multiplying by a power of ten would not.
        format!("{}e{}", self.mantissa, self.exponent).parse().unwrap_or(f64::NAN)
    }

    /// Returns the unit the number was written with.
    #[must_use]
    pub fn unit(&self) -> Option<Unit> {
        self.unit
    }
}

/// Writes the value without separators, with a point before the decimals and without the unit: `1500000`, `-3.14`.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.exponent.abs() > PLAIN_DIGITS {
            return write!(f, "{}e{}", self.mantissa, self.exponent);
        }
        let digits = self.mantissa.unsigned_abs().to_string();
        let sign = if self.mantissa < 0 { "-" } else { "" };
        match usize::try_from(self.exponent) {
            Ok(zeros) => write!(f, "{sign}{digits}{}", "0".repeat(zeros)),
            Err(_) => {
                let decimals = self.exponent.unsigned_abs() as usize;
                let padded = format!("{digits:0>width$}", width = decimals + 1);
                let (whole, fraction) = padded.split_at(padded.len() - decimals);
                write!(f, "{sign}{whole}.{fraction}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(mantissa: i128, exponent: i32) -> Number {
        Number::new(mantissa, exponent).expect("in range")
    }

    #[test]
    fn one_value_has_one_form() {
        assert_eq!(number(1_000_000, 0), number(1, 6));
        assert_eq!(number(0, 7), number(0, 0));
        assert_eq!(number(-50, -1), number(-5, 0));
    }

    #[test]
    fn writes_plain_digits() {
        assert_eq!(number(15, 5).to_string(), "1500000");
        assert_eq!(number(-314, -2).to_string(), "-3.14");
        assert_eq!(number(5, -3).to_string(), "0.005");
        assert_eq!(number(0, 0).to_string(), "0");
        assert_eq!(number(1, 300).to_string(), "1e300");
    }

    #[test]
    fn floats_are_rounded_correctly() {
        assert_eq!(number(625, -2).as_f64(), 6.25_f64);
        assert_eq!(number(1, -1).as_f64(), 0.1_f64);
        assert_eq!(number(1, 400).as_f64(), f64::INFINITY);
    }

    #[test]
    fn range_is_checked() {
        assert_eq!(Number::new(1, 401), None);
        assert_eq!(Number::new(10, i32::MAX), None);
        assert_eq!(number(1, 19).as_i64(), None);
        assert_eq!(number(i128::from(i64::MIN), 0).as_i64(), Some(i64::MIN));
        assert_eq!(number(1, 400).plus(number(1, 0)), None);
        assert_eq!(number(15, -1).plus(number(5, -1)), Some(number(2, 0)));
    }
}
