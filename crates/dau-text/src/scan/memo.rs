//! Remembers the forms of words already seen. Knows nothing of how they were made.
//!
//! Running text repeats itself: a few thousand spellings make up nearly all words of any Vietnamese text. The memo maps
//! the bytes of a word, up to sixteen of them, to its two forms, so that the common word costs one hash and one
//! comparison, whether it is composed or decomposed, in capitals or with its tone astray.
//!
//! It is a cache of buckets with two slots. A new word takes the second slot and is moved to the first when it is met
//! again, so that words seen once push out each other and not the common ones. When the text of the forms is full all is
//! forgotten. Its size is fixed: it never allocates again once made, and no answer depends on what it has forgotten.
//!
//! What it costs is waiting for memory, so what is read together lies together: words of up to eight bytes, six in
//! seven, have a table of their own whose buckets fill half a line of the processor's cache.

/// The number of buckets of each table, as powers of two. More miss the processor's cache, fewer miss the words.
const SHORT_BITS: u32 = 13;
const LONG_BITS: u32 = 12;

/// How many bytes of forms are kept before everything is forgotten.
const FORM_BYTES: usize = 1 << 18;

/// The bytes of a word, the first at the lowest place, padded with zeros, which no word contains. The second half is
/// zero for words of up to eight bytes.
///
/// Two fields and not an array: an array is passed through memory, written in halves and read as a whole, which the
/// processor must wait for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Key {
    low: u64,
    high: u64,
}

/// The longest word that has a key, in bytes.
pub(super) const MAX_KEY_BYTES: usize = 16;

/// Where the forms of a word are, until the next insertion.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Found {
    start: u32,
    marked: u8,
    /// From `start` to the folded form: 0 if it is the marked form too.
    folded_from: u8,
    folded: u8,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot<K> {
    key: K,
    found: Found,
}

#[derive(Clone, Copy, Debug, Default)]
#[repr(align(32))]
struct Bucket<K>([Slot<K>; 2]);

#[derive(Debug, Default)]
struct Table<K>(Vec<Bucket<K>>);

impl<K: Copy + Default + PartialEq> Table<K> {
    #[inline]
    fn find(&mut self, place: usize, key: K) -> Option<Found> {
        let Bucket([first, second]) = self.0.get_mut(place)?;
        if first.key != key {
            if second.key != key {
                return None;
            }
            // Not `swap`, which the compiler may leave a call here.
            (*first, *second) = (*second, *first);
        }
        Some(first.found)
    }

    fn insert(&mut self, place: usize, key: K, found: Found) {
        if let Some(Bucket([_, second])) = self.0.get_mut(place) {
            *second = Slot { key, found };
        }
    }

    fn bytes(&self) -> usize {
        self.0.capacity() * size_of::<Bucket<K>>()
    }
}

/// The forms of words by their bytes.
#[derive(Debug, Default)]
pub(super) struct Memo {
    short: Table<u64>,
    long: Table<Key>,
    /// The marked form of each slot, followed by its folded form if that is another.
    forms: String,
}

impl Memo {
    /// Takes the memory. Before this the memo forgets everything at once.
    pub(super) fn prepare(&mut self) {
        if self.short.0.is_empty() {
            self.short.0.resize(1 << SHORT_BITS, Bucket::default());
            self.long.0.resize(1 << LONG_BITS, Bucket::default());
            self.forms.reserve_exact(FORM_BYTES);
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.short.bytes() + self.long.bytes() + self.forms.capacity()
    }

    /// Returns the place of a word's forms, if they are remembered.
    #[inline]
    pub(super) fn find(&mut self, key: Key) -> Option<Found> {
        match key.high {
            0 => self.short.find(place(key.low, SHORT_BITS), key.low),
            _ => self.long.find(place(mix(key), LONG_BITS), key),
        }
    }

    /// Returns the marked and the folded form.
    #[inline]
    pub(super) fn forms(&self, found: Found) -> (&str, &str) {
        let Found { start, marked, folded_from, folded } = found;
        let start = start as usize;
        let from = start + usize::from(folded_from);
        (&self.forms[start..start + usize::from(marked)], &self.forms[from..from + usize::from(folded)])
    }

    /// Remembers the forms of a word.
    pub(super) fn insert(&mut self, key: Key, marked: &str, folded: &str) {
        if self.short.0.is_empty() {
            return;
        }
        let (Ok(marked_len), Ok(folded_len)) = (u8::try_from(marked.len()), u8::try_from(folded.len())) else {
            return;
        };
        if self.forms.len() + marked.len() + folded.len() > FORM_BYTES {
            self.forms.clear();
            self.short.0.fill(Bucket::default());
            self.long.0.fill(Bucket::default());
            return;
        }
        let start = self.forms.len() as u32;
        let same = marked == folded;
        let folded_from = if same { 0 } else { marked_len };
        let found = Found { start, marked: marked_len, folded_from, folded: folded_len };
        match key.high {
            0 => self.short.insert(place(key.low, SHORT_BITS), key.low, found),
            _ => self.long.insert(place(mix(key), LONG_BITS), key, found),
        }
        self.forms.push_str(marked);
        if !same {
            self.forms.push_str(folded);
        }
    }
}

#[inline]
const fn mix(key: Key) -> u64 {
    key.low ^ key.high.rotate_left(29)
}

/// Multiplicative hashing: the high bits of a product depend on all bits of its factors.
#[inline]
const fn place(mixed: u64, bits: u32) -> usize {
    (mixed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - bits)) as usize
}

