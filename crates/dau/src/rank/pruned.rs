//! Finding the best documents without looking at all of them: MaxScore (Turtle and Flood 1995) over windows.
//!
//! The lists are ordered by the most that each can give. As soon as the weakest of them together cannot lift a document
//! over the threshold, they bring no candidates: only the others, the essential lists, are read, a window of documents
//! at a time; the weak ones are asked about candidates that may still make it. A candidate's score is then computed
//! anew, word by word in the order of the query, so that it is the same to the last bit in any segment.

use std::cell::LazyCell;

use smallvec::{SmallVec, smallvec};
use tantivy::{DocAddress, DocId};

use super::blocks::Blocks;
use super::cursor::Cursor;
use super::top::Held;
use super::unit::{Order, Source, Unit};
use super::window::{WIDE_WINDOW, WINDOW, Window};
use super::{List, Ranking, Top, Word};
use crate::error::Result;
use crate::search::{Bits, SegmentView};

/// Bounds are sums of rounded numbers: a document this near below the threshold is still looked at.
const SLACK: f32 = 1e-4;

/// What is looked at and where the results go.
pub(crate) struct Segment<'a> {
    pub(crate) view: &'a SegmentView<'a>,
    /// Documents that may be returned; all when `None`.
    pub(crate) accepted: Option<&'a Bits>,
    /// Whether positions are asked for later: where no document is passed over, they are read at once.
    pub(crate) positions: bool,
    pub(crate) sequences: &'a dyn Fn(DocId) -> u64,
}

impl Segment<'_> {
    fn offer(&self, top: &mut Top, doc: DocId, score: f32, held: &[Held]) {
        // The floor of the threshold is rounded in its own way: only what was kept is compared exactly.
        if score < needed_score(top) {
            return;
        }
        top.offer(score, || (self.sequences)(doc), DocAddress::new(self.view.ordinal as u32, doc), held);
    }
}

/// Offers the documents of a segment that are among the best to `top`. Returns the positions that were read meanwhile.
pub(crate) fn collect_best(
    words: &[Word],
    lists: &[List],
    units: &[Unit<'_>],
    segment: &Segment<'_>,
    window: &mut Window,
    top: &mut Top,
) -> Result<Vec<u32>> {
    window.prepare(units);
    let documents = u64::from(segment.view.documents());
    let count = segment.accepted.map_or(documents, Bits::count);
    let sparse = segment.accepted.filter(|_| is_sparse(count, documents));
    let is_choice = sparse.is_none() || count > top.room() as u64;
    let mut pass = Pass {
        lists,
        units,
        segment,
        few: segment.accepted.filter(|_| count * FEW <= documents),
        blocks: Blocks::of_frequencies(),
        cursors: Vec::new(),
        tails: smallvec![0; units.len()],
        scorer: Scorer::new(segment.view.ranking, words, std::mem::take(&mut window.held)),
        window,
    };
    if let Some(accepted) = sparse {
        let order = match top.threshold() {
            _ if !is_choice => Order::as_they_come(units),
            None => Order::leaders_first(units),
            Some(_) => Order::by_strength(units),
        };
        pass.read_few(accepted, &order, segment.positions && !is_choice, top)?;
        pass.score(top);
        return Ok(pass.finish());
    }
    let (first, later) = (LazyCell::new(|| Order::leaders_first(units)), LazyCell::new(|| Order::by_strength(units)));
    let size = if units.iter().all(Unit::is_in_memory) { WIDE_WINDOW } else { WINDOW };
    for start in (0..segment.view.documents()).step_by(size as usize) {
        let order: &Order = if top.threshold().is_none() { &first } else { &later };
        if order.rest[0] < needed_score(top) {
            break;
        }
        pass.read(start, (start + size).min(segment.view.documents()), order, top)?;
        pass.score(top);
    }
    Ok(pass.finish())
}

/// The accepted documents are not many where they are one of so many.
const FEW: u64 = 3;

/// Whether the accepted documents are so few that they are one window, in which lists are only asked.
fn is_sparse(accepted: u64, documents: u64) -> bool {
    /// Of so many documents one.
    const SPARSE: u64 = 16;
    accepted <= u64::from(WINDOW) && accepted * SPARSE <= documents
}

/// One pass over the windows of a segment.
struct Pass<'a> {
    lists: &'a [List],
    units: &'a [Unit<'a>],
    segment: &'a Segment<'a>,
    /// The accepted documents if they are not many.
    few: Option<&'a Bits>,
    blocks: Blocks,
    /// Of units that are lists; opened when first needed, and no room for any before.
    cursors: Vec<Option<Cursor>>,
    /// Of units that are tails: how many postings have been read.
    tails: SmallVec<[usize; 16]>,
    window: &'a mut Window,
    scorer: Scorer<'a>,
}

