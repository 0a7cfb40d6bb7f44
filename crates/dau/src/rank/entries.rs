//! All postings of a common word in one segment, by document: which of its lists hold it, and how often.
//!
//! The lists of a word's spellings say which documents each holds. Ranking asks the other way round, for a few documents
//! that may be among the best: what of the word stands there? From memory that takes one look, from the lists one search a list.

use rustc_hash::FxHashMap;
use tantivy::DocId;

use super::{Blocks, PostingRef};
use crate::error::Result;
use crate::search::SegmentView;

/// Documents whose first entry is noted together.
const GROUP: usize = 16;

/// Lists that an entry can name.
pub(super) const MOST_LISTS: usize = 1 << 7;

/// Entries of some documents in a row.
#[derive(Clone, Copy, Debug, Default)]
struct Group {
    /// The first one.
    start: u32,
    /// Which of the documents have any, one bit each.
    holds: u16,
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

/// The postings of a word in one segment.
#[derive(Debug, Default)]
pub(crate) struct Entries {
    groups: Box<[Group]>,
    /// By document, then by list.
    entries: Box<[Entry]>,
    /// The frequencies that an entry has no room for, by document and list.
    frequent: FxHashMap<(DocId, u32), u32>,
}

impl Entries {
    /// Reads lists, of which there must be less than [`MOST_LISTS`].
    pub(super) fn read(lists: &[PostingRef], view: &SegmentView<'_>) -> Result<Entries> {
        let mut read = Read::expecting(lists.iter().map(|list| list.info.doc_freq as usize).sum());
        let mut blocks = Blocks::of_frequencies();
        for (number, list) in lists.iter().enumerate() {
            blocks.each(list, view, |docs, frequencies| read.add(number, docs, frequencies))?;
        }
        Ok(read.by_document(view.documents()))
    }

    /// The lists that hold a document, in their order, and the frequency in each.
    #[inline]
    pub(super) fn of_document(&self, doc: DocId) -> impl Iterator<Item = (u32, u32)> + '_ {
        let group = self.groups[doc as usize / GROUP];
        let bit = 1u16 << (doc as usize % GROUP);
        let mut before = (group.holds & (bit - 1)).count_ones();
        let mut at = group.start as usize;
        while before > 0 {
            before -= u32::from(self.entries[at].is_last());
            at += 1;
        }
        let mut more = group.holds & bit != 0;
        std::iter::from_fn(move || {
            if !more {
                return None;
            }
            let entry = self.entries[at];
            at += 1;
            more = !entry.is_last();
            Some((entry.list(), self.frequency(doc, entry)))
        })
    }

    #[inline]
    fn frequency(&self, doc: DocId, entry: Entry) -> u32 {
        match entry.frequency() {
            Entry::FREQUENT => self.frequent.get(&(doc, entry.list())).copied().unwrap_or(Entry::FREQUENT),
            frequency => frequency,
        }
    }

    /// Calls `visit(document, entries)` for each document that has some, in ascending order; an entry is a list and the frequency
    /// in it.
    pub(super) fn each_document(&self, mut visit: impl FnMut(DocId, &mut dyn Iterator<Item = (u32, u32)>)) {
        let mut rest = &*self.entries;
        for (base, group) in (0..).step_by(GROUP).zip(&self.groups) {
            let mut holds = group.holds;
            while holds != 0 {
                let doc = base + holds.trailing_zeros();
                holds &= holds - 1;
                let count = rest.iter().take_while(|entry| !entry.is_last()).count() + 1;
                let (entries, after) = rest.split_at(count.min(rest.len()));
                rest = after;
                visit(doc, &mut entries.iter().map(|&entry| (entry.list(), self.frequency(doc, entry))));
            }
        }
    }

    /// Bytes in memory, about.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.groups) + size_of_val(&*self.entries)
    }
}

/// Postings as they are read, list after list.
struct Read {
    docs: Vec<DocId>,
    entries: Vec<Entry>,
    frequent: FxHashMap<(DocId, u32), u32>,
}

impl Read {
    fn expecting(postings: usize) -> Read {
        Read {
            docs: Vec::with_capacity(postings),
            entries: Vec::with_capacity(postings),
            frequent: FxHashMap::default(),
        }
    }

    fn add(&mut self, list: usize, docs: &[DocId], frequencies: &[u32]) {
        self.docs.extend_from_slice(docs);
        self.entries.extend(frequencies.iter().map(|&frequency| Entry::new(list, frequency)));
        for (&doc, &frequency) in docs.iter().zip(frequencies) {
            if frequency >= Entry::FREQUENT {
                self.frequent.insert((doc, list as u32), frequency);
            }
        }
    }

    /// Sorts them by document: by counting, for there are few documents and the lists are in order.
    fn by_document(self, documents: u32) -> Entries {
        // How many entries each document has; then where its next one goes.
        let mut next = vec![0u32; documents as usize];
        self.docs.iter().for_each(|&doc| next[doc as usize] += 1);
        let mut groups = vec![Group::default(); (documents as usize).div_ceil(GROUP)];
        let mut start = 0;
        for (group, counts) in groups.iter_mut().zip(next.chunks_mut(GROUP)) {
            group.start = start;
            for (place, count) in counts.iter_mut().enumerate() {
                group.holds |= u16::from(*count > 0) << place;
                start += std::mem::replace(count, start);
            }
        }
        let mut entries = vec![Entry::default(); self.docs.len()];
        for (&doc, &entry) in self.docs.iter().zip(&self.entries) {
            let place = &mut next[doc as usize];
            entries[*place as usize] = entry;
            *place += 1;
        }
        // Now each place is where the document's entries end; where that is 0, no document so far has any.
        for &end in &next {
            if let Some(last) = (end as usize).checked_sub(1) {
                entries[last].0 |= Entry::LAST;
            }
        }
        Entries { groups: groups.into(), entries: entries.into(), frequent: self.frequent }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_has_the_entries_of_its_lists() {
        let mut read = Read::expecting(6);
        read.add(0, &[0, 17, 18], &[1, 254, 3]);
        read.add(1, &[17, 40], &[255, 9]);
        read.add(126, &[17], &[70_000]);
        let entries = read.by_document(41);
        let of = |doc| entries.of_document(doc).collect::<Vec<_>>();
        assert_eq!(of(17), [(0, 254), (1, 255), (126, 70_000)]);
        assert_eq!([of(0), of(18), of(40)], [[(0, 1)], [(0, 3)], [(1, 9)]]);
        assert!(of(1).is_empty() && of(16).is_empty() && of(39).is_empty());
        let mut all = Vec::new();
        entries.each_document(|doc, entries| all.push((doc, entries.collect::<Vec<_>>())));
        assert_eq!(all, [0, 17, 18, 40].map(|doc| (doc, of(doc))));
    }
}
