//! A schema guessed from sample documents.

use serde_json::{Map, Value};

use super::{Field, FieldKind, Schema, Unknown};
use crate::text::value::parse_date;

/// A string value longer than this (in chars) is prose, not a name, a code or a category.
const LONG_CHARS: usize = 80;
/// The values of a list are tags or names when none is longer than this (in chars).
const TAG_CHARS: usize = 40;
/// A keyword's distinct values are at most this share of its values...
const KEYWORD_SHARE: f64 = 0.5;
/// ...once there are this many values; below, few values say little.
const KEYWORD_VALUES: usize = 4;

/// What the samples show of one field.
#[derive(Default)]
struct Observed {
    name: String,
    values: usize,
    integers: usize,
    floats: usize,
    bools: usize,
    dates: usize,
    codes: usize,
    paths: usize,
    urls: usize,
    others: usize,
    longest: usize,
    lists: usize,
    distinct: Vec<String>,
}

/// Distinct values are counted up to this many: more is no category anyway.
const DISTINCT_MOST: usize = 200;

impl Schema {
    /// Guesses a schema from sample documents: numbers, dates, document numbers, paths and categories by their values, text for the rest.
    ///
    /// `id` or `_id` becomes the unique id when every sample has one. Unknown fields are kept. The guess depends on
    /// the samples only; show it to the user, who can change one kind with [`Schema::with_kind`].
    ///
    /// # Example: prices, dates and categories are told from text
    ///
    /// ```
    /// use dau::{FieldKind, Schema};
    /// use serde_json::json;
    ///
    /// let samples = [
    ///     json!({"id": "a", "title": "Ấm chén", "price": 250000, "date": "2024-02-09"}),
    ///     json!({"id": "b", "title": "Bàn gỗ", "price": 1900000, "date": "2024-03-01"}),
    /// ];
    /// let schema = Schema::infer(samples.iter().filter_map(|sample| sample.as_object()));
    /// assert_eq!(schema.id_field(), Some("id"));
    /// assert_eq!(schema.field("price").unwrap().kind(), FieldKind::Integer);
    /// assert_eq!(schema.field("date").unwrap().kind(), FieldKind::Date);
    /// assert_eq!(schema.field("title").unwrap().kind(), FieldKind::Text);
    /// ```
    pub fn infer<'a>(samples: impl IntoIterator<Item = &'a Map<String, Value>>) -> Schema {
        let mut observed: Vec<Observed> = Vec::new();
        let mut count = 0;
        let mut with_id = [0usize; 2];
        for sample in samples {
            count += 1;
            for (slot, name) in ID_NAMES.iter().enumerate() {
                with_id[slot] += usize::from(sample.get(*name).is_some_and(is_id_value));
            }
            for (name, value) in sample {
                observe(&mut observed, name, value);
            }
        }
        let id = ID_NAMES.iter().zip(with_id).find(|&(_, n)| count > 0 && n == count).map(|(name, _)| *name);
        let fields = observed
            .iter()
            .filter(|field| Some(field.name.as_str()) != id && super::check_name(&field.name).is_ok())
            .map(|field| Field::new(field.name.clone(), field.kind()))
            .collect();
        Schema { id: id.map(str::to_owned), unknown: Unknown::Keep, fields }
    }
}

const ID_NAMES: [&str; 2] = ["id", "_id"];

fn is_id_value(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.is_empty(),
        Value::Number(number) => number.is_i64() || number.is_u64(),
        _ => false,
    }
}

fn observe(observed: &mut Vec<Observed>, name: &str, value: &Value) {
    let slot = match observed.iter().position(|field| field.name == name) {
        Some(slot) => slot,
        None => {
            observed.push(Observed { name: name.to_owned(), ..Observed::default() });
            observed.len() - 1
        }
    };
    match value {
        Value::Array(values) => {
            observed[slot].lists += 1;
            values.iter().for_each(|value| observed[slot].add(value));
        }
        value => observed[slot].add(value),
    }
}

impl Observed {
    fn add(&mut self, value: &Value) {
        match value {
            Value::Null => return,
            Value::Bool(_) => self.bools += 1,
            Value::Number(number) if number.is_i64() => self.integers += 1,
            Value::Number(_) => self.floats += 1,
            Value::String(text) if text.trim().is_empty() => return,
            Value::String(text) => self.add_text(text.trim()),
            Value::Array(_) | Value::Object(_) => self.others += 1,
        }
        self.values += 1;
    }

    fn add_text(&mut self, text: &str) {
        let chars = text.chars().count();
        self.longest = self.longest.max(chars);
        // A year alone is a date only where a field says so; a bare number is not enough evidence.
        let bare_number = text.bytes().all(|b| b.is_ascii_digit());
        self.dates += usize::from(!bare_number && chars <= 40 && parse_date(text).is_ok());
        self.codes += usize::from(is_code(text));
        self.paths += usize::from(text.starts_with('/') && chars <= LONG_CHARS);
        self.urls += usize::from(text.starts_with("http://") || text.starts_with("https://"));
        if self.distinct.len() < DISTINCT_MOST && !self.distinct.iter().any(|seen| seen == text) {
            self.distinct.push(text.to_owned());
        }
    }

    fn kind(&self) -> FieldKind {
        let all = |n: usize| self.values > 0 && n == self.values;
        let distinct_share = self.distinct.len() as f64 / self.values.max(1) as f64;
        match () {
            () if self.others > 0 => FieldKind::Stored,
            () if all(self.bools) => FieldKind::Bool,
            () if all(self.integers) => FieldKind::Integer,
            () if all(self.integers + self.floats) => FieldKind::Float,
            () if all(self.urls) => FieldKind::Stored,
            () if all(self.dates) => FieldKind::Date,
            () if all(self.paths) => FieldKind::Path,
            () if all(self.codes) => FieldKind::Code,
            // Several short values a document are tags or names.
            () if self.lists > 0 && self.longest <= TAG_CHARS => FieldKind::Keyword,
            () if self.values >= KEYWORD_VALUES && self.longest <= LONG_CHARS && distinct_share <= KEYWORD_SHARE => {
                FieldKind::Keyword
            }
            () => FieldKind::Text,
        }
    }
}

/// One unbroken run with a digit and a separator or a capital: `15/2020/NĐ-CP`, `SKU-00123`, `29A-12345`.
fn is_code(text: &str) -> bool {
    let no_space = !text.contains(char::is_whitespace);
    let digit = text.contains(|c: char| c.is_ascii_digit());
    let shape = text.contains(['/', '-', '.']) || text.contains(char::is_uppercase);
    no_space && digit && shape && text.chars().count() <= 40
}
