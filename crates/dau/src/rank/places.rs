//! Where the words of pairs stand in a document, read from posting lists, and what that adds to its score.

use std::ops::Range;

use tantivy::postings::SegmentPostings;
use tantivy::{DocId, DocSet};

use super::cursor::Ask;
use super::entries::Entries;
use super::nearness::Pair;
use super::second::Opened;
use super::top::Stands;
use super::{List, Pairs, Ranking, Scored, Word};
use crate::error::Result;
use crate::search::SegmentView;

/// Says what each pair adds to the score of one document, which is in the `holding` ones of the lists.
pub(crate) fn near_pairs(
    view: &SegmentView<'_>,
    words: &[Word],
    opened: &Opened,
    pairs: &Pairs,
    doc: DocId,
    holding: &[u32],
) -> Result<Vec<NearPair>> {
    let mut reader = PlaceReader::new(*view, words, opened, pairs);
    reader.begin(doc, holding.iter().map(|&list| (list, Stands::default())));
    let mut near = Vec::new();
    for pair in &pairs.pairs {
        let score = reader.pair(view.ranking, pair)?;
        if score > 0.0 {
            near.push(NearPair { left: pair.left, right: pair.right, score });
        }
    }
    Ok(near)
}

/// What one pair adds to a document's score.
pub(crate) struct NearPair {
    /// Numbers of the words.
    pub(crate) left: usize,
    pub(crate) right: usize,
    pub(crate) score: f32,
}

/// One occurrence of a word. The key is the field and the position, so that neighbours differ by one.
#[derive(Clone, Copy)]
struct Place {
    key: u64,
    marked: f32,
    folded: f32,
}

/// Where a word stands in one document.
#[derive(Clone, Default)]
struct Places {
    /// Which of the lists that hold the document are its own.
    lists: Range<usize>,
    /// The fields of these, one bit each, modulo 64.
    standing: u64,
    /// Those of them in which a neighbour of the query stands too: only there can they stand side by side.
    fields: u64,
    read: bool,
    /// Which of the places are its own, once they are read.
    places: Range<usize>,
    /// The document's length factor over the fields that the word is looked for in.
    norm: f32,
}

/// Reads where the words of pairs stand, one document at a time.
pub(super) struct PlaceReader<'a> {
    view: SegmentView<'a>,
    words: &'a [Word],
    opened: &'a Opened,
    pairs: &'a Pairs,
    /// The postings of words by document, where they are in memory, and the number of the word's first list.
    known: Vec<Option<(usize, &'a Entries)>>,
    cursors: Vec<Option<Box<SegmentPostings>>>,
    doc: DocId,
    /// The lists that hold the document, word by word, and the positions that were read.
    lists: Vec<(u32, Stands)>,
    of_words: Vec<Places>,
    /// Of all words that were read, those of each in order.
    places: Vec<Place>,
    positions: Vec<u32>,
    /// What each pair adds to the document in hand, and the numbers of the pairs in the order in which they are read.
    added: Vec<f32>,
    order: Vec<usize>,
}

