//! Which documents of a window are still in the running.

use super::{GROUP, Window};
use crate::rank::Top;
use crate::search::{Bits, Ones};
use crate::widest::{Loop, widest};

impl Window {
    /// While there is room in the result, and after the leading lists alone: as many documents as it takes score at least
    /// the least of what those give them, so that nothing below that needs to be looked at.
    pub(in crate::rank) fn raise_floor(&mut self, accepted: Option<&Bits>, top: &mut Top) {
        let limit = top.limit();
        self.find_greatest(accepted);
        let used = self.places_used();
        let Window { scores, greatest, compared, .. } = self;
        // The greatest scores of groups are scores of different documents: their floor is a floor, though not the best. What
        // does not reach it need not be compared.
        compared.clear();
        compared.extend_from_slice(greatest);
        let floor = nth_greatest(compared, limit).unwrap_or(1);
        compared.clear();
        for (group, &greatest) in scores[..used].as_chunks::<GROUP>().0.iter().zip(&*greatest) {
            if greatest >= floor {
                compared.extend(group.iter().copied().filter(|&score| score >= floor));
            }
        }
        let floor = nth_greatest(compared, limit).map(|floor| u32::from(floor).saturating_sub(self.rounded_up));
        if let Some(floor) = floor.filter(|&floor| floor > 0) {
            top.raise_floor(self.scale.score(floor));
        }
    }

    /// Takes their scores from documents that are not accepted, and finds the greatest score of each group, unless that is done.
    fn find_greatest(&mut self, accepted: Option<&Bits>) {
        if !self.greatest.is_empty() {
            return;
        }
        let used = self.places_used();
        let groups = self.scores[..used].as_chunks_mut::<GROUP>().0;
        self.greatest.resize(groups.len(), 0);
        let greatest = &mut *self.greatest;
        // Where documents do not follow each other all are accepted.
        match accepted.filter(|_| self.few.is_empty()) {
            Some(accepted) => widest(KeepAccepted { groups, accepted: accepted.words_from(self.start), greatest }),
            None => widest(NoteGreatest { groups, greatest }),
        }
    }

    /// Starts with the documents that the lists read so far brought and that `rest`, the most that the others can add, may
    /// lift to `needed`.
    pub(in crate::rank) fn choose(&mut self, accepted: Option<&Bits>, rest: f32, needed: f32) {
        self.find_greatest(accepted);
        let least = self.least(needed - rest).max(1);
        let groups = self.scores[..self.places_used()].as_chunks::<GROUP>().0;
        self.candidates.clear();
        widest(Choose { groups, greatest: &self.greatest, least, chosen: &mut self.candidates });
    }

    /// Drops the candidates that no list holds.
    pub(in crate::rank) fn keep_held(&mut self) {
        let scores = &*self.scores;
        let kept = compact(&mut self.candidates, |at| scores[usize::from(at)] > 0);
        self.candidates.truncate(kept);
    }

    /// Drops the candidates that the lists not yet read, which add `rest` at most, cannot lift to `needed`.
    pub(in crate::rank) fn keep(&mut self, rest: f32, needed: f32) {
        let mut candidates = std::mem::take(&mut self.candidates);
        let kept = self.reaching(&mut candidates, needed - rest);
        candidates.truncate(kept);
        self.candidates = candidates;
    }

    /// Brings the places whose documents may score as much as is needed to the front; returns how many they are.
    pub(in crate::rank) fn reaching(&self, places: &mut [u16], needed: f32) -> usize {
        let least = self.least(needed);
        compact(places, |at| self.scores[usize::from(at)] >= least)
    }
}

/// Notes the greatest score of each group.
struct NoteGreatest<'a> {
    groups: &'a [[u16; GROUP]],
    greatest: &'a mut [u16],
}

impl Loop for NoteGreatest<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for (greatest, group) in self.greatest.iter_mut().zip(self.groups) {
            *greatest = group.iter().copied().fold(0, u16::max);
        }
    }
}

/// Takes their scores from documents that are not accepted, and notes the greatest that is left of each group.
struct KeepAccepted<'a> {
    groups: &'a mut [[u16; GROUP]],
    /// Two groups a word.
    accepted: &'a [u64],
    greatest: &'a mut [u16],
}

