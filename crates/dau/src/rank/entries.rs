//! All postings of a common word in one segment, by document: which of its lists hold it, how often, and where.
//!
//! The lists of a word's spellings say which documents each holds. Ranking asks the other way round, for a few documents
//! that may be among the best: what of the word stands there? From memory that takes one look, from the lists one search a list, and
//! for positions up to four decoded blocks a list.

use prefetch_index::prefetch_index;
use rustc_hash::FxHashMap;
use tantivy::DocId;

use super::top::Stands;
use super::{Blocks, PostingRef};
use crate::error::Result;
use crate::search::{Ones, SegmentView, each_block};

/// Documents of a group.
const GROUP: usize = 32;

/// Bytes of positions in the index that are kept in memory too, at most.
const MOST_POSITIONS: usize = 8 << 20;

/// Lists that an entry can name.
pub(super) const MOST_LISTS: usize = 1 << 7;

/// Some documents in a row.
#[derive(Clone, Copy, Debug)]
struct Group {
    /// Which of the documents have entries, one bit each.
    holds: u32,
    /// How many documents before have some.
    documents: u32,
    /// Where its part of [`Entries::data`] starts.
    start: u32,
}

impl Group {
    /// The place of the first document's first entry: behind one number for each document but the first.
    #[inline]
    fn first(self) -> usize {
        (self.start + self.holds.count_ones().saturating_sub(1)) as usize
    }

    /// How many documents before this one have entries.
    #[inline]
    fn before(self, doc: DocId) -> u32 {
        (self.holds & (bit_of(doc) - 1)).count_ones()
    }

    /// The place of the number that says where a document begins; of any other for the first one.
    #[inline]
    fn noted_for(self, doc: DocId) -> usize {
        self.noted(self.before(doc))
    }

    /// The same for the document that has so many before it.
    #[inline]
    fn noted(self, before: u32) -> usize {
        (self.start + before.saturating_sub(1)) as usize
    }
}

/// A document's bit in [`Group::holds`].
#[inline]
fn bit_of(doc: DocId) -> u32 {
    1 << (doc as usize % GROUP)
}

/// That a list holds a document: the number of the list, whether it is the document's last one, and the frequency.
#[derive(Clone, Copy, Debug)]
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
    /// Where its positions start in [`Entries::data`]; of no meaning if none are kept.
    pub(super) start: u32,
}

/// The postings of a word in one segment.
///
/// What is read of a document lies together, for each place in memory that is far from the last one costs as much as the
/// work on what is there.
#[derive(Debug, Default)]
pub(crate) struct Entries {
    groups: Box<[Group]>,
    /// Group by group: where the entries of each document but the first begin, counted from the start of the group; then the entries,
    /// by document, then by list, each with its positions behind it if they are kept, as many as its frequency.
    data: Box<[u16]>,
    /// The frequencies that an entry has no room for, by the place of the entry.
    frequent: FxHashMap<u32, u32>,
    /// Whether positions are kept: not where one is too great, a group has too many, or they could not be read.
    has_positions: bool,
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
        let group = self.group(doc);
        (group.holds & bit_of(doc) != 0).then(|| group.documents + group.before(doc))
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

    /// Asks the memory for what [`Entries::of_document`] reads of some documents, and waits for none of it. What lies where depends
    /// on what was asked for before: this takes three rounds, of which this is the first.
    pub(super) fn fetch_groups(&self, docs: &[DocId]) {
        for &doc in docs {
            prefetch_index(&self.groups, doc as usize / GROUP);
        }
    }

    /// The second round.
    pub(super) fn fetch_places(&self, docs: &[DocId]) {
        for &doc in docs {
            let group = self.group(doc);
            prefetch_index(&self.data, group.noted_for(doc));
        }
    }

    /// The third round.
    pub(super) fn fetch_entries(&self, docs: &[DocId]) {
        for &doc in docs {
            let group = self.group(doc);
            // Of documents without entries the place means nothing.
            let noted = self.data.get(group.noted_for(doc)).copied().unwrap_or(0);
            prefetch_index(&self.data, group.start as usize + usize::from(noted));
        }
    }

