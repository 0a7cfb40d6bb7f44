//! Everything that is printed. stdout is data, stderr is the rest. Knows nothing of how answers were found.

pub(crate) mod escape;
pub(crate) mod human;
pub(crate) mod json;
pub(crate) mod lines;
pub(crate) mod progress;
pub(crate) mod report;
mod wrap;

use std::io::{self, BufWriter, StdoutLock, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};

use crate::resolve::{Settings, Stream};

/// Titles and matches.
const BOLD: Style = Style::new().bold();
/// What a query found within a text: told without colour.
const MATCH: Style = Style::new().bold().underline();
/// What matters less.
const DIM: Style = Style::new().dimmed();
const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default().bold();

/// Standard output, locked and buffered.
pub(crate) struct Out {
    writer: BufWriter<AutoStream<StdoutLock<'static>>>,
    /// What kind of thing is written to.
    pub(crate) stream: Stream,
    /// Columns to wrap text to.
    pub(crate) width: usize,
}

impl Out {
    /// Locks standard output.
    pub(crate) fn new(settings: &Settings) -> Out {
        // Without styles nothing is written that would have to be taken out again.
        let choice = if settings.out.styled { ColorChoice::Always } else { ColorChoice::AlwaysAnsi };
        Out {
            writer: BufWriter::with_capacity(64 * 1024, AutoStream::new(io::stdout().lock(), choice)),
            stream: settings.out,
            width: settings.width,
        }
    }

    /// Writes `text` in a style, where styles may be used.
    fn styled(&mut self, style: Style, text: &str) -> io::Result<()> {
        if self.stream.styled { write!(self, "{style}{text}{style:#}") } else { self.write_all(text.as_bytes()) }
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// Says something on standard error after a prefix: `error`, `warning`, `hint`.
pub(crate) fn complain(settings: &Settings, prefix: &str, message: &str) {
    let style = match prefix {
        "hint" => HINT,
        "warning" => WARNING,
        _ => ERROR,
    };
    let text = escape::text(message);
    let line =
        if settings.err.styled { format!("{style}{prefix}:{style:#} {text}\n") } else { format!("{prefix}: {text}\n") };
    note(settings, &line);
}

/// Writes to standard error as it is. Nobody is left to tell when that fails.
pub(crate) fn note(settings: &Settings, text: &str) {
    let choice = if settings.err.styled { ColorChoice::Always } else { ColorChoice::AlwaysAnsi };
    let mut stream = AutoStream::new(io::stderr().lock(), choice);
    let _ = stream.write_all(text.as_bytes());
    let _ = stream.flush();
}
