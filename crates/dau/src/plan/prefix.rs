//! Words of which only the beginning was typed.

use smallvec::smallvec;

use super::lookup::of_segments;
use super::tokens::QueryToken;
use super::{Mark, MarkToken, Place, Plan, Planner};
use crate::error::Result;
use crate::search::{Accents, Weighed};

/// A prefix with more terms than this is matched, but gives every document the same score.
const SCORED_PREFIX_TERMS: usize = 256;

impl Planner<'_> {
    /// A word of which only the beginning was typed.
    pub(super) fn prefix_word(&mut self, token: &QueryToken, place: &Place, accents: Accents) -> Result<Plan> {
        // The last piece of a compound is the part that goes on: `15/2020*` is 15, then 2020….
        if !token.pieces.is_empty() {
            let whole = self.prefix_token(token, place, accents)?;
            let pieces = self.phrase_of(&token.pieces, place, accents, 0, true)?;
            return Ok(Plan::any(vec![whole, pieces]));
        }
        self.prefix_token(token, place, accents)
    }

    fn prefix_token(&mut self, token: &QueryToken, place: &Place, accents: Accents) -> Result<Plan> {
        if place.scored {
            for (folded, marked) in token.beginnings() {
                let exact = accents == Accents::Strict;
                let tokens = smallvec![MarkToken { folded: folded.into(), marked: marked.into(), exact }];
                self.marks.push(Mark { tokens, slop: None, prefix: true, field: place.field });
            }
        }
        let target = self.target_of(place);
        let gathered = self.prefix_terms(token, &target, accents)?;
        if gathered.spellings.len() > SCORED_PREFIX_TERMS || !place.scored {
            return Ok(Plan::Terms(self.unscored(gathered)));
        }
        let mut spellings = gathered.spellings;
        let typed = self.typed(token, accents);
        let typed_chars = token.marked.chars().count();
        for spelling in &mut spellings {
            let beginning: String = spelling.marked.chars().take(typed_chars).collect();
            // What was left out at the end is not known to be marks.
            (spelling.marked_weight, spelling.folded_weight) = typed.weights_of(&beginning, 0.0);
        }
        let weighed = Weighed::new(spellings.into(), self.searcher.all_documents());
        Ok(Plan::Word(self.add_word(token, place, accents, target, weighed, of_segments(gathered.segments))))
    }
}
