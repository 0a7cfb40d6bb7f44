//! Remembers the forms of words already seen. Knows nothing of how they were made.
//!
//! Running text repeats itself: a few thousand spellings make up nearly all words of any Vietnamese text. The memo maps
//! the bytes of a word, up to fifteen of them, to its two forms, so that the common word costs one hash and one
//! comparison, whether it is composed or decomposed, in capitals or with its tone astray.
//!
//! It is a cache of buckets with two slots. In a full bucket a new word pushes out any other. To compare more slots, or
//! to note which was used last, costs every word found more than it saves the few that are not. When the text of the
//! forms is full all is forgotten. Its size is fixed: it never allocates again once made, and no answer depends on what
//! it has forgotten.
//!
//! What it costs is waiting for memory, so what is read together lies together, in one line of the processor's cache;
//! and words of up to seven bytes, nineteen in twenty, have a table of their own.

use std::num::NonZero;

/// The number of buckets of each table, as powers of two. More miss the processor's cache, fewer miss the words.
const SHORT_BITS: u32 = 14;
const LONG_BITS: u32 = 12;

/// How many bytes of forms are kept before everything is forgotten.
const FORM_BYTES: usize = 1 << 19;

/// The longest word that is remembered, in bytes.
pub(super) const MAX_WORD_BYTES: usize = 15;

/// As many bytes of text as are looked at to find a word: sixteen and what follows the word.
pub(super) const REACH: usize = MAX_WORD_BYTES + 3;

/// The bytes of a word, the first at the lowest place, padded with at least one zero, which no word contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Short(u64),
    Long(u64, u64),
}

/// No word has this key: the byte `FF` is nowhere in a text.
const NO_KEY: u64 = u64::MAX;

/// Where the forms of a word are, until the next insertion.
///
/// One number and not three: fields are stored and loaded one by one, for which the processor must wait.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found(NonZero<u64>);

impl Found {
    /// The place of the marked form, its bytes, and the bytes of the folded form behind it.
    fn new(start: u32, marked: NonZero<u8>, folded: u8) -> Found {
        Found(NonZero::<u64>::from(marked) | u64::from(start) << 32 | u64::from(folded) << 16)
    }

    #[inline]
    const fn marked(self) -> usize {
        self.0.get() as usize & 0xFFFF
    }

    #[inline]
    const fn folded(self) -> usize {
        (self.0.get() >> 16) as usize & 0xFFFF
    }

    #[inline]
    const fn start(self) -> usize {
        (self.0.get() >> 32) as usize
    }
}

/// Half a line of the processor's cache.
#[derive(Clone, Copy, Debug)]
#[repr(align(32))]
struct Short {
    keys: [u64; 2],
    found: [Option<Found>; 2],
}

impl Short {
    const EMPTY: Short = Short { keys: [NO_KEY; 2], found: [None; 2] };
}

/// A line of the processor's cache.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Long {
    keys: [[u64; 2]; 2],
    found: [Option<Found>; 2],
}

impl Long {
    const EMPTY: Long = Long { keys: [[NO_KEY; 2]; 2], found: [None; 2] };
}

/// The forms of words by their bytes.
#[derive(Debug, Default)]
pub(super) struct Memo {
    short: Vec<Short>,
    long: Vec<Long>,
    /// The marked form of each word, followed by its folded form.
    forms: String,
}

