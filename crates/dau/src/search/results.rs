//! What a search gives back: plain data, no formatting.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::document::Document;
use crate::highlight::Fragment;
use crate::search::Explanation;

/// The answer to a [`Search`](crate::Search).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Results {
    /// How many documents match; exact unless [`Count::None`](crate::Count::None) was asked for.
    pub total: u64,
    /// The hits asked for, best first.
    pub hits: Vec<Hit>,
    /// The counted values, one a facet asked for, in that order.
    pub facets: Vec<Facet>,
    /// The query as it was probably meant, when that differs and finds more.
    pub did_you_mean: Option<String>,
    /// The time that the search took.
    pub took: Duration,
}

/// One found document.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Hit {
    /// Its place in the whole result, from 1; the first hit after an offset of 10 has rank 11.
    pub rank: usize,
    /// Its unique id, when the schema has one.
    pub id: Option<String>,
    /// How well it matches: comparable within one result only. 0 when sorted by a field.
    pub score: f32,
    /// The document as it was given.
    pub document: Document,
    /// Fragments of its text with the found words marked, by field.
    pub highlights: BTreeMap<String, Vec<Fragment>>,
    /// Why it stands where it stands, when asked for.
    pub explanation: Option<Explanation>,
}

/// The values of a field among the matching documents.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Facet {
    /// The field's name.
    pub field: String,
    /// The commonest values, commonest first.
    pub values: Vec<FacetValue>,
}

/// One value and its count.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FacetValue {
    /// The value, exactly as documents have it; for paths also each ancestor.
    pub value: String,
    /// How many matching documents have it.
    pub count: u64,
}
