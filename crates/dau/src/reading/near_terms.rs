//! Terms of a dictionary that are one slip away from a word: an automaton that walks the dictionary.
//!
//! For words that are no Vietnamese syllables, names above all, the possible slips are too many to look up one by one. The automaton
//! keeps, bit by bit, which beginnings of the word have been read without a slip and which with one (Wu and Manber 1992), so that
//! whole branches of the dictionary are left out.

use std::ops::RangeInclusive;

use tantivy_fst::Automaton;

use crate::analysis::FOLDED_END;

/// Accepts the terms whose folded form is the word's, or one letter left out, added, changed or swapped away from it.
#[derive(Clone, Debug)]
pub(crate) struct NearTerms {
    word: Vec<u8>,
    /// For each byte, the places of the word where it stands, one bit a place.
    places: Box<[u64; 256]>,
}

/// How much of the word has been read: bit `n` stands for its first `n` bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Read {
    clean: u64,
    slipped: u64,
    /// Beginnings read without a slip whose next two bytes come in the other order, of which the second has been read.
    swapping: u64,
    /// The folded form has ended, and was near enough.
    found: bool,
}

/// Bits of a beginning's length must fit a word of the processor; and shorter words are one slip away from half of the dictionary.
const BYTES: RangeInclusive<usize> = 4..=62;

impl NearTerms {
    /// An automaton for a folded form of ASCII letters; `None` for any other, and for one that is too short or too long.
    pub(crate) fn new(folded: &str) -> Option<NearTerms> {
        if !BYTES.contains(&folded.len()) || !folded.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return None;
        }
        let word = folded.as_bytes().to_vec();
        let mut places = Box::new([0; 256]);
        (0..).zip(&word).for_each(|(place, &byte): (u32, _)| places[usize::from(byte)] |= 1 << place);
        Some(NearTerms { word, places })
    }

    fn end(&self) -> u64 {
        1 << self.word.len()
    }
}

impl Automaton for NearTerms {
    type State = Read;

    fn start(&self) -> Read {
        // A letter may be left out before anything is read.
        Read { clean: 1, slipped: 2, swapping: 0, found: false }
    }

    fn is_match(&self, read: &Read) -> bool {
        read.found
    }

    fn can_match(&self, read: &Read) -> bool {
        read.found || (read.clean | read.slipped | read.swapping) != 0
    }

    fn accept(&self, read: &Read, byte: u8) -> Read {
        if read.found {
            return *read;
        }
        if byte == FOLDED_END {
            let found = (read.clean | read.slipped) & self.end() != 0;
            return Read { clean: 0, slipped: 0, swapping: 0, found };
        }
        let places = self.places[usize::from(byte)];
        let within = (self.end() << 1) - 1;
        let clean = (read.clean & places) << 1;
        let slipped =
            (read.slipped & places) << 1 | read.clean | read.clean << 1 | clean << 1 | (read.swapping & places) << 2;
        // The byte stands one place further on in the word.
        let swapping = read.clean & (places >> 1);
        Read { clean: clean & within, slipped: slipped & within, swapping, found: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(word: &str, folded: &str) -> bool {
        let automaton = NearTerms::new(word).expect("an ASCII word");
        let mut read = automaton.start();
        for byte in folded.bytes().chain([FOLDED_END]).chain("đ".bytes()) {
            if !automaton.can_match(&read) {
                return false;
            }
            read = automaton.accept(&read, byte);
        }
        automaton.is_match(&read)
    }

    /// The plain definition: some single edit turns one into the other.
    fn is_near(a: &str, b: &str) -> bool {
        let (a, b): (Vec<u8>, Vec<u8>) = (a.bytes().collect(), b.bytes().collect());
        let left_out = |a: &[u8], b: &[u8]| (0..a.len()).any(|at| [&a[..at], &a[at + 1..]].concat() == b);
        let changed = a.len() == b.len() && a.iter().zip(&b).filter(|(a, b)| a != b).count() <= 1;
        let swapped = (1..a.len()).any(|at| {
            let mut swapped = a.clone();
            swapped.swap(at - 1, at);
            swapped == b
        });
        changed || swapped || left_out(&a, &b) || left_out(&b, &a)
    }

    #[test]
    fn accepts_what_is_one_slip_away() {
        for near in
            ["wikipedia", "wikpedia", "wikipeddia", "wikipedja", "iwkipedia", "wikipedai", "ikipedia", "wikipediaa"]
        {
            assert!(accepts("wikipedia", near), "{near}");
        }
        for far in ["wikpeda", "ikiwpedia", "wiki", "wikipediabc", ""] {
            assert!(!accepts("wikipedia", far), "{far}");
        }
        for none in ["wiki-", "việt", "abc", &"a".repeat(63)] {
            assert!(NearTerms::new(none).is_none(), "{none}");
        }
    }

    #[test]
    fn agrees_with_the_definition() {
        let words = |length: u32| {
            (0..3u32.pow(length)).map(move |mut number| {
                let letter = |_| {
                    let letter = ['a', 'b', 'c'][number as usize % 3];
                    number /= 3;
                    letter
                };
                (0..length).map(letter).collect::<String>()
            })
        };
        for word in words(4) {
            for other in (1..=5).flat_map(words) {
                assert_eq!(accepts(&word, &other), is_near(&word, &other), "{word} {other}");
            }
        }
    }
}
