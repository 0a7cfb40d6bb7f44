//! Files that are one document: text, Markdown, HTML. Gives `id` (the path), `title`, `body`, `modified`.

use std::io::{BufRead, Read};
use std::sync::Arc;
use std::time::SystemTime;

use serde_json::{Map, Value};

use super::decode::Charset;
use super::format::Format;
use super::jsonl::too_long;
use super::{Item, Place, Problem, Record, html, markdown};

/// A title and a body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Contents {
    pub(crate) title: Option<String>,
    pub(crate) body: String,
}

/// Reads the one document of a file.
pub(crate) struct Page<R> {
    reader: Option<R>,
    source: Arc<str>,
    charset: Charset,
    max: usize,
    format: Format,
    modified: Option<SystemTime>,
}

impl<R: BufRead> Page<R> {
    /// Reads a document of at most `max` bytes.
    pub(crate) fn new(
        reader: R,
        source: Arc<str>,
        charset: Charset,
        max: usize,
        format: Format,
        modified: Option<SystemTime>,
    ) -> Page<R> {
        Page { reader: Some(reader), source, charset, max, format, modified }
    }

    fn read(&self, reader: R) -> Result<Option<Record>, Problem> {
        let problem = |reason| Problem { place: Place::file(&self.source), reason };
        let mut bytes = Vec::new();
        reader
            .take(self.max as u64 + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| problem(format!("cannot be read: {error}")))?;
        if bytes.len() > self.max {
            return Err(problem(too_long(self.max)));
        }
        if bytes.trim_ascii().is_empty() {
            return Ok(None);
        }
        let text = self.charset.decode(&bytes).map_err(|bad| {
            let before = &bytes[..bad.offset];
            let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count() as u64;
            let column = bad.offset - before.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
            Problem { place: Place::column(&self.source, line, column as u64 + 1), reason: bad.to_string() }
        })?;
        let contents = match self.format {
            Format::Html => html::contents(&text),
            Format::Markdown => markdown::contents(&text),
            _ => plain(&text),
        };
        Ok(Some(self.record(contents)))
    }

    fn record(&self, contents: Contents) -> Record {
        let mut fields = Map::new();
        fields.insert("id".to_owned(), Value::String(self.source.to_string()));
        if let Some(title) = contents.title {
            fields.insert("title".to_owned(), Value::String(title));
        }
        fields.insert("body".to_owned(), Value::String(contents.body));
        if let Some(modified) = self.modified.and_then(rfc3339) {
            fields.insert("modified".to_owned(), Value::String(modified));
        }
        Record { fields, place: Place::file(&self.source) }
    }
}

impl<R: BufRead> Iterator for Page<R> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        let reader = self.reader.take()?;
        self.read(reader).transpose()
    }
}

/// A text file: its first line that is not empty is the title. The body is the whole text.
fn plain(text: &str) -> Contents {
    Contents { title: text.lines().map(str::trim).find(|line| !line.is_empty()).map(title), body: text.to_owned() }
}

/// The most letters of a title: a file without line ends must not become one.
const TITLE: usize = 250;

/// Cuts a title that is a whole paragraph at a word's end, and makes one space of each run of white space.
pub(crate) fn title(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((end, _)) = text.char_indices().nth(TITLE) else {
        return text;
    };
    let cut = text[..end].rfind(' ').unwrap_or(end);
    format!("{}…", &text[..cut])
}

/// The moment in UTC to the second, as `2024-09-01T08:00:00Z`.
fn rfc3339(time: SystemTime) -> Option<String> {
    let timestamp = jiff::Timestamp::try_from(time).ok()?;
    let seconds = jiff::Timestamp::from_second(timestamp.as_second()).ok()?;
    Some(seconds.to_string())
}
