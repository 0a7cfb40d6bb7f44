//! Quality over the numbers of the ranking formula: one row a setting, one column a set and way of typing.
#![expect(clippy::print_stdout, reason = "a measurement prints")]

use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result};
use clap::Parser;
use dau::{Count, Index, Matching, Ranking, Returning, Schema, Search, Searcher, WriterOptions};
use dau_benches::data::{EvalSet, find};
use dau_benches::quality::Typed;
use dau_benches::score::Scores;
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

/// One set, indexed, with its queries typed in each way.
struct Indexed {
    set: EvalSet,
    searcher: Searcher,
    typed: Vec<Typed>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let ways = arguments.ways.iter().map(|way| way.parse::<Way>()).collect::<Result<Vec<Way>>>()?;
    let sets = arguments.sets.iter().map(|folder| index(&find(folder)?, arguments.queries, &ways));
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

fn index(folder: &std::path::Path, queries: usize, ways: &[Way]) -> Result<Indexed> {
    let set = EvalSet::read(folder, Some(queries))?;
    let index = Index::in_ram(Schema::builder().id("id").text("title").text("text").build()?)?;
    let mut writer = index.writer_with(&WriterOptions::new().threads(2).memory(512 << 20))?;
    for document in &set.documents {
        writer.add(document)?;
    }
    writer.commit()?;
    let typed = ways.iter().map(|&way| Typed::generate(&set, way)).collect();
    Ok(Indexed { searcher: index.searcher()?, set, typed })
}

fn set_number(ranking: Ranking, name: &str, value: f32) -> Result<Ranking> {
    Ok(match name {
        "saturation" => ranking.saturation(value),
        "length" => ranking.length(value),
        "marked_share" => ranking.marked_share(value),
        "document_bare" => ranking.document_bare(value),
        "query_bare" => ranking.query_bare(value),
        "compatible" => ranking.compatible(value),
        "conflicting" => ranking.conflicting(value),
        "bare_in_text" => ranking.bare_in_text(value),
        "piece" => ranking.piece(value),
        "nearness" => ranking.nearness(value),
        "candidates" => ranking.candidates(value as usize),
        "bare_marked_share" => ranking.bare_marked_share(value),
        "chance" => ranking.chance(value),
        "typo" => ranking.typo(value),
        "correction" => ranking.correction(value),
        _ => anyhow::bail!("no number of the ranking formula is called {name:?}"),
    })
}

fn row(name: &str, ranking: Ranking, sets: &[Indexed]) -> Result<()> {
    print!("{name:28}");
    let ways = sets.first().map_or(0, |indexed| indexed.typed.len());
    let mut means = vec![0.0; ways];
    for indexed in sets {
        for (mean, typed) in means.iter_mut().zip(&indexed.typed) {
            let ndcg = measure(indexed, typed, ranking)?;
            *mean += ndcg / sets.len() as f64;
            print!(" {ndcg:>11.4}");
        }
    }
    means.iter().for_each(|mean| print!(" {mean:>11.4}"));
    println!();
    Ok(())
}

fn measure(indexed: &Indexed, typed: &Typed, ranking: Ranking) -> Result<f64> {
    let next = AtomicUsize::new(0);
    let work = || -> Result<Vec<Scores>> {
        let mut scores = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(query) = indexed.set.queries.get(at) else {
                return Ok(scores);
            };
            let search = Search::new(typed.queries[at].clone())
                .matching(Matching::Any)
                .count(Count::None)
                .returning(Returning::Ids)
                .ranking(ranking);
            let results = indexed.searcher.search(&search)?;
            let ids = results.hits.iter().filter_map(|hit| hit.id.as_deref());
            let grades = indexed.set.judgements.get(&query.id).context("a query without judgements")?;
            scores.push(Scores::of_ranking(ids, grades));
        }
    };
    let parts = std::thread::scope(|scope| {
        let threads = [scope.spawn(work), scope.spawn(work)];
        threads.map(|thread| thread.join().expect("measuring does not panic"))
    });
    let mut all = Vec::new();
    for part in parts {
        all.extend(part?);
    }
    Ok(Scores::mean(all).ndcg)
}
