//! Phrases: documents in which words stand at given distances.
//!
//! Positions cost most. So only those of documents that can have the phrase are read, list after list, those of the
//! rarest word first; what does not stand together with the words read so far is not looked at any further.

use std::ops::Range;

use tantivy::DocId;
use tantivy::postings::TermInfo;

use super::docs::Docs;
use super::matching::{Matcher, narrow};
use super::positions::FieldPositions;
use super::together::stand_together;
use super::{Bits, neighbours};
use crate::error::Result;
use crate::plan::PhrasePlan;
use crate::rank::{Entries, PostingRef, first_from};

/// The documents of a segment that hold a phrase; those that are not within a set may be missing.
pub(super) fn matching(matcher: &Matcher<'_>, plan: &PhrasePlan, within: Option<&Bits>) -> Result<Bits> {
    let documents = matcher.view.documents();
    let known = neighbours::of_phrase(matcher, plan, |pair| find(matcher, pair, None))?;
    let candidates = match (known, within) {
        // Its only pair.
        (Some(known), _) if plan.words.len() == 2 && plan.last.is_none() => return Ok(known.into_bits(documents)),
        (Some(mut known), Some(within)) => {
            known.and(within);
            known
        }
        (Some(known), None) => known,
        (None, Some(within)) => Docs::Many(within.clone()),
        (None, None) => return find(matcher, plan, None),
    };
    if candidates.count() <= FEW_DOCUMENTS {
        // To look at where the words stand in these costs less than to see which of them hold all words.
        find_among(matcher, plan, candidates.into_list())
    } else {
        find(matcher, plan, Some(&candidates.into_bits(documents)))
    }
}

/// The documents among some that hold a phrase, from the positions of all words.
fn find_among(matcher: &Matcher<'_>, plan: &PhrasePlan, mut docs: Vec<DocId>) -> Result<Bits> {
    let mut found = Bits::none(matcher.view.documents());
    for &field in plan.fields.iter() {
        docs.retain(|&doc| !found.contains(doc));
        if docs.is_empty() {
            break;
        }
        if let Some((field, slots)) = Field::open(matcher, plan, field)? {
            field.add(&slots, &docs, plan.slop, &mut found)?;
        }
    }
    Ok(found)
}

/// As [`matching`], from the positions of all words.
fn find(matcher: &Matcher<'_>, plan: &PhrasePlan, within: Option<&Bits>) -> Result<Bits> {
    let mut found = Bits::none(matcher.view.documents());
    let candidates = matcher.common_words(plan.words.iter().map(|&number| matcher.planned.word(number)), within)?;
    for &field in plan.fields.iter() {
        if let Some((field, slots)) = Field::open(matcher, plan, field)? {
            let candidates = field.candidates(matcher, &slots, candidates.as_ref(), &found)?;
            field.add(&slots, &candidates, plan.slop, &mut found)?;
        }
    }
    Ok(found)
}

/// So many documents are few.
const FEW_DOCUMENTS: usize = 64;

/// Larger than any offset within a phrase.
const LARGEST_OFFSET: u32 = u32::MAX / 2;

/// Reading the positions of a word in one document costs about as much as reading this many postings in order.
const POSITIONS_COST: u64 = 64;

/// The posting lists of one word of a phrase, all spellings, in one field.
struct Slot<'a> {
    lists: Lists<'a>,
    /// Of all lists.
    postings: u64,
    offset: u32,
    /// Whether the documents of the word are remembered.
    is_common: bool,
    /// The postings of the word by document, if they are in memory, and the numbers of the lists among these.
    by_document: Option<(&'a Entries, Range<u32>)>,
}

