//! Looking for a document in an ascending list, a little further on as a rule.

use tantivy::DocId;

use super::tail::Posting;

/// Something that belongs to a document.
pub(crate) trait OfDocument {
    fn doc(&self) -> DocId;
}

impl OfDocument for DocId {
    #[inline]
    fn doc(&self) -> DocId {
        *self
    }
}

impl OfDocument for Posting {
    #[inline]
    fn doc(&self) -> DocId {
        self.doc
    }
}

/// Where the first entry of a document not before `target` is in an ascending list. Entries near the start cost least (Bentley and Yao
/// 1976).
pub(crate) fn first_from(entries: &[impl OfDocument], target: DocId) -> usize {
    let mut end = 1;
    while end < entries.len() && entries[end - 1].doc() < target {
        end *= 2;
    }
    let (start, end) = (end / 2, end.min(entries.len()));
    start + entries[start..end].partition_point(|entry| entry.doc() < target)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_document_not_before_another() {
        let docs: Vec<DocId> = (0..50).map(|doc| doc * 3).collect();
        for target in 0..160 {
            assert_eq!(first_from(&docs, target), docs.partition_point(|&doc| doc < target), "{target}");
        }
        assert_eq!(first_from(&[0 as DocId; 0], 7), 0);
    }

    #[test]
    fn the_first_posting_not_before_a_document() {
        let postings: Vec<Posting> =
            (0..50).map(|at| Posting { doc: at / 2 * 3, list: at % 2, frequency: 1 }).collect();
        for target in 0..90 {
            let expected = postings.partition_point(|posting| posting.doc < target);
            assert_eq!(first_from(&postings, target), expected, "{target}");
        }
        assert_eq!(first_from(&postings[..0], 7), 0);
    }
}
