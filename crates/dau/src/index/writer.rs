//! Adding, replacing and deleting documents. Everything takes effect at [`Writer::commit`], wholly or not at all.

use std::collections::HashSet;
use std::hash::BuildHasher;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustc_hash::FxHashSet;
use serde::Serialize;
use serde_json::{Map, Value};
use tantivy::indexer::{LogMergePolicy, NoMergePolicy};
use tantivy::schema::OwnedValue;
use tantivy::{IndexWriter, TantivyError, Term};

use super::note::CommitNote;
use super::queue::{Backlog, Queued, SlotValue};
use super::{Index, WriterOptions};
use crate::document::{Indexed, each_value, id_of, to_map};
use crate::error::{Error, ErrorKind, Result};
use crate::schema::FieldKind;
use crate::search::{Search, Searcher, SequenceSet};

/// A segment with a larger share of deleted documents is rewritten without them.
const MOST_DELETED_SHARE: f32 = 0.25;
/// The part of the memory that documents may take which have not reached an indexing thread: a 64th. More only takes memory:
/// indexing is as fast.
const BACKLOG_SHIFT: u32 = 6;
/// As many bytes for each thread at most: a hundred pages of text or more.
const MOST_BACKLOG: usize = 512 << 10;
/// While other merges run that take segments away, merging everything is tried again after a pause, each longer than the one before.
const FIRST_PAUSE: Duration = Duration::from_millis(5);
const LONGEST_PAUSE: Duration = Duration::from_millis(250);
/// So long the segments may stay as they are while others are said to be merged: a merge of tens of gigabytes takes less.
const MOST_PATIENCE: Duration = Duration::from_secs(1800);

/// What one commit did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Commit {
    /// Documents added, those that replaced others included.
    pub added: u64,
    /// Added documents that replaced one of the same id.
    pub replaced: u64,
    /// Documents deleted by id or query.
    pub deleted: u64,
    /// Documents in the index after the commit.
    pub documents: u64,
}

/// Changes an index. Dropped without [`commit`](Writer::commit), it changes nothing.
///
/// # Example: replace by id, delete
///
/// ```
/// use dau::{Index, Schema};
/// use serde_json::json;
///
/// let index = Index::in_ram(Schema::builder().id("id").text("title").build()?)?;
/// let mut writer = index.writer()?;
/// writer.add(&json!({"id": "a", "title": "cũ"}))?;
/// writer.add(&json!({"id": "a", "title": "mới"}))?;
/// writer.add(&json!({"id": "b", "title": "thừa"}))?;
/// writer.delete("b");
/// let commit = writer.commit()?;
/// assert_eq!((commit.replaced, commit.documents), (1, 1));
/// # Ok::<(), dau::Error>(())
/// ```
pub struct Writer {
    index: Index,
    storage: IndexWriter<Queued>,
    /// The newest commit: tells which ids are there already.
    committed: Searcher,
    /// Hashes of the ids added since the last commit. Two ids of one hash cost a needless delete, nothing else.
    added_ids: FxHashSet<u64>,
    /// Hashes of committed ids deleted since, so that none is counted twice.
    deleted_ids: FxHashSet<u64>,
    /// What the next commit says of itself, but for the number of its bigram counts, which is the last commit's.
    note: CommitNote,
    pending: Commit,
    backlog: Backlog,
}

impl Writer {
    pub(super) fn open(index: Index, options: &WriterOptions) -> Result<Writer> {
        let (threads, bytes) = options.resolve()?;
        let storage: IndexWriter<Queued> = index.inner().storage.writer_with_num_threads(threads, bytes * threads)?;
        merge_in_background(&storage);
        // What a writer left behind that was killed, or found the disk full, may be what fills the disk now.
        storage.garbage_collect_files().wait()?;
        let committed = index.literal_searcher()?;
        let note = CommitNote::read(&index.inner().storage)?;
        index.inner().bigrams.forget_counted();
        index.inner().bigrams.remove_others(&[note.bigrams]);
        Ok(Writer {
            index,
            storage,
            committed,
            added_ids: HashSet::default(),
            deleted_ids: HashSet::default(),
            note,
            pending: Commit::default(),
            backlog: Backlog::new((bytes >> BACKLOG_SHIFT).min(MOST_BACKLOG) * threads),
        })
    }

