//! Text of documents made harmless: what would move a cursor, colour a terminal or turn the direction of a line.

use std::borrow::Cow;
use std::fmt::Write;

/// Controls (C0, delete, C1), line and paragraph separators, and marks that turn the direction of text.
pub(crate) fn is_dangerous(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}'
        )
}

/// Escapes as `\u{202e}`; line ends and tabs stay.
pub(crate) fn text(text: &str) -> Cow<'_, str> {
    escape(text, |letter| letter != '\n' && letter != '\t' && is_dangerous(letter))
}

/// Escapes as `\u{202e}`, line ends and tabs as well: what comes out is on one line.
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    escape(text, is_dangerous)
}

fn escape(text: &str, dangerous: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&dangerous) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match letter {
            _ if !dangerous(letter) => out.push(letter),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // Writing to a string cannot fail.
            _ => drop(write!(out, "\\u{{{:x}}}", u32::from(letter))),
        }
    }
    Cow::Owned(out)
}

/// Escapes a cell of tab-separated values: tab, line ends and backslash, as `\t`, `\n`, `\r`, `\\`.
pub(crate) fn cell(text: &str) -> Cow<'_, str> {
    if !text.contains(['\t', '\n', '\r', '\\']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match letter {
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\\' => out.push_str("\\\\"),
            _ => out.push(letter),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminals_are_not_commanded() {
        assert_eq!(text("a\u{1b}[31mđỏ\u{7}"), "a\\u{1b}[31mđỏ\\u{7}");
        assert_eq!(text("x\u{202e}y\u{9b}1"), "x\\u{202e}y\\u{9b}1");
        assert_eq!(text("hai\ndòng"), "hai\ndòng");
        assert_eq!(line("hai\ndòng\t"), "hai\\ndòng\\t");
        assert!(matches!(text("Việt Nam 👩‍🎓"), Cow::Borrowed(_)));
    }

    #[test]
    fn cells_stay_cells() {
        assert_eq!(cell("a\tb\\c\r\nd"), "a\\tb\\\\c\\r\\nd");
    }
}