    /// The lists that hold a document, in their order.
    #[inline]
    pub(super) fn of_document(&self, doc: DocId) -> impl Iterator<Item = Holding> + '_ {
        self.entries_from(self.place_of(doc))
    }

    /// The lists that hold a document, in their order, and the positions in each, ascending; `None` if positions are not kept.
    #[inline]
    pub(crate) fn positions_of(&self, doc: DocId) -> Option<impl Iterator<Item = (u32, &[u16])> + '_> {
        let of = |holding: Holding| self.positions(holding.start, holding.start + holding.frequency);
        self.has_positions.then(|| self.of_document(doc).map(move |holding| (holding.list, of(holding))))
    }

    /// Where the positions of an entry are.
    #[inline]
    pub(super) fn stands(&self, holding: Holding) -> Stands {
        match self.has_positions {
            true => Stands::Known { start: holding.start, end: holding.start + holding.frequency },
            false => Stands::Unread,
        }
    }

    /// The positions that [`Stands::Known`] speaks of.
    #[inline]
    pub(super) fn positions(&self, start: u32, end: u32) -> &[u16] {
        &self.data[start as usize..end as usize]
    }

    /// Whether positions are kept.
    pub(crate) fn has_positions(&self) -> bool {
        self.has_positions
    }

    /// The group that a document is in.
    #[inline]
    fn group(&self, doc: DocId) -> Group {
        self.groups[doc as usize / GROUP]
    }

    /// The place of a document's first entry, if it has any.
    #[inline]
    fn place_of(&self, doc: DocId) -> Option<usize> {
        let group = self.group(doc);
        if group.holds & bit_of(doc) == 0 {
            return None;
        }
        let before = group.before(doc);
        // Loaded whether it is needed or not: which it is cannot be foreseen.
        let noted = usize::from(self.data[group.noted(before)]);
        Some(if before == 0 { group.first() } else { group.start as usize + noted })
    }

    /// The place behind an entry and its positions.
    #[inline]
    fn behind(&self, holding: &Holding) -> usize {
        let positions = if self.has_positions { holding.frequency } else { 0 };
        (holding.start + positions) as usize
    }

    /// The entries of a document from its first one on.
    #[inline]
    fn entries_from(&self, first: Option<usize>) -> impl Iterator<Item = Holding> + '_ {
        let mut next = first;
        std::iter::from_fn(move || {
            let at = next?;
            let holding = self.holding(at);
            next = (!Entry(self.data[at]).is_last()).then(|| self.behind(&holding));
            Some(holding)
        })
    }

    /// What the entry at a place says.
    #[inline]
    fn holding(&self, at: usize) -> Holding {
        Holding { list: Entry(self.data[at]).list(), frequency: self.frequency(at), start: at as u32 + 1 }
    }

    #[inline]
    fn frequency(&self, at: usize) -> u32 {
        match Entry(self.data[at]).frequency() {
            Entry::FREQUENT => self.frequent.get(&(at as u32)).copied().unwrap_or(Entry::FREQUENT),
            frequency => frequency,
        }
    }

    /// Calls `visit(document, entries)` for each document that has some, in ascending order; an entry is a list and the frequency
    /// in it.
    pub(super) fn each_document(&self, mut visit: impl FnMut(DocId, &mut dyn Iterator<Item = (u32, u32)>)) {
        for (first, group) in (0..).step_by(GROUP).zip(&self.groups) {
            let mut at = group.first();
            for bit in Ones(u64::from(group.holds)) {
                let mut entries = self.entries_from(Some(at)).inspect(|holding| at = self.behind(holding));
                let mut entries = entries.by_ref().map(|holding| (holding.list, holding.frequency));
                visit(first + bit, &mut entries);
                entries.for_each(drop);
            }
        }
    }

    /// Marks the last entry of each document, where `ends` is the place behind it.
    fn mark_last(&mut self, ends: &[u32]) {
        for number in 0..self.groups.len() {
            let group = self.groups[number];
            let mut at = group.first();
            for bit in Ones(u64::from(group.holds)) {
                let end = ends[number * GROUP + bit as usize] as usize;
                let mut last = at;
                while at < end {
                    last = at;
                    at = self.behind(&self.holding(at));
                }
                self.data[last] |= Entry::LAST;
            }
        }
    }

    /// Bytes in memory, about.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.groups) + size_of_val(&*self.data)
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
    fn by_document(mut self, documents: u32) -> Entries {
        let mut next = self.sizes(documents);
        let (mut groups, mut len) = places(&mut next);
        if len.is_none() {
            // Without positions a group has less than 32 · 128 entries.
            self.positions = None;
            next = self.sizes(documents);
            (groups, len) = places(&mut next);
        }
        let mut data = vec![0; len.unwrap_or_default() as usize];
        for (group, places) in groups.iter().zip(next.chunks(GROUP)) {
            let behind_first = Ones(u64::from(group.holds)).skip(1).map(|bit| places[bit as usize] - group.start);
            data[group.start as usize..].iter_mut().zip(behind_first).for_each(|(to, place)| *to = place as u16);
        }
        self.filled(groups, data, next)
    }

    /// How much of [`Entries::data`] the entries of each document take.
    fn sizes(&self, documents: u32) -> Vec<u32> {
        let mut sizes = vec![0; documents as usize];
        for (&doc, &frequency) in self.docs.iter().zip(&self.frequencies) {
            sizes[doc as usize] += 1 + if self.positions.is_some() { frequency } else { 0 };
        }
        sizes
    }

    /// Writes the entries and their positions to their places.
    fn filled(self, groups: Vec<Group>, mut data: Vec<u16>, mut next: Vec<u32>) -> Entries {
        let mut frequent = FxHashMap::default();
        let mut rest = self.positions.as_deref().unwrap_or_default();
        for ((&doc, &entry), &frequency) in self.docs.iter().zip(&self.entries).zip(&self.frequencies) {
            let at = &mut next[doc as usize];
            data[*at as usize] = entry.0;
            if frequency >= Entry::FREQUENT {
                frequent.insert(*at, frequency);
            }
            *at += 1;
            if self.positions.is_some() {
                copy(rest, &mut data[*at as usize..], frequency as usize);
                rest = &rest[frequency as usize..];
                *at += frequency;
            }
        }
        let has_positions = self.positions.is_some();
        let mut entries = Entries { groups: groups.into(), data: data.into(), frequent, has_positions };
        entries.mark_last(&next);
        entries
    }
}

