//! A plan to the set of documents that match, one segment at a time.

use std::borrow::Cow;

use tantivy::index::InvertedIndexReader;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::query::{EnableScoring, Query};
use tantivy::schema::{Field as Slot, IndexRecordOption};
use tantivy::{DocId, DocSet, TERMINATED};

use super::bits::Bytes;
use super::{Bits, SegmentView, phrase};
use crate::error::Result;
use crate::plan::{Plan, Planned, TermsPlan};
use crate::rank::{Blocks, Word, WordPostings, first_from};

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
        let mut bits = self.bits(&self.planned.plan, None)?;
        if let Some(alive) = self.view.reader.alive_bitset() {
            bits = Bits::of(self.view.documents(), bits.iter().filter(|&doc| alive.is_alive(doc)));
        }
        Ok(bits)
    }

    /// Whether the scored words have so few postings that their documents are better listed first.
    pub(crate) fn has_few_postings(&self) -> bool {
        /// Documents for each posting.
        const FEW: u64 = 16;
        let words = self.planned.words.iter();
        words.map(|word| self.postings(word).count()).sum::<u64>() * FEW <= u64::from(self.view.documents())
    }

    /// The documents that match a plan. Only those within a set are asked for: others may be missing.
    fn bits(&self, plan: &Plan, within: Option<&Bits>) -> Result<Bits> {
        let len = self.view.documents();
        match plan {
            Plan::Nothing => Ok(Bits::none(len)),
            Plan::Everything => Ok(Bits::all(len)),
            Plan::Word(number) => self.word(self.planned.word(*number)),
            Plan::Terms(terms) => self.terms(terms),
            Plan::Filter(query) => self.filter(query.as_ref()),
            Plan::Present(slot) => self.present(*slot),
            Plan::Phrase(plan) => phrase::matching(self, plan, within),
            Plan::All(plans) => self.all(plans, within),
            Plan::Any(plans) => self.any(plans, within),
            Plan::Not(plan) => {
                let mut bits = self.bits(plan, within)?;
                bits.invert();
                Ok(bits)
            }
        }
    }

    fn any(&self, plans: &[Plan], within: Option<&Bits>) -> Result<Bits> {
        let (mut words, mut rest) = (Vec::new(), Vec::new());
        for plan in plans {
            match plan {
                Plan::Word(number) => words.push(self.planned.word(*number)),
                plan => rest.push(plan),
            }
        }
        let mut bits = self.any_word(&words)?;
        for plan in rest {
            bits.or(&self.bits(plan, within)?);
        }
        Ok(bits)
    }

    /// Filters first, then the words from the rarest on, then what has phrases in it; what is left after each is all that
    /// the next is asked about.
    fn all(&self, plans: &[Plan], within: Option<&Bits>) -> Result<Bits> {
        let (mut words, mut slow, mut unwanted, mut result) = (Vec::new(), Vec::new(), Vec::new(), within.cloned());
        for plan in plans {
            match plan {
                Plan::Word(number) => words.push(self.planned.word(*number)),
                Plan::Not(plan) => unwanted.push(plan.as_ref()),
                Plan::Phrase(_) | Plan::Any(_) | Plan::All(_) => slow.push(plan),
                plan => narrow(&mut result, self.bits(plan, None)?),
            }
        }
        if !words.is_empty() {
            result = Some(self.all_words(words, result)?);
        }
        for plan in slow {
            let bits = self.bits(plan, result.as_ref())?;
            narrow(&mut result, bits);
        }
        let mut result = result.unwrap_or_else(|| Bits::all(self.view.documents()));
        for plan in unwanted {
            let bits = self.bits(plan, Some(&result))?;
            result.remove_all(&bits);
        }
        Ok(result)
    }

    /// The documents among `base`, or among all, that hold every word.
    fn all_words(&self, mut words: Vec<&Word>, base: Option<Bits>) -> Result<Bits> {
        words.sort_by_key(|word| self.postings(word).count());
        let mut rest = words.into_iter();
        let mut result = match (base, rest.next()) {
            (None, None) => return Ok(Bits::all(self.view.documents())),
            (None, Some(rarest)) => self.word(rarest)?,
            (Some(base), None) => base,
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
        if self.postings(word).is_common(self.view.documents()) {
            bits.and(self.documents_of(word)?.as_ref());
            return Ok(());
        }
        let asked = bits.count();
        if asked.saturating_mul(ASKING_COST) >= self.postings(word).count() {
            bits.and(&self.word(word)?);
            return Ok(());
        }
        let postings = self.postings(word);
        let mut long: Vec<_> = postings.long().map(|(_, list)| list).collect();
        // The commonest spelling answers most questions.
        long.sort_by_key(|posting| std::cmp::Reverse(posting.info.doc_freq));
        let mut without = bits.to_list();
        for posting in long {
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
        if !without.is_empty() {
            let mut rest = postings.tail(&self.view)?.postings();
            without.retain(|&doc| {
                rest = &rest[first_from(rest, doc)..];
                rest.first().is_none_or(|posting| posting.doc != doc)
            });
        }
        without.into_iter().for_each(|doc| bits.remove(doc));
        Ok(())
    }

    /// The postings of a word in the segment.
    pub(super) fn postings<'w>(&self, word: &'w Word) -> &'w WordPostings {
        &word.segments[self.view.ordinal]
    }

    pub(super) fn word(&self, word: &Word) -> Result<Bits> {
        self.any_word(&[word])
    }

    /// The documents that hold any of the words.
    fn any_word(&self, words: &[&Word]) -> Result<Bits> {
        let is_common = |word: &&Word| self.postings(word).is_common(self.view.documents());
        let mut rare = words.iter().copied().filter(|word| !is_common(word)).map(|word| self.postings(word)).peekable();
        let mut bits = if rare.peek().is_some() { Some(self.any_posting(rare)?) } else { None };
        for word in words.iter().copied().filter(is_common) {
            let documents = self.documents_of(word)?;
            match &mut bits {
                Some(bits) => bits.or(&documents),
                None => bits = Some(documents.into_owned()),
            }
        }
        Ok(bits.unwrap_or_else(|| Bits::none(self.view.documents())))
    }

    /// The documents within a set, or of all, that hold each of the common ones among some words; `None` for all documents.
    pub(super) fn common_words<'w>(
        &self,
        words: impl Iterator<Item = &'w Word>,
        within: Option<&Bits>,
    ) -> Result<Option<Bits>> {
        let mut bits = within.cloned();
        for word in words.filter(|word| self.postings(word).is_common(self.view.documents())) {
            let documents = self.documents_of(word)?;
            match &mut bits {
                Some(bits) => bits.and(documents.as_ref()),
                None => bits = Some(documents.into_owned()),
            }
        }
        Ok(bits)
    }

    /// The documents that hold a common word.
    fn documents_of<'w>(&self, word: &'w Word) -> Result<Cow<'w, Bits>> {
        let postings = self.postings(word);
        let own = postings.documents(&self.view, || self.any_posting([&postings.own()].into_iter()))?;
        if postings.added().is_empty() {
            return Ok(Cow::Borrowed(own));
        }
        let mut bits = self.any_posting([&WordPostings::new(postings.added().to_vec())].into_iter())?;
        bits.or(own);
        Ok(Cow::Owned(bits))
    }

    /// The documents of all these posting lists.
    fn any_posting<'w>(&self, postings: impl Iterator<Item = &'w WordPostings> + Clone) -> Result<Bits> {
        let count = postings.clone().map(WordPostings::count).sum();
        let mut seen = Seen::expecting(count, self.view.documents());
        let mut blocks = Blocks::of_documents();
        for postings in postings {
            for (_, list) in postings.long() {
                seen.add(blocks.open_list(list, &self.view)?);
            }
            seen.add_all(postings.tail(&self.view)?.postings().iter().map(|posting| posting.doc));
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
        let documents = self.view.documents();
        Ok(Bits::of(documents, (0..documents).filter(|&doc| norms.fieldnorm_id(doc) > 0)))
    }
}

/// Keeps of a set, or of all documents, those of another one.
pub(super) fn narrow(set: &mut Option<Bits>, other: Bits) {
    match set {
        Some(set) => set.and(&other),
        None => *set = Some(other),
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
            self.add_all(block.docs().iter().copied());
            block.advance();
        }
    }

    fn add_all(&mut self, docs: impl Iterator<Item = DocId>) {
        match self {
            Seen::Bits(bits) => docs.for_each(|doc| bits.insert(doc)),
            Seen::Bytes(bytes) => docs.for_each(|doc| bytes.insert(doc)),
        }
    }

    fn into_bits(self) -> Bits {
        match self {
            Seen::Bits(bits) => bits,
            Seen::Bytes(bytes) => bytes.to_bits(),
        }
    }
}
