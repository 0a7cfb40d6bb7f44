//! Posting lists read one after the other in the same memory: to set up a reader costs more than to read a short list.

use tantivy::DocId;
use tantivy::index::InvertedIndexReader;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption;

use super::PostingRef;
use crate::error::Result;
use crate::search::SegmentView;

/// Reads posting lists of one segment.
pub(crate) struct Blocks {
    option: IndexRecordOption,
    /// One a field: what is stored beside the documents differs between kinds of fields.
    readers: Vec<(usize, BlockSegmentPostings)>,
}

impl Blocks {
    /// Reads documents alone.
    pub(crate) fn of_documents() -> Blocks {
        Blocks { option: IndexRecordOption::Basic, readers: Vec::new() }
    }

    /// Reads documents and frequencies.
    pub(crate) fn of_frequencies() -> Blocks {
        Blocks { option: IndexRecordOption::WithFreqs, readers: Vec::new() }
    }

    /// Stands at the first block of a list of the field at position `field` of the schema.
    pub(crate) fn open(
        &mut self,
        index: &InvertedIndexReader,
        field: usize,
        info: &TermInfo,
    ) -> Result<&mut BlockSegmentPostings> {
        if let Some(known) = self.readers.iter().position(|(of, _)| *of == field) {
            let reader = &mut self.readers[known].1;
            index.reset_block_postings_from_terminfo(info, reader)?;
            return Ok(reader);
        }
        let reader = index.read_block_postings_from_terminfo(info, self.option)?;
        let known = self.readers.len();
        self.readers.push((field, reader));
        Ok(&mut self.readers[known].1)
    }

    /// Stands at the first block of a list of a segment.
    pub(crate) fn open_list(&mut self, list: &PostingRef, view: &SegmentView<'_>) -> Result<&mut BlockSegmentPostings> {
        self.open(&*view.index(list.field)?, list.field, &list.info)
    }

    /// Calls `visit(documents, frequencies)` for each block of a list.
    pub(crate) fn each(
        &mut self,
        list: &PostingRef,
        view: &SegmentView<'_>,
        mut visit: impl FnMut(&[DocId], &[u32]),
    ) -> Result<()> {
        let block = self.open_list(list, view)?;
        while !block.docs().is_empty() {
            visit(block.docs(), &block.freqs()[..block.docs().len()]);
            block.advance();
        }
        Ok(())
    }
}
