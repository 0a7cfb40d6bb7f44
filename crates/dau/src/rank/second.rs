//! The second stage: adds to the best documents what words side by side give, and sorts them anew.
//!
//! Where the positions of a document's words are in memory, to look at them costs as much as to estimate what they can
//! add. Positions that are not cost more to read than anything else of a document. So the most that pairs can add is
//! estimated first, from how often their words stand in each field: a document that cannot be among the best even so is
//! not read, and a document that turns out not to be is read no further.

use super::nearness::Pair;
use super::places::PlaceReader;
use super::top::{Held, sort_best};
use super::{List, Pairs, Ranking, Scored, Word};
use crate::error::Result;
use crate::search::SegmentView;

/// The second stage over the best documents of the first one.
pub(crate) struct Near<'a> {
    pub(crate) ranking: &'a Ranking,
    pub(crate) words: &'a [Word],
    pub(crate) pairs: &'a Pairs,
    /// What was read of each segment.
    pub(crate) segments: &'a [Opened],
    /// The posting lists that hold the best documents, as their [`HeldBy`](super::HeldBy) say.
    pub(crate) held: &'a [Held],
}

/// The posting lists of a segment, and the positions that were read while the best documents were found.
#[derive(Default)]
pub(crate) struct Opened {
    pub(crate) lists: Vec<List>,
    pub(crate) positions: Vec<u32>,
}

/// Posting lists that hold the documents, counted once for each document: what their positions cost. Long queries have enough other
/// evidence for the documents further down: with no such limit the best are the same.
const MOST_LISTS: usize = 750;

/// Documents that are looked at whatever that costs.
const LEAST_DOCUMENTS: usize = 20;

/// Bounds are sums of rounded numbers: a document this near below the threshold is still read.
const SLACK: f32 = 1e-4;

impl<'a> Near<'a> {
    /// Adds what pairs give to the scores of `documents`, the best of the first stage in any order, as far as they are looked at. Then
    /// the best `wanted` are the first, best first, as if each had been read. Returns how many were looked at.
    pub(crate) fn add(
        &self,
        wanted: usize,
        view: impl Fn(usize) -> SegmentView<'a>,
        documents: &mut [Scored],
    ) -> Result<usize> {
        let looked_at = self.looked_at(documents);
        let looked_at_first = &mut documents[..looked_at];
        let mut readers: Vec<PlaceReader<'a>> = (0..)
            .zip(self.segments)
            .map(|(segment, opened)| PlaceReader::new(view(segment), self.words, opened, self.pairs))
            .collect();
        let mut unread = Vec::new();
        for (at, scored) in looked_at_first.iter_mut().enumerate() {
            let held = scored.holders.of(self.held);
            let reader = &mut readers[scored.segment as usize];
            if reader.knows(held) {
                scored.score += reader.added(self.ranking, scored.doc, held)?;
            } else {
                unread.push(at);
            }
        }
        if !unread.is_empty() {
            self.add_to_unread(wanted, &mut readers, looked_at_first, &unread)?;
        }
        sort_best(looked_at_first, wanted);
        Ok(looked_at)
    }

