//! The terms of one field while a segment is written, numbered in the order in which they are met, each with its postings.
//!
//! Common terms are met first, so that what is wanted of them most often lies side by side at the beginning of each list.

use super::list::List;
use crate::bigrams::{WordHash, last_bytes};

/// Terms by what they stand for.
#[derive(Debug, Default)]
pub(super) struct Terms {
    /// A hash table with open addressing: in the upper half of a slot a hash, in the lower half the number of a term plus one. 0 is a free
    /// slot. At least a quarter are free.
    slots: Vec<u64>,
    words: Vec<Word>,
    lists: Vec<List>,
    /// The bytes of all terms, each from a multiple of [`ALIGNED`] bytes on.
    texts: Vec<u8>,
    /// A term that is being made.
    made: String,
}

/// A word and its term.
#[derive(Debug)]
struct Word {
    key: Key,
    /// Bytes of the term. The storage layer takes no longer ones than fit.
    len: u16,
    /// Where these start, in units of [`ALIGNED`] bytes: sixteen gigabytes of terms at most, more than a writer may take.
    start: u32,
}

/// Tells words of up to sixteen bytes apart, and most of the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Key {
    /// The first eight bytes and the last eight. Of shorter words the first four and the last four, or all.
    ends: [u64; 2],
    len: u16,
}

const ALIGNED: usize = 4;

/// Slots of the first table.
const FIRST_SLOTS: usize = 1 << 10;

impl Terms {
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// Bytes of memory.
    pub(super) fn bytes(&self) -> usize {
        let Terms { slots, words, lists, texts, .. } = self;
        size_of_val(&**slots) + size_of_val(&**words) + size_of_val(&**lists) + texts.len()
    }

    /// The number of the term of a word, which `make` writes when it is new. Different words have different terms.
    #[inline]
    pub(super) fn number_of(&mut self, word: &str, hash: WordHash, make: impl Fn(&mut String)) -> u32 {
        if self.words.len() >= self.slots.len() / 4 * 3 {
            self.grow();
        }
        let key = Key::of(word);
        let tag = hash.upper();
        let last = self.slots.len() - 1;
        let mut at = tag as usize & last;
        loop {
            let slot = self.slots[at];
            if slot == 0 {
                break;
            }
            if (slot >> 32) as u32 == tag {
                let number = slot as u32 - 1;
                if self.words[number as usize].key == key && (key.is_whole() || self.is_made(number, &make)) {
                    return number;
                }
            }
            at = (at + 1) & last;
        }
        let number = self.add(key, make);
        self.slots[at] = u64::from(tag) << 32 | u64::from(number + 1);
        number
    }

    #[cold]
    fn add(&mut self, key: Key, make: impl Fn(&mut String)) -> u32 {
        let number = self.words.len() as u32;
        make(&mut self.made);
        let start = self.texts.len().next_multiple_of(ALIGNED);
        self.texts.resize(start, 0);
        self.texts.extend_from_slice(self.made.as_bytes());
        self.words.push(Word { key, len: self.made.len() as u16, start: (start / ALIGNED) as u32 });
        self.lists.push(List::default());
        number
    }

    #[cold]
    fn is_made(&mut self, number: u32, make: impl Fn(&mut String)) -> bool {
        make(&mut self.made);
        self.text(number) == self.made.as_bytes()
    }

    #[cold]
    fn grow(&mut self) {
        let slots = std::mem::take(&mut self.slots);
        self.slots = vec![0; (slots.len() * 2).max(FIRST_SLOTS)];
        let last = self.slots.len() - 1;
        for slot in slots.into_iter().filter(|&slot| slot != 0) {
            let mut at = (slot >> 32) as usize & last;
            while self.slots[at] != 0 {
                at = (at + 1) & last;
            }
            self.slots[at] = slot;
        }
    }

    /// The bytes of a term.
    pub(super) fn text(&self, number: u32) -> &[u8] {
        let Word { start, len, .. } = self.words[number as usize];
        &self.texts[start as usize * ALIGNED..][..usize::from(len)]
    }

    #[inline]
    pub(super) fn list_mut(&mut self, number: u32) -> &mut List {
        &mut self.lists[number as usize]
    }

    pub(super) fn list(&self, number: u32) -> &List {
        &self.lists[number as usize]
    }

    /// The numbers of all terms in the order of their bytes. No more words can be looked for.
    pub(super) fn sorted(&mut self) -> impl Iterator<Item = u32> + use<> {
        self.slots = vec![];
        // Most are told apart by their first bytes, which stand here side by side.
        let numbers = 0..self.words.len() as u32;
        let mut sorted = numbers.map(|number| (first_bytes(self.text(number)), number)).collect::<Vec<_>>();
        sorted
            .sort_unstable_by(|&(left, a), &(right, b)| left.cmp(&right).then_with(|| self.text(a).cmp(self.text(b))));
        sorted.into_iter().map(|(_, number)| number)
    }
}

/// The first eight bytes, so that numbers sort as these do.
pub(super) fn first_bytes(text: &[u8]) -> u64 {
    let mut first = [0; size_of::<u64>()];
    let len = text.len().min(first.len());
    first[..len].copy_from_slice(&text[..len]);
    u64::from_be_bytes(first)
}

impl Key {
    #[inline]
    fn of(word: &str) -> Key {
        let bytes = word.as_bytes();
        let len = bytes.len() as u16;
        let ends = match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
            (Some(first), Some(last)) => [u64::from_le_bytes(*first), u64::from_le_bytes(*last)],
            _ => [last_bytes(bytes, bytes), 0],
        };
        Key { ends, len }
    }

    /// Whether these are all bytes of the word.
    #[inline]
    fn is_whole(self) -> bool {
        self.len <= 16
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words of all lengths up to 40 bytes, many of them alike at both ends.
    fn words() -> Vec<String> {
        let lengths = (0..40).map(|len| "đường sắt bắc nam đường bộ hà nội huế".chars().take(len).collect());
        let middles = (0..3_000).map(|n| format!("nghiêng{n}ngửa"));
        let short = (0..3_000).map(|n| format!("{n:b}"));
        lengths.chain(middles).chain(short).collect()
    }

    fn number_of(terms: &mut Terms, word: &str, hash: WordHash) -> u32 {
        terms.number_of(word, hash, |term| word.clone_into(term))
    }

    #[test]
    fn each_word_has_its_own_term() {
        let words = words();
        for hash_of in [WordHash::of, |_: &str| WordHash::of("one for all")] {
            let mut terms = Terms::default();
            let first: Vec<u32> = words.iter().map(|word| number_of(&mut terms, word, hash_of(word))).collect();
            let again: Vec<u32> = words.iter().map(|word| number_of(&mut terms, word, hash_of(word))).collect();
            assert_eq!(first, again);
            for (word, &number) in words.iter().zip(&first) {
                assert_eq!(terms.text(number), word.as_bytes());
            }
            let mut sorted: Vec<&[u8]> = words.iter().map(String::as_bytes).collect();
            sorted.sort_unstable();
            sorted.dedup();
            assert_eq!(terms.len(), sorted.len());
            let numbers: Vec<u32> = terms.sorted().collect();
            assert_eq!(numbers.iter().map(|&number| terms.text(number)).collect::<Vec<_>>(), sorted);
        }
    }
}
