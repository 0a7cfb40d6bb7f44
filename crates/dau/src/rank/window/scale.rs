//! Scores of a window's documents as whole numbers of two bytes: they take half the room of a float, and twice as many are added
//! up at a time. Rounded up they are bounds, as impacts are; those few documents that can be among the best are scored exactly.

use crate::rank::impacts::Step;

/// The greatest score that a document of a window can have, in units. What is rounded up, once a list, finds room above it.
const MOST: f32 = 60_000.0;

/// How many units a score has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    units: f32,
}

impl Scale {
    /// The scale of documents that score `most` at most.
    pub(super) fn of(most: f32) -> Scale {
        let units = MOST / most;
        // Of words that are worth nothing, or more than a number can be.
        Scale { units: if units.is_normal() { units } else { 1.0 } }
    }

    /// The units of what a document gets, rounded up: 1 at least, for it is held all the same where it gets nothing.
    #[inline]
    pub(super) fn rounded_up(self, gain: f32) -> u16 {
        ((gain * self.units) as u16).saturating_add(1)
    }

    /// The units of a score that is needed, rounded down.
    #[inline]
    pub(super) fn rounded_down(self, score: f32) -> u16 {
        (score * self.units) as u16
    }

    /// What a document of each level gets that gets `step` for one of level 1.
    pub(super) fn step(self, step: f32) -> Step {
        Step::new(step * self.units)
    }

    /// The score of so many units.
    pub(super) fn score(self, units: u32) -> f32 {
        units as f32 / self.units
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_rounded_up_and_what_is_needed_down() {
        let scale = Scale::of(6.0);
        assert_eq!([0.0, 0.00005, 1.0, 6.0].map(|gain| scale.rounded_up(gain)), [1, 1, 10_001, 60_001]);
        assert_eq!([-1.0, 0.0, 0.00015, 1.0, 7.0].map(|score| scale.rounded_down(score)), [0, 0, 1, 10_000, u16::MAX]);
        assert_eq!(scale.score(15_000), 1.5);
    }

    #[test]
    fn words_that_are_worth_nothing_or_too_much_have_a_scale() {
        assert_eq!(Scale::of(0.0).rounded_up(0.0), 1);
        let scale = Scale::of(f32::INFINITY);
        assert_eq!((scale.rounded_up(f32::INFINITY), scale.score(5)), (u16::MAX, 5.0));
    }
}
