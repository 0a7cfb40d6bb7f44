//! `synonyms.txt`: the synonyms of an index's owner. It is there only if there are some, and no commit knows of it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::description::{sync_folder, write_atomically};
use super::lock;
use super::stamp::Stamp;
use crate::error::{Error, ErrorKind, Result};
use crate::plan::Wordings;
use crate::synonyms::Synonyms;

/// The name of the file within an index directory.
const FILE: &str = "synonyms.txt";

/// Where an index keeps its synonyms.
#[derive(Debug)]
pub(crate) struct SynonymFile {
    /// None for an index in memory: there the latest are all that there are.
    path: Option<PathBuf>,
    latest: Mutex<Latest>,
}

/// The synonyms that were read or set last.
#[derive(Clone, Debug, Default)]
struct Latest {
    /// Of the file that they were read from.
    stamp: Option<Stamp>,
    synonyms: Arc<Synonyms>,
    wordings: Arc<Wordings>,
}

impl SynonymFile {
    pub(super) fn new(dir: Option<&Path>) -> SynonymFile {
        SynonymFile { path: dir.map(|dir| dir.join(FILE)), latest: Mutex::default() }
    }

    /// Returns the synonyms as they were given.
    pub(super) fn synonyms(&self) -> Result<Arc<Synonyms>> {
        Ok(self.newest()?.synonyms)
    }

    /// Returns the synonyms as queries are compared with them.
    pub(super) fn wordings(&self) -> Result<Arc<Wordings>> {
        Ok(self.newest()?.wordings)
    }

    /// Keeps synonyms in the place of those that there are.
    pub(super) fn set(&self, synonyms: &Synonyms) -> Result<()> {
        let Some(path) = &self.path else {
            *lock(&self.latest) = Latest::of(None, synonyms.clone());
            return Ok(());
        };
        let text = synonyms.to_string();
        if text.is_empty() {
            return match fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::io(path, "remove", error)),
                _ => {
                    sync_folder(path);
                    Ok(())
                }
            };
        }
        write_atomically(path, [text.as_bytes()]).map_err(|error| Error::io(path, "write", error))
    }

    fn newest(&self) -> Result<Latest> {
        let Some(path) = &self.path else { return Ok(lock(&self.latest).clone()) };
        // The stamp comes first: a file that is replaced meanwhile is read again next time.
        let stamp = Stamp::of(path);
        let latest = lock(&self.latest).clone();
        if latest.stamp == stamp {
            return Ok(latest);
        }
        let read = Latest::of(stamp, read(path)?);
        *lock(&self.latest) = read.clone();
        Ok(read)
    }
}

impl Latest {
    fn of(stamp: Option<Stamp>, synonyms: Synonyms) -> Latest {
        let wordings = Arc::new(Wordings::of(&synonyms));
        Latest { stamp, synonyms: Arc::new(synonyms), wordings }
    }
}

fn read(path: &Path) -> Result<Synonyms> {
    let bytes = match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Synonyms::default()),
        bytes => bytes.map_err(|error| Error::io(path, "read", error))?,
    };
    let wrong = |why: &str| {
        let message = format!("the synonyms in {}: {why}; correct the file or set the synonyms anew", path.display());
        Error::new(ErrorKind::Corrupt, message)
    };
    let text = String::from_utf8(bytes).map_err(|error| wrong("expected UTF-8").caused_by(error))?;
    Synonyms::parse(&text).map_err(|error| wrong(&error.to_string()).caused_by(error))
}
