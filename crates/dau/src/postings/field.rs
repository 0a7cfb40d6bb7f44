//! The postings of one field while a segment is written.

use std::io;
use std::num::NonZeroU32;

use tantivy::DocId;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::InvertedIndexSerializer;
use tantivy::schema::Field as Slot;

use super::arena::Arena;
use super::list::Buffers;
use super::terms::Terms;
use crate::bigrams::WordHash;

/// Occurrences of terms that are noted before their postings are written: finding terms and writing postings each want other parts of
/// memory, and what follows one another in one loop need not wait for the other.
const MOST_NOTED: usize = 1 << 10;

/// So many terms are remembered by their words' numbers even if the field has had fewer words.
const LEAST_NUMBERED: u64 = 1 << 12;

/// Terms and postings of a field.
#[derive(Debug)]
pub(crate) struct FieldPostings {
    /// Whether postings have frequencies and positions.
    has_positions: bool,
    terms: Terms,
    /// The terms of words that have a number, by that, plus one; 0 where it is not known.
    numbered: Vec<u32>,
    /// Occurrences in the present document: terms and positions.
    noted: Vec<(u32, u32)>,
    /// All occurrences so far.
    occurrences: u64,
}

impl FieldPostings {
    pub(crate) fn new(has_positions: bool) -> FieldPostings {
        FieldPostings {
            has_positions,
            terms: Terms::default(),
            numbered: Vec::new(),
            noted: Vec::new(),
            occurrences: 0,
        }
    }

    /// Bytes of memory, the arena left out.
    pub(crate) fn bytes(&self) -> usize {
        self.terms.bytes() + size_of_val(&*self.numbered)
    }

    /// Adds an occurrence of the term of a word, which `make` writes when it is new. Positions never go back within a document.
    #[inline]
    pub(crate) fn add(
        &mut self,
        arena: &mut Arena,
        (document, position): (DocId, u32),
        (word, hash): (&str, WordHash),
        make: impl Fn(&mut String),
    ) {
        let term = self.terms.number_of(word, hash, make);
        self.note(arena, (document, position), term);
    }

    /// Adds an occurrence of a word that has a number, which no other word of this field has.
    #[inline]
    pub(crate) fn add_numbered(
        &mut self,
        arena: &mut Arena,
        place: (DocId, u32),
        number: NonZeroU32,
        (word, hash): (&str, WordHash),
        make: impl Fn(&mut String),
    ) {
        let number = number.get() as usize;
        let term = match self.numbered.get(number) {
            Some(&term) if term > 0 => term - 1,
            _ => {
                let term = self.terms.number_of(word, hash, make);
                self.remember(number, term);
                term
            }
        };
        self.note(arena, place, term);
    }

    #[cold]
    fn remember(&mut self, number: usize, term: u32) {
        if number >= self.numbered.len() {
            // A field of few words is not to take memory for all words of the others.
            if number as u64 > self.occurrences + LEAST_NUMBERED {
                return;
            }
            self.numbered.resize(number + 1, 0);
        }
        self.numbered[number] = term + 1;
    }

    #[inline]
    fn note(&mut self, arena: &mut Arena, (document, position): (DocId, u32), term: u32) {
        self.noted.push((term, position));
        if self.noted.len() == MOST_NOTED {
            self.write_noted(arena, document);
        }
    }

    /// Writes down the postings of what was added last, all of it in one document.
    pub(crate) fn write_noted(&mut self, arena: &mut Arena, document: DocId) {
        self.occurrences += self.noted.len() as u64;
        for &(number, position) in &self.noted {
            let list = self.terms.list_mut(number);
            if self.has_positions {
                list.add_position(arena, document, position);
            } else {
                list.add_document(arena, document);
            }
        }
        self.noted.clear();
    }

    /// Writes all postings to a segment's files, if there are any.
    pub(crate) fn serialize(
        mut self,
        arena: &Arena,
        slot: Slot,
        norms: Option<FieldNormReader>,
        files: &mut InvertedIndexSerializer,
    ) -> io::Result<()> {
        if self.terms.len() == 0 {
            return Ok(());
        }
        self.numbered = vec![];
        let mut file = files.new_field(slot, self.occurrences, norms)?;
        let mut buffers = Buffers::default();
        for number in self.terms.sorted() {
            let list = self.terms.list(number);
            // Without frequencies the number of documents is not asked for.
            let documents = if self.has_positions { list.documents() } else { 0 };
            file.new_term(self.terms.text(number), documents, self.has_positions)?;
            if self.has_positions {
                list.each_posting(arena, &mut buffers, |document, distances| {
                    file.write_doc(document, distances.len() as u32, distances);
                });
            } else {
                list.each_document(arena, &mut buffers.bytes, |document| file.write_doc(document, 0, &[]));
            }
            file.close_term()?;
        }
        file.close()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_of_few_words_takes_little_memory() {
        let (mut postings, mut arena) = (FieldPostings::new(true), Arena::default());
        for number in [1, 1_000_000, 1_000_000, 1] {
            let number = NonZeroU32::new(number).expect("not 0");
            let word = if number.get() == 1 { "một" } else { "triệu" };
            postings.add_numbered(&mut arena, (0, 0), number, (word, WordHash::of(word)), |term| word.clone_into(term));
        }
        postings.write_noted(&mut arena, 0);
        assert_eq!((postings.terms.len(), postings.occurrences), (2, 4));
        assert!(postings.bytes() < 20_000, "{}", postings.bytes());
    }
}
