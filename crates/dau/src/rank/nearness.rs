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

use smallvec::SmallVec;

use super::word::{Places, Spelling, idf};
use super::{Ranking, Word};
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
    pub(crate) fn of(
        ranking: &Ranking,
        words: &[Word],
        neighbours: &Neighbours,
        documents: u64,
        bigrams: &Bigrams,
    ) -> Pairs {
        let pair = |&(left, right)| {
            let frequency = pair_frequency(words, (left, right), bigrams);
            Pair::new(ranking, words, left, right, idf(frequency, documents))
        };
        Pairs { pairs: neighbours.0.iter().map(pair).collect() }
    }
}

/// The numbers of words that stand side by side in the query, left and right.
pub(crate) struct Neighbours(SmallVec<[(usize, usize); 8]>);

impl Neighbours {
    /// Finds them; none where nearness counts nothing.
    pub(crate) fn of(ranking: &Ranking, words: &[Word]) -> Neighbours {
        if ranking.nearness <= 0.0 {
            return Neighbours(SmallVec::new());
        }
        let places = Places::of(words);
        let right_of = |word: &Word| places.at(word.position? + 1, &word.target);
        Neighbours(words.iter().enumerate().filter_map(|(left, word)| Some((left, right_of(word)?))).collect())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Asks the memory for the counts that [`Pairs::of`] looks up: each lies elsewhere in a large table.
    pub(crate) fn fetch(&self, words: &[Word], bigrams: &Bigrams) {
        let meant = self.0.iter().flat_map(|&pair| meant_by_both(words, pair));
        meant.for_each(|(left, right)| bigrams.fetch(left.hash, right.hash));
    }
}

impl Pair {
    fn new(ranking: &Ranking, words: &[Word], left: usize, right: usize, rarity: f32) -> Pair {
        let (a, b) = (&words[left], &words[right]);
        let boost = ranking.nearness * a.boost.min(b.boost);
        let share = a.marked_share.min(b.marked_share);
        Pair { left, right, marked_factor: boost * share * rarity, folded_factor: boost * (1.0 - share) * rarity }
    }
}

/// How often the spellings that were meant by two words stand side by side, on the average over what may have been meant.
fn pair_frequency(words: &[Word], pair: (usize, usize), bigrams: &Bigrams) -> u64 {
    let (mut sum, mut weight) = (0.0, 0.0);
    for (left, right) in meant_by_both(words, pair) {
        let count = bigrams.count(left.hash, right.hash);
        let share = left.marked_weight * right.marked_weight;
        weight += share;
        sum += share * count.min((left.doc_freq as f32).min(right.doc_freq as f32));
    }
    if weight > 0.0 { (sum / weight) as u64 } else { 0 }
}

/// What may have been meant by two words: each spelling of the one with each of the other.
fn meant_by_both(words: &[Word], (left, right): (usize, usize)) -> impl Iterator<Item = (&Spelling, &Spelling)> {
    /// Spellings with less weight in the marked evidence do not change how rare a pair is.
    const LEAST_WEIGHT: f32 = 0.01;
    let meant = |word: usize| words[word].spellings.iter().filter(|spelling| spelling.marked_weight > LEAST_WEIGHT);
    meant(left).flat_map(move |left| meant(right).map(move |right| (left, right)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rank::word::tests::word_of;

    #[test]
    fn a_pair_is_as_rare_as_the_table_says_of_what_was_meant() {
        let bigrams = Bigrams::of_pairs(&[("tô", "lâm", 40), ("to", "làm", 4), ("tô", "làm", 900)]);
        let (to, lam) = (word_of(&[("tô", 60, 1.0), ("to", 50, 0.0)]), word_of(&[("lâm", 80, 1.0)]));
        let frequency = |left: &Word, right: &Word| pair_frequency(&[left.clone(), right.clone()], (0, 1), &bigrams);
        assert_eq!(frequency(&to, &lam), 40);
        // Half and half; never more than the rarer word has documents.
        let lam = word_of(&[("lâm", 80, 0.5), ("làm", 500, 0.5)]);
        assert_eq!(frequency(&to, &lam), (40 + 60) / 2);
        assert_eq!(frequency(&to, &word_of(&[])), 0);
    }
}
