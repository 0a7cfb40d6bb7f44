//! A view of one commit, and what can be asked of it.

use std::sync::Arc;
use std::time::Instant;

use rustc_hash::FxHashSet;
use tantivy::DocAddress;

use super::columns::FacetCounter;
use super::explain::explain;
use super::matching::Matcher;
use super::snippets::Snippets;
use super::suggestion::did_you_mean;
use super::{Bigrams, Explanation, Hit, Results, Returning, Search, SearchCache, SegmentView};
use crate::document::Document;
use crate::error::{Result, guarded};
use crate::index::Inner;
use crate::plan::{Planned, Wordings};
use crate::rank::{Neighbours, Pairs, Ranking, Scored};

/// A view of one commit of an index. Cheap to clone; searches take `&self` and may run in many threads at once.
#[derive(Clone)]
pub struct Searcher {
    inner: Arc<Inner>,
    storage: tantivy::Searcher,
    cache: Arc<SearchCache>,
    wordings: Arc<Wordings>,
}

impl Searcher {
    pub(crate) fn new(inner: Arc<Inner>, storage: tantivy::Searcher, cache: Arc<SearchCache>) -> Searcher {
        Searcher { inner, storage, cache, wordings: Arc::default() }
    }

    /// The same view with these synonyms.
    pub(crate) fn with_wordings(self, wordings: Arc<Wordings>) -> Searcher {
        Searcher { wordings, ..self }
    }

    /// Finds, ranks, counts.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Query`] when a field is asked for what it cannot give, and with [`Search::strict`] when the query
    /// is malformed; [`ErrorKind::Io`] or [`ErrorKind::Corrupt`] when the index cannot be read.
    ///
    /// [`ErrorKind::Query`]: crate::ErrorKind::Query
    /// [`ErrorKind::Io`]: crate::ErrorKind::Io
    /// [`ErrorKind::Corrupt`]: crate::ErrorKind::Corrupt
    pub fn search(&self, search: &Search) -> Result<Results> {
        guarded(|| self.search_unguarded(search))
    }

    fn search_unguarded(&self, search: &Search) -> Result<Results> {
        let start = Instant::now();
        let request = self.prepare(search)?;
        let found = self.find(search, &request)?;
        let snippets = match &search.highlight {
            Some(highlight) => Some(Snippets::new(self, highlight, &request.planned.marks, &request.target.fields)?),
            None => None,
        };
        let mut hits = Vec::with_capacity(found.best.len());
        for (at, scored) in found.best.iter().enumerate() {
            let address = DocAddress::new(scored.segment, scored.doc);
            let (id, document) = match search.returning {
                Returning::Scores => (None, Document::default()),
                Returning::Ids => (self.id_at(address)?, Document::default()),
                Returning::Documents => {
                    let document = self.document(address)?;
                    (crate::document::id_of(&self.inner.schema, document.as_map())?, document)
                }
            };
            let explanation = match search.explain {
                true => {
                    let near = search.offset + at < found.looked_at;
                    Some(self.explain(search, &request.planned, scored, near)?)
                }
                false => None,
            };
            hits.push(Hit {
                rank: search.offset + at + 1,
                id,
                score: scored.score,
                highlights: snippets.as_ref().map(|snippets| snippets.of(&document)).unwrap_or_default(),
                document,
                explanation,
            });
        }
        let total = found.total.unwrap_or(hits.len() as u64);
        let facets = found.facets.into_iter().map(FacetCounter::finish).collect();
        let did_you_mean = did_you_mean(&search.query, &request.planned.meant);
        Ok(Results { total, hits, facets, did_you_mean, took: start.elapsed() })
    }

    /// Explains the score of a hit; `near` says whether the second stage looked at it.
    fn explain(&self, search: &Search, planned: &Planned, scored: &Scored, near: bool) -> Result<Explanation> {
        let bigrams = self.bigrams()?;
        let pairs = near.then(|| {
            let neighbours = Neighbours::of(&search.ranking, &planned.words);
            Pairs::of(&search.ranking, &planned.words, &neighbours, self.all_documents(), &bigrams)
        });
        explain(&self.view(scored.segment as usize, &search.ranking), planned, scored.doc, pairs.as_ref())
    }

    /// Counts the documents that match; limit, offset, sort and facets do not matter.
    ///
    /// # Errors
    ///
    /// As [`Searcher::search`].
    pub fn count(&self, search: &Search) -> Result<u64> {
        guarded(|| self.count_unguarded(search))
    }

    fn count_unguarded(&self, search: &Search) -> Result<u64> {
        let request = self.prepare(search)?;
        let mut total = 0;
        for segment in 0..self.segment_count() {
            total += self.matcher(segment, &request.planned, &search.ranking).matching()?.count();
        }
        Ok(total)
    }

    /// The sequence numbers of the documents that match.
    pub(crate) fn matching_sequences(&self, search: &Search) -> Result<FxHashSet<u64>> {
        let request = self.prepare(search)?;
        let mut sequences = FxHashSet::default();
        for segment in 0..self.segment_count() {
            let matcher = self.matcher(segment, &request.planned, &search.ranking);
            let (column, matching) = (matcher.view.sequences()?, matcher.matching()?);
            sequences.extend(matching.iter().filter_map(|doc| column.first(doc)));
        }
        Ok(sequences)
    }

    /// Returns the number of documents.
    pub fn document_count(&self) -> u64 {
        self.storage.num_docs()
    }

    pub(super) fn matcher<'a>(&'a self, segment: usize, planned: &'a Planned, ranking: &'a Ranking) -> Matcher<'a> {
        Matcher { view: self.view(segment, ranking), planned, storage: &self.storage }
    }

    pub(super) fn view<'a>(&'a self, segment: usize, ranking: &'a Ranking) -> SegmentView<'a> {
        SegmentView {
            ordinal: segment,
            reader: self.storage.segment_reader(segment as u32),
            inner: &self.inner,
            cache: &self.cache,
            ranking,
        }
    }

    pub(crate) fn deleted_count(&self) -> u64 {
        self.storage.segment_readers().iter().map(|segment| u64::from(segment.num_deleted_docs())).sum()
    }

    /// All documents, deleted ones included: what frequencies are measured against.
    pub(crate) fn all_documents(&self) -> u64 {
        self.cache.documents
    }

    /// Tokens of all text and code fields, deleted documents included.
    pub(crate) fn all_tokens(&self) -> u64 {
        self.cache.fields.iter().flatten().map(|field| field.tokens).sum()
    }

    pub(crate) fn bigrams(&self) -> Result<Bigrams> {
        self.cache.bigrams(&self.inner)
    }

    pub(crate) fn segment_count(&self) -> usize {
        self.storage.segment_readers().len()
    }

    pub(crate) fn cache(&self) -> &SearchCache {
        &self.cache
    }

    pub(crate) fn wordings(&self) -> &Arc<Wordings> {
        &self.wordings
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.inner
    }

    pub(crate) fn storage(&self) -> &tantivy::Searcher {
        &self.storage
    }
}

impl std::fmt::Debug for Searcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Searcher").field("documents", &self.document_count()).finish_non_exhaustive()
    }
}
