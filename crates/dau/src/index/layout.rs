//! How a [`Schema`] lies in the storage layer's schema. Fields are named by position there, so that any name will do here.

use tantivy::schema::{
    FAST, Field as Slot, INDEXED, IndexRecordOption, STORED, Schema as StorageSchema, TextFieldIndexing, TextOptions,
};

use crate::analysis;
use crate::schema::{FieldKind, Schema};

/// The unique id, as text.
pub(crate) const ID_COLUMN: &str = "id";
/// Counts documents in the order in which they came; breaks ties, so that order does not depend on segments.
pub(crate) const SEQUENCE_COLUMN: &str = "sequence";
/// The document as given, as JSON.
const SOURCE: &str = "source";

/// The slots of the storage layer that belong to each part of a document.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    pub(crate) id: Option<Slot>,
    pub(crate) sequence: Slot,
    pub(crate) source: Slot,
    /// One a field of the schema; `None` for fields that are only stored.
    pub(crate) fields: Vec<Option<Slot>>,
}

impl Layout {
    pub(crate) fn new(schema: &Schema) -> (StorageSchema, Layout) {
        let mut builder = StorageSchema::builder();
        let id = schema.id_field().map(|_| builder.add_text_field(ID_COLUMN, exact(analysis::UNIQUE).set_fast("raw")));
        let sequence = builder.add_u64_field(SEQUENCE_COLUMN, FAST);
        let source = builder.add_text_field(SOURCE, STORED);
        let mut fields = Vec::with_capacity(schema.fields().len());
        for (position, field) in schema.fields().iter().enumerate() {
            let name = fast_name(position);
            fields.push(match field.kind() {
                FieldKind::Text => Some(builder.add_text_field(&name, ranked(analysis::TEXT))),
                FieldKind::Code => Some(builder.add_text_field(&name, ranked(analysis::CODE))),
                FieldKind::Keyword => Some(builder.add_text_field(&name, exact(analysis::KEYWORD).set_fast("raw"))),
                FieldKind::Path => Some(builder.add_text_field(&name, exact(analysis::PATH).set_fast("raw"))),
                FieldKind::Integer | FieldKind::Date => Some(builder.add_i64_field(&name, FAST)),
                FieldKind::Float => Some(builder.add_f64_field(&name, FAST)),
                FieldKind::Bool => Some(builder.add_bool_field(&name, FAST | INDEXED)),
                FieldKind::Stored => None,
            });
        }
        (builder.build(), Layout { id, sequence, source, fields })
    }
}

/// The name of a schema field's column.
pub(crate) fn fast_name(position: usize) -> String {
    format!("f{position}")
}

fn ranked(analyzer: &str) -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(analyzer)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions)
        .set_fieldnorms(true);
    TextOptions::default().set_indexing_options(indexing)
}

fn exact(analyzer: &str) -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(analyzer)
        .set_index_option(IndexRecordOption::Basic)
        .set_fieldnorms(false);
    TextOptions::default().set_indexing_options(indexing)
}
