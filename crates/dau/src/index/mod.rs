//! An index as a whole: creating, opening, and what it says of itself.

mod bigram_files;
mod check;
mod description;
mod folder;
mod layout;
mod note;
mod queue;
mod segment;
mod small_files;
mod stamp;
mod stats;
mod synonym_file;
mod writer;
mod writer_options;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::{Index as Storage, IndexReader, IndexSettings, ReloadPolicy};

pub use check::CheckReport;
pub(crate) use layout::{ID_COLUMN, Layout, SEQUENCE_COLUMN, fast_name};
pub use stats::Stats;
pub use writer::{Commit, Writer};
pub use writer_options::WriterOptions;

use crate::analysis;
use crate::bigrams::BigramCounter;
use crate::error::{Error, ErrorKind, Result, guarded};
use crate::schema::Schema;
use crate::search::{Results, Search, SearchCache, Searcher};
use crate::synonyms::Synonyms;
use bigram_files::BigramFiles;
use description::Description;
use folder::Folder;
use segment::PostingsPlugin;
use stamp::Stamp;
use synonym_file::SynonymFile;

/// The storage layer's own description of its segments.
const SEGMENTS_FILE: &str = "meta.json";

/// Bytes of documents that are compressed together. Larger blocks pack better and make a single `get` slower: 64 KiB
/// would save another 2 %.
const STORE_BLOCK_BYTES: usize = 48 * 1024;

/// zstd's level for stored documents: its own default, the knee of its curve of size against time.
const STORE_LEVEL: i32 = 3;

/// A full-text index, in a directory or in memory. Cheap to clone; all clones are the same index.
///
/// # Example
///
/// ```
/// use dau::{Index, Schema, Search};
/// use serde_json::json;
///
/// let index = Index::in_ram(Schema::builder().id("id").text("title").build()?)?;
/// let mut writer = index.writer()?;
/// writer.add(&json!({"id": 1, "title": "Đường sắt Bắc Nam"}))?;
/// writer.commit()?;
/// assert_eq!(index.search(&Search::new("duong sat"))?.total, 1);
/// # Ok::<(), dau::Error>(())
/// ```
#[derive(Clone)]
pub struct Index {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) schema: Schema,
    pub(crate) layout: Layout,
    pub(crate) storage: Storage,
    pub(crate) bigrams: BigramFiles,
    synonyms: SynonymFile,
    /// Absolute, as every path that is kept: the program may move to another folder.
    dir: Option<PathBuf>,
    reader: IndexReader,
    /// Commits made through this index; readers compare it to learn that there is something new.
    commits: AtomicU64,
    loaded: Mutex<Loaded>,
    /// Of the commit that the reader holds.
    cache: Mutex<Arc<SearchCache>>,
}

/// Which commit the reader holds.
#[derive(Clone, Copy, PartialEq)]
struct Loaded {
    commits: u64,
    /// Another process's commit shows in the segments' file.
    file: Option<Stamp>,
}

impl Index {
    /// Creates an index in an empty or new directory.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::AlreadyExists`] when there is an index, [`ErrorKind::Io`] when the directory cannot be written.
    pub fn create(dir: impl AsRef<Path>, schema: Schema) -> Result<Index> {
        let dir = dir.as_ref();
        if dir.join(SEGMENTS_FILE).exists() || has_segments(dir) {
            let message = format!("there is an index in {} already: open it, or name another folder", dir.display());
            return Err(Error::new(ErrorKind::AlreadyExists, message));
        }
        std::fs::create_dir_all(dir).map_err(|error| Error::io(dir, "create folder", error))?;
        // The description goes first: an index is there from the moment that the segments' file is.
        Description::of(&schema).write(dir)?;
        let (storage_schema, layout) = Layout::new(&schema);
        let folder = Folder::open(dir).map_err(tantivy::TantivyError::from)?;
        let path = folder.path().to_owned();
        let storage = Storage::builder().schema(storage_schema).settings(settings()).open_or_create(folder)?;
        Index::from_storage(storage, schema, layout, Some(path))
    }

