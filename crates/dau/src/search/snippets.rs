//! Fragments of the stored text with the query's words marked.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Highlight, Searcher};
use crate::document::Document;
use crate::error::Result;
use crate::highlight::{Fragment, Highlighter, Term};
use crate::plan::{Mark, MarkToken, find_field, unknown_field};

/// Cuts the fragments of one search's hits.
pub(super) struct Snippets {
    /// Field, and what to mark in it.
    fields: Vec<(String, Highlighter)>,
}

impl Snippets {
    pub(super) fn new(
        searcher: &Searcher,
        highlight: &Highlight,
        marks: &[Mark],
        searched: &[usize],
    ) -> Result<Snippets> {
        let schema = &searcher.inner().schema;
        let mut positions = Vec::new();
        if highlight.field_names().is_empty() {
            let named = marks.iter().filter_map(|mark| mark.field);
            positions.extend(searched.iter().copied().chain(named));
            positions.sort_unstable();
            positions.dedup();
        }
        for name in highlight.field_names() {
            let position = find_field(schema, name).filter(|&position| position < schema.fields().len());
            positions.push(position.ok_or_else(|| unknown_field(schema, name))?);
        }
        let fields = positions.into_iter().map(|position| {
            let here = marks.iter().filter(|mark| mark.field.is_none_or(|field| field == position));
            (schema.fields()[position].name().to_owned(), highlighter(here, highlight))
        });
        Ok(Snippets { fields: fields.collect() })
    }

    /// Fields without text have no fragments; fields without a mark have their beginning.
    pub(super) fn of(&self, document: &Document) -> BTreeMap<String, Vec<Fragment>> {
        let mut all = BTreeMap::new();
        for (field, highlighter) in &self.fields {
            let fragments: Vec<Fragment> = match document.get(field) {
                Some(Value::String(text)) => highlighter.fragments(text),
                Some(Value::Array(values)) => {
                    let texts = values.iter().filter_map(Value::as_str);
                    let fragments = texts.flat_map(|text| highlighter.fragments(text));
                    let marked: Vec<Fragment> = fragments.filter(|fragment| !fragment.spans.is_empty()).collect();
                    marked
                }
                _ => Vec::new(),
            };
            if !fragments.is_empty() {
                all.insert(field.clone(), fragments);
            }
        }
        all
    }
}

/// What every spelling of a word is worth to a fragment, and what the typed one is worth on top: the fragment that shows
/// `bàn` comes before one that shows `bán`.
const ANY_SPELLING: f32 = 0.4;
const TYPED_SPELLING: f32 = 0.6;

fn highlighter<'a>(marks: impl Iterator<Item = &'a Mark>, highlight: &Highlight) -> Highlighter {
    let mut made = Highlighter::new(highlight.options().clone());
    for mark in marks {
        match mark.slop {
            None => mark.tokens.iter().for_each(|token| add_word(&mut made, token, mark.prefix)),
            Some(slop) => {
                let last = mark.tokens.len().saturating_sub(1);
                let term = |(at, token)| term(token, mark.prefix && at == last, 1.0);
                made.add_near_phrase(mark.tokens.iter().enumerate().map(term).collect(), slop);
            }
        }
    }
    made
}

fn add_word(made: &mut Highlighter, token: &MarkToken, prefix: bool) {
    made.add_term(term(token, prefix, ANY_SPELLING));
    made.add_term(Term { marked: Some(token.marked.to_string()), ..term(token, prefix, TYPED_SPELLING) });
}

fn term(token: &MarkToken, prefix: bool, weight: f32) -> Term {
    let marked = token.exact.then(|| token.marked.to_string());
    Term { folded: token.folded.to_string(), marked, prefix, weight }
}
