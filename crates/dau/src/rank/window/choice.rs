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
        let scores = &mut self.scores[..used];
        // Where documents do not follow each other all are accepted.
        if let Some(accepted) = accepted.filter(|_| self.few.is_empty()) {
            accepted.clear_others(self.start, scores);
        }
        let groups = scores.as_chunks::<GROUP>().0;
        self.greatest.resize(groups.len(), 0);
        widest(NoteGreatest { groups, greatest: &mut self.greatest });
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
        compact(&mut self.candidates, |at| scores[usize::from(at)] > 0);
    }

    /// Drops the candidates that the lists not yet read, which add `rest` at most, cannot lift to `needed`.
    pub(in crate::rank) fn keep(&mut self, rest: f32, needed: f32) {
        let (least, scores) = (self.least(needed - rest), &*self.scores);
        compact(&mut self.candidates, |at| scores[usize::from(at)] >= least);
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

/// As `Vec::retain`, without a branch for each element: which are kept cannot be foreseen.
fn compact(places: &mut Vec<u16>, keep: impl Fn(u16) -> bool) {
    let mut kept = 0;
    for next in 0..places.len() {
        let at = places[next];
        places[kept] = at;
        kept += usize::from(keep(at));
    }
    places.truncate(kept);
}
