//! Counters as they are while documents are indexed: quick to count one more. A table is made of them in the end.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::cells::Cells;
use super::{BigramCounts, CELLS, PLACE_BITS, Place};

/// What was counted so far.
///
/// To raise two counters anywhere in eight megabytes brings a line of memory into the processor's cache and pushes out another, which
/// is wanted again: what indexing reads all the time. So pairs wait, ordered by regions of the table, until a region has so
/// many that most of its lines are raised several times.
#[derive(Default)]
pub(super) struct Tally {
    /// Where pairs are to be counted, by region. A few of them take no table.
    waiting: Vec<Vec<Place>>,
    table: Table,
}

/// Regions of a table, as a power of two: each has a quarter of a megabyte, less than the second cache of a processor.
const REGION_BITS: u32 = 5;

/// So many pairs wait in each region at most: a sixteenth of its counters, eight for each of its lines. With a quarter of these
/// nothing is gained.
const MOST_WAITING: usize = 1 << 15;

/// More pairs than these take a table.
const MOST_FIRST: usize = 1 << 14;

impl Tally {
    /// Counts pairs.
    pub(super) fn count_all(&mut self, places: &[Place]) {
        self.waiting.resize(1 << REGION_BITS, Vec::new());
        for &place in places {
            let waiting = &mut self.waiting[(place.0 >> (PLACE_BITS - REGION_BITS)) as usize];
            waiting.push(place);
            if waiting.len() == MOST_WAITING {
                self.table.raise(waiting);
                waiting.clear();
            }
        }
    }

    /// Counts the pairs that wait, unless they are few, and gives back their memory.
    pub(super) fn settle(&mut self) {
        let waiting = self.waiting.iter().map(Vec::len).sum::<usize>();
        if waiting > MOST_FIRST || !self.table.counters.is_empty() {
            std::mem::take(&mut self.waiting).iter().for_each(|places| self.table.raise(places));
        }
    }

    /// The table of what was counted.
    pub(super) fn into_counts(mut self) -> BigramCounts {
        self.settle();
        let Table { mut counters, turns } = self.table;
        let mut counts = BigramCounts::default();
        for cell in self.waiting.iter().flatten().flat_map(|place| place.cells()) {
            *counts.since.entry(cell).or_default() += 1;
        }
        for (cell, turns) in turns {
            let counter = &mut counters[cell as usize];
            let beyond = turns.saturating_mul(TURN).saturating_add(u32::from(*counter)) - u32::from(u8::MAX);
            counts.more.insert(cell, beyond);
            *counter = u8::MAX;
        }
        counts.cells = Cells::InMemory(Arc::new(counters));
        counts
    }
}

/// A counter that is full begins again at 0, and how often it did is kept apart: common pairs, a quarter of an encyclopedia, ask
/// the map once in 256 times.
#[derive(Default)]
struct Table {
    counters: Vec<u8>,
    turns: FxHashMap<u32, u32>,
}

/// What a counter adds up to each time it begins again.
const TURN: u32 = u8::MAX as u32 + 1;

impl Table {
    fn raise(&mut self, places: &[Place]) {
        if self.counters.is_empty() {
            self.counters = vec![0; CELLS];
        }
        for place in places {
            place.cells().into_iter().for_each(|cell| self.raise_one(cell));
        }
    }

    fn raise_one(&mut self, cell: u32) {
        let counter = &mut self.counters[cell as usize];
        *counter = counter.wrapping_add(1);
        if *counter == 0 {
            let turns = self.turns.entry(cell).or_default();
            *turns = turns.saturating_add(1);
        }
    }
}

impl std::fmt::Debug for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tally").field("full", &self.table.turns.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAST: Place = Place((1 << PLACE_BITS) - 1);
    /// How often what is met; some share a counter.
    const PAIRS: [(Place, u32); 6] =
        [(LAST, 1), (Place(1), 254), (Place(33), 1), (Place(4), 256), (Place(1 << 26), 511), (Place(1 << 20), 7_000)];

    fn tally() -> Tally {
        let mut tally = Tally::default();
        PAIRS.into_iter().for_each(|(place, times)| (0..times).for_each(|_| tally.count_all(&[place])));
        tally
    }

    fn check(counts: &BigramCounts) {
        let mut one_by_one = BigramCounts::default();
        for (place, times) in PAIRS {
            place.cells().into_iter().for_each(|cell| one_by_one.add_to(cell, times));
        }
        let around =
            |&(place, _): &(Place, u32)| place.cells().into_iter().flat_map(|cell| [cell.saturating_sub(1), cell]);
        for cell in (0..100).chain(PAIRS.iter().flat_map(around)) {
            assert_eq!(counts.raw(cell), one_by_one.raw(cell), "counter {cell}");
        }
    }

    #[test]
    fn few_counts_take_no_table() {
        assert!(Tally::default().into_counts().is_empty());
        let mut tally = tally();
        tally.settle();
        let counts = tally.into_counts();
        assert!(counts.cells.is_empty() && !counts.is_empty());
        check(&counts);
    }

    #[test]
    fn many_counts_are_the_table_of_single_counts() {
        const MANY: Place = Place(3 << 10);
        const LATE: Place = Place(5 << 10);
        // Counted at the end, before that because a region has so many, and as a commit begins.
        for (times, settled) in [(MOST_FIRST, false), (MOST_WAITING + MOST_FIRST, false), (MOST_FIRST, true)] {
            let mut tally = tally();
            tally.count_all(&vec![MANY; times]);
            assert_eq!(tally.table.counters.is_empty(), times < MOST_WAITING);
            if settled {
                tally.settle();
                assert!(tally.waiting.is_empty() && tally.table.counters.len() == CELLS);
            }
            tally.count_all(&[LATE]);
            let counts = tally.into_counts();
            assert!(counts.since.is_empty());
            check(&counts);
            assert_eq!(MANY.cells().map(|cell| counts.raw(cell)), [times as u32; 2]);
            assert_eq!(LATE.cells().map(|cell| counts.raw(cell)), [1; 2]);
        }
    }
}
