//! The owner's synonyms beside the words of the query that they belong to.
//!
//! A run of plain words that is a wording of a group becomes: these words, or another wording of the group as a phrase. What was
//! typed is always looked for as it was typed, and its words are no slips.

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::tokens::{QueryToken, positions_of, query_tokens};
use super::{Place, Plan, Planner};
use crate::error::Result;
use crate::query::{self, Clause, Node, Occur};
use crate::rank::{Guess, Word};
use crate::schema::FieldKind;
use crate::search::{Accents, Matching};
use crate::synonyms::{Group, Synonyms};

/// Synonyms as a query is compared with them.
#[derive(Debug, Default)]
pub(crate) struct Wordings {
    /// By the folded tokens of what may be typed, parted by spaces.
    groups: FxHashMap<String, Vec<Known>>,
    /// How many tokens the longest one has.
    longest: usize,
}

/// A wording that may be typed, and those that it stands for.
#[derive(Debug)]
struct Known {
    tokens: Vec<QueryToken>,
    others: Vec<Arc<Wording>>,
}

/// A wording that words of the query stand for.
#[derive(Debug)]
pub(super) struct Wording {
    text: String,
    /// Compounds by their pieces.
    tokens: Vec<QueryToken>,
    /// The compound that the whole of it is, if it is one.
    compound: Option<QueryToken>,
}

/// Words of the query that are a wording.
pub(super) struct Run<'a> {
    /// Positions of the clauses.
    pub(super) clauses: Range<usize>,
    words: Vec<&'a query::Word>,
    others: Vec<Arc<Wording>>,
}

/// Synonyms in a query: numbers of the words that were typed, and of the words of each other wording.
#[derive(Clone, Debug)]
pub(super) struct Used {
    typed: Range<usize>,
    added: Vec<Range<usize>>,
}

/// Where the words of synonyms stand: beyond every word that was typed, so that they are no neighbours of these.
pub(super) const BEYOND: u32 = 1 << 30;

impl Wordings {
    pub(crate) fn of(synonyms: &Synonyms) -> Wordings {
        let mut wordings = Wordings::default();
        for group in synonyms.groups() {
            match group {
                Group::Equal(texts) => {
                    let all: Vec<Arc<Wording>> = texts.iter().map(|text| Arc::new(Wording::of(text))).collect();
                    all.iter().for_each(|typed| wordings.add(typed, &all));
                }
                Group::OneWay(typed, meant) => wordings.add(&Wording::of(typed), &[Arc::new(Wording::of(meant))]),
            }
        }
        wordings
    }

    fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Adds a wording that may be typed, and those of `all` that differ from it.
    fn add(&mut self, typed: &Wording, all: &[Arc<Wording>]) {
        let others: Vec<Arc<Wording>> = all.iter().filter(|other| other.marked() != typed.marked()).cloned().collect();
        self.longest = self.longest.max(typed.tokens.len());
        let known = Known { tokens: typed.tokens.clone(), others };
        self.groups.entry(key(&typed.tokens)).or_default().push(known);
    }

    /// What these tokens stand for; nothing if they are no wording.
    fn others(&self, typed: &[QueryToken], accents: Accents) -> Vec<Arc<Wording>> {
        let mut others: Vec<Arc<Wording>> = Vec::new();
        for known in self.groups.get(&key(typed)).into_iter().flatten() {
            if typed.iter().zip(&known.tokens).all(|(typed, known)| may_mean(typed, known, accents)) {
                let is_new = |other: &&Arc<Wording>| others.iter().all(|old| old.marked() != other.marked());
                let new: Vec<Arc<Wording>> = known.others.iter().filter(is_new).cloned().collect();
                others.extend(new);
            }
        }
        others
    }
}

impl Wording {
    fn of(text: &str) -> Wording {
        let tokens = query_tokens(text);
        let compound = match tokens.as_slice() {
            [token] if !token.pieces.is_empty() => Some(token.clone()),
            _ => None,
        };
        Wording { text: text.to_owned(), tokens: pieces(tokens), compound }
    }

    fn marked(&self) -> Vec<&str> {
        self.tokens.iter().map(|token| &*token.marked).collect()
    }
}

/// Compounds by their pieces.
fn pieces(tokens: Vec<QueryToken>) -> Vec<QueryToken> {
    let pieces = |token: QueryToken| if token.pieces.is_empty() { vec![token] } else { token.pieces };
    tokens.into_iter().flat_map(pieces).collect()
}

fn key(tokens: &[QueryToken]) -> String {
    tokens.iter().map(|token| &*token.folded).collect::<Vec<&str>>().join(" ")
}

