//! The counters of a table: in memory, or in a file that is mapped into memory, of which only what is asked for is read.

use std::ops::Deref;

use tantivy::directory::OwnedBytes;

use super::CELLS;

/// What each counter holds up to 255; nothing at all while there are no counts.
#[derive(Clone)]
pub(super) enum Cells {
    InMemory(Vec<u8>),
    Mapped(OwnedBytes),
}

impl Cells {
    /// The counters, to be changed. Those of a file are copied first.
    pub(super) fn to_mut(&mut self) -> &mut [u8] {
        let counters = match &*self {
            Cells::Mapped(bytes) => Some(bytes.to_vec()),
            Cells::InMemory(counters) if counters.is_empty() => Some(vec![0; CELLS]),
            Cells::InMemory(_) => None,
        };
        if let Some(counters) = counters {
            *self = Cells::InMemory(counters);
        }
        match self {
            Cells::InMemory(counters) => counters,
            Cells::Mapped(_) => &mut [],
        }
    }
}

impl Default for Cells {
    fn default() -> Cells {
        Cells::InMemory(Vec::new())
    }
}

impl Deref for Cells {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        match self {
            Cells::InMemory(counters) => counters,
            Cells::Mapped(bytes) => bytes,
        }
    }
}
