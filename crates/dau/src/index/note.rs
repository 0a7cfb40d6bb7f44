//! What a commit says of itself beside its segments: the payload of the segments' file.

use super::Storage;
use crate::error::{Error, ErrorKind, Result};

/// Two numbers, parted by a space.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct CommitNote {
    /// The sequence number of the next document: as many were ever added.
    pub(crate) next_sequence: u64,
    /// The number of the table of bigram counts; 0 while nothing was counted.
    pub(crate) bigrams: u64,
}

impl CommitNote {
    /// Reads the note of the newest commit.
    pub(crate) fn read(storage: &Storage) -> Result<CommitNote> {
        match storage.load_metas()?.payload {
            None => Ok(CommitNote::default()),
            Some(payload) => CommitNote::parse(&payload).ok_or_else(|| {
                let message = format!(
                    "the index is damaged: expected two numbers in its commit, found {payload:?}; restore it or build it anew"
                );
                Error::new(ErrorKind::Corrupt, message)
            }),
        }
    }

    fn parse(payload: &str) -> Option<CommitNote> {
        let (next_sequence, bigrams) = payload.split_once(' ')?;
        Some(CommitNote { next_sequence: next_sequence.parse().ok()?, bigrams: bigrams.parse().ok()? })
    }

    pub(crate) fn to_payload(self) -> String {
        format!("{} {}", self.next_sequence, self.bigrams)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_read_back() {
        let note = CommitNote { next_sequence: 12, bigrams: 7 };
        assert_eq!(CommitNote::parse(&note.to_payload()), Some(note));
        assert_eq!(["", "12", "12 x", "1 2 3"].map(CommitNote::parse), [None; 4]);
    }
}
