//! Phrases: documents in which words stand at given distances.

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::IndexRecordOption;
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

/// Larger than any offset within a phrase.
const LARGEST_OFFSET: u32 = u32::MAX / 2;

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
    let offsets: Vec<u32> = slots.iter().map(|slot| slot.offset).collect();
    let mut positions: Vec<Vec<u32>> = vec![Vec::new(); slots.len()];
    for candidate in candidates.iter().filter(|&doc| !found.contains(doc)).collect::<Vec<DocId>>() {
        let stand =
            slots.iter_mut().zip(&mut positions).all(|(slot, positions)| slot.positions_in(candidate, positions));
        if stand && stand_together(&positions, &offsets, plan.slop) {
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
        for posting in
            matcher.planned.word(number).segments[view.ordinal].iter().filter(|posting| posting.field == field)
        {
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
        let shift = LARGEST_OFFSET - self.offset;
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
/// One word of the text stands for one word of the phrase.
fn stand_together(positions: &[Vec<u32>], offsets: &[u32], slop: u32) -> bool {
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
        let near = most - least <= slop;
        if near && (slop == 0 || are_distinct(positions, offsets, &heads)) {
            return true;
        }
        // Heads below what the largest needs cannot be part of a match.
        let needed = if near { least + 1 } else { most - slop };
        let list = &positions[least_list];
        heads[least_list] += list[heads[least_list]..].partition_point(|&position| position < needed);
        if heads[least_list] == list.len() {
            return false;
        }
    }
}

/// Whether the heads are different words of the text. Side by side they always are.
fn are_distinct(positions: &[Vec<u32>], offsets: &[u32], heads: &[usize]) -> bool {
    let place = |list: usize| positions[list][heads[list]] + offsets[list];
    (1..heads.len()).all(|list| (0..list).all(|other| place(other) != place(list)))
}

#[cfg(test)]
mod tests {
    fn stand_together(positions: &[Vec<u32>], slop: u32) -> bool {
        super::stand_together(positions, &(0..).take(positions.len()).collect::<Vec<u32>>(), slop)
    }

    #[test]
    fn one_word_of_the_text_is_one_word_of_the_phrase() {
        // Places 5 and 5; then 5 and 7.
        assert!(!stand_together(&[vec![5], vec![4]], 1));
        assert!(stand_together(&[vec![5, 7], vec![4, 6]], 1));
    }

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
