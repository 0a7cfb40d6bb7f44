//! What one commit's searches share: statistics of the fields, length factors of the documents.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;
use tantivy::columnar::Column;
use tantivy::directory::{CompositeFile, FileSlice};
use tantivy::index::{InvertedIndexReader, SegmentComponent};
use tantivy::{Directory, SegmentReader};

use super::neighbours::Neighbours;
use crate::bigrams::{BigramCounts, WordHash};
use crate::error::{Error, ErrorKind, Result};
use crate::index::{Inner, SEQUENCE_COLUMN};
use crate::plan::Target;
use crate::rank::{FieldStats, Norms, Ranking, Spelling, Typed, Window, WordPostings, norms};
use crate::schema::FieldKind;

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
    norms: Mutex<FxHashMap<(Target, usize, u32), Norms>>,
    words: Mutex<FxHashMap<WordKey, Arc<FoundWord>>>,
    /// The words of the index that are one slip away from a folded word.
    near: Mutex<FxHashMap<(Target, String), FoundWords>>,
    /// Bytes of their postings and documents.
    remembered_bytes: AtomicUsize,
    /// Bytes of their impacts and entries.
    impacts_bytes: AtomicUsize,
    /// Where pairs of words stand side by side.
    pub(super) neighbours: Neighbours,
    bigrams: Mutex<Option<Bigrams>>,
    /// The positions of each segment, if their file can be read.
    positions: Vec<Option<CompositeFile>>,
    /// The sequence numbers of each segment's documents.
    sequences: Vec<Column<u64>>,
    /// Work space of searches that are over.
    windows: Mutex<Vec<Window>>,
}

/// How often words stand side by side in the index.
#[derive(Clone, Debug)]
pub(crate) struct Bigrams {
    counts: Arc<BigramCounts>,
    /// What turns a count into the documents there are now: the table never forgets those that were deleted.
    scale: f32,
}

impl Bigrams {
    /// How often two words, given in order, stand side by side, about.
    pub(crate) fn count(&self, left: WordHash, right: WordHash) -> f32 {
        self.counts.count(left, right) as f32 * self.scale
    }

    /// A table in which given pairs stand side by side as often as given.
    #[cfg(test)]
    pub(crate) fn of_pairs(pairs: &[(&str, &str, u32)]) -> Bigrams {
        Bigrams { counts: Arc::new(BigramCounts::of_pairs(pairs)), scale: 1.0 }
    }
}

/// What posting lists are looked up by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct WordKey {
    pub(crate) target: Target,
    pub(crate) marked: String,
    /// Whether the token is a compound as a whole, which code fields look up otherwise.
    pub(crate) compound: bool,
    pub(crate) strict: bool,
}

/// The spellings and posting lists of a token, before they are weighed for a query.
#[derive(Debug)]
pub(crate) struct FoundWord {
    pub(crate) spellings: Arc<[Spelling]>,
    pub(crate) segments: Arc<[WordPostings]>,
    /// The spellings as they were weighed for the ways in which the word was typed last.
    weighed: Mutex<Vec<(Typed, Arc<[Spelling]>)>>,
}

/// Several tokens' spellings and posting lists.
pub(crate) type FoundWords = Arc<[Arc<FoundWord>]>;

/// Ways of typing a word for which its spellings' weights are remembered, at most.
const REMEMBERED_WAYS: usize = 4;

impl FoundWord {
    pub(crate) fn new(spellings: Vec<Spelling>, segments: Arc<[WordPostings]>) -> FoundWord {
        FoundWord { spellings: spellings.into(), segments, weighed: Mutex::default() }
    }

    /// The spellings with the weights that they have for a word that was typed so.
    pub(crate) fn weighed(&self, typed: Typed) -> Arc<[Spelling]> {
        let mut known = self.weighed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, spellings)) = known.iter().find(|(known, _)| *known == typed) {
            return spellings.clone();
        }
        let mut spellings = self.spellings.clone();
        typed.weigh(Arc::make_mut(&mut spellings));
        if known.len() >= REMEMBERED_WAYS {
            known.remove(0);
        }
        known.push((typed, spellings.clone()));
        spellings
    }

    /// Documents with any spelling, at most: a document with two spellings counts twice.
    pub(crate) fn doc_freq(&self) -> u64 {
        self.spellings.iter().map(|spelling| spelling.doc_freq).sum()
    }
}

/// Tokens whose posting lists are remembered, at most; each takes one or two kilobytes.
const REMEMBERED_WORDS: usize = 1 << 14;

