//! What one commit's searches share: statistics of the fields, length factors of the documents, what words were found to be.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;
use tantivy::columnar::Column;
use tantivy::directory::CompositeFile;
use tantivy::index::SegmentComponent;
use tantivy::{Directory, SegmentReader};

use super::bigrams::Bigrams;
use super::found::{FoundWord, NearSpelling, NearSpellings, WordKey};
use super::neighbours::Neighbours;
use crate::error::Result;
use crate::index::{Inner, SEQUENCE_COLUMN};
use crate::plan::Target;
use crate::rank::{FieldStats, List, Norms, Top, Window};
use crate::schema::FieldKind;
use crate::spares::Spares;

/// How much a token of a code field counts beside one of a text field: the document that bears a number comes before
/// those that cite it.
const CODE_WEIGHT: f32 = 8.0;

/// Computed once a commit, or when first asked for.
#[derive(Debug, Default)]
pub(crate) struct SearchCache {
    /// One a field of the schema; `None` where the field is not ranked.
    pub(crate) fields: Vec<Option<FieldStats>>,
    /// Documents of all segments, deleted ones included.
    pub(crate) documents: u64,
    /// By field set, segment, and the bits of the constant `b`.
    pub(super) norms: Mutex<FxHashMap<(Target, usize, u32), Norms>>,
    words: Mutex<FxHashMap<WordKey, Arc<FoundWord>>>,
    /// The spellings of the index that are one slip away from a word, by its marked form.
    near: Mutex<FxHashMap<(Target, Arc<str>), NearSpellings>>,
    /// Bytes of their postings and documents.
    remembered_bytes: AtomicUsize,
    /// Bytes of their impacts and entries.
    impacts_bytes: AtomicUsize,
    /// Where pairs of words stand side by side.
    pub(super) neighbours: Neighbours,
    bigrams: Mutex<Option<Bigrams>>,
    /// The positions of each segment, if their file can be read.
    pub(super) positions: Vec<Option<CompositeFile>>,
    /// The sequence numbers of each segment's documents.
    pub(super) sequences: Vec<Column<u64>>,
    /// Work space of searches that are over.
    spaces: Spares<WorkSpace, MOST_SPACES>,
}

/// Memory that a search works in: to get new memory for each takes as long as to search for a rare word.
#[derive(Debug, Default)]
pub(crate) struct WorkSpace {
    pub(super) window: Window,
    pub(super) top: Top,
    /// For the posting lists of segments: empty ones.
    pub(super) lists: Vec<Vec<List>>,
}

impl WorkSpace {
    /// Takes back the lists of a segment.
    pub(super) fn keep_lists(&mut self, mut lists: Vec<List>) {
        // A segment without a match took none.
        if (1..=MOST_LISTS).contains(&lists.capacity()) {
            lists.clear();
            self.lists.push(lists);
        }
    }
}

/// Posting lists of a segment for which memory is kept, at most; each takes about a hundred bytes.
const MOST_LISTS: usize = 1 << 10;

/// Tokens whose posting lists are remembered, at most; each takes one or two kilobytes.
const REMEMBERED_WORDS: usize = 1 << 14;

/// Words of which those one slip away are remembered, at most.
const REMEMBERED_NEAR: usize = 1 << 12;

/// Bytes of postings and documents that are remembered with them, about, at most.
const REMEMBERED_BYTES: usize = 32 << 20;

/// Searches at the same time whose work space is kept, at most; each takes some 300 to 600 kB.
const MOST_SPACES: usize = 16;

/// Bytes of impacts and entries, with positions, that are remembered with them, about, at most.
const IMPACTS_BYTES: usize = 128 << 20;

impl SearchCache {
    /// What a token was found to be, or what `look_up` finds now.
    pub(crate) fn word(&self, key: WordKey, look_up: impl FnOnce() -> Result<FoundWord>) -> Result<Arc<FoundWord>> {
        let lock = || self.words.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = lock().get(&key) {
            return Ok(found.clone());
        }
        let found = Arc::new(look_up()?);
        let mut words = lock();
        if words.len() >= REMEMBERED_WORDS || self.remembered_bytes.load(Ordering::Relaxed) >= REMEMBERED_BYTES {
            words.clear();
            self.near.lock().unwrap_or_else(PoisonError::into_inner).clear();
            self.neighbours.clear();
            self.remembered_bytes.store(0, Ordering::Relaxed);
            self.impacts_bytes.store(0, Ordering::Relaxed);
        }
        words.insert(key, found.clone());
        Ok(found)
    }

