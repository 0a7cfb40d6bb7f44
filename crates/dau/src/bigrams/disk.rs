//! The file of a table: a byte that says which form, the counters, what full counters hold beyond, a checksum.
//!
//! A table with few counters in use lists them; a full one is written as it is. What was counted since, beside the table, is a file of
//! its own, a list. Numbers are little-endian, those of lists in
//! base-128 groups, seven bits a byte, the lowest first.

use std::borrow::Cow;

use rustc_hash::FxHashMap;
use tantivy::directory::OwnedBytes;

use super::cells::Cells;
use super::{BigramCounts, CELLS};

const LISTED: u8 = 0;
const WHOLE: u8 = 1;
/// A list takes two or three bytes a counter in use: with more in use than this the whole table is smaller.
const MOST_LISTED: usize = CELLS / 3;
const CHECKSUM_BYTES: usize = 4;

const STEM: &str = "bigrams-";
const EXTENSION: &str = ".bin";

/// The name of the file that holds the table number `number`.
pub(crate) fn file_name(number: u64) -> String {
    format!("{STEM}{number}{EXTENSION}")
}

/// The number of a table's file; `None` for any other file.
pub(crate) fn number_of(file_name: &str) -> Option<u64> {
    file_name.strip_prefix(STEM)?.strip_suffix(EXTENSION)?.parse().ok()
}

impl BigramCounts {
    /// The bytes of the table's file, in pieces that follow one another: a full table is not copied.
    pub(crate) fn table_pieces(&self) -> [Cow<'_, [u8]>; 3] {
        let used = self.cells.iter().filter(|&&count| count > 0).count();
        let more = self.more.iter().map(|(&cell, &count)| (cell, count)).collect();
        if used <= MOST_LISTED {
            return pieces(list(used, self.cells.in_use()), &[], more);
        }
        pieces(vec![WHOLE], &self.cells, more)
    }

    /// The bytes of the file of what was counted since, in the same way.
    pub(crate) fn since_pieces(&self) -> [Cow<'_, [u8]>; 3] {
        const FULL: u32 = u8::MAX as u32;
        let mut since: Vec<(u32, u32)> = self.since.iter().map(|(&cell, &count)| (cell, count)).collect();
        since.sort_unstable();
        let counters = since.iter().map(|&(cell, count)| (cell, count.min(FULL) as u8));
        let start = list(since.len(), counters);
        let beyond = since.into_iter().filter(|&(_, count)| count > FULL).map(|(cell, count)| (cell, count - FULL));
        pieces(start, &[], beyond.collect())
    }

    /// Whether a file's bytes are as they were written.
    pub(crate) fn is_intact(bytes: &[u8]) -> bool {
        bytes
            .split_last_chunk::<CHECKSUM_BYTES>()
            .is_some_and(|(content, checksum)| crc32fast::hash(content) == u32::from_le_bytes(*checksum))
    }

    /// Reads a table's file; `None` when it cannot be one. A whole table stays where it is, and its checksum is not looked at:
    /// to read eight megabytes costs more than most queries.
    pub(crate) fn from_bytes(bytes: &OwnedBytes) -> Option<BigramCounts> {
        let (content, _) = bytes.split_last_chunk::<CHECKSUM_BYTES>()?;
        let mut counts = BigramCounts::default();
        let (&form, mut rest) = content.split_first()?;
        match form {
            LISTED => {
                let counters = if rest.first() == Some(&0) { &mut [] } else { counts.cells.to_mut() };
                each_listed(&mut rest, |cell, count| counters[cell] = count)?;
            }
            WHOLE => {
                let (_, after) = rest.split_at_checked(CELLS)?;
                counts.cells = Cells::Mapped(bytes.slice(1..1 + CELLS));
                rest = after;
            }
            _ => return None,
        }
        read_more(&mut rest, &mut counts.more)?;
        rest.is_empty().then_some(counts)
    }

    /// These counts with what was counted since, read from its file; `None` when it cannot be one.
    pub(crate) fn with_since(mut self, bytes: &OwnedBytes) -> Option<BigramCounts> {
        let (content, _) = bytes.split_last_chunk::<CHECKSUM_BYTES>()?;
        let (&LISTED, mut rest) = content.split_first()? else { return None };
        each_listed(&mut rest, |cell, count| {
            self.since.insert(cell as u32, u32::from(count));
        })?;
        read_more(&mut rest, &mut self.since)?;
        rest.is_empty().then_some(self)
    }
}

/// A list of counters in use, in their order.
fn list(used: usize, counters: impl Iterator<Item = (u32, u8)>) -> Vec<u8> {
    let mut bytes = vec![LISTED];
    write_number(&mut bytes, used as u32);
    let mut next = 0;
    for (cell, count) in counters {
        write_number(&mut bytes, cell - next);
        bytes.push(count);
        next = cell + 1;
    }
    bytes
}

