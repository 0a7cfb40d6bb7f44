//! What a common word gives each document of a segment, in one byte: its impact (Anh, de Kretser and Moffat 2001).
//!
//! A word's evidence is spread over the lists of its spellings and fields. What it comes to in a document depends on
//! the weights of the spellings and the length of the document only, so it is the same in each query in which the word was typed alike
//! and is read the same. Rounded up to a byte it is a bound that is nearly exact, and is added up over a run of documents
//! many at a time.

use tantivy::DocId;

use super::entries::Entries;
use super::{List, Ranking, Word};
use crate::search::SegmentView;
use crate::widest::{Loop, widest};

/// The greatest level.
const MOST: f32 = u8::MAX as f32;

/// The impacts of a word in one segment.
#[derive(Debug)]
pub(crate) struct Impacts {
    levels: Levels,
    /// What a document of the greatest level gets, as a share of what the word is worth.
    most: f32,
    /// Whether a document gets what its level says, but for rounding; else it may get less.
    is_exact: bool,
}

/// The levels of documents.
#[derive(Debug)]
enum Levels {
    /// One a document of the segment: 0 for those that do not hold the word, and for no others. Added up many at a time.
    OfAll(Box<[u8]>),
    /// One a document that holds the word, where these are few: that is less memory and fewer additions.
    OfHolders(Box<[u8]>),
}

/// Documents of a segment for each one that holds the word, so that those are few.
const FEW_HOLDERS: u32 = 16;

impl Impacts {
    /// Computes the impacts of a word that is read so from its entries; `lists` are its lists there.
    pub(super) fn of(entries: &Entries, lists: &[List], reading: &Reading, view: &SegmentView<'_>) -> Impacts {
        let weights: Vec<(f32, f32)> = lists
            .iter()
            .map(|list| {
                let (marked, folded) = reading.weights[list.spelling()];
                let of_field = view.field_weight(list.field());
                (marked * of_field, folded * of_field)
            })
            .collect();
        let factors = lists[0].norms.factors();
        let mut gains = Vec::with_capacity(entries.count() as usize);
        let mut most = f32::MIN_POSITIVE;
        entries.each_document(|doc, entries| {
            let (mut marked, mut folded) = (0.0, 0.0);
            for (list, frequency) in entries {
                let weights = weights[list as usize];
                marked += weights.0 * frequency as f32;
                folded += weights.1 * frequency as f32;
            }
            let factor = factors[doc as usize];
            // A document that the word gives nothing holds it all the same.
            let gain = reading.bound(view.ranking, marked * factor, folded * factor).max(f32::MIN_POSITIVE);
            gains.push(gain);
            most = gain.max(most);
        });
        let step = MOST / most;
        let levels: Box<[u8]> = gains.iter().map(|&gain| rounded_up(gain * step)).collect();
        let levels = if u64::from(entries.count()) * u64::from(FEW_HOLDERS) < u64::from(view.documents()) {
            Levels::OfHolders(levels)
        } else {
            let mut of_all = vec![0; view.documents() as usize];
            entries.each_rank(0, view.documents(), |doc, rank| of_all[doc as usize] = levels[rank as usize]);
            Levels::OfAll(of_all.into())
        };
        Impacts { levels, most, is_exact: reading.is_exact() }
    }

    /// Whether a document gets what its level says, but for rounding; else it may get less.
    pub(super) fn is_exact(&self) -> bool {
        self.is_exact
    }

    /// Adds what the documents from `start`, a multiple of 32, on get at most to `scores`, one a document.
    pub(super) fn add(&self, entries: &Entries, step: Step, start: DocId, scores: &mut [u16]) {
        match &self.levels {
            Levels::OfAll(levels) => {
                widest(AddLevels { levels: &levels[start as usize..], step, scores });
            }
            Levels::OfHolders(levels) => {
                let end = start + scores.len() as u32;
                entries.each_rank(start, end, |doc, rank| {
                    let score = &mut scores[(doc - start) as usize];
                    *score = score.saturating_add(step.of_level(levels[rank as usize]));
                });
            }
        }
    }

