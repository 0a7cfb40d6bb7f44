//! Scores the rankings of `dau` and of stock tantivy on evaluation sets, in the ways in which people type.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program that prints tables")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Result, ensure};
use clap::Parser;
use dau_benches::data::{EvalSet, data_folder, find, name_of};
use dau_benches::quality::{EngineName, EngineResult, Typed, rank};
use dau_benches::record::{self, Circumstances};
use dau_benches::score::Scores;
use dau_benches::table::{markdown, row};
use dau_benches::variants::Way;

/// Rank evaluation sets with dau and stock tantivy and score the rankings
#[derive(Debug, Parser)]
struct Arguments {
    /// Folders with corpus.jsonl.zst, queries.jsonl and qrels.tsv; without any, the four sets of the shared data
    folders: Vec<PathBuf>,
    /// Ways of typing; nfd, tone and upper are also compared with full, hit for hit
    #[arg(long, value_delimiter = ',', default_values_t = Way::NINE)]
    ways: Vec<Way>,
    /// Only N judged queries of each set, evenly spread over its file
    #[arg(long, value_name = "N")]
    queries: Option<usize>,
    /// Engines: dau, stock-default, stock-folding, stock-default-two, stock-folding-two
    #[arg(long, value_delimiter = ',', default_values_t = [EngineName::Dau, EngineName::StockDefault, EngineName::StockFolding])]
    engines: Vec<EngineName>,
    /// Folder in which eval/variants.py wrote WAY.jsonl for each set, in a folder of the set's name (or right there, for one set)
    #[arg(long, value_name = "DIR")]
    variants: Option<PathBuf>,
    /// Threads that search at once; as many as there are processors if not said
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Also write each ranking as SET.ENGINE.WAY.trec into this folder
    #[arg(long, value_name = "DIR")]
    runs: Option<PathBuf>,
    /// Also write the tables to FILE.md and the figures to FILE.json
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Fail when a bar of the project is not held: dau with marks below stock-default, without marks below
    /// stock-folding, or other results for nfd, tone or upper than for full; and in the mean of the sets, less than
    /// 0.035 above stock-default, or less of full marks than .985 for bare and half, .975 for telex and vni, .97 for
    /// typo, .95 for baretypo
    #[arg(long)]
    bars: bool,
}

fn main() -> Result<()> {
    let mut arguments = Arguments::parse();
    // The comparisons need the ranking of full marks first.
    arguments.ways.sort_unstable();
    arguments.ways.dedup();
    let folders = if arguments.folders.is_empty() {
        if data_folder().is_none() {
            eprintln!(
                "shared data not present: skipped; name an evaluation folder, or set DAU_DATA to the folder that holds eval/"
            );
            return Ok(());
        }
        ["wiki", "law", "health", "news"].map(|name| Path::new("eval").join(name)).to_vec()
    } else {
        arguments.folders.clone()
    };
    if let Some(folder) = &arguments.runs {
        std::fs::create_dir_all(folder)?;
    }

    eprintln!("{}", Circumstances::now().markdown());
    let start = Instant::now();
    let mut report = String::new();
    let mut all = BTreeMap::new();
    let mut names = Vec::new();
    for folder in &folders {
        let (name, heading, results) = run_set(&arguments, folder, folders.len() == 1)?;
        let text = format!("## {name}\n\n{heading}\n\n{}\n", table(&results, |s| s.ndcg));
        println!("{text}");
        report.push_str(&text);
        report.push('\n');
        all.insert(name.clone(), results);
        names.push(name);
    }
    let summary = summary(&arguments, &names, &all);
    println!("{summary}");
    let seconds = start.elapsed().as_secs_f64();
    println!("whole run: {seconds:.0} s");
    if let Some(file) = &arguments.record {
        report.push_str(&summary);
        record::write(file, "Quality of rankings", &report, &serde_json::to_value(&all)?)?;
    }
    if arguments.bars {
        let broken = broken_bars(&all);
        ensure!(broken.is_empty(), "not held: {}", broken.join("; "));
    }
    Ok(())
}