/// A file of counters that were written down before, and what full ones hold beyond.
fn pieces(start: Vec<u8>, counters: &[u8], mut more: Vec<(u32, u32)>) -> [Cow<'_, [u8]>; 3] {
    let mut end = Vec::new();
    more.sort_unstable();
    write_number(&mut end, more.len() as u32);
    for (cell, count) in more {
        write_number(&mut end, cell);
        write_number(&mut end, count);
    }
    let mut checksum = crc32fast::Hasher::new();
    [&start, counters, &end].into_iter().for_each(|piece| checksum.update(piece));
    end.extend_from_slice(&checksum.finalize().to_le_bytes());
    [start.into(), counters.into(), end.into()]
}

/// Reads a list of counters; `None` when it is none.
fn each_listed(bytes: &mut &[u8], mut visit: impl FnMut(usize, u8)) -> Option<()> {
    let used = read_number(bytes)?;
    let mut next = 0u32;
    for _ in 0..used {
        let cell = next.checked_add(read_number(bytes)?).filter(|&cell| (cell as usize) < CELLS)?;
        let (&count, after) = bytes.split_first()?;
        visit(cell as usize, count);
        *bytes = after;
        next = cell + 1;
    }
    Some(())
}

/// Reads what full counters hold beyond, and adds it up.
fn read_more(bytes: &mut &[u8], into: &mut FxHashMap<u32, u32>) -> Option<()> {
    let many = read_number(bytes)?;
    // A damaged file may promise any number of them; each takes two bytes at least.
    into.reserve((many as usize).min(bytes.len() / 2));
    for _ in 0..many {
        let counter = into.entry(read_number(bytes)?).or_default();
        *counter = counter.saturating_add(read_number(bytes)?);
    }
    Some(())
}

fn write_number(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

#[inline]
fn read_number(bytes: &mut &[u8]) -> Option<u32> {
    if let Some((&byte @ 0..0x80, rest)) = bytes.split_first() {
        *bytes = rest;
        return Some(u32::from(byte));
    }
    let mut number = 0u64;
    for shift in (0..35).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return u32::try_from(number).ok();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(counts: &BigramCounts) -> usize {
        let from = |bytes: &[u8]| BigramCounts::from_bytes(&OwnedBytes::new(bytes.to_vec()));
        check_file(&counts.table_pieces().concat(), from, counts)
    }

    fn check_file(bytes: &[u8], from: impl Fn(&[u8]) -> Option<BigramCounts>, counts: &BigramCounts) -> usize {
        let read = from(bytes).expect("what was written is read");
        assert_eq!((&*read.cells, &read.more, &read.since), (&*counts.cells, &counts.more, &counts.since));
        assert!(BigramCounts::is_intact(bytes));
        for damaged in [&bytes[..bytes.len() - 1], &bytes[1..], &[]] {
            assert!(!BigramCounts::is_intact(damaged) && from(damaged).is_none());
        }
        let mut damaged = bytes.to_vec();
        damaged[bytes.len() / 2] ^= 1;
        assert!(!BigramCounts::is_intact(&damaged));
        bytes.len()
    }

    #[test]
    fn tables_read_back() {
        let mut counts = BigramCounts::default();
        assert!(check(&counts) < 10);
        for (cell, count) in [(0, 1), (1, 255), (77, 256), (CELLS as u32 - 1, 5_000_000)] {
            counts.add_to(cell, count);
        }
        assert!(check(&counts) < 50);
        (0..CELLS as u32).step_by(2).for_each(|cell| counts.add_to(cell, 2));
        assert!((CELLS..CELLS + 50).contains(&check(&counts)));
    }

    #[test]
    fn what_was_counted_since_reads_back() {
        let from = |bytes: &[u8]| BigramCounts::default().with_since(&OwnedBytes::new(bytes.to_vec()));
        let mut counts = BigramCounts::default();
        assert!(check_file(&counts.since_pieces().concat(), from, &counts) < 10);
        counts.since.extend([(0, 1), (1, 255), (77, 256), (CELLS as u32 - 1, 5_000_000)]);
        assert!(check_file(&counts.since_pieces().concat(), from, &counts) < 50);
        // A whole table is no list.
        let whole = pieces(vec![WHOLE], &vec![1; CELLS], Vec::new()).concat();
        assert!(from(&whole).is_none());
    }

    #[test]
    fn file_names_carry_a_number() {
        assert_eq!(number_of(&file_name(120)), Some(120));
        assert_eq!(["meta.json", "bigrams-.bin", "bigrams-1.bin.tmp"].map(number_of), [None; 3]);
    }
}
