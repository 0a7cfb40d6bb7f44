//! TCVN3, the code of the ABC fonts. Must not know: other encodings, except the punctuation that Word mixes in.

use super::windows1258::western;
use crate::letter::{Letter, Tone, compose, decompose};

/// Codes 0xA0 to 0xFF: those of TCVN3, and at the places it leaves free the capitals of TCVN 5712, the standard it is cut
/// from. The five combining tones of that standard, 0xB0 to 0xB4, are treated in [`decode`]; elsewhere these bytes are the
/// signs of windows-1252, as in `30°C`.
#[rustfmt::skip]
const HIGH: [char; 96] = [
    '\u{A0}', 'Ă', 'Â', 'Ê', 'Ô', 'Ơ', 'Ư', 'Đ', 'ă', 'â', 'ê', 'ô', 'ơ', 'ư', 'đ', 'Ằ',
    '°', '±', '²', '³', '´', 'à', 'ả', 'ã', 'á', 'ạ', 'Ẳ', 'ằ', 'ẳ', 'ẵ', 'ắ', 'Ẵ',
    'Ắ', 'Ầ', 'Ẩ', 'Ẫ', 'Ấ', 'Ề', 'ặ', 'ầ', 'ẩ', 'ẫ', 'ấ', 'ậ', 'è', 'Ể', 'ẻ', 'ẽ',
    'é', 'ẹ', 'ề', 'ể', 'ễ', 'ế', 'ệ', 'ì', 'ỉ', 'Ễ', 'Ế', 'Ồ', 'ĩ', 'í', 'ị', 'ò',
    'Ổ', 'ỏ', 'õ', 'ó', 'ọ', 'ồ', 'ổ', 'ỗ', 'ố', 'ộ', 'ờ', 'ở', 'ỡ', 'ớ', 'ợ', 'ù',
    'Ỗ', 'ủ', 'ũ', 'ú', 'ụ', 'ừ', 'ử', 'ữ', 'ứ', 'ự', 'ỳ', 'ỷ', 'ỹ', 'ý', 'ỵ', 'Ố',
];

/// Codes 0xB0 to 0xB4 after a capital vowel.
const COMBINING: [Tone; 5] = [Tone::Grave, Tone::Hook, Tone::Tilde, Tone::Acute, Tone::Dot];

pub(super) fn decode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 4);
    for &byte in bytes {
        if let 0xB0..=0xB4 = byte
            && let Some(capital) =
                text.chars().next_back().and_then(|last| with_tone(last, COMBINING[usize::from(byte - 0xB0)]))
        {
            text.pop();
            text.push(capital);
        } else {
            text.push(character(byte));
        }
    }
    capitals_restored(&text)
}

fn character(byte: u8) -> char {
    match byte {
        0xA0.. => HIGH[usize::from(byte - 0xA0)],
        _ => western(byte),
    }
}

/// Puts a tone on a capital vowel without one. Small letters have codes of their own: `m²` and `a²` keep their square.
fn with_tone(c: char, tone: Tone) -> Option<char> {
    let letter = decompose(c)?;
    let fits = letter.upper && letter.tone == Tone::Level && matches!(letter.base, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    if !fits {
        return None;
    }
    compose(Letter { tone, ..letter })
}

/// Turns whole words into capitals that were typed as capitals and shown in the capital font.
fn capitals_restored(text: &str) -> String {
    let mut restored = String::with_capacity(text.len());
    for piece in text.split_inclusive(|c: char| !c.is_alphabetic()) {
        let capitals = piece.bytes().filter(u8::is_ascii_uppercase).count();
        if capitals >= 2 && !piece.bytes().any(|byte| byte.is_ascii_lowercase()) {
            restored.extend(piece.chars().map(capital));
        } else {
            restored.push_str(piece);
        }
    }
    restored
}

/// The capital of a Vietnamese letter; other characters stay.
fn capital(c: char) -> char {
    decompose(c).and_then(|letter| compose(Letter { upper: true, ..letter })).unwrap_or(c)
}
