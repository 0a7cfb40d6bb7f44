//! Plays the search-benchmark-game over corpora: checks what the program `dau` counts, and times its answers from outside.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program that prints tables")]

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use clap::Parser;
use dau_benches::data::{CORPORA, Corpus, Document, corpus_file, data_folder, find, name_of};
use dau_benches::game::drive::{Outcome, Process, run};
use dau_benches::game::text::Texts;
use dau_benches::game::{Accents, COMMANDS, Query, choose, count, line};
use dau_benches::program;
use dau_benches::record::{self, Circumstances};
use dau_benches::table::{markdown, row};

/// How the index is made: the same fields as in the other measurements.
const SCHEMA: &str = "id = \"id\"\n[fields.title]\nkind = \"text\"\n[fields.text]\nkind = \"text\"\n";

/// Wrong answers that are printed; the rest is counted.
const SHOWN: usize = 50;

/// Check what `dau bench --protocol game` counts, and time it over the pipe
///
/// Queries are taken from each corpus: single syllables, and pairs and threes of neighbours as unions, intersections and
/// phrases, each with its marks and without. What each must count is found by reading the whole corpus, with code that
/// is no part of dau. Ends with 1 when a count is wrong, and lists the wrong ones.
#[derive(Debug, Parser)]
struct Arguments {
    /// Evaluation folder or corpus file (JSON lines, plain or .zst), here or in the shared data; may be given several times
    #[arg(long, value_name = "PATH", default_values = CORPORA)]
    corpus: Vec<PathBuf>,
    /// At most N queries of each kind, each of them with and without marks
    #[arg(long, value_name = "N", default_value_t = 20)]
    sample: usize,
    /// Times each command is given for each query; the best counts
    #[arg(long, value_name = "N", default_value_t = 10)]
    repeat: usize,
    /// The program dau; without it the one beside this program
    #[arg(long, value_name = "FILE")]
    dau: Option<PathBuf>,
    /// Write the queries to DIR, and what they must count, and ask no engine
    ///
    /// In a folder for each corpus, `queries.tsv` has a command and a query a line, and can be given to any engine of the game. `counts-smart.tsv` and
    /// `counts-strict.tsv` have a third column: what COUNT and TOP_10_COUNT must answer, with every spelling that is
    /// the same without marks, and with the marks as typed.
    #[arg(long, value_name = "DIR")]
    write: Option<PathBuf>,
    /// Also write the tables to FILE.md and the figures to FILE.json
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
}

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    if data_folder().is_none() && !arguments.corpus.iter().all(|corpus| corpus.exists()) {
        eprintln!("shared data not present: skipped; name a corpus with --corpus, or set DAU_DATA");
        return Ok(ExitCode::SUCCESS);
    }
    let corpora = arguments.corpus.iter().map(|corpus| find(corpus)).collect::<Result<Vec<_>>>()?;
    eprintln!("{}", Circumstances::now().markdown());
    let start = Instant::now();
    let mut game = Game::default();
    for corpus in &corpora {
        let counted = Counted::read(corpus, arguments.sample)?;
        match &arguments.write {
            Some(folder) => write(&folder.join(name_of(corpus)), &counted)?,
            None => game.play(&arguments, corpus, &counted)?,
        }
    }
    println!("whole run: {:.0} s", start.elapsed().as_secs_f64());
    if let Some(file) = arguments.record.as_deref().filter(|_| arguments.write.is_none()) {
        record::write(file, "Search-benchmark-game", game.tables.trim_end(), &game.figures.into())?;
    }
    Ok(if game.wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The queries of a corpus, and what each must count.
struct Counted {
    queries: Vec<Query>,
    /// For each of [`Accents::ALL`].
    counts: [Vec<u64>; 2],
}

impl Counted {
    fn read(corpus: &Path, sample: usize) -> Result<Self> {
        let start = Instant::now();
        let texts = Texts::read(Corpus::open(&corpus_file(corpus)?)?)?;
        let queries = choose::queries(&texts, sample);
        ensure!(!queries.is_empty(), "{}: no query can be made of it", corpus.display());
        let counts = Accents::ALL.map(|accents| count::counts(&texts, &queries, accents));
        eprintln!("{}: {} queries, counted in {:.0} s", name_of(corpus), queries.len(), start.elapsed().as_secs_f64());
        Ok(Self { queries, counts })
    }
}

/// What has come of the corpora so far.
#[derive(Default)]
struct Game {
    tables: String,
    figures: serde_json::Map<String, serde_json::Value>,
    wrong: usize,
}

impl Game {
    /// Indexes the corpus and asks all queries.
    fn play(&mut self, arguments: &Arguments, corpus: &Path, counted: &Counted) -> Result<()> {
        let program = arguments.dau.clone().map_or_else(program::beside, Ok)?;
        let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
        let index = index(&program, corpus, folder.path())?;
        for (accents, counts) in Accents::ALL.into_iter().zip(&counted.counts) {
            let mut process = Process::start(&program, &index, accents)?;
            let outcome = run(&counted.queries, counts, arguments.repeat, &mut |line| process.ask(line))?;
            process.finish()?;
            self.wrong += outcome.wrong.len();
            let heading = format!("{}: --accents {}, best of {}", name_of(corpus), accents.as_str(), arguments.repeat);
            let verdict = verdict(&outcome, counted.queries.len());
            let text = format!("## {heading}\n\n{}\n{verdict}\n", table(&outcome));
            println!("{text}");
            self.tables.push_str(&text);
            self.tables.push('\n');
            self.figures.insert(heading, serde_json::to_value(&outcome.times)?);
        }
        Ok(())
    }
}

/// Has the program index the corpus, with ids of our own: a document that comes twice is two documents here.
fn index(program: &Path, corpus: &Path, folder: &Path) -> Result<PathBuf> {
    let (documents, schema, index) = (folder.join("documents.jsonl"), folder.join("schema.toml"), folder.join("index"));
    std::fs::write(&schema, SCHEMA).with_context(|| format!("cannot write {}", schema.display()))?;
    let mut out =
        BufWriter::new(File::create(&documents).with_context(|| format!("cannot write {}", documents.display()))?);
    for (number, document) in Corpus::open(&corpus_file(corpus)?)?.enumerate() {
        serde_json::to_writer(&mut out, &Document { id: number.to_string(), ..document? })?;
        out.write_all(b"\n")?;
    }
    out.into_inner()?.sync_all()?;
    let mut command = Command::new(program);
    command.arg("--index").arg(&index).arg("index").arg(&documents).arg("--schema").arg(&schema);
    let status = command.status().with_context(|| format!("cannot start {}", program.display()))?;
    ensure!(status.success(), "dau index ended with {status}");
    Ok(index)
}

/// One line a kind of query.
fn table(outcome: &Outcome) -> String {
    let columns = COMMANDS.iter().flat_map(|command| ["p50", "p99"].map(|share| format!("{command}, {share}")));
    let header = row("queries", ["documents".to_owned()].into_iter().chain(columns));
    let rows: Vec<_> = outcome
        .times
        .iter()
        .map(|(kind, times)| {
            let cells = times.iter().flat_map(|time| [time.p50, time.p99].map(|micros| format!("{micros:.0} µs")));
            row(kind, [times[0].found.to_string()].into_iter().chain(cells))
        })
        .collect();
    markdown(&header, &rows)
}

/// Says that all counts are right, or which are not.
fn verdict(outcome: &Outcome, queries: usize) -> String {
    if outcome.wrong.is_empty() {
        return format!("\nAll counts of {queries} queries are right.");
    }
    let mut text = format!("\n{} answers are wrong:\n", outcome.wrong.len());
    for wrong in outcome.wrong.iter().take(SHOWN) {
        write!(text, "\n    {}: must be {}, is {}", wrong.line.replace('\t', " "), wrong.expected, wrong.answer)
            .expect("writing to a string cannot fail");
    }
    text
}

/// Writes the queries as the game has them, and with a third column what they must count.
fn write(folder: &Path, counted: &Counted) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let put = |name: &str, text: String| {
        let file = folder.join(name);
        std::fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))
    };
    let lines = |query: &Query| COMMANDS.map(|command| line(command, query));
    put("queries.tsv", counted.queries.iter().flat_map(lines).map(|line| line + "\n").collect())?;
    for (accents, counts) in Accents::ALL.into_iter().zip(&counted.counts) {
        let lines = counted.queries.iter().zip(counts).flat_map(|(query, count)| {
            ["COUNT", "TOP_10_COUNT"].map(|command| format!("{}\t{count}\n", line(command, query)))
        });
        put(&format!("counts-{}.tsv", accents.as_str()), lines.collect())?;
    }
    Ok(())
}
