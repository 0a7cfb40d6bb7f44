//! Values that several commands take: sizes, names with a kind, ways of matching.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use dau::FieldKind;

/// How files are read; the same for every command that reads them.
#[derive(Args, Clone, Debug)]
pub(crate) struct Reading {
    /// Format of the input [default: by name, then by content]
    #[arg(long, value_name = "FORMAT", default_value = "auto", hide_default_value = true)]
    pub(crate) format: InputFormat,

    /// Encoding of the input
    ///
    /// `auto` knows UTF-8, UTF-16 with a byte order mark, and older encodings where the text leaves no doubt.
    #[arg(long, value_name = "NAME", default_value = "auto")]
    pub(crate) encoding: InputEncoding,

    /// Most bytes a record may have; a longer one is skipped and told
    #[arg(long, value_name = "SIZE", default_value = "64M", value_parser = size)]
    pub(crate) max_record: usize,
}

/// How the words of a query are looked for; the same for every command that searches.
#[derive(Args, Clone, Debug)]
pub(crate) struct WordOptions {
    /// Fields to search in [default: all that hold text]
    #[arg(long = "in", value_name = "FIELD,…", value_delimiter = ',')]
    pub(crate) fields: Vec<String>,

    /// How marks count
    #[arg(long, value_name = "HOW", default_value = "smart")]
    pub(crate) accents: Accents,

    /// Whether words are also looked for as they were probably meant
    #[arg(long, value_name = "HOW", default_value = "auto")]
    pub(crate) corrections: Corrections,

    /// Do not look for the index's synonyms (`dau synonyms`) of what is typed
    #[arg(long)]
    pub(crate) no_synonyms: bool,

    /// How many of the query's words must be there
    #[arg(long = "match", value_name = "HOW", default_value = "auto")]
    pub(crate) matching: Matching,
}

impl WordOptions {
    /// The search for a query's words.
    pub(crate) fn search(&self, query: &str) -> dau::Search {
        let search = dau::Search::new(query)
            .accents(self.accents.into())
            .corrections(self.corrections.into())
            .synonyms(!self.no_synonyms)
            .matching(self.matching.into());
        if self.fields.is_empty() { search } else { search.fields(&self.fields) }
    }
}

/// What decides the schema of a new index.
#[derive(Args, Clone, Debug)]
pub(crate) struct SchemaChoice {
    /// Field that is the unique id [default: id or _id, where there is one]
    #[arg(long, value_name = "FIELD")]
    pub(crate) id: Option<String>,

    /// Kind of one field, where the inferred one is wrong (repeatable)
    ///
    /// Kinds: text, code, keyword, integer, float, bool, date, path, stored.
    #[arg(long = "kind", value_name = "FIELD=KIND", value_parser = field_kind)]
    pub(crate) kinds: Vec<(String, FieldKind)>,
}

/// Formats of input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum InputFormat {
    /// By name, then by content
    Auto,
    /// One JSON object a line
    Jsonl,
    /// An array of JSON objects, or one object
    Json,
    /// Comma separated, first row the names
    Csv,
    /// Tab separated, first row the names
    Tsv,
    /// Markdown, one document a file
    Md,
    /// HTML, one document a file
    Html,
    /// Plain text, one document a file
    Txt,
}

/// Encodings of input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum InputEncoding {
    /// By byte order mark, then by content
    Auto,
    /// UTF-8
    #[value(name = "utf-8")]
    Utf8,
    /// TCVN3 (ABC): fonts named .VnTime and the like
    Tcvn3,
    /// VNI for Windows: fonts named VNI-Times and the like
    Vni,
    /// VISCII
    Viscii,
    /// Windows code page 1258
    #[value(name = "windows-1258")]
    Windows1258,
    /// UTF-16, with or without a byte order mark
    #[value(name = "utf-16")]
    Utf16,
}

/// How marks count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Accents {
    /// Every spelling matches; the marks typed rank first
    Smart,
    /// Marks must be the same
    Strict,
    /// Marks never count
    Ignore,
}

/// Whether words are also looked for as they were probably meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Corrections {
    /// Raw Telex and VNI keys, joined words, slips
    Auto,
    /// As typed
    Off,
}

/// How many words of the query must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Matching {
    /// Chosen by the query's length
    Auto,
    /// Any word
    Any,
    /// All words
    All,
}

/// Formats of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For reading
    Human,
    /// One JSON object
    Json,
}

impl From<Corrections> for dau::Corrections {
    fn from(corrections: Corrections) -> dau::Corrections {
        match corrections {
            Corrections::Auto => dau::Corrections::Auto,
            Corrections::Off => dau::Corrections::Off,
        }
    }
}