    /// Opens the index in a directory.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] when there is none; [`ErrorKind::Version`] and [`ErrorKind::Fingerprint`] when it was
    /// written by a program whose format or rules differ; [`ErrorKind::Corrupt`] when it is damaged.
    pub fn open(dir: impl AsRef<Path>) -> Result<Index> {
        let dir = dir.as_ref();
        let schema = Description::read(dir)?;
        if !dir.join(SEGMENTS_FILE).exists() {
            return Err(if has_segments(dir) { description::no_list(dir) } else { description::no_index(dir) });
        }
        let (storage_schema, layout) = Layout::new(&schema);
        let folder = Folder::open(dir).map_err(tantivy::TantivyError::from)?;
        let path = folder.path().to_owned();
        let storage = guarded(|| Ok(Storage::open(folder)?))?;
        if storage.schema() != storage_schema {
            let message = format!(
                "the index in {} is damaged: its description and its segments disagree; build it anew",
                dir.display()
            );
            return Err(Error::new(ErrorKind::Corrupt, message));
        }
        Index::from_storage(storage, schema, layout, Some(path))
    }

    /// Opens the index in a directory, or creates it with this schema when there is none.
    ///
    /// # Errors
    ///
    /// As [`Index::open`] and [`Index::create`]; and [`ErrorKind::Schema`] when there is an index with another schema.
    pub fn open_or_create(dir: impl AsRef<Path>, schema: Schema) -> Result<Index> {
        let dir = dir.as_ref();
        match Index::open(dir) {
            Ok(index) if index.inner.schema == schema => Ok(index),
            Ok(_) => {
                let message = format!(
                    "the index in {} has another schema: open it as it is, or name another folder",
                    dir.display()
                );
                Err(Error::new(ErrorKind::Schema, message))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Index::create(dir, schema),
            Err(error) => Err(error),
        }
    }

    /// Creates an index in memory; it is gone when its last clone is.
    ///
    /// # Errors
    ///
    /// None that a valid schema could cause.
    pub fn in_ram(schema: Schema) -> Result<Index> {
        let (storage_schema, layout) = Layout::new(&schema);
        let storage = Storage::builder().schema(storage_schema).settings(settings()).create_in_ram()?;
        Index::from_storage(storage, schema, layout, None)
    }

    fn from_storage(mut storage: Storage, schema: Schema, layout: Layout, dir: Option<PathBuf>) -> Result<Index> {
        let counter = Arc::new(BigramCounter::default());
        analysis::register(storage.tokenizers());
        storage.register_plugin(Arc::new(PostingsPlugin::new(counter.clone())));
        let bigrams = BigramFiles::new(dir.clone(), counter);
        let reader = guarded(|| Ok(storage.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?))?;
        let loaded = Loaded { commits: 0, file: segments_stamp(dir.as_deref()) };
        let commits = AtomicU64::new(0);
        let (cache, synonyms) = (Mutex::default(), SynonymFile::new(dir.as_deref()));
        let inner =
            Inner { schema, layout, storage, bigrams, synonyms, dir, reader, commits, loaded: loaded.into(), cache };
        let cache = guarded(|| SearchCache::new(&inner, &inner.reader.searcher()))?;
        *lock(&inner.cache) = Arc::new(cache);
        Ok(Index { inner: Arc::new(inner) })
    }

    /// Returns what the fields of the index are.
    pub fn schema(&self) -> &Schema {
        &self.inner.schema
    }

    /// Opens a writer with default options. There is one writer at a time.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Locked`] when another writer is open, in this process or another.
    pub fn writer(&self) -> Result<Writer> {
        self.writer_with(&WriterOptions::new())
    }

    /// Opens a writer.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Locked`] when another writer is open, [`ErrorKind::Argument`] for impossible options.
    pub fn writer_with(&self, options: &WriterOptions) -> Result<Writer> {
        Writer::open(self.clone(), options)
    }

    /// Returns the synonyms that are kept with the index.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] or [`ErrorKind::Corrupt`] when their file cannot be read.
    pub fn synonyms(&self) -> Result<Synonyms> {
        Ok(self.inner.synonyms.synonyms()?.as_ref().clone())
    }

    /// Keeps synonyms with the index, in the place of those that there are. They take effect in new searchers, at once and
    /// for good; no writer is needed, and no document is indexed anew.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] when they cannot be written.
    pub fn set_synonyms(&self, synonyms: &Synonyms) -> Result<()> {
        self.inner.synonyms.set(synonyms)
    }

    /// Returns a view of the newest commit, with the newest synonyms. It stays as it is while the index goes on changing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] or [`ErrorKind::Corrupt`] when a new commit or the synonyms cannot be read.
    pub fn searcher(&self) -> Result<Searcher> {
        Ok(self.literal_searcher()?.with_wordings(self.inner.synonyms.wordings()?))
    }

    /// A view of the newest commit in which words stand for themselves only: what a writer deletes is what was named.
    fn literal_searcher(&self) -> Result<Searcher> {
        let inner = &self.inner;
        let now = Loaded { commits: inner.commits.load(Ordering::Acquire), file: segments_stamp(inner.dir.as_deref()) };
        let mut loaded = lock(&inner.loaded);
        if *loaded != now {
            let cache = guarded(|| {
                inner.reader.reload()?;
                SearchCache::new(inner, &inner.reader.searcher())
            });
            *lock(&inner.cache) = Arc::new(cache?);
            *loaded = now;
        }
        let cache = lock(&inner.cache).clone();
        Ok(Searcher::new(self.inner.clone(), inner.reader.searcher(), cache))
    }

    /// Searches the newest commit: short for [`Index::searcher`] and [`Searcher::search`].
    ///
    /// # Errors
    ///
    /// As both of these.
    pub fn search(&self, search: &Search) -> Result<Results> {
        self.searcher()?.search(search)
    }

    /// Counts documents, terms and bytes of the newest commit.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] when the index cannot be read.
    pub fn stats(&self) -> Result<Stats> {
        let searcher = self.literal_searcher()?;
        guarded(|| stats::of(&searcher))
    }

    /// Verifies an index directory: its description, every file's checksum, and that each document can be read.
    ///
    /// # Errors
    ///
    /// As [`Index::open`]; damage within the files is not an error but a finding of the report.
    pub fn check(dir: impl AsRef<Path>) -> Result<CheckReport> {
        let index = Index::open(dir)?;
        guarded(|| check::check(&index))
    }

    pub(crate) fn inner(&self) -> &Arc<Inner> {
        &self.inner
    }

    fn note_commit(&self) {
        self.inner.commits.fetch_add(1, Ordering::AcqRel);
    }
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Index")
            .field("dir", &self.inner.dir)
            .field("schema", &self.inner.schema)
            .finish_non_exhaustive()
    }
}

fn settings() -> IndexSettings {
    let zstd = ZstdCompressor { compression_level: Some(STORE_LEVEL) };
    IndexSettings {
        docstore_compression: Compressor::Zstd(zstd),
        docstore_blocksize: STORE_BLOCK_BYTES,
        ..IndexSettings::default()
    }
}

/// Whether there are documents here, listed or not. None are before the first list is.
fn has_segments(dir: &Path) -> bool {
    let Ok(mut entries) = std::fs::read_dir(dir) else {
        return false;
    };
    entries.any(|entry| entry.is_ok_and(|entry| entry.path().extension().is_some_and(|extension| extension == "store")))
}

fn segments_stamp(dir: Option<&Path>) -> Option<Stamp> {
    Stamp::of(&dir?.join(SEGMENTS_FILE))
}

/// What is behind the locks here is replaced whole, so a panic elsewhere leaves it whole too.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
