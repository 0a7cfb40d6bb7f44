//! The counters of a table: in memory, or in a file that is mapped into memory, of which only what is asked for is read.

use std::ops::Deref;
use std::sync::Arc;

use tantivy::directory::OwnedBytes;

use super::{BLOCK, CELLS};

/// What each counter holds up to 255; nothing at all while there are no counts.
#[derive(Clone)]
pub(super) enum Cells {
    InMemory(Arc<Vec<u8>>),
    Mapped(OwnedBytes),
}

impl Cells {
    /// The counters, to be changed. Those of a file, and those that another table has too, are copied first.
    pub(super) fn to_mut(&mut self) -> &mut [u8] {
        let counters = match &*self {
            Cells::Mapped(bytes) => Some(bytes.to_vec()),
            Cells::InMemory(counters) if counters.is_empty() => Some(vec![0; CELLS]),
            Cells::InMemory(_) => None,
        };
        if let Some(counters) = counters {
            *self = Cells::InMemory(Arc::new(counters));
        }
        match self {
            Cells::InMemory(counters) => Arc::make_mut(counters).as_mut_slice(),
            Cells::Mapped(_) => &mut [],
        }
    }
}

impl Cells {
    /// The counters that are not 0. A commit adds little to much: most blocks of a table have none.
    pub(super) fn in_use(&self) -> impl Iterator<Item = (u32, u8)> {
        let blocks = (0..).step_by(BLOCK).zip(self.chunks(BLOCK));
        let blocks = blocks.filter(|(_, counts)| counts.iter().any(|&count| count > 0));
        blocks.flat_map(|(start, counts)| (start..).zip(counts.iter().copied())).filter(|&(_, count)| count > 0)
    }
}

impl Default for Cells {
    fn default() -> Cells {
        Cells::InMemory(Arc::default())
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
