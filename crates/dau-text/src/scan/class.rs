//! What sort of character stands at a place in the text, for those that the tables leave open.

use unicode_normalization::char::is_combining_mark;

use crate::form::is_ignorable;
use crate::tables::{self, FLAG_LETTER};

/// The sorts of characters that tokens are made of and ended by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Letter,
    Digit,
    /// A combining mark: belongs to what is before it.
    Mark,
    /// Invisible; does not end a word.
    Ignorable,
    /// A Chinese or Japanese character: a token by itself.
    Cjk,
    Apostrophe,
    Dash,
    /// `/`, `.`, `,` or `_`.
    Joiner,
    Other,
}

/// The first byte of the characters from U+2000 to U+2FFF, the typographic punctuation among them.
pub(super) const PUNCTUATION_LEAD: u8 = 0xE2;

/// The first two bytes of the characters from U+2000 to U+203F: spaces, dashes, quotes, dots. None starts a token.
pub(super) const PUNCTUATION: [u8; 2] = [PUNCTUATION_LEAD, 0x80];

/// A character's class and its length in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Classified {
    pub(super) class: Class,
    pub(super) len: usize,
}

impl Classified {
    pub(super) const fn starts_token(self) -> bool {
        matches!(self.class, Class::Letter | Class::Digit | Class::Cjk)
    }
}

/// Classifies the character at byte `at`; past the end of the text it is [`Class::Other`] of length 0.
#[inline]
pub(super) fn of(text: &str, at: usize) -> Classified {
    let bytes = text.as_bytes();
    match bytes.get(at) {
        Some(&byte) if byte < 0x80 => Classified { class: ASCII[usize::from(byte)], len: 1 },
        Some(_) => {
            let (entry, len) = tables::entry(bytes, at);
            if entry & FLAG_LETTER != 0 { Classified { class: Class::Letter, len } } else { of_other(text, at) }
        }
        None => Classified { class: Class::Other, len: 0 },
    }
}

static ASCII: [Class; 128] = {
    let mut table = [Class::Other; 128];
    let mut byte = 0;
    while byte < table.len() {
        table[byte] = of_ascii(byte as u8);
        byte += 1;
    }
    table
};

const fn of_ascii(byte: u8) -> Class {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
        b'0'..=b'9' => Class::Digit,
        b'\'' => Class::Apostrophe,
        b'-' => Class::Dash,
        b'/' | b'.' | b',' | b'_' => Class::Joiner,
        _ => Class::Other,
    }
}

#[inline(never)]
fn of_other(text: &str, at: usize) -> Classified {
    match text.get(at..).and_then(|rest| rest.chars().next()) {
        Some(c) => Classified { class: of_char(c), len: c.len_utf8() },
        None => Classified { class: Class::Other, len: 0 },
    }
}

pub(super) fn of_char(c: char) -> Class {
    of_common(c).unwrap_or_else(|| of_properties(c))
}

/// Classifies a character whose properties need not be looked up.
pub(super) const fn of_common(c: char) -> Option<Class> {
    Some(match c {
        '\0'..='\x7F' => of_ascii(c as u8),
        '\u{2019}' | '\u{2018}' | '\u{2BC}' | '\u{FF07}' => Class::Apostrophe,
        '\u{2010}'..='\u{2013}' | '\u{FF0D}' => Class::Dash,
        '\u{FF0E}' | '\u{FF0F}' | '\u{FF3F}' => Class::Joiner,
        _ if is_common_punctuation(c) => Class::Other,
        _ if is_unified_ideograph(c) => Class::Cjk,
        _ if is_common_letter(c) => Class::Letter,
        _ => return None,
    })
}

/// Tells whether a character is one of the dashes, quotes, dots and other punctuation that real text is full of, whose
/// properties need not be looked up.
const fn is_common_punctuation(c: char) -> bool {
    matches!(c, '\u{2014}'..='\u{2027}' | '\u{2030}'..='\u{205E}')
}

/// Tells whether a character is in the block where nearly all Chinese characters of today's texts are. Each is its own marked
/// and folded form.
pub(super) const fn is_unified_ideograph(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}')
}

/// Tells whether a character is in one of the ranges where the commonest letters of other languages are: Latin, Cyrillic, Thai, Hangul.
const fn is_common_letter(c: char) -> bool {
    matches!(c,
        '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{24F}' | '\u{400}'..='\u{481}' | '\u{48A}'..='\u{52F}'
        | '\u{E01}'..='\u{E30}' | '\u{AC00}'..='\u{D7A3}')
}

/// Classifies a character that means nothing special here by its properties in Unicode.
fn of_properties(c: char) -> Class {
    match c {
        _ if is_ignorable(c) => Class::Ignorable,
        _ if is_combining_mark(c) => Class::Mark,
        _ if is_cjk(c) => Class::Cjk,
        _ if c.is_alphabetic() => Class::Letter,
        _ if c.is_numeric() => Class::Digit,
        _ => Class::Other,
    }
}

/// Tells whether a character is a Han ideograph or a kana, half-width ones included. Hangul is not: it has spaces.
fn is_cjk(c: char) -> bool {
    matches!(c,
        '\u{3005}'..='\u{3007}' | '\u{3021}'..='\u{3029}' | '\u{3031}'..='\u{3035}' | '\u{3038}'..='\u{303C}'
        | '\u{3041}'..='\u{3096}' | '\u{309D}'..='\u{309F}' | '\u{30A1}'..='\u{30FA}' | '\u{30FC}'..='\u{30FF}'
        | '\u{31F0}'..='\u{31FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{FF66}'..='\u{FF9D}' | '\u{1B000}'..='\u{1B16F}' | '\u{20000}'..='\u{323AF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form;

    #[test]
    fn common_punctuation_is_what_its_properties_say() {
        let common = ('\u{80}'..=char::MAX).filter(|&c| is_common_punctuation(c));
        assert_eq!(common.clone().count(), 67);
        for c in common {
            assert_eq!(of_properties(c), Class::Other, "{c:?}");
        }
    }

    #[test]
    fn common_letters_are_what_their_properties_say() {
        let mut common = ('\0'..=char::MAX).filter(|&c| is_common_letter(c));
        assert!(common.all(|c| of_properties(c) == Class::Letter));
    }

    #[test]
    fn unified_ideographs_are_what_their_properties_say_and_their_own_forms() {
        let all: String = ('\0'..=char::MAX).filter(|&c| is_unified_ideograph(c)).collect();
        assert!(all.chars().all(|c| of_properties(c) == Class::Cjk));
        assert_eq!((form::marked(&all), form::fold(&all)), (all.as_str().into(), all.as_str().into()));
    }

    #[test]
    fn general_punctuation_starts_no_token() {
        let chars = ('\u{80}'..=char::MAX).filter(|c| c.to_string().as_bytes().starts_with(&PUNCTUATION));
        assert_eq!(chars.clone().count(), 64);
        for c in chars {
            assert_eq!((of(&c.to_string(), 0).starts_token(), c.len_utf8()), (false, 3), "{c:?}");
        }
    }

    #[test]
    fn what_joins_words_is_no_common_punctuation_to_the_scanner() {
        for (c, class) in [('’', Class::Apostrophe), ('‘', Class::Apostrophe), ('–', Class::Dash), ('—', Class::Other)]
        {
            assert_eq!(of_char(c), class, "{c:?}");
        }
    }
}