/// The posting lists of a word, or of the words that begin so, in one field.
enum Lists<'a> {
    InRow(&'a [PostingRef]),
    Gathered(Vec<&'a TermInfo>),
}

impl<'a> Lists<'a> {
    fn infos(&self) -> Vec<&'a TermInfo> {
        match self {
            Lists::InRow(lists) => lists.iter().map(|list| &list.info).collect(),
            Lists::Gathered(infos) => infos.clone(),
        }
    }

    /// How many postings they have.
    fn postings(&self) -> u64 {
        match self {
            Lists::InRow(lists) => lists.iter().map(|list| u64::from(list.info.doc_freq)).sum(),
            Lists::Gathered(infos) => infos.iter().map(|info| u64::from(info.doc_freq)).sum(),
        }
    }
}

impl Slot<'_> {
    /// Calls `visit(place, positions)` for each list and each of some ascending documents that it holds; the positions are shifted.
    /// What `shifted` held is lost.
    fn each(
        &self,
        lists: &FieldPositions,
        docs: &[DocId],
        shifted: &mut Vec<u32>,
        mut visit: impl FnMut(usize, &[u32]),
    ) -> Result<()> {
        let Some((entries, numbers)) = &self.by_document else {
            return lists.each(&self.lists.infos(), docs, self.shift(), visit);
        };
        for (place, &doc) in docs.iter().enumerate() {
            for (_, positions) in
                entries.positions_of(doc).into_iter().flatten().filter(|(list, _)| numbers.contains(list))
            {
                shifted.clear();
                shifted.extend(positions.iter().map(|&position| u32::from(position) + self.shift()));
                visit(place, shifted);
            }
        }
        Ok(())
    }

    /// What is added to positions, so that equal numbers mean side by side. The offsets of a phrase start at 0: with the
    /// difference from the largest, no number is negative.
    fn shift(&self) -> u32 {
        LARGEST_OFFSET - self.offset
    }
}

/// The slots of a phrase in one field, those with the fewest postings first: rare words fail first.
fn slots<'a>(matcher: &Matcher<'a>, plan: &'a PhrasePlan, field: usize) -> Vec<Slot<'a>> {
    let view = &matcher.view;
    let mut slots = Vec::with_capacity(plan.offsets.len());
    for (&number, &offset) in plan.words.iter().zip(&plan.offsets) {
        let postings = matcher.postings(matcher.planned.word(number));
        let is_there = |list: &&PostingRef| list.field == field;
        let (lists, by_document) = if postings.added().is_empty() {
            // The lists of a field follow each other.
            let start = postings.lists().iter().take_while(|list| !is_there(list)).count();
            let end = start + postings.lists()[start..].iter().take_while(is_there).count();
            let entries = postings.known_entries().filter(|entries| entries.has_positions());
            (Lists::InRow(&postings.lists()[start..end]), entries.map(|entries| (entries, start as u32..end as u32)))
        } else {
            (Lists::Gathered(postings.lists().iter().filter(is_there).map(|list| &list.info).collect()), None)
        };
        let is_common = postings.is_common(view.documents());
        slots.push(Slot { postings: lists.postings(), lists, offset, is_common, by_document });
    }
    if let (Some(last), Some(&offset)) = (&plan.last, plan.offsets.last()) {
        let own = view.inner.layout.fields[field];
        let terms = last.segments[view.ordinal].iter();
        let infos = terms.filter(|(slot, _)| Some(*slot) == own).map(|(_, info)| info).collect();
        let lists = Lists::Gathered(infos);
        slots.push(Slot { postings: lists.postings(), lists, offset, is_common: false, by_document: None });
    }
    slots.sort_by_key(|slot| slot.postings);
    slots
}

/// Adds the documents in which the words stand together but for `slop` positions. Those of each word are among those of
/// the one before.
fn add_near(standing: &[Standing], offsets: &[u32], slop: u32, found: &mut Bits) {
    let Some(last) = standing.last() else { return };
    let mut places = vec![0; standing.len()];
    let mut positions: Vec<&[u32]> = Vec::with_capacity(standing.len());
    for &doc in &last.docs {
        positions.clear();
        for (standing, place) in standing.iter().zip(&mut places) {
            *place += first_from(&standing.docs[*place..], doc);
            positions.push(standing.positions_of(*place));
        }
        if stand_together(&positions, offsets, slop) {
            found.insert(doc);
        }
    }
}

