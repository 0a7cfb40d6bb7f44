//! Stored documents: found by their id or their address, and read.

use tantivy::schema::Value as _;
use tantivy::{DocAddress, DocId, TantivyDocument, Term};

use super::Searcher;
use crate::document::Document;
use crate::error::{Error, ErrorKind, Result, guarded};
use crate::index::ID_COLUMN;

impl Searcher {
    /// Returns the document with this id, if there is one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] or [`ErrorKind::Corrupt`] when it cannot be read.
    pub fn get(&self, id: &str) -> Result<Option<Document>> {
        guarded(|| match self.address_of(id)? {
            Some(address) => self.document(address).map(Some),
            None => Ok(None),
        })
    }

    /// Goes through all documents, in no particular order.
    pub fn documents(&self) -> Documents<'_> {
        Documents { searcher: self, segment: 0, doc: 0 }
    }

    pub(crate) fn has_id(&self, id: &str) -> bool {
        // An index that cannot be read will say so at the next commit; a needless delete does no harm.
        self.address_of(id).map_or(true, |address| address.is_some())
    }

    fn address_of(&self, id: &str) -> Result<Option<DocAddress>> {
        let Some(slot) = self.inner().layout.id else {
            return Ok(None);
        };
        let term = Term::from_field_text(slot, id);
        for (ordinal, reader) in (0..).zip(self.storage().segment_readers()) {
            let index = reader.inverted_index(slot)?;
            let Some(mut block) = index.read_block_postings(&term, tantivy::schema::IndexRecordOption::Basic)? else {
                continue;
            };
            while !block.docs().is_empty() {
                if let Some(&doc) = block.docs().iter().find(|&&doc| !reader.is_deleted(doc)) {
                    return Ok(Some(DocAddress::new(ordinal, doc)));
                }
                block.advance();
            }
        }
        Ok(None)
    }

    pub(super) fn document(&self, address: DocAddress) -> Result<Document> {
        let stored: TantivyDocument = self.storage().doc(address)?;
        let corrupt = |why: &str| {
            let message = format!("the index is damaged: a stored document {why}; restore it or build it anew");
            Error::new(ErrorKind::Corrupt, message)
        };
        let source = stored.get_first(self.inner().layout.source).and_then(|value| value.as_str());
        let source = source.ok_or_else(|| corrupt("has no content"))?;
        let map = serde_json::from_str(source).map_err(|error| corrupt("is no JSON").caused_by(error))?;
        Ok(Document::from_map(map))
    }

    pub(super) fn id_at(&self, address: DocAddress) -> Result<Option<String>> {
        let reader = self.storage().segment_reader(address.segment_ord);
        let Some(column) = reader.fast_fields().str(ID_COLUMN)? else {
            return Ok(None);
        };
        let Some(ordinal) = column.term_ords(address.doc_id).next() else {
            return Ok(None);
        };
        let mut id = String::new();
        column.ord_to_str(ordinal, &mut id)?;
        Ok(Some(id))
    }
}

/// Goes through all documents of a [`Searcher`]; made by [`Searcher::documents`].
#[derive(Debug)]
pub struct Documents<'a> {
    searcher: &'a Searcher,
    segment: u32,
    doc: DocId,
}

impl Iterator for Documents<'_> {
    type Item = Result<Document>;

    fn next(&mut self) -> Option<Result<Document>> {
        loop {
            let reader = self.searcher.storage().segment_readers().get(self.segment as usize)?;
            let doc = self.doc;
            if doc == reader.max_doc() {
                (self.segment, self.doc) = (self.segment + 1, 0);
                continue;
            }
            self.doc += 1;
            if !reader.is_deleted(doc) {
                return Some(guarded(|| self.searcher.document(DocAddress::new(self.segment, doc))));
            }
        }
    }
}
