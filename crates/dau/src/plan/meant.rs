//! What the words of a query were meant to be, once all of them are known: their marks, and slips of the fingers.

use std::sync::Arc;

use smallvec::smallvec;

use super::tokens::QueryToken;
use super::{Mark, MarkToken, Planner, Target};
use crate::bigrams::WordHash;
use crate::error::Result;
use crate::rank::{Guess, Places, PostingRef, Rarity, Spelling, Word, WordPostings};
use crate::reading::{Affinity, Fingers, NearTerms, State, near_syllables, read};
use crate::search::{Accents, Bigrams, FoundWord, NearSpelling};
use crate::text::Syllable;

/// Spellings less likely than this, beside the likeliest, are not looked at: there are many, and they never win.
const LEAST_WEIGHT: f32 = 1e-5;

/// Corrections less likely than this, beside the likeliest reading of a word, are not searched for.
const LEAST_CORRECTION: f32 = 0.05;

/// A shorter word is one slip away from too many others to guess which was meant when no neighbour tells.
const LEAST_LETTERS_ALONE: usize = 4;

/// What a word that no document holds counts as, in documents, before its corrections are weighed.
const UNKNOWN_DOCUMENTS: f32 = 0.5;

/// A spelling that a word may stand for.
#[derive(Clone, Debug)]
enum Source {
    /// One of the word's own, by its position.
    Own(usize),
    /// One of another word's.
    Other(Arc<FoundWord>, usize),
}

/// A word's readings: a state of the chain for each source.
type Readings = (Vec<Source>, Vec<State>);