impl Memo {
    /// Takes the memory. Before this the memo forgets everything at once.
    pub(super) fn prepare(&mut self) {
        if self.short.is_empty() {
            self.short.resize(1 << SHORT_BITS, Short::EMPTY);
            self.long.resize(1 << LONG_BITS, Long::EMPTY);
            self.forms.reserve_exact(FORM_BYTES);
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.short.capacity() * size_of::<Short>() + self.long.capacity() * size_of::<Long>() + self.forms.capacity()
    }

    /// Returns the place of the forms of the word that these bytes begin with, if it is remembered, and how long it is
    /// as far as can be told at a glance: up to the first byte that is not word-like, at most
    /// [`MAX_WORD_BYTES`].
    #[inline]
    pub(super) fn find(&self, bytes: &[u8; REACH]) -> (Option<Found>, usize) {
        let both = bytes.first_chunk::<16>().map_or(0, |both| u128::from_le_bytes(*both));
        let (low, high) = (both as u64, (both >> 64) as u64);
        let stops = stops(low);
        if stops & 0x80 != 0 {
            // Known without waiting for memory.
            return (None, 0);
        }
        if stops != 0 {
            return (self.find_short(before(low, stops)), stops.trailing_zeros() as usize / 8);
        }
        let stops = self::stops(high);
        if stops == 0 {
            return (None, MAX_WORD_BYTES);
        }
        (self.find_long(low, before(high, stops)), 8 + stops.trailing_zeros() as usize / 8)
    }

    #[inline]
    fn find_short(&self, key: u64) -> Option<Found> {
        let Short { keys, found } = self.short.get(place(key, SHORT_BITS))?;
        // Which slot it is cannot be foreseen, so only whether it is one is a branch.
        let slot = usize::from(keys[1] == key);
        if keys[slot] == key { found[slot] } else { None }
    }

    #[inline]
    fn find_long(&self, low: u64, high: u64) -> Option<Found> {
        let Long { keys, found } = self.long.get(place(mix(low, high), LONG_BITS))?;
        let slot = usize::from(keys[1] == [low, high]);
        if keys[slot] == [low, high] { found[slot] } else { None }
    }

    /// Returns the place of a word's forms, if they are remembered.
    pub(super) fn find_key(&self, key: Key) -> Option<Found> {
        match key {
            Key::Short(key) => self.find_short(key),
            Key::Long(low, high) => self.find_long(low, high),
        }
    }

    /// Returns the marked and the folded form.
    #[inline]
    pub(super) fn forms(&self, found: Found) -> (&str, &str) {
        let (_, forms) = self.forms.split_at(found.start());
        let (marked, rest) = forms.split_at(found.marked());
        (marked, rest.split_at(found.folded()).0)
    }

    /// Remembers the forms of a word.
    pub(super) fn insert(&mut self, key: Key, marked: &str, folded: &str) {
        let marked_len = u8::try_from(marked.len()).ok().and_then(NonZero::new);
        let (Some(marked_len), Ok(folded_len)) = (marked_len, u8::try_from(folded.len())) else {
            return;
        };
        if self.short.is_empty() || folded.is_empty() {
            return;
        }
        if self.forms.len() + marked.len() + folded.len() > FORM_BYTES {
            self.forms.clear();
            self.short.fill(Short::EMPTY);
            self.long.fill(Long::EMPTY);
            return;
        }
        let start = self.forms.len() as u32;
        self.forms.push_str(marked);
        // Also if it is the same: no length may be zero, which would be a branch that cannot be foreseen.
        self.forms.push_str(folded);
        self.put(key, Found::new(start, marked_len, folded_len));
    }

    fn put(&mut self, key: Key, found: Found) {
        // As good as drawn by lot, but the same each time.
        let lot = found.start() / 2;
        match key {
            Key::Short(key) => {
                let bucket = &mut self.short[place(key, SHORT_BITS)];
                let slot = bucket.keys.iter().position(|&slot| slot == NO_KEY).unwrap_or(lot % 2);
                (bucket.keys[slot], bucket.found[slot]) = (key, Some(found));
            }
            Key::Long(low, high) => {
                let bucket = &mut self.long[place(mix(low, high), LONG_BITS)];
                let slot = bucket.keys.iter().position(|slot| slot[0] == NO_KEY).unwrap_or(lot % 2);
                (bucket.keys[slot], bucket.found[slot]) = ([low, high], Some(found));
            }
        }
    }
}

#[inline]
const fn mix(low: u64, high: u64) -> u64 {
    low ^ high.rotate_left(29)
}

/// Multiplicative hashing: the high bits of a product depend on all bits of its factors.
#[inline]
const fn place(mixed: u64, bits: u32) -> usize {
    (mixed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - bits)) as usize
}

