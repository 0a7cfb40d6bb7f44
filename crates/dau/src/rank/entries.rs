//! All postings of a common word in one segment, by document: which of its lists hold it, how often, and where.
//!
//! The lists of a word's spellings say which documents each holds. Ranking asks the other way round, for a few documents
//! that may be among the best: what of the word stands there? From memory that takes one look, from the lists one search a list, and
//! for positions up to four decoded blocks a list.

use rustc_hash::FxHashMap;
use tantivy::DocId;

use super::top::Stands;
use super::{Blocks, PostingRef};
use crate::error::Result;
use crate::search::{SegmentView, each_block};

/// Documents whose first entry is noted together.
const GROUP: usize = 32;

/// Bytes of positions in the index that are kept in memory too, at most.
const MOST_POSITIONS: usize = 8 << 20;

/// Lists that an entry can name.
pub(super) const MOST_LISTS: usize = 1 << 7;

/// Entries of some documents in a row.
#[derive(Clone, Copy, Debug, Default)]
struct Group {
    /// Which of the documents have any, one bit each.
    holds: u32,
    /// How many documents before have some.
    documents: u32,
    /// The first entry.
    start: u32,
    /// The first position.
    positions: u32,
}

/// That a list holds a document: the number of the list, whether it is the document's last one, and the frequency.
#[derive(Clone, Copy, Debug, Default)]
struct Entry(u16);

impl Entry {
    const LAST: u16 = 1 << 8;
    /// A frequency that is noted elsewhere, or this one.
    const FREQUENT: u32 = 0xff;

    fn new(list: usize, frequency: u32) -> Entry {
        Entry((list as u16) << 9 | frequency.min(Entry::FREQUENT) as u16)
    }

    fn list(self) -> u32 {
        u32::from(self.0 >> 9)
    }

    fn is_last(self) -> bool {
        self.0 & Entry::LAST != 0
    }

    fn frequency(self) -> u32 {
        u32::from(self.0) & Entry::FREQUENT
    }
}

/// What an entry says, read out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Holding {
    pub(super) list: u32,
    pub(super) frequency: u32,
    /// Where its positions start among all that are kept; of no meaning if none are.
    pub(super) start: u32,
}

/// The postings of a word in one segment.
#[derive(Debug, Default)]
pub(crate) struct Entries {
    groups: Box<[Group]>,
    /// By document, then by list.
    entries: Box<[Entry]>,
    /// The frequencies that an entry has no room for, by the place of the entry.
    frequent: FxHashMap<u32, u32>,
    /// In the order of the entries, as many for each as its frequency; `None` where one is too great, or could not be read.
    positions: Option<Box<[u16]>>,
}

impl Entries {
    /// Reads lists, of which there must be less than [`MOST_LISTS`].
    pub(super) fn read(lists: &[PostingRef], view: &SegmentView<'_>) -> Result<Entries> {
        let mut read = Read::expecting(lists.iter().map(|list| list.info.doc_freq as usize).sum());
        let mut blocks = Blocks::of_frequencies();
        let has_room = lists.iter().map(|list| list.info.positions_range.len()).sum::<usize>() <= MOST_POSITIONS;
        for (number, list) in lists.iter().enumerate() {
            if has_room {
                each_block(list, view, &mut blocks, |docs, counts, positions| {
                    read.add(number, docs, counts, positions);
                })?;
            } else {
                blocks.each(list, view, |docs, counts| read.add(number, docs, counts, None))?;
            }
        }
        Ok(read.by_document(view.documents()))
    }

    /// How many documents there are.
    pub(super) fn count(&self) -> u32 {
        self.groups.last().map_or(0, |group| group.documents + group.holds.count_ones())
    }

    /// How many of the documents come before this one, if it is one of them.
    #[inline]
    pub(super) fn rank_of(&self, doc: DocId) -> Option<u32> {
        let group = self.groups[doc as usize / GROUP];
        let bit = 1 << (doc as usize % GROUP);
        (group.holds & bit != 0).then(|| group.documents + (group.holds & (bit - 1)).count_ones())
    }

