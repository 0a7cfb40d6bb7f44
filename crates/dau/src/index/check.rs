//! Verifying an index: checksums of all files, and that every document can be read back.

use std::path::Path;

use serde::Serialize;

use super::Index;
use super::note::CommitNote;
use crate::error::Result;

/// What [`Index::check`] found.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CheckReport {
    /// Documents that were read back; none are when a file is damaged.
    pub documents: u64,
    /// Files whose checksum was verified.
    pub files: usize,
    /// What is wrong, one sentence each; empty for a sound index.
    pub problems: Vec<String>,
}

impl CheckReport {
    /// Says whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.problems.is_empty()
    }
}

pub(super) fn check(index: &Index) -> Result<CheckReport> {
    let storage = &index.inner().storage;
    let mut problems = Vec::new();
    let files = storage.load_metas()?.list_segment_files().len();
    match storage.validate_checksum() {
        Ok(damaged) => problems.extend(damaged.iter().map(|path| damaged_file(path))),
        Err(error) => problems.push(format!("the checksums cannot be verified: {error}")),
    }
    let note = CommitNote::read(storage)?;
    let files = files + note.bigrams.files().count();
    if let Err(error) = index.inner().bigrams.verify(note.bigrams) {
        problems.push(error.to_string());
    }
    if let Err(error) = index.synonyms() {
        problems.push(error.to_string());
    }
    let mut documents = 0;
    // What is read from damaged files means nothing, and the storage layer does not expect it.
    if !problems.is_empty() {
        return Ok(CheckReport { documents, files, problems });
    }
    for document in index.literal_searcher()?.documents() {
        match document {
            Ok(_) => documents += 1,
            Err(error) => problems.push(format!("a document cannot be read: {error}")),
        }
    }
    Ok(CheckReport { documents, files, problems })
}

fn damaged_file(path: &Path) -> String {
    format!("{} is damaged: its checksum differs", path.display())
}
