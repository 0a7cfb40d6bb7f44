//! windows-1258, and the punctuation of windows-1252 that fonts of other codes kept. Must not know: other encodings.

use unicode_normalization::UnicodeNormalization;

/// Codes 0x80 to 0x9F of windows-1252: quotes and dashes, which Word puts into text of any code.
#[rustfmt::skip]
const PUNCTUATION: [char; 32] = [
    '€', '\u{FFFD}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{FFFD}', 'Ž', '\u{FFFD}',
    '\u{FFFD}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{FFFD}', 'ž', 'Ÿ',
];

/// Codes 0xA0 to 0xFF. Five of them are combining tones.
#[rustfmt::skip]
const HIGH: [char; 96] = [
    '\u{A0}', '¡', '¢', '£', '¤', '¥', '¦', '§', '¨', '©', 'ª', '«', '¬', '\u{AD}', '®', '¯',
    '°', '±', '²', '³', '´', 'µ', '¶', '·', '¸', '¹', 'º', '»', '¼', '½', '¾', '¿',
    'À', 'Á', 'Â', 'Ă', 'Ä', 'Å', 'Æ', 'Ç', 'È', 'É', 'Ê', 'Ë', '\u{300}', 'Í', 'Î', 'Ï',
    'Đ', 'Ñ', '\u{309}', 'Ó', 'Ô', 'Ơ', 'Ö', '×', 'Ø', 'Ù', 'Ú', 'Û', 'Ü', 'Ư', '\u{303}', 'ß',
    'à', 'á', 'â', 'ă', 'ä', 'å', 'æ', 'ç', 'è', 'é', 'ê', 'ë', '\u{301}', 'í', 'î', 'ï',
    'đ', 'ñ', '\u{323}', 'ó', 'ô', 'ơ', 'ö', '÷', 'ø', 'ù', 'ú', 'û', 'ü', 'ư', '₫', 'ÿ',
];

/// Decodes the text and composes letters and tones.
pub(super) fn decode(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| character(byte)).nfc().collect()
}

fn character(byte: u8) -> char {
    match byte {
        0xA0.. => HIGH[usize::from(byte - 0xA0)],
        _ => western(byte),
    }
}

/// Decodes a byte as windows-1252.
pub(super) fn western(byte: u8) -> char {
    match byte {
        0x80..0xA0 => PUNCTUATION[usize::from(byte - 0x80)],
        // From 0xA0 on the codes are those of Latin-1, and so of Unicode.
        _ => char::from(byte),
    }
}
