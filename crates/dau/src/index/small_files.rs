//! Writing files that are made durable together. Knows nothing of what is in them.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use tantivy::directory::error::OpenWriteError;
use tantivy::directory::{AntiCallToken, TerminatingWrite, WritePtr};

use super::lock;

/// A file of more bytes than this is made durable as soon as it is written, while other work goes on.
const MOST_BYTES: u64 = 1 << 16;

/// Small files that are written but not yet durable. Some of them are gone before they need to last, and are not worth waiting for
/// the disk: the storage layer's empty ones, in whose place [`SegmentWriter`](super::segment) writes others.
#[derive(Clone, Debug, Default)]
pub(super) struct SmallFiles {
    unsynced: Arc<Mutex<Vec<PathBuf>>>,
}

impl SmallFiles {
    /// Creates the file `name` in a folder.
    pub(super) fn create(&self, folder: &Path, name: &Path) -> Result<WritePtr, OpenWriteError> {
        let path = folder.join(name);
        let file = OpenOptions::new().write(true).create_new(true).open(&path).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => OpenWriteError::FileAlreadyExists(name.to_owned()),
            _ => OpenWriteError::wrap_io_error(error, name.to_owned()),
        })?;
        Ok(BufWriter::new(Box::new(FileWriter { file, path, written: 0, small: self.clone() })))
    }

    /// Files that are not durable yet.
    #[cfg(test)]
    pub(super) fn waiting(&self) -> Vec<PathBuf> {
        lock(&self.unsynced).clone()
    }

    /// Makes all files durable that were written so far.
    ///
    /// # Errors
    ///
    /// That of the disk. The file it happened with, and those not yet reached, are tried again the next time.
    pub(super) fn sync(&self) -> io::Result<()> {
        // Whoever comes meanwhile has files in the list too, and waits.
        let mut unsynced = lock(&self.unsynced);
        while let Some(path) = unsynced.last() {
            match OpenOptions::new().write(true).open(path).and_then(|file| file.sync_data()) {
                // Removed since.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                done => done?,
            }
            unsynced.pop();
        }
        Ok(())
    }
}

/// A file on its way to the disk.
struct FileWriter {
    file: File,
    path: PathBuf,
    written: u64,
    small: SmallFiles,
}

impl Write for FileWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.written += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl TerminatingWrite for FileWriter {
    fn terminate_ref(&mut self, _: AntiCallToken) -> io::Result<()> {
        self.file.flush()?;
        if self.written > MOST_BYTES {
            return self.file.sync_data();
        }
        lock(&self.small.unsynced).push(std::mem::take(&mut self.path));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_files_wait_until_all_are_made_durable() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let files = SmallFiles::default();
        let write = |name: &str, bytes: &[u8]| {
            let mut file = files.create(dir.path(), Path::new(name)).expect("created");
            file.write_all(bytes).and_then(|()| file.terminate()).expect("written");
            assert_eq!(std::fs::read(dir.path().join(name)).expect("there"), bytes);
        };
        write("small", b"x");
        write("removed", b"y");
        write("large", &vec![0; MOST_BYTES as usize + 1]);
        assert_eq!(files.waiting(), ["small", "removed"].map(|name| dir.path().join(name)));
        std::fs::remove_file(dir.path().join("removed")).expect("removed");
        files.sync().expect("durable");
        assert!(files.waiting().is_empty());
        let again = files.create(dir.path(), Path::new("small")).err().expect("there already");
        assert!(matches!(again, OpenWriteError::FileAlreadyExists(name) if name == Path::new("small")));
        let nowhere = files.create(&dir.path().join("no folder"), Path::new("small")).err().expect("no folder");
        assert!(matches!(nowhere, OpenWriteError::IoError { .. }));
    }

    #[cfg(unix)]
    #[test]
    fn what_cannot_be_made_durable_is_tried_again() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let files = SmallFiles::default();
        // A folder cannot be opened for writing.
        lock(&files.unsynced).push(dir.path().to_owned());
        files.sync().expect_err("a folder");
        assert_eq!(files.waiting().len(), 1);
    }
}
