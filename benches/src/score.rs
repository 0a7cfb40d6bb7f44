//! Measures of one ranking against judgements: nDCG@10, MRR@10, recall@100. Knows nothing of engines or files.

use std::collections::BTreeMap;

use serde::Serialize;

/// Means over the queries of a run, each between 0 and 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Scores {
    /// Normalised discounted cumulative gain of the first ten, linear gain, binary logarithm discount.
    pub ndcg: f64,
    /// One over the rank of the first relevant document of the first ten, else 0.
    pub mrr: f64,
    /// Share of the relevant documents that stand among the first hundred.
    pub recall: f64,
}

impl Scores {
    /// Measures one ranking, best first, against the grades of its query.
    ///
    /// Grades are 1 or more; without any relevant document all measures are 0.
    #[must_use]
    pub fn of_ranking<'a>(ranking: impl IntoIterator<Item = &'a str>, grades: &BTreeMap<String, u32>) -> Self {
        let (mut gain, mut mrr, mut found) = (0.0, 0.0, 0_u32);
        for (index, id) in ranking.into_iter().take(100).enumerate() {
            let Some(&grade) = grades.get(id) else {
                continue;
            };
            found += 1;
            if index < 10 {
                gain += f64::from(grade) * discount(index);
                if mrr == 0.0 {
                    mrr = 1.0 / (index as f64 + 1.0);
                }
            }
        }
        let mut best: Vec<u32> = grades.values().copied().collect();
        best.sort_unstable_by(|a, b| b.cmp(a));
        let ideal: f64 =
            best.iter().take(10).enumerate().map(|(index, &grade)| f64::from(grade) * discount(index)).sum();
        if ideal == 0.0 {
            return Self::default();
        }
        Self { ndcg: gain / ideal, mrr, recall: f64::from(found) / grades.len() as f64 }
    }

    /// Returns the mean of several; all zeros of none.
    #[must_use]
    pub fn mean(all: impl IntoIterator<Item = Self>) -> Self {
        let (mut sum, mut count) = (Self::default(), 0.0_f64);
        for one in all {
            sum.ndcg += one.ndcg;
            sum.mrr += one.mrr;
            sum.recall += one.recall;
            count += 1.0;
        }
        let count = count.max(1.0);
        Self { ndcg: sum.ndcg / count, mrr: sum.mrr / count, recall: sum.recall / count }
    }
}

/// Weight of the zero-based rank `index`: 1, 0.63, 0.5, ...
fn discount(index: usize) -> f64 {
    1.0 / (index as f64 + 2.0).log2()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(ranking: &[&str], grades: &[(&str, u32)], ndcg: f64, mrr: f64, recall: f64) {
        let grades = grades.iter().map(|&(id, grade)| (id.to_owned(), grade)).collect();
        let scores = Scores::of_ranking(ranking.iter().copied(), &grades);
        let near = |a: f64, b: f64| (a - b).abs() < 5e-5;
        assert!(
            near(scores.ndcg, ndcg) && near(scores.mrr, mrr) && near(scores.recall, recall),
            "{ranking:?}: {scores:?}"
        );
    }

    #[test]
    fn small_cases_computed_by_hand() {
        check(&["a"], &[("a", 1)], 1.0, 1.0, 1.0);
        check(&[], &[("a", 1)], 0.0, 0.0, 0.0);
        // 1 / log2(3) = 0.6309
        check(&["x", "a"], &[("a", 1)], 0.6309, 0.5, 1.0);
        // (1 / log2(4)) / (1 + 1 / log2(3)) = 0.5 / 1.6309
        check(&["x", "y", "b"], &[("a", 1), ("b", 1)], 0.3066, 0.3333, 0.5);
        // Grades 3 and 1 the wrong way round: (1 + 3 * 0.6309) / (3 + 0.6309)
        check(&["b", "a"], &[("a", 3), ("b", 1)], 0.7967, 1.0, 1.0);
    }

    #[test]
    fn only_ten_count_for_gain_and_a_hundred_for_recall() {
        let ids: Vec<String> = (0..101).map(|n| n.to_string()).collect();
        let ranking: Vec<&str> = ids.iter().map(String::as_str).collect();
        check(&ranking, &[("10", 1)], 0.0, 0.0, 1.0);
        check(&ranking, &[("100", 1)], 0.0, 0.0, 0.0);
        // 1 / log2(11) = 0.2891
        check(&ranking, &[("9", 1), ("99", 1)], 0.2891 / 1.6309, 0.1, 1.0);
    }

    #[test]
    fn the_mean_of_none_is_zero() {
        assert_eq!(Scores::mean([]), Scores::default());
    }
}
