//! Telling one version of a file from another, without reading it if that can be.

use std::hash::BuildHasher;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// Tells one version of a file from another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stamp {
    modified: SystemTime,
    length: u64,
    /// A hash, while the file is so new that the next version may have the same time and length.
    content: Option<u64>,
}

/// Two changes of a file may get the same time if they are less than this apart: 2 s on FAT, 4 ms on ext4.
const COARSEST_CLOCK: Duration = Duration::from_secs(2);

impl Stamp {
    /// The stamp of a file; `None` where there is none.
    pub(super) fn of(path: &Path) -> Option<Stamp> {
        let metadata = std::fs::metadata(path).ok()?;
        let modified = metadata.modified().ok()?;
        let is_new = modified.elapsed().is_ok_and(|age| age < COARSEST_CLOCK);
        let content = if is_new { Some(rustc_hash::FxBuildHasher.hash_one(std::fs::read(path).ok()?)) } else { None };
        Some(Stamp { modified, length: metadata.len(), content })
    }
}