/// Where words stand in some documents, less the offset of the word in the phrase: equal numbers mean side by side.
#[derive(Default)]
struct Standing {
    /// Ascending. Each has a position at least.
    docs: Vec<DocId>,
    /// Where each document's positions are, which are in order.
    parts: Vec<Range<usize>>,
    positions: Vec<u32>,
}

impl Standing {
    fn positions_of(&self, place: usize) -> &[u32] {
        &self.positions[self.parts[place].clone()]
    }

    /// Takes up the parts of the positions, which come list after list, in the order of the documents.
    fn arrange(&mut self, parts: &mut [Part], docs: &[DocId]) {
        let Standing { docs: ordered, parts: of_docs, positions } = self;
        parts.sort_by_key(|(place, _)| *place);
        ordered.clear();
        of_docs.clear();
        for of_doc in parts.chunk_by(|a, b| a.0 == b.0) {
            ordered.push(docs[of_doc[0].0]);
            of_docs.push(match of_doc {
                [(_, part)] => part.clone(),
                several => {
                    let start = positions.len();
                    several.iter().for_each(|(_, part)| positions.extend_from_within(part.clone()));
                    positions[start..].sort_unstable();
                    start..positions.len()
                }
            });
        }
    }
}

/// One field of one segment.
struct Field {
    lists: FieldPositions,
}

/// Positions of one posting list in one document: the place of the document, and where they are in a buffer.
type Part = (usize, Range<usize>);

/// Buffers that are used for one word after the other.
#[derive(Default)]
struct Scratch {
    parts: Vec<Part>,
    shifted: Vec<u32>,
}

