//! What is wrong with a query, where, and what to do. Knows nothing of how it was found.

use std::{fmt, ops::Range};

/// The longest excerpt of a query in a message, in characters.
const EXCERPT_CHARS: usize = 24;

/// A malformed place in a query.
///
/// Its `Display` says what is wrong, where, and what to do, in one line without a final period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    span: Range<usize>,
    column: usize,
    message: String,
    expected: String,
    excerpt: String,
}

impl SyntaxError {
    /// Creates the error for `span` (bytes, on char boundaries) of the query `text`.
    pub(super) fn new(text: &str, span: Range<usize>, message: String, expected: String) -> SyntaxError {
        let column = text[..span.start].chars().count() + 1;
        let mut rest = text[span.start..].chars();
        let mut excerpt: String = rest.by_ref().take(EXCERPT_CHARS).map(visible).collect();
        if rest.next().is_some() {
            excerpt.push('…');
        }
        SyntaxError { span, column, message, expected, excerpt }
    }

    /// Returns the place: a half-open range of bytes of the query as typed.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Returns the place as a character number of the query, counted from 1.
    pub fn column(&self) -> usize {
        self.column
    }

    /// Returns what is wrong, without the place.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns what would have been right.
    pub fn expected(&self) -> &str {
        &self.expected
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SyntaxError { message, column, excerpt, expected, .. } = self;
        write!(f, "{message}, at character {column}: `{excerpt}`; {expected}")
    }
}

impl std::error::Error for SyntaxError {}

/// A query may hold anything; a message must not carry control characters to a terminal.
fn visible(c: char) -> char {
    if c.is_control() { '\u{fffd}' } else { c }
}
