//! How often two words stand side by side in the whole index. Knows nothing of queries or scores.
//!
//! Two neighbouring syllables are what Vietnamese makes words of, and most of what tells a syllable's marks, or a
//! mistyped one, are its neighbours. The table has a fixed number of counters, and a pair's counter is chosen by a hash of the
//! two marked forms: a count-min sketch (Cormode and Muthukrishnan 2005) of two rows. Both counters of a pair are in one
//! block, as in a blocked Bloom filter (Putze, Sanders and Singler 2007): to count a pair or to ask for its count touches
//! one place in memory, not two. So a table takes eight megabytes at most whatever the index holds, two tables add
//! up to exactly the table of all their texts, and counts do not depend on segments or threads. What a few small commits
//! have counted is a list beside the table, until it has grown so much that it is added to it: so a small commit writes a
//! small file. A count is too high where other pairs share both counters; [`BigramCounts::count`] takes off what pairs that
//! never occur have.

mod cells;
mod counter;
mod disk;
mod tally;

use std::sync::OnceLock;

use prefetch_index::prefetch_index;
use rustc_hash::FxHashMap;

use cells::Cells;

pub(crate) use counter::{BigramCounter, Counting};
pub(crate) use disk::{file_name, number_of};

/// Blocks of a table: 2 to the power of this.
const BLOCK_BITS: u32 = 17;
/// Counters that a block has of each row: 2 to the power of this.
const HALF_BITS: u32 = 5;
const HALF: u32 = 1 << HALF_BITS;
/// Counters of a block: as many as a line of the processor's cache has bytes. Whether it begins where a line does makes no
/// difference that could be measured.
const BLOCK: usize = 2 << HALF_BITS;
/// Counters of a table.
pub(crate) const CELLS: usize = BLOCK << BLOCK_BITS;

/// A longer list of counters beside the table is added to it. Up to here its file takes some 50 KB.
const MOST_SINCE: usize = 1 << 14;

/// Pairs looked at to find what one has that never occurs.
const SAMPLED_PAIRS: u64 = 1 << 12;
/// They lie in one part of the table, a 32nd, as a power of two: where a pair lies is a matter of chance, and a process that searches
/// once is not to have all of a large file brought into memory.
const SAMPLED_PART: u32 = 5;

/// A number for a word, the same on every machine and in every version of the index format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WordHash(u64);

/// An odd number with no pattern in its bits: the golden ratio's fraction.
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

impl WordHash {
    /// The number of a marked form. Most words have up to eight bytes: two overlapping reads and one multiplication.
    #[inline]
    pub(crate) fn of(marked: &str) -> WordHash {
        let bytes = marked.as_bytes();
        let mut hash = bytes.len() as u64;
        let mut rest = bytes;
        while let Some((chunk, after)) = rest.split_first_chunk::<8>() {
            hash = mix(hash ^ u64::from_le_bytes(*chunk));
            rest = after;
        }
        WordHash(mix(hash ^ last_bytes(bytes, rest)))
    }

    /// The upper half, in which all bits of the word have a part.
    #[inline]
    pub(crate) fn upper(self) -> u32 {
        (self.0 >> 32) as u32
    }
}

#[inline]
fn mix(number: u64) -> u64 {
    let mixed = number.wrapping_mul(MIX);
    mixed ^ mixed >> 29
}

/// The bytes of `rest`, less than eight, at the end of `bytes`, and some before them where that is quicker to read.
#[inline]
pub(crate) fn last_bytes(bytes: &[u8], rest: &[u8]) -> u64 {
    if let Some(last) = bytes.last_chunk::<8>() {
        return u64::from_le_bytes(*last);
    }
    if let (Some(first), Some(last)) = (rest.first_chunk::<4>(), rest.last_chunk::<4>()) {
        return u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32;
    }
    match rest {
        [] => 0,
        [first, .., last] => u64::from(*first) | u64::from(rest[rest.len() / 2]) << 8 | u64::from(*last) << 16,
        [only] => u64::from(*only),
    }
}

/// Where a pair is counted: the number of a block and those of a counter in each of its halves, from the upper bits on. What lies
/// near by has numbers near by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place(u32);

/// Bits of a place.
const PLACE_BITS: u32 = BLOCK_BITS + 2 * HALF_BITS;

impl Place {
    /// The place of two words, given in order.
    #[inline]
    fn of(left: WordHash, right: WordHash) -> Place {
        Place::of_hash((left.0.rotate_left(25) ^ right.0).wrapping_mul(MIX))
    }

