//! Runs the queries of an evaluation set in several ways of typing on several engines, and scores the rankings.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Write as _;
use std::path::Path;
use std::str::FromStr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::{Context, Error, Result, bail};
use serde::Serialize;

use crate::data::{Document, EvalSet, read_queries};
use crate::engine::{Engine, Scored};
use crate::ours::Ours;
use crate::score::Scores;
use crate::stock::{Chain, Layout, Stock};
use crate::variants::{Random, Way};

/// Documents asked for, as many as recall@100 needs.
const DEPTH: usize = 100;

/// The seed of the ways that draw random numbers, the same for each set.
const SEED: u64 = 20_261_121;

/// An engine that can be ranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EngineName {
    /// `dau` as it is without any setting; title and text are two fields.
    Dau,
    /// Stock tantivy's default analyzer, title and text one field.
    StockDefault,
    /// Stock tantivy's folding chain, title and text one field.
    StockFolding,
    /// The default analyzer on two fields whose scores are added up.
    StockDefaultTwo,
    /// The folding chain on two fields whose scores are added up.
    StockFoldingTwo,
}

impl EngineName {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Dau, "dau"),
        (Self::StockDefault, "stock-default"),
        (Self::StockFolding, "stock-folding"),
        (Self::StockDefaultTwo, "stock-default-two"),
        (Self::StockFoldingTwo, "stock-folding-two"),
    ];

    /// Indexes documents with this engine.
    ///
    /// # Errors
    /// The engine's own.
    pub fn build(self, documents: &[Document]) -> Result<Box<dyn Engine>> {
        let stock =
            |chain, layout| -> Result<Box<dyn Engine>> { Ok(Box::new(Stock::build(chain, layout, documents)?)) };
        match self {
            Self::Dau => Ok(Box::new(Ours::build(documents)?)),
            Self::StockDefault => stock(Chain::Default, Layout::One),
            Self::StockFolding => stock(Chain::Folding, Layout::One),
            Self::StockDefaultTwo => stock(Chain::Default, Layout::Two),
            Self::StockFoldingTwo => stock(Chain::Folding, Layout::Two),
        }
    }
}

impl fmt::Display for EngineName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Self::ALL.iter().find(|(engine, _)| engine == self);
        f.pad(name.map_or("", |(_, name)| name))
    }
}

impl FromStr for EngineName {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        match Self::ALL.iter().find(|(_, known)| *known == name) {
            Some((engine, _)) => Ok(*engine),
            None => bail!("unknown engine {name:?}; known are {}", Self::ALL.map(|(_, known)| known).join(", ")),
        }
    }
}

/// The queries of a set in one way of typing, in the order of the set.
#[derive(Debug, Clone)]
pub struct Typed {
    /// How they were typed.
    pub way: Way,
    /// The texts.
    pub queries: Vec<String>,
}

impl Typed {
    /// Types the queries of a set by the rules of [`Way::apply`].
    #[must_use]
    pub fn generate(set: &EvalSet, way: Way) -> Self {
        let mut random = Random::new(SEED);
        let queries = set.queries.iter().map(|query| way.apply(&query.text, &mut random));
        Self { way, queries: queries.collect() }
    }

    /// Reads `WAY.jsonl` from the folder that `eval/variants.py` wrote.
    ///
    /// # Errors
    /// The file is missing or lacks a query of the set.
    pub fn read(set: &EvalSet, way: Way, folder: &Path) -> Result<Self> {
        let file = folder.join(format!("{way}.jsonl"));
        let texts: BTreeMap<_, _> = read_queries(&file)?.into_iter().map(|query| (query.id, query.text)).collect();
        let queries = set.queries.iter().map(|query| {
            texts.get(&query.id).cloned().with_context(|| format!("{} has no query {:?}", file.display(), query.id))
        });
        Ok(Self { way, queries: queries.collect::<Result<_>>()? })
    }
}

/// The scores of one engine on one set.
#[derive(Debug, Clone, Serialize)]
pub struct EngineResult {
    /// The engine.
    pub engine: EngineName,
    /// Seconds for indexing, in memory.
    pub build_seconds: f64,
    /// One for each way of typing, in the order asked for.
    pub ways: Vec<WayResult>,
}

/// The scores of one engine on one set in one way of typing.
#[derive(Debug, Clone, Serialize)]
pub struct WayResult {
    /// The way.
    pub way: Way,
    /// Means over the queries.
    pub scores: Scores,
    /// Mean time a query for the first 100 documents, microseconds; all threads busy, so not a measure of latency.
    pub mean_us: f64,
    /// For ways that type the same words: queries whose ids or their order differ from those of full marks.
    pub differing: Option<usize>,
    /// The same: queries where a score differs by more than 1e-5 of itself, though the ids are the same.
    pub differing_scores: Option<usize>,
    /// A query that differs, as it was typed.
    pub example: Option<String>,
}

