//! Cursors over the posting lists of the words of a query, within one segment.

use std::sync::Arc;

use tantivy::index::InvertedIndexReader;
use tantivy::postings::{BlockSegmentPostings, SegmentPostings};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, TERMINATED};

use super::{Norms, PostingRef, Ranking, Word};
use crate::error::Result;
use crate::search::SegmentView;

/// A posting list with the weights of its spelling and field.
pub(crate) struct List {
    /// Position of the word in the query.
    pub(crate) word: usize,
    /// Its place among the query's lists: by word, field and spelling.
    pub(crate) place: usize,
    /// Weight of an occurrence in the marked evidence.
    pub(crate) marked: f32,
    /// Weight of an occurrence in the folded evidence.
    pub(crate) folded: f32,
    /// `boost · share · idf` of the marked and the folded evidence.
    marked_gain: f32,
    folded_gain: f32,
    k1: f32,
    /// No document gets more than this from this list. Set by [`bound_lists`].
    pub(crate) bound: f32,
    /// Whether it is the strongest list of its word. Set by [`bound_lists`].
    pub(crate) leads: bool,
    /// The length factor of each document of the segment, over the fields that the word is looked for in.
    pub(crate) norms: Norms,
    index: Arc<InvertedIndexReader>,
    posting: PostingRef,
    probe: Option<Cursor>,
}

/// A place in a posting list. Moves forward only.
pub(crate) struct Cursor {
    block: BlockSegmentPostings,
    at: usize,
}

impl Cursor {
    /// The document here; `TERMINATED` at the end.
    #[inline]
    pub(crate) fn doc(&self) -> DocId {
        self.block.doc(self.at)
    }

    /// How often the term stands in the document here.
    #[inline]
    pub(crate) fn frequency(&self) -> u32 {
        self.block.freq(self.at)
    }

    /// Moves to the first document not before `target`.
    #[inline]
    pub(crate) fn seek(&mut self, target: DocId) -> DocId {
        if self.doc() < target {
            self.at = self.block.seek(target);
        }
        self.doc()
    }

    /// Calls `visit(doc, frequency)` for each document before `end`.
    pub(crate) fn each_before(&mut self, end: DocId, mut visit: impl FnMut(DocId, u32)) {
        loop {
            let docs = &self.block.docs()[self.at..];
            let freqs = &self.block.freqs()[self.at..];
            let within = if docs.last().is_some_and(|&last| last < end) {
                docs.len()
            } else {
                docs.partition_point(|&doc| doc < end)
            };
            for (&doc, &frequency) in docs[..within].iter().zip(&freqs[..within]) {
                visit(doc, frequency);
            }
            self.at += within;
            if within < docs.len() || self.block.docs().is_empty() {
                return;
            }
            self.block.advance();
            self.at = 0;
            if self.block.docs().is_empty() {
                return;
            }
        }
    }
}

impl List {
    /// A cursor at the list's first document.
    pub(crate) fn cursor(&self) -> Result<Cursor> {
        let block = self.index.read_block_postings_from_terminfo(&self.posting.info, IndexRecordOption::WithFreqs)?;
        Ok(Cursor { block, at: 0 })
    }

    /// A cursor that reads positions, at the list's first document.
    pub(crate) fn positions(&self) -> Result<SegmentPostings> {
        Ok(self.index.read_postings_from_terminfo(&self.posting.info, IndexRecordOption::WithFreqsAndPositions)?)
    }

    /// How often the term stands in `doc`; 0 when it does not. Documents must be asked for in ascending order.
    #[inline]
    pub(crate) fn frequency_in(&mut self, doc: DocId) -> Result<u32> {
        if self.probe.is_none() {
            self.probe = Some(self.cursor()?);
        }
        let Some(probe) = &mut self.probe else { return Ok(0) };
        Ok(if probe.seek(doc) == doc && doc != TERMINATED { probe.frequency() } else { 0 })
    }

    /// The documents of the list.
    pub(crate) fn doc_freq(&self) -> u32 {
        self.posting.info.doc_freq
    }

    /// Position of the spelling among the word's.
    pub(crate) fn spelling(&self) -> usize {
        self.posting.spelling
    }

    /// Position of the field in the schema.
    pub(crate) fn field(&self) -> usize {
        self.posting.field
    }

    /// What `x` (frequency · length factor) gives, if no other list of the word adds to it.
    ///
    /// Saturation is concave and 0 at 0, so what the lists of a word give together is at least what the greatest gives
    /// alone, and at most the sum of what each gives alone.
    #[inline]
    pub(crate) fn alone(&self, x: f32) -> f32 {
        let saturated = |x: f32| x * (self.k1 + 1.0) / (x + self.k1);
        if self.marked == self.folded {
            // The usual case: the spelling as typed.
            return (self.marked_gain + self.folded_gain) * saturated(self.folded * x);
        }
        let folded = if self.folded > 0.0 { self.folded_gain * saturated(self.folded * x) } else { 0.0 };
        if self.marked > 0.0 { folded + self.marked_gain * saturated(self.marked * x) } else { folded }
    }

    /// The greatest `frequency · length factor` of the list.
    fn greatest(&self) -> Result<f32> {
        self.norms.greatest(self.posting.field, self.posting.info.postings_range.start, || {
            let mut greatest = 0.0f32;
            let factors = self.norms.factors();
            self.cursor()?.each_before(TERMINATED, |doc, frequency| {
                greatest = greatest.max(frequency as f32 * factors[doc as usize]);
            });
            Ok(greatest)
        })
    }
}

/// Opens the lists of a query's words in one segment.
pub(crate) fn open_lists(ranking: &Ranking, words: &[Word], view: &SegmentView<'_>) -> Result<Vec<List>> {
    let mut lists: Vec<List> = Vec::new();
    for (position, word) in words.iter().enumerate() {
        let postings = &word.segments[view.ordinal];
        if postings.is_empty() {
            continue;
        }
        let norms = view.norms(&word.target)?;
        for posting in postings {
            let spelling = &word.spellings[posting.spelling];
            let weight = view.field_weight(posting.field);
            lists.push(List {
                word: position,
                place: lists.len(),
                marked: spelling.marked_weight * weight,
                folded: spelling.folded_weight * weight,
                marked_gain: word.marked_factor,
                folded_gain: word.folded_factor,
                k1: ranking.k1,
                bound: 0.0,
                leads: false,
                norms: norms.clone(),
                index: view.index(posting.field)?,
                posting: posting.clone(),
                probe: None,
            });
        }
    }
    Ok(lists)
}

/// Finds out what each list gives at most, and which list of each word gives most. Pruning needs it, nothing else does.
pub(crate) fn bound_lists(lists: &mut [List]) -> Result<()> {
    for list in lists.iter_mut() {
        // Rounding must never bring a bound below what it bounds.
        list.bound = list.alone(list.greatest()?) * (1.0 + f32::EPSILON);
    }
    for of_word in lists.chunk_by_mut(|a, b| a.word == b.word) {
        if let Some(leader) = of_word.iter_mut().max_by(|a, b| a.bound.total_cmp(&b.bound)) {
            leader.leads = true;
        }
    }
    Ok(())
}
