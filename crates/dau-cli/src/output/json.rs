//! Answers as JSON, in the shapes that scripts rely on.

use std::collections::BTreeMap;
use std::io::{self, Write};

use dau::{Facet, Fragment, Hit, Results};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};
use serde_json::{Map, Value};

use super::{Out, escape};

/// A query and what it found.
#[derive(Debug)]
pub(crate) struct Answer<'a> {
    /// The query as typed.
    pub(crate) query: &'a str,
    /// Its id in a file of queries.
    pub(crate) id: Option<&'a str>,
    /// What it found.
    pub(crate) results: &'a Results,
    /// The fields to show; empty: all.
    pub(crate) show: &'a [String],
}

#[derive(serde::Serialize)]
struct AnswerForm<'a> {
    query: &'a str,
    id: Option<&'a str>,
    total: u64,
    took_us: u64,
    hits: Vec<HitForm<'a>>,
    facets: Facets<'a>,
    did_you_mean: Option<&'a str>,
}

#[derive(serde::Serialize)]
struct HitForm<'a> {
    rank: usize,
    id: Option<&'a str>,
    score: f32,
    fields: Fields<'a>,
    highlights: BTreeMap<&'a str, Vec<FragmentForm<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<&'a dau::Explanation>,
}

#[derive(serde::Serialize)]
struct FragmentForm<'a> {
    text: &'a str,
    spans: Vec<[usize; 2]>,
}

#[derive(serde::Serialize)]
struct FacetForm<'a> {
    value: &'a str,
    count: u64,
}

/// The stored fields that are to be shown, in the order asked for.
struct Fields<'a> {
    stored: &'a Map<String, Value>,
    show: &'a [String],
}

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.show.is_empty() {
            return self.stored.serialize(serializer);
        }
        let mut map = serializer.serialize_map(None)?;
        for name in self.show {
            if let Some(value) = self.stored.get(name) {
                map.serialize_entry(name, value)?;
            }
        }
        map.end()
    }
}

/// Facets by field, in the order asked for.
struct Facets<'a>(&'a [Facet]);

impl Serialize for Facets<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for facet in self.0 {
            let values: Vec<_> =
                facet.values.iter().map(|value| FacetForm { value: &value.value, count: value.count }).collect();
            map.serialize_entry(&facet.field, &values)?;
        }
        map.end()
    }
}

impl<'a> AnswerForm<'a> {
    fn new(answer: &Answer<'a>) -> AnswerForm<'a> {
        let results = answer.results;
        AnswerForm {
            query: answer.query,
            id: answer.id,
            total: results.total,
            took_us: u64::try_from(results.took.as_micros()).unwrap_or(u64::MAX),
            hits: results.hits.iter().map(|hit| HitForm::new(hit, answer.show)).collect(),
            facets: Facets(&results.facets),
            did_you_mean: results.did_you_mean.as_deref(),
        }
    }
}

impl<'a> HitForm<'a> {
    fn new(hit: &'a Hit, show: &'a [String]) -> HitForm<'a> {
        let fragments = |fragments: &'a Vec<Fragment>| fragments.iter().map(FragmentForm::new).collect();
        HitForm {
            rank: hit.rank,
            id: hit.id.as_deref(),
            score: hit.score,
            fields: Fields { stored: hit.document.as_map(), show },
            highlights: hit.highlights.iter().map(|(field, found)| (field.as_str(), fragments(found))).collect(),
            explanation: hit.explanation.as_ref(),
        }
    }
}

impl<'a> FragmentForm<'a> {
    fn new(fragment: &'a Fragment) -> FragmentForm<'a> {
        FragmentForm { text: &fragment.text, spans: fragment.spans.iter().map(|span| [span.start, span.end]).collect() }
    }
}

/// Writes an answer over several lines.
pub(crate) fn answer(out: &mut Out, answer: &Answer<'_>) -> io::Result<()> {
    pretty(out, &AnswerForm::new(answer))
}

/// Writes an answer on one line.
pub(crate) fn answer_line(out: &mut Out, answer: &Answer<'_>) -> io::Result<()> {
    compact(out, &AnswerForm::new(answer))
}

/// Writes any value on one line.
pub(crate) fn compact(out: &mut Out, value: &impl Serialize) -> io::Result<()> {
    let safe = out.stream.terminal;
    write(out, value, CompactFormatter, safe)
}

/// Writes any value over several lines.
pub(crate) fn pretty(out: &mut Out, value: &impl Serialize) -> io::Result<()> {
    let safe = out.stream.terminal;
    write(out, value, PrettyFormatter::new(), safe)
}

fn write(out: &mut impl Write, value: &impl Serialize, formatter: impl Formatter, safe: bool) -> io::Result<()> {
    if safe {
        value.serialize(&mut serde_json::Serializer::with_formatter(&mut *out, Safe(formatter)))?;
    } else {
        value.serialize(&mut serde_json::Serializer::with_formatter(&mut *out, formatter))?;
    }
    out.write_all(b"\n")
}

/// Writes as another formatter does, but letters that could command a terminal as `\u` escapes. It is the same JSON.
struct Safe<F>(F);

impl<F: Formatter> Formatter for Safe<F> {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(escape::is_dangerous) {
            let (before, from) = rest.split_at(at);
            writer.write_all(before.as_bytes())?;
            let letter = from.chars().next().map_or(0, u32::from);
            // All dangerous letters lie below U+10000.
            write!(writer, "\\u{letter:04x}")?;
            rest = &from[char::from_u32(letter).map_or(1, char::len_utf8)..];
        }
        writer.write_all(rest.as_bytes())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_change_no_value() {
        let value = serde_json::json!({"a\u{202e}": ["x\u{9b}\u{7f}đ\n", 1, {}], "b": "😀"});
        for pretty in [false, true] {
            let mut bytes = Vec::new();
            if pretty {
                write(&mut bytes, &value, PrettyFormatter::new(), true).expect("in memory");
            } else {
                write(&mut bytes, &value, CompactFormatter, true).expect("in memory");
            }
            let text = String::from_utf8(bytes).expect("UTF-8");
            assert!(text.trim_end().chars().all(|letter| letter == '\n' || !escape::is_dangerous(letter)), "{text}");
            let back: Value = serde_json::from_str(&text).expect("JSON");
            assert_eq!(back, value);
        }
    }
}
