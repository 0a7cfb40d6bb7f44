//! A place in a posting list.

use tantivy::postings::{BlockSegmentPostings, Postings, SegmentPostings};
use tantivy::{DocId, DocSet, TERMINATED};

/// A place in a posting list with frequencies. Moves forward only.
pub(crate) enum Cursor {
    /// A list of several blocks, one of which is decoded.
    Long(Box<LongCursor>),
    /// A list of one block.
    Short(ShortCursor),
}

pub(crate) struct LongCursor {
    block: BlockSegmentPostings,
    at: usize,
}

pub(crate) struct ShortCursor {
    /// First all documents, then as many frequencies.
    postings: Box<[u32]>,
    at: usize,
}

impl Cursor {
    pub(crate) fn long(block: BlockSegmentPostings) -> Cursor {
        Cursor::Long(Box::new(LongCursor { block, at: 0 }))
    }

    /// Copies the block at hand, the only one of its list.
    pub(crate) fn short(block: &BlockSegmentPostings) -> Cursor {
        let postings = [block.docs(), &block.freqs()[..block.docs().len()]].concat();
        Cursor::Short(ShortCursor { postings: postings.into(), at: 0 })
    }

    /// The document here; `TERMINATED` at the end.
    #[inline]
    fn doc(&self) -> DocId {
        match self {
            Cursor::Long(long) => long.block.doc(long.at),
            Cursor::Short(short) => short.docs().get(short.at).copied().unwrap_or(TERMINATED),
        }
    }

    /// Calls `visit(documents, frequencies)` for each run of documents before `end`.
    #[inline]
    pub(crate) fn each_run_before(&mut self, end: DocId, mut visit: impl FnMut(&[DocId], &[u32])) {
        match self {
            Cursor::Long(long) => long.each_run_before(end, visit),
            Cursor::Short(short) => {
                let docs = &short.docs()[short.at..];
                let within = docs.partition_point(|&doc| doc < end);
                if within > 0 {
                    visit(&docs[..within], &short.frequencies()[short.at..short.at + within]);
                    short.at += within;
                }
            }
        }
    }
}

/// Something that is asked about documents in ascending order.
pub(crate) trait Ask {
    /// Moves to the first document not before `target` and returns it; `TERMINATED` when there is none.
    fn seek(&mut self, target: DocId) -> DocId;

    /// How often the term stands in the document here; there must be one.
    fn frequency(&self) -> u32;

    /// Appends where the term stands in the document here, where that is read too.
    fn append_positions(&mut self, _positions: &mut Vec<u32>) {}
}

impl Ask for Cursor {
    #[inline]
    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc() < target {
            match self {
                Cursor::Long(long) => long.at = long.block.seek(target),
                Cursor::Short(short) => {
                    short.at += short.docs()[short.at..].partition_point(|&doc| doc < target);
                }
            }
        }
        self.doc()
    }

    #[inline]
    fn frequency(&self) -> u32 {
        match self {
            Cursor::Long(long) => long.block.freq(long.at),
            Cursor::Short(short) => short.frequencies()[short.at],
        }
    }
}

/// A place in a posting list that is read in borrowed memory.
pub(crate) struct Borrowed<'a> {
    block: &'a mut BlockSegmentPostings,
    at: usize,
}

impl Borrowed<'_> {
    /// At the first document of a list.
    pub(crate) fn new(block: &mut BlockSegmentPostings) -> Borrowed<'_> {
        Borrowed { block, at: 0 }
    }
}

impl Ask for Borrowed<'_> {
    #[inline]
    fn seek(&mut self, target: DocId) -> DocId {
        if self.block.doc(self.at) < target {
            self.at = self.block.seek(target);
        }
        self.block.doc(self.at)
    }

    #[inline]
    fn frequency(&self) -> u32 {
        self.block.freq(self.at)
    }
}

/// Positions are read too.
impl Ask for SegmentPostings {
    #[inline]
    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc() < target { DocSet::seek(self, target) } else { self.doc() }
    }

    #[inline]
    fn frequency(&self) -> u32 {
        self.term_freq()
    }

    fn append_positions(&mut self, positions: &mut Vec<u32>) {
        self.append_positions_with_offset(0, positions);
    }
}

impl ShortCursor {
    fn docs(&self) -> &[DocId] {
        &self.postings[..self.postings.len() / 2]
    }

    fn frequencies(&self) -> &[u32] {
        &self.postings[self.postings.len() / 2..]
    }
}

impl LongCursor {
    fn each_run_before(&mut self, end: DocId, mut visit: impl FnMut(&[DocId], &[u32])) {
        loop {
            let docs = &self.block.docs()[self.at..];
            let within = match docs.last() {
                None => return,
                Some(&last) if last < end => docs.len(),
                Some(_) => docs.partition_point(|&doc| doc < end),
            };
            if within > 0 {
                visit(&docs[..within], &self.block.freqs()[self.at..self.at + within]);
            }
            if within < docs.len() {
                self.at += within;
                return;
            }
            self.block.advance();
            self.at = 0;
        }
    }
}
