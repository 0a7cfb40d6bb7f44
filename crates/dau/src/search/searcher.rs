//! A view of one commit, and how a search of it runs.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use rustc_hash::FxHashSet;
use tantivy::schema::Value as _;
use tantivy::{DocAddress, DocId, TantivyDocument, Term};

use super::columns::{FacetCounter, SortColumn, Sorted};
use super::explain::explain;
use super::matching::Matcher;
use super::snippets::Snippets;
use super::{Bigrams, Bits, Count, Explanation, Hit, Matching, Results, Returning, Search, SearchCache, SegmentView};
use crate::document::Document;
use crate::error::{Error, ErrorKind, Result, guarded};
use crate::index::{ID_COLUMN, Inner};
use crate::plan::{PlanOptions, Planned, Planner, Target, Wordings, find_field};
use crate::query::{Node, Occur, ParseOptions};
use crate::rank::{Near, Opened, Pairs, Ranking, Scored, Segment, Top, Window, collect_best, open_lists, open_units};

/// With [`Matching::Auto`], all words of a query of up to this many are asked for.
const SHORT_QUERY_TOKENS: usize = 3;

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
        let pairs = near.then(|| Pairs::of(&search.ranking, &planned.words, self.all_documents(), &bigrams));
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

    /// Returns the number of documents.
    pub fn document_count(&self) -> u64 {
        self.storage.num_docs()
    }

    /// Goes through all documents, in no particular order.
    pub fn documents(&self) -> Documents<'_> {
        Documents { searcher: self, segment: 0, doc: 0 }
    }

    fn prepare(&self, search: &Search) -> Result<Request> {
        let schema = &self.inner.schema;
        let is_field = |name: &str| find_field(schema, name).is_some();
        let root = read(&is_field, &search.query, search.strict)?;
        let filters = search.filters.iter().map(|filter| read(&is_field, filter, search.strict));
        let filters = filters.collect::<Result<Vec<Node>>>()?;
        let plan = |matching: Matching| {
            let options = PlanOptions {
                accents: search.accents,
                matching,
                fields: &search.fields,
                strict: search.strict,
                corrections: search.corrections,
                synonyms: search.synonyms,
            };
            let planner = Planner::new(self, &search.ranking, options)?;
            let target = planner.target().clone();
            Ok::<Request, Error>(Request { planned: planner.plan(&root, &filters)?, target, sets: Vec::new() })
        };
        if search.matching != Matching::Auto {
            return plan(search.matching);
        }
        let any = plan(Matching::Any)?;
        // Who writes + or OR has said what must be there.
        if !is_plain(&root) || !(2..=SHORT_QUERY_TOKENS).contains(&any.planned.plain_tokens) {
            return Ok(any);
        }
        let mut all = plan(Matching::All)?;
        for segment in 0..self.segment_count() {
            let set = self.matcher(segment, &all.planned, &search.ranking).matching()?;
            let found = set.count() > 0;
            all.sets.push(set);
            if found {
                return Ok(all);
            }
        }
        Ok(any)
    }

    fn find(&self, search: &Search, request: &Request) -> Result<Found> {
        let wanted = search.offset.saturating_add(search.limit);
        let schema = &self.inner.schema;
        let sort = search.sort.as_ref().map(|(field, order)| SortColumn::new(schema, field, *order)).transpose()?;
        let facets = search.facets.iter().map(|(field, most)| FacetCounter::new(schema, field, *most));
        let mut facets = facets.collect::<Result<Vec<_>>>()?;
        let planned = &request.planned;
        // Where any scored word matches, ranking itself finds the matching documents.
        let free = planned.is_any_word();
        let count = search.count == Count::Exact;
        let needs_set = !free || count || sort.is_some() || !facets.is_empty();
        let pairs = Pairs::of(&search.ranking, &planned.words, self.all_documents(), &self.bigrams()?);
        let candidates = if pairs.is_empty() { wanted } else { wanted.max(search.ranking.candidates) };
        let (mut total, mut top, mut sorted) = (0, Top::new(candidates), Vec::new());
        let mut opened = Vec::with_capacity(self.segment_count());
        let mut window = self.cache.window();
        for segment in 0..self.segment_count() {
            let matcher = self.matcher(segment, planned, &search.ranking);
            let few = matcher.has_few_postings();
            let set = match request.sets.get(segment) {
                _ if !needs_set && !few => None,
                Some(known) => Some(Cow::Borrowed(known)),
                None => Some(Cow::Owned(matcher.matching()?)),
            };
            if let Some(set) = &set {
                total += set.count();
                for facet in &mut facets {
                    facet.add(matcher.view.reader, set)?;
                }
            }
            match (&sort, &set) {
                (Some(sort), Some(set)) => Searcher::add_sorted(&matcher.view, sort, set, wanted, &mut sorted)?,
                _ => {
                    // What holds any word needs no set to be found; but few documents are looked at one by one.
                    let is_needed = !free || few || matcher.view.reader.has_deletes();
                    let set = set.as_deref().filter(|_| is_needed);
                    opened.push(self.add_scored(&matcher, planned, set, !pairs.is_empty(), &mut window, &mut top)?);
                }
            }
        }
        self.cache.keep_window(window);
        let mut best: Vec<Scored> = match &sort {
            None => top.into_sorted(),
            Some(_) => sorted.into_iter().map(unscored).collect(),
        };
        let mut looked_at = 0;
        if sort.is_none() && !pairs.is_empty() {
            let near = Near { ranking: &search.ranking, words: &planned.words, pairs: &pairs, segments: &opened };
            looked_at = self.add_nearness(&near, wanted, &mut best)?;
        }
        best.truncate(wanted);
        let best = best.into_iter().skip(search.offset).collect();
        Ok(Found { total: count.then_some(total), best, facets, looked_at })
    }

    fn add_scored(
        &self,
        matcher: &Matcher<'_>,
        planned: &Planned,
        set: Option<&Bits>,
        positions: bool,
        window: &mut Window,
        top: &mut Top,
    ) -> Result<Opened> {
        let view = &matcher.view;
        let column = view.sequences()?;
        let sequence = |doc: DocId| column.first(doc).unwrap_or(u64::MAX);
        // Deleted documents are not in the set; without a set they must be kept out all the same.
        let alive = match (set, view.reader.alive_bitset()) {
            (None, Some(_)) => Some(matcher.matching()?),
            _ => None,
        };
        let accepted = set.or(alive.as_ref());
        let segment = Segment {
            ordinal: view.ordinal as u32,
            documents: view.documents(),
            accepted,
            positions,
            sequences: &sequence,
        };
        let lists = open_lists(view.ranking, &planned.words, view)?;
        let units = open_units(&planned.words, &lists, view)?;
        let positions = collect_best(view.ranking, &planned.words, &lists, &units, &segment, window, top)?;
        let opened = Opened { lists, positions };
        if planned.implies_a_word() {
            return Ok(opened);
        }
        // What matches without any scored word, a filter alone for instance, follows in the order of coming.
        if let Some(set) = set {
            self.add_unscored(view, planned, set, &sequence, top)?;
        }
        Ok(opened)
    }

    /// The second stage: looks at the positions of the first stage's best, and sorts these anew.
    ///
    /// What is added is never negative, so documents that were not looked at stay behind those that were, and a page
    /// further down continues the one before.
    fn add_nearness<'a>(&'a self, near: &Near<'a>, wanted: usize, best: &mut [Scored]) -> Result<usize> {
        near.add(wanted, |segment| self.view(segment, near.ranking), best)
    }

    fn add_unscored(
        &self,
        view: &SegmentView<'_>,
        planned: &Planned,
        set: &Bits,
        sequence: &dyn Fn(DocId) -> u64,
        top: &mut Top,
    ) -> Result<()> {
        if top.threshold().is_some_and(|threshold| threshold > 0.0) {
            return Ok(());
        }
        let mut rest = set.clone();
        for word in &planned.words {
            let matcher = Matcher { view: *view, planned, storage: &self.storage };
            rest.remove_all(&matcher.word(word)?);
        }
        for doc in rest.iter() {
            let scored =
                Scored { score: 0.0, sequence: sequence(doc), segment: view.ordinal as u32, doc, held: Box::default() };
            top.offer(scored);
        }
        Ok(())
    }

    fn add_sorted(
        view: &SegmentView<'_>,
        sort: &SortColumn,
        set: &Bits,
        wanted: usize,
        sorted: &mut Vec<Sorted>,
    ) -> Result<()> {
        let column = view.sequences()?;
        for (doc, key) in sort.keys(view.reader, set)? {
            let sequence = column.first(doc).unwrap_or(u64::MAX);
            sorted.push(Sorted { key, sequence, segment: view.ordinal as u32, doc });
        }
        if sorted.len() > wanted && wanted > 0 {
            sorted.select_nth_unstable_by(wanted - 1, |a, b| sort.compare(a, b));
        }
        sorted.truncate(wanted);
        sorted.sort_by(|a, b| sort.compare(a, b));
        Ok(())
    }

    fn matcher<'a>(&'a self, segment: usize, planned: &'a Planned, ranking: &'a Ranking) -> Matcher<'a> {
        Matcher { view: self.view(segment, ranking), planned, storage: &self.storage }
    }

    fn view<'a>(&'a self, segment: usize, ranking: &'a Ranking) -> SegmentView<'a> {
        SegmentView {
            ordinal: segment,
            reader: self.storage.segment_reader(segment as u32),
            inner: &self.inner,
            cache: &self.cache,
            ranking,
        }
    }

    fn address_of(&self, id: &str) -> Result<Option<DocAddress>> {
        let Some(slot) = self.inner.layout.id else {
            return Ok(None);
        };
        let term = Term::from_field_text(slot, id);
        for (ordinal, reader) in (0..).zip(self.storage.segment_readers()) {
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

    fn document(&self, address: DocAddress) -> Result<Document> {
        let stored: TantivyDocument = self.storage.doc(address)?;
        let corrupt = |why: &str| {
            let message = format!("the index is damaged: a stored document {why}; restore it or build it anew");
            Error::new(ErrorKind::Corrupt, message)
        };
        let source = stored.get_first(self.inner.layout.source).and_then(|value| value.as_str());
        let source = source.ok_or_else(|| corrupt("has no content"))?;
        let map = serde_json::from_str(source).map_err(|error| corrupt("is no JSON").caused_by(error))?;
        Ok(Document::from_map(map))
    }

    fn id_at(&self, address: DocAddress) -> Result<Option<String>> {
        let reader = self.storage.segment_reader(address.segment_ord);
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

    pub(crate) fn has_id(&self, id: &str) -> bool {
        // An index that cannot be read will say so at the next commit; a needless delete does no harm.
        self.address_of(id).map_or(true, |address| address.is_some())
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

/// Whether a query is words and phrases side by side, with no operator between them.
fn is_plain(root: &Node) -> bool {
    match root {
        Node::Group { clauses } => clauses
            .iter()
            .all(|clause| clause.occur != Occur::Must && !matches!(clause.node, Node::And(_) | Node::Or(_))),
        Node::And(_) | Node::Or(_) => false,
        _ => true,
    }
}

/// The query with the words that were probably meant in the place of those that were typed.
fn did_you_mean(query: &str, meant: &[(Range<usize>, String)]) -> Option<String> {
    let mut better = String::new();
    let mut done = 0;
    let mut meant: Vec<&(Range<usize>, String)> = meant.iter().collect();
    meant.sort_by_key(|(span, _)| span.start);
    for (span, word) in meant {
        better.push_str(query.get(done..span.start)?);
        better.push_str(word);
        done = span.end;
    }
    better.push_str(query.get(done..)?);
    (done > 0).then_some(better)
}

/// A planned search.
struct Request {
    planned: Planned,
    target: Target,
    /// What matches in the first segments, as far as it is known.
    sets: Vec<Bits>,
}

/// What a search found, before the documents are read.
struct Found {
    total: Option<u64>,
    best: Vec<Scored>,
    facets: Vec<FacetCounter>,
    /// How many of the best of all, from the first on, the second stage has looked at.
    looked_at: usize,
}

fn unscored(sorted: Sorted) -> Scored {
    Scored { score: 0.0, sequence: sorted.sequence, segment: sorted.segment, doc: sorted.doc, held: Box::default() }
}

fn read(is_field: &dyn Fn(&str) -> bool, text: &str, strict: bool) -> Result<Node> {
    let options = ParseOptions::new().fields(is_field);
    if !strict {
        return Ok(options.parse(text).root);
    }
    options.parse_strict(text).map(|query| query.root).map_err(|error| {
        let span = error.span();
        Error::new(ErrorKind::Query, error.to_string()).caused_by(error).at(span)
    })
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
            let reader = self.searcher.storage.segment_readers().get(self.segment as usize)?;
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
