//! A plan to the set of documents that match, one segment at a time.

use tantivy::index::InvertedIndexReader;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::query::{EnableScoring, Query};
use tantivy::schema::{Field as Slot, IndexRecordOption};
use tantivy::{DocSet, TERMINATED};

use super::bits::Bytes;
use super::{Bits, SegmentView, phrase};
use crate::error::Result;
use crate::plan::{Plan, Planned, TermsPlan};
use crate::rank::{Blocks, Word};

/// Asking whether a posting list holds a document costs about as much as reading this many postings in order.
const ASKING_COST: u64 = 24;

/// A segment and the query that is matched against it.
#[derive(Clone, Copy)]
pub(crate) struct Matcher<'a> {
    pub(crate) view: SegmentView<'a>,
    pub(crate) planned: &'a Planned,
    pub(crate) storage: &'a tantivy::Searcher,
}

impl Matcher<'_> {
    /// The documents that match and are not deleted.
    pub(crate) fn matching(&self) -> Result<Bits> {
        let mut bits = self.bits(&self.planned.plan)?;
        if let Some(alive) = self.view.reader.alive_bitset() {
            let mut kept = Bits::none(self.view.documents());
            bits.iter().filter(|&doc| alive.is_alive(doc)).for_each(|doc| kept.insert(doc));
            bits = kept;
        }
        Ok(bits)
    }

    fn bits(&self, plan: &Plan) -> Result<Bits> {
        let len = self.view.documents();
        match plan {
            Plan::Nothing => Ok(Bits::none(len)),
            Plan::Everything => Ok(Bits::all(len)),
            Plan::Word(number) => self.word(self.planned.word(*number)),
            Plan::Terms(terms) => self.terms(terms),
            Plan::Filter(query) => self.filter(query.as_ref()),
            Plan::Present(slot) => self.present(*slot),
            Plan::Phrase(plan) => phrase::matching(self, plan),
            Plan::All(plans) => self.all(plans),
            Plan::Any(plans) => self.any(plans),
            Plan::Not(plan) => {
                let mut bits = self.bits(plan)?;
                bits.invert();
                Ok(bits)
            }
        }
    }

    fn any(&self, plans: &[Plan]) -> Result<Bits> {
        let (mut words, mut rest) = (Vec::new(), Vec::new());
        for plan in plans {
            match plan {
                Plan::Word(number) => words.push(self.planned.word(*number)),
                plan => rest.push(plan),
            }
        }
        let mut bits = self.any_word(&words)?;
        for plan in rest {
            bits.or(&self.bits(plan)?);
        }
        Ok(bits)
    }

    /// Filters first, then the words from the rarest on; what is left after each is all that the next is asked about.
    fn all(&self, plans: &[Plan]) -> Result<Bits> {
        let (mut words, mut unwanted, mut result) = (Vec::new(), Vec::new(), None::<Bits>);
        for plan in plans {
            match plan {
                Plan::Word(number) => words.push(self.planned.word(*number)),
                Plan::Not(plan) => unwanted.push(plan.as_ref()),
                plan => {
                    let bits = self.bits(plan)?;
                    match &mut result {
                        Some(result) => result.and(&bits),
                        None => result = Some(bits),
                    }
                }
            }
        }
        let mut result = self.all_words(words, result)?;
        for plan in unwanted {
            result.remove_all(&self.bits(plan)?);
        }
        Ok(result)
    }

    /// The documents among `base`, or among all, that hold every word.
    fn all_words(&self, mut words: Vec<&Word>, base: Option<Bits>) -> Result<Bits> {
        words.sort_by_key(|word| self.postings_of(word));
        let mut rest = words.into_iter();
        let mut result = match (base, rest.next()) {
            (Some(base), None) => return Ok(base),
            (None, None) => return Ok(Bits::all(self.view.documents())),
            (None, Some(rarest)) => self.word(rarest)?,
            (Some(mut base), Some(rarest)) => {
                self.keep(&mut base, rarest)?;
                base
            }
        };
        rest.try_for_each(|word| self.keep(&mut result, word))?;
        Ok(result)
    }

    /// Takes out of a set the documents without a word: asking about each, or reading all postings where that is less.
    fn keep(&self, bits: &mut Bits, word: &Word) -> Result<()> {
        let asked = bits.count();
        if asked.saturating_mul(ASKING_COST) >= self.postings_of(word) {
            bits.and(&self.word(word)?);
            return Ok(());
        }
        let mut postings: Vec<_> = word.segments[self.view.ordinal].iter().collect();
        // The commonest spelling answers most questions.
        postings.sort_by_key(|posting| std::cmp::Reverse(posting.info.doc_freq));
        let mut without: Vec<u32> = bits.iter().collect();
        for posting in postings {
            if without.is_empty() {
                return Ok(());
            }
            let index = self.view.index(posting.field)?;
            let mut list = index.read_block_postings_from_terminfo(&posting.info, IndexRecordOption::Basic)?;
            without.retain(|&doc| {
                let at = list.seek(doc);
                list.doc(at) != doc
            });
        }
        without.into_iter().for_each(|doc| bits.remove(doc));
        Ok(())
    }

    /// How many postings of a word there are in the segment.
    fn postings_of(&self, word: &Word) -> u64 {
        word.segments[self.view.ordinal].iter().map(|posting| u64::from(posting.info.doc_freq)).sum()
    }

    pub(super) fn word(&self, word: &Word) -> Result<Bits> {
        self.any_word(&[word])
    }

    /// The documents that hold any of the words.
    fn any_word(&self, words: &[&Word]) -> Result<Bits> {
        let count = words.iter().map(|word| self.postings_of(word)).sum();
        let mut seen = Seen::expecting(count, self.view.documents());
        let mut blocks = Blocks::of_documents();
        for word in words {
            for of_field in word.segments[self.view.ordinal].chunk_by(|a, b| a.field == b.field) {
                let field = of_field[0].field;
                let index = self.view.index(field)?;
                for posting in of_field {
                    seen.add(blocks.open(&index, field, &posting.info)?);
                }
            }
        }
        Ok(seen.into_bits())
    }

    /// The documents that any of these posting lists of a field holds.
    pub(super) fn any_list(&self, index: &InvertedIndexReader, field: usize, infos: &[&TermInfo]) -> Result<Bits> {
        let postings = infos.iter().map(|info| u64::from(info.doc_freq)).sum();
        let mut seen = Seen::expecting(postings, self.view.documents());
        let mut blocks = Blocks::of_documents();
        for info in infos {
            seen.add(blocks.open(index, field, info)?);
        }
        Ok(seen.into_bits())
    }

    fn terms(&self, terms: &TermsPlan) -> Result<Bits> {
        let terms = &terms.segments[self.view.ordinal];
        let count = terms.iter().map(|(_, info)| u64::from(info.doc_freq)).sum();
        let mut seen = Seen::expecting(count, self.view.documents());
        for (slot, info) in terms {
            seen.add(&mut self.open(*slot, info)?);
        }
        Ok(seen.into_bits())
    }

    fn open(&self, slot: Slot, info: &TermInfo) -> Result<BlockSegmentPostings> {
        let index = self.view.reader.inverted_index(slot)?;
        Ok(index.read_block_postings_from_terminfo(info, IndexRecordOption::Basic)?)
    }

    fn filter(&self, query: &dyn Query) -> Result<Bits> {
        let weight = query.weight(EnableScoring::disabled_from_searcher(self.storage))?;
        let mut docs = weight.scorer(self.view.reader, 1.0)?;
        let mut bits = Bits::none(self.view.documents());
        let mut doc = docs.doc();
        while doc != TERMINATED {
            bits.insert(doc);
            doc = docs.advance();
        }
        Ok(bits)
    }

    fn present(&self, slot: Slot) -> Result<Bits> {
        let norms = self.view.reader.get_fieldnorms_reader(slot)?;
        let mut bits = Bits::none(self.view.documents());
        (0..self.view.documents()).filter(|&doc| norms.fieldnorm_id(doc) > 0).for_each(|doc| bits.insert(doc));
        Ok(bits)
    }
}

