//! How costs grow with the number of documents: the same corpus cut to a hundredth, to a tenth, and whole.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result};
use dau_benches::data::{Corpus, corpus_file};
use dau_benches::engine::Operator;
use dau_benches::latency::{Latency, interleaved};
use dau_benches::ours::{Ours, Shape};
use dau_benches::stock::{Chain, Stock};

use crate::indexing::{EngineName, Source, middle, repeated};
use crate::queries::Queries;
use crate::report::Report;
use crate::rows::{Rows, Unit};
use crate::searching::LIMIT;
use crate::{Arguments, index_folder};

/// Every how many-th document is kept, smallest corpus first, and what that is called.
const SIZES: [(usize, &str); 3] = [(100, "1/100"), (10, "1/10"), (1, "1")];

/// Runs of indexing at each size: the factors between sizes are far greater than what runs differ by.
const RUNS: usize = 3;

/// One figure of both engines at each size.
struct Series {
    what: String,
    unit: Unit,
    /// stock and dau, in the order of [`SIZES`].
    sizes: Vec<[f64; 2]>,
}

/// Indexes and searches each size with both engines.
pub(crate) fn measure(arguments: &Arguments, queries: &Queries, corpus: &Path, report: &mut Report) -> Result<()> {
    let mut all: Vec<Series> = Vec::new();
    for (every, _) in SIZES {
        let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
        let figures = at_size(arguments, queries, corpus, every, folder.path())?;
        for (at, (what, unit, figure)) in figures.into_iter().enumerate() {
            if all.len() == at {
                all.push(Series { what, unit, sizes: Vec::new() });
            }
            all[at].sizes.push(figure);
        }
    }
    let (mut figures, mut factors) = (Rows::default(), Rows::default());
    for Series { what, unit, sizes } in &all {
        for ((_, size), [stock, dau]) in SIZES.iter().zip(sizes) {
            figures.push(format!("{what}, {size} of the corpus"), *unit, *stock, *dau);
        }
        for (names, pair) in SIZES.windows(2).zip(sizes.windows(2)) {
            let [stock, dau] = [0, 1].map(|engine| pair[1][engine] / pair[0][engine]);
            factors.push(format!("{what}, from {} to {}", names[0].1, names[1].1), Unit::Times, stock, dau);
        }
    }
    report
        .table(&format!("growth, indexing median of {RUNS} runs, searching best of {}", arguments.repeat), &figures)?;
    report.table("growth from one size to the next", &factors)
}

/// What is measured, its unit, and stock's and dau's figure.
type Figure = (String, Unit, [f64; 2]);

fn at_size(
    arguments: &Arguments,
    queries: &Queries,
    corpus: &Path,
    every: usize,
    folder: &Path,
) -> Result<Vec<Figure>> {
    let plain = folder.join("corpus.jsonl");
    let documents = cut(&corpus_file(corpus)?, every, &plain)? as f64;
    let costs = repeated(arguments, &plain, folder, Source::Memory, RUNS, EngineName::BOTH)?;
    let indexing = [0, 1].map(|engine: usize| middle(&costs[engine], |cost| cost.merged));
    let mut figures = vec![
        ("documents".to_owned(), Unit::Count, [documents; 2]),
        ("indexing until committed and merged".to_owned(), Unit::Seconds, indexing),
    ];
    let stock = Stock::open(&index_folder(folder, EngineName::Stock), Chain::Folding)?.searcher()?;
    let ours = Ours::open(&index_folder(folder, EngineName::Dau))?.searcher()?;
    for (kind, queries) in queries.kinds().into_iter().filter(|(_, queries)| !queries.is_empty()) {
        for operator in [Operator::Any, Operator::All] {
            let mut theirs = |query: &str| Ok(stock.top(&*stock.query(query, operator), LIMIT)?.len());
            let mut mine = |query: &str| ours.run(query, operator, Shape::Top, LIMIT);
            let latencies = interleaved(queries, arguments.repeat, &mut [&mut theirs, &mut mine])?.latencies;
            let both = |share: fn(&Latency) -> f64| [share(&latencies[0]), share(&latencies[1])];
            let name = format!("{kind}, top-10, {}", operator.as_str());
            figures.push((format!("{name}, p50"), Unit::Microseconds, both(|latency| latency.p50)));
            figures.push((format!("{name}, p99"), Unit::Microseconds, both(|latency| latency.p99)));
        }
    }
    Ok(figures)
}

/// Writes every `every`-th document, the first one included, to `to`; returns how many.
fn cut(corpus: &Path, every: usize, to: &Path) -> Result<usize> {
    let file = File::create(to).with_context(|| format!("cannot write {}", to.display()))?;
    let mut out = BufWriter::new(file);
    let mut kept = 0;
    for document in Corpus::open(corpus)?.step_by(every) {
        serde_json::to_writer(&mut out, &document?)?;
        out.write_all(b"\n")?;
        kept += 1;
    }
    out.flush()?;
    Ok(kept)
}
