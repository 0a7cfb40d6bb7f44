//! The postings of a field whose values are nearly all different, such as ids: they are put in order in the end, not looked for one by
//! one, which takes a third of the memory.

use std::io;

use tantivy::DocId;
use tantivy::postings::InvertedIndexSerializer;
use tantivy::schema::Field as Slot;

use super::terms::first_bytes;

/// Values, each of them one term, with their documents.
#[derive(Debug, Default)]
pub(crate) struct UniquePostings {
    /// The bytes of all values, one after another.
    texts: Vec<u8>,
    /// Where each value ends there, and its document. A writer may not take four gigabytes.
    values: Vec<(u32, DocId)>,
}

impl UniquePostings {
    /// Bytes of memory.
    pub(crate) fn bytes(&self) -> usize {
        self.texts.len() + size_of_val(&*self.values)
    }

    /// Adds the value of a document. Documents come in order.
    pub(crate) fn add(&mut self, document: DocId, value: &str) {
        self.texts.extend_from_slice(value.as_bytes());
        self.values.push((self.texts.len() as u32, document));
    }

    fn text(&self, value: usize) -> &[u8] {
        let start = value.checked_sub(1).map_or(0, |before| self.values[before].0);
        &self.texts[start as usize..self.values[value].0 as usize]
    }

    /// Writes all postings to a segment's files, if there are any.
    pub(crate) fn serialize(self, slot: Slot, files: &mut InvertedIndexSerializer) -> io::Result<()> {
        if self.values.is_empty() {
            return Ok(());
        }
        let mut file = files.new_field(slot, self.values.len() as u64, None)?;
        let mut sorted = (0..self.values.len()).map(|value| (first_bytes(self.text(value)), value)).collect::<Vec<_>>();
        sorted.sort_unstable_by(|&(left, a), &(right, b)| {
            left.cmp(&right).then_with(|| self.text(a).cmp(self.text(b))).then(a.cmp(&b))
        });
        for same in sorted.chunk_by(|&(left, a), &(right, b)| left == right && self.text(a) == self.text(b)) {
            file.new_term_without_freq(self.text(same[0].1))?;
            same.iter().for_each(|&(_, value)| file.write_doc(self.values[value].1, 0, &[]));
            file.close_term()?;
        }
        file.close()
    }
}
