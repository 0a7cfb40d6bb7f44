//! One query word: its spellings in the index, their weights, and the arithmetic of its score.

use std::ops::Range;
use std::sync::Arc;

use smallvec::SmallVec;
use tantivy::postings::TermInfo;

use super::{Ranking, WordPostings};
use crate::bigrams::WordHash;
use crate::plan::Target;
use crate::search::Accents;
use crate::text::{MarkRelation, mark_relation};

/// One spelling of a query word that stands in the index.
#[derive(Clone, Debug)]
pub(crate) struct Spelling {
    pub(crate) marked: Arc<str>,
    /// Its length and its number, which most queries need to know and nothing else of its text.
    pub(crate) chars: usize,
    pub(crate) hash: WordHash,
    /// Documents that hold it, deleted ones included: the most over the searched fields, as in `CombinedFieldQuery`.
    pub(crate) doc_freq: u64,
    /// Weight in the marked evidence, 0 to 1.
    pub(crate) marked_weight: f32,
    /// Weight in the folded evidence, 0 to 1.
    pub(crate) folded_weight: f32,
    /// Whether it folds to other letters than those typed: what was probably meant.
    pub(crate) corrected: bool,
}

impl Spelling {
    pub(crate) fn new(marked: &str) -> Spelling {
        Spelling {
            marked: marked.into(),
            chars: marked.chars().count(),
            hash: WordHash::of(marked),
            doc_freq: 0,
            marked_weight: 0.0,
            folded_weight: 0.0,
            corrected: false,
        }
    }

    /// Whether it matters what stands beside it.
    pub(crate) fn counts_side_by_side(&self) -> bool {
        self.marked_weight.max(self.folded_weight) >= LEAST_WEIGHT_SIDE_BY_SIDE
    }
}

/// Spellings of less weight say too little by their neighbours to be worth the reading of their positions.
const LEAST_WEIGHT_SIDE_BY_SIDE: f32 = 0.3;

/// What of a word may be guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Guess {
    Nothing,
    /// The marks that were left out.
    Marks,
    /// The letters too: what was typed may be a slip.
    Letters,
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
    pub(crate) typed: Arc<str>,
    pub(crate) folded: Arc<str>,
    pub(crate) boost: f32,
    pub(crate) accents: Accents,
    /// Where it is looked for.
    pub(crate) target: Target,
    pub(crate) spellings: Arc<[Spelling]>,
    /// One a segment.
    pub(crate) segments: Arc<[WordPostings]>,
    /// Its place in the query, counted so that neighbours differ by one; none for a compound as a whole.
    pub(crate) position: Option<u32>,
    pub(crate) guess: Guess,
    /// The bytes of the query that the word alone takes up, if it has such.
    pub(crate) span: Option<Range<usize>>,
    /// The synonym that it is a word of, if it was not typed.
    pub(crate) synonym: Option<Arc<str>>,
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

    /// Whether it was typed with marks.
    pub(crate) fn has_marks(&self) -> bool {
        self.typed != self.folded
    }

    /// Documents with a spelling that folds to what was typed; one with two such spellings counts twice.
    pub(crate) fn typed_doc_freq(&self) -> u64 {
        self.spellings.iter().filter(|spelling| !spelling.corrected).map(|spelling| spelling.doc_freq).sum()
    }

    /// What all of the word's evidence counts at most, but for how often it stands in a document.
    pub(crate) fn worth(&self) -> f32 {
        self.marked_factor + self.folded_factor
    }

    /// Makes the word count less or more, by a factor.
    pub(crate) fn scale(&mut self, factor: f32) {
        self.boost *= factor;
        self.marked_factor *= factor;
        self.folded_factor *= factor;
    }

    /// Sets the two factors from how rare the word is. `left_out` is the share of the query's marks that were left out.
    pub(crate) fn weigh(&mut self, ranking: &Ranking, left_out: f32, rarity: Rarity) {
        let share = match self.accents {
            Accents::Smart if !self.has_marks() => {
                ranking.marked_share + left_out * (ranking.bare_marked_share - ranking.marked_share)
            }
            Accents::Smart => ranking.marked_share,
            Accents::Strict => 1.0,
            Accents::Ignore => 0.0,
        };
        self.marked_share = share;
        self.marked_factor = self.boost * share * rarity.marked;
        self.folded_factor = self.boost * (1.0 - share) * rarity.folded;
    }
}

/// How rare a word is in an index: the inverse document frequency of each kind of evidence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rarity {
    /// Of what was meant, on the average; 0 if nothing was.
    marked: f32,
    folded: f32,
}

impl Rarity {
    /// How rare a word of these spellings is, with the weights that they have, among so many documents.
    pub(crate) fn of(spellings: &[Spelling], documents: u64) -> Rarity {
        let probability: f32 = spellings.iter().map(|spelling| spelling.marked_weight).sum();
        let meant = spellings.iter().filter(|spelling| spelling.marked_weight > 0.0);
        let marked: f32 = meant.map(|spelling| spelling.marked_weight * idf(spelling.doc_freq, documents)).sum();
        Rarity {
            marked: if probability > 0.0 { marked / probability } else { 0.0 },
            folded: idf(doc_freq(spellings, documents), documents),
        }
    }
}

/// Documents with any spelling, at most: a document with two spellings counts twice. Corrections count as far as they are likely.
fn doc_freq(spellings: &[Spelling], documents: u64) -> u64 {
    let of = |spelling: &Spelling| match spelling.corrected {
        true => (spelling.folded_weight * spelling.doc_freq as f32) as u64,
        false => spelling.doc_freq,
    };
    spellings.iter().map(of).sum::<u64>().min(documents)
}

