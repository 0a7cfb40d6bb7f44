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

use rustc_hash::FxHashMap;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::{DocId, DocSet};

use super::word::idf;
use super::{List, Ranking, Scored, Word};
use crate::bigrams::WordHash;
use crate::error::Result;
use crate::search::{Bigrams, SegmentView};

/// Two words that stand side by side in the query.
#[derive(Debug)]
struct Pair {
    left: usize,
    right: usize,
    marked_factor: f32,
    folded_factor: f32,
}

/// The pairs of a query.
#[derive(Debug)]
pub(crate) struct Pairs {
    pairs: Vec<Pair>,
    /// Whether a word is in any pair.
    used: Vec<bool>,
}

impl Pairs {
    pub(crate) fn of(ranking: &Ranking, words: &[Word], documents: u64, bigrams: &Bigrams) -> Pairs {
        let mut pairs = Vec::new();
        let mut used = vec![false; words.len()];
        if ranking.nearness > 0.0 {
            let mut places = FxHashMap::default();
            for (number, word) in words.iter().enumerate() {
                if let Some(position) = word.position {
                    places.entry((position, &word.target)).or_insert(number);
                }
            }
            for (left, word) in words.iter().enumerate() {
                let Some(position) = word.position else { continue };
                let Some(&right) = places.get(&(position + 1, &word.target)) else {
                    continue;
                };
                pairs.push(Pair::new(ranking, words, left, right, documents, bigrams));
                used[left] = true;
                used[right] = true;
            }
        }
        Pairs { pairs, used }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// What each pair adds to the score of a document in which the words stand at these places.
    fn parts<'a>(&'a self, ranking: &'a Ranking, places: &'a Places) -> impl Iterator<Item = NearPair> + 'a {
        self.pairs.iter().map(move |pair| {
            let (marked, folded) = side_by_side(&places.words[pair.left], &places.words[pair.right]);
            let norm = places.norms[pair.left];
            let score = pair.marked_factor * ranking.saturate(marked * norm)
                + pair.folded_factor * ranking.saturate(folded * norm);
            NearPair { left: pair.left, right: pair.right, score }
        })
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

/// One occurrence of a word. The key is the field and the position, so that neighbours differ by one.
#[derive(Clone, Copy)]
struct Place {
    key: u64,
    marked: f32,
    folded: f32,
}

/// Where the words stand in one document.
struct Places {
    words: Vec<Vec<Place>>,
    /// The document's length factor over the fields that each word is looked for in.
    norms: Vec<f32>,
}

/// What one pair adds to a document's score.
pub(crate) struct NearPair {
    /// Numbers of the words.
    pub(crate) left: usize,
    pub(crate) right: usize,
    pub(crate) score: f32,
}

/// Sums the weights of the places where the right word follows the left one; both are sorted by key.
fn side_by_side(left: &[Place], right: &[Place]) -> (f32, f32) {
    let (mut marked, mut folded) = (0.0, 0.0);
    let mut rights = right.iter().peekable();
    for place in left {
        while rights.next_if(|right| right.key <= place.key).is_some() {}
        let mut ahead = rights.clone();
        while let Some(right) = ahead.next_if(|right| right.key == place.key + 1) {
            marked += place.marked.min(right.marked);
            folded += place.folded.min(right.folded);
        }
    }
    (marked, folded)
}

/// Adds what the pairs give to the scores of documents of one segment, given in ascending order.
pub(crate) fn add_nearness(
    view: &SegmentView<'_>,
    words: &[Word],
    lists: &[List],
    pairs: &Pairs,
    documents: &mut [&mut Scored],
) -> Result<()> {
    let mut reader = PlaceReader::new(view, words, lists, pairs);
    for scored in documents.iter_mut() {
        reader.read(scored.doc, &scored.lists)?;
        let added: f32 = pairs.parts(view.ranking, &reader.places).map(|pair| pair.score).sum();
        scored.score += added;
    }
    Ok(())
}

/// Says what each pair adds to the score of one document, which is in the `holding` ones of the lists.
pub(crate) fn near_pairs(
    view: &SegmentView<'_>,
    words: &[Word],
    lists: &[List],
    pairs: &Pairs,
    doc: DocId,
    holding: &[u32],
) -> Result<Vec<NearPair>> {
    let mut reader = PlaceReader::new(view, words, lists, pairs);
    reader.read(doc, holding)?;
    Ok(pairs.parts(view.ranking, &reader.places).filter(|pair| pair.score > 0.0).collect())
}

/// Reads where the words of pairs stand, document by document in ascending order.
struct PlaceReader<'a> {
    view: &'a SegmentView<'a>,
    words: &'a [Word],
    lists: &'a [List],
    pairs: &'a Pairs,
    cursors: Vec<Option<SegmentPostings>>,
    places: Places,
    positions: Vec<u32>,
}

impl<'a> PlaceReader<'a> {
    fn new(view: &'a SegmentView<'a>, words: &'a [Word], lists: &'a [List], pairs: &'a Pairs) -> PlaceReader<'a> {
        let cursors = lists.iter().map(|_| None).collect();
        let places = Places { words: vec![Vec::new(); words.len()], norms: vec![0.0; words.len()] };
        PlaceReader { view, words, lists, pairs, cursors, places, positions: Vec::new() }
    }

    fn read(&mut self, doc: DocId, holding: &[u32]) -> Result<()> {
        let PlaceReader { view, words, lists, pairs, cursors, places, positions } = self;
        places.words.iter_mut().for_each(Vec::clear);
        for &number in holding {
            let list = &lists[number as usize];
            if !pairs.used[list.word] {
                continue;
            }
            let cursor = match &mut cursors[number as usize] {
                Some(cursor) => cursor,
                empty => empty.insert(list.positions()?),
            };
            positions.clear();
            read_positions(cursor, doc, positions);
            let spelling = &words[list.word].spellings[list.spelling()];
            let weight = view.field_weight(list.field());
            let field = (list.field() as u64) << 32;
            places.norms[list.word] = list.norms.factors()[doc as usize];
            places.words[list.word].extend(positions.iter().map(|&position| Place {
                key: field | u64::from(position),
                marked: spelling.marked_weight * weight,
                folded: spelling.folded_weight * weight,
            }));
        }
        // The places of one posting list come sorted; several are merged.
        places.words.iter_mut().for_each(|places| places.sort_unstable_by_key(|place| place.key));
        Ok(())
    }
}

fn read_positions(cursor: &mut SegmentPostings, doc: DocId, positions: &mut Vec<u32>) {
    let at = if cursor.doc() < doc { cursor.seek(doc) } else { cursor.doc() };
    if at == doc {
        cursor.append_positions_with_offset(0, positions);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(keys: &[u64]) -> Vec<Place> {
        keys.iter().map(|&key| Place { key, marked: 0.5, folded: 1.0 }).collect()
    }

    #[test]
    fn neighbours_are_counted_in_order() {
        assert_eq!(side_by_side(&places(&[1, 5, 9]), &places(&[2, 4, 10])), (1.0, 2.0));
        assert_eq!(side_by_side(&places(&[2]), &places(&[1])), (0.0, 0.0));
        // The same word twice in the query: xa xa.
        assert_eq!(side_by_side(&places(&[3, 4, 5]), &places(&[3, 4, 5])), (1.0, 2.0));
        assert_eq!(side_by_side(&places(&[]), &places(&[1])), (0.0, 0.0));
    }
}
