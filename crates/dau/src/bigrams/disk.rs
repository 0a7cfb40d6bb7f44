//! The file of a table: a byte that says which form, the counters, what full counters hold beyond, a checksum.
//!
//! A table with few counters in use lists them; a full one is written as it is. Numbers are little-endian, those of lists in
//! base-128 groups, seven bits a byte, the lowest first.

use std::borrow::Cow;

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
    pub(crate) fn to_pieces(&self) -> [Cow<'_, [u8]>; 3] {
        let used = self.cells.iter().filter(|&&count| count > 0).count();
        let (mut start, mut end) = (Vec::new(), Vec::new());
        let counters: &[u8] = if used <= MOST_LISTED {
            start.push(LISTED);
            write_number(&mut start, used as u32);
            let mut next = 0;
            for (cell, count) in self.in_use() {
                write_number(&mut start, cell - next);
                start.push(count);
                next = cell + 1;
            }
            &[]
        } else {
            start.push(WHOLE);
            &self.cells
        };
        let mut more: Vec<(u32, u32)> = self.more.iter().map(|(&cell, &count)| (cell, count)).collect();
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
                let used = read_number(&mut rest)?;
                let mut next = 0u32;
                let counters = if used > 0 { counts.cells.to_mut() } else { &mut [] };
                for _ in 0..used {
                    let cell = next.checked_add(read_number(&mut rest)?).filter(|&cell| (cell as usize) < CELLS)?;
                    let (&count, after) = rest.split_first()?;
                    counters[cell as usize] = count;
                    rest = after;
                    next = cell + 1;
                }
            }
            WHOLE => {
                let (_, after) = rest.split_at_checked(CELLS)?;
                counts.cells = Cells::Mapped(bytes.slice(1..1 + CELLS));
                rest = after;
            }
            _ => return None,
        }
        for _ in 0..read_number(&mut rest)? {
            let cell = read_number(&mut rest)?;
            counts.more.insert(cell, read_number(&mut rest)?);
        }
        rest.is_empty().then_some(counts)
    }
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
        let bytes = counts.to_pieces().concat();
        let from = |bytes: &[u8]| BigramCounts::from_bytes(&OwnedBytes::new(bytes.to_vec()));
        let read = from(&bytes).expect("what was written is read");
        assert_eq!((&*read.cells, &read.more), (&*counts.cells, &counts.more));
        assert!(BigramCounts::is_intact(&bytes));
        for damaged in [&bytes[..bytes.len() - 1], &bytes[1..], &[]] {
            assert!(!BigramCounts::is_intact(damaged) && from(damaged).is_none());
        }
        let mut damaged = bytes.clone();
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
    fn file_names_carry_a_number() {
        assert_eq!(number_of(&file_name(120)), Some(120));
        assert_eq!(["meta.json", "bigrams-.bin", "bigrams-1.bin.tmp"].map(number_of), [None; 3]);
    }
}
