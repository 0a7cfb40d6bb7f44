//! What the fields of an index are. Knows nothing of storage or queries.

mod infer;
mod toml_form;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};

/// What a field holds, and so how it is indexed and what queries can ask of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum FieldKind {
    /// Prose and titles: words, phrases, prefixes; ranked.
    Text,
    /// Document numbers, article numbers, plates: found whole or by part, blind to punctuation, case and marks.
    Code,
    /// Categories, authors, tags: filtered, counted, sorted by exact value; matched blind to case and marks.
    Keyword,
    /// Whole numbers: ranges, sort. Values: JSON integers, or text like `1.000.000đ`.
    Integer,
    /// Numbers: ranges, sort.
    Float,
    /// True or false.
    Bool,
    /// Dates: ISO 8601, RFC 3339, `dd/mm/yyyy`, `dd-mm-yyyy`, a year alone. Ranges, sort; one second is the finest step.
    Date,
    /// Hierarchical category such as `/xã hội/giáo dục`: a value is found under each of its ancestors.
    Path,
    /// Anything to give back, not indexed.
    Stored,
}

const KINDS: [FieldKind; 9] = [
    FieldKind::Text,
    FieldKind::Code,
    FieldKind::Keyword,
    FieldKind::Integer,
    FieldKind::Float,
    FieldKind::Bool,
    FieldKind::Date,
    FieldKind::Path,
    FieldKind::Stored,
];

impl FieldKind {
    /// Returns the kind's name as written in a schema file.
    pub fn as_str(self) -> &'static str {
        match self {
            FieldKind::Text => "text",
            FieldKind::Code => "code",
            FieldKind::Keyword => "keyword",
            FieldKind::Integer => "integer",
            FieldKind::Float => "float",
            FieldKind::Bool => "bool",
            FieldKind::Date => "date",
            FieldKind::Path => "path",
            FieldKind::Stored => "stored",
        }
    }

    /// Lists every kind, in the order of the documentation.
    pub fn all() -> &'static [FieldKind] {
        &KINDS
    }

    /// Says whether a query that names no field looks into fields of this kind.
    pub(crate) fn is_searched_by_default(self) -> bool {
        matches!(self, FieldKind::Text | FieldKind::Code)
    }

    /// Says whether a value is a number, a date or a flag: something that a blank string cannot be.
    pub(crate) fn is_typed(self) -> bool {
        matches!(self, FieldKind::Integer | FieldKind::Float | FieldKind::Bool | FieldKind::Date)
    }
}

impl fmt::Display for FieldKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for FieldKind {
    type Err = Error;

    fn from_str(name: &str) -> Result<FieldKind> {
        KINDS.into_iter().find(|kind| kind.as_str() == name).ok_or_else(|| {
            let known = KINDS.map(FieldKind::as_str).join(", ");
            Error::new(ErrorKind::Schema, format!("unknown field kind {name:?}: expected one of {known}"))
        })
    }
}

/// What happens to a document's fields that the schema does not name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Unknown {
    /// The document is refused, with an error that names the field.
    #[default]
    Error,
    /// The value is kept and given back, but not indexed.
    Keep,
}

/// One field of a [`Schema`].
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    name: String,
    kind: FieldKind,
    weight: f32,
}

impl Field {
    /// Creates a field with weight 1.
    pub fn new(name: impl Into<String>, kind: FieldKind) -> Field {
        Field { name: name.into(), kind, weight: 1.0 }
    }

    /// Sets how much an occurrence in this field counts beside one in a field of weight 1 (BM25F); greater than 0.
    pub fn with_weight(mut self, weight: f32) -> Field {
        self.weight = weight;
        self
    }

    /// Returns the field's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns what the field holds.
    pub fn kind(&self) -> FieldKind {
        self.kind
    }

    /// Returns how much an occurrence in this field counts; 1 unless set.
    pub fn weight(&self) -> f32 {
        self.weight
    }
}

/// The fields of an index, in order.
///
/// # Example: the same schema, built and read from TOML
///
/// ```
/// use dau::Schema;
///
/// let built = Schema::builder().id("id").text("title").code("number").date("date").build()?;
/// let read = Schema::from_toml(
///     r#"
///     id = "id"
///     [fields.title]
///     kind = "text"
///     [fields.number]
///     kind = "code"
///     [fields.date]
///     kind = "date"
///     "#,
/// )?;
/// assert_eq!(built, read);
/// # Ok::<(), dau::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Schema {
    id: Option<String>,
    unknown: Unknown,
    fields: Vec<Field>,
}

impl Schema {
    /// Starts a schema with no field.
    pub fn builder() -> SchemaBuilder {
        SchemaBuilder { id: None, unknown: Unknown::Error, fields: Vec::new() }
    }

