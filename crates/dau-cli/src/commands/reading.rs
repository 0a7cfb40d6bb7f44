//! What `index` and `schema` share: arguments to input options, and a schema chosen from the first records.

use anyhow::Result;
use dau::text::encoding::{Encoding, EncodingChoice};
use dau::{FieldKind, Schema};

use crate::args::values::{InputEncoding, InputFormat, Reading, SchemaChoice};
use crate::input::{Format, Input, Item, Options, Record};
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

/// The first records, with the problems among them, in order.
pub(super) fn sample(input: &mut Input) -> Vec<Item> {
    let meter = input.meter();
    let mut items = Vec::new();
    let mut records = 0;
    while records < SAMPLE && meter.unpacked() < SAMPLE_BYTES {
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
    // A stray file of records among pages must not take the pages' ids away: they could not be replaced any more.
    let mostly_pages = 2 * pages >= records().count();
    let counts = |record: &&Record| !mostly_pages || record.fields.contains_key("id");
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