impl Pass<'_> {
    /// Gives back the memory that was worked in. Returns the positions that were read.
    fn finish(self) -> Vec<u32> {
        self.window.held = self.scorer.held;
        std::mem::take(&mut self.window.positions)
    }

    /// Finds the window's documents that may be among the best, with the most that each can score.
    fn read(&mut self, start: DocId, end: DocId, order: &Order, top: &mut Top) -> Result<()> {
        let accepted = self.segment.accepted;
        self.window.begin(start, end);
        let mut rest = order.numbers.iter().zip(&order.rest[1..]).enumerate();
        let mut essential = 0;
        // To add up impacts costs less than to choose among what the others give.
        let is_quick = |place: usize| order.numbers.get(place).is_some_and(|&number| self.units[number].has_impacts());
        while (order.rest[essential] >= needed_score(top) || is_quick(essential))
            && let Some((place, (&number, _))) = rest.next()
        {
            self.add(number)?;
            essential = place + 1;
            if order.leaders == Some(essential) {
                self.window.raise_floor(accepted, top);
            }
        }
        // The threshold does not change from here on.
        let needed = needed_score(top);
        let mut kept = order.rest[essential];
        self.window.choose(accepted, kept, needed);
        for (_, (&number, &weaker)) in rest {
            if self.window.candidates.is_empty() {
                return Ok(());
            }
            if self.window.is_worth_asking(&self.units[number], self.segment.view.documents()) {
                self.ask(number)?;
            } else {
                self.add(number)?;
            }
            // Not after each of many lists that change next to nothing.
            if kept - weaker > needed * WORTH_KEEPING {
                self.window.keep(weaker, needed);
                kept = weaker;
            }
        }
        Ok(())
    }

    /// Reads a unit's part of the window.
    fn add(&mut self, number: usize) -> Result<()> {
        match &self.units[number].source {
            Source::List(list) => {
                let list = &self.lists[*list];
                self.window.add(
                    number,
                    list,
                    opened(&mut self.cursors, number, list, self.segment.view, &mut self.blocks)?,
                    self.few,
                );
            }
            Source::Tail { first, postings } => {
                self.window.add_tail(number, &self.lists[*first..], postings, &mut self.tails[number]);
            }
            Source::Impacts { impacts, entries, step, .. } => self.window.add_impacts(impacts, entries, *step),
        }
        Ok(())
    }

    /// Asks a unit about the candidates.
    fn ask(&mut self, number: usize) -> Result<()> {
        match &self.units[number].source {
            Source::List(list) => {
                let list = &self.lists[*list];
                self.window.ask(
                    number,
                    list,
                    opened(&mut self.cursors, number, list, self.segment.view, &mut self.blocks)?,
                );
            }
            Source::Tail { first, postings } => {
                self.window.ask_tail(number, &self.lists[*first..], postings, &mut self.tails[number]);
            }
            Source::Impacts { impacts, entries, step, .. } => self.window.ask_impacts(impacts, entries, *step),
        }
        Ok(())
    }

    /// As [`Pass::read`], for few accepted documents of the whole segment: each list is asked, once.
    fn read_few(&mut self, accepted: &Bits, order: &Order, positions: bool, top: &mut Top) -> Result<()> {
        self.window.begin_few(accepted.to_list());
        let mut kept = f32::INFINITY;
        for (place, &number) in order.numbers.iter().enumerate() {
            let rest = order.rest[place];
            if order.leaders == Some(place) {
                self.window.raise_floor(Some(accepted), top);
                kept = f32::INFINITY;
            }
            let needed = needed_score(top);
            if kept - rest > needed * WORTH_KEEPING {
                self.window.keep(rest, needed);
                kept = rest;
            }
            if self.window.candidates.is_empty() {
                return Ok(());
            }
            match &self.units[number].source {
                Source::List(list) => {
                    let list = &self.lists[*list];
                    let view = self.segment.view;
                    if positions && list.counts_side_by_side {
                        self.window.ask(number, list, &mut list.positions(view)?);
                    } else {
                        self.window.ask(number, list, &mut list.asked(view, &mut self.blocks)?);
                    }
                }
                Source::Tail { .. } | Source::Impacts { .. } => self.ask(number)?,
            }
        }
        self.window.keep_held();
        Ok(())
    }

    /// Scores the candidates, the likeliest first: each that gets in may spare others.
    fn score(&mut self, top: &mut Top) {
        let mut candidates = std::mem::take(&mut self.window.candidates);
        let first = candidates.len().min(top.limit());
        if first < candidates.len() {
            candidates.select_nth_unstable_by(first, |&a, &b| self.window.likelier(a, b));
        }
        let (likeliest, others) = candidates.split_at_mut(first);
        self.score_each(likeliest, top);
        // Those that the likeliest have put out of the running need no order.
        let kept = self.window.reaching(others, needed_score(top));
        self.score_each(&mut others[..kept], top);
        self.window.candidates = candidates;
    }

    /// Asks the memory for what is read of documents that are scored: one read after the other, each would be waited for.
    fn fetch(&self, docs: &[DocId]) {
        let entries = || {
            self.units.iter().filter_map(|unit| match unit.source {
                Source::Impacts { entries, .. } => Some(entries),
                _ => None,
            })
        };
        entries().for_each(|entries| entries.fetch_groups(docs));
        if let Some(list) = self.lists.first() {
            list.norms.fetch(docs);
        }
        entries().for_each(|entries| entries.fetch_places(docs));
        entries().for_each(|entries| entries.fetch_entries(docs));
    }

    fn score_each(&mut self, candidates: &mut [u16], top: &mut Top) {
        // Where there is room for all, none puts another one out of the running.
        if candidates.len() > top.room() {
            candidates.sort_unstable_by(|&a, &b| self.window.likelier(a, b));
        }
        let docs: SmallVec<[DocId; 64]> = candidates.iter().map(|&at| self.window.doc(at)).collect();
        self.fetch(&docs);
        for &at in &*candidates {
            if !self.window.may_reach(at, needed_score(top)) {
                continue;
            }
            self.window.holding(self.units, self.lists, at, &mut self.scorer.held);
            let score = self.scorer.score(self.lists);
            self.segment.offer(top, self.window.doc(at), score, &self.scorer.held);
        }
    }
}

