//! Tables of figures as Markdown, for the terminal and for records alike.

use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, ContentArrangement, Table};

/// Returns a Markdown table; every column but the first is aligned to the right.
#[must_use]
pub fn markdown(header: &[String], rows: &[Vec<String>]) -> String {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN).set_content_arrangement(ContentArrangement::Disabled).set_header(header);
    for row in rows {
        table.add_row(row);
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.to_string()
}

/// Returns the strings of a heading or row.
#[must_use]
pub fn row<T: ToString>(first: &str, rest: impl IntoIterator<Item = T>) -> Vec<String> {
    std::iter::once(first.to_owned()).chain(rest.into_iter().map(|cell| cell.to_string())).collect()
}

/// Returns a count of bytes as MB (a million bytes) with one digit.
#[must_use]
pub fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_stand_under_each_other() {
        let table = markdown(&row("engine", ["full"]), &[row("dau", [".850"]), row("x", ["1"])]);
        assert!(table.contains("| dau    | .850 |"), "{table}");
        assert!(table.contains("| x      |    1 |"), "{table}");
        assert_eq!(megabytes(123_456_789), "123.5 MB");
    }
}
