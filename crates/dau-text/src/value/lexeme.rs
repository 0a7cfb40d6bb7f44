//! Cuts a short value into digits, words and symbols. Must not know: what they mean.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The longest value looked at, in bytes. The longest real one is a date in words with its time, near 80 bytes; a whole
/// article in a price column is refused before it is copied.
const MAX_BYTES: usize = 200;

/// What a [`Lexeme`] is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// ASCII digits.
    Digits,
    /// Letters, in lower case and without marks.
    Word,
    /// One character that is neither.
    Symbol,
}

/// A run of digits, a word, or one symbol.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lexeme<'t> {
    pub(super) shape: Shape,
    pub(super) text: &'t str,
    /// Whether white space stood before it.
    pub(super) spaced: bool,
}

/// Returns the text in lower case without marks, with one kind of space, one kind of minus and narrow forms of full-width
/// characters, or nothing when it is too long to be a value.
///
/// Marks go because no two words that a value may hold differ by them alone, and a query is often typed without them.
pub(super) fn plain_form(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() > MAX_BYTES {
        return None;
    }
    let narrow = text.chars().filter(|c| !is_invisible(*c)).map(|c| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{2212}' | '\u{2010}' | '\u{2011}' | '\u{2013}' => '-',
        'đ' | 'Đ' => 'd',
        _ if c.is_whitespace() => ' ',
        _ => c,
    });
    Some(narrow.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect())
}

/// Cuts a text made by [`plain_form`].
pub(super) fn lexemes(text: &str) -> Vec<Lexeme<'_>> {
    let mut found = Vec::new();
    let mut spaced = false;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if first == ' ' {
            spaced = true;
            rest = &rest[1..];
            continue;
        }
        let shape = shape_of(first);
        let length = match shape {
            Shape::Symbol => first.len_utf8(),
            _ => rest.find(|c| shape_of(c) != shape).unwrap_or(rest.len()),
        };
        let (text, after) = rest.split_at(length);
        found.push(Lexeme { shape, text, spaced });
        spaced = false;
        rest = after;
    }
    found
}

fn shape_of(c: char) -> Shape {
    if c.is_ascii_digit() {
        Shape::Digits
    } else if c.is_alphabetic() {
        Shape::Word
    } else {
        Shape::Symbol
    }
}

/// Characters that pasted values carry and nobody sees.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let plain = plain_form(text).expect("short");
        let found: Vec<&str> = lexemes(&plain).iter().map(|lexeme| lexeme.text).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn cuts_at_every_change_of_shape() {
        check("1.000.000 Đ", &["1", ".", "000", ".", "000", "d"]);
        check("1tr5", &["1", "tr", "5"]);
        check("2025-07-01T08:00Z", &["2025", "-", "07", "-", "01", "t", "08", ":", "00", "z"]);
        check("", &[]);
    }

    #[test]
    fn unifies_forms() {
        check("１２\u{00A0}３\u{200B}", &["12", "3"]);
        check("\u{2212}5", &["-", "5"]);
        check("tỷ ty\u{0309} TỶ Ty", &["ty", "ty", "ty", "ty"]);
    }

    #[test]
    fn refuses_long_text() {
        assert!(plain_form(&"9".repeat(MAX_BYTES + 1)).is_none());
    }
}
