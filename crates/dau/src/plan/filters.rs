//! Values, ranges and presence: what matches without being scored.

use std::ops::{Bound, Range};

use tantivy::Term;
use tantivy::query::{ExistsQuery, RangeQuery, TermQuery};
use tantivy::schema::IndexRecordOption;

use super::lookup::{Gathered, each_term};
use super::{Plan, Planner};
use crate::analysis::{encode_term, fold_value, mark_value, normal_path, prefix_range, spellings_range};
use crate::document::whole;
use crate::error::{Error, ErrorKind, Result};
use crate::index::fast_name;
use crate::query;
use crate::schema::FieldKind;
use crate::search::Accents;
use crate::text::fold_letters;
use crate::text::value::{parse_date, parse_number};

impl Planner<'_> {
    /// One value of a field that is not for words.
    pub(super) fn value(&mut self, field: usize, text: &str, prefix: bool, span: Range<usize>) -> Result<Plan> {
        match self.kind(field) {
            None => Ok(self.id_value(text)),
            Some(FieldKind::Keyword) => self.exact_value(field, text, prefix),
            Some(FieldKind::Path) => self.exact_value(field, &normal_path(text), prefix),
            Some(FieldKind::Bool) => {
                let flag = match text.to_lowercase().as_str() {
                    "true" => Some(true),
                    "false" => Some(false),
                    _ => None,
                };
                match (flag, self.slot(field)) {
                    (Some(flag), Some(slot)) => {
                        let term = Term::from_field_bool(slot, flag);
                        Ok(filter(TermQuery::new(term, IndexRecordOption::Basic)))
                    }
                    _ => self.unfit(field, text, "true or false", span),
                }
            }
            Some(FieldKind::Integer | FieldKind::Float | FieldKind::Date) => {
                let value = Bound::Included(text.to_owned());
                self.range(field, &value, &value, span)
            }
            Some(FieldKind::Stored | FieldKind::Text | FieldKind::Code) => {
                self.unfit(field, text, "an indexed field: this one is only stored", span)
            }
        }
    }

    fn id_value(&self, text: &str) -> Plan {
        match self.searcher.inner().layout.id {
            Some(slot) => filter(TermQuery::new(Term::from_field_text(slot, text), IndexRecordOption::Basic)),
            None => Plan::Nothing,
        }
    }

    /// A keyword or path, blind to case and, unless asked otherwise, to marks.
    fn exact_value(&self, field: usize, text: &str, prefix: bool) -> Result<Plan> {
        let Some(slot) = self.slot(field) else {
            return Ok(Plan::Nothing);
        };
        let (folded, marked) = (fold_value(text), mark_value(text));
        let mut ranges = Vec::new();
        match (prefix, self.options.accents) {
            (true, _) => {
                ranges.push(prefix_range(&folded));
                let letters = fold_letters(text.trim());
                if letters != folded.as_str() {
                    ranges.push(prefix_range(&letters));
                }
            }
            (false, Accents::Strict) => {
                let mut term = String::new();
                encode_term(&mut term, &folded, &marked);
                let mut after = term.clone().into_bytes();
                after.push(0);
                ranges.push((term.into_bytes(), Some(after)));
            }
            (false, _) => {
                let (low, high) = spellings_range(&folded);
                ranges.push((low, Some(high)));
            }
        }
        let mut gathered = Gathered::new(self.searcher.segment_count());
        for (segment, reader) in self.searcher.storage().segment_readers().iter().enumerate() {
            let index = reader.inverted_index(slot)?;
            for range in &ranges {
                each_term(&index, range.clone(), |_, info| gathered.add(segment, field, "", info.clone()))?;
            }
        }
        Ok(Plan::Terms(self.unscored(gathered)))
    }

    pub(super) fn range(
        &mut self,
        field: usize,
        lower: &Bound<String>,
        upper: &Bound<String>,
        span: Range<usize>,
    ) -> Result<Plan> {
        let kind = self.kind(field);
        let Some(slot) = self.slot(field) else {
            return self.unfit_range(field, lower, upper, span);
        };
        let terms = match kind {
            Some(FieldKind::Integer) => integer_bounds(lower, upper).map(|(low, high)| {
                (low.map(|n| Term::from_field_i64(slot, n)), high.map(|n| Term::from_field_i64(slot, n)))
            }),
            Some(FieldKind::Float) => float_bounds(lower, upper).map(|(low, high)| {
                (low.map(|n| Term::from_field_f64(slot, n)), high.map(|n| Term::from_field_f64(slot, n)))
            }),
            Some(FieldKind::Date) => date_bounds(lower, upper).map(|(low, high)| {
                (low.map(|n| Term::from_field_i64(slot, n)), high.map(|n| Term::from_field_i64(slot, n)))
            }),
            _ => None,
        };
        match terms {
            Some((Bound::Unbounded, Bound::Unbounded)) => self.exists(field, span),
            Some((low, high)) => Ok(filter(RangeQuery::new(low, high))),
            None => self.unfit_range(field, lower, upper, span),
        }
    }

    /// Documents in which a field has a value.
    pub(super) fn exists(&mut self, field: usize, span: Range<usize>) -> Result<Plan> {
        let Some(kind) = self.kind(field) else {
            return Ok(Plan::Everything);
        };
        match (kind, self.slot(field)) {
            (FieldKind::Text | FieldKind::Code, Some(slot)) => Ok(Plan::Present(slot)),
            (_, Some(_)) => Ok(filter(ExistsQuery::new(fast_name(field), false))),
            (_, None) => Err(self.misused(field, "an indexed field: this one is only stored", span)),
        }
    }

    fn unfit_range(
        &mut self,
        field: usize,
        lower: &Bound<String>,
        upper: &Bound<String>,
        span: Range<usize>,
    ) -> Result<Plan> {
        let mut words: Vec<&str> = Vec::new();
        for bound in [lower, upper] {
            if let Bound::Included(text) | Bound::Excluded(text) = bound
                && !words.contains(&text.as_str())
            {
                words.push(text);
            }
        }
        let expected = match self.kind(field) {
            Some(FieldKind::Integer) => "a whole number",
            Some(FieldKind::Float) => "a number",
            Some(FieldKind::Date) => "a date such as 2024-09-02, 02/09/1945 or a year",
            _ => "a value of an integer, float or date field: only these have ranges",
        };
        self.unfit(field, &words.join(" "), expected, span)
    }

    /// A value that the field cannot have: an error in a filter and when parsing is strict, else words like any others.
    fn unfit(&mut self, field: usize, text: &str, expected: &str, span: Range<usize>) -> Result<Plan> {
        if self.options.strict {
            return Err(self.misused(field, &format!("{expected}, found {text:?}"), span));
        }
        let node = query::parse(text).root;
        let place = super::Place { field: None, boost: 1.0, scored: true, required: false, operand: false };
        match node {
            // Only words: what a value is made of holds no operator that was meant as one.
            query::Node::Word(word) => self.typed_word(&word, &place),
            _ => {
                let mut plans = Vec::new();
                let mut words = Vec::new();
                node.leaves(&mut |leaf, _| {
                    if let query::Leaf::Word(word) = leaf {
                        words.push(word);
                    }
                });
                for word in words {
                    plans.push(self.typed_word(word, &place)?);
                }
                Ok(Plan::any(plans))
            }
        }
    }

    fn misused(&self, field: usize, expected: &str, span: Range<usize>) -> Error {
        let schema = &self.searcher.inner().schema;
        let name =
            schema.fields().get(field).map_or_else(|| schema.id_field().unwrap_or_default(), |field| field.name());
        let kind = self.kind(field).map_or("id", FieldKind::as_str);
        Error::new(ErrorKind::Query, format!("field {name:?} ({kind}): expected {expected}")).at(span)
    }
}

