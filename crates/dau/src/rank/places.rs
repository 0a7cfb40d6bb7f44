//! Where the words of pairs stand in a document, read from posting lists, and what that adds to its score.

use std::ops::Range;

use smallvec::{SmallVec, smallvec};
use tantivy::postings::SegmentPostings;
use tantivy::{DocId, DocSet};

use super::cursor::Ask;
use super::entries::Entries;
use super::nearness::Pair;
use super::second::Opened;
use super::top::{Held, Stands};
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

/// A posting list that holds the document in hand.
struct Standing<'a> {
    number: u32,
    field: usize,
    /// How much it is worth to stand beside it.
    marked: f32,
    folded: f32,
    /// The document's length factor over the fields of the list's word.
    factor: f32,
    place: Place<'a>,
}

/// Where a posting list's positions in the document in hand are.
enum Place<'a> {
    /// In the index only.
    Unread,
    /// Among those that the reader has read.
    Here(Range<usize>),
    Known(Positions<'a>),
}

/// Positions in a document, ascending.
#[derive(Clone, Copy)]
enum Positions<'a> {
    Short(&'a [u16]),
    Long(&'a [u32]),
}

/// Reads where the words of pairs stand, one document at a time.
pub(super) struct PlaceReader<'a> {
    view: SegmentView<'a>,
    opened: &'a Opened,
    pairs: &'a Pairs,
    /// The postings of words by document, where they are in memory, and the number of the word's first list.
    known: SmallVec<[Option<(u32, &'a Entries)>; 8]>,
    /// One a list, as soon as positions are read from any.
    cursors: Vec<Option<Box<SegmentPostings>>>,
    doc: DocId,
    /// The lists that hold the document, word by word, and which of them are each word's.
    lists: Vec<Standing<'a>>,
    of_words: SmallVec<[Range<usize>; 8]>,
    /// Positions in the document that were read here, list after list.
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
        let mut first = 0;
        let known = words.iter().map(|word| {
            let postings = &word.segments[view.ordinal];
            let of_word = first;
            first += postings.lists().len() as u32;
            Some((of_word, postings.known_entries()?))
        });
        PlaceReader {
            view,
            opened,
            pairs,
            known: known.collect(),
            cursors: Vec::new(),
            doc: 0,
            lists: Vec::new(),
            of_words: smallvec![0..0; words.len()],
            positions: Vec::new(),
            added: Vec::new(),
            order: Vec::new(),
        }
    }

    /// Whether the positions of a document that is in the lists `held` are in memory.
    pub(super) fn knows(&self, held: &[Held]) -> bool {
        held.iter()
            .all(|held| held.stands != Stands::Unread || !self.opened.lists[held.list as usize].counts_side_by_side)
    }

    /// What the pairs add to the score of a document, which is in the lists `held`.
    pub(super) fn added(&mut self, ranking: &Ranking, doc: DocId, held: &[Held]) -> Result<f32> {
        self.begin(doc, held.iter().map(|held| (held.list, held.stands)));
        let mut sum = 0.0;
        for pair in &self.pairs.pairs {
            sum += self.pair(ranking, pair)?;
        }
        Ok(sum)
    }

    /// The same, if the score is then `needed` at least. No pair adds more than its bound.
    pub(super) fn added_to_reach(
        &mut self,
        ranking: &Ranking,
        (scored, held): (&Scored, &[Held]),
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
        self.begin(scored.doc, held.iter().map(|held| (held.list, held.stands)));
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
        self.positions.clear();
        self.of_words.fill(0..0);
        for (number, stands) in holding {
            let list = &self.opened.lists[number as usize];
            if !list.counts_side_by_side {
                continue;
            }
            let of_word = &mut self.of_words[list.word];
            // The lists of a word follow each other.
            if Range::is_empty(of_word) {
                *of_word = self.lists.len()..self.lists.len();
            }
            debug_assert_eq!(of_word.end, self.lists.len());
            of_word.end += 1;
            let place = place(stands, self.known[list.word], &self.opened.positions);
            let (&List { marked, folded, .. }, field) = (list, list.field());
            let factor = list.norms.factors()[doc as usize];
            self.lists.push(Standing { number, field, marked, folded, factor, place });
        }
    }

    /// What a pair adds to the score of the document.
    fn pair(&mut self, ranking: &Ranking, pair: &Pair) -> Result<f32> {
        let (mut marked, mut folded, mut factor) = (0.0, 0.0, 0.0);
        for left in self.of_words[pair.left].clone() {
            for right in self.of_words[pair.right].clone() {
                if self.lists[left].field != self.lists[right].field {
                    continue;
                }
                for (word, list) in [(pair.left, left), (pair.right, right)] {
                    if matches!(self.lists[list].place, Place::Unread) {
                        self.read(word, list)?;
                    }
                }
                let (a, b) = (&self.lists[left], &self.lists[right]);
                let count = side_by_side(self.positions_of(a), self.positions_of(b)) as f32;
                marked += count * a.marked.min(b.marked);
                folded += count * a.folded.min(b.folded);
                factor = a.factor;
            }
        }
        let (marked, folded) = (ranking.saturate(marked * factor), ranking.saturate(folded * factor));
        Ok(pair.marked_factor * marked + pair.folded_factor * folded)
    }

    /// Where a list stands, which has been read.
    fn positions_of<'s>(&'s self, list: &Standing<'s>) -> Positions<'s> {
        match &list.place {
            Place::Known(positions) => *positions,
            Place::Here(range) => Positions::Long(&self.positions[range.clone()]),
            Place::Unread => Positions::Long(&[]),
        }
    }

    /// Reads where one of a word's lists stands.
    fn read(&mut self, word: usize, at: usize) -> Result<()> {
        let PlaceReader { view, opened, known, cursors, doc, lists, positions, .. } = self;
        let Standing { number, place, .. } = &mut lists[at];
        if let Some((first, entries)) = known[word]
            && let Some(found) = entries.of_document(*doc).find(|holding| holding.list == *number - first)
            && let known @ Place::Known(_) = self::place(entries.stands(found), known[word], &opened.positions)
        {
            *place = known;
            return Ok(());
        }
        let start = positions.len();
        let list = &opened.lists[*number as usize];
        cursors.resize_with(opened.lists.len(), || None);
        read_positions(list, view, &mut cursors[*number as usize], *doc, positions)?;
        *place = Place::Here(start..positions.len());
        Ok(())
    }
}

/// Where positions are that stand so, of a word with these entries, or among those that were read of the segment.
fn place<'a>(stands: Stands, known: Option<(u32, &'a Entries)>, read: &'a [u32]) -> Place<'a> {
    match (stands, known) {
        (Stands::Known { start, end }, Some((_, entries))) => {
            Place::Known(Positions::Short(entries.positions(start, end)))
        }
        (Stands::Read { start, end }, _) => Place::Known(Positions::Long(&read[start as usize..end as usize])),
        _ => Place::Unread,
    }
}

