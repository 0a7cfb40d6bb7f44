//! What each ingredient of dau's ranking gives and costs: the default, and the default without it.
#![expect(clippy::print_stdout, reason = "a measurement prints")]

use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;
use dau::{Corrections, Ranking};
use dau_benches::data::find;
use dau_benches::record;
use dau_benches::settings::{Indexed, Setting};
use dau_benches::table::{markdown, row};
use dau_benches::variants::Way;

/// Measures nDCG@10 and time a query with each ingredient of the ranking taken out in turn.
#[derive(Parser)]
struct Arguments {
    /// Evaluation folders.
    #[arg(default_values = ["eval/wiki", "eval/law", "eval/health", "eval/news"])]
    sets: Vec<PathBuf>,
    /// Ways of typing, comma-separated.
    #[arg(long, value_delimiter = ',', default_value = "full,bare,half,telex,vni,typo,baretypo")]
    ways: Vec<String>,
    /// Queries a set.
    #[arg(long, default_value_t = 500)]
    queries: usize,
    /// Also write the table to FILE.md and the figures to FILE.json
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
}

/// The default and what may be left out of it.
fn settings() -> Vec<(&'static str, Setting)> {
    let default = Setting::default();
    let ranking = |ranking: Ranking| Setting { ranking, ..default };
    let number = Ranking::new;
    vec![
        ("as it is", default),
        ("without nearness", ranking(number().nearness(0.0))),
        ("without marked evidence", ranking(number().marked_share(0.0).bare_marked_share(0.0))),
        ("without folded evidence", ranking(number().marked_share(1.0).bare_marked_share(1.0))),
        (
            "every spelling counts alike as folded",
            ranking(number().conflicting(1.0).compatible(1.0).document_bare(1.0)),
        ),
        ("neighbours do not tell the marks", ranking(number().chance(1e9))),
        ("without corrections of slips", ranking(number().typo(0.0))),
        ("without corrections, raw keys, joined words", Setting { corrections: Corrections::Off, ..default }),
        ("nearness of the first 20 only", ranking(number().candidates(20))),
        ("nearness of the first 200", ranking(number().candidates(200))),
    ]
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let ways = arguments.ways.iter().map(|way| way.parse::<Way>()).collect::<Result<Vec<Way>>>()?;
    let sets = arguments.sets.iter().map(|folder| Indexed::read(&find(folder)?, arguments.queries, &ways));
    let sets = sets.collect::<Result<Vec<Indexed>>>()?;
    let mut header = row("nDCG@10, mean of the sets", &ways);
    header.push("µs a query".to_owned());
    let mut rows = Vec::new();
    let mut figures = Vec::new();
    for (name, setting) in settings() {
        let measured = (0..ways.len()).map(|way| mean(&sets, way, &setting)).collect::<Result<Vec<(f64, f64)>>>()?;
        let micros = measured.iter().map(|measured| measured.1).sum::<f64>() / measured.len().max(1) as f64;
        let mut cells = row(name, measured.iter().map(|measured| format!("{:.4}", measured.0)));
        cells.push(format!("{micros:.0}"));
        rows.push(cells);
        let ndcg: Vec<f64> = measured.iter().map(|measured| measured.0).collect();
        figures.push(serde_json::json!({"setting": name, "ndcg": ndcg, "mean_us": micros}));
    }
    let text = format!("{}\n\n{}\n", markdown(&header, &rows), footprints(&sets)?);
    println!("{text}");
    if let Some(file) = &arguments.record {
        record::write(file, "What each ingredient gives and costs", &text, &serde_json::Value::Array(figures))?;
    }
    Ok(())
}

/// nDCG@10 and microseconds a query of one way of typing, mean over the sets.
fn mean(sets: &[Indexed], way: usize, setting: &Setting) -> Result<(f64, f64)> {
    let mut sum = (0.0, 0.0);
    for indexed in sets {
        let measured = indexed.measure(&indexed.typed[way], setting)?;
        sum = (sum.0 + measured.ndcg, sum.1 + measured.mean_us);
    }
    Ok((sum.0 / sets.len() as f64, sum.1 / sets.len() as f64))
}

/// The bytes of each part of the indexes: what positions (nearness, phrases) and the table of neighbours cost.
fn footprints(sets: &[Indexed]) -> Result<String> {
    let parts = ["postings", "positions", "terms", "bigrams"];
    let mut rows = Vec::new();
    for indexed in sets {
        let bytes = indexed.index.stats()?.bytes;
        rows.push(row(&indexed.set.name, parts.iter().map(|part| bytes.get(*part).copied().unwrap_or(0))));
    }
    Ok(markdown(&row("bytes of the index", parts), &rows))
}
