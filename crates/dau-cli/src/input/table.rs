//! CSV and TSV: the first row names the fields, each other row is a record. An empty cell is no value.

use std::collections::HashSet;
use std::io::{self, BufRead, Read};
use std::sync::Arc;

use csv::ByteRecord;
use serde_json::{Map, Value};

use super::decode::Charset;
use super::jsonl::too_long;
use super::quotes::Quotes;
use super::{Item, Place, Problem, Record};

/// Reads the rows of a table.
pub(crate) struct Table<R> {
    reader: csv::Reader<Bounded<R>>,
    source: Arc<str>,
    charset: Charset,
    max: usize,
    names: Option<Vec<String>>,
    row: ByteRecord,
    done: bool,
}

const UNCLOSED: &str =
    "a quotation mark opens a cell here and none closes it: add one, or write \"\" for each that belongs to the text";

impl<R: BufRead> Table<R> {
    /// Reads rows of at most `max` bytes each, cells parted by `separator`.
    pub(crate) fn new(reader: R, source: Arc<str>, charset: Charset, max: usize, separator: u8) -> Table<R> {
        let bounded = Bounded { reader, max, left: max, quotes: Quotes::new(separator), ended: false };
        let reader =
            csv::ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(bounded);
        Table { reader, source, charset, max, names: None, row: ByteRecord::new(), done: false }
    }

    /// Reads the next row; gives the line it begins at.
    fn read_row(&mut self) -> Option<Result<u64, Problem>> {
        self.reader.get_mut().left = self.max;
        let begin = self.reader.position().line();
        let read = self.reader.read_byte_record(&mut self.row);
        // At the end of the file the row at hand is the one whose mark is open, and it has swallowed all that follows.
        let open = self.reader.get_ref().quotes.open().filter(|_| self.reader.get_ref().ended);
        match (read, open) {
            (Ok(true), Some(line)) => Some(Err(self.end(line, UNCLOSED.to_owned()))),
            (Ok(true), None) => Some(Ok(self.row.position().map_or(begin, csv::Position::line))),
            (Ok(false), _) => None,
            (Err(error), _) => Some(Err(self.failed(begin, &error))),
        }
    }

    /// The last problem: there is nothing after it.
    fn end(&mut self, line: u64, reason: String) -> Problem {
        self.done = true;
        Problem { place: Place::line(&self.source, line), reason }
    }

    /// Says why a row that begins at a line could not be read.
    fn failed(&mut self, begin: u64, error: &csv::Error) -> Problem {
        match error.kind() {
            csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                let rest = format!("{}, and the rest of the file with it", too_long(self.max));
                match self.reader.get_ref().quotes.open() {
                    Some(line) => self.end(line, format!("{UNCLOSED}; {rest}")),
                    None => self.end(begin, rest),
                }
            }
            csv::ErrorKind::Io(error) => self.end(begin, format!("cannot read on: {error}")),
            _ => self.end(begin, format!("broken table: {error}")),
        }
    }

    fn cell(&self, column: usize, line: u64) -> Result<String, Problem> {
        let bytes = self.row.get(column).unwrap_or_default();
        match self.charset.decode(bytes) {
            Ok(text) => Ok(text.into_owned()),
            Err(bad) => Err(Problem {
                place: Place::line(&self.source, line),
                reason: format!("{}: {bad}", self.describe(column)),
            }),
        }
    }

    fn describe(&self, column: usize) -> String {
        match self.names.as_ref().and_then(|names| names.get(column)) {
            Some(name) => format!("column {} ({name})", column + 1),
            None => format!("column {}", column + 1),
        }
    }

    /// Takes the row just read as the fields' names.
    fn header(&self, line: u64) -> Result<Vec<String>, Problem> {
        let mut names = Vec::new();
        let mut seen = HashSet::new();
        for column in 0..self.row.len() {
            let name = self.cell(column, line)?.trim().to_owned();
            let name = if name.is_empty() { format!("column_{}", column + 1) } else { name };
            if !seen.insert(name.clone()) {
                let place = Place::line(&self.source, line);
                let reason = format!("two columns of the first row are both named {name:?}: rename one of them");
                return Err(Problem { place, reason });
            }
            names.push(name);
        }
        Ok(names)
    }

    fn record(&self, names: &[String], line: u64) -> Item {
        if self.row.len() != names.len() {
            return Err(Problem {
                place: Place::line(&self.source, line),
                reason: format!("expected {} cells, as in the first row, found {}", names.len(), self.row.len()),
            });
        }
        let mut fields = Map::new();
        for (column, name) in names.iter().enumerate() {
            let text = self.cell(column, line)?;
            if !text.is_empty() {
                fields.insert(name.clone(), value(text));
            }
        }
        let place = Place::line(&self.source, line);
        Ok(Record { fields, place })
    }
}

impl<R: BufRead> Iterator for Table<R> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        while !self.done {
            let line = match self.read_row()? {
                Ok(line) => line,
                Err(problem) => return Some(Err(problem)),
            };
            if let Some(names) = &self.names {
                return Some(self.record(names, line));
            }
            match self.header(line) {
                Ok(names) => self.names = Some(names),
                Err(problem) => {
                    self.done = true;
                    return Some(Err(problem));
                }
            }
        }
        None
    }
}

/// Takes a cell for a number only where nothing can be lost or misread: `007`, `1.50` and `1.234` (a thousand and more, or
/// one and a bit?) stay text. So a column of numbers is told from one of words, and both come out as they went in.
fn value(text: String) -> Value {
    let digits = text.strip_prefix('-').unwrap_or(&text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = digits.len() <= 15
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && !whole.is_empty()
        && fraction.len() != 3;
    if is_number
        && let Ok(value) = serde_json::from_str::<serde_json::Number>(&text)
        && value.to_string() == text
    {
        return Value::Number(value);
    }
    Value::String(text)
}

/// Lets so many bytes through and then fails: the parser would otherwise gather a row of any size.
struct Bounded<R> {
    reader: R,
    max: usize,
    left: usize,
    quotes: Quotes,
    /// The file's end was reached.
    ended: bool,
}

impl<R: BufRead> Read for Bounded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            let reason = format!("more than {} bytes", self.max);
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, reason));
        }
        // The parser reads ahead, so a row may be a buffer longer than the limit before it is noticed.
        let read = self.reader.read(out)?;
        self.left = self.left.saturating_sub(read);
        self.quotes.follow(&out[..read]);
        self.ended |= read == 0 && !out.is_empty();
        Ok(read)
    }
}
