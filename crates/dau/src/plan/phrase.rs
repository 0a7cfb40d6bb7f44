//! Phrases of the query: words at given distances.

use std::sync::Arc;

use super::lookup::TermsPlan;
use super::tokens::{QueryToken, positions_of};
use super::{Place, Plan, Planner};
use crate::error::Result;
use crate::query;
use crate::schema::FieldKind;
use crate::search::Accents;

/// Words that must stand at given distances within one field.
#[derive(Debug)]
pub(crate) struct PhrasePlan {
    /// Numbers of the words, in order.
    pub(crate) words: Vec<usize>,
    /// The place of each word after the first one, in positions; one more than `words` when `last` is there.
    pub(crate) offsets: Vec<u32>,
    /// How many positions the words may be moved in all.
    pub(crate) slop: u32,
    /// What the last word begins with.
    pub(crate) last: Option<TermsPlan>,
    /// Positions of the fields in the schema; the phrase stands wholly in one of them.
    pub(crate) fields: Arc<[usize]>,
}

impl Planner<'_> {
    pub(super) fn typed_phrase(&mut self, phrase: &query::Phrase, place: &Place) -> Result<Plan> {
        if let Some(field) = place.field
            && !self.kind(field).is_some_and(FieldKind::is_searched_by_default)
        {
            return self.value(field, &phrase.text, phrase.prefix, phrase.span.clone());
        }
        let accents = if phrase.exact { Accents::Strict } else { self.options.accents };
        // Compounds go by their pieces: they have the positions, and text may have them apart.
        let typed = self.scanned(&phrase.text);
        let compound = match typed.as_slice() {
            [token] if !token.pieces.is_empty() && !phrase.prefix => Some(token.clone()),
            _ => None,
        };
        let mut tokens = Vec::new();
        for token in typed {
            if token.pieces.is_empty() { tokens.push(token) } else { tokens.extend(token.pieces) }
        }
        self.base = self.next;
        self.next += positions_of(&tokens);
        if place.scored {
            self.plain_tokens += tokens.len();
        }
        match tokens.as_slice() {
            [] => Ok(Plan::Nothing),
            [single] if !phrase.prefix => {
                self.mark(&tokens, place, accents);
                self.word(single, place, accents)
            }
            tokens => {
                self.mark_phrase(tokens, place, accents, phrase.slop, phrase.prefix);
                let pieces = self.phrase_of(tokens, place, accents, phrase.slop, phrase.prefix)?;
                match compound {
                    // A code may be written with fewer separators than the one that is looked for.
                    Some(token) => Ok(Plan::any(vec![self.word(&token, place, accents)?, pieces])),
                    None => Ok(pieces),
                }
            }
        }
    }

    /// A phrase of tokens whose positions are as in `tokens`.
    pub(super) fn phrase_of(
        &mut self,
        tokens: &[QueryToken],
        place: &Place,
        accents: Accents,
        slop: u32,
        prefix: bool,
    ) -> Result<Plan> {
        let first = tokens.first().map_or(0, |token| token.position);
        let target = self.target_of(place);
        let mut phrase =
            PhrasePlan { words: Vec::new(), offsets: Vec::new(), slop, last: None, fields: target.fields.clone() };
        for (at, token) in tokens.iter().enumerate() {
            phrase.offsets.push(token.position - first);
            if prefix && at + 1 == tokens.len() {
                let gathered = self.prefix_terms(token, &target, accents)?;
                phrase.last = Some(self.unscored(gathered));
            } else {
                phrase.words.push(self.word_number(token, place, accents)?);
            }
        }
        Ok(Plan::Phrase(phrase))
    }
}
