//! The posting lists of a word in one segment, the short ones merged.
//!
//! Most spellings of a word are rare: two thirds of its lists are shorter than a block and hold some hundredths of its postings. To open a
//! list costs more than to read a short one. So the short ones are read once, merged into one list by document, the *tail*, and
//! remembered with the word.

use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tantivy::DocId;

use super::entries::{self, Entries};
use super::impacts::{Impacts, Reading};
use super::{Blocks, List, PostingRef, Word};
use crate::error::Result;
use crate::search::{Bits, SegmentView};

/// Lists with more documents are read by themselves,
const SHORT: u32 = 256;

/// unless all lists of the word together have no more postings than this.
const FEW: u64 = 2048;

/// All posting lists of a word in one segment.
#[derive(Clone, Debug, Default)]
pub(crate) struct WordPostings {
    /// By field, then by spelling.
    lists: Vec<PostingRef>,
    /// How many of them, the first ones, the tail was made of.
    merged: usize,
    /// How many postings these have, and all lists. To add them up for each question would be to read every list.
    own_count: u64,
    count: u64,
    remembered: Arc<Remembered>,
}

/// What is remembered of the first `merged` lists.
#[derive(Debug, Default)]
struct Remembered {
    tail: OnceLock<Tail>,
    documents: OnceLock<Bits>,
    entries: OnceLock<Entries>,
    /// How the word was read last, and its impacts then, if they were made.
    impacts: Mutex<Vec<(Reading, Option<Arc<Impacts>>)>>,
}

/// Tells the postings of one word in one segment from those of any other, as long as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct WordIdentity(Arc<Remembered>);

impl PartialEq for WordIdentity {
    fn eq(&self, other: &WordIdentity) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for WordIdentity {}

impl Hash for WordIdentity {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.0).hash(state);
    }
}

/// Readings of a word that are remembered, at most.
const REMEMBERED_READINGS: usize = 16;

impl WordPostings {
    pub(crate) fn new(lists: Vec<PostingRef>) -> WordPostings {
        let count = postings_of(&lists);
        WordPostings { merged: lists.len(), own_count: count, count, lists, remembered: Arc::default() }
    }

    /// Adds lists of other words, which are read by themselves.
    pub(crate) fn extend(&mut self, more: impl IntoIterator<Item = PostingRef>) {
        self.lists.extend(more);
        self.count = postings_of(&self.lists);
    }

    /// All lists.
    pub(crate) fn lists(&self) -> &[PostingRef] {
        &self.lists
    }

    /// The lists that are read by themselves.
    pub(crate) fn long(&self) -> impl Iterator<Item = (usize, &PostingRef)> {
        self.lists.iter().enumerate().filter(|(number, list)| !self.is_short(*number, list))
    }

    /// The lists that the tail was merged from.
    pub(crate) fn short(&self) -> impl Iterator<Item = (usize, &PostingRef)> {
        self.lists.iter().enumerate().filter(|(number, list)| self.is_short(*number, list))
    }

    fn is_short(&self, number: usize, list: &PostingRef) -> bool {
        number < self.merged && (self.own_count <= FEW || list.info.doc_freq <= SHORT)
    }

    /// How many postings there are.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// The short lists, which are read when first asked for.
    pub(crate) fn tail(&self, view: &SegmentView<'_>) -> Result<&Tail> {
        if let Some(tail) = self.remembered.tail.get() {
            return Ok(tail);
        }
        // Another thread may do the same work, to the same result.
        let tail = self.read_tail(view)?;
        view.cache.remember(size_of_val(&*tail.postings));
        Ok(self.remembered.tail.get_or_init(|| tail))
    }

    /// The word's own lists alone.
    pub(crate) fn own(&self) -> WordPostings {
        WordPostings {
            lists: self.lists[..self.merged].to_vec(),
            merged: self.merged,
            own_count: self.own_count,
            count: self.own_count,
            remembered: Arc::clone(&self.remembered),
        }
    }

    /// The lists that are not the word's own: those of corrections.
    pub(crate) fn added(&self) -> &[PostingRef] {
        &self.lists[self.merged..]
    }

    /// Whether the set of the word's documents is worth remembering: it is no larger than the lists, and no set is so large
    /// that few find room.
    pub(crate) fn is_common(&self, documents: u32) -> bool {
        /// Documents of a segment.
        const MOST: u32 = 1 << 20;
        /// Documents for which a set takes as much room as a posting.
        const DOCUMENTS_A_POSTING: u64 = 32;
        documents <= MOST && self.own_count * DOCUMENTS_A_POSTING >= u64::from(documents)
    }

    /// The documents of the word's own lists: from memory, or as `read` finds them.
    pub(crate) fn documents(&self, view: &SegmentView<'_>, read: impl FnOnce() -> Result<Bits>) -> Result<&Bits> {
        if let Some(documents) = self.remembered.documents.get() {
            return Ok(documents);
        }
        let documents = read()?;
        view.cache.remember(view.documents() as usize / 8);
        Ok(self.remembered.documents.get_or_init(|| documents))
    }

