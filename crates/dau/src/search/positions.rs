//! Where the terms of posting lists stand in some documents.
//!
//! The storage layer's cursor over positions is made for one document after the other: for each it adds up the frequencies before it
//! and copies a few numbers. Where many documents of a list are wanted, whole blocks are read instead, which costs a tenth.

use std::sync::Arc;

use tantivy::directory::FileSlice;
use tantivy::index::InvertedIndexReader;
use tantivy::positions::PositionReader;
use tantivy::postings::{BlockSegmentPostings, Postings, SegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, TERMINATED};

use super::{Bits, SegmentView};
use crate::error::Result;
use crate::rank::{Blocks, PostingRef, first_from};

/// Postings of a list that are read in order for what one document costs by itself, about.
const ALONE_COST: u64 = 128;

/// Lists with fewer documents are one block.
const BLOCK: u32 = 128;

/// The posting lists of one field of a segment.
pub(super) struct FieldPositions {
    pub(super) index: Arc<InvertedIndexReader>,
    pub(super) field: usize,
    documents: u32,
    /// The positions of all its lists; none when the file is gone, which a newer commit of another process may have removed.
    file: Option<FileSlice>,
}

/// Ascending documents, also as a set.
struct Wanted<'a> {
    docs: &'a [DocId],
    set: Bits,
}

impl FieldPositions {
    pub(super) fn open(view: &SegmentView<'_>, field: usize) -> Result<FieldPositions> {
        let (index, documents, file) = (view.index(field)?, view.documents(), view.positions_of(field));
        Ok(FieldPositions { index, field, documents, file })
    }

    /// Calls `visit(place, positions)` for each list and each of the documents that it holds: the place among the documents,
    /// which are ascending, and the positions, each plus `shift`.
    pub(super) fn each(
        &self,
        lists: &[&TermInfo],
        docs: &[DocId],
        shift: u32,
        mut visit: impl FnMut(usize, &[u32]),
    ) -> Result<()> {
        if docs.is_empty() {
            return Ok(());
        }
        let wanted = &Wanted { docs, set: Bits::of(self.documents, docs.iter().copied()) };
        let mut blocks = Blocks::of_documents();
        let mut scratch = Vec::new();
        for info in lists {
            // Most spellings of a word are rare, and stand in none of the documents.
            if info.doc_freq < BLOCK
                && !blocks.open(&self.index, self.field, info)?.docs().iter().any(|&doc| wanted.set.contains(doc))
            {
                continue;
            }
            match &self.file {
                Some(file) if wanted.docs.len() as u64 * ALONE_COST >= u64::from(info.doc_freq) => {
                    let block = self.index.read_block_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?;
                    let bytes = file.slice(info.positions_range.clone()).read_bytes()?;
                    let positions = PositionReader::open(bytes)?;
                    Stream { block, positions, offset: 0 }.each(wanted, shift, &mut scratch, &mut visit);
                }
                _ => {
                    let option = IndexRecordOption::WithFreqsAndPositions;
                    let mut list = self.index.read_postings_from_terminfo(info, option)?;
                    each_alone(&mut list, wanted.docs, shift, &mut scratch, &mut visit);
                }
            }
        }
        Ok(())
    }
}

/// Calls `visit(documents, frequencies, positions)` for each block of a list: the positions of one document after the other, as many as
/// its frequency; none where they cannot be read.
pub(crate) fn each_block(
    list: &PostingRef,
    view: &SegmentView<'_>,
    blocks: &mut Blocks,
    mut visit: impl FnMut(&[DocId], &[u32], Option<&[u32]>),
) -> Result<()> {
    let range = list.info.positions_range.clone();
    let mut positions = match view.positions_of(list.field).filter(|_| !range.is_empty()) {
        Some(file) => Some(PositionReader::open(file.slice(range).read_bytes()?)?),
        None => None,
    };
    let (mut offset, mut scratch) = (0, Vec::new());
    blocks.each(list, view, |docs, frequencies| {
        let Some(positions) = &mut positions else { return visit(docs, frequencies, None) };
        scratch.resize(total(frequencies), 0);
        positions.read(offset, &mut scratch);
        offset += scratch.len() as u64;
        let mut rest = &mut *scratch;
        for &frequency in frequencies {
            let (here, after) = rest.split_at_mut(frequency as usize);
            add_up(here, 0);
            rest = after;
        }
        visit(docs, frequencies, Some(&scratch));
    })
}

