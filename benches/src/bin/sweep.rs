//! Quality over the numbers of the ranking formula: one row a setting, one column a set and way of typing.
#![expect(clippy::print_stdout, reason = "a measurement prints")]

use anyhow::{Context, Result};
use clap::Parser;
use dau::Ranking;
use dau_benches::data::find;
use dau_benches::settings::{Indexed, Setting, set_number};
use dau_benches::variants::Way;

/// Measures nDCG@10 while one number of the ranking formula changes and the others stay.
#[derive(Parser)]
struct Arguments {
    /// Evaluation folders.
    #[arg(default_values = ["eval/wiki", "eval/law", "eval/health", "eval/news"])]
    sets: Vec<std::path::PathBuf>,
    /// Ways of typing, comma-separated.
    #[arg(long, value_delimiter = ',', default_value = "full,bare,half")]
    ways: Vec<String>,
    /// Queries a set.
    #[arg(long, default_value_t = 300)]
    queries: usize,
    /// Numbers and their values, such as `length=0.3,0.5,0.75`; repeatable. Without it only the defaults run.
    #[arg(long = "vary")]
    vary: Vec<String>,
    /// Numbers that stay at another value than the default, such as `marked_share=0.5`; repeatable.
    #[arg(long = "fix")]
    fix: Vec<String>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let ways = arguments.ways.iter().map(|way| way.parse::<Way>()).collect::<Result<Vec<Way>>>()?;
    let sets = arguments.sets.iter().map(|folder| Indexed::read(&find(folder)?, arguments.queries, &ways));
    let sets = sets.collect::<Result<Vec<Indexed>>>()?;
    let mut base = Ranking::new();
    for setting in &arguments.fix {
        let (name, value) = setting.split_once('=').context("--fix takes NAME=VALUE")?;
        base = set_number(base, name, value.parse()?)?;
    }
    print!("{:28}", "nDCG@10");
    for indexed in &sets {
        ways.iter().for_each(|way| print!(" {:>11}", format!("{} {way}", indexed.set.name)));
    }
    ways.iter().for_each(|way| print!(" {:>11}", format!("mean {way}")));
    println!();
    row("as set", base, &sets)?;
    for varied in &arguments.vary {
        let (name, values) = varied.split_once('=').context("--vary takes NAME=VALUE,…")?;
        for value in values.split(',') {
            row(&format!("{name} {value}"), set_number(base, name, value.parse()?)?, &sets)?;
        }
    }
    Ok(())
}

fn row(name: &str, ranking: Ranking, sets: &[Indexed]) -> Result<()> {
    print!("{name:28}");
    let ways = sets.first().map_or(0, |indexed| indexed.typed.len());
    let mut means = vec![0.0; ways];
    for indexed in sets {
        for (mean, typed) in means.iter_mut().zip(&indexed.typed) {
            let setting = Setting { ranking, ..Setting::default() };
            let ndcg = indexed.measure(typed, &setting)?.ndcg;
            *mean += ndcg / sets.len() as f64;
            print!(" {ndcg:>11.4}");
        }
    }
    means.iter().for_each(|mean| print!(" {mean:>11.4}"));
    println!();
    Ok(())
}