/// How much less the unread lists must add, as a share of the threshold, for the candidates to be looked through again.
const WORTH_KEEPING: f32 = 0.02;

fn opened<'a>(
    cursors: &'a mut Vec<Option<Cursor>>,
    number: usize,
    list: &List,
    view: &SegmentView<'_>,
    blocks: &mut Blocks,
) -> Result<&'a mut Cursor> {
    if number >= cursors.len() {
        cursors.resize_with(number + 1, || None);
    }
    match &mut cursors[number] {
        Some(cursor) => Ok(cursor),
        empty => Ok(empty.insert(list.cursor(view, blocks)?)),
    }
}

/// The least score worth looking at.
fn needed_score(top: &Top) -> f32 {
    top.threshold().map_or(0.0, |threshold| threshold * (1.0 - SLACK))
}

/// Computes the exact score of a document.
struct Scorer<'a> {
    ranking: &'a Ranking,
    words: &'a [Word],
    /// Marked and folded evidence, one a word.
    evidence: SmallVec<[(f32, f32); 8]>,
    /// The lists that hold the document, in the order of the query: a sum in the order of their strength in this segment
    /// would be rounded otherwise in another one.
    held: Vec<Held>,
}

impl<'a> Scorer<'a> {
    fn new(ranking: &'a Ranking, words: &'a [Word], held: Vec<Held>) -> Scorer<'a> {
        Scorer { ranking, words, evidence: smallvec![(0.0, 0.0); words.len()], held }
    }

    fn score(&mut self, lists: &[List]) -> f32 {
        self.evidence.fill((0.0, 0.0));
        for &Held { list, x, .. } in &self.held {
            let list = &lists[list as usize];
            let (marked, folded) = &mut self.evidence[list.word];
            *marked += list.marked * x;
            *folded += list.folded * x;
        }
        let parts = self.words.iter().zip(&self.evidence);
        parts.map(|(word, &(marked, folded))| word.score(self.ranking, marked, folded)).sum()
    }
}
