//! Guesses the encoding of a text from its bytes. Must not know: names of files, headers, languages but Vietnamese.

use super::Encoding;
use crate::syllable::Syllable;

/// How many bytes are read to find words with marks; a text in an old encoding has one in every line.
const READ_BYTES: usize = 1 << 20;

/// How many bytes of words with marks are judged, some two thousand words.
const SAMPLE_BYTES: usize = 8 << 10;

/// How many bytes are looked at for the zeros of UTF-16.
const ZEROS_BYTES: usize = 4 << 10;

/// What is tried on bytes that are not valid UTF-8; of two equally good the first is taken. The first is also the fallback:
/// windows-1258 reads quotes, dashes and most letters of other Western text as windows-1252 does.
const CANDIDATES: [Encoding; 5] =
    [Encoding::Windows1258, Encoding::Tcvn3, Encoding::Vni, Encoding::Viscii, Encoding::Utf8];

/// Guesses the encoding of a text; the more of it the better, a megabyte is enough.
///
/// A byte order mark decides; then zeros in every other byte (UTF-16); then valid UTF-8, the last character of which may be
/// cut off. Otherwise each encoding is tried, and the one is taken that gives the most words which can be Vietnamese syllables
/// and the fewest which cannot: a wrong one turns `việt` into `viÖt` or `vi®t`. Without any such word, as in English with
/// typographic quotes, it is windows-1258; in damaged UTF-8 it is UTF-8.
///
/// # Example
///
/// ```
/// use dau_text::encoding::{Encoding, detect};
///
/// assert_eq!(detect("Tiếng Việt".as_bytes()), Encoding::Utf8);
/// assert_eq!(detect(b"Ti\xD5ng Vi\xD6t"), Encoding::Tcvn3);
/// assert_eq!(detect(b"Tie\xE1ng Vie\xE4t"), Encoding::Vni);
/// assert_eq!(detect(b"\xFF\xFEV\0i\0"), Encoding::Utf16);
/// ```
#[must_use]
pub fn detect(bytes: &[u8]) -> Encoding {
    match bytes {
        [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] => return Encoding::Utf16,
        [0xEF, 0xBB, 0xBF, ..] => return Encoding::Utf8,
        _ => {}
    }
    if zeros(bytes).are_utf16() {
        return Encoding::Utf16;
    }
    // No length of the error means that the text ends inside a character.
    if std::str::from_utf8(bytes).map_or_else(|error| error.error_len().is_none() && error.valid_up_to() > 0, |_| true)
    {
        return Encoding::Utf8;
    }
    let sample = sample(bytes);
    let mut best = (Encoding::Windows1258, score(Encoding::Windows1258, &sample));
    for encoding in &CANDIDATES[1..] {
        let score = score(*encoding, &sample);
        if score > best.1 {
            best = (*encoding, score);
        }
    }
    best.0
}

/// Where the zero bytes at the start of a text are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Zeros {
    pairs: usize,
    first: usize,
    second: usize,
}

/// Counts zeros in the first and second bytes of pairs.
pub(super) fn zeros(bytes: &[u8]) -> Zeros {
    let mut zeros = Zeros { pairs: 0, first: 0, second: 0 };
    for pair in bytes.get(..ZEROS_BYTES).unwrap_or(bytes).chunks_exact(2) {
        zeros.pairs += 1;
        zeros.first += usize::from(pair[0] == 0);
        zeros.second += usize::from(pair[1] == 0);
    }
    zeros
}

impl Zeros {
    /// Even in dense Vietnamese half of the characters are ASCII; zeros on both sides are a binary file.
    fn are_utf16(self) -> bool {
        let (few, many) = (self.first.min(self.second), self.first.max(self.second));
        many * 4 > self.pairs && few * 8 < many
    }

    pub(super) fn high_byte_first(self) -> bool {
        self.first > self.second
    }
}

/// Collects the words that hold bytes beyond ASCII: only they tell one encoding from another.
fn sample(bytes: &[u8]) -> Vec<u8> {
    let mut sample = Vec::with_capacity(SAMPLE_BYTES);
    let read = bytes.get(..READ_BYTES).unwrap_or(bytes);
    for word in read.split(u8::is_ascii_whitespace).filter(|word| !word.is_ascii()) {
        let room = SAMPLE_BYTES.saturating_sub(sample.len());
        if room == 0 {
            break;
        }
        sample.extend_from_slice(&word[..word.len().min(room)]);
        sample.push(b' ');
    }
    sample
}

/// Words that can be syllables, less words that can't and characters that mean nothing.
fn score(encoding: Encoding, sample: &[u8]) -> i64 {
    let decoded = encoding.decode(sample);
    let judged = decoded.text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_ascii());
    let words: i64 = judged.map(judge).sum();
    words - i64::try_from(decoded.replaced).unwrap_or(i64::MAX)
}

fn judge(word: &str) -> i64 {
    let mut chars = word.chars();
    if chars.by_ref().nth(1).is_none() {
        // A single letter is a word in every encoding.
        return 0;
    }
    let possible = Syllable::parse(word).is_some_and(|syllable| syllable.is_speakable());
    if possible && !has_capital_after_small(word) { 1 } else { -1 }
}

/// `viỆt`: bytes of a small letter read with the table of another encoding.
fn has_capital_after_small(word: &str) -> bool {
    let mut small = false;
    word.chars().any(|c| {
        let after_small = small && c.is_uppercase();
        small = c.is_lowercase();
        after_small
    })
}
