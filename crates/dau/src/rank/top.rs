//! The best documents seen so far.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::ops::Range;

use tantivy::DocAddress;

/// A document and its score. The order is by score, then by the order in which documents came to the index: never by
/// segment, so that results do not depend on how the index was written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scored {
    pub(crate) score: f32,
    pub(crate) sequence: u64,
    pub(crate) segment: u32,
    pub(crate) doc: u32,
    pub(crate) holders: HeldBy,
}

/// Which part of [`Best::held`] has the posting lists that hold a document.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct HeldBy {
    start: u32,
    len: u32,
}

impl HeldBy {
    pub(crate) fn count(self) -> usize {
        self.len as usize
    }

    fn range(self) -> Range<usize> {
        self.start as usize..self.start as usize + self.count()
    }

    /// Its part of [`Best::held`].
    pub(crate) fn of(self, held: &[Held]) -> &[Held] {
        &held[self.range()]
    }
}

/// That a posting list holds a document.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Held {
    /// Number of the list.
    pub(crate) list: u32,
    /// The frequency there, times the document's length factor.
    pub(crate) x: f32,
    /// Which positions it has there.
    pub(crate) stands: Stands,
}

/// Where the positions of a term in a document are.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Stands {
    /// In the index only.
    #[default]
    Unread,
    /// From `start` to before `end` of those that were read of the segment.
    Read { start: u32, end: u32 },
    /// From `start` to before `end` of those of the word that are in memory.
    Known { start: u32, end: u32 },
}

impl Scored {
    /// Whether a document with this score and sequence number comes before this one.
    fn is_behind(&self, score: f32, sequence: u64) -> bool {
        self.score.total_cmp(&score).then(sequence.cmp(&self.sequence)).is_lt()
    }
}

impl Eq for Scored {}

impl Ord for Scored {
    /// The better document is the greater.
    fn cmp(&self, other: &Scored) -> Ordering {
        self.score.total_cmp(&other.score).then_with(|| other.sequence.cmp(&self.sequence))
    }
}

impl PartialOrd for Scored {
    fn partial_cmp(&self, other: &Scored) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Keeps the `limit` best documents offered to it. Its memory serves one search after the other.
#[derive(Debug, Default)]
pub(crate) struct Top {
    limit: usize,
    /// As many documents as there is room for are known to score this much, though they may not have been offered yet.
    floor: Option<f32>,
    /// The documents, while there is room for any: none has to make room for another, so they need no order.
    first: Vec<Scored>,
    /// The documents from then on, the worst on top.
    heap: BinaryHeap<Reverse<Scored>>,
    /// The posting lists that hold the documents, and some that held one that had to go.
    held: Vec<Held>,
    /// How long `held` may grow before those are taken out.
    most_held: usize,
}

/// The best documents.
#[derive(Debug)]
pub(crate) struct Best<'a> {
    /// In any order.
    pub(crate) documents: &'a mut [Scored],
    /// The posting lists that hold them, as their [`HeldBy`] say.
    pub(crate) held: &'a [Held],
}

/// Documents, and posting lists that hold them, for which memory is kept from search to search.
const KEPT_DOCUMENTS: usize = 1 << 10;
const KEPT_HELD: usize = 1 << 13;

/// Posting lists that hold documents, kept however few of these are left.
const LEAST_HELD: usize = 1 << 12;

impl Top {
    /// Starts anew. A limit may be larger than any index: room is made as documents come.
    pub(crate) fn begin(&mut self, limit: usize) {
        (self.limit, self.floor, self.most_held) = (limit, None, LEAST_HELD);
        self.first.clear();
        self.heap.clear();
        self.held.clear();
        self.first.shrink_to(KEPT_DOCUMENTS);
        self.heap.shrink_to(KEPT_DOCUMENTS);
        self.held.shrink_to(KEPT_HELD);
    }

    /// The score that a document must reach to get in; none while there is room for any.
    #[inline]
    pub(crate) fn threshold(&self) -> Option<f32> {
        match (self.heap.peek(), self.floor) {
            (Some(worst), Some(floor)) => Some(worst.0.score.max(floor)),
            (worst, floor) => worst.map(|worst| worst.0.score).or(floor),
        }
    }

    /// Says that as many documents as there is room for score at least `floor`.
    pub(crate) fn raise_floor(&mut self, floor: f32) {
        self.floor = Some(self.floor.map_or(floor, |old| old.max(floor)));
    }

    /// How many documents are kept.
    pub(crate) fn limit(&self) -> usize {
        self.limit
    }

    /// How many more documents are kept whatever their score.
    pub(crate) fn room(&self) -> usize {
        self.limit - self.first.len() - self.heap.len()
    }

    /// Offers a document that is in the posting lists `held`. Its sequence number is asked for if it may get in.
    pub(crate) fn offer(&mut self, score: f32, sequence: impl FnOnce() -> u64, address: DocAddress, held: &[Held]) {
        let worst = self.heap.peek().map(|worst| worst.0);
        if self.limit == 0 || worst.is_some_and(|worst| score.total_cmp(&worst.score).is_lt()) {
            return;
        }
        let sequence = sequence();
        if worst.is_some_and(|worst| !worst.is_behind(score, sequence)) {
            return;
        }
        let DocAddress { segment_ord: segment, doc_id: doc } = address;
        let holders = self.hold(held);
        let scored = Scored { score, sequence, segment, doc, holders };
        if let Some(mut worst) = self.heap.peek_mut() {
            worst.0 = scored;
            return;
        }
        self.first.push(scored);
        if self.first.len() == self.limit {
            self.heap.extend(self.first.drain(..).map(Reverse));
        }
    }

