//! Documents as users give and get them, and their values checked against the schema. Knows nothing of the index.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::error::{Error, ErrorKind, Result};
use crate::schema::{FieldKind, Schema, Unknown};
use crate::text::value::{parse_date, parse_number};

/// A stored document, as it was given.
///
/// # Example: back into a struct
///
/// ```
/// use dau::{Index, Schema, Search};
///
/// #[derive(serde::Serialize, serde::Deserialize)]
/// struct Song { title: String }
///
/// let index = Index::in_ram(Schema::builder().text("title").build()?)?;
/// let mut writer = index.writer()?;
/// writer.add(&Song { title: "Diễm xưa".to_owned() })?;
/// writer.commit()?;
/// let results = index.search(&Search::new("diem xua"))?;
/// let song: Song = results.hits[0].document.to()?;
/// assert_eq!(song.title, "Diễm xưa");
/// # Ok::<(), dau::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Document {
    map: Map<String, Value>,
}

impl Document {
    pub(crate) fn from_map(map: Map<String, Value>) -> Document {
        Document { map }
    }

    /// Returns a field's value.
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.map.get(field)
    }

    /// Returns all fields, in the order in which they were given.
    pub fn as_map(&self) -> &Map<String, Value> {
        &self.map
    }

    /// Returns all fields, giving up the document.
    pub fn into_map(self) -> Map<String, Value> {
        self.map
    }

    /// Reads the document into any type.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Document`] when the type wants a field that is not there, or of another type.
    pub fn to<T: DeserializeOwned>(&self) -> Result<T> {
        T::deserialize(Value::Object(self.map.clone())).map_err(|error| {
            let message = format!("the stored document does not fit {}: {error}", std::any::type_name::<T>());
            Error::new(ErrorKind::Document, message).caused_by(error)
        })
    }
}

/// Turns any serializable value into a map of fields.
pub(crate) fn to_map(document: &impl Serialize) -> Result<Map<String, Value>> {
    let value = serde_json::to_value(document).map_err(|error| {
        Error::new(ErrorKind::Document, format!("the document cannot be serialized: {error}")).caused_by(error)
    })?;
    match value {
        Value::Object(map) => Ok(map),
        other => {
            let message = format!("a document must be a map or struct of fields: found {}", name_of(&other));
            Err(Error::new(ErrorKind::Document, message))
        }
    }
}

/// One checked value of one field, ready to be indexed.
#[derive(Debug, PartialEq)]
pub(crate) enum Indexed {
    /// For text, code, keyword, path.
    Text(String),
    Integer(i64),
    Float(f64),
    Bool(bool),
    /// Seconds since 1970-01-01T00:00:00Z.
    Seconds(i64),
}