/// Documents that posting lists hold, while they are gathered.
enum Seen {
    /// For few postings, or very many documents.
    Bits(Bits),
    /// For many postings: to set a byte is one store, which waits for no other one.
    Bytes(Bytes),
}

impl Seen {
    fn expecting(postings: u64, documents: u32) -> Seen {
        /// Bytes must stay in the processor's second cache.
        const MOST_BYTES: u32 = 1 << 19;
        /// Setting up and reading a byte costs as much as this share of a posting.
        const BYTES_FOR_A_POSTING: u64 = 16;
        if documents <= MOST_BYTES && postings * BYTES_FOR_A_POSTING >= u64::from(documents) {
            Seen::Bytes(Bytes::none(documents))
        } else {
            Seen::Bits(Bits::none(documents))
        }
    }

    fn add(&mut self, block: &mut BlockSegmentPostings) {
        while !block.docs().is_empty() {
            match self {
                Seen::Bits(bits) => block.docs().iter().for_each(|&doc| bits.insert(doc)),
                Seen::Bytes(bytes) => block.docs().iter().for_each(|&doc| bytes.insert(doc)),
            }
            block.advance();
        }
    }

    fn into_bits(self) -> Bits {
        match self {
            Seen::Bits(bits) => bits,
            Seen::Bytes(bytes) => bytes.to_bits(),
        }
    }
}
