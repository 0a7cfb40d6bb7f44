//! Where the tables of bigram counts are kept: one file a commit beside the segments, or in memory.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use tantivy::directory::error::OpenReadError;
use tantivy::directory::{MmapDirectory, OwnedBytes};
use tantivy::{Directory, TantivyError};

use super::description::write_atomically;
use super::note::CommitNote;
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
    /// The table that was read or written last, with its number.
    latest: Mutex<(u64, Arc<BigramCounts>)>,
}

impl BigramFiles {
    pub(super) fn new(dir: Option<PathBuf>, counter: Arc<BigramCounter>) -> BigramFiles {
        BigramFiles { dir, counter, latest: Mutex::default() }
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

    /// Reads the table of a number.
    pub(super) fn read(&self, number: u64) -> Result<Arc<BigramCounts>> {
        let latest = lock(&self.latest).clone();
        if latest.0 == number {
            return Ok(latest.1);
        }
        let counts = match &self.dir {
            Some(_) if number == 0 => BigramCounts::default(),
            Some(dir) => table_in(dir, number)?,
            None => {
                return Err(Error::new(ErrorKind::Internal, format!("no table of bigram counts has number {number}")));
            }
        };
        let counts = Arc::new(counts);
        *lock(&self.latest) = (number, counts.clone());
        Ok(counts)
    }

    /// Adds what was counted since to the table `old`, keeps the sum as table `new`, and returns its number: `old` when
    /// nothing was counted.
    pub(super) fn write(&self, old: u64, new: u64) -> Result<u64> {
        let counted = self.counter.take();
        if counted.is_empty() {
            return Ok(old);
        }
        let counts = self.read(old)?.plus(counted);
        if let Some(dir) = &self.dir {
            let path = dir.join(file_name(new));
            let pieces = counts.to_pieces();
            write_atomically(&path, pieces.iter().map(AsRef::as_ref))
                .map_err(|error| Error::io(&path, "write", error))?;
        }
        *lock(&self.latest) = (new, Arc::new(counts));
        Ok(new)
    }

    /// Forgets what was counted since the last commit.
    pub(super) fn forget_counted(&self) {
        self.counter.take();
    }

    /// Removes the files of all tables but those of the numbers to `keep`.
    pub(super) fn remove_others(&self, keep: &[u64]) {
        let Some(entries) = self.dir.as_ref().and_then(|dir| fs::read_dir(dir).ok()) else { return };
        for entry in entries.flatten() {
            let number = entry.file_name().to_str().and_then(number_of);
            if number.is_some_and(|number| !keep.contains(&number)) {
                // A file that cannot be removed now is removed by a later commit.
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    /// Bytes on disk of the table of a number, or in memory for an index in memory.
    pub(super) fn bytes(&self, number: u64) -> Result<u64> {
        match &self.dir {
            Some(dir) => Ok(fs::metadata(dir.join(file_name(number))).map_or(0, |file| file.len())),
            None => Ok(self.read(number)?.to_pieces().iter().map(|piece| piece.len() as u64).sum()),
        }
    }

    /// Reads the file of a number from disk, whatever is in memory; says the file's name if it is damaged.
    pub(super) fn verify(&self, number: u64) -> Result<()> {
        match &self.dir {
            Some(dir) if number > 0 => {
                let bytes = bytes_in(dir, number)?;
                let sound = BigramCounts::is_intact(&bytes) && BigramCounts::from_bytes(&bytes).is_some();
                if sound { Ok(()) } else { Err(damaged(dir, number)) }
            }
            _ => Ok(()),
        }
    }
}

/// Reads the table of a number from its file.
fn table_in(dir: &Path, number: u64) -> Result<BigramCounts> {
    BigramCounts::from_bytes(&bytes_in(dir, number)?).ok_or_else(|| damaged(dir, number))
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
