//! Counters as they are while documents are indexed: quick to count one more. A table is made of them in the end.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::cells::Cells;
use super::{BigramCounts, CELLS};

/// What was counted so far. A counter that is full begins again at 0, and how often it did is kept apart: common pairs, a quarter of
/// an encyclopedia, ask the map once in 256 times.
#[derive(Default)]
pub(super) struct Tally {
    /// Counters that are to be raised by one, while these are few: a small commit takes no table.
    first: Vec<u32>,
    counters: Vec<u8>,
    turns: FxHashMap<u32, u32>,
}

/// More counters than these take a table.
const MOST_FIRST: usize = 1 << 15;

/// What a counter adds up to each time it begins again.
const TURN: u32 = u8::MAX as u32 + 1;

impl Tally {
    /// Counts pairs, given by their counters.
    pub(super) fn count_all(&mut self, pairs: &[[u32; 2]]) {
        let raised = pairs.as_flattened();
        if self.counters.is_empty() {
            if self.first.len() + raised.len() <= MOST_FIRST {
                return self.first.extend_from_slice(raised);
            }
            self.counters = vec![0; CELLS];
            let first = std::mem::take(&mut self.first);
            self.raise(&first);
        }
        self.raise(raised);
    }

    fn raise(&mut self, cells: &[u32]) {
        for &cell in cells {
            let counter = &mut self.counters[cell as usize];
            *counter = counter.wrapping_add(1);
            if *counter == 0 {
                let turns = self.turns.entry(cell).or_default();
                *turns = turns.saturating_add(1);
            }
        }
    }

    /// The table of what was counted.
    pub(super) fn into_counts(self) -> BigramCounts {
        let Tally { first, mut counters, turns } = self;
        let mut counts = BigramCounts::default();
        for cell in first {
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

impl std::fmt::Debug for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tally").field("full", &self.turns.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAST: u32 = CELLS as u32 - 1;
    const PAIRS: [([u32; 2], u32); 6] =
        [([0, LAST], 1), ([1, 2], 254), ([3, 2], 1), ([4, 5], 256), ([6, 7], 511), ([8, 7], 7_000)];

    fn tally() -> Tally {
        let mut tally = Tally::default();
        PAIRS.into_iter().for_each(|(pair, times)| (0..times).for_each(|_| tally.count_all(&[pair])));
        tally
    }

    fn check(counts: &BigramCounts) {
        let mut one_by_one = BigramCounts::default();
        for (pair, times) in PAIRS {
            pair.into_iter().for_each(|cell| one_by_one.add_to(cell, times));
        }
        for cell in (0..20).chain([LAST - 1, LAST]) {
            assert_eq!(counts.raw(cell), one_by_one.raw(cell), "counter {cell}");
        }
    }

    #[test]
    fn few_counts_take_no_table() {
        assert!(Tally::default().into_counts().is_empty());
        let counts = tally().into_counts();
        assert!(counts.cells.is_empty() && !counts.is_empty());
        check(&counts);
    }

    #[test]
    fn many_counts_are_the_table_of_single_counts() {
        let mut tally = tally();
        (0..MOST_FIRST).for_each(|_| tally.count_all(&[[30, 31]]));
        assert!(tally.first.is_empty() && tally.counters.len() == CELLS);
        let counts = tally.into_counts();
        check(&counts);
        assert_eq!([30, 31].map(|cell| counts.raw(cell)), [MOST_FIRST as u32; 2]);
        assert!(counts.since.is_empty());
    }
}
