//! The folder of an index as the storage layer writes and reads it: files that others may read, and reading without the
//! right to write.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use fs4::fs_std::FileExt;
use tantivy::directory::error::{DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    Directory, DirectoryLock, FileHandle, Lock, META_LOCK, MmapDirectory, WatchCallback, WatchHandle, WritePtr,
};

use super::description::write_whole;
use super::small_files::SmallFiles;

/// A folder whose files are mapped into memory.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    path: PathBuf,
    mapped: MmapDirectory,
    small: SmallFiles,
}

impl Folder {
    pub(super) fn open(path: &Path) -> Result<Folder, OpenDirectoryError> {
        let mapped = MmapDirectory::open(path)?;
        // The storage layer goes on with this folder wherever the program may move to; so must what is written here.
        let path = path.canonicalize().or_else(|_| std::path::absolute(path));
        let path = path.map_err(|error| OpenDirectoryError::wrap_io_error(error, PathBuf::new()))?;
        Ok(Folder { path, mapped, small: SmallFiles::default() })
    }

    /// The absolute path: that of everything that an index keeps beside the storage layer's files.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Directory for Folder {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.mapped.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.mapped.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.mapped.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.small.create(&self.path, path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.mapped.atomic_read(path)
    }

    /// The storage layer's own goes by way of a temporary file that nobody else may read, and so is what it becomes.
    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        write_whole(&self.path.join(path), [data])
    }

    /// The storage layer does this before it lists files that a commit needs.
    fn sync_directory(&self) -> io::Result<()> {
        self.small.sync()?;
        self.mapped.sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        match self.mapped.acquire_lock(lock) {
            Err(LockError::IoError(error)) if lock.filepath == META_LOCK.filepath && is_refused(&error) => {
                reading_lock(&self.path.join(&lock.filepath)).map_err(|error| LockError::IoError(Arc::new(error)))
            }
            acquired => acquired,
        }
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.mapped.watch(callback)
    }
}

/// Whether the right to write is what is missing.
fn is_refused(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
}

/// The lock that keeps a writer from removing segments while they are opened, for a reader who may not write: shared, which
/// takes no more than reading the lock's file. Where there is no such file, or it cannot be locked, as on a disk that nobody may
/// write to, there is nothing to be kept out but a first writer who comes at this very moment.
fn reading_lock(path: &Path) -> io::Result<DirectoryLock> {
    let file = match File::open(path) {
        Ok(file) => Some(file),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    if let Some(file) = &file {
        match FileExt::lock_shared(file) {
            Err(error) if error.kind() != io::ErrorKind::Unsupported => return Err(error),
            _ => {}
        }
    }
    // The file is closed, and the lock with it, when the storage layer drops this.
    Ok(DirectoryLock::from(Box::new(file)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_without_the_right_to_write_keeps_writers_from_removing() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let folder = Folder::open(dir.path()).expect("opened");
        let path = dir.path().join(&META_LOCK.filepath);
        drop(reading_lock(&path).expect("nothing to lock"));
        assert!(!path.exists(), "reading writes nothing");
        // What garbage collection asks for, but without waiting.
        let removing = Lock { filepath: META_LOCK.filepath.clone(), is_blocking: false };
        drop(folder.acquire_lock(&removing).expect("free"));
        let reading = [reading_lock(&path).expect("a lock"), reading_lock(&path).expect("another")];
        assert!(matches!(folder.acquire_lock(&removing), Err(LockError::LockBusy)));
        drop(reading);
        folder.acquire_lock(&removing).map(drop).expect("free again");
    }

    #[test]
    fn what_a_commit_lists_is_durable_before() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let folder = Folder::open(dir.path()).expect("opened");
        let another = folder.clone();
        let file = folder.open_write(Path::new("small")).expect("created");
        tantivy::directory::TerminatingWrite::terminate(file).expect("written");
        assert_eq!(folder.small.waiting().len(), 1);
        another.sync_directory().expect("synced");
        assert!(folder.small.waiting().is_empty());
    }

    #[test]
    fn other_refusals_are_no_missing_right() {
        assert!(is_refused(&io::ErrorKind::PermissionDenied.into()));
        assert!(is_refused(&io::ErrorKind::ReadOnlyFilesystem.into()));
        assert!(!is_refused(&io::ErrorKind::StorageFull.into()));
    }
}
