//! What an index holds, counted.

use std::collections::BTreeMap;

use serde::Serialize;

use super::description::{FORMAT, hexadecimal};
use crate::analysis;
use crate::error::Result;
use crate::search::Searcher;

/// Counts of one commit of an index. Bytes are bytes on disk, or in memory for an index in memory.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Stats {
    /// Documents that can be found.
    pub documents: u64,
    /// Deleted documents whose space is not yet freed.
    pub deleted: u64,
    /// Segments.
    pub segments: usize,
    /// Distinct terms of each indexed field, summed over the segments.
    pub terms: BTreeMap<String, u64>,
    /// Tokens of each text or code field, deleted documents included.
    pub tokens: BTreeMap<String, u64>,
    /// Bytes of each part: postings, positions, terms, bigrams, field norms, columns, store, deletes.
    pub bytes: BTreeMap<String, u64>,
    /// The sum of `bytes`.
    pub total_bytes: u64,
    /// The version of the index's format.
    pub format: u32,
    /// The fingerprint of the rules of analysis.
    pub fingerprint: String,
    /// The version of this library.
    pub version: &'static str,
}

pub(super) fn of(searcher: &Searcher) -> Result<Stats> {
    let mut stats = Stats {
        documents: searcher.document_count(),
        deleted: searcher.deleted_count(),
        segments: 0,
        terms: BTreeMap::new(),
        tokens: BTreeMap::new(),
        bytes: BTreeMap::new(),
        total_bytes: 0,
        format: FORMAT,
        fingerprint: hexadecimal(analysis::fingerprint()),
        version: env!("CARGO_PKG_VERSION"),
    };
    let inner = searcher.inner();
    for segment in searcher.storage().segment_readers() {
        stats.segments += 1;
        for (field, slot) in inner.schema.fields().iter().zip(&inner.layout.fields) {
            let Some(slot) = *slot else { continue };
            if !inner.storage.schema().get_field_entry(slot).is_indexed() {
                continue;
            }
            let index = segment.inverted_index(slot)?;
            *stats.terms.entry(field.name().to_owned()).or_default() += index.terms().num_terms() as u64;
            if field.kind().is_searched_by_default() {
                *stats.tokens.entry(field.name().to_owned()).or_default() += index.total_num_tokens();
            }
        }
        let usage = segment.space_usage()?;
        for (part, bytes) in [
            ("postings", usage.postings().total()),
            ("positions", usage.positions().total()),
            ("terms", usage.termdict().total()),
            ("field norms", usage.fieldnorms().total()),
            ("columns", usage.fast_fields().total()),
            ("store", usage.store().total()),
            ("deletes", usage.deletes()),
        ] {
            *stats.bytes.entry(part.to_owned()).or_default() += bytes.get_bytes();
        }
    }
    let note = super::note::CommitNote::read(&inner.storage)?;
    stats.bytes.insert("bigrams".to_owned(), inner.bigrams.bytes(note.bigrams)?);
    stats.total_bytes = stats.bytes.values().sum();
    Ok(stats)
}