impl Key {
    /// Returns the key of a word; `None` if it is empty or too long.
    pub(super) fn new(word: &[u8]) -> Option<Key> {
        let len = word.len();
        let all = match (word.first_chunk(), word.last_chunk(), word.first_chunk(), word.last_chunk()) {
            // Two halves that overlap: copying so few bytes costs more than all the rest.
            (Some(first), Some(last), ..) if len <= MAX_WORD_BYTES => {
                u128::from(u64::from_le_bytes(*first)) | u128::from(u64::from_le_bytes(*last)) << (8 * (len - 8))
            }
            (None, _, Some(first), Some(last)) => {
                u128::from(u32::from_le_bytes(*first)) | u128::from(u32::from_le_bytes(*last)) << (8 * (len - 4))
            }
            (None, _, None, _) if len > 0 => word.iter().rev().fold(0, |all, &byte| all << 8 | u128::from(byte)),
            _ => return None,
        };
        let (low, high) = (all as u64, (all >> 64) as u64);
        Some(if len < 8 { Key::Short(low) } else { Key::Long(low, high) })
    }
}

/// Sets the high bit of each byte that no word is made of: ASCII below the letters. Bytes above are let pass, for what
/// is remembered are words, and what is no word is then not found.
#[inline]
const fn stops(bytes: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // Adding to seven bits carries into the eighth exactly when the sum reaches 128, and never into the next byte.
    let wordlike = ((bytes & !HIGH) + ONES * (0x80 - b'A' as u64)) | bytes;
    !wordlike & HIGH
}

/// Clears the first byte that stops a word and all behind it. There must be one.
#[inline]
const fn before(bytes: u64, stops: u64) -> u64 {
    bytes & ((stops ^ stops.wrapping_sub(1)) >> 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The word and what follows it, as the scanner sees them.
    fn ahead(text: &str) -> [u8; REACH] {
        let mut bytes = [b' '; REACH];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        bytes
    }

    #[test]
    fn every_byte_stops_a_word_or_not() {
        for byte in 0..=255_u8 {
            let goes_on = byte >= b'A';
            for place in 0..8 {
                let mut word = [b'x'; 8];
                word[place] = byte;
                let expected = if goes_on { 0 } else { 0x80 << (8 * place) };
                assert_eq!(stops(u64::from_le_bytes(word)), expected, "byte {byte:#x} at {place}");
            }
        }
    }

    #[test]
    fn it_finds_words_of_every_length_and_no_others() {
        let mut memo = Memo::default();
        memo.prepare();
        let long = "nghiêngnghiêngx";
        for len in (1..=MAX_WORD_BYTES).filter(|&len| long.is_char_boundary(len)) {
            let word = &long[..len];
            assert_eq!(memo.find(&ahead(word)).0.map(|found| memo.forms(found)), None, "{word}");
            let key = Key::new(word.as_bytes()).expect("not too long");
            memo.insert(key, word, "bare");
            for (text, end) in [(word.to_owned(), len), (format!("{word}, "), len), (format!("{word}1"), len)] {
                let (found, found_len) = memo.find(&ahead(&text));
                assert_eq!(found.map(|found| memo.forms(found)), Some((word, "bare")), "{text}");
                assert_eq!(found_len, end, "{text}");
            }
            assert!(memo.find(&ahead(&format!("{word}\u{201D}"))).0.is_none(), "{word} and a quote are no word");
            assert!(memo.find_key(key).is_some());
        }
        assert!(memo.find(&ahead(" việt")).0.is_none(), "a space is no word");
        assert!(memo.find(&ahead("nghiêngnghiêngxx")).0.is_none(), "too long");
        assert_eq!(Key::new(b""), None);
        assert_eq!(Key::new(&[b'x'; MAX_WORD_BYTES + 1]), None);
    }

    #[test]
    fn it_forgets_everything_rather_than_grow() {
        let mut memo = Memo::default();
        memo.insert(Key::Short(1), "a", "a");
        assert!(memo.find_key(Key::Short(1)).is_none(), "it has no memory yet");
        memo.prepare();
        let bytes = memo.bytes();
        for n in 1..100_000 {
            for key in [Key::Short(n), Key::Long(n, n)] {
                memo.insert(key, "việt", "viet");
                if let Some(found) = memo.find_key(key) {
                    assert_eq!(memo.forms(found), ("việt", "viet"));
                }
            }
        }
        assert_eq!(memo.bytes(), bytes);
    }
}
