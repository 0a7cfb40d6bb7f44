//! A set of documents of one segment, one bit a document.

use tantivy::DocId;

use crate::widest::{Loop, widest};

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

    /// The set of some documents, all of them below `len`.
    pub(crate) fn of(len: u32, docs: impl IntoIterator<Item = DocId>) -> Bits {
        let mut bits = Bits::none(len);
        docs.into_iter().for_each(|doc| bits.insert(doc));
        bits
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
        self.words[doc as usize / 64] >> (doc % 64) & 1 != 0
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

    /// Bytes in memory, about.
    pub(crate) fn bytes(&self) -> usize {
        size_of_val(&*self.words)
    }

    pub(crate) fn count(&self) -> u64 {
        widest(Count(&self.words))
    }

    /// The documents of the set as a list, ascending.
    pub(crate) fn to_list(&self) -> Vec<DocId> {
        let mut docs = Vec::with_capacity(self.count() as usize);
        // One loop in another; collected, each document would be asked for by itself.
        self.iter().for_each(|doc| docs.push(doc));
        docs
    }

    /// The documents of the set, ascending.
    pub(crate) fn iter(&self) -> impl Iterator<Item = DocId> + '_ {
        (0..).step_by(64).zip(&self.words).flat_map(|(base, &word)| Ones(word).map(move |bit| base + bit))
    }

    /// The documents from `start`, a multiple of 64, on: a bit each, the first at the lowest place.
    pub(crate) fn words_from(&self, start: DocId) -> &[u64] {
        &self.words[start as usize / 64..]
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

/// Counts ones.
struct Count<'a>(&'a [u64]);

impl Loop for Count<'_> {
    type Output = u64;

    #[inline(always)]
    fn call(self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }
}

/// A set of document numbers below `len`, one byte a document: quicker to fill than [`Bits`], but eight times as large.
#[derive(Clone, Debug)]
pub(super) struct Bytes {
    /// 0 or 1; as many as a whole number of words has bits.
    bytes: Vec<u8>,
    len: u32,
}

impl Bytes {
    pub(super) fn none(len: u32) -> Bytes {
        Bytes { bytes: vec![0; len.next_multiple_of(64) as usize], len }
    }

    #[inline]
    pub(super) fn insert(&mut self, doc: DocId) {
        self.bytes[doc as usize] = 1;
    }

    pub(super) fn to_bits(&self) -> Bits {
        /// Brings the lowest bit of each byte into the highest byte, the first one lowest.
        const GATHER: u64 = 0x0102_0408_1020_4080;
        let (eights, _) = self.bytes.as_chunks::<8>();
        let (words, _) = eights.as_chunks::<8>();
        let word = |word: &[[u8; 8]; 8]| {
            let byte =
                |(at, eight): (usize, &[u8; 8])| (u64::from_le_bytes(*eight).wrapping_mul(GATHER) >> 56) << (8 * at);
            word.iter().enumerate().map(byte).fold(0, |word, byte| word | byte)
        };
        Bits { words: words.iter().map(word).collect(), len: self.len }
    }
}

/// The positions of the ones of a word, ascending.
pub(crate) struct Ones(pub(crate) u64);

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
    fn bytes_hold_what_bits_hold() {
        for len in [0, 1, 63, 64, 65, 200] {
            let (mut bits, mut bytes) = (Bits::none(len), Bytes::none(len));
            (0..len).filter(|doc| doc % 7 < 2 || doc % 64 == 63).for_each(|doc| {
                bits.insert(doc);
                bytes.insert(doc);
            });
            assert_eq!(bytes.to_bits(), bits, "{len}");
        }
    }

    #[test]
    fn behaves_as_a_set() {
        let mut odd = Bits::none(130);
        (0..130).filter(|doc| doc % 2 == 1).for_each(|doc| odd.insert(doc));
        let mut even = odd.clone();
        even.invert();
        assert_eq!((odd.count(), even.count(), Bits::all(130).count()), (65, 65, 130));
        assert_eq!(even.iter().last(), Some(128));
        assert_eq!(even.iter().take(3).collect::<Vec<_>>(), [0, 2, 4]);
        let mut both = odd.clone();
        both.and(&even);
        assert_eq!(both.count(), 0);
        both.or(&odd);
        assert_eq!(both, odd);
        both.remove_all(&odd);
        assert_eq!(both, Bits::none(130));
        even.remove(128);
        assert_eq!((even.iter().last(), even.count()), (Some(126), 64));
    }
}
