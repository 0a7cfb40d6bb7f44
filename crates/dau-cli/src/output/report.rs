//! Reports for reading: statistics, tokens, latencies, findings. Tables are comfy-table's.

use std::io::{self, Write};

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};
use dau::{AnalyzedToken, CheckReport, Stats};

use super::human::grouped;
use super::{Out, escape};
use crate::commands::bench::Timing;

/// Writes counts of an index.
pub(crate) fn stats(out: &mut Out, stats: &Stats) -> io::Result<()> {
    let mut table = table(out, &["", "", ""]);
    let mut row = |part: &str, name: &str, value: String| {
        table.add_row([Cell::new(part), Cell::new(escape::line(name)), right(value)]);
    };
    row("documents", "", grouped(stats.documents));
    row("deleted, not yet freed", "", grouped(stats.deleted));
    row("segments", "", grouped(stats.segments as u64));
    for (field, terms) in &stats.terms {
        row("terms", field, grouped(*terms));
    }
    for (field, tokens) in &stats.tokens {
        row("tokens", field, grouped(*tokens));
    }
    for (part, bytes) in &stats.bytes {
        row("bytes", part, grouped(*bytes));
    }
    row("bytes", "all", grouped(stats.total_bytes));
    row("format", "", stats.format.to_string());
    row("analyzer", "", stats.fingerprint.clone());
    row("version", "", stats.version.to_owned());
    writeln!(out, "{}", table.trim_fmt())
}

/// Writes how a query is read.
pub(crate) fn parsed_query(out: &mut Out, query: &str) -> io::Result<()> {
    writeln!(out, "read as: {}\n", escape::line(query))
}

/// Writes tokens, one a row.
pub(crate) fn tokens(out: &mut Out, tokens: &[AnalyzedToken]) -> io::Result<()> {
    let mut table = table(out, &["position", "text", "marked", "folded", "kind", "bytes"]);
    for token in tokens {
        table.add_row([
            right(token.position.to_string()),
            Cell::new(escape::line(&token.text)),
            Cell::new(escape::line(&token.marked)),
            Cell::new(escape::line(&token.folded)),
            Cell::new(token.kind),
            right(format!("{}..{}", token.start, token.end)),
        ]);
    }
    writeln!(out, "{}", table.trim_fmt())
}

/// Writes latencies.
pub(crate) fn timing(out: &mut Out, timing: &Timing) -> io::Result<()> {
    let mut table = table(out, &["queries", "hits", "mean", "p50", "p90", "p95", "p99", "max", "queries/s"]);
    let micros = |micros: f64| right(format!("{micros:.1} µs"));
    table.add_row([
        right(grouped(timing.queries)),
        right(grouped(timing.hits)),
        micros(timing.mean_us),
        micros(timing.p50_us),
        micros(timing.p90_us),
        micros(timing.p95_us),
        micros(timing.p99_us),
        micros(timing.max_us),
        right(format!("{:.0}", timing.qps)),
    ]);
    writeln!(out, "{}", table.trim_fmt())?;
    writeln!(out, "the best of {} runs of each query, {} thread(s)", timing.repeat, timing.threads)
}

/// Writes what a check found.
pub(crate) fn check(out: &mut Out, report: &CheckReport) -> io::Result<()> {
    for problem in &report.problems {
        writeln!(out, "{}", escape::text(problem))?;
    }
    let verdict = match report.problems.len() {
        0 => "nothing is wrong".to_owned(),
        1 => "1 problem".to_owned(),
        problems => format!("{problems} problems"),
    };
    writeln!(
        out,
        "{} documents and {} files checked: {verdict}",
        grouped(report.documents),
        grouped(report.files as u64)
    )
}

fn table(out: &Out, header: &[&str]) -> Table {
    let mut table = Table::new();
    table.force_no_tty();
    table.load_style(presets::NOTHING);
    if out.stream.terminal {
        table.set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(u16::try_from(out.width).unwrap_or(80));
    }
    if header.iter().any(|name| !name.is_empty()) {
        table.set_header(header.iter().map(Cell::new));
    }
    table
}

fn right(text: String) -> Cell {
    Cell::new_owned(text).set_alignment(CellAlignment::Right)
}
