//! Figures of both engines side by side, with their ratio.

use dau_benches::table::{markdown, row};
use serde::{Serialize, Serializer};

/// What a figure counts, and how it is printed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Unit {
    Seconds,
    Microseconds,
    Megabytes,
    MegabytesPerSecond,
    Count,
}

impl Unit {
    fn name(self) -> &'static str {
        match self {
            Self::Seconds => "s",
            Self::Microseconds => "µs",
            Self::Megabytes => "MB",
            Self::MegabytesPerSecond => "MB/s",
            Self::Count => "",
        }
    }

    fn print(self, value: f64) -> String {
        match self {
            Self::Count => format!("{value:.0}"),
            Self::Seconds => format!("{value:.2} s"),
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
    stock: f64,
    dau: f64,
    /// dau's figure divided by stock's.
    ratio: f64,
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
        let ratio = if stock == 0.0 { f64::NAN } else { dau / stock };
        self.figures.push(Figure { what: what.into(), unit, stock, dau, ratio });
    }

    /// Returns the table; the ratio is dau's figure divided by stock's.
    pub(crate) fn markdown(&self) -> String {
        let header = row("what", ["stock", "dau", "dau / stock"]);
        let rows: Vec<_> = self
            .figures
            .iter()
            .map(|figure| {
                let ratio = if figure.ratio.is_nan() { "–".to_owned() } else { format!("{:.2}", figure.ratio) };
                let cells = [figure.unit.print(figure.stock), figure.unit.print(figure.dau), ratio];
                row(&figure.what, cells)
            })
            .collect();
        markdown(&header, &rows)
    }
}
