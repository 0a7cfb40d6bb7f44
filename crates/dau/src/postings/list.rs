//! The postings of one term while a segment is written: documents in order, and positions within them, as bytes.
//!
//! A number is a vint: seven bits a byte, the lowest first, the highest bit set in all bytes but the last. What is met for the first
//! time in a document adds twice the distance from the document before, plus one, and the position; once more in the same document,
//! twice the distance from the position before. So most tokens take two bytes.

use tantivy::DocId;

use super::arena::{Arena, Bytes};

/// Documents and positions of one term.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct List {
    bytes: Bytes,
    /// Documents that hold the term.
    documents: u32,
    /// The last of them, and the last position in it.
    document: DocId,
    position: u32,
}

impl List {
    pub(super) fn documents(&self) -> u32 {
        self.documents
    }

    /// Adds a document, if it is not the last one that was added.
    #[inline]
    pub(super) fn add_document(&mut self, arena: &mut Arena, document: DocId) {
        if self.documents > 0 && self.document == document {
            return;
        }
        let (bytes, len) = vint(u64::from(document - self.document));
        self.documents += 1;
        self.document = document;
        self.bytes.append(arena, bytes, len);
    }

    /// Adds a position in a document. Neither is below that of the call before.
    #[inline]
    pub(super) fn add_position(&mut self, arena: &mut Arena, document: DocId, position: u32) {
        if self.documents > 0 && self.document == document {
            let (bytes, len) = vint(u64::from(position - self.position) << 1);
            self.position = position;
            return self.bytes.append(arena, bytes, len);
        }
        let (bytes, len) = vint(u64::from(document - self.document) << 1 | 1);
        let (place, place_len) = vint(u64::from(position));
        *self = List { bytes: self.bytes, documents: self.documents + 1, document, position };
        if len + place_len < size_of::<u64>() {
            return self.bytes.append(arena, bytes | place << (8 * len), len + place_len);
        }
        self.bytes.append(arena, bytes, len);
        self.bytes.append(arena, place, place_len);
    }

    /// Hands out the documents of a list without positions, in order.
    pub(super) fn each_document(&self, arena: &Arena, buffer: &mut Vec<u8>, mut sink: impl FnMut(DocId)) {
        buffer.clear();
        arena.read(&self.bytes, buffer);
        let mut bytes = buffer.as_slice();
        let mut document = 0;
        while !bytes.is_empty() {
            document += read_vint(&mut bytes) as DocId;
            sink(document);
        }
    }

    /// Hands out the documents of a list with positions, in order: each with the distances of its positions from 0 and from one another.
    pub(super) fn each_posting(&self, arena: &Arena, buffers: &mut Buffers, mut sink: impl FnMut(DocId, &[u32])) {
        let Buffers { bytes, distances } = buffers;
        bytes.clear();
        arena.read(&self.bytes, bytes);
        let mut bytes = bytes.as_slice();
        let mut document = 0;
        distances.clear();
        while !bytes.is_empty() {
            let number = read_vint(&mut bytes);
            if number & 1 == 0 {
                distances.push((number >> 1) as u32);
                continue;
            }
            if !distances.is_empty() {
                sink(document, distances);
                distances.clear();
            }
            document += (number >> 1) as DocId;
            distances.push(read_vint(&mut bytes) as u32);
        }
        if !distances.is_empty() {
            sink(document, distances);
        }
    }
}

/// Room for reading lists one after another.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    pub(super) bytes: Vec<u8>,
    distances: Vec<u32>,
}

/// A number of up to 33 bits as a vint: its bytes, the lowest first, and how many these are.
#[inline]
fn vint(number: u64) -> (u64, usize) {
    if number < 1 << 7 {
        return (number, 1);
    }
    if number < 1 << 14 {
        return (number & 0x7f | 0x80 | number >> 7 << 8, 2);
    }
    let (mut bytes, mut len, mut rest) = (0, 0, number);
    while rest >= 1 << 7 {
        bytes |= (rest & 0x7f | 0x80) << (8 * len);
        rest >>= 7;
        len += 1;
    }
    (bytes | rest << (8 * len), len + 1)
}

/// Takes a vint from the front.
#[inline]
fn read_vint(bytes: &mut &[u8]) -> u64 {
    let mut number = 0;
    let mut shift = 0;
    while let Some((&byte, rest)) = bytes.split_first() {
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte < 0x80 {
            break;
        }
    }
    number
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_vint_is_read_as_it_was_written() {
        let mut written = vec![];
        let numbers = (0..34).flat_map(|bits| [1 << bits, (1 << bits) - 1, (1 << bits) + 1_u64]).collect::<Vec<_>>();
        for &number in &numbers {
            let (bytes, len) = vint(number);
            written.extend_from_slice(&bytes.to_le_bytes()[..len]);
        }
        let mut bytes = written.as_slice();
        let read = numbers.iter().map(|_| read_vint(&mut bytes)).collect::<Vec<_>>();
        assert!(read == numbers && bytes.is_empty());
    }

    proptest! {
        #[test]
        fn postings_come_back(
            steps in proptest::collection::vec((0_u32..3, prop_oneof![0_u32..300, 0_u32..1 << 29], 1_usize..4), 0..300),
        ) {
            let (mut arena, mut list, mut plain) = (Arena::default(), List::default(), List::default());
            let (mut document, mut expected) = (0, Vec::<(DocId, Vec<u32>)>::new());
            for (ahead, distance, times) in steps {
                document += ahead * (distance % 70_000);
                if expected.last().is_none_or(|&(last, _)| last != document) {
                    expected.push((document, vec![]));
                }
                let (_, distances) = expected.last_mut().expect("pushed");
                for _ in 0..times {
                    // Positions end where a `u32` does.
                    let before = distances.iter().sum::<u32>();
                    let distance = distance.min(u32::MAX - before);
                    distances.push(distance);
                    list.add_position(&mut arena, document, before + distance);
                    plain.add_document(&mut arena, document);
                }
            }
            let mut found = vec![];
            list.each_posting(&arena, &mut Buffers::default(), |document, distances| found.push((document, distances.to_vec())));
            prop_assert_eq!(list.documents() as usize, expected.len());
            prop_assert_eq!(&found, &expected);
            let mut documents = vec![];
            plain.each_document(&arena, &mut vec![], |document| documents.push(document));
            prop_assert_eq!(documents, expected.iter().map(|&(document, _)| document).collect::<Vec<_>>());
        }
    }
}
