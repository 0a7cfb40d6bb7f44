//! `dau bench`: how fast this index answers.

use std::io::{self, BufRead, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use dau::{Count, Index, Returning, Search, Searcher};

use super::queries::{self, NamedQuery};
use crate::args::bench::Arguments;
use crate::args::values::{Matching, ReportFormat};
use crate::error::Exit;
use crate::output::{Out, json, report};
use crate::resolve::Settings;

/// What was measured. Times are in microseconds, over the best time of each query.
#[derive(Clone, Debug, serde::Serialize)]
pub(crate) struct Timing {
    /// Queries in the file.
    pub(crate) queries: u64,
    /// Runs of each query.
    pub(crate) repeat: usize,
    /// Threads that searched at the same time.
    pub(crate) threads: usize,
    /// Documents that matched, summed over the queries.
    pub(crate) hits: u64,
    pub(crate) mean_us: f64,
    pub(crate) p50_us: f64,
    pub(crate) p90_us: f64,
    pub(crate) p95_us: f64,
    pub(crate) p99_us: f64,
    pub(crate) max_us: f64,
    /// Runs of all threads in a second of wall time.
    pub(crate) qps: f64,
}

/// Measures latency and throughput.
pub(crate) fn run(arguments: &Arguments, settings: &Settings) -> Result<Exit> {
    let index = Index::open(&settings.index)?;
    let searcher = index.searcher()?;
    let Some(path) = &arguments.queries else {
        return game(&searcher, arguments, settings);
    };
    let queries = queries::read(path)?;
    if queries.is_empty() {
        bail!("{}: there is no query in it", path.display());
    }
    let timing = measure(&searcher, &queries, arguments)?;
    let mut out = Out::new(settings);
    match arguments.format {
        ReportFormat::Human => report::timing(&mut out, &timing)?,
        ReportFormat::Json => json::compact(&mut out, &timing)?,
    }
    out.flush()?;
    Ok(Exit::Done)
}

fn measure(searcher: &Searcher, queries: &[NamedQuery], arguments: &Arguments) -> Result<Timing> {
    let next = AtomicUsize::new(0);
    let start = Instant::now();
    let measured = std::thread::scope(|scope| {
        let workers: Vec<_> =
            (0..arguments.threads).map(|_| scope.spawn(|| work(searcher, queries, arguments, &next))).collect();
        let joined = workers.into_iter().map(|worker| match worker.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        joined.collect::<Result<Vec<_>>>()
    })?;
    let wall = start.elapsed();
    let mut times: Vec<Duration> = measured.into_iter().flatten().collect();
    times.sort_unstable();
    let runs = times.len() * arguments.repeat;
    Ok(Timing {
        queries: queries.len() as u64,
        repeat: arguments.repeat,
        threads: arguments.threads,
        hits: count(searcher, queries, arguments)?,
        mean_us: micros(times.iter().sum::<Duration>()) / times.len() as f64,
        p50_us: percentile(&times, 50),
        p90_us: percentile(&times, 90),
        p95_us: percentile(&times, 95),
        p99_us: percentile(&times, 99),
        max_us: percentile(&times, 100),
        qps: runs as f64 / wall.as_secs_f64(),
    })
}

/// Takes queries until there are none left; gives each one's best time.
///
/// What is timed is searching: from the text of a query to the ranks of its best documents. Reading these from the store
/// and counting all the others cost what the size of the documents and the commonness of the words make them cost, and
/// would hide it.
fn work(
    searcher: &Searcher,
    queries: &[NamedQuery],
    arguments: &Arguments,
    next: &AtomicUsize,
) -> Result<Vec<Duration>> {
    let mut times = Vec::new();
    while let Some(query) = queries.get(next.fetch_add(1, Ordering::Relaxed)) {
        let search = arguments.words.search(&query.text);
        let search = search.limit(arguments.limit).returning(Returning::Scores).count(Count::None);
        let mut best = Duration::MAX;
        for _ in 0..arguments.repeat {
            let start = Instant::now();
            searcher.search(&search).with_context(|| format!("query {}", query.id))?;
            best = best.min(start.elapsed());
        }
        times.push(best);
    }
    Ok(times)
}

/// Counts what the queries match, summed over them; not timed.
fn count(searcher: &Searcher, queries: &[NamedQuery], arguments: &Arguments) -> Result<u64> {
    let count = |query: &NamedQuery| searcher.count(&arguments.words.search(&query.text));
    queries.iter().map(|query| count(query).with_context(|| format!("query {}", query.id))).sum()
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// The nearest-rank percentile of sorted times, in microseconds; 0 for none.
fn percentile(sorted: &[Duration], percent: usize) -> f64 {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).map_or(0.0, |&time| micros(time))
}

/// Answers `COMMAND<TAB>query` lines with a number each, at once.
fn game(searcher: &Searcher, arguments: &Arguments, settings: &Settings) -> Result<Exit> {
    let mut out = Out::new(settings);
    for line in io::stdin().lock().lines() {
        let line = line.context("cannot read the commands")?;
        let Some((command, query)) = line.split_once('\t') else {
            bail!("expected COMMAND, a tab and a query, found {line:?}");
        };
        let mut search = arguments.words.search(query);
        // Two words are a union there; here the user may ask for something else.
        if arguments.words.matching == Matching::Auto {
            search = search.matching(dau::Matching::Any);
        }
        match answer(searcher, command, &search)? {
            Some(number) => writeln!(out, "{number}")?,
            None => writeln!(out, "UNSUPPORTED")?,
        }
        out.flush()?;
    }
    Ok(Exit::Done)
}

fn answer(searcher: &Searcher, command: &str, search: &Search) -> Result<Option<u64>> {
    if command == "COUNT" {
        return Ok(Some(searcher.count(search)?));
    }
    let Some(rest) = command.strip_prefix("TOP_") else {
        return Ok(None);
    };
    let (number, counted) = match rest.strip_suffix("_COUNT") {
        Some(number) => (number, true),
        None => (rest, false),
    };
    let Ok(limit) = number.parse() else {
        return Ok(None);
    };
    let count = if counted { Count::Exact } else { Count::None };
    let results = searcher.search(&search.clone().limit(limit).count(count).returning(Returning::Scores))?;
    Ok(Some(if counted { results.total } else { 1 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_nearest_ranks() {
        let times: Vec<_> = (1..=10).map(Duration::from_micros).collect();
        assert_eq!(percentile(&times, 50), 5.0);
        assert_eq!(percentile(&times, 90), 9.0);
        assert_eq!(percentile(&times, 99), 10.0);
        assert_eq!(percentile(&times, 100), 10.0);
        assert_eq!(percentile(&times[..1], 50), 1.0);
        assert_eq!(percentile(&[], 50), 0.0);
    }
}