    /// The level of a document; 0 if it does not hold the word.
    #[inline]
    pub(super) fn level(&self, entries: &Entries, doc: DocId) -> u8 {
        match &self.levels {
            Levels::OfAll(levels) => levels[doc as usize],
            Levels::OfHolders(levels) => entries.rank_of(doc).map_or(0, |rank| levels[rank as usize]),
        }
    }

    /// Bytes in memory, about.
    pub(super) fn bytes(&self) -> usize {
        match &self.levels {
            Levels::OfAll(levels) | Levels::OfHolders(levels) => levels.len(),
        }
    }

    /// What a document of level 1 gets at most, of a word that is worth so much.
    pub(super) fn step(&self, worth: f32) -> f32 {
        self.most * worth / MOST
    }

    /// What a document gets at most, of a word that is worth so much.
    pub(super) fn most(&self, worth: f32) -> f32 {
        self.most * worth
    }
}

/// Adds what levels give to scores.
struct AddLevels<'a> {
    levels: &'a [u8],
    step: Step,
    scores: &'a mut [u16],
}

impl Loop for AddLevels<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for (score, &level) in self.scores.iter_mut().zip(self.levels) {
            *score = score.saturating_add(self.step.of_level(level));
        }
    }
}

/// What documents get for their levels, in units: for level 1 a whole number and so many 256ths. Two numbers of one byte make
/// products of two bytes, of which processors compute the most at a time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    whole: u8,
    parts: u8,
    /// How many units too much a document may get.
    rounded_up: u16,
}

impl Step {
    /// For level 1, in units. It is one at least, so that who holds the word gets something.
    pub(super) fn new(units: f32) -> Step {
        let least = units.max(1.0);
        let [parts, whole] = ((least * 256.0).ceil() as u16).to_le_bytes();
        // A level is rounded up, so is the step, and where that becomes a whole unit each level has the difference.
        let rounded_up = least + 1.0 + (least - units) * MOST;
        Step { whole, parts, rounded_up: rounded_up.ceil() as u16 }
    }

    /// What a document of this level gets at most, rounded down: less than a unit is lost. Nothing if it is 0.
    #[inline(always)]
    pub(super) fn of_level(self, level: u8) -> u16 {
        let level = u16::from(level);
        level * u16::from(self.whole) + ((level * u16::from(self.parts)) >> 8)
    }

    /// How many units too much a document may get.
    pub(super) fn rounded_up(self) -> u32 {
        u32::from(self.rounded_up)
    }
}

/// Rounds a number from 0 to 255 up.
#[inline]
fn rounded_up(number: f32) -> u8 {
    let below = number as u8;
    below.saturating_add(u8::from(f32::from(below) < number))
}

/// What the impacts of a word depend on, beside the index: how it is read.
///
/// What a word without marks was meant to be depends on its neighbours, a little differently in each query. So its weights are rounded
/// up, to a few steps, and the impacts are a bound.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Reading {
    /// Marked and folded weight of each spelling.
    weights: Box<[(f32, f32)]>,
    /// The marked evidence's share of what the word is worth: at least, and at most.
    marked: (f32, f32),
    k1: f32,
    b: f32,
}

/// Weights in the marked evidence of a word without marks are rounded up to one of these.
const WEIGHT_STEPS: [f32; 4] = [0.01, 0.1, 0.3, 1.0];

/// Steps of the marked evidence's share of a word without marks.
const SHARE_STEPS: f32 = 8.0;

impl Reading {
    pub(super) fn of(word: &Word, ranking: &Ranking) -> Reading {
        Reading {
            weights: Reading::weights(word).collect(),
            marked: Reading::marked(word),
            k1: ranking.k1,
            b: ranking.b,
        }
    }

    /// Whether a word is read so: whether its impacts are the same.
    pub(super) fn is_of(&self, word: &Word, ranking: &Ranking) -> bool {
        let differs = |a: f32, b: f32| (a - b).abs() > 1e-6;
        let marked = Reading::marked(word);
        !differs(self.marked.0, marked.0)
            && !differs(self.marked.1, marked.1)
            && (self.k1.to_bits(), self.b.to_bits()) == (ranking.k1.to_bits(), ranking.b.to_bits())
            && Reading::weights(word).eq(self.weights.iter().copied())
    }