fn run_set(arguments: &Arguments, folder: &Path, only: bool) -> Result<(String, String, Vec<EngineResult>)> {
    let folder = find(folder)?;
    let set = EvalSet::read(&folder, arguments.queries)?;
    let name = name_of(&folder);
    let threads = arguments.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let typed = arguments
        .ways
        .iter()
        .map(|&way| match &arguments.variants {
            Some(variants) if only && !variants.join(&name).is_dir() => Typed::read(&set, way, variants),
            Some(variants) => Typed::read(&set, way, &variants.join(&name)),
            None => Ok(Typed::generate(&set, way)),
        })
        .collect::<Result<Vec<_>>>()?;
    let mut results = Vec::new();
    for &engine in &arguments.engines {
        eprintln!("{name}: {engine} ...");
        results.push(rank(&set, engine, &typed, threads, arguments.runs.as_deref())?);
    }
    if set.skipped > 0 {
        eprintln!("{name}: {} lines of the corpus are no documents", set.skipped);
    }
    let heading = format!(
        "{} documents ({:.1} MB), {} queries; nDCG@10",
        set.documents.len(),
        set.bytes as f64 / 1e6,
        set.queries.len()
    );
    Ok((name, heading, results))
}

/// A table of one measure: engines down, ways across.
fn table(results: &[EngineResult], measure: impl Fn(&Scores) -> f64) -> String {
    let ways = results.first().map_or(&[][..], |result| &result.ways);
    let header = row("engine", ways.iter().map(|way| way.way.to_string()));
    let rows: Vec<_> = results
        .iter()
        .map(|result| {
            let cells = result.ways.iter().map(|way| format!("{:.4}", measure(&way.scores)));
            row(&result.engine.to_string(), cells)
        })
        .collect();
    markdown(&header, &rows)
}

fn summary(arguments: &Arguments, names: &[String], all: &BTreeMap<String, Vec<EngineResult>>) -> String {
    let means: Vec<EngineResult> = (0..arguments.engines.len())
        .map(|index| mean(&all.values().map(|results| &results[index]).collect::<Vec<_>>()))
        .collect();
    let mut text = String::new();
    let mut part = |heading: &str, table: String| {
        writeln!(text, "## {heading}\n\n{table}\n").expect("writing to a string cannot fail");
    };
    let over = format!("mean of {}", names.join(", "));
    part(&format!("nDCG@10, {over}"), table(&means, |s| s.ndcg));
    part(&format!("MRR@10, {over}"), table(&means, |s| s.mrr));
    part(&format!("recall@100, {over}"), table(&means, |s| s.recall));
    if arguments.ways.contains(&Way::Full) {
        part("nDCG@10 as a share of the same engine's with full marks", shares(&means));
        part(
            "Queries whose first 100 hits differ from those of full marks (+ those whose scores alone differ)",
            differences(arguments, names, all),
        );
    }
    part("Seconds to index, and milliseconds a query (100 documents, all threads busy)", times(arguments, names, all));
    text
}

/// The mean over sets of one engine's results; times and differences are added up.
fn mean(results: &[&EngineResult]) -> EngineResult {
    let mut mean = (*results[0]).clone();
    for (index, way) in mean.ways.iter_mut().enumerate() {
        way.scores = Scores::mean(results.iter().map(|result| result.ways[index].scores));
    }
    mean
}

fn shares(means: &[EngineResult]) -> String {
    let ways = &means[0].ways;
    let header = row("engine", ways.iter().map(|way| way.way.to_string()));
    let rows: Vec<_> = means
        .iter()
        .map(|result| {
            let full = result.ways[0].scores.ndcg;
            let cells = result.ways.iter().map(|way| format!("{:.3}", way.scores.ndcg / full));
            row(&result.engine.to_string(), cells)
        })
        .collect();
    markdown(&header, &rows)
}

fn differences(arguments: &Arguments, names: &[String], all: &BTreeMap<String, Vec<EngineResult>>) -> String {
    let header = row("engine, way", names);
    let mut rows = Vec::new();
    for (index, engine) in arguments.engines.iter().enumerate() {
        for (place, way) in arguments.ways.iter().enumerate() {
            if !way.is_same_text() {
                continue;
            }
            let cells = names.iter().map(|name| {
                let result = &all[name][index].ways[place];
                let count = |count: Option<usize>| count.unwrap_or_default();
                format!("{} (+{})", count(result.differing), count(result.differing_scores))
            });
            rows.push(row(&format!("{engine}, {way}"), cells));
        }
    }
    markdown(&header, &rows)
}

