//! Counters as they are while documents are indexed: quick to count one more. A table is made of them in the end.

use rustc_hash::FxHashMap;

use super::cells::Cells;
use super::{BigramCounts, CELLS};

/// What was counted so far. A counter that is full begins again at 0, and how often it did is kept apart: common pairs, a quarter of
/// an encyclopedia, ask the map once in 256 times.
#[derive(Default)]
pub(super) struct Tally {
    counters: Vec<u8>,
    turns: FxHashMap<u32, u32>,
}

/// What a counter adds up to each time it begins again.
const TURN: u32 = u8::MAX as u32 + 1;

impl Tally {
    /// Counts pairs, given by their counters.
    pub(super) fn count_all(&mut self, pairs: &[[u32; 2]]) {
        if pairs.is_empty() {
            return;
        }
        if self.counters.is_empty() {
            self.counters = vec![0; CELLS];
        }
        for &cell in pairs.as_flattened() {
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
        let Tally { mut counters, turns } = self;
        let mut more = FxHashMap::with_capacity_and_hasher(turns.len(), Default::default());
        for (cell, turns) in turns {
            let counter = &mut counters[cell as usize];
            let beyond = turns.saturating_mul(TURN).saturating_add(u32::from(*counter)) - u32::from(u8::MAX);
            more.insert(cell, beyond);
            *counter = u8::MAX;
        }
        BigramCounts { cells: Cells::InMemory(counters), more, ..BigramCounts::default() }
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

    #[test]
    fn a_tally_is_the_table_of_single_counts() {
        let (mut tally, mut one_by_one) = (Tally::default(), BigramCounts::default());
        assert!(std::mem::take(&mut tally).into_counts().is_empty());
        let last = CELLS as u32 - 1;
        for (pair, times) in
            [([0, last], 1), ([1, 2], 254), ([3, 2], 1), ([4, 5], 256), ([6, 7], 511), ([8, 7], 70_000)]
        {
            for _ in 0..times {
                tally.count_all(&[pair]);
                pair.into_iter().for_each(|cell| one_by_one.add_to(cell, 1));
            }
        }
        let counts = tally.into_counts();
        assert_eq!((&*counts.cells, &counts.more), (&*one_by_one.cells, &one_by_one.more));
        assert_eq!([0, 1, 2, 4, 6, 7, 8].map(|cell| counts.raw(cell)), [1, 254, 255, 256, 511, 70_511, 70_000]);
    }
}