    /// Returns the fields in the order in which they were named.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// Returns the field of this name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Returns the name of the unique id's field. A document with the id of an older one replaces it.
    pub fn id_field(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Says what happens to fields that the schema does not name.
    pub fn unknown(&self) -> Unknown {
        self.unknown
    }

    /// Returns the same schema with one field's kind changed, or the field added.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Schema`] when the name cannot be a field's.
    pub fn with_kind(mut self, name: &str, kind: FieldKind) -> Result<Schema> {
        match self.fields.iter_mut().find(|field| field.name == name) {
            Some(field) => field.kind = kind,
            None => self.fields.push(Field::new(name, kind)),
        }
        self.validated()
    }

    /// Returns the same schema with this field as the unique id.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Schema`] when the name cannot be a field's.
    pub fn with_id(mut self, name: &str) -> Result<Schema> {
        self.id = Some(name.to_owned());
        self.validated()
    }

    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    fn validated(self) -> Result<Schema> {
        let mut seen: Vec<&str> = Vec::new();
        for field in &self.fields {
            check_name(&field.name)?;
            if seen.contains(&field.name.as_str()) {
                return Err(schema_error(format!("field {:?} is named twice", field.name)));
            }
            seen.push(&field.name);
            if !(field.weight.is_finite() && field.weight > 0.0) {
                let message = format!("field {:?} has weight {}: expected a number above 0", field.name, field.weight);
                return Err(schema_error(message));
            }
        }
        if let Some(id) = &self.id {
            check_name(id)?;
        }
        Ok(self)
    }
}

/// Builds a [`Schema`]; made by [`Schema::builder`].
#[derive(Clone, Debug)]
pub struct SchemaBuilder {
    id: Option<String>,
    unknown: Unknown,
    fields: Vec<Field>,
}

impl SchemaBuilder {
    /// Names the field that holds the unique id. It need not be among the other fields; its value is a string or an integer.
    pub fn id(mut self, name: impl Into<String>) -> SchemaBuilder {
        self.id = Some(name.into());
        self
    }

    /// Says what happens to fields that the schema does not name; an error unless set.
    pub fn unknown(mut self, unknown: Unknown) -> SchemaBuilder {
        self.unknown = unknown;
        self
    }

    /// Adds a field.
    pub fn field(mut self, field: Field) -> SchemaBuilder {
        self.fields.push(field);
        self
    }

    /// Adds a field for prose.
    pub fn text(self, name: impl Into<String>) -> SchemaBuilder {
        self.field(Field::new(name, FieldKind::Text))
    }

    /// Adds a field for document numbers and the like.
    pub fn code(self, name: impl Into<String>) -> SchemaBuilder {
        self.field(Field::new(name, FieldKind::Code))
    }

    /// Adds a field for exact values.
    pub fn keyword(self, name: impl Into<String>) -> SchemaBuilder {
        self.field(Field::new(name, FieldKind::Keyword))
    }

    /// Adds a field for whole numbers.
    pub fn integer(self, name: impl Into<String>) -> SchemaBuilder {
        self.field(Field::new(name, FieldKind::Integer))
    }

    /// Adds a field for numbers.
    pub fn float(self, name: impl Into<String>) -> SchemaBuilder {
        self.field(Field::new(name, FieldKind::Float))
    }

    /// Adds a field for true or false.
    pub fn bool(self, name: impl Into<String>) -> SchemaBuilder {
        self.field(Field::new(name, FieldKind::Bool))
    }

    /// Adds a field for dates.
    pub fn date(self, name: impl Into<String>) -> SchemaBuilder {
        self.field(Field::new(name, FieldKind::Date))
    }

    /// Adds a field for hierarchical categories.
    pub fn path(self, name: impl Into<String>) -> SchemaBuilder {
        self.field(Field::new(name, FieldKind::Path))
    }

    /// Adds a field that is only given back.
    pub fn stored(self, name: impl Into<String>) -> SchemaBuilder {
        self.field(Field::new(name, FieldKind::Stored))
    }

    /// Checks and returns the schema.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Schema`] for a name that is empty, named twice, or not writable in a query, and for a weight that is not above 0.
    pub fn build(self) -> Result<Schema> {
        Schema { id: self.id, unknown: self.unknown, fields: self.fields }.validated()
    }
}

fn schema_error(message: String) -> Error {
    Error::new(ErrorKind::Schema, message)
}

/// A name must be writable in a query as `name:word`.
fn check_name(name: &str) -> Result<()> {
    let bad = |c: char| c.is_whitespace() || c.is_control() || ":\"()[]{}^~*+".contains(c);
    if name.is_empty() || name.starts_with(['-', '=']) || name.contains(bad) {
        let message = format!(
            "{name:?} cannot be a field's name: expected letters, digits, _ . or -, with no space and none of : \" ( ) [ ] {{ }} ^ ~ * +"
        );
        return Err(schema_error(message));
    }
    Ok(())
}
