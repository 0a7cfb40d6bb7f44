//! Phrases: documents in which words stand at given distances.

use tantivy::schema::IndexRecordOption;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::{DocId, DocSet};

use super::Bits;
use super::matching::Matcher;
use crate::error::Result;
use crate::plan::PhrasePlan;

/// The documents of a segment that hold a phrase.
pub(super) fn matching(matcher: &Matcher<'_>, plan: &PhrasePlan) -> Result<Bits> {
    let mut found = Bits::none(matcher.view.documents());
    for &field in plan.fields.iter() {
        in_field(matcher, plan, field, &mut found)?;
    }
    Ok(found)
}

/// The posting lists of one word of a phrase, all spellings, in one field.
struct Slot {
    lists: Vec<SegmentPostings>,
    offset: u32,
}

fn in_field(matcher: &Matcher<'_>, plan: &PhrasePlan, field: usize, found: &mut Bits) -> Result<()> {
    let mut slots = open_slots(matcher, plan, field)?;
    if slots.iter().any(|slot| slot.lists.is_empty()) {
        return Ok(());
    }
    let words = plan.words.iter().map(|&number| matcher.planned.word(number)).collect();
    let last = plan.last.as_ref().map(|last| matcher.terms(last)).transpose()?;
    let candidates = matcher.all_words(words, last)?;
    // The rarest words fail first.
    slots.sort_by_key(Slot::cost);
    let mut positions: Vec<Vec<u32>> = vec![Vec::new(); slots.len()];
    for candidate in candidates.iter().filter(|&doc| !found.contains(doc)).collect::<Vec<DocId>>() {
        let stand = slots.iter_mut().zip(&mut positions).all(|(slot, positions)| slot.positions_in(candidate, positions));
        if stand && stand_together(&positions, plan.slop) {
            found.insert(candidate);
        }
    }
    Ok(())
}

fn open_slots(matcher: &Matcher<'_>, plan: &PhrasePlan, field: usize) -> Result<Vec<Slot>> {
    let view = &matcher.view;
    let index = view.index(field)?;
    let option = IndexRecordOption::WithFreqsAndPositions;
    let mut slots = Vec::with_capacity(plan.offsets.len());
    for (&number, &offset) in plan.words.iter().zip(&plan.offsets) {
        let mut lists = Vec::new();
        for posting in matcher.planned.word(number).segments[view.ordinal].iter().filter(|posting| posting.field == field) {
            lists.push(index.read_postings_from_terminfo(&posting.info, option)?);
        }
        slots.push(Slot { lists, offset });
    }
    if let (Some(last), Some(&offset)) = (&plan.last, plan.offsets.last()) {
        let own = view.inner.layout.fields[field];
        let mut lists = Vec::new();
        for (_, info) in last.segments[view.ordinal].iter().filter(|(slot, _)| Some(*slot) == own) {
            lists.push(index.read_postings_from_terminfo(info, option)?);
        }
        slots.push(Slot { lists, offset });
    }
    Ok(slots)
}

impl Slot {
    fn cost(&self) -> u64 {
        self.lists.iter().map(|list| u64::from(list.doc_freq())).sum()
    }

    /// Reads where the word stands in `doc`, less its offset in the phrase: equal numbers mean side by side. Returns
    /// whether it stands there at all.
    fn positions_in(&mut self, doc: DocId, positions: &mut Vec<u32>) -> bool {
        positions.clear();
        for list in &mut self.lists {
            if seek(list, doc) == doc {
                list.append_positions_with_offset(0, positions);
            }
        }
        // The offsets of a phrase start at 0: adding the difference from the largest keeps all numbers positive.
        let shift = u32::MAX / 2 - self.offset;
        positions.iter_mut().for_each(|position| *position += shift);
        if self.lists.len() > 1 {
            positions.sort_unstable();
        }
        !positions.is_empty()
    }
}

fn seek(list: &mut SegmentPostings, target: DocId) -> DocId {
    if list.doc() < target { list.seek(target) } else { list.doc() }
}

/// Whether one position from each list can be chosen so that they differ by `slop` at most.
///
/// The lists are sorted. This is the smallest range that covers all lists: the list with the smallest head moves on.
fn stand_together(positions: &[Vec<u32>], slop: u32) -> bool {
    let mut heads = vec![0usize; positions.len()];
    loop {
        let (mut least, mut least_list, mut most) = (u32::MAX, 0, 0);
        for (list, &head) in heads.iter().enumerate() {
            let position = positions[list][head];
            if position < least {
                (least, least_list) = (position, list);
            }
            most = most.max(position);
        }
        if most - least <= slop {
            return true;
        }
        // Heads below what the largest needs cannot be part of a match.
        let needed = most - slop;
        let list = &positions[least_list];
        heads[least_list] += list[heads[least_list]..].partition_point(|&position| position < needed);
        if heads[least_list] == list.len() {
            return false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::stand_together;

    #[test]
    fn side_by_side_and_within_a_slop() {
        assert!(stand_together(&[vec![3, 9], vec![4, 9]], 0));
        assert!(!stand_together(&[vec![3, 8], vec![4, 9]], 0));
        assert!(stand_together(&[vec![3, 8], vec![4, 9]], 1));
        assert!(stand_together(&[vec![1, 20, 40], vec![9, 22], vec![10, 24, 90]], 4));
        assert!(!stand_together(&[vec![1, 20, 40], vec![9, 22], vec![10, 24, 90]], 3));
        assert!(stand_together(&[vec![7]], 0));
    }
}