/// Reads the bytes from `at` on that can be part of a word, ASCII letters and most bytes of longer characters, as a key.
/// Returns the key and the number of bytes; `None` when there are none or too many.
#[inline]
pub(super) fn key(bytes: &[u8], at: usize) -> Option<(Key, usize)> {
    let rest = bytes.get(at..)?;
    match rest.first_chunk() {
        Some(window) => key_of(window),
        None => key_at_end(rest),
    }
}

/// Does it for the last bytes of the text, which are followed by what cannot be part of a word.
#[cold]
fn key_at_end(rest: &[u8]) -> Option<(Key, usize)> {
    let mut window = [0; MAX_KEY_BYTES];
    for (slot, &byte) in window.iter_mut().zip(rest) {
        *slot = byte;
    }
    key_of(&window)
}

#[inline]
fn key_of(window: &[u8; MAX_KEY_BYTES]) -> Option<(Key, usize)> {
    let low = u64::from_le_bytes(*window.first_chunk()?);
    let high = u64::from_le_bytes(*window.last_chunk()?);
    let stops = stops(low);
    if stops != 0 {
        let len = stops.trailing_zeros() / 8;
        return (len > 0).then_some((Key { low: low & low_bytes(len), high: 0 }, len as usize));
    }
    let stops = self::stops(high);
    if stops == 0 {
        return None;
    }
    let len = stops.trailing_zeros() / 8;
    Some((Key { low, high: high & low_bytes(len) }, 8 + len as usize))
}

/// Masks the lowest `len` of eight bytes, `len` below 8.
#[inline]
const fn low_bytes(len: u32) -> u64 {
    (1 << (8 * len)) - 1
}

/// Sets the high bit of each byte that is neither an ASCII letter nor above ASCII, or that begins typographic
/// punctuation: `E2` (quotes, dashes) or `C2` (no-break space). No letter of the languages at hand begins with these.
#[inline]
const fn stops(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // Adding to seven bits carries into the eighth exactly when the sum reaches 128, and never into the next byte.
    let small = (word & !HIGH) | (0x20 * ONES);
    let from_a = small + ONES * (0x80 - b'a' as u64);
    let above_z = small + ONES * (0x80 - b'z' as u64 - 1);
    let letters = (from_a & !above_z) | word;
    // `E2` and `C2` differ in one bit. A byte that is zero after the difference is gone has no bit that carries.
    let other = (word | (0x20 * ONES)) ^ (0xE2 * ONES);
    let not_lead = ((other & !HIGH) + !HIGH) | other;
    !(letters & not_lead) & HIGH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_stops_a_word_or_not() {
        for byte in 0..=255_u8 {
            let goes_on = byte.is_ascii_alphabetic() || byte >= 0x80 && !matches!(byte, 0xC2 | 0xE2);
            for place in 0..8 {
                let mut word = [b'x'; 8];
                word[place] = byte;
                let expected = if goes_on { 0 } else { 0x80 << (8 * place) };
                assert_eq!(stops(u64::from_le_bytes(word)), expected, "byte {byte:#x} at {place}");
            }
        }
    }

    #[test]
    fn keys_hold_the_word_and_nothing_else() {
        let text = "việt nam và nhữngngười khác nhau trên đời";
        let (first, len) = key(text.as_bytes(), 0).expect("a word");
        assert_eq!(len, "việt".len());
        assert_eq!(Some((first, len)), key("việt. Lại một câu".as_bytes(), 0));
        assert_eq!(key(text.as_bytes(), len), None, "a space is no word");
        assert_eq!(key("ngắn".as_bytes(), 0).map(|(_, len)| len), Some("ngắn".len()), "the text ends");
        assert_eq!(key("mườisáuchữcáiliền nhau".as_bytes(), 0), None, "too long");
    }

    #[test]
    fn it_forgets_everything_rather_than_grow() {
        let mut memo = Memo::default();
        memo.insert(Key { low: 1, high: 1 }, "a", "a");
        assert!(memo.find(Key { low: 1, high: 1 }).is_none(), "it has no memory yet");
        memo.prepare();
        let bytes = memo.bytes();
        for n in 1..100_000 {
            memo.insert(Key { low: n, high: 0 }, "việt", "viet");
            if let Some(found) = memo.find(Key { low: n, high: 0 }) {
                assert_eq!(memo.forms(found), ("việt", "viet"));
            }
        }
        assert_eq!(memo.bytes(), bytes);
    }
}