impl Planner<'_> {
    /// Judges what each word was meant to be by its neighbours, and sets the spellings' weights; words that the index does not
    /// know well get the spellings that were probably meant.
    pub(super) fn read_words(&mut self) -> Result<()> {
        if self.options.accents != Accents::Smart {
            return Ok(());
        }
        let bigrams = self.searcher.bigrams()?;
        for chain in chains(&self.words) {
            self.read_chain(&chain, &bigrams)?;
        }
        Ok(())
    }

    fn read_chain(&mut self, chain: &[usize], bigrams: &Bigrams) -> Result<()> {
        if chain.iter().all(|&word| has_one_reading(&self.words[word])) {
            return Ok(());
        }
        let affinity = Affinity { bigrams, tokens: self.searcher.all_tokens(), chance: self.ranking.chance };
        let own = chain.iter().map(|&word| own_readings(&self.words[word], self.ranking.typo));
        let (mut sources, mut states): (Vec<Vec<Source>>, Vec<Vec<State>>) = own.unzip();
        states.windows(2).for_each(|pair| affinity.fetch(&pair[0], &pair[1]));
        let mut corrected = Vec::new();
        for (at, &word) in chain.iter().enumerate() {
            if self.is_doubtful(&self.words[word], at, &states, &affinity) {
                corrected.push((at, self.corrections(&self.words[word])?));
            }
        }
        for (at, (more_sources, more_states)) in corrected {
            sources[at].extend(more_sources);
            states[at].extend(more_states);
        }
        if !states.iter().any(|states| is_open(states)) {
            return Ok(());
        }
        read(&mut states, &affinity);
        for ((&word, sources), states) in chain.iter().zip(&sources).zip(&states) {
            if is_open(states) {
                self.apply(word, sources, states);
            }
        }
        Ok(())
    }

    /// Whether a word may be a slip: the index does not know it, or never has it beside any of its neighbours.
    fn is_doubtful(&self, word: &Word, at: usize, states: &[Vec<State>], affinity: &Affinity<'_>) -> bool {
        if word.guess != Guess::Letters || !self.may_correct() || self.ranking.typo <= 0.0 {
            return false;
        }
        let before = at.checked_sub(1).map(|before| &states[before]).filter(|states| !states.is_empty());
        let after = states.get(at + 1).filter(|states| !states.is_empty());
        let alone = before.is_none() && after.is_none();
        if word.typed_doc_freq() == 0 {
            return !alone || word.folded.chars().count() >= LEAST_LETTERS_ALONE;
        }
        let known = before.is_some_and(|before| affinity.any_together(before, &states[at]))
            || after.is_some_and(|after| affinity.any_together(&states[at], after));
        !known && !alone
    }

    /// The spellings of other words that are one slip away from a word.
    fn near_spellings(&self, word: &Word) -> Result<Vec<NearSpelling>> {
        let typed = Fingers::new(&word.typed);
        let mut near = Vec::new();
        for found in self.near_words(word)? {
            for (spelling, meant) in found.spellings.iter().enumerate() {
                let slip = typed.slip(&meant.marked);
                if slip.is_possible() {
                    near.push(NearSpelling { found: found.clone(), spelling, slip });
                }
            }
        }
        Ok(near)
    }

    /// The syllables of the index that are one slip away from a word; other terms if there are none and the index does not know
    /// the word.
    fn near_words(&self, word: &Word) -> Result<Vec<Arc<FoundWord>>> {
        let mut found = Vec::new();
        for folded in near_syllables(&word.folded) {
            let near = self.find_word(&QueryToken::of_syllable(&folded), &word.target, Accents::Smart)?;
            if !near.spellings.is_empty() {
                found.push(near);
            }
        }
        if found.is_empty()
            && word.typed_doc_freq() == 0
            && let Some(near) = NearTerms::new(&word.folded)
        {
            found.push(Arc::new(self.find_near(&near, &word.target)?));
        }
        Ok(found)
    }

    /// What a word may be a slip of.
    fn corrections(&self, word: &Word) -> Result<Readings> {
        let near = self.searcher.cache().near(&word.target, &word.typed, || self.near_spellings(word))?;
        let mut readings = (Vec::with_capacity(near.len()), Vec::with_capacity(near.len()));
        for NearSpelling { found, spelling, slip } in near.iter() {
            let slip = slip.likelihood(self.reading.left_out);
            if slip > 0.0 {
                let meant = &found.spellings[*spelling];
                let weight = self.ranking.typo * slip * meant.doc_freq as f32;
                readings.1.push(State::correction(meant.hash, meant.doc_freq as f32, weight));
                readings.0.push(Source::Other(found.clone(), *spelling));
            }
        }
        Ok(readings)
    }

    /// Sets the weights of a word's spellings to how likely each was meant.
    fn apply(&mut self, number: usize, sources: &[Source], states: &[State]) {
        let likeliest = states.iter().map(State::posterior).fold(0.0, f32::max);
        if likeliest <= 0.0 {
            return;
        }
        let correction = self.ranking.correction;
        let word = &mut self.words[number];
        let spellings = Arc::make_mut(&mut word.spellings);
        spellings.iter_mut().for_each(|spelling| spelling.marked_weight = 0.0);
        let mut added = Vec::new();
        let mut best = None;
        for (source, state) in sources.iter().zip(states) {
            let weight = state.posterior() / likeliest;
            match source {
                Source::Own(spelling) => spellings[*spelling].marked_weight = weight,
                Source::Other(found, spelling) if weight >= LEAST_CORRECTION => {
                    let meant = &found.spellings[*spelling];
                    if weight >= 1.0 {
                        best = Some((meant.marked.to_string(), meant.doc_freq));
                    }
                    added.push((found.clone(), *spelling, weight * correction));
                }
                Source::Other(..) => {}
            }
        }
        // A mark or a letter that was typed is never overruled where the index has the word: it counts at least as much.
        let typed = &word.typed;
        if *typed != word.folded
            && let Some(spelling) = spellings.iter_mut().find(|spelling| spelling.marked == *typed)
        {
            spelling.marked_weight = 1.0;
        }
        if let (Some((meant, doc_freq)), Some(span)) = (best, &word.span)
            && doc_freq > word.typed_doc_freq()
        {
            self.meant.push((span.clone(), meant));
        }
        add_spellings(word, &added);
        let rarity = Rarity::of(&word.spellings, self.searcher.all_documents());
        word.weigh(self.ranking, self.reading.left_out, rarity);
        for (found, spelling, _) in added {
            let marked = Arc::clone(&found.spellings[spelling].marked);
            let token = MarkToken { folded: crate::text::fold(&marked).into(), marked, exact: true };
            self.marks.push(Mark { tokens: smallvec![token], slop: None, prefix: false, field: None });
        }
    }
}

/// Whether a word, whatever its neighbours are, can stand for one spelling at most.
fn has_one_reading(word: &Word) -> bool {
    match word.guess {
        Guess::Nothing => true,
        Guess::Marks => word.spellings.iter().filter(|spelling| is_likely(spelling)).count() <= 1,
        Guess::Letters => false,
    }
}

/// Whether a spelling is likely enough to be a reading.
fn is_likely(spelling: &Spelling) -> bool {
    spelling.marked_weight > LEAST_WEIGHT
}

/// Whether a word may stand for more or for something else than what was typed.
fn is_open(states: &[State]) -> bool {
    states.len() > 1 || states.iter().any(State::is_correction)
}

/// Gives a word spellings of other words, with their posting lists and weights.
fn add_spellings(word: &mut Word, added: &[(Arc<FoundWord>, usize, f32)]) {
    if added.is_empty() {
        return;
    }
    let mut segments: Vec<WordPostings> = word.segments.to_vec();
    let mut spellings = word.spellings.to_vec();
    for (found, spelling, weight) in added {
        let place = spellings.len();
        let meant = &found.spellings[*spelling];
        spellings.push(Spelling { marked_weight: *weight, folded_weight: *weight, corrected: true, ..meant.clone() });
        for (segment, postings) in segments.iter_mut().zip(found.segments.iter()) {
            let of_spelling = postings.lists().iter().filter(|posting| posting.spelling == *spelling);
            segment.extend(of_spelling.map(|posting| PostingRef { spelling: place, ..posting.clone() }));
        }
    }
    word.segments = segments.into();
    word.spellings = spellings.into();
}

