//! VNI-Windows: a vowel, then a byte for its marks. Must not know: other encodings, except the punctuation that Word mixes in.

use super::windows1258::western;
use crate::letter::{Letter, Mark, Tone, compose};

/// A letter without its case.
type Parts = (char, Mark, Tone);

pub(super) fn decode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 4);
    let mut rest = bytes;
    while let [byte, after @ ..] = rest {
        rest = after;
        let upper = is_upper(*byte);
        if let [mark, after @ ..] = after
            && let Some(parts) = marked_vowel(small(*byte), small(*mark))
            && let Some(letter) = letter(parts, upper)
        {
            rest = after;
            text.push(letter);
        } else {
            let single = single_letter(small(*byte)).and_then(|parts| letter(parts, upper));
            text.push(single.unwrap_or_else(|| western(*byte)));
        }
    }
    text
}

/// Letters that have a byte of their own; `ô` is *ơ* and `ö` is *ư*.
fn single_letter(byte: u8) -> Option<Parts> {
    match byte {
        0xF4 => Some(('o', Mark::Horn, Tone::Level)),
        0xF6 => Some(('u', Mark::Horn, Tone::Level)),
        0xED => Some(('i', Mark::None, Tone::Acute)),
        0xEC => Some(('i', Mark::None, Tone::Grave)),
        0xE6 => Some(('i', Mark::None, Tone::Hook)),
        0xF3 => Some(('i', Mark::None, Tone::Tilde)),
        0xF2 => Some(('i', Mark::None, Tone::Dot)),
        0xEE => Some(('y', Mark::None, Tone::Dot)),
        0xF1 => Some(('d', Mark::Stroke, Tone::Level)),
        _ => None,
    }
}

/// A vowel and the byte of its marks. No byte of marks is a letter of its own, so nothing is ambiguous.
fn marked_vowel(vowel: u8, marks: u8) -> Option<Parts> {
    let (base, own) = match vowel {
        b'a' | b'e' | b'o' | b'u' | b'y' => (char::from(vowel), Mark::None),
        0xF4 | 0xF6 => single_letter(vowel).map(|(base, mark, _)| (base, mark))?,
        _ => return None,
    };
    let (mark, tone) = marks_of(marks)?;
    let fits = match mark {
        Mark::None => true,
        Mark::Circumflex => own == Mark::None && matches!(base, 'a' | 'e' | 'o'),
        _ => base == 'a',
    };
    fits.then_some((base, if mark == Mark::None { own } else { mark }, tone))
}

fn marks_of(byte: u8) -> Option<(Mark, Tone)> {
    Some(match byte {
        0xF9 => (Mark::None, Tone::Acute),
        0xF8 => (Mark::None, Tone::Grave),
        0xFB => (Mark::None, Tone::Hook),
        0xF5 => (Mark::None, Tone::Tilde),
        0xEF => (Mark::None, Tone::Dot),
        0xE2 => (Mark::Circumflex, Tone::Level),
        0xE1 => (Mark::Circumflex, Tone::Acute),
        0xE0 => (Mark::Circumflex, Tone::Grave),
        0xE5 => (Mark::Circumflex, Tone::Hook),
        0xE3 => (Mark::Circumflex, Tone::Tilde),
        0xE4 => (Mark::Circumflex, Tone::Dot),
        0xEA => (Mark::Breve, Tone::Level),
        0xE9 => (Mark::Breve, Tone::Acute),
        0xE8 => (Mark::Breve, Tone::Grave),
        0xFA => (Mark::Breve, Tone::Hook),
        0xFC => (Mark::Breve, Tone::Tilde),
        0xEB => (Mark::Breve, Tone::Dot),
        _ => return None,
    })
}

fn letter((base, mark, tone): Parts, upper: bool) -> Option<char> {
    compose(Letter { base, mark, tone, upper })
}

/// Latin-1 capitals are 0x20 below the small letters, as in ASCII.
fn is_upper(byte: u8) -> bool {
    matches!(byte, b'A'..=b'Z' | 0xC0..=0xDE)
}

fn small(byte: u8) -> u8 {
    if is_upper(byte) { byte + 0x20 } else { byte }
}