    /// Calls `visit(document, rank)` for each document from `start`, a multiple of 32, until `end`.
    #[inline]
    pub(super) fn each_rank(&self, start: DocId, end: DocId, mut visit: impl FnMut(DocId, u32)) {
        let groups = &self.groups[start as usize / GROUP..(end as usize).div_ceil(GROUP)];
        for (base, group) in (start..).step_by(GROUP).zip(groups) {
            let (mut holds, mut rank) = (group.holds, group.documents);
            while holds != 0 {
                visit(base + holds.trailing_zeros(), rank);
                holds &= holds - 1;
                rank += 1;
            }
        }
    }

    /// Loads the entries of some documents. These loads do not wait for each other, as they do when one document is looked at after
    /// the other.
    // In a function of its own: inlined among other code it was measured to take several times as long.
    #[inline(never)]
    pub(super) fn load(&self, docs: &[DocId]) {
        let mut all = 0;
        for &doc in docs {
            let group = self.groups[doc as usize / GROUP];
            all ^= self.entries.get(group.start as usize).map_or(0, |entry| entry.0);
        }
        std::hint::black_box(all);
    }

    /// The lists that hold a document, in their order.
    #[inline]
    pub(super) fn of_document(&self, doc: DocId) -> impl Iterator<Item = Holding> + '_ {
        self.entries_from(self.first_of(doc))
    }

    /// The lists that hold a document, in their order, and the positions in each, ascending; `None` if positions are not kept.
    #[inline]
    pub(crate) fn positions_of(&self, doc: DocId) -> Option<impl Iterator<Item = (u32, &[u16])> + '_> {
        let positions = self.positions.as_deref()?;
        let of = |holding: Holding| &positions[holding.start as usize..][..holding.frequency as usize];
        Some(self.of_document(doc).map(move |holding| (holding.list, of(holding))))
    }

    /// Where the positions of an entry are.
    #[inline]
    pub(super) fn stands(&self, holding: Holding) -> Stands {
        match self.has_positions() {
            true => Stands::Known { start: holding.start, end: holding.start + holding.frequency },
            false => Stands::Unread,
        }
    }

    /// The positions from `start` to before `end` of all that are kept.
    #[inline]
    pub(super) fn positions(&self, start: u32, end: u32) -> &[u16] {
        self.positions.as_deref().map_or(&[], |positions| &positions[start as usize..end as usize])
    }

    /// Whether positions are kept.
    pub(crate) fn has_positions(&self) -> bool {
        self.positions.is_some()
    }

    /// The places of a document's first entry and of its first position, if it has any.
    #[inline]
    fn first_of(&self, doc: DocId) -> Option<(usize, u32)> {
        let group = self.groups[doc as usize / GROUP];
        let bit = 1u32 << (doc as usize % GROUP);
        if group.holds & bit == 0 {
            return None;
        }
        let mut before = (group.holds & (bit - 1)).count_ones();
        let (mut at, mut position) = (group.start as usize, group.positions);
        while before > 0 {
            before -= u32::from(self.entries[at].is_last());
            position = position.wrapping_add(self.frequency(at));
            at += 1;
        }
        Some((at, position))
    }

    /// The entries of a document from its first one on.
    #[inline]
    fn entries_from(&self, first: Option<(usize, u32)>) -> impl Iterator<Item = Holding> + '_ {
        let mut next = first;
        std::iter::from_fn(move || {
            let (at, start) = next?;
            let (entry, frequency) = (self.entries[at], self.frequency(at));
            next = (!entry.is_last()).then(|| (at + 1, start.wrapping_add(frequency)));
            Some(Holding { list: entry.list(), frequency, start })
        })
    }

    #[inline]
    fn frequency(&self, at: usize) -> u32 {
        match self.entries[at].frequency() {
            Entry::FREQUENT => self.frequent.get(&(at as u32)).copied().unwrap_or(Entry::FREQUENT),
            frequency => frequency,
        }
    }

    /// Calls `visit(document, entries)` for each document that has some, in ascending order; an entry is a list and the frequency
    /// in it.
    pub(super) fn each_document(&self, mut visit: impl FnMut(DocId, &mut dyn Iterator<Item = (u32, u32)>)) {
        let mut first = 0;
        self.each_rank(0, (self.groups.len() * GROUP) as DocId, |doc, _| {
            let entries = self.entries_from(Some((first, 0))).inspect(|_| first += 1);
            let mut entries = entries.map(|holding| (holding.list, holding.frequency));
            visit(doc, &mut entries);
            entries.for_each(drop);
        });
    }

    /// Bytes in memory, about.
    pub(super) fn bytes(&self) -> usize {
        let positions = self.positions.as_deref().map_or(0, size_of_val);
        size_of_val(&*self.groups) + size_of_val(&*self.entries) + positions
    }
}

