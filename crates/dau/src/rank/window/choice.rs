//! Which documents of a window are still in the running.

use super::{GROUP, Holders, SIZE, WIDE, Window};
use crate::rank::Top;
use crate::search::Bits;

impl Window {
    /// While there is room in the result, and after the leading lists alone: as many documents as it takes score at least
    /// the least of what those give them, so that nothing below that needs to be looked at.
    pub(in crate::rank) fn raise_floor(&mut self, accepted: Option<&Bits>, top: &mut Top) {
        let limit = top.limit();
        if accepted.is_none() {
            self.find_greatest();
        }
        let used = self.places_used();
        let Window { start, end, few, scores, greatest, compared, .. } = self;
        let scores = &scores[..used];
        compared.clear();
        match accepted {
            Some(_) if !few.is_empty() => compared.extend_from_slice(scores),
            Some(accepted) => {
                let of_document = |doc| scores[(doc - *start) as usize];
                compared.extend(accepted.iter_between(*start, *end).map(of_document));
            }
            None => {
                // The greatest scores of groups are scores of different documents: their floor is a floor, though not the
                // best. What does not reach it need not be compared.
                compared.extend_from_slice(greatest);
                let floor = nth_greatest(compared, limit).unwrap_or(f32::MIN_POSITIVE);
                compared.clear();
                for (group, &greatest) in scores.as_chunks::<GROUP>().0.iter().zip(&*greatest) {
                    if greatest >= floor {
                        compared.extend(group.iter().copied().filter(|&score| score >= floor));
                    }
                }
            }
        }
        if let Some(floor) = nth_greatest(compared, limit).filter(|&floor| floor > self.rounded_up) {
            top.raise_floor(floor - self.rounded_up);
        }
    }

    /// Finds the greatest score of each group, unless they are known.
    fn find_greatest(&mut self) {
        if self.greatest.is_empty() {
            let used = self.places_used();
            self.greatest.extend(self.scores[..used].as_chunks::<GROUP>().0.iter().map(greatest));
        }
    }

    /// Starts with the documents that the lists read so far brought and that `rest`, the most that the others can add, may
    /// lift to `needed`.
    pub(in crate::rank) fn choose(&mut self, accepted: Option<&Bits>, rest: f32, needed: f32) {
        if accepted.is_none() {
            self.find_greatest();
        }
        let Window { start, end, scores, holders, has_holders, greatest, candidates, .. } = self;
        let (scores, holders) = (&**scores, has_holders.then_some(&**holders));
        candidates.clear();
        match accepted {
            Some(accepted) => {
                candidates.extend(accepted.iter_between(*start, *end).map(|doc| (doc - *start) as u16));
            }
            None => {
                for (group, &greatest) in greatest.iter().enumerate() {
                    // Most groups have no candidate: one comparison of their greatest score tells.
                    if greatest + rest >= needed {
                        candidates.extend((group * GROUP..(group + 1) * GROUP).map(|at| at as u16));
                    }
                }
            }
        }
        compact(candidates, |at| is_held(scores, holders, at) & (scores[usize::from(at)] + rest >= needed));
    }

    /// Drops the candidates that no list holds.
    pub(in crate::rank) fn keep_held(&mut self) {
        let (scores, holders) = (&*self.scores, self.has_holders.then_some(&*self.holders));
        compact(&mut self.candidates, |at| is_held(scores, holders, at));
    }

    /// Drops the candidates that the lists not yet read, which add `rest` at most, cannot lift to `needed`.
    pub(in crate::rank) fn keep(&mut self, rest: f32, needed: f32) {
        let scores = &*self.scores;
        compact(&mut self.candidates, |at| scores[usize::from(at)] + rest >= needed);
    }
}

/// Whether any unit holds the document at a place.
#[inline]
fn is_held(scores: &[f32; WIDE], holders: Option<&[Holders; SIZE]>, at: u16) -> bool {
    let at = usize::from(at);
    (scores[at] > 0.0) | holders.is_some_and(|holders| holders[at % SIZE] != 0)
}

/// The `n`th greatest of some scores, from 1 on; none if there are fewer.
fn nth_greatest(scores: &mut [f32], n: usize) -> Option<f32> {
    let place = n.checked_sub(1).filter(|&place| place < scores.len())?;
    Some(*scores.select_nth_unstable_by(place, |a, b| b.total_cmp(a)).1)
}

/// The greatest of some scores, found in four lanes that do not wait for each other.
fn greatest(scores: &[f32; GROUP]) -> f32 {
    let greater = |a: f32, b: f32| if a > b { a } else { b };
    let mut lanes = [0.0f32; 4];
    for scores in scores.as_chunks::<4>().0 {
        for (lane, &score) in lanes.iter_mut().zip(scores) {
            *lane = greater(score, *lane);
        }
    }
    lanes.into_iter().fold(0.0, greater)
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