/// Reads where a list's term stands in a document, from the list's start where that is behind the cursor.
fn read_positions(
    list: &List,
    view: &SegmentView<'_>,
    cursor: &mut Option<Box<SegmentPostings>>,
    doc: DocId,
    positions: &mut Vec<u32>,
) -> Result<()> {
    let cursor = match cursor.take().filter(|cursor| cursor.doc() <= doc) {
        Some(known) => cursor.insert(known),
        None => cursor.insert(Box::new(list.positions(view)?)),
    };
    if Ask::seek(&mut **cursor, doc) == doc {
        Ask::append_positions(&mut **cursor, positions);
    }
    Ok(())
}

/// How often the right term follows the left one.
fn side_by_side(left: Positions<'_>, right: Positions<'_>) -> u32 {
    match (left, right) {
        (Positions::Short(left), Positions::Short(right)) => count(left, right),
        (Positions::Short(left), Positions::Long(right)) => count(left, right),
        (Positions::Long(left), Positions::Short(right)) => count(left, right),
        (Positions::Long(left), Positions::Long(right)) => count(left, right),
    }
}

/// Which of the two lists goes on cannot be foreseen: no branch depends on it.
fn count<L: Copy + Into<u32>, R: Copy + Into<u32>>(left: &[L], right: &[R]) -> u32 {
    let (mut count, mut at, mut of_right) = (0, 0, 0);
    while let (Some(&left), Some(&right)) = (left.get(at), right.get(of_right)) {
        let (wanted, found) = (left.into() + 1, right.into());
        count += u32::from(wanted == found);
        at += usize::from(wanted <= found);
        of_right += usize::from(wanted >= found);
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_counted_in_order() {
        let check = |left: &[u16], right: &[u16], expected| {
            let long = |places: &[u16]| places.iter().map(|&place| u32::from(place)).collect::<Vec<_>>();
            let (long_left, long_right) = (long(left), long(right));
            for left in [Positions::Short(left), Positions::Long(&long_left)] {
                for right in [Positions::Short(right), Positions::Long(&long_right)] {
                    assert_eq!(side_by_side(left, right), expected);
                }
            }
        };
        check(&[1, 5, 9], &[2, 4, 10], 2);
        check(&[2], &[1], 0);
        // The same word twice in the query: xa xa.
        check(&[3, 4, 5], &[3, 4, 5], 2);
        check(&[], &[1], 0);
        check(&[u16::MAX], &[0, u16::MAX], 0);
    }
}
