//! Why a text is not a number or a date. Must not know: which field or document the text came from.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

/// The most characters of a rejected text that a message repeats.
const SHOWN_CHARS: usize = 60;

/// Says why a text was not read as a number or a date: what was expected and what was found.
///
/// The message repeats the text (its first 60 characters, control characters escaped), so that the caller only has to
/// add the name of the document and the field.
///
/// # Example
///
/// ```
/// let error = dau_text::value::parse_date("12/13/2024").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "\"12/13/2024\" is not a date: expected a month from 1 to 12, found 13 (the day comes before the month)"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueError {
    kind: &'static str,
    found: String,
    problem: Cow<'static, str>,
}

impl ValueError {
    pub(super) fn new(kind: &'static str, text: &str, problem: Cow<'static, str>) -> ValueError {
        let mut chars = text.chars();
        let mut found: String = chars.by_ref().take(SHOWN_CHARS).collect();
        if chars.next().is_some() {
            found.push('…');
        }
        ValueError { kind, found, problem }
    }
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The debug form of a string is its quoted form with control characters escaped: a message can't disturb a
        // terminal. Marks and other printable characters stay as they are.
        write!(f, "{:?} is not a {}: {}", self.found, self.kind, self.problem)
    }
}

impl Error for ValueError {}