    /// Adds a document; one with the same unique id is replaced.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Document`] when it does not fit the schema: the writer goes on as if it had not been given.
    /// [`ErrorKind::Io`] when the index cannot be written: nothing since the last commit will be kept.
    pub fn add(&mut self, document: &impl Serialize) -> Result<()> {
        self.add_map(to_map(document)?)
    }

    /// Adds a document given as a map of fields; otherwise as [`Writer::add`].
    ///
    /// # Errors
    ///
    /// As [`Writer::add`].
    pub fn add_map(&mut self, map: Map<String, Value>) -> Result<()> {
        let id = id_of(self.index.schema(), &map)?;
        let mut values = self.convert(id.as_deref(), map)?;
        let layout = &self.index.inner().layout;
        let (id_slot, sequence) = (layout.id, layout.sequence);
        values.push((sequence, OwnedValue::U64(self.note.next_sequence)));
        if let (Some(slot), Some(id)) = (id_slot, id) {
            self.pending.replaced += self.forget(&id);
            self.added_ids.insert(hash(&id));
            values.push((slot, OwnedValue::Str(id)));
        }
        self.storage.add_document(self.backlog.enter(values))?;
        self.note.next_sequence += 1;
        self.pending.added += 1;
        Ok(())
    }

    /// Deletes the document with this id, if there is one.
    ///
    /// Without an id field in the schema nothing has an id, and nothing is deleted.
    pub fn delete(&mut self, id: &str) {
        self.pending.deleted += self.forget(id);
        self.added_ids.remove(&hash(id));
    }

    /// Deletes every committed document that a query matches, and says how many these are.
    ///
    /// Documents added since the last commit stay.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Query`] for a query that asks a field for what it cannot give.
    pub fn delete_matching(&mut self, search: &Search) -> Result<u64> {
        let sequences = self.committed.matching_sequences(search)?;
        let count = sequences.len() as u64;
        self.storage.delete_query(Box::new(SequenceSet::new(Arc::new(sequences))))?;
        self.pending.deleted += count;
        Ok(count)
    }

    /// Makes everything since the last commit durable and visible to new searchers.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] when it cannot be written; the index then stays at its last commit.
    pub fn commit(&mut self) -> Result<Commit> {
        let bigrams = &self.index.inner().bigrams;
        bigrams.settle();
        let mut prepared = self.storage.prepare_commit()?;
        let before = self.note.bigrams;
        let note = CommitNote { bigrams: bigrams.write(before, prepared.opstamp())?, ..self.note };
        prepared.set_payload(&note.to_payload());
        prepared.commit()?;
        self.note = note;
        // A reader may be about to read the table of the commit before.
        bigrams.remove_others(&[before, note.bigrams]);
        self.index.note_commit();
        self.committed = self.index.literal_searcher()?;
        let done = Commit { documents: self.committed.document_count(), ..self.pending };
        self.forget_pending();
        Ok(done)
    }

    /// Takes back everything since the last commit.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] when the index cannot be read.
    pub fn rollback(&mut self) -> Result<()> {
        self.storage.rollback()?;
        // Rolling back makes a new writer below.
        merge_in_background(&self.storage);
        self.storage.garbage_collect_files().wait()?;
        self.note = CommitNote::read(&self.index.inner().storage)?;
        self.index.inner().bigrams.forget_counted();
        self.index.inner().bigrams.remove_others(&[self.note.bigrams]);
        self.forget_pending();
        Ok(())
    }

    /// Merges all segments into one and frees the space of deleted documents. Commits first.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] when the index cannot be written.
    pub fn optimize(&mut self) -> Result<Commit> {
        self.storage.set_merge_policy(Box::new(NoMergePolicy));
        let merged = self.commit().and_then(|done| self.merge_all().map(|()| done));
        merge_in_background(&self.storage);
        let done = merged?;
        self.storage.garbage_collect_files().wait()?;
        self.index.note_commit();
        self.committed = self.index.literal_searcher()?;
        Ok(done)
    }