    /// The place that the upper bits of a hash choose.
    #[inline]
    fn of_hash(hash: u64) -> Place {
        Place((hash >> (u64::BITS - PLACE_BITS)) as u32)
    }

    /// The two counters.
    #[inline]
    fn cells(self) -> [u32; 2] {
        let Place(place) = self;
        let start = (place >> (2 * HALF_BITS)) * BLOCK as u32;
        [start + (place >> HALF_BITS) % HALF, start + HALF + place % HALF]
    }
}

/// Counters of neighbouring words.
#[derive(Clone, Default)]
pub(crate) struct BigramCounts {
    cells: Cells,
    /// What full counters hold beyond 255.
    more: FxHashMap<u32, u32>,
    /// What was counted since, which is not in the table yet.
    since: FxHashMap<u32, u32>,
    typical: OnceLock<u32>,
}

impl BigramCounts {
    /// How often two words, given in order, stand side by side.
    #[inline]
    pub(crate) fn count(&self, left: WordHash, right: WordHash) -> u32 {
        let count = self.least(Place::of(left, right).cells());
        if count == 0 { 0 } else { count.saturating_sub(self.typical()) }
    }

    /// Asks the memory for the counters that [`BigramCounts::count`] looks at: both are in one block.
    #[inline]
    pub(crate) fn fetch(&self, left: WordHash, right: WordHash) {
        let [first, _] = Place::of(left, right).cells();
        prefetch_index(&*self.cells, first as usize);
    }

    #[inline]
    fn least(&self, [first, second]: [u32; 2]) -> u32 {
        self.raw(first).min(self.raw(second))
    }

    #[inline]
    fn raw(&self, cell: u32) -> u32 {
        let count = self.cells.get(cell as usize).copied().unwrap_or(0);
        // Nearly always that is all.
        if count < u8::MAX && self.since.is_empty() { u32::from(count) } else { self.raw_in_parts(cell, count) }
    }

    /// What the table has, with what is kept beside it.
    #[cold]
    fn raw_in_parts(&self, cell: u32, count: u8) -> u32 {
        let more = if count == u8::MAX { self.more.get(&cell).copied().unwrap_or(0) } else { 0 };
        u32::from(count).saturating_add(more).saturating_add(self.since.get(&cell).copied().unwrap_or(0))
    }

    /// What a pair has that never occurs: the median of a sample.
    fn typical(&self) -> u32 {
        *self.typical.get_or_init(|| {
            let hash = |number: u64| number.wrapping_mul(MIX).rotate_left(31).wrapping_mul(MIX);
            let mut sample: Vec<u32> = (1..=SAMPLED_PAIRS)
                .map(|number| self.least(Place::of_hash(hash(number) >> SAMPLED_PART).cells()))
                .collect();
            let middle = sample.len() / 2;
            *sample.select_nth_unstable(middle).1
        })
    }

    /// A table of pairs that were met as often as given.
    #[cfg(test)]
    pub(crate) fn of_pairs(pairs: &[(&str, &str, u32)]) -> BigramCounts {
        let mut counts = BigramCounts::default();
        for &(left, right, count) in pairs {
            Place::of(WordHash::of(left), WordHash::of(right))
                .cells()
                .into_iter()
                .for_each(|cell| counts.add_to(cell, count));
        }
        counts
    }

    /// Whether nothing was counted.
    pub(crate) fn is_empty(&self) -> bool {
        self.cells.is_empty() && self.since.is_empty()
    }

    /// Whether all that was counted is in the table, and nothing beside it.
    pub(crate) fn is_settled(&self) -> bool {
        self.since.is_empty()
    }

    fn add_to(&mut self, cell: u32, count: u32) {
        if count == 0 {
            return;
        }
        self.typical.take();
        let slot = &mut self.cells.to_mut()[cell as usize];
        let room = u32::from(u8::MAX - *slot);
        *slot += count.min(room) as u8;
        if count > room {
            let more = self.more.entry(cell).or_default();
            *more = more.saturating_add(count - room);
        }
    }

    /// These counts and others, which were counted since.
    pub(crate) fn plus(&self, counted: BigramCounts) -> BigramCounts {
        let mut sum = self.clone();
        sum.typical.take();
        for (cell, count) in counted.since {
            let since = sum.since.entry(cell).or_default();
            *since = since.saturating_add(count);
        }
        if counted.cells.is_empty() && sum.since.len() <= MOST_SINCE {
            return sum;
        }
        if sum.cells.is_empty() {
            (sum.cells, sum.more) = (counted.cells, counted.more);
        } else {
            counted.cells.in_use().for_each(|(cell, count)| sum.add_to(cell, u32::from(count)));
            counted.more.into_iter().for_each(|(cell, count)| sum.add_to(cell, count));
        }
        std::mem::take(&mut sum.since).into_iter().for_each(|(cell, count)| sum.add_to(cell, count));
        sum
    }
}