/// Postings as they are read, list after list.
struct Read {
    docs: Vec<DocId>,
    entries: Vec<Entry>,
    frequencies: Vec<u32>,
    positions: Option<Vec<u16>>,
}

impl Read {
    fn expecting(postings: usize) -> Read {
        Read {
            docs: Vec::with_capacity(postings),
            entries: Vec::with_capacity(postings),
            frequencies: Vec::with_capacity(postings),
            positions: Some(Vec::with_capacity(2 * postings)),
        }
    }

    /// Adds a block of a list. Positions are kept if those of all are given and none is too great.
    fn add(&mut self, list: usize, docs: &[DocId], frequencies: &[u32], positions: Option<&[u32]>) {
        self.docs.extend_from_slice(docs);
        self.frequencies.extend_from_slice(frequencies);
        self.entries.extend(frequencies.iter().map(|&frequency| Entry::new(list, frequency)));
        let is_small = |positions: &&[u32]| positions.iter().all(|&position| position <= u32::from(u16::MAX));
        match (&mut self.positions, positions.filter(is_small)) {
            (Some(all), Some(positions)) => all.extend(positions.iter().map(|&position| position as u16)),
            _ => self.positions = None,
        }
    }

    /// Sorts them by document: by counting, for there are few documents and the lists are in order.
    fn by_document(self, documents: u32) -> Entries {
        // How many entries and positions each document has; then where its next ones go.
        let mut next = vec![Next::default(); documents as usize];
        for (&doc, &frequency) in self.docs.iter().zip(&self.frequencies) {
            let next = &mut next[doc as usize];
            next.entry += 1;
            // Where this is no place there are no positions.
            next.position = next.position.wrapping_add(frequency);
        }
        let mut groups = vec![Group::default(); (documents as usize).div_ceil(GROUP)];
        let (mut start, mut before) = (Next::default(), 0);
        for (group, counts) in groups.iter_mut().zip(next.chunks_mut(GROUP)) {
            *group = Group { holds: 0, documents: before, start: start.entry, positions: start.position };
            for (place, count) in counts.iter_mut().enumerate() {
                group.holds |= u32::from(count.entry > 0) << place;
                let here = std::mem::replace(count, start);
                start.entry += here.entry;
                start.position = start.position.wrapping_add(here.position);
            }
            before += group.holds.count_ones();
        }
        let mut entries = vec![Entry::default(); self.docs.len()];
        let mut frequent = FxHashMap::default();
        let mut positions = self.positions.as_ref().map(|positions| vec![0; positions.len()]);
        let mut rest = self.positions.as_deref().unwrap_or_default();
        for ((&doc, &entry), &frequency) in self.docs.iter().zip(&self.entries).zip(&self.frequencies) {
            let next = &mut next[doc as usize];
            entries[next.entry as usize] = entry;
            if frequency >= Entry::FREQUENT {
                frequent.insert(next.entry, frequency);
            }
            if let Some(positions) = &mut positions {
                copy(rest, &mut positions[next.position as usize..], frequency as usize);
                rest = &rest[frequency as usize..];
            }
            next.entry += 1;
            next.position = next.position.wrapping_add(frequency);
        }
        // Now each place is where the document's entries end; where that is 0, no document so far has any.
        for next in &next {
            if let Some(last) = (next.entry as usize).checked_sub(1) {
                entries[last].0 |= Entry::LAST;
            }
        }
        let positions = positions.map(Vec::into_boxed_slice);
        Entries { groups: groups.into(), entries: entries.into(), frequent, positions }
    }
}

