//! What a highlighter marks of the query.

use std::sync::Arc;

use smallvec::{SmallVec, smallvec};

use super::tokens::QueryToken;
use super::{Place, Planner};
use crate::search::Accents;

/// A word or phrase to mark in a snippet.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mark {
    /// The tokens in order.
    pub(crate) tokens: SmallVec<[MarkToken; 1]>,
    /// How many positions the words of a phrase may be moved; `None` for a word.
    pub(crate) slop: Option<u32>,
    pub(crate) prefix: bool,
    /// The field the query named, if it named one.
    pub(crate) field: Option<usize>,
}

/// A token to mark.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MarkToken {
    pub(crate) folded: Arc<str>,
    /// The marked form as typed.
    pub(crate) marked: Arc<str>,
    /// Whether only the marked form is to be marked.
    pub(crate) exact: bool,
}

impl QueryToken {
    fn to_mark(&self, accents: Accents) -> MarkToken {
        MarkToken { folded: self.folded.clone(), marked: self.marked.clone(), exact: accents == Accents::Strict }
    }
}

impl Planner<'_> {
    pub(super) fn mark(&mut self, tokens: &[QueryToken], place: &Place, accents: Accents) {
        if place.scored {
            let single = |token: &QueryToken| Mark {
                tokens: smallvec![token.to_mark(accents)],
                slop: None,
                prefix: false,
                field: place.field,
            };
            self.marks.extend(tokens.iter().map(single));
        }
    }

    pub(super) fn mark_phrase(
        &mut self,
        tokens: &[QueryToken],
        place: &Place,
        accents: Accents,
        slop: u32,
        prefix: bool,
    ) {
        if place.scored {
            let tokens = tokens.iter().map(|token| token.to_mark(accents)).collect();
            self.marks.push(Mark { tokens, slop: Some(slop), prefix, field: place.field });
        }
    }
}