/// The words of a query by their place.
pub(crate) struct Places<'a> {
    words: &'a [Word],
    /// The numbers of those that have a position, by position.
    in_order: SmallVec<[usize; 16]>,
}

impl<'a> Places<'a> {
    pub(crate) fn of(words: &'a [Word]) -> Places<'a> {
        let mut in_order: SmallVec<[usize; 16]> =
            (0..words.len()).filter(|&number| words[number].position.is_some()).collect();
        in_order.sort_by_key(|&number| words[number].position);
        Places { words, in_order }
    }

    /// The number of the first word at a position that is looked for there: neighbours are looked for in the same fields.
    pub(crate) fn at(&self, position: u32, target: &Target) -> Option<usize> {
        let position = Some(position);
        let first = self.in_order.partition_point(|&number| self.words[number].position < position);
        let there = self.in_order[first..].iter().take_while(|&&number| self.words[number].position == position);
        there.copied().find(|&number| self.words[number].target == *target)
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

/// How a word was typed: all that its spellings' weights depend on beside the spellings.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Typed {
    marked: Arc<str>,
    is_bare: bool,
    accents: Accents,
    /// The probability that a mark was left out.
    left_out: f32,
    /// The folded weight of each relation to the document's marks but the same ones: bare there, bare here, compatible, conflicting.
    relations: [f32; 4],
}

impl Typed {
    pub(crate) fn new(ranking: &Ranking, accents: Accents, marked: &Arc<str>, folded: &str, left_out: f32) -> Typed {
        let relations = [ranking.document_bare, ranking.query_bare, ranking.compatible, ranking.conflicting];
        let is_bare = **marked == *folded;
        // Where a mark was typed it does not matter, and what is remembered of one query serves the others.
        let left_out = if is_bare { left_out } else { 0.0 };
        Typed { marked: Arc::clone(marked), is_bare, accents, left_out, relations }
    }

    /// Sets the weights of all spellings of the word.
    ///
    /// That a mark was left out is certain where the index has the word, but not without marks. A bare word stands for each of its
    /// spellings as often as the index has it; a mark that was typed is never overruled.
    pub(crate) fn weigh(&self, spellings: &mut [Spelling]) {
        let is_known = spellings.iter().any(|spelling| *spelling.marked == *self.marked);
        let left_out = if is_known { self.left_out } else { 1.0 };
        for spelling in spellings.iter_mut() {
            (spelling.marked_weight, spelling.folded_weight) = self.weights_of(&spelling.marked, left_out);
        }
        if self.is_bare && self.accents == Accents::Smart {
            share_among_spellings(spellings);
        }
    }

    /// The weight of one spelling in the marked and in the folded evidence.
    pub(crate) fn weights_of(&self, spelling: &str, left_out: f32) -> (f32, f32) {
        let relation = mark_relation(&self.marked, spelling).unwrap_or(MarkRelation::Conflicting);
        let marked = match relation {
            MarkRelation::Same => 1.0,
            MarkRelation::QueryBare if self.is_bare && self.accents == Accents::Smart => left_out,
            _ => 0.0,
        };
        let [document_bare, query_bare, compatible, conflicting] = self.relations;
        let folded = match (self.accents, relation) {
            (Accents::Ignore | Accents::Strict, _) | (Accents::Smart, MarkRelation::Same) => 1.0,
            (Accents::Smart, MarkRelation::DocumentBare) => document_bare,
            (Accents::Smart, MarkRelation::QueryBare) => query_bare,
            (Accents::Smart, MarkRelation::Compatible) => compatible,
            (Accents::Smart, MarkRelation::Conflicting) => conflicting,
        };
        (marked, folded)
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

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A word of spellings with their document frequencies and weights in the marked evidence.
    pub(in crate::rank) fn word_of(spellings: &[(&str, u64, f32)]) -> Word {
        let spelling = |&(marked, doc_freq, marked_weight): &(&str, u64, f32)| Spelling {
            doc_freq,
            marked_weight,
            ..Spelling::new(marked)
        };
        Word {
            typed: "to".into(),
            folded: "to".into(),
            boost: 1.0,
            accents: Accents::Smart,
            target: Target { fields: [0].into() },
            spellings: spellings.iter().map(spelling).collect(),
            segments: [].into(),
            position: None,
            guess: Guess::Letters,
            span: None,
            synonym: None,
            marked_share: 0.0,
            marked_factor: 0.0,
            folded_factor: 0.0,
        }
    }

    #[test]
    fn how_many_marks_were_left_out_matters_to_a_word_without_any() {
        let typed =
            |marked: &str, left_out| Typed::new(&Ranking::default(), Accents::Smart, &marked.into(), "to", left_out);
        assert_eq!(typed("tô", 0.2), typed("tô", 0.8));
        assert_ne!(typed("to", 0.2), typed("to", 0.8));
    }

    #[test]
    fn corrections_count_as_far_as_they_are_likely() {
        let mut word = word_of(&[("tô", 60, 1.0), ("tơ", 100, 0.4)]);
        let doc_freq = |word: &Word, documents| doc_freq(&word.spellings, documents);
        assert_eq!((doc_freq(&word, 1000), doc_freq(&word, 100), word.typed_doc_freq()), (160, 100, 160));
        let spelling = &mut Arc::make_mut(&mut word.spellings)[1];
        (spelling.corrected, spelling.folded_weight) = (true, 0.4);
        assert_eq!((doc_freq(&word, 1000), word.typed_doc_freq()), (100, 60));
    }
}
