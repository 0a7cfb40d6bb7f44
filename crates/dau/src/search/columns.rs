//! Sorting and counting by the columns of fields.

use std::cmp::Ordering;

use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::SegmentReader;
use tantivy::columnar::StrColumn;

use super::{Bits, Facet, FacetValue, Order};
use crate::error::{Error, ErrorKind, Result};
use crate::index::fast_name;
use crate::plan::{find_field, unknown_field};
use crate::schema::{FieldKind, Schema};

/// A value to sort by; values of one column are of one kind.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Key {
    Integer(i64),
    Float(f64),
    /// Folded first, so that marks and case decide only between values that are otherwise alike.
    Text(String, String),
    Missing,
}

/// A document with its place in a sorted result.
#[derive(Clone, Debug)]
pub(super) struct Sorted {
    pub(super) key: Key,
    pub(super) sequence: u64,
    pub(super) segment: u32,
    pub(super) doc: u32,
}

/// What to sort by.
pub(super) struct SortColumn {
    name: String,
    kind: FieldKind,
    order: Order,
}

impl SortColumn {
    pub(super) fn new(schema: &Schema, field: &str, order: Order) -> Result<SortColumn> {
        let position = find_field(schema, field).filter(|&position| position < schema.fields().len());
        let position = position.ok_or_else(|| unknown_field(schema, field))?;
        let kind = schema.fields()[position].kind();
        if matches!(kind, FieldKind::Text | FieldKind::Code | FieldKind::Stored) {
            let message = format!(
                "field {field:?} is {kind}: expected a keyword, path, integer, float, bool or date field to sort by"
            );
            return Err(Error::new(ErrorKind::Query, message));
        }
        Ok(SortColumn { name: fast_name(position), kind, order })
    }

    /// The keys of the given documents of a segment.
    pub(super) fn keys(&self, reader: &SegmentReader, docs: &Bits) -> Result<Vec<(u32, Key)>> {
        let columns = reader.fast_fields();
        let keys = |key: &dyn Fn(u32) -> Option<Key>| {
            docs.iter().map(|doc| (doc, key(doc).unwrap_or(Key::Missing))).collect::<Vec<_>>()
        };
        Ok(match self.kind {
            FieldKind::Float => {
                let column = columns.f64(&self.name)?;
                keys(&|doc| column.first(doc).map(Key::Float))
            }
            FieldKind::Bool => {
                let column = columns.bool(&self.name)?;
                keys(&|doc| column.first(doc).map(|flag| Key::Integer(flag.into())))
            }
            FieldKind::Integer | FieldKind::Date => {
                let column = columns.i64(&self.name)?;
                keys(&|doc| column.first(doc).map(Key::Integer))
            }
            _ => match columns.str(&self.name)? {
                None => keys(&|_| None),
                Some(column) => {
                    let values = texts(&column, docs)?;
                    keys(&|doc| {
                        let text = values.get(&column.term_ords(doc).next()?)?;
                        Some(Key::Text(crate::text::fold(text).into_owned(), text.clone()))
                    })
                }
            },
        })
    }

    pub(super) fn compare(&self, a: &Sorted, b: &Sorted) -> Ordering {
        let by_key = match (&a.key, &b.key) {
            (Key::Missing, Key::Missing) => Ordering::Equal,
            (Key::Missing, _) => return Ordering::Greater,
            (_, Key::Missing) => return Ordering::Less,
            (Key::Integer(a), Key::Integer(b)) => a.cmp(b),
            (Key::Float(a), Key::Float(b)) => a.total_cmp(b),
            (Key::Text(a, x), Key::Text(b, y)) => a.cmp(b).then_with(|| x.cmp(y)),
            _ => Ordering::Equal,
        };
        let by_key = if self.order == Order::Desc { by_key.reverse() } else { by_key };
        by_key.then_with(|| a.sequence.cmp(&b.sequence))
    }
}

/// The texts of the ordinals that the given documents have.
fn texts(column: &StrColumn, docs: &Bits) -> Result<FxHashMap<u64, String>> {
    let mut values = FxHashMap::default();
    for doc in docs.iter() {
        for ordinal in column.term_ords(doc) {
            values.entry(ordinal).or_insert_with(String::new);
        }
    }
    for (&ordinal, text) in &mut values {
        column.ord_to_str(ordinal, text)?;
    }
    Ok(values)
}

/// Counts the values of one field over the matching documents of all segments.
pub(super) struct FacetCounter {
    field: String,
    column: String,
    is_path: bool,
    most: usize,
    counts: FxHashMap<String, u64>,
}

impl FacetCounter {
    pub(super) fn new(schema: &Schema, field: &str, most: usize) -> Result<FacetCounter> {
        let position = find_field(schema, field).filter(|&position| position < schema.fields().len());
        let position = position.ok_or_else(|| unknown_field(schema, field))?;
        let found = &schema.fields()[position];
        if !matches!(found.kind(), FieldKind::Keyword | FieldKind::Path) {
            let message =
                format!("field {field:?} is {}: expected a keyword or path field to count values of", found.kind());
            return Err(Error::new(ErrorKind::Query, message));
        }
        Ok(FacetCounter {
            field: found.name().to_owned(),
            column: fast_name(position),
            is_path: found.kind() == FieldKind::Path,
            most,
            counts: FxHashMap::default(),
        })
    }

    pub(super) fn add(&mut self, reader: &SegmentReader, docs: &Bits) -> Result<()> {
        let Some(column) = reader.fast_fields().str(&self.column)? else {
            return Ok(());
        };
        // Most documents have one value; those with several are counted by all of them, so that what these have in
        // common, be it the value or an ancestor, counts once.
        let mut single: FxHashMap<u64, u64> = FxHashMap::default();
        let mut several: FxHashMap<Vec<u64>, u64> = FxHashMap::default();
        let mut ordinals = Vec::new();
        for doc in docs.iter() {
            ordinals.clear();
            ordinals.extend(column.term_ords(doc));
            ordinals.sort_unstable();
            ordinals.dedup();
            match ordinals.as_slice() {
                [] => {}
                [ordinal] => *single.entry(*ordinal).or_default() += 1,
                _ => *several.entry(ordinals.clone()).or_default() += 1,
            }
        }
        for (ordinal, count) in single {
            self.add_values(&column, &[ordinal], count)?;
        }
        for (ordinals, count) in several {
            self.add_values(&column, &ordinals, count)?;
        }
        Ok(())
    }

    /// Counts each value once for `count` documents that have all of them.
    fn add_values(&mut self, column: &StrColumn, ordinals: &[u64], count: u64) -> Result<()> {
        let mut values = FxHashSet::default();
        let mut value = String::new();
        for &ordinal in ordinals {
            value.clear();
            column.ord_to_str(ordinal, &mut value)?;
            if self.is_path {
                // A document under a path is under each of its ancestors.
                let steps = value.char_indices().skip(1).filter(|&(_, c)| c == '/').map(|(at, _)| at);
                values.extend(steps.map(|end| value[..end].to_owned()));
            }
            values.insert(value.clone());
        }
        for value in values {
            *self.counts.entry(value).or_default() += count;
        }
        Ok(())
    }

    /// The commonest values, those as common in the order of their text.
    pub(super) fn finish(self) -> Facet {
        let mut values: Vec<FacetValue> =
            self.counts.into_iter().map(|(value, count)| FacetValue { value, count }).collect();
        values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
        values.truncate(self.most);
        Facet { field: self.field, values }
    }
}
