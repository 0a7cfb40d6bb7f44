//! Where the tables of bigram counts are kept: files beside the segments, or in memory.
//!
//! A table is large. A small commit leaves it as it is and writes what was counted since the table was; one that makes this too much, or
//! is large itself, writes a new table. No file is ever changed.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use tantivy::directory::error::OpenReadError;
use tantivy::directory::{MmapDirectory, OwnedBytes};
use tantivy::{Directory, TantivyError};

use super::description::write_atomically;
use super::note::{BigramNumbers, CommitNote};
use super::{Storage, lock};
use crate::bigrams::{BigramCounter, BigramCounts, file_name, number_of};
use crate::error::{Error, ErrorKind, Result};

/// A commit of another process may put a newer file in the place of the one that is about to be read, as often as this.
const READ_ATTEMPTS: usize = 5;

/// The tables of an index.
#[derive(Debug)]
pub(crate) struct BigramFiles {
    dir: Option<PathBuf>,
    counter: Arc<BigramCounter>,
    /// Counts with their numbers: of an index on disk those that were read or written last, of one in memory all.
    known: Mutex<Vec<(BigramNumbers, Arc<BigramCounts>)>>,
}

impl BigramFiles {
    pub(super) fn new(dir: Option<PathBuf>, counter: Arc<BigramCounter>) -> BigramFiles {
        BigramFiles { dir, counter, known: Mutex::default() }
    }

    /// Returns the newest commit's table, and how many documents were ever counted in it.
    pub(crate) fn newest(&self, storage: &Storage) -> Result<(Arc<BigramCounts>, u64)> {
        let mut attempts = 1;
        loop {
            let note = CommitNote::read(storage)?;
            match self.read(note.bigrams) {
                Err(error) if error.kind() == ErrorKind::NotFound && attempts < READ_ATTEMPTS => attempts += 1,
                counts => return Ok((counts?, note.next_sequence)),
            }
        }
    }

    /// Reads the counts of these numbers.
    pub(super) fn read(&self, numbers: BigramNumbers) -> Result<Arc<BigramCounts>> {
        if let Some((_, counts)) = lock(&self.known).iter().find(|(known, _)| *known == numbers) {
            return Ok(counts.clone());
        }
        let counts = match &self.dir {
            Some(dir) => counts_in(dir, numbers)?,
            None if numbers == BigramNumbers::default() => BigramCounts::default(),
            None => {
                let message =
                    format!("no bigram counts have the numbers {numbers:?}: their commit is no longer the newest");
                return Err(Error::new(ErrorKind::NotFound, message));
            }
        };
        Ok(self.know(numbers, counts))
    }

    fn know(&self, numbers: BigramNumbers, counts: BigramCounts) -> Arc<BigramCounts> {
        let counts = Arc::new(counts);
        let mut known = lock(&self.known);
        if self.dir.is_some() {
            known.clear();
        }
        known.push((numbers, counts.clone()));
        counts
    }

    /// Adds what was counted since to the counts `old`, keeps the sum in a new file of number `new`, and returns its numbers: `old`
    /// when nothing was counted.
    pub(super) fn write(&self, old: BigramNumbers, new: u64) -> Result<BigramNumbers> {
        let counted = self.counter.take();
        if counted.is_empty() {
            return Ok(old);
        }
        let counts = self.read(old)?.plus(counted);
        let (numbers, pieces) = if counts.is_settled() {
            (BigramNumbers { table: new, since: 0 }, BigramCounts::table_pieces as Pieces)
        } else {
            (BigramNumbers { since: new, ..old }, BigramCounts::since_pieces as Pieces)
        };
        if let Some(dir) = &self.dir {
            let path = dir.join(file_name(new));
            write_atomically(&path, pieces(&counts).iter().map(AsRef::as_ref))
                .map_err(|error| Error::io(&path, "write", error))?;
        }
        // Readers ask for the old ones until the commit is done.
        self.know(numbers, counts);
        Ok(numbers)
    }

    /// Counts what waits to be counted, before a commit: the indexing threads need most memory when they write out what they have.
    pub(super) fn settle(&self) {
        self.counter.settle();
    }

    /// Forgets what was counted since the last commit.
    pub(super) fn forget_counted(&self) {
        self.counter.take();
    }

