//! Answers as lines: tab-separated values, and runs as trec_eval reads them.

use std::borrow::Cow;
use std::io::{self, Write};

use dau::{Hit, Results};
use serde_json::Value;

use super::{Out, escape};

/// Writes the names of the columns.
pub(crate) fn tsv_header(out: &mut Out, batch: bool, show: &[String]) -> io::Result<()> {
    if batch {
        out.write_all(b"query_id\t")?;
    }
    out.write_all(b"rank\tid\tscore")?;
    for name in show {
        write!(out, "\t{}", escape::cell(name))?;
    }
    out.write_all(b"\n")
}

/// Writes a line a hit: in a batch the query's id first, then rank, id, score and the fields asked for.
pub(crate) fn tsv(out: &mut Out, query: Option<&str>, results: &Results, show: &[String]) -> io::Result<()> {
    let safe = out.stream.terminal;
    let clean = |text: &str| {
        let cell = escape::cell(text);
        if safe { escape::line(&cell).into_owned() } else { cell.into_owned() }
    };
    for hit in &results.hits {
        if let Some(query) = query {
            write!(out, "{}\t", clean(query))?;
        }
        write!(out, "{}\t{}\t{}", hit.rank, clean(hit.id.as_deref().unwrap_or_default()), hit.score)?;
        for name in show {
            write!(out, "\t{}", clean(&plain(hit.document.get(name))))?;
        }
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// Writes `QUERY_ID Q0 DOC_ID RANK SCORE dau`, best first. White space within ids becomes `_`: the format has no other
/// way to keep its columns.
pub(crate) fn trec(out: &mut Out, query: &str, results: &Results) -> io::Result<()> {
    let safe = out.stream.terminal;
    let clean = |text: &str| {
        let text = text.replace(char::is_whitespace, "_");
        if safe { escape::line(&text).into_owned() } else { text }
    };
    let query = clean(query);
    for hit in &results.hits {
        let id = clean(id_or_rank(hit).as_ref());
        writeln!(out, "{query} Q0 {id} {} {} dau", hit.rank, hit.score)?;
    }
    Ok(())
}

/// An index without ids still has ranks.
fn id_or_rank(hit: &Hit) -> Cow<'_, str> {
    match &hit.id {
        Some(id) => Cow::Borrowed(id),
        None => Cow::Owned(format!("rank{}", hit.rank)),
    }
}

/// A value as text: strings without quotes, lists parted by `; `.
pub(crate) fn plain(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(values)) => values.iter().map(|value| plain(Some(value))).collect::<Vec<_>>().join("; "),
        Some(other) => other.to_string(),
    }
}
