//! Where a word or number ends, and where it goes on as a chain. Knows nothing of what either is.

use super::class::{self, Class};
use crate::tables::{self, FLAG_DIGIT, FLAG_JOINER, FLAG_LETTER};

/// What a byte that follows a word needs behind it so that the word ends, in the lower four bits; of these needs, the
/// ones it meets itself, in the upper four. A byte without needs in this sense is no separator.
static NEEDS: [u8; 256] = {
    let mut table = [ANYTHING << 4; 256];
    let mut byte = 0;
    while byte < 0x80 {
        let entry = tables::ENTRIES[byte];
        if entry & (FLAG_LETTER | FLAG_DIGIT) == 0 {
            let met = if byte == b'/' as usize { ANYTHING | SEPARATOR } else { ANYTHING | SEPARATOR | NO_SLASH };
            // A joiner joins what stands on both sides of it, and `://` is part of an address.
            let need = match byte as u8 {
                b':' => NO_SLASH,
                _ if entry & FLAG_JOINER != 0 => SEPARATOR,
                _ => ANYTHING,
            };
            table[byte] = need | met << 4;
        }
        byte += 1;
    }
    table
};

const ANYTHING: u8 = 1;
const SEPARATOR: u8 = 2;
const NO_SLASH: u8 = 4;

/// Tells whether a byte is ASCII white space or a control character.
#[inline]
pub(super) const fn is_blank(byte: u8) -> bool {
    byte <= b' '
}

/// Tells whether a byte is an ASCII character and neither letter nor digit.
#[inline]
pub(super) fn is_separator(byte: u8) -> bool {
    NEEDS[usize::from(byte)] & 0xF != 0
}

/// Tells whether these two bytes behind a word or number end it. If the first of them is no ASCII character, or a joiner
/// before one that is none, the answer is no, though [`is_end`] may find that it ends.
#[inline]
pub(super) fn are_end(after: u8, next: u8) -> bool {
    NEEDS[usize::from(after)] & NEEDS[usize::from(next)] >> 4 != 0
}

/// Tells whether a word or number ends before byte `at`. Otherwise more is attached.
#[inline]
pub(super) fn is_end(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    match (bytes.get(at), bytes.get(at + 1)) {
        (None, _) => true,
        (Some(0x80..), _) => is_other_end(text, at),
        (Some(&after), None) => is_separator(after),
        (Some(&after), Some(&next)) => {
            are_end(after, next) || next >= 0x80 && is_separator(after) && !class::of(text, at + 1).starts_token()
        }
    }
}

fn is_other_end(text: &str, at: usize) -> bool {
    let class = class::of(text, at);
    match class.class {
        Class::Letter | Class::Digit | Class::Mark | Class::Ignorable => false,
        Class::Dash | Class::Apostrophe | Class::Joiner => !class::of(text, at + class.len).starts_token(),
        Class::Cjk | Class::Other => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_a_word() {
        for after in ["", " ", " x", "\nx", "(x", "\"x", ".", ". ", "..", "._", ",", ",)", "- ", ": ", ":.", "://"] {
            let ends = after != "://";
            assert_eq!(is_end(&format!("từ{after}"), "từ".len()), ends, "{after:?}");
        }
        for after in ["”", "’ ", "…x", "–", "– x", "／", "．”", ".”", ",…", "東", "/–"] {
            assert!(is_end(&format!("từ{after}"), "từ".len()), "{after:?}");
        }
        for after in [
            "1", ".x", "-1", "_x", "'x", "@x", ":x", "+1", "/đ", ".東", "\u{301}", "\u{AD}", "’s", "–x", "／x", "．1",
            "＿đ", "я",
        ] {
            assert!(!is_end(&format!("từ{after}"), "từ".len()), "{after:?}");
        }
    }

    #[test]
    fn two_bytes_tell_it_of_ascii_alone() {
        for after in 0..=255 {
            for next in 0..=255 {
                if after < 0x80 && next < 0x80 {
                    let text = format!("x{}{}", char::from(after), char::from(next));
                    assert_eq!(are_end(after, next), is_end(&text, 1), "{text:?}");
                } else if after >= 0x80 {
                    assert!(!are_end(after, next), "{after:#x} {next:#x}");
                }
            }
        }
    }
}
