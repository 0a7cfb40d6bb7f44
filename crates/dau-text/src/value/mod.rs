//! Values written as text: numbers and dates as Vietnamese documents and machines write them.
//!
//! Must not know: fields, schemas, queries, the clock, the machine's time zone or locale.
//!
//! Both parsers take a whole value, not a value inside a sentence: anything left over is an error, because a price of
//! `1.000.000 đ/tháng` silently read as `1.000.000 đ` would be found by the wrong range query.

mod calendar;
mod date;
mod date_syntax;
mod error;
mod lexeme;
mod number;
mod number_syntax;
mod time_syntax;

pub use self::date::{Date, Precision};
pub use self::date_syntax::parse_date;
pub use self::error::ValueError;
pub use self::number::{Number, Unit};
pub use self::number_syntax::{DecimalMark, parse_number, parse_number_with};