fn times(arguments: &Arguments, names: &[String], all: &BTreeMap<String, Vec<EngineResult>>) -> String {
    let header = row("engine", names.iter().flat_map(|name| [format!("{name} s"), format!("{name} ms")]));
    let rows: Vec<_> = arguments
        .engines
        .iter()
        .enumerate()
        .map(|(index, engine)| {
            let cells = names.iter().flat_map(|name| {
                let result = &all[name][index];
                let us: f64 = result.ways.iter().map(|way| way.mean_us).sum();
                let ms = us / 1e3 / result.ways.len() as f64;
                [format!("{:.1}", result.build_seconds), format!("{ms:.2}")]
            });
            row(&engine.to_string(), cells)
        })
        .collect();
    markdown(&header, &rows)
}

/// Says which bars are not held, set by set; bars whose engines or ways were not run are passed over.
fn broken_bars(all: &BTreeMap<String, Vec<EngineResult>>) -> Vec<String> {
    let mut broken = Vec::new();
    for (set, results) in all {
        let find = |engine, way| {
            let result = results.iter().find(|result| result.engine == engine)?;
            result.ways.iter().find(|result| result.way == way)
        };
        for (way, stock) in [(Way::Full, EngineName::StockDefault), (Way::Bare, EngineName::StockFolding)] {
            if let (Some(ours), Some(theirs)) = (find(EngineName::Dau, way), find(stock, way))
                && ours.scores.ndcg < theirs.scores.ndcg
            {
                let (ours, theirs) = (ours.scores.ndcg, theirs.scores.ndcg);
                broken.push(format!("{set} {way}: dau {ours:.4} is below {stock} {theirs:.4}"));
            }
        }
        for way in Way::NINE.into_iter().filter(|way| way.is_same_text()) {
            let Some(result) = find(EngineName::Dau, way) else {
                continue;
            };
            if let Some(count @ 1..) = result.differing {
                let example = result.example.as_deref().unwrap_or_default();
                broken.push(format!("{set} {way}: {count} queries differ from full, such as {example:?}"));
            }
        }
    }
    broken.extend(broken_shares(all));
    broken
}

/// What each way of typing must keep of the nDCG@10 of full marks, mean over the sets.
const SHARES: [(Way, f64); 6] = [
    (Way::Bare, 0.985),
    (Way::Half, 0.985),
    (Way::Telex, 0.975),
    (Way::Vni, 0.975),
    (Way::Typo, 0.97),
    (Way::BareTypo, 0.95),
];

/// How far above the best stock chain dau is with full marks, mean over the sets.
const LEAD: f64 = 0.035;

/// Says which shares of the mean are not kept, and whether the lead over stock is.
fn broken_shares(all: &BTreeMap<String, Vec<EngineResult>>) -> Vec<String> {
    let mean = |engine, way| {
        let scores = all.values().map(|results| {
            let result = results.iter().find(|result| result.engine == engine)?;
            Some(result.ways.iter().find(|result| result.way == way)?.scores.ndcg)
        });
        Some(scores.sum::<Option<f64>>()? / all.len() as f64)
    };
    let Some(full) = mean(EngineName::Dau, Way::Full) else { return Vec::new() };
    let mut broken = Vec::new();
    for (way, share) in SHARES {
        if let Some(ndcg) = mean(EngineName::Dau, way).filter(|ndcg| ndcg / full < share) {
            broken.push(format!("mean, {way}: {ndcg:.4} is {:.4} of full marks, not {share}", ndcg / full));
        }
    }
    if let Some(stock) = mean(EngineName::StockDefault, Way::Full).filter(|stock| full - stock < LEAD) {
        broken.push(format!("mean, full: {full:.4} is {:.4} above stock-default, not {LEAD}", full - stock));
    }
    broken
}