    fn weights(word: &Word) -> impl Iterator<Item = (f32, f32)> + '_ {
        let has_marks = word.has_marks();
        let rounded = move |weight: f32| match has_marks {
            true => weight,
            false => WEIGHT_STEPS.into_iter().find(|&step| weight <= step).unwrap_or(weight),
        };
        word.spellings.iter().map(move |spelling| (rounded(spelling.marked_weight), spelling.folded_weight))
    }

    fn marked(word: &Word) -> (f32, f32) {
        let share = word.marked_factor / word.worth();
        let step = (share * SHARE_STEPS).floor();
        if word.has_marks() { (share, share) } else { (step / SHARE_STEPS, (step + 1.0) / SHARE_STEPS) }
    }

    /// Whether the impacts are what the word gives, but for the rounding of their levels.
    fn is_exact(&self) -> bool {
        self.marked.0 == self.marked.1
    }

    /// What the word gives at most, as a share of its worth.
    fn bound(&self, ranking: &Ranking, marked: f32, folded: f32) -> f32 {
        let (marked, folded) = (ranking.saturate(marked), ranking.saturate(folded));
        let bound = |share: f32| share * marked + (1.0 - share) * folded;
        bound(self.marked.0).max(bound(self.marked.1))
    }
}

#[cfg(test)]
mod tests {
    use super::super::word::tests::word_of;
    use super::*;

    fn word(typed: &str, spellings: &[(&str, u64, f32)], marked: f32, folded: f32) -> Word {
        Word { typed: typed.into(), marked_factor: marked, folded_factor: folded, ..word_of(spellings) }
    }

    #[test]
    fn levels_are_rounded_up() {
        let rounded = [0.0, f32::MIN_POSITIVE, 1.0, 1.001, 254.5, 255.0, 255.000_02].map(rounded_up);
        assert_eq!(rounded, [0, 1, 1, 2, 255, 255, 255]);
    }

    #[test]
    fn what_a_level_gives_is_rounded_by_no_more_than_is_said() {
        for units in [0.0, 0.003, 0.9, 1.0, 77.77, 235.29] {
            let step = Step::new(units);
            assert_eq!(step.of_level(0), 0);
            for level in 1..=u8::MAX {
                let (given, exact) = (f32::from(step.of_level(level)), f32::from(level) * units);
                assert!(given >= 1.0 && given > exact - 1.0, "{units} {level}");
                // A level is rounded up too: the document may get no more than one of the level below.
                assert!(given - (exact - units) <= step.rounded_up() as f32, "{units} {level}");
            }
        }
    }

    #[test]
    fn a_word_with_marks_is_read_exactly_and_the_same_however_it_is_boosted() {
        let ranking = Ranking::default();
        let to = |marked, folded| word("tô", &[("tô", 6, 1.0), ("to", 5, 0.25)], marked, folded);
        let reading = Reading::of(&to(3.0, 1.0), &ranking);
        assert!(reading.is_exact() && reading.is_of(&to(0.3, 0.1), &ranking));
        assert!(!reading.is_of(&to(1.0, 1.0), &ranking));
        assert!(!reading.is_of(&word("tô", &[("tô", 6, 1.0), ("to", 5, 0.26)], 3.0, 1.0), &ranking));
        assert!(!reading.is_of(&word("tô", &[("tô", 6, 1.0)], 3.0, 1.0), &ranking));
        assert!(!reading.is_of(&to(3.0, 1.0), &ranking.length(0.1)));
    }

    #[test]
    fn a_word_without_marks_is_read_in_steps_and_bounded() {
        let ranking = Ranking::default();
        let to = |weight, marked| word("to", &[("to", 5, 1.0), ("tô", 6, weight)], marked, 1.0 - marked);
        let reading = Reading::of(&to(0.02, 0.8), &ranking);
        assert!(!reading.is_exact() && reading.is_of(&to(0.09, 0.85), &ranking));
        assert!(!reading.is_of(&to(0.11, 0.8), &ranking) && !reading.is_of(&to(0.02, 0.7), &ranking));
        let of_share = |share: f32| share * ranking.saturate(0.2) + (1.0 - share) * ranking.saturate(3.0);
        let bound = reading.bound(&ranking, 0.2, 3.0);
        assert!([0.75, 0.8, 0.875].iter().all(|&share| of_share(share) <= bound));
    }
}
