//! One query word: its spellings in the index, their weights, and the arithmetic of its score.

use std::sync::Arc;

use tantivy::postings::TermInfo;

use super::Ranking;
use crate::plan::Target;
use crate::search::Accents;
use crate::text::{MarkRelation, mark_relation};

/// One spelling of a query word that stands in the index.
#[derive(Clone, Debug)]
pub(crate) struct Spelling {
    pub(crate) marked: String,
    /// Documents that hold it, deleted ones included: the most over the searched fields, as in `CombinedFieldQuery`.
    pub(crate) doc_freq: u64,
    /// Weight in the marked evidence, 0 to 1.
    pub(crate) marked_weight: f32,
    /// Weight in the folded evidence, 0 to 1.
    pub(crate) folded_weight: f32,
}

/// One posting list of a word in one segment.
#[derive(Clone, Debug)]
pub(crate) struct PostingRef {
    pub(crate) info: TermInfo,
    /// Position of the field in the schema.
    pub(crate) field: usize,
    /// Position of the spelling in [`Word::spellings`].
    pub(crate) spelling: usize,
}

/// A query word as it is scored.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    /// The marked form of what was typed.
    pub(crate) typed: String,
    pub(crate) folded: String,
    pub(crate) boost: f32,
    /// Where it is looked for.
    pub(crate) target: Target,
    pub(crate) spellings: Vec<Spelling>,
    /// One list of posting lists a segment.
    pub(crate) segments: Arc<[Vec<PostingRef>]>,
    /// Its place in the query, counted so that neighbours differ by one; none for a compound as a whole.
    pub(crate) position: Option<u32>,
    /// The share of the marked evidence.
    pub(crate) marked_share: f32,
    /// `boost · share · idf` of the marked evidence.
    pub(crate) marked_factor: f32,
    /// `boost · share · idf` of the folded evidence.
    pub(crate) folded_factor: f32,
}

impl Word {
    /// Scores the two kinds of evidence of one document.
    #[inline]
    pub(crate) fn score(&self, ranking: &Ranking, marked: f32, folded: f32) -> f32 {
        self.marked_factor * ranking.saturate(marked) + self.folded_factor * ranking.saturate(folded)
    }

    /// Documents with any spelling, at most: a document with two spellings counts twice.
    pub(crate) fn doc_freq(&self, documents: u64) -> u64 {
        self.spellings.iter().map(|spelling| spelling.doc_freq).sum::<u64>().min(documents)
    }

    /// Documents with the spelling that was meant, on the average over what may have been meant.
    pub(crate) fn marked_frequency(&self) -> u64 {
        let weight: f32 = self.spellings.iter().map(|spelling| spelling.marked_weight).sum();
        let sum: f32 = self.spellings.iter().map(|spelling| spelling.marked_weight * spelling.doc_freq as f32).sum();
        if weight > 0.0 { (sum / weight) as u64 } else { 0 }
    }

    /// Sets the two factors from the spellings' frequencies and weights.
    pub(crate) fn weigh(&mut self, ranking: &Ranking, accents: Accents, left_out: f32, documents: u64) {
        let probability: f32 = self.spellings.iter().map(|spelling| spelling.marked_weight).sum();
        let marked_idf: f32 =
            self.spellings.iter().map(|spelling| spelling.marked_weight * idf(spelling.doc_freq, documents)).sum();
        let folded_idf = idf(self.doc_freq(documents), documents);
        let share = match accents {
            Accents::Smart if self.typed == self.folded => {
                ranking.marked_share + left_out * (ranking.bare_marked_share - ranking.marked_share)
            }
            Accents::Smart => ranking.marked_share,
            Accents::Strict => 1.0,
            Accents::Ignore => 0.0,
        };
        self.marked_share = share;
        self.marked_factor = if probability > 0.0 { self.boost * share * marked_idf / probability } else { 0.0 };
        self.folded_factor = self.boost * (1.0 - share) * folded_idf;
    }
}

/// The weight of a word found in `doc_freq` of `documents` documents (BM25's, as in Lucene: never negative).
pub(crate) fn idf(doc_freq: u64, documents: u64) -> f32 {
    let (found, all) = (doc_freq.min(documents) as f64, documents as f64);
    (1.0 + (all - found + 0.5) / (found + 0.5)).ln() as f32
}

/// Estimates which share of a query's marks was left out, 0 to 1, from how many of its `words` are `bare`.
///
/// Text as it is written has bare syllables too; only those above their usual share speak for a lazy typist.
pub(crate) fn bare_share(ranking: &Ranking, bare: usize, words: usize) -> f32 {
    if words == 0 {
        return 0.0;
    }
    let usual = ranking.bare_in_text;
    ((bare as f32 / words as f32 - usual) / (1.0 - usual)).clamp(0.0, 1.0)
}

/// Sets the spellings' weights for a word typed as `typed`.
///
/// `left_out` is the probability that a mark was left out. A bare word stands for each of its spellings as often as the
/// index has it; a mark that was typed is never overruled.
pub(crate) fn spelling_weights(
    ranking: &Ranking,
    accents: Accents,
    typed: &str,
    folded: &str,
    left_out: f32,
    spellings: &mut [Spelling],
) {
    for spelling in spellings.iter_mut() {
        let relation = mark_relation(typed, &spelling.marked).unwrap_or(MarkRelation::Conflicting);
        spelling.folded_weight = match (accents, relation) {
            (Accents::Ignore | Accents::Strict, _) | (_, MarkRelation::Same) => 1.0,
            (_, MarkRelation::DocumentBare) => ranking.document_bare,
            (_, MarkRelation::QueryBare) => ranking.query_bare,
            (_, MarkRelation::Compatible) => ranking.compatible,
            (_, MarkRelation::Conflicting) => ranking.conflicting,
        };
        spelling.marked_weight = match relation {
            MarkRelation::Same => 1.0,
            MarkRelation::QueryBare if typed == folded && accents == Accents::Smart => left_out,
            _ => 0.0,
        };
    }
    if typed == folded && accents == Accents::Smart {
        share_among_spellings(spellings);
    }
}

/// Turns the weights of a bare word's spellings into how likely each was meant, relative to the likeliest.
fn share_among_spellings(spellings: &mut [Spelling]) {
    for spelling in spellings.iter_mut() {
        spelling.marked_weight *= spelling.doc_freq as f32;
    }
    let likeliest = spellings.iter().map(|spelling| spelling.marked_weight).fold(0.0, f32::max);
    if likeliest > 0.0 {
        spellings.iter_mut().for_each(|spelling| spelling.marked_weight /= likeliest);
    }
}