/// Whether a token that folds alike may be meant by what was typed.
fn may_mean(typed: &QueryToken, known: &QueryToken, accents: Accents) -> bool {
    match accents {
        Accents::Smart => typed.allows(&known.marked),
        Accents::Strict => typed.marked == known.marked,
        Accents::Ignore => true,
    }
}

impl Planner<'_> {
    /// Finds the runs among clauses side by side that have synonyms: the longest first, none overlapping another.
    pub(super) fn runs_with_synonyms<'q>(&self, clauses: &'q [Clause], place: &Place) -> Result<Vec<Run<'q>>> {
        let mut runs = Vec::new();
        if !self.has_synonyms(place) {
            return Ok(runs);
        }
        let mut words: Vec<Option<(&'q query::Word, Vec<QueryToken>)>> = Vec::with_capacity(clauses.len());
        for clause in clauses {
            words.push(match (&clause.node, clause.occur) {
                (Node::Word(word), Occur::Should) if is_plain(word) => Some((word, self.typed_tokens(word)?)),
                _ => None,
            });
        }
        let mut at = 0;
        while at < clauses.len() {
            match self.longest_run(&words[at..]) {
                Some((taken, others)) => {
                    let words = words[at..at + taken].iter().flatten().map(|(word, _)| *word).collect();
                    runs.push(Run { clauses: at..at + taken, words, others });
                    at += taken;
                }
                None => at += 1,
            }
        }
        Ok(runs)
    }

    /// The longest run that begins with the first word: how many words, and what they stand for.
    fn longest_run(&self, words: &[Option<(&query::Word, Vec<QueryToken>)>]) -> Option<(usize, Vec<Arc<Wording>>)> {
        let wordings = self.searcher.wordings();
        let (mut tokens, mut best) = (Vec::new(), None);
        for (at, (_, of_word)) in words.iter().map_while(Option::as_ref).enumerate() {
            tokens.extend_from_slice(of_word);
            if tokens.is_empty() || tokens.len() > wordings.longest {
                break;
            }
            let others = wordings.others(&tokens, self.options.accents);
            if !others.is_empty() && !of_word.is_empty() {
                best = Some((at + 1, others));
            }
        }
        best
    }

    /// Plans a word that has no plain words beside it, or none that it forms a wording with.
    pub(super) fn lone_word(&mut self, word: &query::Word, place: &Place) -> Result<Plan> {
        if self.has_synonyms(place) && is_plain(word) {
            let others = self.searcher.wordings().others(&self.typed_tokens(word)?, self.options.accents);
            if !others.is_empty() {
                return self.run_of_words(&Run { clauses: 0..1, words: vec![word], others }, place);
            }
        }
        self.typed_word(word, place)
    }

    /// Plans words that are a wording: they, or another wording as a phrase.
    pub(super) fn run_of_words(&mut self, run: &Run<'_>, place: &Place) -> Result<Plan> {
        let first = self.words.len();
        let mut typed = Vec::with_capacity(run.words.len());
        for word in &run.words {
            typed.push(self.typed_word(word, place)?);
        }
        // Punctuation alone asks for nothing.
        typed.retain(|plan| !matches!(plan, Plan::Nothing));
        let numbers = first..self.words.len();
        for word in &mut self.words[numbers.clone()] {
            word.guess = word.guess.min(Guess::Marks);
        }
        let all = self.options.matching == Matching::All || place.operand;
        let mut plans = vec![if all { Plan::all(typed) } else { Plan::any(typed) }];
        let text = run.words.iter().map(|word| word.text.as_str()).collect::<Vec<&str>>().join(" ");
        let mut added = Vec::with_capacity(run.others.len());
        for other in &run.others {
            let before = self.words.len();
            plans.push(self.wording(other, place)?);
            let told: Arc<str> = format!("{:?} for {text:?}", other.text).into();
            self.words[before..].iter_mut().for_each(|word| word.synonym = Some(told.clone()));
            added.push(before..self.words.len());
        }
        self.used.push(Used { typed: numbers, added });
        Ok(Plan::any(plans))
    }

    /// Plans a wording that was not typed. It has the marks that it has: nothing is restored or corrected in it.
    fn wording(&mut self, wording: &Wording, place: &Place) -> Result<Plan> {
        let accents = self.options.accents;
        let (base, left_out) = (self.base, self.reading.left_out);
        (self.base, self.reading.left_out, self.guess) = (self.beyond, 0.0, Guess::Nothing);
        self.beyond += positions_of(&wording.tokens) + 1;
        if let Some(compound) = &wording.compound {
            self.mark(std::slice::from_ref(compound), place, accents);
        }
        let plan = match wording.tokens.as_slice() {
            [single] => {
                self.mark(std::slice::from_ref(single), place, accents);
                self.word(single, place, accents)
            }
            tokens => {
                self.mark_phrase(tokens, place, accents, 0, false);
                self.phrase_of(tokens, place, accents, 0, false)
            }
        };
        (self.base, self.reading.left_out, self.guess) = (base, left_out, Guess::Marks);
        plan
    }

    /// Sets the weights of the synonyms' words, once it is known what was meant by those that were typed: a wording
    /// counts as a whole a share of what was typed, also if its words are rarer, and never more than they do by themselves.
    ///
    /// Wordings of a group have words in common (`TP Hồ Chí Minh`, `Thành phố Hồ Chí Minh`), so that the more there are, the
    /// less each counts.
    pub(super) fn weigh_synonyms(&mut self) {
        let worth = |words: &[Word]| words.iter().map(Word::worth).sum::<f32>();
        for Used { typed, added } in std::mem::take(&mut self.used) {
            let synonym = self.ranking.synonym / (added.len() as f32).sqrt();
            // Where no document has what was typed, there is nothing to stand behind.
            let is_known = self.words[typed.clone()].iter().all(|word| word.typed_doc_freq() > 0);
            let most = if is_known { worth(&self.words[typed]) } else { f32::INFINITY };
            for wording in added {
                let own = worth(&self.words[wording.clone()]);
                let share = if own > most { most / own } else { 1.0 };
                self.words[wording].iter_mut().for_each(|word| word.scale(synonym * share));
            }
        }
    }

    /// Whether words at a place may stand for others. What is not scored is a filter or negated: that is taken at its word.
    fn has_synonyms(&self, place: &Place) -> bool {
        self.options.synonyms
            && place.scored
            && !self.searcher.wordings().is_empty()
            && place.field.is_none_or(|field| self.kind(field) == Some(FieldKind::Text))
    }

    /// The tokens of a word as it was meant to be typed, compounds by their pieces.
    fn typed_tokens(&self, word: &query::Word) -> Result<Vec<QueryToken>> {
        let meant = if self.may_correct() { self.decoded(&word.text)? } else { None };
        Ok(pieces(query_tokens(meant.as_deref().unwrap_or(&word.text))))
    }
}

