//! Deleting what a query matched: documents named by their sequence numbers, which outlive merges.

use std::sync::Arc;

use rustc_hash::FxHashSet;
use tantivy::query::{ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError};

use crate::index::SEQUENCE_COLUMN;

/// The documents with any of these sequence numbers.
#[derive(Clone, Debug)]
pub(crate) struct SequenceSet {
    sequences: Arc<FxHashSet<u64>>,
}

impl SequenceSet {
    pub(crate) fn new(sequences: Arc<FxHashSet<u64>>) -> SequenceSet {
        SequenceSet { sequences }
    }
}

impl Query for SequenceSet {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for SequenceSet {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let column = reader.fast_fields().u64(SEQUENCE_COLUMN)?;
        let docs: Vec<DocId> = (0..reader.max_doc())
            .filter(|&doc| column.first(doc).is_some_and(|sequence| self.sequences.contains(&sequence)))
            .collect();
        Ok(Box::new(ConstScorer::new(DocList { docs, at: 0 }, boost)))
    }

    fn explain(&self, _: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(format!("document {doc}: deletions have no scores")))
    }
}

/// A sorted list of documents.
struct DocList {
    docs: Vec<DocId>,
    at: usize,
}

impl DocSet for DocList {
    fn advance(&mut self) -> DocId {
        self.at += 1;
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.docs.get(self.at).copied().unwrap_or(TERMINATED)
    }

    fn size_hint(&self) -> u32 {
        self.docs.len() as u32
    }
}
