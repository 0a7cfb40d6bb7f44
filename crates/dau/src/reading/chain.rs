//! Which of the spellings that each word may stand for was meant, judged by its neighbours.
//!
//! A word typed without marks stands for several spellings, and mostly its neighbours tell which: *tô lâm* is far commoner than
//! *to làm*. Words side by side are a chain, each with the spellings it may stand for: the states of a hidden Markov model. How
//! likely a spelling is by itself is its state's weight; how likely two stand side by side comes from the index's own counts, mixed
//! with what chance would give. The forward-backward algorithm (Rabiner 1989) then gives each spelling's probability over all
//! readings of the chain. Nothing is trained.

use crate::bigrams::WordHash;
use crate::search::Bigrams;

/// A spelling that a word may stand for.
#[derive(Clone, Debug)]
pub(crate) struct State {
    hash: WordHash,
    doc_freq: f32,
    /// How often it is meant when this is typed, in any unit that is common to the word's states.
    weight: f32,
    is_correction: bool,
    forward: f32,
    backward: f32,
}

impl State {
    /// A spelling as it may have been typed.
    pub(crate) fn new(hash: WordHash, doc_freq: f32, weight: f32) -> State {
        State { hash, doc_freq, weight, is_correction: false, forward: 1.0, backward: 1.0 }
    }

    /// A spelling that is typed so by a slip only.
    pub(crate) fn correction(hash: WordHash, doc_freq: f32, weight: f32) -> State {
        State { is_correction: true, ..State::new(hash, doc_freq, weight) }
    }

    pub(crate) fn is_correction(&self) -> bool {
        self.is_correction
    }

    /// How likely it was meant, relative to the word's other states; set by [`read`].
    pub(crate) fn posterior(&self) -> f32 {
        self.forward * self.backward
    }
}

/// Pairs that the counts cannot tell from those that never occur: with a table shared by millions of pairs, a pair counted once
/// is as likely as not another one.
const UNCERTAIN_COUNT: f32 = 1.0;

/// Documents that a rare spelling lacks before its neighbours say much about it. Without this, a spelling found once, beside
/// anything at all, would look as if it belonged there.
const UNSEEN_DOCUMENTS: f32 = 100.0;

/// How much likelier two spellings stand side by side than chance would have it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Affinity<'a> {
    pub(crate) bigrams: &'a Bigrams,
    /// Tokens of the whole index.
    pub(crate) tokens: u64,
    /// What chance counts beside the counts.
    pub(crate) chance: f32,
}

impl Affinity<'_> {
    /// How often two spellings stand side by side, less what says nothing.
    fn together(&self, left: &State, right: &State) -> f32 {
        if !may_be_together(left, right) {
            return 0.0;
        }
        let count = self.bigrams.count(left.hash, right.hash).min(left.doc_freq.min(right.doc_freq));
        (count - UNCERTAIN_COUNT).max(0.0)
    }

    fn of(&self, left: &State, right: &State) -> f32 {
        let by_chance = (left.doc_freq + UNSEEN_DOCUMENTS) * (right.doc_freq + UNSEEN_DOCUMENTS);
        self.together(left, right) * self.tokens as f32 / by_chance + self.chance
    }

    /// Asks the memory for the counts of all pairs: each lies elsewhere in a large table.
    pub(crate) fn fetch(&self, lefts: &[State], rights: &[State]) {
        for left in lefts {
            let asked = rights.iter().filter(|right| may_be_together(left, right));
            asked.for_each(|right| self.bigrams.fetch(left.hash, right.hash));
        }
    }

    /// Whether any two of the states are known to stand side by side.
    pub(crate) fn any_together(&self, left: &[State], right: &[State]) -> bool {
        left.iter().any(|left| right.iter().any(|right| self.together(left, right) > 0.0))
    }
}

/// Whether two spellings are in enough documents for their count to say anything.
fn may_be_together(left: &State, right: &State) -> bool {
    left.doc_freq.min(right.doc_freq) > UNCERTAIN_COUNT
}

/// Fills in what each state gets from the words before it and from those after it. A word without any state parts the chain.
pub(crate) fn read(chain: &mut [Vec<State>], affinity: &Affinity<'_>) {
    for part in chain.split_mut(Vec::is_empty) {
        read_part(part, affinity);
    }
}

/// Each step is scaled to a sum of one, so that long queries neither overflow nor vanish.
fn read_part(chain: &mut [Vec<State>], affinity: &Affinity<'_>) {
    let steps: Vec<Vec<f32>> = chain.windows(2).map(|pair| affinities(&pair[0], &pair[1], affinity)).collect();
    for at in 0..chain.len() {
        let (before, rest) = chain.split_at_mut(at);
        let states = &mut rest[0];
        let width = states.len();
        for (number, state) in states.iter_mut().enumerate() {
            let reached = match before.last() {
                None => 1.0,
                Some(lefts) => {
                    let steps = lefts.iter().zip(steps[at - 1].iter().skip(number).step_by(width));
                    steps.map(|(left, affinity)| left.forward * affinity).sum()
                }
            };
            state.forward = reached * state.weight;
        }
        scale(states, |state| &mut state.forward);
    }
    for at in (0..chain.len()).rev() {
        let (before, after) = chain.split_at_mut(at + 1);
        let states = &mut before[at];
        for (number, state) in states.iter_mut().enumerate() {
            state.backward = match after.first() {
                None => 1.0,
                Some(rights) => {
                    let steps = rights.iter().zip(&steps[at][number * rights.len()..]);
                    steps.map(|(right, affinity)| right.backward * right.weight * affinity).sum()
                }
            };
        }
        scale(states, |state| &mut state.backward);
    }
}