/// Words of which those one slip away are remembered, at most.
const REMEMBERED_NEAR: usize = 1 << 12;

/// Bytes of postings and documents that are remembered with them, about, at most.
const REMEMBERED_BYTES: usize = 32 << 20;

/// Searches at the same time whose work space is kept, at most; each takes about 100 kB.
const MOST_WINDOWS: usize = 16;

/// Bytes of impacts and entries that are remembered with them, about, at most.
const IMPACTS_BYTES: usize = 64 << 20;

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
            self.remembered_bytes.store(0, Ordering::Relaxed);
            self.impacts_bytes.store(0, Ordering::Relaxed);
        }
        words.insert(key, found.clone());
        Ok(found)
    }

    /// The words of the index that are one slip away from a folded word, or what `look_up` finds now.
    pub(crate) fn near(
        &self,
        target: &Target,
        folded: &str,
        look_up: impl FnOnce() -> Result<Vec<Arc<FoundWord>>>,
    ) -> Result<FoundWords> {
        let key = (target.clone(), folded.to_owned());
        let lock = || self.near.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = lock().get(&key) {
            return Ok(found.clone());
        }
        let found: FoundWords = look_up()?.into();
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

    /// Work space for a search: to get new memory for each takes as long as to search for a rare word.
    pub(crate) fn window(&self) -> Window {
        self.windows.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    /// Takes work space back.
    pub(crate) fn keep_window(&self, window: Window) {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() < MOST_WINDOWS {
            windows.push(window);
        }
    }

    /// The table of bigrams, which is read when it is first asked for.
    pub(crate) fn bigrams(&self, inner: &Inner) -> Result<Bigrams> {
        let mut bigrams = self.bigrams.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bigrams) = &*bigrams {
            return Ok(bigrams.clone());
        }
        let (counts, counted) = inner.bigrams.newest(&inner.storage)?;
        let scale = (self.documents as f32 / counted.max(1) as f32).min(1.0);
        Ok(bigrams.insert(Bigrams { counts, scale }).clone())
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

/// One segment, with what ranking asks of it.
#[derive(Clone, Copy)]
pub(crate) struct SegmentView<'a> {
    pub(crate) ordinal: usize,
    pub(crate) reader: &'a SegmentReader,
    pub(crate) inner: &'a Inner,
    pub(crate) cache: &'a SearchCache,
    pub(crate) ranking: &'a Ranking,
}

impl<'a> SegmentView<'a> {
    /// The length factors of the segment's documents over the fields of a target.
    pub(crate) fn norms(&self, target: &Target) -> Result<Norms> {
        let key = (target.clone(), self.ordinal, self.ranking.b.to_bits());
        let lock = || self.cache.norms.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = lock().get(&key) {
            return Ok(found.clone());
        }
        // Computed outside the lock: another thread may do the same work, to the same result.
        let fields: Vec<FieldStats> =
            target.fields.iter().filter_map(|&field| self.cache.fields.get(field)?.clone()).collect();
        let computed = norms(self.ranking, &fields, self.cache.documents, self.reader)?;
        lock().insert(key, computed.clone());
        Ok(computed)
    }

    pub(crate) fn field_weight(&self, field: usize) -> f32 {
        self.cache.fields.get(field).and_then(Option::as_ref).map_or(1.0, |stats| stats.weight)
    }

    pub(crate) fn index(&self, field: usize) -> Result<Arc<InvertedIndexReader>> {
        let slot = self.inner.layout.fields.get(field).copied().flatten();
        let slot = slot.ok_or_else(|| Error::new(ErrorKind::Internal, format!("field {field} has no postings")))?;
        Ok(self.reader.inverted_index(slot)?)
    }

    /// The sequence numbers of the documents.
    pub(crate) fn sequences(&self) -> Result<&'a Column<u64>> {
        let missing = || Error::new(ErrorKind::Internal, format!("segment {} has no sequence numbers", self.ordinal));
        self.cache.sequences.get(self.ordinal).ok_or_else(missing)
    }

    /// The positions of a field.
    pub(crate) fn positions_of(&self, field: usize) -> Option<FileSlice> {
        let slot = self.inner.layout.fields.get(field).copied().flatten()?;
        self.cache.positions.get(self.ordinal)?.as_ref()?.open_read(slot)
    }

    pub(crate) fn documents(&self) -> u32 {
        self.reader.max_doc()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_forgotten_when_they_take_too_much_memory() {
        let cache = SearchCache::default();
        let key = |word: &str| WordKey {
            target: Target { fields: [0].into() },
            marked: word.to_owned(),
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
