//! Remembers the forms of words already seen. Knows nothing of how they were made.
//!
//! Running text repeats itself: a few thousand spellings make up nearly all words of any Vietnamese text. The memo maps
//! the bytes of a word, up to fifteen of them, to its two forms, so that the common word costs one hash and one
//! comparison, whether it is composed or decomposed, in capitals or with its tone astray.
//!
//! It is a cache of buckets with two slots. In a full bucket a new word takes the second slot: the common words come early and
//! stay in the first. To compare more slots, or to note which was used last, costs every word found more than it saves the few
//! that are not. Its size is fixed: it never allocates again once made, and no answer depends on what it has forgotten.
//!
//! What is read together lies together: a word and both its forms are in one slot, and two slots of words of up to eight bytes,
//! nineteen in twenty, fill one line of the processor's cache. Indexing fills that cache with other things; so each line that a
//! word does not need counts. The forms are strings of fixed capacity: to cut them out of one long string would be to check, at
//! each end, that no character is cut.

use std::num::NonZeroU32;

use super::key::{Ahead, Key, MAX_KEY_BYTES};

/// The number of buckets of each table, powers of two. More miss the processor's cache, fewer miss the words.
const SHORT_BUCKETS: usize = 1 << 13;
const LONG_BUCKETS: usize = 1 << 10;

/// In so many insertions one lets the word of the second slot stay in the place of the first.
const TURN: u32 = 32;

/// Where the forms of a word are, until the next insertion: the number of a slot in the table of its length.
#[derive(Clone, Copy, Debug)]
pub(super) enum Found {
    Short(usize),
    Long(usize),
}

/// What is remembered of a word.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'m> {
    /// No other word has it, then or later; what was forgotten comes back with another.
    pub(super) number: Option<NonZeroU32>,
    pub(super) marked: &'m str,
    pub(super) folded: &'m str,
}

/// Forms that are longer than these are not remembered, nor their word. Two forms, a number and a key of eight bytes take half a
/// line.
const SHORT_FORM: usize = 8;
const LONG_FORM: usize = MAX_KEY_BYTES;

/// A word with its forms, which have at most `N` bytes.
#[derive(Clone, Debug)]
struct Slot<K, const N: usize> {
    key: K,
    /// Its number among all words that were ever remembered, from 1 on.
    number: u32,
    marked: heapless::String<N, u8>,
    folded: heapless::String<N, u8>,
}

impl<K, const N: usize> Slot<K, N> {
    /// Takes over a word, in place; `None` if there is no room for its forms.
    fn keep(&mut self, number: u32, (marked, folded): (&str, &str)) -> Option<()> {
        self.number = number;
        self.marked.clear();
        self.marked.push_str(marked).ok()?;
        self.folded.clear();
        self.folded.push_str(folded).ok()
    }
}

#[derive(Clone, Debug)]
#[repr(align(64))]
struct Bucket<K, const N: usize>([Slot<K, N>; 2]);

impl<K: Copy + PartialEq, const N: usize> Bucket<K, N> {
    /// Returns the slot that has the key, and its number here.
    #[inline(always)]
    fn find(&self, key: K) -> Option<(usize, &Slot<K, N>)> {
        let Bucket(slots) = self;
        // Which slot it is cannot be foreseen, so only whether it is one is a branch.
        let number = usize::from(slots[1].key == key);
        let slot = &slots[number];
        if slot.key == key { Some((number, slot)) } else { None }
    }
}

/// Words whose keys are `K`, in so many buckets, a power of two.
#[derive(Debug)]
struct Table<K, const N: usize, const BUCKETS: usize>(Vec<Bucket<K, N>>);

impl<K, const N: usize, const BUCKETS: usize> Default for Table<K, N, BUCKETS> {
    fn default() -> Table<K, N, BUCKETS> {
        Table(Vec::new())
    }
}

impl<K: Copy + PartialEq, const N: usize, const BUCKETS: usize> Table<K, N, BUCKETS> {
    /// Takes the memory.
    fn prepare(&mut self, none: K) {
        let slot = Slot { key: none, number: 0, marked: heapless::String::new(), folded: heapless::String::new() };
        self.0.resize(BUCKETS, Bucket([slot.clone(), slot]));
    }

    fn bytes(&self) -> usize {
        self.0.capacity() * size_of::<Bucket<K, N>>()
    }

    /// Returns the number of the bucket of the words with this hash.
    #[inline(always)]
    const fn bucket(hash: u64) -> usize {
        (hash >> (64 - BUCKETS.trailing_zeros())) as usize
    }

    /// Returns the number of the slot that has the key.
    #[inline(always)]
    fn find(&self, key: K, hash: u64) -> Option<usize> {
        let bucket = Self::bucket(hash);
        self.0.get(bucket)?.find(key).map(|(slot, _)| bucket * 2 + slot)
    }

    #[inline(always)]
    fn forms(&self, slot: usize) -> (&str, &str) {
        self.0.get(slot / 2).map_or(("", ""), |Bucket(slots)| (&slots[slot % 2].marked, &slots[slot % 2].folded))
    }

    #[inline(always)]
    fn number(&self, slot: usize) -> u32 {
        self.0.get(slot / 2).map_or(0, |Bucket(slots)| slots[slot % 2].number)
    }

