//! What a run prints and records: one heading a corpus, one table a measurement, and the time that each part took.

use std::time::Instant;

use anyhow::Result;
use dau_benches::record;
use dau_benches::table::{markdown, row};
use serde::Serialize;
use serde_json::{Map, Value};

/// What a report can show: a table, and the same as figures.
pub(crate) trait Tabular {
    /// The table.
    fn markdown(&self) -> String;
}

/// The tables of a run, printed as soon as they are there.
#[derive(Debug)]
pub(crate) struct Report {
    start: Instant,
    section: String,
    tables: String,
    figures: Map<String, Value>,
    /// Each part of the run and its seconds, in order.
    parts: Vec<(String, f64)>,
}

impl Report {
    pub(crate) fn new() -> Self {
        Self {
            start: Instant::now(),
            section: String::new(),
            tables: String::new(),
            figures: Map::new(),
            parts: Vec::new(),
        }
    }

    /// Begins the tables of one corpus.
    pub(crate) fn section(&mut self, name: &str) {
        name.clone_into(&mut self.section);
        self.put(&format!("## {name}\n"));
    }

    /// Adds a table to the section.
    pub(crate) fn table(&mut self, heading: &str, rows: &(impl Tabular + Serialize)) -> Result<()> {
        self.put(&format!("### {heading}\n\n{}\n", rows.markdown()));
        let section = self.figures.entry(self.section.clone()).or_insert_with(|| Map::new().into());
        if let Some(section) = section.as_object_mut() {
            section.insert(heading.to_owned(), serde_json::to_value(rows)?);
        }
        Ok(())
    }

    /// Adds a line of text, such as why a measurement is missing.
    pub(crate) fn note(&mut self, text: &str) {
        self.put(&format!("{text}\n"));
    }

    /// Does a part of the run and remembers how long it took.
    pub(crate) fn part(&mut self, name: &str, work: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        let start = Instant::now();
        work(self)?;
        self.parts.push((format!("{}: {name}", self.section), start.elapsed().as_secs_f64()));
        Ok(())
    }

    /// Adds what share of the run each part took, and writes the record if one is wanted.
    pub(crate) fn finish(mut self, file: Option<&std::path::Path>) -> Result<()> {
        let whole = self.start.elapsed().as_secs_f64();
        let mut rows: Vec<_> = self.parts.iter().map(|(name, seconds)| share(name, *seconds, whole)).collect();
        rows.push(share("whole run", whole, whole));
        let table = markdown(&row("part", ["time", "share"]), &rows);
        self.put(&format!("## what this run cost\n\n{table}\n"));
        match file {
            Some(file) => record::write(file, "Speed and size", self.tables.trim_end(), &self.figures.into()),
            None => Ok(()),
        }
    }

    #[expect(clippy::print_stdout, reason = "the program's output")]
    fn put(&mut self, text: &str) {
        println!("{text}");
        self.tables.push_str(text);
        self.tables.push('\n');
    }
}

fn share(name: &str, seconds: f64, whole: f64) -> Vec<String> {
    row(name, [format!("{seconds:.0} s"), format!("{:.0} %", 100.0 * seconds / whole.max(f64::MIN_POSITIVE))])
}
