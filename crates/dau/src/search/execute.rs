//! How a prepared search is executed, segment by segment: the best documents, or the first in a sort order, with total and
//! facets.

use std::borrow::Cow;

use tantivy::DocId;

use super::columns::{FacetCounter, SortColumn, Sorted};
use super::matching::Matcher;
use super::prepare::Request;
use super::{Bits, Count, Search, Searcher, SegmentView};
use crate::error::Result;
use crate::plan::Planned;
use crate::rank::{Near, Opened, Pairs, Scored, Segment, Top, Window, collect_best, open_lists, open_units};

/// What a search found, before the documents are read.
pub(super) struct Found {
    pub(super) total: Option<u64>,
    pub(super) best: Vec<Scored>,
    pub(super) facets: Vec<FacetCounter>,
    /// How many of the best of all, from the first on, the second stage has looked at.
    pub(super) looked_at: usize,
}

impl Searcher {
    /// Finds the matching documents that come first, counts them all, and counts the values of facets.
    pub(super) fn find(&self, search: &Search, request: &Request) -> Result<Found> {
        let wanted = search.offset.saturating_add(search.limit);
        let schema = &self.inner().schema;
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
        let mut window = self.cache().window();
        for segment in 0..self.segment_count() {
            let matcher = self.matcher(segment, planned, &search.ranking);
            let few = matcher.has_few_postings();
            let set = match request.sets.get(segment) {
                _ if !needs_set && !few => None,
                Some(known) => Some(Cow::Borrowed(known)),
                None => Some(Cow::Owned(matcher.matching()?)),
            };
            let matches = set.as_deref().map(Bits::count);
            if let Some(set) = &set {
                total += matches.unwrap_or(0);
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
                    opened.push(match matches {
                        Some(0) => Opened::default(),
                        _ => self.add_scored(&matcher, planned, set, !pairs.is_empty(), &mut window, &mut top)?,
                    });
                }
            }
        }
        self.cache().keep_window(window);
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
            let matcher = Matcher { view: *view, planned, storage: self.storage() };
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
}

fn unscored(sorted: Sorted) -> Scored {
    Scored { score: 0.0, sequence: sorted.sequence, segment: sorted.segment, doc: sorted.doc, held: Box::default() }
}