    /// The impacts of a common word that has been read so before, and its entries. `lists` are its lists there.
    ///
    /// The first time the lists are read, as far as they need to be: to read all of them takes longer.
    pub(crate) fn impacts(
        &self,
        word: &Word,
        lists: &[List],
        view: &SegmentView<'_>,
    ) -> Result<Option<(&Entries, Arc<Impacts>)>> {
        let is_own = self.merged == self.lists.len() && self.lists.len() < entries::MOST_LISTS;
        if !is_own || !self.is_common(view.documents()) || word.worth() <= 0.0 {
            return Ok(None);
        }
        let mut known = self.remembered.impacts.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((reading, impacts)) = known.iter_mut().find(|(known, _)| known.is_of(word, view.ranking)) else {
            if known.len() >= REMEMBERED_READINGS {
                known.remove(0);
            }
            known.push((Reading::of(word, view.ranking), None));
            return Ok(None);
        };
        if let Some(impacts) = impacts {
            return Ok(self.remembered.entries.get().map(|entries| (entries, Arc::clone(impacts))));
        }
        if !view.cache.has_room_for_impacts() {
            return Ok(None);
        }
        let entries = self.entries(view)?;
        let found = Arc::new(Impacts::of(entries, lists, reading, view));
        view.cache.remember_impacts(found.bytes());
        *impacts = Some(Arc::clone(&found));
        Ok(Some((entries, found)))
    }

    /// What tells the word's own postings from those of any other word.
    pub(crate) fn identity(&self) -> WordIdentity {
        WordIdentity(Arc::clone(&self.remembered))
    }

    /// The word's own postings by document, if they are in memory.
    pub(crate) fn known_entries(&self) -> Option<&Entries> {
        self.remembered.entries.get()
    }

    fn entries(&self, view: &SegmentView<'_>) -> Result<&Entries> {
        let entries = &self.remembered.entries;
        if let Some(entries) = entries.get() {
            return Ok(entries);
        }
        let read = Entries::read(&self.lists[..self.merged], view)?;
        view.cache.remember_impacts(read.bytes());
        Ok(entries.get_or_init(|| read))
    }

    fn read_tail(&self, view: &SegmentView<'_>) -> Result<Tail> {
        let mut postings = Vec::with_capacity(self.short().map(|(_, list)| list.info.doc_freq as usize).sum());
        let mut blocks = Blocks::of_frequencies();
        for (number, list) in self.short() {
            blocks.each(list, view, |docs, frequencies| {
                let both = docs.iter().zip(frequencies);
                postings.extend(both.map(|(&doc, &frequency)| Posting { doc, list: number as u32, frequency }));
            })?;
        }
        // Stable: a document's lists are in order already. The sort finds that each list is.
        postings.sort_by_key(|posting| posting.doc);
        Ok(Tail { postings: postings.into() })
    }
}

fn postings_of(lists: &[PostingRef]) -> u64 {
    lists.iter().map(|list| u64::from(list.info.doc_freq)).sum()
}

/// The short lists of a word, by document, then by list.
#[derive(Clone, Debug)]
pub(crate) struct Tail {
    postings: Box<[Posting]>,
}

/// That a short list holds a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Posting {
    pub(crate) doc: DocId,
    /// Place of the list among [`WordPostings::lists`].
    pub(crate) list: u32,
    pub(crate) frequency: u32,
}

impl Tail {
    pub(crate) fn postings(&self) -> &[Posting] {
        &self.postings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(field: usize, doc_freq: u32) -> PostingRef {
        let info = tantivy::postings::TermInfo { doc_freq, postings_range: 0..0, positions_range: 0..0 };
        PostingRef { info, field, spelling: 0 }
    }

    #[test]
    fn lists_are_long_or_short_and_those_of_corrections_are_read_by_themselves() {
        let mut postings = WordPostings::new(vec![list(0, SHORT), list(1, SHORT + 1), list(1, 2000)]);
        postings.extend([list(2, 3)]);
        let fields = |lists: &mut dyn Iterator<Item = (usize, &PostingRef)>| -> Vec<(usize, usize)> {
            lists.map(|(number, list)| (number, list.field)).collect()
        };
        assert_eq!(fields(&mut postings.short()), [(0, 0)]);
        assert_eq!(fields(&mut postings.long()), [(1, 1), (2, 1), (3, 2)]);
        assert_eq!(
            (postings.count(), postings.own().count()),
            (u64::from(2 * SHORT + 2004), u64::from(2 * SHORT + 2001))
        );
        assert_eq!(postings.added().len(), 1);
        let mut postings = WordPostings::new(vec![list(0, SHORT), list(1, SHORT + 1)]);
        postings.extend([list(2, 3)]);
        assert_eq!(fields(&mut postings.short()), [(0, 0), (1, 1)], "few postings together");
        assert_eq!(fields(&mut postings.long()), [(2, 2)]);
    }

    #[test]
    fn a_common_word_has_postings_enough_for_its_set() {
        let postings = WordPostings::new(vec![list(0, 100)]);
        assert!(postings.is_common(3200) && !postings.is_common(3201));
        assert!(!WordPostings::new(vec![list(0, u32::MAX)]).is_common(u32::MAX));
    }
}
