//! The second stage: words that stand side by side in the query and in the document.
//!
//! Vietnamese words are mostly two syllables, so a pair of neighbouring syllables often is a word. For the best
//! documents of the first stage the positions are read, and each pair of the query that stands side by side there adds
//!
//! ```text
//! nearness · idf(pair) · s(x_pair)
//! ```
//!
//! in its marked and its folded form, as for words: the ordered bigrams of the sequential dependence model (Metzler and
//! Croft 2005), weighed by BM25F. How rare a pair is, the index's table of neighbours says.

use super::word::{idf, words_by_place};
use super::{Ranking, Word};
use crate::bigrams::WordHash;
use crate::search::Bigrams;

/// Two words that stand side by side in the query.
#[derive(Debug)]
pub(super) struct Pair {
    pub(super) left: usize,
    pub(super) right: usize,
    pub(super) marked_factor: f32,
    pub(super) folded_factor: f32,
}

/// The pairs of a query.
#[derive(Debug)]
pub(crate) struct Pairs {
    pub(super) pairs: Vec<Pair>,
}

impl Pairs {
    pub(crate) fn of(ranking: &Ranking, words: &[Word], documents: u64, bigrams: &Bigrams) -> Pairs {
        let mut pairs = Vec::new();
        if ranking.nearness > 0.0 {
            let places = words_by_place(words);
            for (left, word) in words.iter().enumerate() {
                let Some(position) = word.position else { continue };
                let Some(&right) = places.get(&(position + 1, &word.target)) else {
                    continue;
                };
                pairs.push(Pair::new(ranking, words, left, right, documents, bigrams));
            }
        }
        Pairs { pairs }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }
}

impl Pair {
    fn new(ranking: &Ranking, words: &[Word], left: usize, right: usize, documents: u64, bigrams: &Bigrams) -> Pair {
        let (a, b) = (&words[left], &words[right]);
        let boost = ranking.nearness * a.boost.min(b.boost);
        let rarity = idf(pair_frequency(a, b, bigrams), documents);
        let share = a.marked_share.min(b.marked_share);
        Pair { left, right, marked_factor: boost * share * rarity, folded_factor: boost * (1.0 - share) * rarity }
    }
}

/// How often the spellings that were meant stand side by side, on the average over what may have been meant.
fn pair_frequency(a: &Word, b: &Word, bigrams: &Bigrams) -> u64 {
    let (mut sum, mut weight) = (0.0, 0.0);
    let meant = |word: &'_ Word| -> Vec<(WordHash, f32, f32)> {
        let meant = word.spellings.iter().filter(|spelling| spelling.marked_weight > LEAST_WEIGHT);
        meant
            .map(|spelling| (WordHash::of(&spelling.marked), spelling.marked_weight, spelling.doc_freq as f32))
            .collect()
    };
    let rights = meant(b);
    for (left, left_weight, left_frequency) in meant(a) {
        for &(right, right_weight, right_frequency) in &rights {
            let both = left_weight * right_weight;
            weight += both;
            sum += both * bigrams.count(left, right).min(left_frequency.min(right_frequency));
        }
    }
    if weight > 0.0 { (sum / weight) as u64 } else { 0 }
}

/// Spellings with less weight in the marked evidence do not change how rare a pair is.
const LEAST_WEIGHT: f32 = 0.01;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rank::word::tests::word_of;

    #[test]
    fn a_pair_is_as_rare_as_the_table_says_of_what_was_meant() {
        let bigrams = Bigrams::of_pairs(&[("tô", "lâm", 40), ("to", "làm", 4), ("tô", "làm", 900)]);
        let (to, lam) = (word_of(&[("tô", 60, 1.0), ("to", 50, 0.0)]), word_of(&[("lâm", 80, 1.0)]));
        assert_eq!(pair_frequency(&to, &lam, &bigrams), 40);
        // Half and half; never more than the rarer word has documents.
        let lam = word_of(&[("lâm", 80, 0.5), ("làm", 500, 0.5)]);
        assert_eq!(pair_frequency(&to, &lam, &bigrams), (40 + 60) / 2);
        assert_eq!(pair_frequency(&to, &word_of(&[]), &bigrams), 0);
    }
}