impl Loop for KeepAccepted<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let pairs = self.groups.as_chunks_mut::<2>().0.iter_mut().zip(self.greatest.as_chunks_mut::<2>().0);
        for ((groups, greatest), &word) in pairs.zip(self.accepted) {
            let mut bits = word;
            for (group, greatest) in groups.iter_mut().zip(greatest) {
                let mut most = [0; 8];
                for eight in group.as_chunks_mut::<8>().0 {
                    // A look at a table, so that there is no branch and all eight are one instruction.
                    let masks = &MASKS[usize::from(bits as u8)];
                    bits >>= 8;
                    let mut scores = *eight;
                    for lane in 0..scores.len() {
                        scores[lane] &= masks[lane];
                        most[lane] = scores[lane].max(most[lane]);
                    }
                    *eight = scores;
                }
                *greatest = most.into_iter().fold(0, u16::max);
            }
        }
    }
}

/// For each eight bits in a row a mask of scores, all ones where the bit is one.
const MASKS: [[u16; 8]; 1 << 8] = {
    let mut masks = [[0; 8]; 1 << 8];
    let mut at = 0;
    while at < masks.len() * 8 {
        let (bits, lane) = (at / 8, at % 8);
        masks[bits][lane] = if bits >> lane & 1 != 0 { u16::MAX } else { 0 };
        at += 1;
    }
    masks
};

/// Finds the places whose scores are `least` or more.
struct Choose<'a> {
    groups: &'a [[u16; GROUP]],
    greatest: &'a [u16],
    least: u16,
    chosen: &'a mut Vec<u16>,
}

impl Loop for Choose<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for ((group, &greatest), first) in self.groups.iter().zip(self.greatest).zip((0..).step_by(GROUP)) {
            // Most groups have no candidate: one comparison of their greatest score tells.
            if greatest < self.least {
                continue;
            }
            // So written it is compiled without a branch, many scores at a time.
            let bit = |(at, &score): (usize, &u16)| u32::from(score >= self.least) << at;
            let bits = group.iter().enumerate().fold(0, |bits, score| bits | bit(score));
            self.chosen.extend(Ones(u64::from(bits)).map(|bit| first + bit as u16));
        }
    }
}

/// The `n`th greatest of some scores, from 1 on; none if there are fewer.
fn nth_greatest(scores: &mut [u16], n: usize) -> Option<u16> {
    let place = n.checked_sub(1).filter(|&place| place < scores.len())?;
    Some(*scores.select_nth_unstable_by(place, |a, b| b.cmp(a)).1)
}

/// Brings the places that are kept to the front, in their order; returns how many they are. As `Vec::retain`, without a branch for
/// each place: which are kept cannot be foreseen.
fn compact(places: &mut [u16], keep: impl Fn(u16) -> bool) -> usize {
    let mut kept = 0;
    for next in 0..places.len() {
        let at = places[next];
        places[kept] = at;
        kept += usize::from(keep(at));
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_accepted_documents_keep_their_scores() {
        let accepted = Bits::of(300, (0..300).filter(|doc| doc % 5 < 2 || doc % 64 > 60));
        for (start, len) in [(0, 320), (64, 256), (128, 64), (256, 64), (256, 0)] {
            let mut scores: Vec<u16> = (0..len).map(|place: u32| (place * 7919 % 1009) as u16 + 1).collect();
            let kept = |(place, &score): (u32, &u16)| match start + place {
                doc if doc < 300 && accepted.contains(doc) => score,
                _ => 0,
            };
            let expected: Vec<u16> = (0..).zip(&scores).map(kept).collect();
            let groups = scores.as_chunks_mut::<GROUP>().0;
            let mut greatest = vec![0; groups.len()];
            widest(KeepAccepted { groups, accepted: accepted.words_from(start), greatest: &mut greatest });
            assert_eq!(scores, expected, "from {start}");
            let greatest_of = |group: &[u16; GROUP]| group.iter().copied().max();
            let expected: Vec<u16> = expected.as_chunks::<GROUP>().0.iter().filter_map(greatest_of).collect();
            assert_eq!(greatest, expected, "from {start}");
        }
    }
}
