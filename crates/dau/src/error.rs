//! The one error type of the library. It names no type of any crate below.

use std::error::Error as StdError;
use std::fmt;
use std::ops::Range;
use std::path::Path;

/// The result of every fallible call of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong: a [kind](ErrorKind) to act on, a message to read, and the cause below it, if any.
///
/// # Example: tell a missing index from a broken one
///
/// ```
/// use dau::{ErrorKind, Index};
///
/// let error = Index::open("no/such/folder").unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::NotFound);
/// ```
pub struct Error {
    inner: Box<Inner>,
}

struct Inner {
    kind: ErrorKind,
    message: String,
    span: Option<Range<usize>>,
    source: Option<Box<dyn StdError + Send + Sync + 'static>>,
}

/// The kinds of [`Error`]; more may be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The operating system refused: a missing right, a full disk, a broken device.
    Io,
    /// There is no index at this place.
    NotFound,
    /// There is an index at this place already.
    AlreadyExists,
    /// Another writer has this index open.
    Locked,
    /// The index was written in a format that this version does not read.
    Version,
    /// The index was written with other rules of analysis; searching it would silently miss documents.
    Fingerprint,
    /// The index is damaged.
    Corrupt,
    /// A schema is contradictory or does not fit the index.
    Schema,
    /// A document does not fit the schema.
    Document,
    /// A query is malformed (strict parsing), or asks a field for what it cannot give.
    Query,
    /// An option has an impossible value.
    Argument,
    /// A bug in this library or below it.
    Internal,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        let inner = Inner { kind, message: message.into(), span: None, source: None };
        Error { inner: Box::new(inner) }
    }

    pub(crate) fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync + 'static>>) -> Error {
        self.inner.source = Some(source.into());
        self
    }

    pub(crate) fn at(mut self, span: Range<usize>) -> Error {
        self.inner.span = Some(span);
        self
    }

    pub(crate) fn io(path: &Path, what: &str, source: std::io::Error) -> Error {
        Error::new(ErrorKind::Io, format!("cannot {what} {}: {source}", path.display())).caused_by(source)
    }

    /// Says what kind of error this is.
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// Returns where in the query text the error lies: bytes, zero-based, half-open; only for [`ErrorKind::Query`].
    pub fn span(&self) -> Option<Range<usize>> {
        self.inner.span.clone()
    }
}

/// Reads from the storage layer, which trusts its files: what it makes of damaged ones may be a panic within it.
///
/// What a reading leaves half done is caches behind locks, which are replaced whole.
pub(crate) fn guarded<T>(read: impl FnOnce() -> Result<T>) -> Result<T> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(read)).unwrap_or_else(|payload| {
        let why = payload.downcast_ref::<String>().map(String::as_str).or_else(|| payload.downcast_ref::<&str>().copied());
        let message = format!(
            "the index cannot be read: it is damaged, or this is a bug ({}); check the index, restore it or build it anew",
            why.unwrap_or("no reason given")
        );
        Err(Error::new(ErrorKind::Corrupt, message))
    })
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.inner.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.inner.kind)
            .field("message", &self.inner.message)
            .field("source", &self.inner.source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.inner.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

/// Tells apart what a caller can act on among the errors of the storage layer.
impl From<tantivy::TantivyError> for Error {
    fn from(error: tantivy::TantivyError) -> Error {
        use tantivy::TantivyError as T;
        use tantivy::directory::error::{LockError, OpenReadError};
        let kind = match &error {
            T::IoError(_) | T::OpenWriteError(_) | T::OpenDirectoryError(_) => ErrorKind::Io,
            T::OpenReadError(OpenReadError::FileDoesNotExist(_)) | T::DataCorruption(_) => ErrorKind::Corrupt,
            T::OpenReadError(_) => ErrorKind::Io,
            T::LockFailure(LockError::LockBusy, _) => ErrorKind::Locked,
            T::LockFailure(LockError::IoError(_), _) => ErrorKind::Io,
            T::IncompatibleIndex(_) => ErrorKind::Version,
            T::InternalError(text) if is_of_system(text) => ErrorKind::Io,
            T::ErrorInThread(text) if is_of_stopped_writer(text) => ErrorKind::Io,
            _ => ErrorKind::Internal,
        };
        let message = match kind {
            ErrorKind::Locked => "another writer has this index open; close it or wait until it is done".to_owned(),
            ErrorKind::Io => match (cause_of(&error), &error) {
                (Some(cause), _) => format!("reading or writing the index failed: {cause}"),
                (None, T::InternalError(text)) => format!("reading or writing the index failed: {text}"),
                (None, T::ErrorInThread(_)) => {
                    "writing the index failed: an indexing thread stopped, most likely because the disk \
                    is full or cannot be written; nothing since the last commit was kept"
                        .to_owned()
                }
                (None, _) => format!("the index storage failed: {error}"),
            },
            _ => format!("the index storage failed: {error}"),
        };
        Error::new(kind, message).caused_by(error)
    }
}

/// Whether this is the text of an error of the operating system. The document store hands on no more than the text of
/// one, so that a full disk looked like a bug, now and then: where the store was the first to meet it.
fn is_of_system(text: &str) -> bool {
    text.contains("(os error ")
}

/// Whether a document came to an indexing thread that had failed before. What it failed of is not handed on, but the writing
/// of segments is all that can fail there, bugs aside.
fn is_of_stopped_writer(text: &str) -> bool {
    text.contains("index writer was killed")
}

/// What the operating system said: the storage layer's own words around it are meant for its developers.
fn cause_of(error: &tantivy::TantivyError) -> Option<&std::io::Error> {
    use tantivy::TantivyError as T;
    use tantivy::directory::error::{LockError, OpenReadError, OpenWriteError};
    match error {
        T::IoError(cause)
        | T::LockFailure(LockError::IoError(cause), _)
        | T::OpenWriteError(OpenWriteError::IoError { io_error: cause, .. })
        | T::OpenReadError(OpenReadError::IoError { io_error: cause, .. }) => Some(cause),
        _ => None,
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Error {
        Error::new(ErrorKind::Io, format!("reading or writing the index failed: {error}")).caused_by(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_that_the_document_store_meets_is_no_bug() {
        let full = std::io::Error::from_raw_os_error(28);
        let error = Error::from(tantivy::TantivyError::InternalError(full.to_string()));
        assert_eq!(error.kind(), ErrorKind::Io);
        assert_eq!(error.to_string(), format!("reading or writing the index failed: {full}"));
        let bug = Error::from(tantivy::TantivyError::InternalError("no such thing".to_owned()));
        assert_eq!(bug.kind(), ErrorKind::Internal);
    }

    #[test]
    fn an_indexing_thread_that_stopped_is_no_bug() {
        let text =
            "An index writer was killed. A worker thread encountered an error (io::Error most likely) or panicked.";
        let error = Error::from(tantivy::TantivyError::ErrorInThread(text.to_owned()));
        assert_eq!(error.kind(), ErrorKind::Io);
        assert!(error.to_string().contains("the disk is full"), "{error}");
    }
}