/// Turns the sizes of documents into the places of their first entries. Returns the groups and the length of all; no length if a
/// group is too long for its places to be noted.
fn places(sizes: &mut [u32]) -> (Vec<Group>, Option<u32>) {
    let (mut start, mut documents, mut fit) = (0, 0, true);
    let groups = sizes.chunks_mut(GROUP).map(|sizes| {
        let holds = sizes.iter().enumerate().fold(0, |holds, (bit, &size)| holds | u32::from(size > 0) << bit);
        let group = Group { holds, documents, start };
        let mut at = group.first() as u32;
        sizes.iter_mut().for_each(|size| at += std::mem::replace(size, at));
        fit &= at - start <= u32::from(u16::MAX);
        documents += holds.count_ones();
        start = at;
        group
    });
    let groups = groups.collect();
    (groups, fit.then_some(start))
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
        let entries = entries(&lists, 200);
        let of = |doc| {
            let holding = entries.of_document(doc);
            holding.map(|holding| (holding.list, holding.frequency)).collect::<Vec<_>>()
        };
        let all: Vec<DocId> = (0..200).collect();
        entries.fetch_groups(&all);
        entries.fetch_places(&all);
        entries.fetch_entries(&all);
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
    fn no_positions_are_kept_where_a_group_has_too_many() {
        let docs: Vec<DocId> = (3..32).collect();
        for (frequency, is_kept) in [(2000, true), (3000, false)] {
            let positions: Vec<u32> = docs.iter().flat_map(|_| 0..frequency).collect();
            let entries = entries(&[(5, &docs, &vec![frequency; docs.len()], Some(&positions))], 32);
            assert_eq!(entries.has_positions(), is_kept, "{frequency}");
            for doc in 0..32 {
                let of = entries.of_document(doc).map(|holding| (holding.list, holding.frequency));
                let expected = if docs.contains(&doc) { vec![(5, frequency)] } else { vec![] };
                assert_eq!(of.collect::<Vec<_>>(), expected, "{doc}");
            }
            if let Some(mut of_last) = entries.positions_of(31) {
                assert!(of_last.next().is_some_and(|(_, positions)| positions.iter().copied().eq(0..2000)));
            }
        }
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
