//! A set of documents of one segment, one bit a document.

use tantivy::DocId;

/// A set of document numbers below `len`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bits {
    words: Vec<u64>,
    len: u32,
}

impl Bits {
    pub(crate) fn none(len: u32) -> Bits {
        Bits { words: vec![0; len.div_ceil(64) as usize], len }
    }

    pub(crate) fn all(len: u32) -> Bits {
        let mut bits = Bits { words: vec![u64::MAX; len.div_ceil(64) as usize], len };
        bits.clear_past_end();
        bits
    }

    #[inline]
    pub(crate) fn insert(&mut self, doc: DocId) {
        self.words[doc as usize / 64] |= 1 << (doc % 64);
    }

    #[inline]
    pub(crate) fn remove(&mut self, doc: DocId) {
        self.words[doc as usize / 64] &= !(1 << (doc % 64));
    }

    #[inline]
    pub(crate) fn contains(&self, doc: DocId) -> bool {
        self.words[doc as usize / 64] & (1 << (doc % 64)) != 0
    }

    pub(crate) fn and(&mut self, other: &Bits) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a &= b);
    }

    pub(crate) fn or(&mut self, other: &Bits) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a |= b);
    }

    pub(crate) fn remove_all(&mut self, other: &Bits) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a &= !b);
    }

    pub(crate) fn invert(&mut self) {
        self.words.iter_mut().for_each(|word| *word = !*word);
        self.clear_past_end();
    }

    pub(crate) fn count(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// The documents of the set, ascending.
    pub(crate) fn iter(&self) -> impl Iterator<Item = DocId> + '_ {
        (0..).step_by(64).zip(&self.words).flat_map(|(base, &word)| Ones(word).map(move |bit| base + bit))
    }

    /// The documents of the set from `start`, a multiple of 64, to before `end`, ascending.
    pub(crate) fn iter_between(&self, start: DocId, end: DocId) -> impl Iterator<Item = DocId> + '_ {
        let (first, last) = (start as usize / 64, (end as usize).div_ceil(64));
        let words = self.words[first..last].iter();
        let found = (start..).step_by(64).zip(words).flat_map(|(base, &word)| Ones(word).map(move |bit| base + bit));
        found.take_while(move |&doc| doc < end)
    }

    fn clear_past_end(&mut self) {
        let used = self.len % 64;
        if used > 0
            && let Some(last) = self.words.last_mut()
        {
            *last &= (1 << used) - 1;
        }
    }
}

/// The positions of the ones of a word, ascending.
struct Ones(u64);

impl Iterator for Ones {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        if self.0 == 0 {
            return None;
        }
        let position = self.0.trailing_zeros();
        self.0 &= self.0 - 1;
        Some(position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn behaves_as_a_set() {
        let mut odd = Bits::none(130);
        (0..130).filter(|doc| doc % 2 == 1).for_each(|doc| odd.insert(doc));
        let mut even = odd.clone();
        even.invert();
        assert_eq!((odd.count(), even.count(), Bits::all(130).count()), (65, 65, 130));
        assert!(even.contains(128) && !even.contains(129));
        assert_eq!(even.iter().take(3).collect::<Vec<_>>(), [0, 2, 4]);
        let mut both = odd.clone();
        both.and(&even);
        assert_eq!(both.count(), 0);
        both.or(&odd);
        assert_eq!(both, odd);
        both.remove_all(&odd);
        assert_eq!(both, Bits::none(130));
        assert_eq!(even.iter_between(64, 70).collect::<Vec<_>>(), [64, 66, 68]);
        even.remove(128);
        assert!(!even.contains(128) && even.count() == 64);
    }
}