impl<'a> PlaceReader<'a> {
    pub(super) fn new(
        view: SegmentView<'a>,
        words: &'a [Word],
        opened: &'a Opened,
        pairs: &'a Pairs,
    ) -> PlaceReader<'a> {
        let cursors = opened.lists.iter().map(|_| None).collect();
        let of_words = vec![Places::default(); words.len()];
        let mut first = 0;
        let known = words.iter().map(|word| {
            let postings = &word.segments[view.ordinal];
            let of_word = first;
            first += postings.lists().len();
            Some((of_word, postings.known_entries()?))
        });
        let known = known.collect();
        PlaceReader {
            view,
            words,
            opened,
            pairs,
            known,
            cursors,
            doc: 0,
            lists: Vec::new(),
            of_words,
            places: Vec::new(),
            positions: Vec::new(),
            added: Vec::new(),
            order: Vec::new(),
        }
    }

    /// What the pairs add to a document, if its score is then `needed` at least.
    pub(super) fn added(
        &mut self,
        ranking: &Ranking,
        scored: &Scored,
        bounds: &[f32],
        needed: f32,
    ) -> Result<Option<f32>> {
        let mut most = scored.score + bounds.iter().sum::<f32>();
        self.added.clear();
        self.added.extend_from_slice(bounds);
        // What is likeliest to be less than it might be comes first.
        self.order.clear();
        self.order.extend((0..bounds.len()).filter(|&pair| bounds[pair] > 0.0));
        self.order.sort_unstable_by(|&a, &b| bounds[b].total_cmp(&bounds[a]));
        self.begin(scored.doc, scored.held.iter().map(|held| (held.list, held.stands)));
        for at in 0..self.order.len() {
            if most < needed {
                return Ok(None);
            }
            let number = self.order[at];
            let score = self.pair(ranking, &self.pairs.pairs[number])?;
            most -= self.added[number] - score;
            self.added[number] = score;
        }
        Ok(Some(self.added.iter().sum()))
    }

    /// Turns to a document that is in the `holding` ones of the lists.
    fn begin(&mut self, doc: DocId, holding: impl Iterator<Item = (u32, Stands)>) {
        self.doc = doc;
        self.lists.clear();
        self.places.clear();
        self.of_words.fill(Places::default());
        for (number, stands) in holding {
            let list = &self.opened.lists[number as usize];
            if !list.counts_side_by_side {
                continue;
            }
            let of_word = &mut self.of_words[list.word];
            // The lists of a word follow each other.
            if of_word.lists.is_empty() {
                of_word.lists = self.lists.len()..self.lists.len();
            }
            debug_assert_eq!(of_word.lists.end, self.lists.len());
            self.lists.push((number, stands));
            of_word.lists.end += 1;
            of_word.standing |= bit(list.field());
        }
        for pair in &self.pairs.pairs {
            let both = self.of_words[pair.left].standing & self.of_words[pair.right].standing;
            self.of_words[pair.left].fields |= both;
            self.of_words[pair.right].fields |= both;
        }
    }

    /// What a pair adds to the score of the document.
    fn pair(&mut self, ranking: &Ranking, pair: &Pair) -> Result<f32> {
        if self.of_words[pair.left].standing & self.of_words[pair.right].standing == 0 {
            return Ok(0.0);
        }
        self.read(pair.left)?;
        self.read(pair.right)?;
        let [left, right] = [pair.left, pair.right].map(|word| &self.of_words[word]);
        let (marked, folded) = side_by_side(&self.places[left.places.clone()], &self.places[right.places.clone()]);
        Ok(pair.marked_factor * ranking.saturate(marked * left.norm)
            + pair.folded_factor * ranking.saturate(folded * left.norm))
    }

    /// Reads where a word stands, unless it is known.
    fn read(&mut self, word: usize) -> Result<()> {
        let PlaceReader { view, words, opened, known, cursors, doc, lists, of_words, places, positions, .. } = self;
        let of_word = &mut of_words[word];
        if std::mem::replace(&mut of_word.read, true) {
            return Ok(());
        }
        let mut in_memory =
            known[word].and_then(|(first, entries)| Some((first, entries.positions_of(*doc)?.peekable())));
        let start = places.len();
        for &(number, stands) in &lists[of_word.lists.clone()] {
            let list = &opened.lists[number as usize];
            if of_word.fields & bit(list.field()) == 0 {
                continue;
            }
            let spelling = &words[word].spellings[list.spelling()];
            let weight = view.field_weight(list.field());
            let (marked, folded) = (spelling.marked_weight * weight, spelling.folded_weight * weight);
            let field = (list.field() as u64) << 32;
            let place = |position: u32| Place { key: field | u64::from(position), marked, folded };
            of_word.norm = list.norms.factors()[*doc as usize];
            // Both are in order.
            let found = in_memory.as_mut().and_then(|(first, lists)| {
                while lists.next_if(|of| *first + (of.0 as usize) < number as usize).is_some() {}
                lists.next_if(|of| *first + of.0 as usize == number as usize)
            });
            if let Some((_, found)) = found {
                places.extend(found.iter().map(|&position| place(u32::from(position))));
                continue;
            }
            let read = stands.of(&opened.positions);
            let read = if read.is_empty() {
                read_positions(list, view, &mut cursors[number as usize], *doc, positions)?;
                &*positions
            } else {
                read
            };
            places.extend(read.iter().map(|&position| place(position)));
        }
        // The places of one posting list come sorted; several are merged.
        places[start..].sort_by_key(|place| place.key);
        of_word.places = start..places.len();
        Ok(())
    }
}

fn bit(field: usize) -> u64 {
    1 << (field % 64)
}

/// Reads where a list's term stands in a document, from the list's start where that is behind the cursor.
fn read_positions(
    list: &List,
    view: &SegmentView<'_>,
    cursor: &mut Option<Box<SegmentPostings>>,
    doc: DocId,
    positions: &mut Vec<u32>,
) -> Result<()> {
    positions.clear();
    let cursor = match cursor.take().filter(|cursor| cursor.doc() <= doc) {
        Some(known) => cursor.insert(known),
        None => cursor.insert(Box::new(list.positions(view)?)),
    };
    if Ask::seek(&mut **cursor, doc) == doc {
        Ask::append_positions(&mut **cursor, positions);
    }
    Ok(())
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
