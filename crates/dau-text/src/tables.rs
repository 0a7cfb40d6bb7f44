//! The scanner's tables, computed when compiling from the table of letters. Knows nothing of words.
//!
//! An *entry* is a `u32` that says in one load what the scanner must know of a character: the folded byte in the low
//! eight bits, and flags above it. There are entries for ASCII and for the two ranges where Unicode keeps the composed
//! Vietnamese letters; every other character shares the entry [`FLAG_SLOW`].

use crate::letter::{self, Letter, Mark, Tone};

/// A letter with an entry of its own.
pub(crate) const FLAG_LETTER: u32 = 1 << 8;
/// An ASCII digit.
pub(crate) const FLAG_DIGIT: u32 = 1 << 9;
/// Anything that takes more than a table to judge: other scripts, combining marks, typographic punctuation.
pub(crate) const FLAG_SLOW: u32 = 1 << 10;
/// The marked form of the character is another character: a capital, or `ð`.
pub(crate) const FLAG_CHANGED: u32 = 1 << 11;
/// A tone on a vowel without a mark (`à`), the only sort that can be on a wrong letter unnoticed.
pub(crate) const FLAG_PLAIN_TONE: u32 = 1 << 12;
/// One of `ă â ê ô ơ ư`, in any tone.
pub(crate) const FLAG_MARKED_VOWEL: u32 = 1 << 14;
/// `ư` with a tone: wrong before `ơ`.
pub(crate) const FLAG_HORN_U_TONE: u32 = 1 << 15;
/// ASCII punctuation that may join what stands on both sides of it.
pub(crate) const FLAG_JOINER: u32 = 1 << 16;
/// A vowel. The highest flag, so that the entries of a word add up to the number of its vowels in these bits.
pub(crate) const FLAG_VOWEL: u32 = 1 << 24;

const LATIN_START: usize = 0xC0;
const LATIN_ENTRIES: usize = 256;
const ADDITIONAL_START: usize = 0x1E80;
const ADDITIONAL_ENTRIES: usize = 128;
const LATIN_END: usize = LATIN_START + LATIN_ENTRIES;
const ADDITIONAL_END: usize = ADDITIONAL_START + ADDITIONAL_ENTRIES;
const LATIN_OFFSET: usize = 128;
const ADDITIONAL_OFFSET: usize = LATIN_OFFSET + LATIN_ENTRIES;

/// ASCII, then U+00C0 to U+01BF, then U+1E80 to U+1EFF.
pub(crate) static ENTRIES: [u32; ADDITIONAL_OFFSET + ADDITIONAL_ENTRIES] = build();

const fn build() -> [u32; ADDITIONAL_OFFSET + ADDITIONAL_ENTRIES] {
    let mut table = [0; ADDITIONAL_OFFSET + ADDITIONAL_ENTRIES];
    let mut i = 0;
    while i < table.len() {
        if let Some(c) = character(i) {
            table[i] = judge(c);
        }
        i += 1;
    }
    table
}

/// The parts of each letter that has an entry.
pub(crate) static LETTERS: [Option<Letter>; ADDITIONAL_OFFSET + ADDITIONAL_ENTRIES] = take_apart();

const fn take_apart() -> [Option<Letter>; ADDITIONAL_OFFSET + ADDITIONAL_ENTRIES] {
    let mut table = [None; ADDITIONAL_OFFSET + ADDITIONAL_ENTRIES];
    let mut i = 0;
    while i < table.len() {
        if let Some(c) = character(i) {
            table[i] = letter::look_up(c);
        }
        i += 1;
    }
    table
}

/// Returns the index of the entry of a character that has one of its own.
#[inline]
pub(crate) const fn index(c: char) -> Option<usize> {
    match c as usize {
        code @ 0..0x80 => Some(code),
        code @ LATIN_START..LATIN_END => Some(code - LATIN_START + LATIN_OFFSET),
        code @ ADDITIONAL_START..ADDITIONAL_END => Some(code - ADDITIONAL_START + ADDITIONAL_OFFSET),
        _ => None,
    }
}

/// Returns the character that an entry belongs to.
const fn character(index: usize) -> Option<char> {
    let code = match index {
        0..LATIN_OFFSET => index,
        LATIN_OFFSET..ADDITIONAL_OFFSET => index - LATIN_OFFSET + LATIN_START,
        _ => index - ADDITIONAL_OFFSET + ADDITIONAL_START,
    };
    char::from_u32(code as u32)
}

const fn judge(c: char) -> u32 {
    if let Some(letter) = letter::look_up(c) {
        let mut entry = FLAG_LETTER | letter.base as u32;
        if letter.upper || c == 'ð' {
            entry |= FLAG_CHANGED;
        }
        if matches!(letter.base, 'a' | 'e' | 'i' | 'o' | 'u' | 'y') {
            entry |= FLAG_VOWEL;
        }
        let toned = !matches!(letter.tone, Tone::Level);
        let plain = matches!(letter.mark, Mark::None);
        if !plain && letter.base != 'd' {
            entry |= FLAG_MARKED_VOWEL;
        }
        if toned && plain {
            entry |= FLAG_PLAIN_TONE;
        }
        if toned && !plain && letter.base == 'u' {
            entry |= FLAG_HORN_U_TONE;
        }
        return entry;
    }
    match c {
        '0'..='9' => FLAG_DIGIT | c as u32,
        '-' | '/' | '.' | ',' | '_' | '\'' | '@' | ':' | '+' => FLAG_JOINER | c as u32,
        '\0'..='\x7F' => c as u32,
        _ => FLAG_SLOW,
    }
}