/// The affinity of each left state with each right one, in this order. Of one with one it does not matter: both are sure.
fn affinities(lefts: &[State], rights: &[State], affinity: &Affinity<'_>) -> Vec<f32> {
    if let ([_], [_]) = (lefts, rights) {
        return vec![1.0];
    }
    let mut steps = Vec::with_capacity(lefts.len() * rights.len());
    // A word that may be a slip has many states. What the next one of the left asks for is on its way meanwhile.
    affinity.fetch(lefts.get(..1).unwrap_or_default(), rights);
    for (left, next) in lefts.iter().zip(1..) {
        affinity.fetch(lefts.get(next..next + 1).unwrap_or_default(), rights);
        steps.extend(rights.iter().map(|right| affinity.of(left, right)));
    }
    steps
}

fn scale(states: &mut [State], number: impl Fn(&mut State) -> &mut f32) {
    let sum: f32 = states.iter_mut().map(|state| *number(state)).sum();
    if sum > 0.0 {
        states.iter_mut().for_each(|state| *number(state) /= sum);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads "a b" where "a" may be `a1` or `a2`; returns the index of the likelier one.
    fn likelier(bigrams: &Bigrams, weights: [f32; 2]) -> usize {
        let affinity = Affinity { bigrams, tokens: 100_000, chance: 0.3 };
        let state = |word, weight| State::new(WordHash::of(word), 500.0, weight);
        let mut chain = [vec![state("a1", weights[0]), state("a2", weights[1])], vec![state("b", 1.0)]];
        assert!(affinity.any_together(&chain[0], &chain[1]));
        read(&mut chain, &affinity);
        usize::from(chain[0][0].posterior() < chain[0][1].posterior())
    }

    #[test]
    fn neighbours_and_weights_decide_together() {
        let bigrams = Bigrams::of_pairs(&[("a1", "b", 3), ("a2", "b", 90)]);
        assert_eq!(likelier(&bigrams, [1.0, 1.0]), 1);
        assert_eq!(likelier(&bigrams, [100.0, 1.0]), 0);
    }

    #[test]
    fn a_word_that_is_sure_hides_what_is_behind_it() {
        let bigrams = Bigrams::of_pairs(&[("a", "b", 50), ("b", "c2", 90)]);
        let affinity = Affinity { bigrams: &bigrams, tokens: 100_000, chance: 0.3 };
        let share = |words: &[&[&str]]| {
            let states =
                |words: &&[&str]| words.iter().map(|word| State::new(WordHash::of(word), 500.0, 1.0)).collect();
            let mut chain: Vec<Vec<State>> = words.iter().map(states).collect();
            read(&mut chain, &affinity);
            let last = &chain[words.len() - 1];
            last[1].posterior() / last[0].posterior()
        };
        let shares: [f32; 3] =
            [&[&["b"][..], &["c1", "c2"]][..], &[&["a"], &["b"], &["c1", "c2"]], &[&["x"], &["b"], &["c1", "c2"]]]
                .map(share);
        assert!(shares.iter().all(|share| *share > 1.0 && (share / shares[0] - 1.0).abs() < 1e-5), "{shares:?}");
    }

    #[test]
    fn an_unknown_word_parts_the_chain() {
        let bigrams = Bigrams::of_pairs(&[("a2", "b", 90)]);
        let affinity = Affinity { bigrams: &bigrams, tokens: 100_000, chance: 0.3 };
        let state = |word, weight| State::new(WordHash::of(word), 500.0, weight);
        let mut chain =
            [vec![state("a1", 2.0), state("a2", 1.0)], Vec::new(), vec![state("b", 1.0)], vec![state("c", 1.0)]];
        read(&mut chain, &affinity);
        let posteriors = [chain[0][0].posterior(), chain[0][1].posterior()];
        assert!((posteriors[0] / posteriors[1] - 2.0).abs() < 1e-5, "{posteriors:?}: as the weights are");
    }

    #[test]
    fn a_long_chain_neither_overflows_nor_vanishes() {
        let bigrams = Bigrams::of_pairs(&[("a1", "a1", 400)]);
        let affinity = Affinity { bigrams: &bigrams, tokens: u64::MAX, chance: 0.3 };
        let mut chain =
            vec![vec![State::new(WordHash::of("a1"), 500.0, 1e-3), State::new(WordHash::of("a2"), 1.0, 1e-3)]; 2000];
        read(&mut chain, &affinity);
        assert!(chain.iter().all(|states| states[0].posterior() > states[1].posterior()));
        assert!(chain.iter().flatten().all(|state| state.posterior().is_finite()));
    }
}
