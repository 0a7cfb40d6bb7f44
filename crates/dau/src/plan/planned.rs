//! A planned query: what must match, and which words are scored.

use std::ops::Range;

use tantivy::query::Query as StorageQuery;

use super::{Mark, PhrasePlan, TermsPlan};
use crate::rank::Word;

/// Numbers of silent words while it is not yet known how many scored words come before them.
pub(super) const SILENT: usize = 1 << 40;

/// What documents match. Words stand for themselves by their position in [`Planned::words`].
#[derive(Debug)]
pub(crate) enum Plan {
    Nothing,
    Everything,
    Word(usize),
    Phrase(PhrasePlan),
    Terms(TermsPlan),
    Filter(Box<dyn StorageQuery>),
    /// Documents that have any value in a ranked field, given by its slot.
    Present(tantivy::schema::Field),
    All(Vec<Plan>),
    Any(Vec<Plan>),
    Not(Box<Plan>),
}

impl Plan {
    pub(super) fn all(plans: Vec<Plan>) -> Plan {
        Plan::one_or(plans, Plan::All)
    }

    pub(super) fn any(plans: Vec<Plan>) -> Plan {
        Plan::one_or(plans, Plan::Any)
    }

    fn one_or(mut plans: Vec<Plan>, many: fn(Vec<Plan>) -> Plan) -> Plan {
        match plans.len() {
            0 => Plan::Nothing,
            1 => plans.remove(0),
            _ => many(plans),
        }
    }

    /// Whether every document that matches holds at least one of the first `scored` words.
    fn implies_a_word(&self, scored: usize) -> bool {
        match self {
            Plan::Word(number) => *number < scored,
            Plan::Phrase(phrase) => phrase.words.iter().any(|&number| number < scored),
            Plan::All(plans) => plans.iter().any(|plan| plan.implies_a_word(scored)),
            Plan::Any(plans) => plans.iter().all(|plan| plan.implies_a_word(scored)),
            Plan::Nothing => true,
            Plan::Everything | Plan::Terms(_) | Plan::Filter(_) | Plan::Present(_) | Plan::Not(_) => false,
        }
    }

    /// How many words there are, if each of them is enough for a document to match.
    fn any_of_words(&self) -> Option<usize> {
        match self {
            Plan::Word(_) => Some(1),
            Plan::Any(plans) => plans.iter().map(Plan::any_of_words).sum(),
            _ => None,
        }
    }

    /// Gives silent words their numbers, once it is known how many scored words come before them.
    pub(super) fn renumber(&mut self, scored: usize) {
        let fix = |number: &mut usize| {
            if *number >= SILENT {
                *number = *number - SILENT + scored;
            }
        };
        match self {
            Plan::Word(number) => fix(number),
            Plan::Phrase(phrase) => phrase.words.iter_mut().for_each(fix),
            Plan::All(plans) | Plan::Any(plans) => plans.iter_mut().for_each(|plan| plan.renumber(scored)),
            Plan::Not(plan) => plan.renumber(scored),
            Plan::Nothing | Plan::Everything | Plan::Terms(_) | Plan::Filter(_) | Plan::Present(_) => {}
        }
    }
}

/// A planned query.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) plan: Plan,
    /// The words that are scored, in the order of the query.
    pub(crate) words: Vec<Word>,
    /// Words that only decide what matches: filters and negated words. They follow `words` in the numbering.
    pub(crate) silent: Vec<Word>,
    /// What a highlighter marks.
    pub(crate) marks: Vec<Mark>,
    /// Bytes of the query, and the words that were probably meant by them.
    pub(crate) meant: Vec<(Range<usize>, String)>,
    /// How many tokens the plain words of the query have; decides what [`Matching::Auto`] means.
    pub(crate) plain_tokens: usize,
}

impl Planned {
    /// Whether exactly the documents with any of the scored words match: in `+hà nội`, `nội` is scored and not enough.
    pub(crate) fn is_any_word(&self) -> bool {
        self.silent.is_empty() && self.plan.any_of_words() == Some(self.words.len())
    }

    /// Whether every document that matches holds a scored word.
    pub(crate) fn implies_a_word(&self) -> bool {
        self.plan.implies_a_word(self.words.len())
    }

    /// A word by the number that plans use.
    pub(crate) fn word(&self, number: usize) -> &Word {
        self.words.get(number).unwrap_or_else(|| &self.silent[number - self.words.len()])
    }
}