/// The readings of a word as it was typed.
fn own_readings(word: &Word, typo: f32) -> Readings {
    if word.guess == Guess::Nothing {
        return Readings::default();
    }
    let likely = word.spellings.iter().filter(|spelling| is_likely(spelling)).count();
    let mut readings = (Vec::with_capacity(likely), Vec::with_capacity(likely));
    let typed = word.typed != word.folded;
    for (spelling, found) in word.spellings.iter().enumerate() {
        if is_likely(found) {
            let weight = found.marked_weight * relative_frequency(word, typed, found) * (1.0 - typo);
            readings.0.push(Source::Own(spelling));
            readings.1.push(State::new(found.hash, found.doc_freq as f32, weight));
        }
    }
    if readings.0.is_empty() && typed && word.guess == Guess::Letters {
        // The index has the letters, but not with these marks: a slip of the tone or of a mark.
        let fingers = Fingers::new(&word.typed);
        for (spelling, found) in word.spellings.iter().enumerate() {
            let weight = typo * fingers.slip(&found.marked).likelihood(0.0) * found.doc_freq as f32;
            if weight > 0.0 {
                readings.0.push(Source::Own(spelling));
                readings.1.push(State::correction(found.hash, found.doc_freq as f32, weight));
            }
        }
    }
    readings
}

/// What turns a spelling's weight into documents: weights of a bare word are relative to its commonest spelling already.
fn relative_frequency(word: &Word, typed: bool, found: &Spelling) -> f32 {
    if typed {
        return (found.doc_freq as f32).max(UNKNOWN_DOCUMENTS);
    }
    word.spellings.iter().map(|spelling| spelling.doc_freq).max().unwrap_or(0) as f32
}

/// Numbers of the words that stand side by side in the query, run by run.
fn chains(words: &[Word]) -> Vec<Vec<usize>> {
    let places = Places::of(words);
    let mut chains = Vec::new();
    for (number, word) in words.iter().enumerate() {
        let Some(position) = word.position else { continue };
        let at = |position: u32| places.at(position, &word.target);
        if at(position) == Some(number) && position.checked_sub(1).and_then(at).is_none() {
            chains.push((position..).map_while(at).collect());
        }
    }
    chains
}

/// Parts a word that is no syllable into two that are, where the index has these two side by side far more often than the word.
pub(super) fn joined(planner: &Planner<'_>, token: &QueryToken, target: &Target) -> Result<Option<(String, String)>> {
    if Syllable::is_possible(&token.marked) || !token.marked.chars().all(char::is_alphabetic) {
        return Ok(None);
    }
    let bigrams = planner.searcher.bigrams()?;
    let mut best: Option<(f32, (String, String))> = None;
    for (at, _) in token.marked.char_indices().skip(1) {
        let (left, right) = token.marked.split_at(at);
        if !Syllable::is_possible(left) || !Syllable::is_possible(right) {
            continue;
        }
        let together = planner.together(left, right, target, &bigrams)?;
        if best.as_ref().is_none_or(|best| together > best.0) {
            best = Some((together, (left.to_owned(), right.to_owned())));
        }
    }
    let typed = planner.find_word(token, target, Accents::Smart)?.doc_freq();
    Ok(best.filter(|best| best.0 >= (JOINED_FACTOR * typed as f32).max(LEAST_TOGETHER)).map(|best| best.1))
}

/// Two syllables must stand side by side this many times as often as the joined word has documents, and at least so often.
const JOINED_FACTOR: f32 = 2.0;
const LEAST_TOGETHER: f32 = 3.0;

impl Planner<'_> {
    /// How often two syllables, each in any spelling that what was typed allows, stand side by side in the index.
    fn together(&self, left: &str, right: &str, target: &Target, bigrams: &Bigrams) -> Result<f32> {
        let states = |typed: &str| -> Result<Vec<(WordHash, f32)>> {
            let token = QueryToken::of_syllable(typed);
            let found = self.find_word(&token, target, Accents::Smart)?;
            let allowed = found.spellings.iter().filter(|spelling| token.allows(&spelling.marked));
            Ok(allowed.map(|found| (found.hash, found.doc_freq as f32)).collect())
        };
        let (lefts, rights) = (states(left)?, states(right)?);
        let pairs = lefts.iter().flat_map(|left| rights.iter().map(move |right| (left, right)));
        Ok(pairs.map(|(left, right)| bigrams.count(left.0, right.0).min(left.1.min(right.1))).sum())
    }
}