impl std::fmt::Debug for BigramCounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BigramCounts").field("empty", &self.is_empty()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(counts: &BigramCounts, left: &str, right: &str) -> u32 {
        counts.count(WordHash::of(left), WordHash::of(right))
    }

    #[test]
    fn pairs_are_counted_in_their_order() {
        let counts = BigramCounts::of_pairs(&[("hà", "nội", 3), ("nội", "hà", 1), ("đà", "nẵng", 70_000)]);
        assert_eq!(count(&counts, "hà", "nội"), 3);
        assert_eq!(count(&counts, "nội", "hà"), 1);
        assert_eq!(count(&counts, "đà", "nẵng"), 70_000);
        assert_eq!(count(&counts, "ha", "noi"), 0);
        assert_eq!(count(&BigramCounts::default(), "hà", "nội"), 0);
    }

    #[test]
    fn tables_add_up_to_the_table_of_all() {
        let parts = [("a", "b", 200), ("a", "b", 100), ("c", "d", 255), ("c", "d", 1), ("e", "f", 700), ("e", "f", 9)];
        let mut sum = BigramCounts::default();
        for part in parts {
            sum = sum.plus(BigramCounts::of_pairs(&[part]));
        }
        let all = BigramCounts::of_pairs(&parts);
        assert_eq!((&*sum.cells, &sum.more, &sum.since), (&*all.cells, &all.more, &all.since));
        assert_eq!(["ab", "cd", "ef"].map(|pair| count(&sum, &pair[..1], &pair[1..])), [300, 256, 709]);
    }

    #[test]
    fn few_counts_stay_beside_the_table_until_they_are_many() {
        let few = |cells: std::ops::Range<u32>, count| BigramCounts {
            since: cells.map(|cell| (cell, count)).collect(),
            ..BigramCounts::default()
        };
        let mut sum = BigramCounts::default();
        (0..3).for_each(|cell| sum.add_to(cell, 254));
        for _ in 0..2 {
            sum = sum.plus(few(1..3, 100));
            assert!(!sum.is_settled() && sum.cells[1] == 254);
        }
        assert_eq!([0, 1, 2, 3].map(|cell| sum.raw(cell)), [254, 454, 454, 0]);
        let many = MOST_SINCE as u32;
        let sum = sum.plus(few(2..many + 2, 1));
        assert!(sum.is_settled() && sum.cells[1] == 255);
        assert_eq!([0, 1, 2, 3, many + 1, many + 2].map(|cell| sum.raw(cell)), [254, 454, 455, 1, 1, 0]);
    }

    #[test]
    fn a_table_takes_up_what_was_counted_before_it() {
        let few = BigramCounts { since: [(1, 7), (2, 300)].into_iter().collect(), ..BigramCounts::default() };
        let mut table = BigramCounts::default();
        [(1, 1), (3, 1000)].into_iter().for_each(|(cell, count)| table.add_to(cell, count));
        for sum in [few.plus(table.clone()), table.plus(few).plus(table.clone())] {
            assert!(sum.is_settled() && sum.raw(2) == 300 && sum.raw(1) > 7 && sum.raw(3) >= 1000);
        }
    }

    #[test]
    fn the_counters_of_a_pair_are_in_the_two_halves_of_one_block() {
        let hash = |number: u64| number.wrapping_mul(MIX);
        let mut blocks: Vec<u32> = (0..1 << 12)
            .map(|number| {
                let [first, second] =
                    Place::of_hash(hash(number)).cells().map(|cell| (cell / BLOCK as u32, cell % BLOCK as u32));
                assert!(first.0 == second.0 && first.1 < HALF && second.1 >= HALF, "{first:?} {second:?}");
                first.0
            })
            .collect();
        blocks.sort_unstable();
        blocks.dedup();
        assert!(blocks.len() > 4000, "they are spread over the table");
        assert!(blocks.iter().all(|&block| (block as usize) < CELLS / BLOCK));
    }

    #[test]
    fn hashes_stay_what_they_are_on_disk() {
        // A change here changes the index format.
        assert_eq!(WordHash::of("nguyễn").0, 11_063_296_984_942_923_755);
        assert_eq!(Place::of(WordHash::of("hà"), WordHash::of("nội")).cells(), [1_011_910, 1_011_962]);
    }
}