    /// Notes the posting lists of a document.
    fn hold(&mut self, held: &[Held]) -> HeldBy {
        if self.held.len() + held.len() > self.most_held {
            self.forget_holders();
        }
        let start = self.held.len() as u32;
        self.held.extend_from_slice(held);
        HeldBy { start, len: held.len() as u32 }
    }

    /// Takes out the posting lists of documents that had to go.
    fn forget_holders(&mut self) {
        let all = std::mem::take(&mut self.held);
        let held = &mut self.held;
        let mut keep = |scored: &mut Scored| {
            let start = held.len() as u32;
            held.extend_from_slice(scored.holders.of(&all));
            scored.holders.start = start;
        };
        self.first.iter_mut().for_each(&mut keep);
        let mut kept = std::mem::take(&mut self.heap).into_vec();
        kept.iter_mut().for_each(|scored| keep(&mut scored.0));
        self.heap = kept.into();
        self.most_held = (2 * self.held.len()).max(LEAST_HELD);
    }

    /// Returns the documents. No more can be offered until the next beginning.
    pub(crate) fn best(&mut self) -> Best<'_> {
        self.first.extend(self.heap.drain().map(|scored| scored.0));
        Best { documents: &mut self.first, held: &self.held }
    }
}

/// Brings the best `wanted` of some documents to the front, best first.
pub(crate) fn sort_best(documents: &mut [Scored], wanted: usize) {
    let best_first = |a: &Scored, b: &Scored| b.cmp(a);
    if wanted < documents.len() {
        documents.select_nth_unstable_by(wanted, best_first);
    }
    let wanted = wanted.min(documents.len());
    documents[..wanted].sort_unstable_by(best_first);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn top(limit: usize) -> Top {
        let mut top = Top::default();
        top.begin(limit);
        top
    }

    fn offer(top: &mut Top, score: f32, sequence: u64) {
        let held = Held { list: sequence as u32, x: score, stands: Stands::default() };
        top.offer(score, || sequence, DocAddress::new(0, 0), &vec![held; sequence as usize]);
    }

    #[test]
    fn keeps_the_best_and_breaks_ties_by_age() {
        let mut top = top(3);
        for (score, sequence) in [(1.0, 5), (2.0, 4), (1.0, 1), (0.5, 0), (1.0, 3)] {
            offer(&mut top, score, sequence);
        }
        assert_eq!((top.threshold(), top.room()), (Some(1.0), 0));
        top.offer(0.9, || panic!("a document that is worse whatever its number"), DocAddress::new(0, 0), &[]);
        assert_eq!(best_of(&mut top), [(2.0, 4), (1.0, 1), (1.0, 3)]);
    }

    /// Scores and sequence numbers of the best, which must have been offered by `offer`.
    fn best_of(top: &mut Top) -> Vec<(f32, u64)> {
        let Best { documents, held } = top.best();
        sort_best(documents, usize::MAX);
        for scored in &*documents {
            let held = scored.holders.of(held);
            assert!(held.len() as u64 == scored.sequence && held.iter().all(|held| held.x == scored.score));
        }
        documents.iter().map(|scored| (scored.score, scored.sequence)).collect()
    }

    #[test]
    fn fewer_documents_than_there_is_room_for() {
        let mut top = top(4);
        for (score, sequence) in [(1.0, 5), (3.0, 4), (2.0, 1)] {
            offer(&mut top, score, sequence);
        }
        assert_eq!((top.threshold(), top.room()), (None, 1));
        top.raise_floor(0.5);
        assert_eq!(top.threshold(), Some(0.5));
        assert_eq!(best_of(&mut top), [(3.0, 4), (2.0, 1), (1.0, 5)]);
    }

    #[test]
    fn posting_lists_of_documents_that_had_to_go_are_forgotten() {
        let mut top = top(3);
        for sequence in 1..2000 {
            offer(&mut top, sequence as f32, sequence);
            assert!(top.held.len() <= 2 * LEAST_HELD.max(3 * sequence as usize), "{}", top.held.len());
        }
        assert_eq!(best_of(&mut top), [(1999.0, 1999), (1998.0, 1998), (1997.0, 1997)]);
    }

    #[test]
    fn nothing_is_left_of_the_search_before() {
        let mut top = top(2);
        (1..9).for_each(|sequence| offer(&mut top, 1.0, sequence));
        top.raise_floor(3.0);
        top.begin(3);
        assert_eq!((top.threshold(), top.room()), (None, 3));
        offer(&mut top, 0.5, 7);
        assert_eq!(best_of(&mut top), [(0.5, 7)]);
        top.begin(2);
        (1..4).for_each(|sequence| offer(&mut top, 1.0, sequence));
        assert_eq!(best_of(&mut top), [(1.0, 1), (1.0, 2)]);
    }

    #[test]
    fn no_room_at_all() {
        let mut top = top(0);
        assert_eq!(top.room(), 0);
        offer(&mut top, 1.0, 0);
        assert!(top.best().documents.is_empty());
    }
}
