//! A plan to the set of documents that match, one segment at a time.

use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::query::{EnableScoring, Query};
use tantivy::schema::{Field as Slot, IndexRecordOption};
use tantivy::{DocSet, TERMINATED};

use super::{Bits, SegmentView, phrase};
use crate::error::Result;
use crate::plan::{Plan, Planned, TermsPlan};
use crate::rank::Word;

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
            Plan::Any(plans) => {
                let mut bits = Bits::none(len);
                for plan in plans {
                    match plan {
                        Plan::Word(number) => self.add_word(self.planned.word(*number), &mut bits)?,
                        plan => bits.or(&self.bits(plan)?),
                    }
                }
                Ok(bits)
            }
            Plan::Not(plan) => {
                let mut bits = self.bits(plan)?;
                bits.invert();
                Ok(bits)
            }
        }
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
    pub(super) fn all_words(&self, mut words: Vec<&Word>, base: Option<Bits>) -> Result<Bits> {
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
        let mut bits = Bits::none(self.view.documents());
        self.add_word(word, &mut bits)?;
        Ok(bits)
    }

    fn add_word(&self, word: &Word, bits: &mut Bits) -> Result<()> {
        for posting in &word.segments[self.view.ordinal] {
            let index = self.view.index(posting.field)?;
            add_postings(index.read_block_postings_from_terminfo(&posting.info, IndexRecordOption::Basic)?, bits);
        }
        Ok(())
    }

    pub(super) fn terms(&self, terms: &TermsPlan) -> Result<Bits> {
        let mut bits = Bits::none(self.view.documents());
        for (slot, info) in &terms.segments[self.view.ordinal] {
            add_postings(self.open(*slot, info)?, &mut bits);
        }
        Ok(bits)
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

fn add_postings(mut block: BlockSegmentPostings, bits: &mut Bits) {
    while !block.docs().is_empty() {
        block.docs().iter().for_each(|&doc| bits.insert(doc));
        block.advance();
    }
}
