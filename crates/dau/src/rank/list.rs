//! The posting lists of the words of a query, within one segment, and what each can give.

use std::sync::Arc;

use tantivy::DocId;
use tantivy::index::InvertedIndexReader;
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
pub(crate) struct List {
    /// Position of the word in the query.
    pub(crate) word: usize,
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
    index: Arc<InvertedIndexReader>,
    posting: PostingRef,
}

impl List {
    /// A cursor at the list's first document.
    pub(crate) fn cursor(&self, blocks: &mut Blocks) -> Result<Cursor> {
        let info = &self.posting.info;
        if info.doc_freq < BLOCK as u32 {
            return Ok(Cursor::short(blocks.open(&self.index, self.posting.field, info)?));
        }
        Ok(Cursor::long(self.index.read_block_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?))
    }

    /// A cursor that reads positions, at the list's first document.
    pub(crate) fn positions(&self) -> Result<SegmentPostings> {
        Ok(self.index.read_postings_from_terminfo(&self.posting.info, IndexRecordOption::WithFreqsAndPositions)?)
    }

    /// A cursor at the list's first document that borrows its memory.
    pub(crate) fn asked<'b>(&self, blocks: &'b mut Blocks) -> Result<Borrowed<'b>> {
        Ok(Borrowed::new(blocks.open(&self.index, self.posting.field, &self.posting.info)?))
    }

    /// How often the term stands in `doc`; 0 when it does not.
    pub(crate) fn frequency_in(&self, doc: DocId) -> Result<u32> {
        let mut blocks = Blocks::of_frequencies();
        let mut list = self.asked(&mut blocks)?;
        Ok(if list.seek(doc) == doc { list.frequency() } else { 0 })
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

    /// No document gets more than this from this list.
    ///
    /// The greatest frequency of a list would tell more, but not enough to be worth its reading: nearly every list has a
    /// document that comes near the bound.
    fn most(&self) -> f32 {
        let marked = if self.marked > 0.0 { self.marked_gain } else { 0.0 };
        let folded = if self.folded > 0.0 { self.folded_gain } else { 0.0 };
        (self.k1 + 1.0) * (marked + folded)
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

/// Opens the lists of a query's words in one segment.
pub(crate) fn open_lists(ranking: &Ranking, words: &[Word], view: &SegmentView<'_>) -> Result<Vec<List>> {
    let mut lists: Vec<List> = Vec::new();
    for (position, word) in words.iter().enumerate() {
        let postings = &word.segments[view.ordinal];
        if postings.is_empty() {
            continue;
        }
        let norms = view.norms(&word.target)?;
        let mut of_field = None;
        for posting in postings {
            let index = match &of_field {
                Some((field, index)) if *field == posting.field => Arc::clone(index),
                _ => Arc::clone(&of_field.insert((posting.field, view.index(posting.field)?)).1),
            };
            let spelling = &word.spellings[posting.spelling];
            let weight = view.field_weight(posting.field);
            lists.push(List {
                word: position,
                marked: spelling.marked_weight * weight,
                folded: spelling.folded_weight * weight,
                marked_gain: word.marked_factor,
                folded_gain: word.folded_factor,
                k1: ranking.k1,
                norms: norms.clone(),
                index,
                posting: posting.clone(),
            });
        }
    }
    Ok(lists)
}

/// An order in which lists are read.
pub(crate) struct Order {
    /// Numbers of the lists.
    pub(crate) numbers: Vec<usize>,
    /// What the lists from each place on add to a document at most, together; and 0 at the end.
    pub(crate) rest: Vec<f32>,
    /// The number of leading lists, if these come first. Then no two of the first ones are of the same word.
    pub(crate) leaders: Option<usize>,
}

impl Order {
    /// The lists that can give most come first.
    pub(crate) fn by_strength(lists: &[List]) -> Order {
        let mut numbers: Vec<usize> = (0..lists.len()).collect();
        numbers.sort_by(|&a, &b| lists[b].most().total_cmp(&lists[a].most()));
        Order { rest: rest_of(lists, &numbers), numbers, leaders: None }
    }

    /// The order of the query; any list may give anything.
    pub(crate) fn as_they_come(lists: &[List]) -> Order {
        Order { numbers: (0..lists.len()).collect(), rest: vec![f32::INFINITY; lists.len() + 1], leaders: None }
    }

    /// Of each word the list that can give most, the longest of such, comes before all others.
    pub(crate) fn leaders_first(lists: &[List]) -> Order {
        let Order { mut numbers, .. } = Order::by_strength(lists);
        let mut leads = vec![false; lists.len()];
        let mut leaders = 0;
        let strength = |list: &List| (list.most(), list.doc_freq());
        for of_word in (0..lists.len()).collect::<Vec<_>>().chunk_by(|&a, &b| lists[a].word == lists[b].word) {
            let stronger = |&&a: &&usize, &&b: &&usize| {
                let (a, b) = (strength(&lists[a]), strength(&lists[b]));
                a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))
            };
            if let Some(&leader) = of_word.iter().max_by(stronger) {
                leads[leader] = true;
                leaders += 1;
            }
        }
        numbers.sort_by_key(|&number| !leads[number]);
        Order { rest: rest_of(lists, &numbers), numbers, leaders: Some(leaders) }
    }
}

/// What several lists of one word give together is bounded by what the word gives: they share one saturation.
fn rest_of(lists: &[List], numbers: &[usize]) -> Vec<f32> {
    // Whether the marked and the folded evidence of each word are in the sum.
    let words = lists.iter().map(|list| list.word + 1).max().unwrap_or(0);
    let mut counted = vec![(false, false); words];
    let mut sum = 0.0f64;
    let mut rest = vec![0.0; numbers.len() + 1];
    for (place, &number) in numbers.iter().enumerate().rev() {
        let list = &lists[number];
        let (marked, folded) = &mut counted[list.word];
        if list.marked > 0.0 && !std::mem::replace(marked, true) {
            sum += f64::from(list.marked_gain) * f64::from(list.k1 + 1.0);
        }
        if list.folded > 0.0 && !std::mem::replace(folded, true) {
            sum += f64::from(list.folded_gain) * f64::from(list.k1 + 1.0);
        }
        // Rounding must never bring a bound below what it bounds.
        rest[place] = (sum * 1.000_001) as f32;
    }
    rest
}
