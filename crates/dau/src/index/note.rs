//! What a commit says of itself beside its segments: the payload of the segments' file.

use super::Storage;
use crate::error::{Error, ErrorKind, Result};

/// Three numbers, parted by spaces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct CommitNote {
    /// The sequence number of the next document: as many were ever added.
    pub(crate) next_sequence: u64,
    pub(crate) bigrams: BigramNumbers,
}

/// The numbers of the files of bigram counts; 0 for one that is not there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct BigramNumbers {
    /// The table.
    pub(crate) table: u64,
    /// What was counted since the table was written.
    pub(crate) since: u64,
}

impl BigramNumbers {
    /// The numbers of the files that there are.
    pub(crate) fn files(self) -> impl Iterator<Item = u64> {
        [self.table, self.since].into_iter().filter(|&number| number > 0)
    }
}

impl CommitNote {
    /// Reads the note of the newest commit.
    pub(crate) fn read(storage: &Storage) -> Result<CommitNote> {
        match storage.load_metas()?.payload {
            None => Ok(CommitNote::default()),
            Some(payload) => CommitNote::parse(&payload).ok_or_else(|| {
                let message = format!(
                    "the index is damaged: expected three numbers in its commit, found {payload:?}; restore it or build it anew"
                );
                Error::new(ErrorKind::Corrupt, message)
            }),
        }
    }

    fn parse(payload: &str) -> Option<CommitNote> {
        let mut numbers = payload.split(' ').map(|number| number.parse().ok());
        let mut next = || numbers.next().flatten();
        let (next_sequence, table, since) = (next()?, next()?, next()?);
        numbers.next().is_none().then_some(CommitNote { next_sequence, bigrams: BigramNumbers { table, since } })
    }

    pub(crate) fn to_payload(self) -> String {
        format!("{} {} {}", self.next_sequence, self.bigrams.table, self.bigrams.since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_read_back() {
        let note = CommitNote { next_sequence: 12, bigrams: BigramNumbers { table: 7, since: 9 } };
        assert_eq!(CommitNote::parse(&note.to_payload()), Some(note));
        assert_eq!(["", "12", "12 7", "12 7 x", "1 2 3 4"].map(CommitNote::parse), [None; 5]);
    }
}
