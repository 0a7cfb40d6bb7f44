//! The table of bigrams, in proportion to the documents that one commit has.

use std::sync::Arc;

use crate::bigrams::{BigramCounts, WordHash};

/// How often words stand side by side in the index.
#[derive(Clone, Debug)]
pub(crate) struct Bigrams {
    counts: Arc<BigramCounts>,
    /// What turns a count into the documents there are now: the table never forgets those that were deleted.
    scale: f32,
}

impl Bigrams {
    pub(super) fn new(counts: Arc<BigramCounts>, scale: f32) -> Bigrams {
        Bigrams { counts, scale }
    }

    /// How often two words, given in order, stand side by side, about.
    pub(crate) fn count(&self, left: WordHash, right: WordHash) -> f32 {
        self.counts.count(left, right) as f32 * self.scale
    }

    /// Asks the memory for a count that is looked up later, and does not wait for it.
    pub(crate) fn fetch(&self, left: WordHash, right: WordHash) {
        self.counts.fetch(left, right);
    }

    /// A table in which given pairs stand side by side as often as given.
    #[cfg(test)]
    pub(crate) fn of_pairs(pairs: &[(&str, &str, u32)]) -> Bigrams {
        Bigrams { counts: Arc::new(BigramCounts::of_pairs(pairs)), scale: 1.0 }
    }
}
