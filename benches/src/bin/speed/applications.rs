//! What applications do beside searching: read documents by id, commit one document, start the program `dau`.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use dau_benches::data::{Corpus, Document, even_sample};
use dau_benches::latency::{interleaved, median};
use dau_benches::ours::Ours;
use dau_benches::program;
use dau_benches::stock::{Chain, Stock};

use crate::indexing::EngineName;
use crate::queries::Queries;
use crate::report::Report;
use crate::rows::{Rows, Unit};

use crate::{Arguments, index_folder};

/// Documents that are read by their ids at a time: a page of hits.
const PAGE: usize = 10;

/// Runs of the program for each query, after [`WARM_UPS`] that are not counted.
const STARTS: usize = 25;
const WARM_UPS: usize = 3;

/// Commits for each engine; few enough that no engine begins to merge more often than an application would see.
const COMMITS: usize = 15;

/// Measures on the two indexes that `indexing` left behind, and adds documents to both in the end.
pub(crate) fn measure(arguments: &Arguments, queries: &Queries, indexes: &Path, report: &mut Report) -> Result<()> {
    let mut rows = Rows::default();
    get(arguments, indexes, &mut rows)?;
    match program::beside() {
        Ok(program) => start(&program, queries, indexes, &mut rows, report)?,
        Err(reason) => report.note(&format!("`dau search` as a whole process is not measured: {reason:#}.")),
    }
    commit(arguments, indexes, &mut rows)?;
    report.table("what applications do", &rows)
}

/// Reads documents by id, ten at a time, from all over the corpus, so that no block of the store serves two of them.
fn get(arguments: &Arguments, indexes: &Path, rows: &mut Rows) -> Result<()> {
    let corpus = Corpus::open(&indexes.join("corpus.jsonl"))?;
    let ids = corpus.map(|document| Ok(document?.id)).collect::<Result<Vec<_>>>()?;
    let ids = even_sample(ids, arguments.sample * PAGE);
    let pages = ids.len() / PAGE;
    // A task gets text: here the number of a page.
    let numbers: Vec<String> = (0..pages).map(|page| page.to_string()).collect();
    let page = |number: &str| -> Result<Vec<&str>> {
        let page: usize = number.parse()?;
        Ok((0..PAGE).map(|at| ids[page + at * pages].as_str()).collect())
    };
    let stock = Stock::open(&index_folder(indexes, EngineName::Stock), Chain::Folding)?.searcher()?;
    let ours = Ours::open(&index_folder(indexes, EngineName::Dau))?.searcher()?;
    let mut theirs = |number: &str| {
        for id in page(number)? {
            std::hint::black_box(stock.get(id)?).with_context(|| format!("stock has no document {id}"))?;
        }
        Ok(PAGE)
    };
    let mut mine = |number: &str| {
        for id in page(number)? {
            std::hint::black_box(ours.get(id)?).with_context(|| format!("dau has no document {id}"))?;
        }
        Ok(PAGE)
    };
    let comparison = interleaved(&numbers, arguments.repeat, &mut [&mut theirs, &mut mine])?;
    let [stock, dau] = [comparison.latencies[0], comparison.latencies[1]];
    rows.push(format!("get of {PAGE} documents by id, p50"), Unit::Microseconds, stock.p50, dau.p50);
    rows.push(format!("get of {PAGE} documents by id, p99"), Unit::Microseconds, stock.p99, dau.p99);
    Ok(())
}

/// Times the program for the middle query of each kind.
fn start(program: &Path, queries: &Queries, indexes: &Path, rows: &mut Rows, report: &mut Report) -> Result<()> {
    for (kind, queries) in queries.kinds() {
        let Some(query) = queries.get(queries.len() / 2) else { continue };
        let took = process(program, &index_folder(indexes, EngineName::Dau), query)?;
        report.note(&format!("The query of the {kind} with which `dau search` is started: {query}"));
        rows.push_ours(format!("`dau search`, whole process, one of the {kind}, median"), Unit::Milliseconds, took);
    }
    Ok(())
}

/// Returns the median of milliseconds from starting the program to its end, its output read from a pipe.
fn process(program: &Path, index: &Path, query: &str) -> Result<f64> {
    let mut took = Vec::new();
    for run in 0..WARM_UPS + STARTS {
        let mut command = Command::new(program);
        command.arg("--index").arg(index).arg("search").arg("--").arg(query).stdin(Stdio::null());
        let start = Instant::now();
        let output = command.output().with_context(|| format!("cannot start {}", program.display()))?;
        if run >= WARM_UPS {
            took.push(start.elapsed().as_secs_f64() * 1e3);
        }
        let errors = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "`dau search -- {query}` failed: {}", errors.trim());
        ensure!(!output.stdout.is_empty(), "`dau search -- {query}` printed nothing");
    }
    Ok(median(&took))
}

/// Adds one small document at a time to each index, with a writer that stays open, and commits.
fn commit(arguments: &Arguments, indexes: &Path, rows: &mut Rows) -> Result<()> {
    let (threads, memory) = (arguments.threads, arguments.memory << 20);
    let stock = Stock::open(&index_folder(indexes, EngineName::Stock), Chain::Folding)?;
    let ours = Ours::open(&index_folder(indexes, EngineName::Dau))?;
    let mut theirs = stock.writer(threads, memory)?;
    let mut mine = ours.writer(threads, memory)?;
    let (mut stock_took, mut dau_took) = (Vec::new(), Vec::new());
    for number in 0..COMMITS {
        let document = Document {
            id: format!("small document {number}"),
            title: format!("Biên bản họp số {number}"),
            text: "Sáng nay, cả tổ họp bàn việc sửa con đường liên xã sau mưa lũ. Ai cũng tán thành.".to_owned(),
        };
        stock_took.push(milliseconds(|| {
            theirs.add(&document)?;
            theirs.commit()
        })?);
        dau_took.push(milliseconds(|| {
            mine.add(&document)?;
            mine.commit()
        })?);
    }
    theirs.wait_merges()?;
    mine.wait_merges()?;
    let [stock, dau] = [median(&stock_took), median(&dau_took)];
    rows.push("add one small document and commit, median", Unit::Milliseconds, stock, dau);
    let [stock, dau] = [stock_took, dau_took].map(|took| took.into_iter().fold(0.0, f64::max));
    rows.push(format!("the slowest of {COMMITS}"), Unit::Milliseconds, stock, dau);
    Ok(())
}

fn milliseconds(work: impl FnOnce() -> Result<()>) -> Result<f64> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed().as_secs_f64() * 1e3)
}