/// Checks a document against the schema and hands out its indexable values: (position of the field in the schema, value).
///
/// `id` is what [`id_of`] says of it. Texts are moved out of the document, not copied.
pub(crate) fn each_value(
    schema: &Schema,
    id: Option<&str>,
    map: Map<String, Value>,
    mut sink: impl FnMut(usize, Indexed),
) -> Result<()> {
    for (name, value) in map {
        let Some(position) = schema.position(&name) else {
            if schema.unknown() == Unknown::Error && schema.id_field() != Some(&name) {
                return Err(unknown_field(schema, id, &name));
            }
            continue;
        };
        let kind = schema.fields()[position].kind();
        each_single(value, &mut |single| {
            match index_value(kind, single) {
                Ok(Some(indexed)) => sink(position, indexed),
                Ok(None) => {}
                Err(Misfit { expected, found }) => return Err(misfit(id, &name, kind, &expected, &found)),
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// Returns the document's unique id as text.
///
/// # Errors
///
/// [`ErrorKind::Document`] when the schema asks for one and the document has none.
pub(crate) fn id_of(schema: &Schema, map: &Map<String, Value>) -> Result<Option<String>> {
    let Some(name) = schema.id_field() else { return Ok(None) };
    let found = match map.get(name) {
        Some(Value::String(id)) if !id.is_empty() => return Ok(Some(id.clone())),
        Some(Value::Number(number)) if number.is_i64() || number.is_u64() => return Ok(Some(number.to_string())),
        Some(other) => shown(other),
        None => "no such field".to_owned(),
    };
    let message =
        format!("a document has no id: field {name:?}: expected a non-empty string or an integer, found {found}");
    Err(Error::new(ErrorKind::Document, message))
}

fn each_single(value: Value, visit: &mut impl FnMut(Value) -> Result<()>) -> Result<()> {
    match value {
        Value::Array(values) => values.into_iter().try_for_each(visit),
        value => visit(value),
    }
}

/// A value that is not of its field's kind.
struct Misfit {
    expected: String,
    found: Value,
}

/// Converts one value; `Ok(None)` for null, for a blank where a number, date or flag should stand, and for what is
/// stored only.
fn index_value(kind: FieldKind, value: Value) -> Result<Option<Indexed>, Misfit> {
    // Tables and forms write a missing value as an empty string.
    let blank = || value.as_str().is_some_and(|text| text.trim().is_empty());
    if value.is_null() || kind == FieldKind::Stored || (kind.is_typed() && blank()) {
        return Ok(None);
    }
    let indexed = match kind {
        FieldKind::Text | FieldKind::Code | FieldKind::Keyword | FieldKind::Path => {
            return text_value(value).map(Some);
        }
        FieldKind::Integer => integer_value(&value),
        FieldKind::Float => float_value(&value),
        FieldKind::Bool => bool_value(&value),
        FieldKind::Date => date_value(&value),
        FieldKind::Stored => return Ok(None),
    };
    indexed.map(Some).map_err(|expected| Misfit { expected, found: value })
}

fn text_value(value: Value) -> Result<Indexed, Misfit> {
    let text = match value {
        Value::String(text) => text,
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        found => return Err(Misfit { expected: "text, or a list of texts".to_owned(), found }),
    };
    Ok(Indexed::Text(text))
}

fn integer_value(value: &Value) -> Result<Indexed, String> {
    let expected = || "a whole number such as 1000000 or \"1.000.000 đ\"".to_owned();
    match value {
        Value::Number(number) => {
            number.as_i64().or_else(|| whole(number.as_f64()?)).map(Indexed::Integer).ok_or_else(expected)
        }
        Value::String(text) => match parse_number(text) {
            Ok(number) => number.as_i64().map(Indexed::Integer).ok_or_else(expected),
            Err(_) => Err(expected()),
        },
        _ => Err(expected()),
    }
}

/// A float that is a whole number within the range in which floats are exact.
pub(crate) fn whole(number: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
}

fn float_value(value: &Value) -> Result<Indexed, String> {
    let expected = || "a number such as 3.14 or \"3,14\"".to_owned();
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => parse_number(text).ok().map(|number| number.as_f64()),
        _ => None,
    };
    number.filter(|number| number.is_finite()).map(Indexed::Float).ok_or_else(expected)
}

fn bool_value(value: &Value) -> Result<Indexed, String> {
    match value {
        Value::Bool(flag) => Ok(Indexed::Bool(*flag)),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Ok(Indexed::Bool(true)),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Ok(Indexed::Bool(false)),
        _ => Err("true or false".to_owned()),
    }
}

fn date_value(value: &Value) -> Result<Indexed, String> {
    let text = match value {
        Value::String(text) => std::borrow::Cow::Borrowed(text.as_str()),
        // A bare integer is a year, as a historian writes it.
        Value::Number(number) if number.is_i64() => number.to_string().into(),
        _ => return Err("a date such as 2024-09-02, 02/09/1945 or a year".to_owned()),
    };
    parse_date(&text)
        .map(|date| Indexed::Seconds(date.start()))
        .map_err(|_| "a date such as 2024-09-02, 02/09/1945, 2024-09-02T10:30:00+07:00 or a year".to_owned())
}

fn of_document(id: Option<&str>) -> String {
    id.map_or_else(|| "a document".to_owned(), |id| format!("document {id:?}"))
}

fn unknown_field(schema: &Schema, id: Option<&str>, name: &str) -> Error {
    let known: Vec<&str> = schema.fields().iter().map(|field| field.name()).collect();
    let message = format!(
        "{} has a field {name:?} that the schema does not name: expected one of {}; add it to the schema or set unknown = \"keep\"",
        of_document(id),
        known.join(", ")
    );
    Error::new(ErrorKind::Document, message)
}

fn misfit(id: Option<&str>, name: &str, kind: FieldKind, expected: &str, found: &Value) -> Error {
    let message = format!("{}: field {name:?} ({kind}): expected {expected}, found {}", of_document(id), shown(found));
    Error::new(ErrorKind::Document, message)
}

fn name_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// A value for an error message: short, on one line.
fn shown(value: &Value) -> String {
    const MOST_CHARS: usize = 60;
    let text = value.to_string();
    if text.chars().count() <= MOST_CHARS {
        return text;
    }
    let cut: String = text.chars().take(MOST_CHARS).collect();
    format!("{cut}… ({})", name_of(value))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn schema() -> Schema {
        let builder = Schema::builder().id("id").text("title").integer("price").date("date").bool("new");
        builder.build().expect("a valid schema")
    }

    fn check_error(document: Value, expected: &[&str]) {
        let map = to_map(&document).expect("a map");
        let checked = id_of(&schema(), &map).and_then(|id| each_value(&schema(), id.as_deref(), map, |_, _| {}));
        let error = checked.expect_err("a misfit");
        assert_eq!(error.kind(), ErrorKind::Document);
        for part in expected {
            assert!(error.to_string().contains(part), "{error} lacks {part}");
        }
    }

    #[test]
    fn misfits_name_document_field_expected_and_found() {
        check_error(json!({"id": "a1", "price": "rẻ"}), &["\"a1\"", "\"price\"", "whole number", "\"rẻ\""]);
        check_error(json!({"id": "a1", "date": "31/02/2024"}), &["\"date\"", "a date such as", "31/02/2024"]);
        check_error(json!({"id": "a1", "new": 3}), &["true or false", "3"]);
        check_error(json!({"id": "a1", "title": {"vi": "x"}}), &["\"title\"", "text"]);
        check_error(json!({"id": "a1", "colour": "đỏ"}), &["\"colour\"", "title, price, date, new"]);
        check_error(json!({"title": "x"}), &["no id", "no such field"]);
        check_error(json!({"id": 1.5}), &["no id", "1.5"]);
    }

    #[test]
    fn values_are_read_as_people_write_them() {
        let map = to_map(
            &json!({"id": 7, "title": ["một", 2], "price": ["", "1.990.000 đ"], "date": "02/09/1945", "new": " "}),
        );
        let map = map.expect("a map");
        let mut values = Vec::new();
        each_value(&schema(), Some("7"), map, |field, value| values.push((field, value))).expect("fits");
        let expected = [
            (0, Indexed::Text("một".into())),
            (0, Indexed::Text("2".into())),
            (1, Indexed::Integer(1_990_000)),
            (2, Indexed::Seconds(-767_836_800)),
        ];
        assert_eq!(values, expected);
    }

    #[test]
    fn a_document_must_be_a_map() {
        assert_eq!(
            to_map(&3).expect_err("no map").to_string(),
            "a document must be a map or struct of fields: found a number"
        );
    }
}
