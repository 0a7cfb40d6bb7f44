//! A set of documents of one segment, as a list where they are few.

use tantivy::DocId;

use super::Bits;

/// A set that takes the least memory: to go through all bits of a segment costs more than a few documents are worth.
#[derive(Clone, Debug)]
pub(super) enum Docs {
    /// Ascending.
    Few(Vec<DocId>),
    Many(Bits),
}

impl Docs {
    pub(super) fn of(set: Bits) -> Docs {
        let count = set.count() as usize;
        if count * size_of::<DocId>() < set.bytes() { Docs::Few(set.to_list()) } else { Docs::Many(set) }
    }

    /// Bytes in memory, about.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Docs::Few(docs) => size_of_val(&**docs),
            Docs::Many(set) => set.bytes(),
        }
    }

    pub(super) fn count(&self) -> usize {
        match self {
            Docs::Few(docs) => docs.len(),
            Docs::Many(set) => set.count() as usize,
        }
    }

    /// How many documents there are, or more.
    pub(super) fn most(&self) -> usize {
        match self {
            Docs::Few(docs) => docs.len(),
            Docs::Many(_) => usize::MAX,
        }
    }

    pub(super) fn contains(&self, doc: DocId) -> bool {
        match self {
            Docs::Few(docs) => docs.binary_search(&doc).is_ok(),
            Docs::Many(set) => set.contains(doc),
        }
    }

    /// Takes out what is not in another set.
    pub(super) fn and(&mut self, other: &Bits) {
        match self {
            Docs::Few(docs) => docs.retain(|&doc| other.contains(doc)),
            Docs::Many(set) => set.and(other),
        }
    }

    /// The documents, ascending.
    pub(super) fn into_list(self) -> Vec<DocId> {
        match self {
            Docs::Few(docs) => docs,
            Docs::Many(set) => set.to_list(),
        }
    }

    /// The bits of the set, in a segment of so many documents.
    pub(super) fn into_bits(self, documents: u32) -> Bits {
        match self {
            Docs::Few(docs) => Bits::of(documents, docs),
            Docs::Many(set) => set,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_and_many_are_the_same_sets() {
        let (few, many) = (Bits::of(1000, [6, 7, 999]), Bits::of(1000, (0..1000).step_by(2)));
        for (bits, is_few) in [(&few, true), (&many, false)] {
            let documents = Docs::of(bits.clone());
            assert_eq!(matches!(documents, Docs::Few(_)), is_few);
            assert!((0..1000).all(|doc| documents.contains(doc) == bits.contains(doc)));
            let (mut both, mut expected) = (documents.clone(), bits.clone());
            [(&few), (&many)].into_iter().for_each(|other| both.and(other));
            [(&few), (&many)].into_iter().for_each(|other| expected.and(other));
            assert_eq!(both.into_bits(1000), expected);
            assert!(documents.most() >= documents.count() && documents.bytes() <= bits.bytes());
            assert_eq!(documents.count() as u64, bits.count());
            assert_eq!(documents.clone().into_list(), bits.iter().collect::<Vec<_>>());
            assert_eq!(documents.into_bits(1000), *bits);
        }
    }
}