    /// Waits until the merging of segments that runs in the background is done.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] when a merge failed; nothing committed is lost by that.
    pub fn wait_merges(self) -> Result<()> {
        self.storage.wait_merging_threads()?;
        self.index.note_commit();
        Ok(())
    }

    /// Merges all segments into one. No other merge may start meanwhile; one that runs already, which nothing tells when it is done,
    /// is waited for.
    fn merge_all(&mut self) -> Result<()> {
        let (mut seen, mut since, mut pause) = (Vec::new(), Instant::now(), FIRST_PAUSE);
        while since.elapsed() < MOST_PATIENCE {
            self.index.note_commit();
            let searcher = self.index.literal_searcher()?;
            let segments = self.index.inner().storage.searchable_segment_ids()?;
            if segments.len() <= 1 && searcher.deleted_count() == 0 {
                return Ok(());
            }
            match self.storage.merge(&segments).wait() {
                Ok(_) => return Ok(()),
                // Another merge has taken some of these segments: what it makes is next.
                Err(TantivyError::InvalidArgument(_)) => {}
                Err(error) => return Err(error.into()),
            }
            if segments != seen {
                (seen, since, pause) = (segments, Instant::now(), FIRST_PAUSE);
            }
            std::thread::sleep(pause);
            pause = (2 * pause).min(LONGEST_PAUSE);
        }
        let message = format!(
            "the segments could not be merged into one: others have been merged for {} minutes; try again",
            MOST_PATIENCE.as_secs() / 60
        );
        Err(Error::new(ErrorKind::Internal, message))
    }

    fn convert(&self, id: Option<&str>, map: Map<String, Value>) -> Result<Vec<SlotValue>> {
        let inner = self.index.inner();
        let mut source = serde_json::to_string(&map).map_err(std::io::Error::other)?;
        // It grew by doubling, and may wait for long.
        source.shrink_to_fit();
        let mut values = Vec::with_capacity(map.len() + 3);
        each_value(&inner.schema, id, map, |position, value| {
            let Some(slot) = inner.layout.fields[position] else {
                return;
            };
            let value = match value {
                Indexed::Text(text) if inner.schema.fields()[position].kind() == FieldKind::Path => {
                    match crate::analysis::normal_path(&text) {
                        // The root is no category.
                        path if path.is_empty() => return,
                        path => OwnedValue::Str(path),
                    }
                }
                Indexed::Text(text) => OwnedValue::Str(text),
                Indexed::Integer(number) | Indexed::Seconds(number) => OwnedValue::I64(number),
                Indexed::Float(number) => OwnedValue::F64(number),
                Indexed::Bool(flag) => OwnedValue::Bool(flag),
            };
            values.push((slot, value));
        })?;
        values.push((inner.layout.source, OwnedValue::Str(source)));
        Ok(values)
    }

    /// Deletes what has this id; returns 1 when that was a document, else 0.
    fn forget(&mut self, id: &str) -> u64 {
        let Some(slot) = self.index.inner().layout.id else {
            return 0;
        };
        let hash = hash(id);
        let pending = self.added_ids.contains(&hash);
        let committed = !self.deleted_ids.contains(&hash) && self.committed.has_id(id);
        if committed {
            self.deleted_ids.insert(hash);
        }
        if pending || committed {
            self.storage.delete_term(Term::from_field_text(slot, id));
        }
        u64::from(pending || committed)
    }

    fn forget_pending(&mut self) {
        self.added_ids.clear();
        self.deleted_ids.clear();
        self.pending = Commit::default();
    }
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").field("index", &self.index).field("pending", &self.pending).finish_non_exhaustive()
    }
}

fn merge_in_background(storage: &IndexWriter<Queued>) {
    let mut policy = LogMergePolicy::default();
    policy.set_del_docs_ratio_before_merge(MOST_DELETED_SHARE);
    storage.set_merge_policy(Box::new(policy));
}

fn hash(id: &str) -> u64 {
    rustc_hash::FxBuildHasher.hash_one(id)
}
