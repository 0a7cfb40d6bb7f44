//! Every number that ranking is made of, in one place. `benches/README.md` shows the sweeps that chose them.

/// The numbers of the ranking formula. The defaults were chosen by measurement on open retrieval sets; change them only
/// with judged queries of your own at hand.
///
/// # Example: document length counts less where all documents are about equally complete
///
/// ```
/// use dau::{Ranking, Search};
///
/// let search = Search::new("giá vàng").ranking(Ranking::new().length(0.4));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ranking {
    pub(crate) k1: f32,
    pub(crate) b: f32,
    pub(crate) marked_share: f32,
    pub(crate) document_bare: f32,
    pub(crate) query_bare: f32,
    pub(crate) compatible: f32,
    pub(crate) conflicting: f32,
    pub(crate) bare_in_text: f32,
    pub(crate) piece: f32,
    pub(crate) nearness: f32,
    pub(crate) candidates: usize,
    pub(crate) bare_marked_share: f32,
    pub(crate) chance: f32,
    pub(crate) typo: f32,
    pub(crate) correction: f32,
    pub(crate) synonym: f32,
}

impl Default for Ranking {
    fn default() -> Ranking {
        Ranking {
            k1: 0.8,
            b: 0.8,
            marked_share: 0.7,
            document_bare: 0.8,
            query_bare: 1.0,
            compatible: 0.5,
            conflicting: 0.25,
            bare_in_text: 0.25,
            piece: 0.5,
            nearness: 0.4,
            candidates: 50,
            bare_marked_share: 0.5,
            chance: 0.3,
            typo: 0.005,
            correction: 0.9,
            synonym: 0.3,
        }
    }
}

impl Ranking {
    /// Returns the default numbers.
    pub fn new() -> Ranking {
        Ranking::default()
    }

    /// Sets the saturation of a word's frequency (BM25's k1), 0 to 10.
    pub fn saturation(mut self, k1: f32) -> Ranking {
        self.k1 = within(k1, 10.0);
        self
    }

    /// Sets how far a document's length counts (BM25's b), 0 to 1.
    pub fn length(mut self, b: f32) -> Ranking {
        self.b = within(b, 1.0);
        self
    }

    /// Sets the share of the evidence of the marked form, 0 to 1; the rest is the folded form's.
    pub fn marked_share(mut self, share: f32) -> Ranking {
        self.marked_share = within(share, 1.0);
        self
    }

    /// Sets what a spelling without marks counts in the folded evidence where the query has marks, 0 to 1.
    pub fn document_bare(mut self, weight: f32) -> Ranking {
        self.document_bare = within(weight, 1.0);
        self
    }

    /// Sets what a spelling with marks counts in the folded evidence where the query has none, 0 to 1.
    pub fn query_bare(mut self, weight: f32) -> Ranking {
        self.query_bare = within(weight, 1.0);
        self
    }

    /// Sets what a spelling counts in the folded evidence when its marks are among the query's or the reverse, 0 to 1.
    pub fn compatible(mut self, weight: f32) -> Ranking {
        self.compatible = within(weight, 1.0);
        self
    }

    /// Sets what a spelling counts in the folded evidence when its marks contradict the query's, 0 to 1.
    pub fn conflicting(mut self, weight: f32) -> Ranking {
        self.conflicting = within(weight, 1.0);
        self
    }

    /// Sets the share of running syllables that are written without any mark, 0 to 0.99. It tells how many of a query's
    /// bare words are bare because their marks were left out.
    pub fn bare_in_text(mut self, share: f32) -> Ranking {
        self.bare_in_text = within(share, 0.99);
        self
    }

    /// Sets what a piece of a compound (`2020` of `15/2020/NĐ-CP`) counts beside the compound, 0 to 1.
    pub fn piece(mut self, weight: f32) -> Ranking {
        self.piece = within(weight, 1.0);
        self
    }

    /// Sets what a pair of neighbouring words counts that also stand side by side in the document, beside a single word
    /// as rare; 0 to 10, and 0 leaves the second stage out.
    pub fn nearness(mut self, weight: f32) -> Ranking {
        self.nearness = within(weight, 10.0);
        self
    }

    /// Sets how many documents of the first stage the second one looks at, at most: fewer, down to 20, where the query is long.
    pub fn candidates(mut self, candidates: usize) -> Ranking {
        self.candidates = candidates;
        self
    }

    /// Sets the share of the evidence of the marked form for a word whose marks were left out and are guessed, 0 to 1.
    pub fn bare_marked_share(mut self, share: f32) -> Ranking {
        self.bare_marked_share = within(share, 1.0);
        self
    }

    /// Sets how far two words are taken to stand side by side by chance, beside how often they do in the index, when
    /// neighbours tell which spelling was meant; 0 to 1e9, with which neighbours tell nothing.
    pub fn chance(mut self, weight: f32) -> Ranking {
        self.chance = within(weight, 1e9);
        self
    }

    /// Sets the share of words with a slip of the fingers among those that the index does not know well, 0 to 0.5; 0 leaves
    /// slips as they are.
    pub fn typo(mut self, share: f32) -> Ranking {
        self.typo = within(share, 0.5);
        self
    }

    /// Sets what a word counts that was probably meant, beside the word that was typed, 0 to 1.
    pub fn correction(mut self, weight: f32) -> Ranking {
        self.correction = within(weight, 1.0);
        self
    }

    /// Sets what the words of a synonym count together, beside the words that were typed, 0 to 1. Where there are several, each
    /// counts less: this divided by the square root of their number.
    pub fn synonym(mut self, weight: f32) -> Ranking {
        self.synonym = within(weight, 1.0);
        self
    }

    /// BM25's saturation; grows from 0 towards `k1 + 1`.
    #[inline]
    pub(crate) fn saturate(&self, x: f32) -> f32 {
        // No frequency gives nothing, also with k1 = 0.
        if x > 0.0 { x * (self.k1 + 1.0) / (x + self.k1) } else { 0.0 }
    }
}

/// A weight outside its range would break the bounds that pruning relies on; not-a-number counts as 0.
fn within(number: f32, most: f32) -> f32 {
    if number >= 0.0 { number.min(most) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_within_their_ranges() {
        let ranking = Ranking::new().saturation(f32::NAN).length(7.0).marked_share(-1.0).bare_in_text(1.0);
        assert_eq!((ranking.k1, ranking.b, ranking.marked_share, ranking.bare_in_text), (0.0, 1.0, 0.0, 0.99));
    }

    #[test]
    fn saturation_grows_towards_its_bound() {
        let ranking = Ranking::new();
        assert_eq!(ranking.saturate(0.0), 0.0);
        assert!((ranking.saturate(1.0) - 1.0).abs() < 1e-6);
        assert!(ranking.saturate(5.0) < ranking.saturate(6.0) && ranking.saturate(1e6) < ranking.k1 + 1.0);
        assert_eq!(ranking.saturation(0.0).saturate(0.0), 0.0);
    }
}
