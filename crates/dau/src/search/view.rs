//! One segment as ranking and matching see it: its postings, positions, length factors and sequence numbers.

use std::sync::{Arc, PoisonError};

use tantivy::SegmentReader;
use tantivy::columnar::Column;
use tantivy::directory::FileSlice;
use tantivy::index::InvertedIndexReader;

use super::SearchCache;
use crate::error::{Error, ErrorKind, Result};
use crate::index::Inner;
use crate::plan::Target;
use crate::rank::{FieldStats, Norms, Ranking, norms};

/// One segment, with what ranking asks of it.
#[derive(Clone, Copy)]
pub(crate) struct SegmentView<'a> {
    pub(crate) ordinal: usize,
    pub(crate) reader: &'a SegmentReader,
    pub(crate) inner: &'a Inner,
    pub(crate) cache: &'a SearchCache,
    pub(crate) ranking: &'a Ranking,
}

impl<'a> SegmentView<'a> {
    /// The length factors of the segment's documents over the fields of a target.
    pub(crate) fn norms(&self, target: &Target) -> Result<Norms> {
        let key = (target.clone(), self.ordinal, self.ranking.b.to_bits());
        let lock = || self.cache.norms.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = lock().get(&key) {
            return Ok(found.clone());
        }
        // Computed outside the lock: another thread may do the same work, to the same result.
        let fields: Vec<FieldStats> =
            target.fields.iter().filter_map(|&field| self.cache.fields.get(field)?.clone()).collect();
        let computed = norms(self.ranking, &fields, self.cache.documents, self.reader)?;
        lock().insert(key, computed.clone());
        Ok(computed)
    }

    pub(crate) fn field_weight(&self, field: usize) -> f32 {
        self.cache.fields.get(field).and_then(Option::as_ref).map_or(1.0, |stats| stats.weight)
    }

    pub(crate) fn index(&self, field: usize) -> Result<Arc<InvertedIndexReader>> {
        let slot = self.inner.layout.fields.get(field).copied().flatten();
        let slot = slot.ok_or_else(|| Error::new(ErrorKind::Internal, format!("field {field} has no postings")))?;
        Ok(self.reader.inverted_index(slot)?)
    }

    /// The sequence numbers of the documents.
    pub(crate) fn sequences(&self) -> Result<&'a Column<u64>> {
        let missing = || Error::new(ErrorKind::Internal, format!("segment {} has no sequence numbers", self.ordinal));
        self.cache.sequences.get(self.ordinal).ok_or_else(missing)
    }

    /// The positions of a field.
    pub(crate) fn positions_of(&self, field: usize) -> Option<FileSlice> {
        let slot = self.inner.layout.fields.get(field).copied().flatten()?;
        self.cache.positions.get(self.ordinal)?.as_ref()?.open_read(slot)
    }

    pub(crate) fn documents(&self) -> u32 {
        self.reader.max_doc()
    }
}