/// Ranks a set with one engine.
///
/// Rankings are also written to `runs` as `SET.ENGINE.WAY.trec` when it is given.
///
/// # Errors
/// The engine's own, or a run cannot be written.
pub fn rank(
    set: &EvalSet,
    engine_name: EngineName,
    typed: &[Typed],
    threads: usize,
    runs: Option<&Path>,
) -> Result<EngineResult> {
    let start = Instant::now();
    let engine = engine_name.build(&set.documents)?;
    let build_seconds = start.elapsed().as_secs_f64();
    let mut full: Option<Vec<Vec<Scored>>> = None;
    let mut ways = Vec::new();
    for Typed { way, queries } in typed {
        let start = Instant::now();
        let rankings = rank_all(&*engine, queries, threads)
            .with_context(|| format!("{engine_name} on {} typed {way}", set.name))?;
        let mean_us = start.elapsed().as_secs_f64() * 1e6 / queries.len() as f64;
        if let Some(folder) = runs {
            let file = folder.join(format!("{}.{engine_name}.{way}.trec", set.name));
            write_run(&file, set, &rankings)?;
        }
        let same = full.as_ref().filter(|_| way.is_same_text());
        let (differing, differing_scores, example) =
            same.map_or((None, None, None), |full| compare(full, &rankings, queries));
        ways.push(WayResult {
            way: *way,
            scores: score(set, &rankings),
            mean_us,
            differing,
            differing_scores,
            example,
        });
        if *way == Way::Full {
            full = Some(rankings);
        }
    }
    Ok(EngineResult { engine: engine_name, build_seconds, ways })
}

/// Runs all queries, shared out among threads, and returns the rankings in the order of the queries.
fn rank_all(engine: &dyn Engine, queries: &[String], threads: usize) -> Result<Vec<Vec<Scored>>> {
    let next = AtomicUsize::new(0);
    let work = || -> Result<Vec<(usize, Vec<Scored>)>> {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(query) = queries.get(index) else {
                return Ok(done);
            };
            let ranking = engine.search(query, DEPTH).with_context(|| format!("query {query:?}"))?;
            done.push((index, ranking));
        }
    };
    let mut rankings = vec![Vec::new(); queries.len()];
    std::thread::scope(|scope| -> Result<()> {
        let workers: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            let done = worker.join().map_err(|_| anyhow::anyhow!("a search panicked"))??;
            for (index, ranking) in done {
                rankings[index] = ranking;
            }
        }
        Ok(())
    })?;
    Ok(rankings)
}

fn score(set: &EvalSet, rankings: &[Vec<Scored>]) -> Scores {
    Scores::mean(set.queries.iter().zip(rankings).map(|(query, ranking)| {
        let ids = ranking.iter().map(|hit| hit.id.as_str());
        Scores::of_ranking(ids, &set.judgements[&query.id])
    }))
}

/// Counts queries whose hits differ, then those whose scores alone differ, and names one of the former, else of the latter.
fn compare(
    full: &[Vec<Scored>],
    other: &[Vec<Scored>],
    queries: &[String],
) -> (Option<usize>, Option<usize>, Option<String>) {
    let (mut ids, mut scores) = (Vec::new(), Vec::new());
    for ((one, two), query) in full.iter().zip(other).zip(queries) {
        let same_ids = one.len() == two.len() && one.iter().zip(two).all(|(one, two)| one.id == two.id);
        let near = |one: &Scored, two: &Scored| (one.score - two.score).abs() <= 1e-5 * one.score.abs().max(1.0);
        if !same_ids {
            ids.push(query);
        } else if !one.iter().zip(two).all(|(one, two)| near(one, two)) {
            scores.push(query);
        }
    }
    let example = ids.first().or(scores.first()).map(ToString::to_string);
    (Some(ids.len()), Some(scores.len()), example)
}

fn write_run(file: &Path, set: &EvalSet, rankings: &[Vec<Scored>]) -> Result<()> {
    let cannot = || format!("cannot write the run {}", file.display());
    let mut out = std::io::BufWriter::new(std::fs::File::create(file).with_context(cannot)?);
    for (query, ranking) in set.queries.iter().zip(rankings) {
        for (index, hit) in ranking.iter().enumerate() {
            writeln!(out, "{} Q0 {} {} {} bench", query.id, hit.id, index + 1, hit.score).with_context(cannot)?;
        }
    }
    out.flush().with_context(cannot)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Echo;

    impl Engine for Echo {
        fn search(&self, query: &str, limit: usize) -> Result<Vec<Scored>> {
            if query == "fail" {
                bail!("asked to");
            }
            let hit = |id: &str| Scored { id: id.to_owned(), score: 1.0 };
            Ok(query.split(' ').map(hit).take(limit).collect())
        }
    }

    #[test]
    fn rankings_come_back_in_order_from_any_number_of_threads() {
        let queries: Vec<String> = (0..50).map(|n| format!("{n} x")).collect();
        for threads in [0, 1, 3] {
            let rankings = rank_all(&Echo, &queries, threads).expect("no failing query");
            assert!(rankings.iter().zip(&queries).all(|(r, q)| q.starts_with(&r[0].id)));
        }
        assert!(rank_all(&Echo, &["a".into(), "fail".into()], 2).is_err());
    }

    #[test]
    fn differences_of_hits_and_of_scores_are_told_apart() {
        let hit = |id: &str, score| vec![Scored { id: id.to_owned(), score }];
        let full = [hit("a", 1.0), hit("a", 1.0), hit("a", 1.0)];
        let other = [hit("a", 1.000_001), hit("a", 1.1), hit("b", 1.0)];
        let queries = ["1", "2", "3"].map(str::to_owned);
        assert_eq!(compare(&full, &other, &queries), (Some(1), Some(1), Some("3".to_owned())));
    }

    #[test]
    fn engines_are_known_by_name() {
        for (engine, name) in EngineName::ALL {
            assert_eq!(name.parse::<EngineName>().expect("its own name"), engine);
            assert_eq!(engine.to_string(), name);
        }
        assert!("lucene".parse::<EngineName>().is_err());
    }
}