    /// The spellings of the index that are one slip away from a word, given in its marked form, or what `look_up` finds now.
    pub(crate) fn near(
        &self,
        target: &Target,
        marked: &Arc<str>,
        look_up: impl FnOnce() -> Result<Vec<NearSpelling>>,
    ) -> Result<NearSpellings> {
        let key = (target.clone(), marked.clone());
        let lock = || self.near.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = lock().get(&key) {
            return Ok(found.clone());
        }
        let found: NearSpellings = look_up()?.into();
        let mut near = lock();
        if near.len() >= REMEMBERED_NEAR {
            near.clear();
        }
        near.insert(key, found.clone());
        Ok(found)
    }

    /// Says that so many bytes are now kept with a word.
    pub(crate) fn remember(&self, bytes: usize) {
        self.remembered_bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Whether there is room for the impacts of another word. They are not made anew in the place of others: it takes longer
    /// than to do without.
    pub(crate) fn has_room_for_impacts(&self) -> bool {
        self.impacts_bytes.load(Ordering::Relaxed) < IMPACTS_BYTES
    }

    /// Says that so many bytes of impacts are now kept with a word.
    pub(crate) fn remember_impacts(&self, bytes: usize) {
        self.impacts_bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Work space for a search.
    pub(crate) fn work_space(&self) -> WorkSpace {
        self.spaces.take()
    }

    /// Takes work space back.
    pub(crate) fn keep_work_space(&self, space: WorkSpace) {
        self.spaces.keep(space);
    }

    /// The table of bigrams, which is read when it is first asked for.
    pub(crate) fn bigrams(&self, inner: &Inner) -> Result<Bigrams> {
        let mut bigrams = self.bigrams.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bigrams) = &*bigrams {
            return Ok(bigrams.clone());
        }
        let (counts, counted) = inner.bigrams.newest(&inner.storage)?;
        let scale = (self.documents as f32 / counted.max(1) as f32).min(1.0);
        Ok(bigrams.insert(Bigrams::new(counts, scale)).clone())
    }

    pub(crate) fn new(inner: &Inner, storage: &tantivy::Searcher) -> Result<SearchCache> {
        let documents = storage.segment_readers().iter().map(|segment| u64::from(segment.max_doc())).sum();
        let mut fields = Vec::with_capacity(inner.layout.fields.len());
        for (field, slot) in inner.schema.fields().iter().zip(&inner.layout.fields) {
            fields.push(match *slot {
                Some(slot) if field.kind().is_searched_by_default() => {
                    let mut tokens = 0;
                    for segment in storage.segment_readers() {
                        tokens += segment.inverted_index(slot)?.total_num_tokens();
                    }
                    let weight =
                        if field.kind() == FieldKind::Code { CODE_WEIGHT * field.weight() } else { field.weight() };
                    Some(FieldStats { slot, weight, tokens })
                }
                _ => None,
            });
        }
        let segments = storage.segment_readers().iter();
        let positions = segments.clone().map(|segment| positions_of(inner, segment)).collect();
        let sequences = segments.map(|segment| segment.fast_fields().u64(SEQUENCE_COLUMN));
        let sequences = sequences.collect::<tantivy::Result<_>>()?;
        Ok(SearchCache { fields, documents, positions, sequences, ..SearchCache::default() })
    }
}

/// Opens the file with all positions of a segment.
fn positions_of(inner: &Inner, segment: &SegmentReader) -> Option<CompositeFile> {
    let name = format!("{}.{}", segment.segment_id().uuid_string(), SegmentComponent::Positions);
    let file = inner.storage.directory().open_read(Path::new(&name)).ok()?;
    CompositeFile::open(&file).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_kept_for_the_next_search_but_none_and_too_many() {
        let mut space = WorkSpace::default();
        for (capacity, kept) in [(0, 0), (MOST_LISTS + 1, 0), (40, 1)] {
            space.keep_lists(Vec::with_capacity(capacity));
            assert_eq!(space.lists.len(), kept, "{capacity}");
        }
    }

    #[test]
    fn words_are_forgotten_when_they_take_too_much_memory() {
        let cache = SearchCache::default();
        let key = |word: &str| WordKey {
            target: Target { fields: [0].into() },
            marked: word.into(),
            compound: false,
            strict: false,
        };
        let look_up = |word: &str| {
            let mut looked_up = false;
            let found = cache.word(key(word), || {
                looked_up = true;
                Ok(FoundWord::new(Vec::new(), [].into()))
            });
            assert!(found.is_ok());
            looked_up
        };
        assert!(look_up("a") && !look_up("a"));
        cache.remember(REMEMBERED_BYTES);
        assert!(!look_up("a"), "what is remembered is given");
        assert!(look_up("b") && look_up("a"), "a new word makes room");
        assert!(!look_up("a") && !look_up("b"));
    }
}