impl From<Accents> for dau::Accents {
    fn from(accents: Accents) -> dau::Accents {
        match accents {
            Accents::Smart => dau::Accents::Smart,
            Accents::Strict => dau::Accents::Strict,
            Accents::Ignore => dau::Accents::Ignore,
        }
    }
}

impl From<Matching> for dau::Matching {
    fn from(matching: Matching) -> dau::Matching {
        match matching {
            Matching::Auto => dau::Matching::Auto,
            Matching::Any => dau::Matching::Any,
            Matching::All => dau::Matching::All,
        }
    }
}

/// A field to sort by, and the direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sort {
    /// The field's name.
    pub(crate) field: String,
    /// The direction.
    pub(crate) order: dau::Order,
}

/// Reads `FIELD`, `FIELD:asc` or `FIELD:desc`.
pub(crate) fn sort(text: &str) -> Result<Sort, String> {
    let (field, order) = match text.rsplit_once(':') {
        Some((field, "asc")) => (field, dau::Order::Asc),
        Some((field, "desc")) => (field, dau::Order::Desc),
        Some((_, order)) => {
            return Err(format!("expected asc or desc after the colon, found {order:?}"));
        }
        None => (text, dau::Order::Asc),
    };
    if field.is_empty() {
        return Err("expected FIELD, FIELD:asc or FIELD:desc, found no field".to_owned());
    }
    let field = field.to_owned();
    Ok(Sort { field, order })
}

/// Reads `FIELD=KIND`.
pub(crate) fn field_kind(text: &str) -> Result<(String, FieldKind), String> {
    let Some((field, kind)) = text.rsplit_once('=') else {
        return Err(format!("expected FIELD=KIND, as in price=integer, found {text:?}"));
    };
    if field.is_empty() {
        return Err("expected FIELD=KIND, found no field before the equals sign".to_owned());
    }
    let kind = kind.parse().map_err(|error: dau::Error| error.to_string())?;
    Ok((field.to_owned(), kind))
}

/// Reads a size in bytes: `512`, `64K`, `256M`, `1.5G`, with or without `B` or `iB`; 1 K is 1,024.
pub(crate) fn size(text: &str) -> Result<usize, String> {
    let wrong = || format!("expected a size such as 64M or 1G, found {text:?}");
    let lower = text.trim().to_ascii_lowercase();
    let bare = lower.strip_suffix("ib").or_else(|| lower.strip_suffix('b')).unwrap_or(&lower);
    let (number, unit) = match bare.char_indices().last() {
        Some((at, 'k')) => (&bare[..at], 1_u64 << 10),
        Some((at, 'm')) => (&bare[..at], 1 << 20),
        Some((at, 'g')) => (&bare[..at], 1 << 30),
        Some((at, 't')) => (&bare[..at], 1 << 40),
        _ => (bare, 1),
    };
    let number: f64 = number.trim().parse().map_err(|_| wrong())?;
    let bytes = number * unit as f64;
    // Finite, at least a byte, and small enough to be exact.
    if !(1.0..=9e15).contains(&bytes) {
        return Err(wrong());
    }
    usize::try_from(bytes as u64).map_err(|_| wrong())
}

/// Reads a number that is at least 1.
pub(crate) fn positive(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) | Err(_) => Err(format!("expected a number from 1 on, found {text:?}")),
        Ok(number) => Ok(number),
    }
}

/// A file of queries.
#[derive(Args, Clone, Debug)]
pub(crate) struct QueryFile {
    /// File of queries: JSON lines, lines of id, tab and query, or plain lines
    ///
    /// JSON lines have `_id` (or `id`) and `text`. Plain lines are numbered from 1. `-` is standard input.
    #[arg(long, value_name = "FILE")]
    pub(crate) queries: Option<PathBuf>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        let check = |text: &str, bytes| assert_eq!(size(text), Ok(bytes), "{text}");
        check("1", 1);
        check("64K", 65_536);
        check("256MB", 256 << 20);
        check("1.5GiB", 3 << 29);
        check(" 2 m", 2 << 20);
        for wrong in ["", "0", "-1", "M", "1X", "NaN", "inf", "1e30"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn sorts() {
        let order = |text: &str| sort(text).map(|sort| (sort.field, sort.order));
        assert_eq!(order("giá"), Ok(("giá".to_owned(), dau::Order::Asc)));
        assert_eq!(order("a:b:desc"), Ok(("a:b".to_owned(), dau::Order::Desc)));
        assert!(order("giá:down").is_err());
        assert!(order(":asc").is_err());
    }

    #[test]
    fn field_kinds() {
        assert!(field_kind("price=integer").is_ok());
        assert!(field_kind("price").is_err());
        assert!(field_kind("=text").is_err());
    }
}
