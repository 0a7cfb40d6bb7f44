//! How a prepared search is executed, segment by segment: the best documents, or the first in a sort order, with total and
//! facets.

use std::borrow::Cow;

use tantivy::{DocAddress, DocId};

use super::columns::{FacetCounter, SortColumn, Sorted};
use super::matching::Matcher;
use super::prepare::Request;
use super::{Bits, Count, Search, Searcher, SegmentView, WorkSpace};
use crate::error::Result;
use crate::plan::Planned;
use crate::rank::{
    Best, HeldBy, Near, Neighbours, Opened, Pairs, Scored, Segment, Top, collect_best, open_lists, open_units,
    sort_best,
};
use crate::schema::Schema;

/// What a search found, before the documents are read.
pub(super) struct Found {
    pub(super) total: Option<u64>,
    pub(super) best: Vec<Scored>,
    pub(super) facets: Vec<FacetCounter>,
    /// How many of the best of all, from the first on, the second stage has looked at.
    pub(super) looked_at: usize,
}

/// What is gathered, segment by segment.
struct Gathering {
    /// Documents that are asked for, those before the page included.
    wanted: usize,
    sort: Option<SortColumn>,
    facets: Vec<FacetCounter>,
    total: u64,
    space: WorkSpace,
    sorted: Vec<Sorted>,
    /// One a segment, unless documents are sorted by a field.
    opened: Vec<Opened>,
}

impl Gathering {
    fn new(schema: &Schema, search: &Search, wanted: usize, space: WorkSpace) -> Result<Gathering> {
        let sort = search.sort.as_ref().map(|(field, order)| SortColumn::new(schema, field, *order)).transpose()?;
        let facets = search.facets.iter().map(|(field, most)| FacetCounter::new(schema, field, *most));
        let facets = facets.collect::<Result<_>>()?;
        Ok(Gathering { wanted, sort, facets, total: 0, space, sorted: Vec::new(), opened: Vec::new() })
    }

    /// Counts the documents of a segment that match.
    fn count(&mut self, view: &SegmentView<'_>, set: &Bits, matches: u64) -> Result<()> {
        self.total += matches;
        self.facets.iter_mut().try_for_each(|facet| facet.add(view.reader, set))
    }
}

impl Searcher {
    /// Finds the matching documents that come first, counts them all, and counts the values of facets.
    pub(super) fn find(&self, search: &Search, request: &Request) -> Result<Found> {
        let wanted = search.offset.saturating_add(search.limit);
        let planned = &request.planned;
        let (ranking, words, bigrams) = (&search.ranking, &planned.words, self.bigrams()?);
        let neighbours = Neighbours::of(ranking, words);
        neighbours.fetch(words, &bigrams);
        let candidates = if neighbours.is_empty() { wanted } else { wanted.max(search.ranking.candidates) };
        let mut space = self.cache().work_space();
        space.top.begin(candidates);
        let mut gathering = Gathering::new(&self.inner().schema, search, wanted, space)?;
        for segment in 0..self.segment_count() {
            self.gather(search, request, segment, !neighbours.is_empty(), &mut gathering)?;
        }
        let Gathering { sort, facets, total, mut space, sorted, opened, .. } = gathering;
        let on_page = |documents: &[Scored]| documents.iter().take(wanted).skip(search.offset).copied().collect();
        let (best, looked_at) = if sort.is_some() {
            (on_page(&sorted.into_iter().map(unscored).collect::<Vec<_>>()), 0)
        } else {
            let Best { documents, held } = space.top.best();
            let looked_at = if neighbours.is_empty() || documents.is_empty() {
                sort_best(documents, wanted);
                0
            } else {
                let pairs = Pairs::of(ranking, words, &neighbours, self.all_documents(), &bigrams);
                let near = Near { ranking, words, pairs: &pairs, segments: &opened, held };
                self.add_nearness(&near, wanted, documents)?
            };
            (on_page(documents), looked_at)
        };
        opened.into_iter().for_each(|opened| space.keep_lists(opened.lists));
        self.cache().keep_work_space(space);
        let total = (search.count == Count::Exact).then_some(total);
        Ok(Found { total, best, facets, looked_at })
    }

    /// Adds the documents of a segment to what was gathered. `positions` says whether the second stage will want to know where
    /// words stand.
    fn gather(
        &self,
        search: &Search,
        request: &Request,
        segment: usize,
        positions: bool,
        gathering: &mut Gathering,
    ) -> Result<()> {
        let planned = &request.planned;
        let matcher = self.matcher(segment, planned, &search.ranking);
        // Where any scored word matches, ranking itself finds the matching documents; but few are looked at one by one.
        let free = planned.is_any_word() && !matcher.has_few_postings();
        let is_asked = search.count == Count::Exact || gathering.sort.is_some() || !gathering.facets.is_empty();
        let set = match request.sets.get(segment) {
            _ if free && !is_asked => None,
            Some(known) => Some(Cow::Borrowed(known)),
            None => Some(Cow::Owned(matcher.matching()?)),
        };
        let matches = set.as_deref().map(Bits::count);
        if let Some((set, matches)) = set.as_deref().zip(matches) {
            gathering.count(&matcher.view, set, matches)?;
        }
        if let (Some(sort), Some(set)) = (&gathering.sort, &set) {
            return Searcher::add_sorted(&matcher.view, sort, set, gathering.wanted, &mut gathering.sorted);
        }
        let set = set.as_deref().filter(|_| !free || matcher.view.reader.has_deletes());
        gathering.opened.push(match matches {
            Some(0) => Opened::default(),
            _ => self.add_scored(&matcher, planned, set, positions, &mut gathering.space)?,
        });
        Ok(())
    }

    fn add_scored(
        &self,
        matcher: &Matcher<'_>,
        planned: &Planned,
        set: Option<&Bits>,
        positions: bool,
        space: &mut WorkSpace,
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
        let segment = Segment { view, accepted, positions, sequences: &sequence };
        let mut lists = space.lists.pop().unwrap_or_default();
        open_lists(view.ranking, &planned.words, view, &mut lists)?;
        let units = open_units(&planned.words, &lists, view)?;
        let WorkSpace { window, top, .. } = space;
        let positions = collect_best(&planned.words, &lists, &units, &segment, window, top)?;
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
            let matcher = Matcher { view: *view, planned, storage: self.storage() };
            rest.remove_all(&matcher.word(word)?);
        }
        for doc in rest.iter() {
            top.offer(0.0, || sequence(doc), DocAddress::new(view.ordinal as u32, doc), &[]);
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
}

fn unscored(sorted: Sorted) -> Scored {
    let Sorted { sequence, segment, doc, .. } = sorted;
    Scored { score: 0.0, sequence, segment, doc, holders: HeldBy::default() }
}