/// Returns the entry of the character that starts at byte `at`, and its length in bytes (that of a slow character is not
/// meant to be used). `at` must be inside the text and on a character boundary.
#[inline(always)]
pub(crate) fn entry(bytes: &[u8], at: usize) -> (u32, usize) {
    let lead = bytes[at];
    if lead < 0x80 {
        return (ENTRIES[lead as usize & 0x7F], 1);
    }
    let trail = |n: usize| usize::from(bytes.get(at + n).copied().unwrap_or(0)) & 0x3F;
    match lead {
        0xC3..=0xC6 => (ENTRIES[LATIN_OFFSET + ((lead as usize - 0xC3) << 6 | trail(1))], 2),
        0xE1 if bytes.get(at + 1).is_some_and(|&b| b == 0xBA || b == 0xBB) => {
            (ENTRIES[ADDITIONAL_OFFSET + ((trail(1) & 1) << 6 | trail(2))], 3)
        }
        0xC0..=0xDF => (FLAG_SLOW, 2),
        0xE0..=0xEF => (FLAG_SLOW, 3),
        _ => (FLAG_SLOW, 4),
    }
}

/// Letters that have no canonical decomposition, or none down to ASCII, and what they fold to. Sorted by letter.
///
/// Those of the languages that live with Latin letters today, and the combinations Unicode does not decompose. The
/// choice of the base follows the Unicode CLDR transliteration Latin-ASCII.
pub(crate) static LATIN: &[(char, &str)] = &[
    ('ß', "ss"),
    ('æ', "ae"),
    ('ð', "d"),
    ('ø', "o"),
    ('þ', "th"),
    ('đ', "d"),
    ('ħ', "h"),
    ('ı', "i"),
    ('ĸ', "q"),
    ('ł', "l"),
    ('ŋ', "n"),
    ('œ', "oe"),
    ('ŧ', "t"),
    ('ƀ', "b"),
    ('ƃ', "b"),
    ('ƈ', "c"),
    ('ƌ', "d"),
    ('ƒ', "f"),
    ('ƙ', "k"),
    ('ƚ', "l"),
    ('ƞ', "n"),
    ('ƥ', "p"),
    ('ƫ', "t"),
    ('ƭ', "t"),
    ('ƴ', "y"),
    ('ƶ', "z"),
    ('ǝ', "e"),
    ('ǥ', "g"),
    ('ȡ', "d"),
    ('ȥ', "z"),
    ('ȴ', "l"),
    ('ȵ', "n"),
    ('ȶ', "t"),
    ('ȷ', "j"),
    ('ȼ', "c"),
    ('ȿ', "s"),
    ('ɀ', "z"),
    ('ɇ', "e"),
    ('ɉ', "j"),
    ('ɋ', "q"),
    ('ɍ', "r"),
    ('ɏ', "y"),
    ('ɓ', "b"),
    ('ɖ', "d"),
    ('ɗ', "d"),
    ('ə', "e"),
    ('ɛ', "e"),
    ('ɠ', "g"),
    ('ɨ', "i"),
    ('ɫ', "l"),
    ('ɲ', "n"),
    ('ʉ', "u"),
    ('ẜ', "s"),
    ('ẝ', "s"),
    ('ⱥ', "a"),
    ('ⱦ', "t"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_has_an_entry_that_agrees_with_its_parts() {
        for c in letter::VOWELS.iter().flat_map(|row| row.2).chain(['đ', 'ð', 'b', 'z']) {
            for c in c.to_uppercase().chain([c]) {
                let letter = letter::decompose(c).expect("a letter");
                let mut buffer = [0; 4];
                let (entry, len) = entry(c.encode_utf8(&mut buffer).as_bytes(), 0);
                assert_eq!((entry as u8, len), (letter.base as u8, c.len_utf8()), "{c}");
                assert_ne!(entry & FLAG_LETTER, 0, "{c}");
            }
        }
    }

    #[test]
    fn other_characters_are_slow_or_separators() {
        for c in ['ü', 'я', '\u{301}', '“', '中', '😀', '\u{AD}', 'ẁ', '×'] {
            let mut buffer = [0; 4];
            assert_eq!(entry(c.encode_utf8(&mut buffer).as_bytes(), 0), (FLAG_SLOW, c.len_utf8()), "{c}");
        }
    }

    #[test]
    fn the_latin_table_is_sorted_lower_case_and_folds_to_ascii() {
        assert!(LATIN.is_sorted_by(|a, b| a.0 < b.0));
        for (c, folded) in LATIN {
            assert!(c.to_lowercase().eq([*c]), "{c} is lower case");
            assert!(folded.bytes().all(|b| b.is_ascii_lowercase()), "{c} folds to {folded}");
        }
    }
}
