//! Times analysis, indexing and searching of `dau` beside stock tantivy, on one corpus, in one run.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program that prints tables")]

mod analysis;
mod indexing;
mod rows;
mod searching;

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};
use dau_benches::data::{data_folder, find, name_of};
use dau_benches::record::{self, Circumstances};

use crate::indexing::Job;
use crate::rows::Rows;

/// Time dau and stock tantivy on the same corpus and print the ratios
///
/// Stock tantivy is SimpleTokenizer, RemoveLong(40), LowerCaser, AsciiFolding; title and text stored and indexed with
/// positions, and one id field. Both engines get the same threads and the same memory budget.
#[derive(Debug, Parser)]
struct Arguments {
    /// Evaluation folder or corpus file (JSON lines, plain or .zst), here or in the shared data
    #[arg(long, value_name = "PATH", default_value = "eval/news")]
    corpus: PathBuf,
    /// Evaluation folder whose queries are used; without it those of the corpus, or its titles if it has none
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
    #[arg(long, value_delimiter = ',', default_values_t = [Part::Analysis, Part::Indexing, Part::Searching])]
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
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Analysis => "analysis",
            Self::Indexing => "indexing",
            Self::Searching => "searching",
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
    if data_folder().is_none() && !arguments.corpus.exists() {
        eprintln!(
            "shared data not present: skipped; name a corpus with --corpus, or set DAU_DATA to the folder that holds eval/"
        );
        return Ok(());
    }
    eprintln!("{}", Circumstances::now().markdown());
    let start = Instant::now();
    let mut tables = String::new();
    let mut figures = serde_json::Map::new();
    let mut done = |heading: String, rows: Rows| -> Result<()> {
        let text = format!("## {heading}\n\n{}\n", rows.markdown());
        println!("{text}");
        tables.push_str(&text);
        tables.push('\n');
        figures.insert(heading, serde_json::to_value(rows)?);
        Ok(())
    };

    if arguments.only.contains(&Part::Analysis) {
        analysis::measure(arguments.repeat, &mut done)?;
    }
    let corpus = find(&arguments.corpus)?;
    let name = name_of(&corpus);
    let indexes = tempfile::tempdir().context("cannot make a temporary folder")?;
    let searching = arguments.only.contains(&Part::Searching);
    if searching || arguments.only.contains(&Part::Indexing) {
        let runs = if arguments.only.contains(&Part::Indexing) { arguments.runs.max(1) } else { 1 };
        let rows = indexing::measure(&arguments, &corpus, indexes.path(), runs)?;
        done(
            format!("{name}: indexing, {} threads, {} MiB, median of {runs} runs", arguments.threads, arguments.memory),
            rows,
        )?;
    }
    if searching {
        searching::measure(&arguments, &corpus, indexes.path(), &name, &mut done)?;
    }
    println!("whole run: {:.0} s", start.elapsed().as_secs_f64());
    if let Some(file) = &arguments.record {
        record::write(file, "Speed and size", &tables, &figures.into())?;
    }
    Ok(())
}

/// The folder of one engine's index inside the temporary folder.
fn index_folder(indexes: &Path, engine: indexing::EngineName) -> PathBuf {
    indexes.join(engine.as_str())
}
