//! The posting lists of the words of a query, within one segment, and what each can give.

use tantivy::DocId;
use tantivy::postings::SegmentPostings;
use tantivy::schema::IndexRecordOption;

use super::blocks::Blocks;
use super::cursor::{Ask, Borrowed, Cursor};
use super::{Norms, PostingRef, Ranking, Word};
use crate::error::Result;
use crate::search::SegmentView;

/// Postings of one block of a list, at most.
pub(super) const BLOCK: usize = 128;

/// A posting list with the weights of its spelling and field.
#[derive(Debug)]
pub(crate) struct List {
    /// Position of the word in the query.
    pub(crate) word: usize,
    /// Whether it matters what stands beside the term.
    pub(crate) counts_side_by_side: bool,
    /// Weight of an occurrence in the marked evidence.
    pub(crate) marked: f32,
    /// Weight of an occurrence in the folded evidence.
    pub(crate) folded: f32,
    /// `boost · share · idf` of the marked and the folded evidence.
    marked_gain: f32,
    folded_gain: f32,
    k1: f32,
    /// The length factor of each document of the segment, over the fields that the word is looked for in.
    pub(crate) norms: Norms,
    posting: PostingRef,
}

impl List {
    /// A cursor at the list's first document.
    pub(crate) fn cursor(&self, view: &SegmentView<'_>, blocks: &mut Blocks) -> Result<Cursor> {
        let info = &self.posting.info;
        if info.doc_freq < BLOCK as u32 {
            return Ok(Cursor::short(blocks.open_list(&self.posting, view)?));
        }
        let index = view.index(self.posting.field)?;
        Ok(Cursor::long(index.read_block_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?))
    }

    /// A cursor that reads positions, at the list's first document.
    pub(crate) fn positions(&self, view: &SegmentView<'_>) -> Result<SegmentPostings> {
        let index = view.index(self.posting.field)?;
        Ok(index.read_postings_from_terminfo(&self.posting.info, IndexRecordOption::WithFreqsAndPositions)?)
    }

    /// A cursor at the list's first document that borrows its memory.
    pub(crate) fn asked<'b>(&self, view: &SegmentView<'_>, blocks: &'b mut Blocks) -> Result<Borrowed<'b>> {
        Ok(Borrowed::new(blocks.open_list(&self.posting, view)?))
    }

    /// How often the term stands in `doc`; 0 when it does not.
    pub(crate) fn frequency_in(&self, doc: DocId, view: &SegmentView<'_>) -> Result<u32> {
        let mut blocks = Blocks::of_frequencies();
        let mut list = self.asked(view, &mut blocks)?;
        Ok(if list.seek(doc) == doc { list.frequency() } else { 0 })
    }

    /// Position of the spelling among the word's.
    pub(crate) fn spelling(&self) -> usize {
        self.posting.spelling
    }

    /// Position of the field in the schema.
    pub(crate) fn field(&self) -> usize {
        self.posting.field
    }

    /// What no document gets more of from this list, from its marked and its folded evidence.
    ///
    /// The greatest frequency of a list would tell more, but not enough to be worth its reading: nearly every list has a
    /// document that comes near the bound.
    pub(super) fn most(&self) -> (f32, f32) {
        let marked = if self.marked > 0.0 { self.marked_gain } else { 0.0 };
        let folded = if self.folded > 0.0 { self.folded_gain } else { 0.0 };
        ((self.k1 + 1.0) * marked, (self.k1 + 1.0) * folded)
    }

    /// What a word gives whose evidence in a document is `marked` and `folded`.
    #[inline]
    pub(super) fn gain_of_word(&self, marked: f32, folded: f32) -> f32 {
        // 0 / 0 is no number.
        let saturated = |x: f32| if x > 0.0 { x / (x + self.k1) } else { 0.0 };
        (self.k1 + 1.0) * (self.marked_gain * saturated(marked) + self.folded_gain * saturated(folded))
    }

    /// What each `x` (frequency · length factor) gives, if no other list of the word adds to it.
    ///
    /// Saturation is concave and 0 at 0, so what the lists of a word give together is at least what the greatest gives
    /// alone, and at most the sum of what each gives alone.
    #[inline]
    pub(crate) fn gains(&self, xs: &[f32], gains: &mut [f32]) {
        let k1 = self.k1;
        let saturated = |x: f32| x / (x + k1);
        let (marked, folded) = (self.marked, self.folded);
        let (marked_gain, folded_gain) = (self.marked_gain * (k1 + 1.0), self.folded_gain * (k1 + 1.0));
        let pairs = gains.iter_mut().zip(xs);
        // Weights of 0 are left out also because 0 / 0 is no number.
        if marked == folded && marked > 0.0 {
            // The usual case: the spelling as typed.
            let gain = marked_gain + folded_gain;
            pairs.for_each(|(to, &x)| *to = gain * saturated(marked * x));
        } else if marked > 0.0 && folded > 0.0 {
            pairs.for_each(|(to, &x)| *to = marked_gain * saturated(marked * x) + folded_gain * saturated(folded * x));
        } else if marked > 0.0 {
            pairs.for_each(|(to, &x)| *to = marked_gain * saturated(marked * x));
        } else if folded > 0.0 {
            pairs.for_each(|(to, &x)| *to = folded_gain * saturated(folded * x));
        } else {
            pairs.for_each(|(to, _)| *to = 0.0);
        }
    }

    /// What `x` gives alone.
    #[inline]
    pub(crate) fn alone(&self, x: f32) -> f32 {
        let mut gain = [0.0];
        self.gains(&[x], &mut gain);
        gain[0]
    }
}

/// Opens the lists of a query's words in one segment, to `lists`.
pub(crate) fn open_lists(
    ranking: &Ranking,
    words: &[Word],
    view: &SegmentView<'_>,
    lists: &mut Vec<List>,
) -> Result<()> {
    lists.reserve(words.iter().map(|word| word.segments[view.ordinal].lists().len()).sum());
    // Words are nearly always looked for in the same fields.
    let mut last = None;
    for (position, word) in words.iter().enumerate() {
        let postings = word.segments[view.ordinal].lists();
        if postings.is_empty() {
            continue;
        }
        let norms = match &last {
            Some((target, norms)) if *target == &word.target => norms,
            _ => &last.insert((&word.target, view.norms(&word.target)?)).1,
        };
        for posting in postings {
            let spelling = &word.spellings[posting.spelling];
            let weight = view.field_weight(posting.field);
            lists.push(List {
                word: position,
                counts_side_by_side: spelling.counts_side_by_side(),
                marked: spelling.marked_weight * weight,
                folded: spelling.folded_weight * weight,
                marked_gain: word.marked_factor,
                folded_gain: word.folded_factor,
                k1: ranking.k1,
                norms: norms.clone(),
                posting: posting.clone(),
            });
        }
    }
    Ok(())
}