    /// Adds what pairs give to the scores of the `unread` ones of the documents, as far as these may be among the best `wanted`.
    fn add_to_unread(
        &self,
        wanted: usize,
        readers: &mut [PlaceReader<'a>],
        documents: &mut [Scored],
        unread: &[usize],
    ) -> Result<()> {
        let is_known = |(at, _): &(usize, &Scored)| unread.binary_search(at).is_err();
        let mut known: Vec<f32> =
            documents.iter().enumerate().filter(is_known).map(|(_, scored)| scored.score).collect();
        known.sort_unstable_by(|a, b| b.total_cmp(a));
        let (mut unread, bounds) = self.bounded(documents, unread);
        // The likeliest first; then all others, in the order in which posting lists hold them.
        let rest = unread.split_off(wanted.min(unread.len()));
        for mut round in [unread, rest] {
            round.sort_unstable_by_key(|unread| (documents[unread.at].segment, documents[unread.at].doc));
            for Unread { at, first, .. } in &round {
                let scored = &mut documents[*at];
                let needed =
                    wanted.checked_sub(1).and_then(|last| known.get(last)).map_or(0.0, |&score| score * (1.0 - SLACK));
                let reader = &mut readers[scored.segment as usize];
                let (held, bounds) = (scored.holders.of(self.held), &bounds[*first..][..self.pairs.pairs.len()]);
                if let Some(added) = reader.added_to_reach(self.ranking, (scored, held), bounds, needed)? {
                    scored.score += added;
                    let place = known.partition_point(|&score| score > scored.score);
                    known.insert(place, scored.score);
                }
            }
        }
        Ok(())
    }

    /// How many of the documents are looked at: these come first then, and if not all are, best first, as do the others. It does
    /// not depend on what is wanted of them, so that a page further down continues the one before.
    fn looked_at(&self, documents: &mut [Scored]) -> usize {
        let all: usize = documents.iter().map(|scored| scored.holders.count()).sum();
        if all <= MOST_LISTS && documents.len() <= self.ranking.candidates {
            return documents.len();
        }
        sort_best(documents, documents.len());
        let mut lists = 0;
        let few = |(at, scored): &(usize, &Scored)| {
            lists += scored.holders.count();
            *at < LEAST_DOCUMENTS || lists <= MOST_LISTS
        };
        documents.iter().enumerate().take(self.ranking.candidates).take_while(few).count()
    }

    /// The `unread` ones of the documents, those that can score most first, and the most that each pair can add to each of them.
    fn bounded(&self, documents: &[Scored], unread: &[usize]) -> (Vec<Unread>, Vec<f32>) {
        let overlaps: Vec<bool> = self.words.iter().map(overlaps).collect();
        let mut evidence = Evidence::default();
        let mut bounds = Vec::with_capacity(unread.len() * self.pairs.pairs.len());
        let mut unread: Vec<Unread> = unread
            .iter()
            .map(|&at| {
                let scored = &documents[at];
                let lists = &self.segments[scored.segment as usize].lists;
                evidence.gather(self.words.len(), lists, scored.holders.of(self.held));
                let bound = |pair: &Pair| {
                    let (marked, folded) = evidence.side_by_side(pair);
                    if folded.max(marked) > 0.0 && (overlaps[pair.left] || overlaps[pair.right]) {
                        return (pair.marked_factor + pair.folded_factor) * (self.ranking.k1 + 1.0);
                    }
                    pair.marked_factor * self.ranking.saturate(marked)
                        + pair.folded_factor * self.ranking.saturate(folded)
                };
                let first = bounds.len();
                bounds.extend(self.pairs.pairs.iter().map(bound));
                Unread { at, first, most: scored.score + bounds[first..].iter().sum::<f32>() }
            })
            .collect();
        unread.sort_unstable_by(|a, b| b.most.total_cmp(&a.most));
        (unread, bounds)
    }
}

/// A document of which no position was read.
struct Unread {
    /// Its place among the documents.
    at: usize,
    /// The place of what the first pair can add to it at most.
    first: usize,
    /// The score with the most that pairs can add.
    most: f32,
}

/// How much of each word stands in each field of a document, with the words of a field side by side.
#[derive(Default)]
struct Evidence {
    words: usize,
    /// Marked and folded evidence.
    weights: Vec<(f32, f32)>,
}

impl Evidence {
    fn gather(&mut self, words: usize, lists: &[List], held: &[Held]) {
        self.words = words;
        self.weights.clear();
        for &Held { list, x, .. } in held {
            let list = &lists[list as usize];
            if !list.counts_side_by_side {
                continue;
            }
            let place = list.field() * words + list.word;
            if self.weights.len() <= place {
                self.weights.resize((list.field() + 1) * words, (0.0, 0.0));
            }
            self.weights[place].0 += list.marked * x;
            self.weights[place].1 += list.folded * x;
        }
    }

    /// What can stand side by side at most: a neighbour is as near as the lesser of two weights, and no word is the
    /// neighbour of more than one.
    fn side_by_side(&self, pair: &Pair) -> (f32, f32) {
        let of_field = |words: &[(f32, f32)]| {
            let (left, right) = (words[pair.left], words[pair.right]);
            (left.0.min(right.0), left.1.min(right.1))
        };
        let fields = self.weights.chunks(self.words.max(1)).map(of_field);
        fields.fold((0.0, 0.0), |sum, field| (sum.0 + field.0, sum.1 + field.1))
    }
}

/// A place has one token, or a compound and its first piece. The compound is longer, so where all spellings of a word
/// are as long they stand at different places.
fn overlaps(word: &Word) -> bool {
    let mut lengths = word.spellings.iter().map(|spelling| spelling.chars);
    let first = lengths.next();
    lengths.any(|length| Some(length) != first)
}

#[cfg(test)]
mod tests {
    use tantivy::DocAddress;

    use super::super::top::{Best, Stands, Top};
    use super::*;

    #[test]
    fn fewer_documents_are_looked_at_where_many_lists_hold_them() {
        let looked_at = |lists: usize, documents: usize| {
            let mut top = Top::default();
            top.begin(documents);
            let held = vec![Held { list: 0, x: 1.0, stands: Stands::default() }; lists];
            (0..documents).for_each(|at| top.offer(1.0, || at as u64, DocAddress::new(0, at as u32), &held));
            let Best { documents, held } = top.best();
            let (ranking, pairs) = (Ranking::default().candidates(50), Pairs { pairs: Vec::new() });
            let near = Near { ranking: &ranking, words: &[], pairs: &pairs, segments: &[], held };
            near.looked_at(documents)
        };
        assert_eq!([looked_at(3, 7), looked_at(3, 60), looked_at(15, 60), looked_at(25, 60)], [7, 50, 50, 30]);
        assert_eq!(looked_at(1000, 60), LEAST_DOCUMENTS);
    }
}