/// Where the next entry and the next position of a document go.
#[derive(Clone, Copy, Debug, Default)]
struct Next {
    entry: u32,
    position: u32,
}

/// Copies a few positions. Most are one or two, for which a call costs more than the copy.
#[inline]
fn copy(from: &[u16], to: &mut [u16], count: usize) {
    for (to, from) in to[..count].iter_mut().zip(&from[..count]) {
        *to = *from;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The number of a list, documents, frequencies and positions.
    type Block<'a> = (usize, &'a [DocId], &'a [u32], Option<&'a [u32]>);

    fn entries(lists: &[Block<'_>], documents: u32) -> Entries {
        let mut read = Read::expecting(lists.len());
        for &(list, docs, frequencies, positions) in lists {
            read.add(list, docs, frequencies, positions);
        }
        read.by_document(documents)
    }

    #[test]
    fn a_document_has_the_entries_of_its_lists() {
        let lists: [Block<'_>; 3] =
            [(0, &[0, 17, 18], &[1, 254, 3], None), (1, &[17, 40], &[255, 9], None), (126, &[17], &[70_000], None)];
        let entries = entries(&lists, 41);
        let of = |doc| {
            let holding = entries.of_document(doc);
            holding.map(|holding| (holding.list, holding.frequency)).collect::<Vec<_>>()
        };
        assert_eq!(of(17), [(0, 254), (1, 255), (126, 70_000)]);
        assert_eq!([of(0), of(18), of(40)], [[(0, 1)], [(0, 3)], [(1, 9)]]);
        assert!(of(1).is_empty() && of(16).is_empty() && of(39).is_empty());
        assert!(entries.positions_of(17).is_none());
        let mut all = Vec::new();
        entries.each_document(|doc, entries| all.push((doc, entries.collect::<Vec<_>>())));
        assert_eq!(all, [0, 17, 18, 40].map(|doc| (doc, of(doc))));
        assert_eq!(
            (entries.count(), [0, 1, 17, 40].map(|doc| entries.rank_of(doc))),
            (4, [Some(0), None, Some(1), Some(3)])
        );
        let mut ranks = Vec::new();
        entries.each_rank(0, 41, |doc, rank| ranks.push((doc, rank)));
        assert_eq!(ranks, [(0, 0), (17, 1), (18, 2), (40, 3)]);
    }

    #[test]
    fn a_document_has_the_positions_of_its_lists() {
        let lists: [Block<'_>; 2] =
            [(0, &[0, 17, 18], &[1, 2, 1], Some(&[4, 1, 9, 65_535])), (7, &[1, 17], &[3, 1], Some(&[5, 6, 7, 2]))];
        let entries = entries(&lists, 19);
        let of = |doc| {
            let lists = entries.positions_of(doc).expect("all were given");
            lists.map(|(list, positions)| (list, positions.to_vec())).collect::<Vec<_>>()
        };
        assert_eq!(of(17), [(0, vec![1, 9]), (7, vec![2])]);
        assert_eq!([of(0), of(1), of(18)], [[(0, vec![4])], [(7, vec![5, 6, 7])], [(0, vec![65_535])]]);
        assert!(of(2).is_empty() && of(16).is_empty());
    }

    #[test]
    fn no_positions_are_kept_where_one_is_too_great_or_unknown() {
        for unknown in [None, Some(&[65_536][..])] {
            let entries =
                entries(&[(0, &[0], &[1], Some(&[3])), (1, &[1], &[1], unknown), (1, &[2], &[1], Some(&[3]))], 3);
            assert!(!entries.has_positions() && entries.positions_of(0).is_none());
            let holding = entries.of_document(2).map(|holding| (holding.list, holding.frequency));
            assert_eq!(holding.collect::<Vec<_>>(), [(1, 1)]);
        }
    }
}