impl Field {
    /// The field and the words of a phrase in it, those with the fewest postings first; `None` if it has none of some word.
    fn open<'a>(matcher: &Matcher<'a>, plan: &'a PhrasePlan, field: usize) -> Result<Option<(Field, Vec<Slot<'a>>)>> {
        let slots = slots(matcher, plan, field);
        if slots.iter().any(|slot| slot.postings == 0) {
            return Ok(None);
        }
        Ok(Some((Field { lists: FieldPositions::open(&matcher.view, field)? }, slots)))
    }

    /// The documents that may hold the phrase: those among `common`, which have all common words, and not yet `found`.
    fn candidates(
        &self,
        matcher: &Matcher<'_>,
        slots: &[Slot<'_>],
        common: Option<&Bits>,
        found: &Bits,
    ) -> Result<Vec<DocId>> {
        let mut candidates = common.cloned();
        let mut count = candidates.as_ref().map_or(u64::MAX, Bits::count);
        for slot in slots {
            // Of a common word it is known in which documents it is, though not whether in this field.
            let worth = if slot.is_common { count / 2 } else { count.saturating_mul(POSITIONS_COST) };
            if slot.postings <= worth {
                narrow(&mut candidates, matcher.any_list(&self.lists.index, self.lists.field, &slot.lists.infos())?);
                count = candidates.as_ref().map_or(u64::MAX, Bits::count);
            }
        }
        let mut candidates = candidates.unwrap_or_else(|| Bits::all(matcher.view.documents()));
        candidates.remove_all(found);
        Ok(candidates.to_list())
    }

    /// Adds the documents that hold the phrase in the field to `found`.
    fn add(&self, slots: &[Slot<'_>], candidates: &[DocId], slop: u32, found: &mut Bits) -> Result<()> {
        let Some((rarest, others)) = slots.split_first() else { return Ok(()) };
        let scratch = &mut Scratch::default();
        let mut standing = self.read(rarest, candidates, scratch)?;
        let Some((last, between)) = others.split_last() else {
            standing.docs.iter().for_each(|&doc| found.insert(doc));
            return Ok(());
        };
        if slop > 0 {
            let mut all = vec![standing];
            for slot in others {
                let next = self.read(slot, &all[all.len() - 1].docs, scratch)?;
                all.push(next);
            }
            let offsets: Vec<u32> = slots.iter().map(|slot| slot.offset).collect();
            add_near(&all, &offsets, slop, found);
            return Ok(());
        }
        let mut narrower = Standing::default();
        for slot in between {
            self.narrow(slot, &standing, scratch, &mut narrower)?;
            std::mem::swap(&mut standing, &mut narrower);
        }
        last.each(&self.lists, &standing.docs, &mut scratch.shifted, |place, here| {
            if have_common(standing.positions_of(place), here) {
                found.insert(standing.docs[place]);
            }
        })
    }

    /// Reads where a word stands in those of the documents that hold it.
    fn read(&self, slot: &Slot<'_>, docs: &[DocId], scratch: &mut Scratch) -> Result<Standing> {
        let Scratch { parts, shifted } = scratch;
        let mut standing = Standing::default();
        parts.clear();
        slot.each(&self.lists, docs, shifted, |place, here| {
            let start = standing.positions.len();
            standing.positions.extend_from_slice(here);
            parts.push((place, start..standing.positions.len()));
        })?;
        standing.arrange(parts, docs);
        Ok(standing)
    }

    /// Writes into `narrower` what of where words stand a further word stands together with.
    ///
    /// Each spelling can be looked at by itself, because together they stand where one of them stands.
    fn narrow(
        &self,
        slot: &Slot<'_>,
        standing: &Standing,
        scratch: &mut Scratch,
        narrower: &mut Standing,
    ) -> Result<()> {
        let Scratch { parts, shifted } = scratch;
        let positions = &mut narrower.positions;
        parts.clear();
        positions.clear();
        slot.each(&self.lists, &standing.docs, shifted, |place, here| {
            let start = positions.len();
            add_common(standing.positions_of(place), here, positions);
            if positions.len() > start {
                parts.push((place, start..positions.len()));
            }
        })?;
        narrower.arrange(parts, &standing.docs);
        Ok(())
    }
}

/// Up to so many comparisons without a branch cost less than fewer whose outcome cannot be foreseen.
const FEW: usize = 256;

/// Whether a position is in a list. No branch depends on it.
fn stands(position: u32, others: &[u32]) -> bool {
    others.iter().fold(false, |found, &other| found | (other == position))
}

/// Whether any position is in both lists, which are in order.
fn have_common(some: &[u32], others: &[u32]) -> bool {
    if some.len() * others.len() <= FEW {
        return some.iter().fold(false, |found, &position| found | stands(position, others));
    }
    let mut common = Vec::new();
    add_common(some, others, &mut common);
    !common.is_empty()
}

/// Appends the positions that are in both lists, which are in order.
fn add_common(some: &[u32], others: &[u32], common: &mut Vec<u32>) {
    if some.len() * others.len() <= FEW {
        common.extend(some.iter().copied().filter(|&position| stands(position, others)));
        return;
    }
    let (mut at, mut other_at) = (0, 0);
    while let (Some(&position), Some(&other)) = (some.get(at), others.get(other_at)) {
        if position == other {
            common.push(position);
        }
        at += usize::from(position <= other);
        other_at += usize::from(other <= position);
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn positions_in_both_lists() {
        let (some, others): (Vec<u32>, Vec<u32>) = ((0..90).step_by(3).collect(), (0..90).step_by(5).collect());
        for (some, others) in [(&some[..4], &others[..]), (&some[..], &others[..]), (&[][..], &others[..])] {
            let mut common = Vec::new();
            super::add_common(some, others, &mut common);
            let expected: Vec<u32> = some.iter().copied().filter(|position| others.contains(position)).collect();
            assert_eq!(common, expected);
            assert_eq!(super::have_common(some, others), !expected.is_empty());
            assert!(!super::have_common(some, &[1]));
        }
    }
}