    /// Removes all counts and files but those of the numbers to `keep`.
    pub(super) fn remove_others(&self, keep: &[BigramNumbers]) {
        lock(&self.known).retain(|(numbers, _)| keep.contains(numbers));
        let Some(entries) = self.dir.as_ref().and_then(|dir| fs::read_dir(dir).ok()) else { return };
        for entry in entries.flatten() {
            let number = entry.file_name().to_str().and_then(number_of);
            if number.is_some_and(|number| !keep.iter().any(|kept| kept.files().any(|kept| kept == number))) {
                // A file that cannot be removed now is removed by a later commit.
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    /// Bytes on disk of the counts of these numbers, or in memory for an index in memory.
    pub(super) fn bytes(&self, numbers: BigramNumbers) -> Result<u64> {
        if let Some(dir) = &self.dir {
            let length = |number| fs::metadata(dir.join(file_name(number))).map_or(0, |file| file.len());
            return Ok(numbers.files().map(length).sum());
        }
        let counts = self.read(numbers)?;
        let pieces = [counts.table_pieces(), counts.since_pieces()];
        Ok(pieces.as_flattened().iter().map(|piece| piece.len() as u64).sum())
    }

    /// Reads the files of these numbers from disk, whatever is in memory; says a file's name if it is damaged.
    pub(super) fn verify(&self, numbers: BigramNumbers) -> Result<()> {
        let Some(dir) = &self.dir else { return Ok(()) };
        for number in numbers.files() {
            if !BigramCounts::is_intact(&bytes_in(dir, number)?) {
                return Err(damaged(dir, number));
            }
        }
        counts_in(dir, numbers).map(drop)
    }
}

/// What makes the bytes of a file.
type Pieces = for<'a> fn(&'a BigramCounts) -> [Cow<'a, [u8]>; 3];

/// Reads the counts of these numbers from their files.
fn counts_in(dir: &Path, BigramNumbers { table, since }: BigramNumbers) -> Result<BigramCounts> {
    let mut counts = BigramCounts::default();
    if table > 0 {
        counts = BigramCounts::from_bytes(&bytes_in(dir, table)?).ok_or_else(|| damaged(dir, table))?;
    }
    if since > 0 {
        counts = counts.with_since(&bytes_in(dir, since)?).ok_or_else(|| damaged(dir, since))?;
    }
    Ok(counts)
}

/// The bytes of a table's file, which is mapped into memory.
fn bytes_in(dir: &Path, number: u64) -> Result<OwnedBytes> {
    let name = file_name(number);
    let path = dir.join(&name);
    let storage = MmapDirectory::open(dir).map_err(TantivyError::from)?;
    let file = storage.open_read(Path::new(&name)).map_err(|error| match error {
        OpenReadError::FileDoesNotExist(_) => {
            let message = format!("{} is missing: restore the index or build it anew", path.display());
            Error::new(ErrorKind::NotFound, message).caused_by(error)
        }
        error => TantivyError::from(error).into(),
    })?;
    file.read_bytes().map_err(|error| Error::io(&path, "read", error))
}

fn damaged(dir: &Path, number: u64) -> Error {
    let path = dir.join(file_name(number));
    Error::new(ErrorKind::Corrupt, format!("{} is damaged: restore the index or build it anew", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bigrams::{Counting, WordHash};

    #[test]
    fn counts_in_memory_are_there_until_the_commit_after_the_next() {
        let counter = Arc::new(BigramCounter::default());
        let files = BigramFiles::new(None, counter.clone());
        let commit = |old, new| {
            let mut counting = Counting::new(counter.clone());
            [(0, "hà"), (1, "nội")]
                .into_iter()
                .for_each(|(position, word)| counting.note(position, WordHash::of(word)));
            drop(counting);
            files.write(old, new).expect("counts of the commit before")
        };
        let none = BigramNumbers::default();
        assert!(files.read(none).expect("nothing was counted").is_empty());
        let first = commit(none, 1);
        files.remove_others(&[none, first]);
        // This one is taken back.
        commit(first, 2);
        let second = commit(first, 3);
        assert!([first, second].iter().all(|&numbers| files.read(numbers).is_ok()));
        files.remove_others(&[first, second]);
        let third = commit(second, 4);
        files.remove_others(&[second, third]);
        let error = files.read(first).expect_err("two commits ago");
        assert_eq!(error.kind(), ErrorKind::NotFound, "who reads it looks for a newer one");
    }
}