fn total(frequencies: &[u32]) -> usize {
    frequencies.iter().sum::<u32>() as usize
}

/// A list that is read block after block.
struct Stream {
    block: BlockSegmentPostings,
    positions: PositionReader,
    /// Positions of the blocks before.
    offset: u64,
}

impl Stream {
    fn each(mut self, wanted: &Wanted<'_>, shift: u32, scratch: &mut Vec<u32>, visit: &mut impl FnMut(usize, &[u32])) {
        let mut place = 0;
        while let Some(&last) = self.block.docs().last() {
            let Some(&next) = wanted.docs.get(place) else { return };
            if next <= last {
                self.block_each(wanted, &mut place, shift, scratch, visit);
            }
            self.offset += total(&self.block.freqs()[..self.block.docs().len()]) as u64;
            self.block.advance();
        }
    }

    /// The wanted documents of the block at hand, from `place` on.
    fn block_each(
        &mut self,
        wanted: &Wanted<'_>,
        place: &mut usize,
        shift: u32,
        scratch: &mut Vec<u32>,
        visit: &mut impl FnMut(usize, &[u32]),
    ) {
        let docs = self.block.docs();
        // Which documents are wanted cannot be foreseen: no branch depends on it.
        let (mut numbers, mut count) = ([0u8; BLOCK as usize], 0);
        for (number, &doc) in (0..).zip(docs) {
            numbers[count % BLOCK as usize] = number;
            count += usize::from(wanted.set.contains(doc));
        }
        let numbers = &numbers[..count];
        let (Some(&first), Some(&last)) = (numbers.first(), numbers.last()) else { return };
        let freqs = self.block.freqs();
        let before = total(&freqs[..usize::from(first)]);
        scratch.resize(total(&freqs[usize::from(first)..=usize::from(last)]), 0);
        self.positions.read(self.offset + before as u64, scratch);
        let (mut start, mut at) = (0, usize::from(first));
        for &number in numbers {
            let number = usize::from(number);
            start += total(&freqs[at..number]);
            let end = start + freqs[number] as usize;
            add_up(&mut scratch[start..end], shift);
            while wanted.docs[*place] < docs[number] {
                *place += 1;
            }
            visit(*place, &scratch[start..end]);
            (start, at) = (end, number + 1);
        }
    }
}

/// Turns differences into positions, each plus `shift`.
fn add_up(positions: &mut [u32], shift: u32) {
    let mut position = shift;
    for next in positions {
        position += *next;
        *next = position;
    }
}

/// Stops at each wanted document that a list holds.
fn each_alone(
    list: &mut SegmentPostings,
    docs: &[DocId],
    shift: u32,
    scratch: &mut Vec<u32>,
    visit: &mut impl FnMut(usize, &[u32]),
) {
    let mut place = 0;
    while let Some(&doc) = docs.get(place) {
        let at = if list.doc() < doc { list.seek(doc) } else { list.doc() };
        if at == doc {
            scratch.clear();
            list.append_positions_with_offset(shift, scratch);
            visit(place, scratch);
            place += 1;
        } else if at == TERMINATED {
            return;
        } else {
            place += 1 + first_from(&docs[place + 1..], at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_add_up() {
        let mut positions = [4, 1, 0, 7];
        add_up(&mut positions, 100);
        assert_eq!(positions, [104, 105, 105, 112]);
    }
}
