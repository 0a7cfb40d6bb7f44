//! Figures of both engines side by side, with their ratio.

use dau_benches::table::{markdown, row};
use serde::{Serialize, Serializer};

use crate::report::Tabular;

/// What a figure counts, and how it is printed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Unit {
    Seconds,
    Milliseconds,
    Microseconds,
    Megabytes,
    MegabytesPerSecond,
    Count,
    /// So many times as much.
    Times,
}

impl Unit {
    fn name(self) -> &'static str {
        match self {
            Self::Seconds => "s",
            Self::Milliseconds => "ms",
            Self::Microseconds => "µs",
            Self::Megabytes => "MB",
            Self::MegabytesPerSecond => "MB/s",
            Self::Count => "",
            Self::Times => "times",
        }
    }

    pub(crate) fn print(self, value: f64) -> String {
        match self {
            Self::Count => format!("{value:.0}"),
            Self::Times => format!("{value:.1} ×"),
            Self::Seconds if value < 1.0 => format!("{value:.3} s"),
            Self::Seconds => format!("{value:.2} s"),
            Self::Milliseconds => format!("{value:.1} ms"),
            Self::Microseconds if value < 100.0 => format!("{value:.1} µs"),
            Self::Microseconds => format!("{value:.0} µs"),
            Self::Megabytes | Self::MegabytesPerSecond => format!("{value:.1} {}", self.name()),
        }
    }
}

impl Serialize for Unit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

#[derive(Debug, Serialize)]
struct Figure {
    what: String,
    unit: Unit,
    /// Nothing where stock has no counterpart.
    stock: Option<f64>,
    dau: f64,
    /// dau's figure divided by stock's, where there is one that is not 0.
    ratio: Option<f64>,
}

/// A table in the making.
#[derive(Debug, Default, Serialize)]
#[serde(transparent)]
pub(crate) struct Rows {
    figures: Vec<Figure>,
}

impl Rows {
    /// Adds a line.
    pub(crate) fn push(&mut self, what: impl Into<String>, unit: Unit, stock: f64, dau: f64) {
        let ratio = (stock != 0.0).then(|| dau / stock);
        self.figures.push(Figure { what: what.into(), unit, stock: Some(stock), dau, ratio });
    }

    /// Adds a line for what stock has no counterpart of.
    pub(crate) fn push_ours(&mut self, what: impl Into<String>, unit: Unit, dau: f64) {
        self.figures.push(Figure { what: what.into(), unit, stock: None, dau, ratio: None });
    }
}

impl Tabular for Rows {
    /// The ratio is dau's figure divided by stock's.
    fn markdown(&self) -> String {
        let header = row("what", ["stock", "dau", "dau / stock"]);
        let rows: Vec<_> = self.figures.iter().map(Figure::cells).collect();
        markdown(&header, &rows)
    }
}

impl Figure {
    fn cells(&self) -> Vec<String> {
        let none = || "–".to_owned();
        let stock = self.stock.map_or_else(none, |value| self.unit.print(value));
        let ratio = self.ratio.map_or_else(none, |ratio| format!("{ratio:.2}"));
        row(&self.what, [stock, self.unit.print(self.dau), ratio])
    }
}