    /// Gives the word a slot. Who came first stays, for the common words come early; the others push each other out of the
    /// second slot. Now and then they change places, so that no slot belongs to a word that comes no more.
    fn insert(&mut self, (key, number): (K, u32), none: K, hash: u64, forms: (&str, &str)) {
        let Some(Bucket([first, second])) = self.0.get_mut(Self::bucket(hash)) else { return };
        let slot = if first.key == none {
            first
        } else {
            if number.is_multiple_of(TURN) {
                std::mem::swap(first, second);
            }
            second
        };
        slot.key = if slot.keep(number, forms).is_some() { key } else { none };
    }
}

type ShortTable = Table<u64, SHORT_FORM, SHORT_BUCKETS>;

/// The remembered words of at most eight bytes.
// The compiler knows how many buckets there are, and need not look at each word whether it has one.
#[derive(Clone, Copy, Debug)]
pub(super) struct ShortWords<'m>(&'m [Bucket<u64, SHORT_FORM>; SHORT_BUCKETS]);

impl<'m> ShortWords<'m> {
    /// Returns what is remembered of a word.
    #[inline(always)]
    pub(super) fn get(self, key: Key) -> Option<Entry<'m>> {
        let (_, Slot { number, marked, folded, .. }) = self.0[ShortTable::bucket(key.hash())].find(key.low)?;
        Some(Entry { number: NonZeroU32::new(*number), marked, folded })
    }
}

/// The forms of words by their bytes.
#[derive(Debug, Default)]
pub(super) struct Memo {
    short: ShortTable,
    long: Table<[u64; 2], LONG_FORM, LONG_BUCKETS>,
    /// How many words were ever remembered.
    words: u32,
}

/// The keys of empty slots.
const NO_SHORT: u64 = Key::NONE.low;
const NO_LONG: [u64; 2] = [Key::NONE.low, Key::NONE.high];

impl Memo {
    /// Takes the memory. Before this the memo forgets everything at once.
    pub(super) fn prepare(&mut self) {
        if self.bytes() == 0 {
            self.short.prepare(NO_SHORT);
            self.long.prepare(NO_LONG);
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.short.bytes() + self.long.bytes()
    }

    /// Returns the words of at most eight bytes; `None` before the memory is taken.
    #[inline(always)]
    pub(super) fn short_words(&self) -> Option<ShortWords<'_>> {
        self.short.0.first_chunk().map(ShortWords)
    }

    /// Returns the place of a word's forms, if they are remembered.
    #[inline(always)]
    pub(super) fn find(&self, key: Key) -> Option<Found> {
        if key.is_short() {
            self.short.find(key.low, key.hash()).map(Found::Short)
        } else {
            self.long.find([key.low, key.high], key.hash()).map(Found::Long)
        }
    }

    /// Returns the place of the forms of the word that is all [before](Key::ahead) the first byte that `mark` marks, if it is
    /// remembered, and where it ends.
    #[inline(always)]
    pub(super) fn find_ahead(&self, bytes: &[u8], mark: impl Fn(u64) -> u64) -> Option<(Found, Ahead)> {
        let ahead = Key::ahead(bytes, mark)?;
        Some((self.find(ahead.key)?, ahead))
    }

    /// Returns the marked and the folded form.
    #[inline(always)]
    pub(super) fn forms(&self, found: Found) -> (&str, &str) {
        match found {
            Found::Short(slot) => self.short.forms(slot),
            Found::Long(slot) => self.long.forms(slot),
        }
    }

    /// Returns the number of a word. No other word has it, then or later; what was forgotten comes back with another.
    #[inline(always)]
    pub(super) fn number(&self, found: Found) -> Option<NonZeroU32> {
        NonZeroU32::new(match found {
            Found::Short(slot) => self.short.number(slot),
            Found::Long(slot) => self.long.number(slot),
        })
    }

    /// Remembers the forms of a word.
    pub(super) fn insert(&mut self, key: Key, marked: &str, folded: &str) {
        let Some(number) = self.words.checked_add(1) else { return };
        self.words = number;
        let Key { low, high } = key;
        if key.is_short() {
            self.short.insert((low, number), NO_SHORT, key.hash(), (marked, folded));
        } else {
            self.long.insert(([low, high], number), NO_LONG, key.hash(), (marked, folded));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::key::REACH;
    use crate::scan::lanes::first_below;

    /// The word and what follows it, as the scanner sees them.
    fn ahead(text: &str) -> Vec<u8> {
        [text.as_bytes(), &[b' '; REACH]].concat()
    }

    fn no_letters(bytes: u64) -> u64 {
        first_below(bytes, b'A')
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
                let (found, Ahead { len: found_len, .. }) =
                    memo.find_ahead(&ahead(&text), no_letters).expect("it is remembered");
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
    fn the_first_word_of_a_bucket_stays_but_not_for_ever() {
        let mut memo = Memo::default();
        memo.prepare();
        let bucket = |key: &Key| ShortTable::bucket(key.hash());
        let mut keys = (1..).map(|low| Key { low, high: 0 }).filter(|key| bucket(key) == 7);
        let first = keys.next().expect("one of many");
        memo.insert(first, "a", "a");
        let mut forgotten_after = 0;
        for (key, n) in keys.zip(1..=2 * TURN) {
            memo.insert(key, "b", "b");
            assert!(memo.find(key).is_some(), "{n}");
            if forgotten_after == 0 && memo.find(first).is_none() {
                forgotten_after = n;
            }
        }
        assert_eq!(forgotten_after, TURN - 1, "the first word has the number 1");
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
