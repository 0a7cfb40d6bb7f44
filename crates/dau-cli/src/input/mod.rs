//! Records out of files, folders and standard input. Knows nothing of the index, of schemas or of printing.
//!
//! One record after another: nothing here holds a whole file of records in memory, and no record larger than
//! [`Options::max_record`] is ever held at all.

mod decode;
mod format;
mod html;
mod json;
mod jsonl;
mod lines;
mod markdown;
mod page;
mod quotes;
mod source;
mod table;
mod walk;

pub(crate) use self::format::Format;
pub(crate) use self::source::Meter;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use dau::text::encoding::EncodingChoice;
use serde_json::{Map, Value};

use self::source::Source;

/// How input is to be read.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// The format of every file; `None`: by name, then by content.
    pub(crate) format: Option<Format>,
    /// The encoding of every file.
    pub(crate) encoding: EncodingChoice,
    /// The most bytes, unpacked, that one record may have.
    pub(crate) max_record: usize,
    /// A folder that is never walked into: the index itself.
    pub(crate) skip: Option<PathBuf>,
}

/// Where a record begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The file as the user named it, or `-` for standard input.
    pub(crate) source: Arc<str>,
    /// The line, from 1; `None` when the whole file is meant.
    pub(crate) line: Option<u64>,
    /// The column in bytes, from 1.
    pub(crate) column: Option<u64>,
}

impl Place {
    fn file(source: &Arc<str>) -> Place {
        Place { source: Arc::clone(source), line: None, column: None }
    }

    fn line(source: &Arc<str>, line: u64) -> Place {
        Place { source: Arc::clone(source), line: Some(line), column: None }
    }

    fn column(source: &Arc<str>, line: u64, column: u64) -> Place {
        Place { source: Arc::clone(source), line: Some(line), column: Some(column) }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.source)?;
        if let Some(line) = self.line {
            write!(out, ":{line}")?;
        }
        if let Some(column) = self.column {
            write!(out, ":{column}")?;
        }
        Ok(())
    }
}

/// One record and where it stood.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    /// The record itself.
    pub(crate) fields: Map<String, Value>,
    /// Where it begins.
    pub(crate) place: Place,
}

impl Record {
    /// True when the record is a whole file: text, Markdown, HTML.
    pub(crate) fn is_page(&self) -> bool {
        self.place.line.is_none()
    }
}

/// Something in the input that could not be read.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    /// Where.
    pub(crate) place: Place,
    /// Why, in lower case, without the place.
    pub(crate) reason: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.place, self.reason)
    }
}

/// A record or the reason why there is none.
pub(crate) type Item = Result<Record, Problem>;

/// The records of one file.
type Records = Box<dyn Iterator<Item = Item> + Send>;

/// All records of all paths, in order.
pub(crate) struct Input {
    sources: std::vec::IntoIter<Result<Source, Problem>>,
    current: Option<Records>,
    options: Options,
    meter: Arc<Meter>,
}

impl Input {
    /// Lists the files under `paths`; no paths, or `-`: standard input. Reads none of them yet.
    pub(crate) fn new(paths: &[PathBuf], options: Options) -> Input {
        let sources = walk::sources(paths, &options);
        let meter = Meter::default();
        meter.plan(sources.iter().flatten().filter_map(Source::size).sum());
        Input { sources: sources.into_iter(), current: None, options, meter: Arc::new(meter) }
    }

    /// Gives the counters of bytes read so far.
    pub(crate) fn meter(&self) -> Arc<Meter> {
        Arc::clone(&self.meter)
    }
}

impl Iterator for Input {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        loop {
            if let Some(records) = &mut self.current {
                if let Some(item) = records.next() {
                    return Some(item);
                }
                self.current = None;
            }
            match self.sources.next()? {
                Err(problem) => return Some(Err(problem)),
                Ok(source) => match source.records(&self.options, &self.meter) {
                    Ok(records) => self.current = Some(records),
                    Err(problem) => return Some(Err(problem)),
                },
            }
        }
    }
}

impl fmt::Debug for Input {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Input").field("options", &self.options).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