fn filter(query: impl tantivy::query::Query) -> Plan {
    Plan::Filter(Box::new(query))
}

type Bounds<T> = (Bound<T>, Bound<T>);

fn each_bound<T>(bound: &Bound<String>, parse: impl Fn(&str) -> Option<T>) -> Option<Bound<T>> {
    Some(match bound {
        Bound::Unbounded => Bound::Unbounded,
        Bound::Included(text) => Bound::Included(parse(text)?),
        Bound::Excluded(text) => Bound::Excluded(parse(text)?),
    })
}

fn float_bounds(lower: &Bound<String>, upper: &Bound<String>) -> Option<Bounds<f64>> {
    let parse = |text: &str| parse_number(text).ok().map(|number| number.as_f64());
    Some((each_bound(lower, parse)?, each_bound(upper, parse)?))
}

/// Bounds between two whole numbers move to the next whole number inside.
fn integer_bounds(lower: &Bound<String>, upper: &Bound<String>) -> Option<Bounds<i64>> {
    let (lower, upper) = float_bounds(lower, upper)?;
    let inside = |number: f64, towards: fn(f64) -> f64| whole(towards(number));
    let lower = match lower {
        Bound::Unbounded => Bound::Unbounded,
        Bound::Excluded(number) if number.fract() == 0.0 => Bound::Excluded(whole(number)?),
        Bound::Included(number) | Bound::Excluded(number) => Bound::Included(inside(number, f64::ceil)?),
    };
    let upper = match upper {
        Bound::Unbounded => Bound::Unbounded,
        Bound::Excluded(number) if number.fract() == 0.0 => Bound::Excluded(whole(number)?),
        Bound::Included(number) | Bound::Excluded(number) => Bound::Included(inside(number, f64::floor)?),
    };
    Some((lower, upper))
}

/// A date is a period: `2024` as a lower bound is its first second, as an upper bound its last.
fn date_bounds(lower: &Bound<String>, upper: &Bound<String>) -> Option<Bounds<i64>> {
    let lower = match lower {
        Bound::Unbounded => Bound::Unbounded,
        Bound::Included(text) => Bound::Included(parse_date(text).ok()?.start()),
        Bound::Excluded(text) => Bound::Included(parse_date(text).ok()?.end()),
    };
    let upper = match upper {
        Bound::Unbounded => Bound::Unbounded,
        Bound::Included(text) => Bound::Excluded(parse_date(text).ok()?.end()),
        Bound::Excluded(text) => Bound::Excluded(parse_date(text).ok()?.start()),
    };
    Some((lower, upper))
}
