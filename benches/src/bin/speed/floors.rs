//! What each engine costs while indexing, and what tantivy alone would cost: an engine a line, with its ratio to stock.

use dau_benches::table::{markdown, row};
use serde::Serialize;

use crate::report::Tabular;
use crate::rows::Unit;

/// A table in the making. Its first line is what the others are compared with.
#[derive(Debug, Default, Serialize)]
#[serde(transparent)]
pub(crate) struct Floors {
    engines: Vec<Line>,
}

/// Seconds, and their ratios to those of the first line.
#[derive(Debug, Serialize)]
struct Line {
    engine: String,
    committed: f64,
    committed_ratio: f64,
    processor: f64,
    processor_ratio: f64,
}

impl Floors {
    /// Adds a line: wall time until committed, and processor time, in seconds.
    pub(crate) fn push(&mut self, engine: &str, committed: f64, processor: f64) {
        let first = self.engines.first().map_or((committed, processor), |first| (first.committed, first.processor));
        let (committed_ratio, processor_ratio) = (committed / first.0, processor / first.1);
        self.engines.push(Line { engine: engine.to_owned(), committed, committed_ratio, processor, processor_ratio });
    }
}

impl Tabular for Floors {
    fn markdown(&self) -> String {
        let header = row("", ["wall time until committed", "/ stock", "processor time", "/ stock"]);
        let seconds = |value| Unit::Seconds.print(value);
        let ratio = |value| format!("{value:.2}");
        let rows: Vec<_> = self
            .engines
            .iter()
            .map(|line| {
                let (committed, processor) = (seconds(line.committed), seconds(line.processor));
                row(&line.engine, [committed, ratio(line.committed_ratio), processor, ratio(line.processor_ratio)])
            })
            .collect();
        markdown(&header, &rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_compared_with_the_first() {
        let mut floors = Floors::default();
        floors.push("stock", 2.0, 4.0);
        floors.push("floor", 1.5, 3.6);
        let table = floors.markdown();
        let line = table.lines().find(|line| line.contains("floor")).expect("a line of the floor");
        let cells: Vec<_> = line.split('|').map(str::trim).collect();
        assert_eq!(cells, ["", "floor", "1.50 s", "0.75", "3.60 s", "0.90", ""]);
    }
}
