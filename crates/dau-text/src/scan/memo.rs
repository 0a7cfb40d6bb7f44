//! Remembers the forms of words already seen. Knows nothing of how they were made.
//!
//! Running text repeats itself: a few thousand spellings make up nearly all words of any Vietnamese text. The memo maps
//! the bytes of a word, up to fifteen of them, to its two forms, so that the common word costs one hash and one
//! comparison, whether it is composed or decomposed, in capitals or with its tone astray.
//!
//! It is a cache of buckets with two slots. In a full bucket a new word pushes out any other. To compare more slots, or
//! to note which was used last, costs every word found more than it saves the few that are not. Its size is fixed: it
//! never allocates again once made, and no answer depends on what it has forgotten.
//!
//! What is read together lies together: keys and places in a bucket, both forms in half a line of the processor's cache. The forms are strings of fixed
//! capacity: to cut them out of one long string would be to check, at each end, that no character is cut. Words of up to
//! eight bytes, nineteen in twenty, have a table of their own.

use std::num::NonZero;

use super::key::{Key, MAX_KEY_BYTES, REACH};

/// The number of buckets of each table, as powers of two. More miss the processor's cache, fewer miss the words.
const SHORT_BITS: u32 = 14;
const LONG_BITS: u32 = 11;

/// Where the forms of a word are, until the next insertion: one more than their index.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found(NonZero<u32>);

impl Found {
    fn new(index: usize) -> Option<Found> {
        u32::try_from(index + 1).ok().and_then(NonZero::new).map(Found)
    }

    #[inline(always)]
    const fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// A form that is longer than a key may be is not remembered, nor its word.
type Form = heapless::String<MAX_KEY_BYTES, u8>;

#[derive(Clone, Debug)]
#[repr(align(32))]
struct Forms {
    marked: Form,
    folded: Form,
}

#[derive(Clone, Copy, Debug)]
struct Bucket<K> {
    keys: [K; 2],
    found: [Option<Found>; 2],
}

/// The places of forms by words whose keys are `K`.
#[derive(Debug)]
struct Table<K, const BITS: u32>(Vec<Bucket<K>>);

impl<K, const BITS: u32> Default for Table<K, BITS> {
    fn default() -> Table<K, BITS> {
        Table(Vec::new())
    }
}

impl<K: Copy + PartialEq, const BITS: u32> Table<K, BITS> {
    /// Takes the memory.
    fn prepare(&mut self, none: K) {
        self.0.resize(1 << BITS, Bucket { keys: [none; 2], found: [None; 2] });
    }

    fn bytes(&self) -> usize {
        self.0.capacity() * size_of::<Bucket<K>>()
    }

    #[inline(always)]
    fn find(&self, key: K, hash: u64) -> Option<Found> {
        let Bucket { keys, found } = self.0.get((hash >> (64 - BITS)) as usize)?;
        // Which slot it is cannot be foreseen, so only whether it is one is a branch.
        let slot = usize::from(keys[1] == key);
        if keys[slot] == key { found[slot] } else { None }
    }

    /// Gives the key a slot: an empty one, or as good as drawn by lot but the same each time. Returns the place of forms in
    /// it.
    fn claim(&mut self, key: K, hash: u64) -> Option<&mut Option<Found>> {
        let Bucket { keys, found } = self.0.get_mut((hash >> (64 - BITS)) as usize)?;
        let slot = found.iter().position(Option::is_none).unwrap_or(hash as usize >> 16 & 1);
        keys[slot] = key;
        Some(&mut found[slot])
    }
}

/// The forms of words by their bytes.
#[derive(Debug, Default)]
pub(super) struct Memo {
    short: Table<u64, SHORT_BITS>,
    long: Table<[u64; 2], LONG_BITS>,
    forms: Vec<Forms>,
}

impl Memo {
    /// Takes the memory. Before this the memo forgets everything at once.
    pub(super) fn prepare(&mut self) {
        if self.forms.capacity() > 0 {
            return;
        }
        self.short.prepare(Key::NONE.low);
        self.long.prepare([Key::NONE.low; 2]);
        self.forms.reserve_exact((2 << SHORT_BITS) + (2 << LONG_BITS));
    }

