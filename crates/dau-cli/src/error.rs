//! Errors as the user sees them: one table from the kind of an error to its exit code, prefix and hint.

use std::fmt;
use std::io;
use std::process::ExitCode;

use dau::ErrorKind;

use crate::output::{self, escape};
use crate::resolve::Settings;

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done: 0.
    Done,
    /// Nothing was found: 1.
    Nothing,
    /// An error, or a record that could not be indexed: 2.
    Failed,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(match exit {
            Exit::Done => 0,
            Exit::Nothing => 1,
            Exit::Failed => 2,
        })
    }
}

/// What is said beside an error's own message.
struct Row {
    kind: ErrorKind,
    exit: Exit,
    prefix: &'static str,
    hint: &'static str,
}

const fn row(kind: ErrorKind, prefix: &'static str, hint: &'static str) -> Row {
    Row { kind, exit: Exit::Failed, prefix, hint }
}

const TABLE: [Row; 12] = [
    row(
        ErrorKind::Io,
        "error",
        "see that the index's folder has space and may be read and written; what was committed is kept",
    ),
    row(ErrorKind::NotFound, "error", "`dau index PATH` creates one; --index DIR or DAU_INDEX says where it is"),
    row(ErrorKind::AlreadyExists, "error", "--index DIR names another folder"),
    row(ErrorKind::Locked, "error", "wait until the other `dau` that changes this index has ended"),
    row(
        ErrorKind::Version,
        "error",
        "index the documents again; `dau export` of the version that wrote the index gives them back",
    ),
    row(
        ErrorKind::Fingerprint,
        "error",
        "index the documents again; `dau export` of the version that wrote the index gives them back",
    ),
    row(ErrorKind::Corrupt, "error", "`dau check` says what is wrong; index the documents again"),
    row(ErrorKind::Schema, "error", "`dau schema` prints the index's schema"),
    row(ErrorKind::Document, "error", "`dau schema` prints the index's schema"),
    row(ErrorKind::Query, "error", ""),
    row(ErrorKind::Argument, "error", ""),
    row(ErrorKind::Internal, "internal error", "this is a bug of dau: please report it with what led to it"),
];

/// A query that the engine refused, with its text.
#[derive(Debug)]
pub(crate) struct RefusedQuery {
    /// The query as typed.
    pub(crate) query: String,
    /// Why it was refused.
    pub(crate) error: dau::Error,
}

impl fmt::Display for RefusedQuery {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.error)?;
        let Some(span) = self.error.span() else {
            return Ok(());
        };
        let start = floor(&self.query, span.start);
        let end = floor(&self.query, span.end).max(start);
        let line = |text: &str| escape::line(text).into_owned();
        let (before, at) = (line(&self.query[..start]), line(&self.query[start..end]));
        let after = line(&self.query[end..]);
        let width = unicode_width::UnicodeWidthStr::width;
        let carets = "^".repeat(width(at.as_str()).max(1));
        write!(out, "\n  {before}{at}{after}\n  {}{carets}", " ".repeat(width(before.as_str())))
    }
}

impl std::error::Error for RefusedQuery {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

/// The nearest char boundary at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// Tells the user of an error, and how to end. A broken pipe is no error: the reader has seen enough.
pub(crate) fn report(error: &anyhow::Error, settings: &Settings) -> Exit {
    if is_broken_pipe(error) {
        return Exit::Done;
    }
    let engine = error.chain().find_map(|cause| cause.downcast_ref::<dau::Error>());
    let row = engine.and_then(|engine| TABLE.iter().find(|row| row.kind == engine.kind()));
    output::complain(settings, row.map_or("error", |row| row.prefix), &message(error));
    if let Some(row) = row
        && !row.hint.is_empty()
    {
        output::complain(settings, "hint", row.hint);
    }
    row.map_or(Exit::Failed, |row| row.exit)
}

/// The contexts from the outermost in, down to the engine's own message: that one includes its causes.
fn message(error: &anyhow::Error) -> String {
    let mut parts = Vec::new();
    for cause in error.chain() {
        parts.push(cause.to_string());
        if cause.is::<dau::Error>() || cause.is::<RefusedQuery>() {
            break;
        }
    }
    parts.join(": ")
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_one_row() {
        for (at, row) in TABLE.iter().enumerate() {
            assert!(TABLE[at + 1..].iter().all(|other| other.kind != row.kind), "{:?} twice", row.kind);
        }
    }

    #[test]
    fn spans_that_split_a_letter_are_moved_before_it() {
        assert_eq!(floor("đi", 1), 0);
        assert_eq!(floor("đi", 2), 2);
        assert_eq!(floor("đi", 99), 3);
    }
}
