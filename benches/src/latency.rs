//! Times of many short calls. Knows nothing of what is called.

use std::time::Instant;

use anyhow::Result;
use serde::Serialize;

/// Something that answers one query and says how many documents it found.
pub type Task<'a> = dyn FnMut(&str) -> Result<usize> + 'a;

/// The distribution of the times of a list of queries, each query's best time counting once. Microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Latency {
    /// The time that half of the queries stay under.
    pub p50: f64,
    /// The time that 99 % of the queries stay under.
    pub p99: f64,
    /// Mean time.
    pub mean: f64,
    /// Documents found by all queries together.
    pub found: usize,
}

impl Latency {
    /// Sums up the best time of each query, in nanoseconds; all zeros of none.
    #[must_use]
    pub fn of(mut best: Vec<u64>, found: usize) -> Self {
        best.sort_unstable();
        let at = |share: f64| {
            // The nearest rank: the smallest time that at least this share of the queries does not exceed.
            let rank = (share * best.len() as f64).ceil() as usize;
            best.get(rank.saturating_sub(1)).map_or(0.0, |&ns| ns as f64 / 1e3)
        };
        let sum: u64 = best.iter().sum();
        Self { p50: at(0.5), p99: at(0.99), mean: sum as f64 / 1e3 / best.len().max(1) as f64, found }
    }
}

/// The times of several tasks over the same queries, and what each query found.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// One for each task.
    pub latencies: Vec<Latency>,
    /// Queries for which not all tasks found the same number of documents.
    pub differing: usize,
}

/// Runs every query on every task in turn, `repeat` times, and counts each query's best time.
///
/// Query by query, so that a burst of other work on the machine hits all tasks alike; the tasks take turns at going first,
/// so that none always finds the caches that another has filled.
///
/// # Errors
/// That of the first task that fails.
pub fn interleaved(queries: &[String], repeat: usize, tasks: &mut [&mut Task<'_>]) -> Result<Comparison> {
    let count = tasks.len();
    let mut best = vec![vec![u64::MAX; queries.len()]; count];
    let mut found = vec![vec![0; queries.len()]; count];
    for round in 0..repeat.max(1) {
        for (index, query) in queries.iter().enumerate() {
            for turn in 0..count {
                let task = (turn + round + index) % count;
                let start = Instant::now();
                let documents = tasks[task](query)?;
                let took = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
                best[task][index] = best[task][index].min(took);
                found[task][index] = documents;
            }
        }
    }
    let differing =
        (0..queries.len()).filter(|&index| found.iter().any(|counts| counts[index] != found[0][index])).count();
    let latencies = best.into_iter().zip(&found).map(|(best, found)| Latency::of(best, found.iter().sum())).collect();
    Ok(Comparison { latencies, differing })
}

/// Returns the middle of some values, the mean of the two middle ones of an even number; 0 of none.
#[must_use]
pub fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_unstable_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => 0.0,
        odd if odd % 2 == 1 => values[middle],
        _ => f64::midpoint(values[middle - 1], values[middle]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_by_nearest_rank() {
        let latency = Latency::of((1..=200).rev().map(|us| us * 1000).collect(), 7);
        assert_eq!(latency, Latency { p50: 100.0, p99: 198.0, mean: 100.5, found: 7 });
        assert_eq!(Latency::of(vec![5000], 0).p99, 5.0);
        assert_eq!(Latency::of(Vec::new(), 0).p50, 0.0);
    }

    #[test]
    fn every_task_runs_every_query() {
        let queries = ["a", "bb", "ccc"].map(str::to_owned);
        let (mut one, mut two) = (0, 0);
        let comparison = interleaved(
            &queries,
            4,
            &mut [
                &mut |query| {
                    one += 1;
                    Ok(query.len())
                },
                &mut |query| {
                    two += 1;
                    Ok(query.len().min(2))
                },
            ],
        )
        .expect("no task fails");
        assert_eq!((one, two), (12, 12));
        assert_eq!(comparison.differing, 1);
        assert_eq!(comparison.latencies[0].found, 6);
        assert_eq!(comparison.latencies[1].found, 5);
        assert!(interleaved(&queries, 1, &mut [&mut |_| anyhow::bail!("no")]).is_err());
    }

    #[test]
    fn medians() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
        assert_eq!(median(&[]), 0.0);
    }
}
