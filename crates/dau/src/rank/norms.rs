//! Document lengths, weighed over the searched fields.

use std::sync::Arc;

use prefetch_index::prefetch_index;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::schema::Field as Slot;
use tantivy::{DocId, SegmentReader};

use super::Ranking;
use crate::error::Result;

/// What ranking needs to know of one searched field over the whole index.
#[derive(Clone, Debug)]
pub(crate) struct FieldStats {
    pub(crate) slot: Slot,
    pub(crate) weight: f32,
    /// Tokens in all documents, deleted ones included.
    pub(crate) tokens: u64,
}

/// The length factors of a segment's documents. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Norms {
    /// One a document: `1 / (1 − b + b · length / average length)`.
    factors: Arc<[f32]>,
}

impl Norms {
    /// One factor a document.
    #[inline]
    pub(crate) fn factors(&self) -> &[f32] {
        &self.factors
    }

    /// Asks the memory for the factors of some documents, and does not wait for them.
    pub(super) fn fetch(&self, docs: &[DocId]) {
        for &doc in docs {
            prefetch_index(&self.factors, doc as usize);
        }
    }
}

/// Computes the length factors of a segment's documents.
pub(crate) fn norms(
    ranking: &Ranking,
    fields: &[FieldStats],
    documents: u64,
    segment: &SegmentReader,
) -> Result<Norms> {
    let tokens: f64 = fields.iter().map(|field| f64::from(field.weight) * field.tokens as f64).sum();
    let average = (tokens / documents.max(1) as f64).max(f64::MIN_POSITIVE) as f32;
    let mut lengths = vec![0.0f32; segment.max_doc() as usize];
    for field in fields {
        let table: Vec<f32> =
            (0..=u8::MAX).map(|id| field.weight * FieldNormReader::id_to_fieldnorm(id) as f32).collect();
        let reader = segment.get_fieldnorms_reader(field.slot)?;
        for (doc, length) in (0..).zip(lengths.iter_mut()) {
            *length += table[usize::from(reader.fieldnorm_id(doc))];
        }
    }
    for length in &mut lengths {
        *length = 1.0 / (1.0 - ranking.b + ranking.b * *length / average);
    }
    Ok(Norms { factors: lengths.into() })
}