/// Whether a word may be a part of a wording.
fn is_plain(word: &query::Word) -> bool {
    !word.exact && !word.prefix && word.fuzzy.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn others(synonyms: &str, typed: &str, accents: Accents) -> Vec<String> {
        let wordings = Wordings::of(&Synonyms::parse(synonyms).expect("synonyms"));
        let others = wordings.others(&pieces(query_tokens(typed)), accents);
        others.iter().map(|other| other.text.clone()).collect()
    }

    #[test]
    fn each_wording_stands_for_the_others() {
        let synonyms = "TP.HCM = TPHCM = Thành phố Hồ Chí Minh\nTPHCM = Sài Gòn\nTPHCM => Ho Chi Minh City";
        let all = |typed| others(synonyms, typed, Accents::Smart);
        let expected = ["TP.HCM", "Thành phố Hồ Chí Minh", "Sài Gòn", "Ho Chi Minh City"];
        assert_eq!(all("tphcm"), expected);
        assert_eq!(all("tp hcm"), ["TPHCM", "Thành phố Hồ Chí Minh"]);
        assert_eq!(all("Sài Gòn"), ["TPHCM"]);
        assert_eq!(all("Ho Chi Minh City"), [""; 0]);
        assert_eq!(all("hồ chí minh"), [""; 0]);
        // The same in other letters is no other wording.
        assert_eq!(others("Hòa Bình = hoà bình", "hoà bình", Accents::Smart), [""; 0]);
    }

    #[test]
    fn marks_that_were_typed_must_be_those_of_the_wording() {
        let check = |typed, accents, meant: bool| {
            let found = others("Biển Đông = East Sea", typed, accents);
            assert_eq!(!found.is_empty(), meant, "{typed} {accents:?}");
        };
        for typed in ["biển đông", "bien dong", "BIEN ĐÔNG"] {
            check(typed, Accents::Smart, true);
        }
        for typed in ["biến động", "biên dong", "bien đông ơi"] {
            check(typed, Accents::Smart, false);
        }
        check("bien dong", Accents::Strict, false);
        check("Biển Đông", Accents::Strict, true);
        check("biến động", Accents::Ignore, true);
    }
}
