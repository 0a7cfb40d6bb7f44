//! What `index` and `schema` share: arguments to input options, and a schema chosen from the first records.

use anyhow::Result;
use dau::text::encoding::{Encoding, EncodingChoice};
use dau::{FieldKind, Schema};
use serde_json::Value;

use crate::args::values::{InputEncoding, InputFormat, Reading, SchemaChoice};
use crate::input::{Format, Input, Item, Options, Problem, Record};
use crate::resolve::Settings;

/// A schema is inferred from at most so many records…
const SAMPLE: usize = 1000;
/// …and from no more once so many bytes have been read.
const SAMPLE_BYTES: u64 = 32 << 20;

/// Turns arguments into options of the readers.
pub(super) fn options(reading: &Reading, settings: &Settings) -> Options {
    Options {
        format: format(reading.format),
        encoding: encoding(reading.encoding),
        max_record: reading.max_record,
        skip: Some(settings.index.clone()),
    }
}

fn format(format: InputFormat) -> Option<Format> {
    match format {
        InputFormat::Auto => None,
        InputFormat::Jsonl => Some(Format::Jsonl),
        InputFormat::Json => Some(Format::Json),
        InputFormat::Csv => Some(Format::Csv),
        InputFormat::Tsv => Some(Format::Tsv),
        InputFormat::Md => Some(Format::Markdown),
        InputFormat::Html => Some(Format::Html),
        InputFormat::Txt => Some(Format::Text),
    }
}

fn encoding(encoding: InputEncoding) -> EncodingChoice {
    EncodingChoice::Fixed(match encoding {
        InputEncoding::Auto => return EncodingChoice::Auto,
        InputEncoding::Utf8 => Encoding::Utf8,
        InputEncoding::Utf16 => Encoding::Utf16,
        InputEncoding::Tcvn3 => Encoding::Tcvn3,
        InputEncoding::Vni => Encoding::Vni,
        InputEncoding::Viscii => Encoding::Viscii,
        InputEncoding::Windows1258 => Encoding::Windows1258,
    })
}

/// The first records, with the problems among them, in order; empty when there is no record at all.
///
/// Problems before the first record are told at once, for there may be any number of them; `tell` says whether to go on.
pub(super) fn sample(input: &mut Input, mut tell: impl FnMut(&Problem) -> bool) -> Vec<Item> {
    let first = loop {
        match input.next() {
            Some(Ok(record)) => break record,
            Some(Err(problem)) if tell(&problem) => {}
            _ => return Vec::new(),
        }
    };
    let meter = input.meter();
    let enough = meter.unpacked() + SAMPLE_BYTES;
    let mut items = vec![Ok(first)];
    let mut records = 1;
    while records < SAMPLE && meter.unpacked() < enough {
        let Some(item) = input.next() else { break };
        records += usize::from(item.is_ok());
        items.push(item);
    }
    items
}

/// Infers a schema from the records of a sample, and applies what the user said of it.
pub(super) fn infer(sample: &[Item], choice: &SchemaChoice) -> Result<Schema> {
    let records = || sample.iter().flatten();
    let pages = records().filter(|record| record.is_page()).count();
    let mostly_pages = 2 * pages >= records().count();
    // A few records without an id must not take the ids of all others away: those could not be replaced any more.
    let id = ["id", "_id"].into_iter().find(|name| {
        let with = records().filter(|record| has_id(record, name)).count();
        2 * with >= records().count()
    });
    let counts = |record: &&Record| id.is_none_or(|name| has_id(record, name));
    let mut schema = Schema::infer(records().filter(counts).map(|record| &record.fields));
    // What a page consists of is known; a few short titles must not look like categories.
    if mostly_pages {
        for name in ["title", "body"] {
            if schema.field(name).is_some() {
                schema = schema.with_kind(name, FieldKind::Text)?;
            }
        }
    }
    apply(schema, choice)
}

fn has_id(record: &Record, name: &str) -> bool {
    match record.fields.get(name) {
        Some(Value::String(text)) => !text.is_empty(),
        Some(value) => value.is_i64() || value.is_u64(),
        None => false,
    }
}

/// Applies `--id` and `--kind`.
pub(super) fn apply(mut schema: Schema, choice: &SchemaChoice) -> Result<Schema> {
    for (name, kind) in &choice.kinds {
        schema = schema.with_kind(name, *kind)?;
    }
    if let Some(id) = &choice.id {
        schema = schema.with_id(id)?;
    }
    Ok(schema)
}
