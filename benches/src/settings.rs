//! Quality and cost of `dau` under settings of its ranking: what sweeps and ablations measure. Uses its public interface only.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use dau::{Corrections, Count, Index, Matching, Ranking, Returning, Schema, Search, Searcher, WriterOptions};

use crate::data::EvalSet;
use crate::quality::Typed;
use crate::score::Scores;
use crate::variants::Way;

/// One set, indexed in memory, with its queries typed in each way.
#[derive(Debug)]
pub struct Indexed {
    /// Documents, queries and judgements.
    pub set: EvalSet,
    /// The index.
    pub index: Index,
    searcher: Searcher,
    /// The queries, one list a way.
    pub typed: Vec<Typed>,
}

impl Indexed {
    /// Reads and indexes a set: an id and the text fields `title` and `text`, no setting changed.
    ///
    /// # Errors
    /// The set cannot be read.
    pub fn read(folder: &Path, queries: usize, ways: &[Way]) -> Result<Self> {
        let set = EvalSet::read(folder, Some(queries))?;
        let index = Index::in_ram(Schema::builder().id("id").text("title").text("text").build()?)?;
        let mut writer = index.writer_with(&WriterOptions::new().threads(2).memory(512 << 20))?;
        for document in &set.documents {
            writer.add(document)?;
        }
        writer.commit()?;
        let typed = ways.iter().map(|&way| Typed::generate(&set, way)).collect();
        Ok(Self { searcher: index.searcher()?, index, set, typed })
    }

    /// Runs the queries of one way of typing, two at a time.
    ///
    /// # Errors
    /// dau's own.
    pub fn measure(&self, typed: &Typed, setting: &Setting) -> Result<Measured> {
        let next = AtomicUsize::new(0);
        let work = || -> Result<Vec<(Scores, f64)>> {
            let mut measured = Vec::new();
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some(query) = self.set.queries.get(at) else { return Ok(measured) };
                let search = setting.search(&typed.queries[at]);
                let start = Instant::now();
                let results = self.searcher.search(&search)?;
                let micros = start.elapsed().as_secs_f64() * 1e6;
                let ids = results.hits.iter().filter_map(|hit| hit.id.as_deref());
                let grades = self.set.judgements.get(&query.id).context("a query without judgements")?;
                measured.push((Scores::of_ranking(ids, grades), micros));
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
        let (scores, micros): (Vec<Scores>, Vec<f64>) = all.into_iter().unzip();
        let mean_us = micros.iter().sum::<f64>() / micros.len().max(1) as f64;
        Ok(Measured { ndcg: Scores::mean(scores).ndcg, mean_us })
    }
}

/// How good and how costly the queries of one way of typing are.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// nDCG@10, mean over the queries.
    pub ndcg: f64,
    /// Time a query, mean, microseconds; two run at a time.
    pub mean_us: f64,
}

/// How a query is run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Setting {
    /// The numbers of the formula.
    pub ranking: Ranking,
    /// Whether words are corrected.
    pub corrections: Corrections,
}

impl Setting {
    fn search(&self, query: &str) -> Search {
        Search::new(query)
            .matching(Matching::Any)
            .count(Count::None)
            .returning(Returning::Ids)
            .ranking(self.ranking)
            .corrections(self.corrections)
    }
}

/// Sets a number of the ranking formula by its name.
///
/// # Errors
/// No number has this name.
pub fn set_number(ranking: Ranking, name: &str, value: f32) -> Result<Ranking> {
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
        _ => bail!("no number of the ranking formula is called {name:?}"),
    })
}