    pub(super) fn bytes(&self) -> usize {
        self.short.bytes() + self.long.bytes() + self.forms.capacity() * size_of::<Forms>()
    }

    /// Returns the place of a word's forms, if they are remembered.
    #[inline(always)]
    pub(super) fn find(&self, key: Key) -> Option<Found> {
        if key.is_short() {
            self.short.find(key.low, key.hash())
        } else {
            self.long.find([key.low, key.high], key.hash())
        }
    }

    /// Returns the place of the forms of the word that is all before the first byte that `mark` marks, if it is remembered,
    /// and the length of that word in bytes.
    #[inline(always)]
    pub(super) fn find_ahead(&self, bytes: &[u8; REACH], mark: impl Fn(u64) -> u64) -> Option<(Found, usize)> {
        Key::ahead(bytes, mark, |key, len| Some((self.find(key)?, len)))
    }

    /// Returns the marked and the folded form.
    #[inline(always)]
    pub(super) fn forms(&self, found: Found) -> (&str, &str) {
        self.forms.get(found.index()).map_or(("", ""), |Forms { marked, folded }| (marked, folded))
    }

    /// Remembers the forms of a word.
    pub(super) fn insert(&mut self, key: Key, marked: &str, folded: &str) {
        if self.forms.capacity() == 0 {
            return;
        }
        let (Ok(marked), Ok(folded)) = (Form::try_from(marked), Form::try_from(folded)) else { return };
        let hash = key.hash();
        let claimed =
            if key.is_short() { self.short.claim(key.low, hash) } else { self.long.claim([key.low, key.high], hash) };
        let Some(place) = claimed else { return };
        let forms = Forms { marked, folded };
        match *place {
            Some(found) => self.forms[found.index()] = forms,
            None => {
                *place = Found::new(self.forms.len());
                self.forms.push(forms);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::lanes::below;

    /// The word and what follows it, as the scanner sees them.
    fn ahead(text: &str) -> [u8; REACH] {
        let mut bytes = [b' '; REACH];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        bytes
    }

    fn no_letters(bytes: u64) -> u64 {
        below(bytes, b'A')
    }

    #[test]
    fn it_finds_words_of_every_length_and_no_others() {
        let mut memo = Memo::default();
        memo.prepare();
        let long = "nghiêngnghiêngx";
        for len in (1..=MAX_KEY_BYTES).filter(|&len| long.is_char_boundary(len)) {
            let word = &long[..len];
            assert!(memo.find_ahead(&ahead(word), no_letters).is_none(), "{word}");
            let key = Key::new(word.as_bytes()).expect("not too long");
            memo.insert(key, word, "bare");
            for text in [word.to_owned(), format!("{word}, "), format!("{word}1")] {
                let (found, found_len) = memo.find_ahead(&ahead(&text), no_letters).expect("it is remembered");
                assert_eq!(memo.forms(found), (word, "bare"), "{text}");
                assert_eq!(found_len, len, "{text}");
            }
            assert!(memo.find_ahead(&ahead(&format!("{word}\u{201D}")), no_letters).is_none(), "{word} and a quote");
            assert!(memo.find(key).is_some());
        }
        assert!(memo.find_ahead(&ahead(" việt"), no_letters).is_none(), "a space is no word");
        assert!(memo.find_ahead(&ahead("nghiêngnghiêngxx"), no_letters).is_none(), "too long");
    }

    #[test]
    fn a_new_word_pushes_out_an_old_one_and_the_memory_stays_as_it_is() {
        let mut memo = Memo::default();
        let key = Key::new(b"a").expect("not too long");
        memo.insert(key, "a", "a");
        assert!(memo.find(key).is_none(), "it has no memory yet");
        memo.prepare();
        let bytes = memo.bytes();
        for n in 1..100_000 {
            for key in [Key { low: n, high: 0 }, Key { low: n, high: n }] {
                let (marked, folded) = (format!("ệ{n}"), format!("e{n}"));
                memo.insert(key, &marked, &folded);
                let found = memo.find(key).expect("the last one is remembered");
                assert_eq!(memo.forms(found), (marked.as_str(), folded.as_str()));
            }
        }
        memo.prepare();
        assert_eq!(memo.bytes(), bytes);
    }
}
