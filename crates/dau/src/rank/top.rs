//! The best documents seen so far.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use smallvec::SmallVec;
use tantivy::DocAddress;

/// A document and its score. The order is by score, then by the order in which documents came to the index: never by
/// segment, so that results do not depend on how the index was written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Scored {
    pub(crate) score: f32,
    pub(crate) sequence: u64,
    pub(crate) segment: u32,
    pub(crate) doc: u32,
    /// The posting lists of the segment that hold the document: of short queries few, which need no memory of their own.
    pub(crate) held: SmallVec<[Held; 4]>,
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

/// Keeps the `limit` best documents offered to it.
#[derive(Debug)]
pub(crate) struct Top {
    limit: usize,
    /// As many documents as there is room for are known to score this much, though they may not have been offered yet.
    floor: Option<f32>,
    heap: BinaryHeap<std::cmp::Reverse<Scored>>,
}

impl Top {
    pub(crate) fn new(limit: usize) -> Top {
        // A limit may be larger than any index: room is made as documents come.
        Top { limit, floor: None, heap: BinaryHeap::with_capacity(limit.min(1024) + 1) }
    }

    /// The score that a document must reach to get in; none while there is room for any.
    #[inline]
    pub(crate) fn threshold(&self) -> Option<f32> {
        let worst = if self.heap.len() < self.limit { None } else { self.heap.peek().map(|worst| worst.0.score) };
        match (worst, self.floor) {
            (Some(worst), Some(floor)) => Some(worst.max(floor)),
            (worst, floor) => worst.or(floor),
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

    /// Whether a document would be kept if it were offered.
    pub(crate) fn admits(&self, score: f32, sequence: u64) -> bool {
        match self.heap.peek() {
            Some(worst) if self.heap.len() >= self.limit => worst.0.is_behind(score, sequence),
            _ => self.limit > 0,
        }
    }

    /// How many more documents are kept whatever their score.
    pub(crate) fn room(&self) -> usize {
        self.limit - self.heap.len()
    }

    /// Offers a document that is in the posting lists `held`.
    pub(crate) fn offer(&mut self, score: f32, sequence: u64, address: DocAddress, held: &[Held]) {
        let DocAddress { segment_ord: segment, doc_id: doc } = address;
        if self.heap.len() < self.limit {
            self.heap.push(std::cmp::Reverse(Scored { score, sequence, segment, doc, held: held.into() }));
        } else if let Some(mut worst) = self.heap.peek_mut()
            && worst.0.is_behind(score, sequence)
        {
            // The memory of the one that must go serves the new one.
            let mut kept = std::mem::take(&mut worst.0.held);
            kept.clear();
            kept.extend_from_slice(held);
            worst.0 = Scored { score, sequence, segment, doc, held: kept };
        }
    }

    /// Returns the documents, best first.
    pub(crate) fn into_sorted(self) -> Vec<Scored> {
        // Reversed entries in ascending order are documents in descending order.
        self.heap.into_sorted_vec().into_iter().map(|reversed| reversed.0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(top: &mut Top, score: f32, sequence: u64) {
        let held = Held { list: sequence as u32, x: score, stands: Stands::default() };
        top.offer(score, sequence, DocAddress::new(0, 0), &vec![held; sequence as usize]);
    }

    #[test]
    fn keeps_the_best_and_breaks_ties_by_age() {
        let mut top = Top::new(3);
        for (score, sequence) in [(1.0, 5), (2.0, 4), (1.0, 1), (0.5, 0), (1.0, 3)] {
            offer(&mut top, score, sequence);
        }
        assert_eq!((top.threshold(), top.room()), (Some(1.0), 0));
        assert!(top.admits(1.0, 2) && !top.admits(1.0, 3) && !top.admits(1.0, 4) && top.admits(1.5, 9));
        let best = top.into_sorted();
        assert!(best.iter().all(|s| s.held.len() as u64 == s.sequence && s.held.iter().all(|held| held.x == s.score)));
        let best: Vec<(f32, u64)> = best.iter().map(|s| (s.score, s.sequence)).collect();
        assert_eq!(best, [(2.0, 4), (1.0, 1), (1.0, 3)]);
    }

    #[test]
    fn no_room_at_all() {
        let mut top = Top::new(0);
        assert!(!top.admits(1.0, 0) && top.room() == 0);
        offer(&mut top, 1.0, 0);
        assert!(top.into_sorted().is_empty());
    }
}
