//! `dau.json`: what an index directory says of itself beside the storage layer's files.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::analysis;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::Schema;

/// The name of the description's file within an index directory.
pub(crate) const FILE: &str = "dau.json";

/// The version of everything this crate lays on disk, apart from the terms themselves (those are the fingerprint's).
pub(crate) const FORMAT: u32 = 4;

/// What is written down when an index is created and checked when it is opened.
#[derive(Serialize, Deserialize)]
pub(crate) struct Description {
    format: u32,
    /// Hexadecimal, since not every JSON reader keeps 64-bit integers.
    fingerprint: String,
    schema: String,
}

impl Description {
    pub(crate) fn of(schema: &Schema) -> Description {
        Description { format: FORMAT, fingerprint: hexadecimal(analysis::fingerprint()), schema: schema.to_toml() }
    }

    /// Reads the description of an index directory and refuses what this build would misread.
    pub(crate) fn read(dir: &Path) -> Result<Schema> {
        let path = dir.join(FILE);
        let bytes = fs::read(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => no_index(dir),
            _ => Error::io(&path, "read", error),
        })?;
        // The version is read on its own first: a newer description may have another shape.
        let corrupt = |error: serde_json::Error| {
            let message = format!("{} is damaged: {error}; restore the index or build it anew", path.display());
            Error::new(ErrorKind::Corrupt, message).caused_by(error)
        };
        let version: Version = serde_json::from_slice(&bytes).map_err(corrupt)?;
        if version.format != FORMAT {
            return Err(wrong_version(dir, version.format));
        }
        let description: Description = serde_json::from_slice(&bytes).map_err(corrupt)?;
        if description.fingerprint != hexadecimal(analysis::fingerprint()) {
            return Err(wrong_fingerprint(dir, &description.fingerprint));
        }
        Schema::from_toml(&description.schema).map_err(|error| {
            let message = format!("{} is damaged: {error}; restore the index or build it anew", path.display());
            Error::new(ErrorKind::Corrupt, message).caused_by(error)
        })
    }

    /// Writes the description so that it is there whole or not at all, even after a power cut.
    pub(crate) fn write(&self, dir: &Path) -> Result<()> {
        let path = dir.join(FILE);
        let text = serde_json::to_string_pretty(self).map_err(io::Error::other)?;
        write_atomically(&path, [text.as_bytes()]).map_err(|error| Error::io(&path, "write", error))
    }
}

#[derive(Deserialize)]
struct Version {
    format: u32,
}

/// Writes a file, given in pieces, so that it is there whole or not at all, even after a power cut.
pub(super) fn write_atomically<'a>(path: &Path, pieces: impl IntoIterator<Item = &'a [u8]>) -> io::Result<()> {
    write_whole(path, pieces)?;
    sync_folder(path);
    Ok(())
}

/// Writes a file, given in pieces, so that it is there whole, or the one before is; which of them a power cut leaves is settled when the folder is
/// synced.
pub(super) fn write_whole<'a>(path: &Path, pieces: impl IntoIterator<Item = &'a [u8]>) -> io::Result<()> {
    let mut builder = tempfile::Builder::new();
    // Two that write the same file at the same time must not meet; and what they write may be read by whom the umask lets.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(path.parent().unwrap_or(Path::new(".")))?;
    for piece in pieces {
        file.write_all(piece)?;
    }
    file.as_file().sync_data()?;
    file.persist(path)?;
    Ok(())
}

/// Makes it last that a file was renamed or removed: that is so only once its folder is on disk. Not every system can sync
/// a folder; those that cannot order such changes themselves.
pub(super) fn sync_folder(path: &Path) {
    if let Some(Ok(dir)) = path.parent().map(File::open) {
        let _ = dir.sync_all();
    }
}

pub(crate) fn hexadecimal(fingerprint: u64) -> String {
    format!("{fingerprint:016x}")
}

pub(crate) fn no_index(dir: &Path) -> Error {
    let message = format!("there is no index in {}: create one first, or name another folder", dir.display());
    Error::new(ErrorKind::NotFound, message)
}

pub(crate) fn no_list(dir: &Path) -> Error {
    let message = format!(
        "the index in {} is damaged: meta.json, the list of its segments, is missing; restore the index, or remove the folder and build it anew",
        dir.display()
    );
    Error::new(ErrorKind::Corrupt, message)
}

fn wrong_version(dir: &Path, found: u32) -> Error {
    let message = format!(
        "the index in {} has format version {found}: this program reads version {FORMAT}; build the index anew, or use the program that wrote it",
        dir.display()
    );
    Error::new(ErrorKind::Version, message)
}

fn wrong_fingerprint(dir: &Path, found: &str) -> Error {
    let message = format!(
        "the index in {} was written with other rules of analysis (fingerprint {found}, expected {}): searching it would silently miss documents; build the index anew",
        dir.display(),
        hexadecimal(analysis::fingerprint())
    );
    Error::new(ErrorKind::Fingerprint, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writers_of_the_same_file_do_not_meet() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let path = dir.path().join("file");
        std::thread::scope(|scope| {
            for text in ["one", "another"] {
                let path = &path;
                scope.spawn(move || (0..100).for_each(|_| write_whole(path, [text.as_bytes()]).expect("written")));
            }
        });
        assert!(["one", "another"].contains(&fs::read_to_string(&path).expect("read").as_str()));
        assert_eq!(fs::read_dir(dir.path()).expect("a folder").count(), 1, "nothing is left behind");
    }
}
