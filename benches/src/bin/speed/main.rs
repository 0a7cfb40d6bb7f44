//! Times analysis, indexing and searching of `dau` beside stock tantivy, on one corpus after another, in one run.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program that prints tables")]

mod analysis;
mod applications;
mod floors;
mod growth;
mod indexing;
mod queries;
mod report;
mod rows;
mod searching;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};
use dau_benches::data::{CORPORA, data_folder, find, name_of};
use dau_benches::record::Circumstances;

use crate::indexing::Job;
use crate::queries::Queries;
use crate::report::Report;

/// Time dau and stock tantivy on the same corpora and print the ratios
///
/// Stock tantivy is SimpleTokenizer, RemoveLong(40), LowerCaser, AsciiFolding; title and text stored and indexed with
/// positions, and one id field. Both engines get the same threads and the same memory budget.
#[derive(Debug, Parser)]
struct Arguments {
    /// Evaluation folder or corpus file (JSON lines, plain or .zst), here or in the shared data; may be given several times
    #[arg(long, value_name = "PATH", default_values = CORPORA)]
    corpus: Vec<PathBuf>,
    /// Evaluation folder whose queries are used; without it those of each corpus, or its titles if it has none
    #[arg(long, value_name = "DIR")]
    queries: Option<PathBuf>,
    /// At most N queries of each kind, evenly spread over the file
    #[arg(long, value_name = "N", default_value_t = 500)]
    sample: usize,
    /// Timed runs of indexing for each engine; the median counts
    #[arg(long, value_name = "N", default_value_t = 5)]
    runs: usize,
    /// Times each query runs on each engine; the best counts
    #[arg(long, value_name = "N", default_value_t = 10)]
    repeat: usize,
    /// Indexing threads
    #[arg(long, value_name = "N", default_value_t = 2)]
    threads: usize,
    /// Memory budget of the writer, in MiB, for all threads together
    #[arg(long, value_name = "MIB", default_value_t = 256)]
    memory: usize,
    /// Merge each index into one segment before its size and its searches are measured
    #[arg(long)]
    one_segment: bool,
    /// Only these parts
    #[arg(long, value_delimiter = ',', default_values_t = Part::ALL)]
    only: Vec<Part>,
    /// Also write the tables to FILE.md and the figures to FILE.json
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Index in this process and print what it cost; for the program's own use
    #[arg(long, hide = true, value_name = "JSON")]
    child: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Bytes a second of text to tokens
    Analysis,
    /// Time, memory and size of indexing
    Indexing,
    /// Latency of searches
    Searching,
    /// Reading documents by id, `dau search` as a whole process, small commits
    Applications,
    /// How indexing and searching grow from a hundredth of the documents to a tenth to all
    Growth,
}

impl Part {
    const ALL: [Self; 5] = [Self::Analysis, Self::Indexing, Self::Searching, Self::Applications, Self::Growth];
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Analysis => "analysis",
            Self::Indexing => "indexing",
            Self::Searching => "searching",
            Self::Applications => "applications",
            Self::Growth => "growth",
        })
    }
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if let Some(job) = &arguments.child {
        let job: Job = serde_json::from_str(job).context("--child takes a job in JSON")?;
        println!("{}", serde_json::to_string(&job.run()?)?);
        return Ok(());
    }
    if data_folder().is_none() && !arguments.corpus.iter().all(|corpus| corpus.exists()) {
        eprintln!(
            "shared data not present: skipped; name a corpus with --corpus, or set DAU_DATA to the folder that holds eval/"
        );
        return Ok(());
    }
    // Nothing is measured before all of them are known to be there.
    let corpora = arguments.corpus.iter().map(|corpus| find(corpus)).collect::<Result<Vec<_>>>()?;
    eprintln!("{}", Circumstances::now().markdown());
    let mut report = Report::new();
    if arguments.only.contains(&Part::Analysis) {
        report.section("text to tokens");
        report.part("analysis", |report| analysis::measure(arguments.repeat, report))?;
    }
    if arguments.only.iter().any(|&part| part != Part::Analysis) {
        for corpus in &corpora {
            measure(&arguments, corpus, &mut report)?;
        }
    }
    report.finish(arguments.record.as_deref())
}

/// Measures one corpus.
fn measure(arguments: &Arguments, corpus: &Path, report: &mut Report) -> Result<()> {
    let wanted = |part| arguments.only.contains(&part);
    let indexes = tempfile::tempdir().context("cannot make a temporary folder")?;
    let indexes = indexes.path();
    report.section(&name_of(corpus));
    let queries = Queries::read(arguments, corpus)?;
    if queries.is_empty() {
        report.note("No searches are timed: the corpus has neither queries nor titles; name a folder with --queries.");
    }
    // Searches need the indexes, measured or not.
    if [Part::Indexing, Part::Searching, Part::Applications].into_iter().any(wanted) {
        let wanted = wanted(Part::Indexing);
        report.part("indexing", |report| indexing::measure(arguments, corpus, indexes, wanted, report))?;
    }
    if wanted(Part::Searching) {
        report.part("searching", |report| searching::measure(arguments, &queries, indexes, report))?;
    }
    // The last on these indexes: it adds documents to them.
    if wanted(Part::Applications) {
        report.part("applications", |report| applications::measure(arguments, &queries, indexes, report))?;
    }
    if wanted(Part::Growth) {
        report.part("growth", |report| growth::measure(arguments, &queries, corpus, report))?;
    }
    Ok(())
}

/// The folder of one engine's index inside the temporary folder.
fn index_folder(indexes: &Path, engine: indexing::EngineName) -> PathBuf {
    indexes.join(engine.as_str())
}
