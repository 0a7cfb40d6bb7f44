//! Files of queries: JSON lines, `id<TAB>query` lines, or plain lines.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value};

use super::text_file;

/// A query and its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NamedQuery {
    /// The id given in the file, or the number of the line.
    pub(crate) id: String,
    /// The query as typed.
    pub(crate) text: String,
}

/// Reads all queries of a file; `-` is standard input.
pub(super) fn read(path: &Path) -> Result<Vec<NamedQuery>> {
    let text = text_file::read(path, "queries")?;
    parse(&text).with_context(|| path.display().to_string())
}

/// The three forms of a file of queries.
enum Form {
    Json,
    Tabbed,
    Plain,
}

/// The first line that is not blank tells the form of all.
fn parse(text: &str) -> Result<Vec<NamedQuery>> {
    let text = text.trim_start_matches('\u{FEFF}');
    let lines = || (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let form = match lines().next() {
        Some((_, line)) if line.trim_start().starts_with('{') => Form::Json,
        Some((_, line)) if line.contains('\t') => Form::Tabbed,
        _ => Form::Plain,
    };
    lines()
        .map(|(number, line): (u64, &str)| match form {
            Form::Json => json(line).with_context(|| format!("line {number}")),
            Form::Tabbed => match line.split_once('\t') {
                Some((id, text)) => Ok(NamedQuery { id: id.to_owned(), text: text.trim_end_matches('\r').to_owned() }),
                None => {
                    bail!("line {number}: expected an id, a tab and a query, as in the first line")
                }
            },
            Form::Plain => Ok(NamedQuery { id: number.to_string(), text: line.to_owned() }),
        })
        .collect()
}

fn json(line: &str) -> Result<NamedQuery> {
    let object: Map<String, Value> = serde_json::from_str(line).context("expected a JSON object with _id and text")?;
    let id = match object.get("_id").or_else(|| object.get("id")) {
        Some(Value::String(id)) => id.clone(),
        Some(Value::Number(id)) => id.to_string(),
        _ => bail!("expected a string or number named _id or id"),
    };
    match object.get("text") {
        Some(Value::String(text)) => Ok(NamedQuery { id, text: text.clone() }),
        _ => bail!("expected a string named text"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, &str)]) {
        let found = parse(text).expect("queries");
        let found: Vec<_> = found.iter().map(|query| (query.id.as_str(), query.text.as_str())).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn three_forms() {
        check("{\"_id\":\"q1\",\"text\":\"tô lâm\"}\n{\"id\":2,\"text\":\"\"}", &[("q1", "tô lâm"), ("2", "")]);
        check("q1\ttô lâm\r\nq2\thà\tnội\n", &[("q1", "tô lâm"), ("q2", "hà\tnội")]);
        check("\u{feff}tô lâm\n\nhà nội\n", &[("1", "tô lâm"), ("3", "hà nội")]);
        check("", &[]);
    }

    #[test]
    fn broken_lines_are_told() {
        for broken in ["{\"_id\":\"1\"}", "{\"text\":\"a\"}", "{", "a\tb\nc"] {
            assert!(parse(broken).is_err(), "{broken}");
        }
    }
}
