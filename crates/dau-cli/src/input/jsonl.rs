//! JSON lines: one object a line. A bad line is told and skipped; the next one is read.

use std::io::BufRead;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::decode::Charset;
use super::lines::{LineError, Lines};
use super::{Item, Place, Problem, Record};

/// Reads JSON lines.
#[derive(Debug)]
pub(crate) struct JsonLines<R> {
    lines: Lines<R>,
    source: Arc<str>,
    charset: Charset,
    max: usize,
}

impl<R: BufRead> JsonLines<R> {
    /// Reads objects of at most `max` bytes each.
    pub(crate) fn new(reader: R, source: Arc<str>, charset: Charset, max: usize) -> JsonLines<R> {
        JsonLines { lines: Lines::new(reader, max), source, charset, max }
    }
}

impl<R: BufRead> Iterator for JsonLines<R> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        loop {
            let (number, line) = self.lines.next()?;
            let line = match line {
                Ok(line) if line.trim_ascii().is_empty() => continue,
                Ok(line) => line,
                Err(error) => {
                    return Some(Err(Problem {
                        place: Place::line(&self.source, number),
                        reason: describe(&error, self.max),
                    }));
                }
            };
            return Some(parse(line, &self.source, number, 1, self.charset));
        }
    }
}

fn describe(error: &LineError, max: usize) -> String {
    match error {
        LineError::TooLong => too_long(max),
        LineError::Io(error) => format!("cannot read on: {error}"),
    }
}

/// Says that a record is larger than allowed.
pub(crate) fn too_long(max: usize) -> String {
    format!("the record is longer than {max} bytes: skipped; --max-record allows more")
}

/// Parses one object that begins at `line` and `column` (both from 1) of `source`.
pub(crate) fn parse(bytes: &[u8], source: &Arc<str>, line: u64, column: u64, charset: Charset) -> Item {
    // Only the object's first line is shifted by the column it begins at.
    let place = |down: usize, right: usize| {
        let shift = if down <= 1 { column - 1 } else { 0 };
        Place::column(source, line + down.saturating_sub(1) as u64, shift + right.max(1) as u64)
    };
    let text = match charset.decode(bytes) {
        Ok(text) => text,
        Err(bad) => {
            let before = &bytes[..bad.offset];
            let down = before.iter().filter(|&&byte| byte == b'\n').count();
            let start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
            return Err(Problem { place: place(down + 1, bad.offset - start + 1), reason: bad.to_string() });
        }
    };
    match serde_json::from_str::<Value>(&text) {
        Ok(Value::Object(fields)) => Ok(record(fields, source, line)),
        Ok(other) => {
            Err(Problem { place: place(1, 1), reason: format!("expected a JSON object, found {}", kind(&other)) })
        }
        Err(error) => Err(Problem {
            place: place(error.line(), error.column()),
            reason: format!("broken JSON: {}", message(&error)),
        }),
    }
}

fn record(fields: Map<String, Value>, source: &Arc<str>, line: u64) -> Record {
    Record { fields, place: Place::line(source, line) }
}

/// The parser's message without the place, which is said in front.
fn message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(at) => text[..at].to_owned(),
        None => text,
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
