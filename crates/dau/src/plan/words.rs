//! Words of the query, whole ones, to words that are scored or only decide what matches.

use std::sync::Arc;

use super::meant::joined;
use super::tokens::{QueryToken, positions_of, query_tokens};
use super::{Place, Plan, Planner, SILENT, Target};
use crate::error::Result;
use crate::query;
use crate::rank::{Guess, Typed, Word, WordPostings};
use crate::schema::FieldKind;
use crate::search::{Accents, Matching, Weighed};
use crate::text::TokenKind;

impl Planner<'_> {
    pub(super) fn typed_word(&mut self, word: &query::Word, place: &Place) -> Result<Plan> {
        if let Some(field) = place.field
            && !self.kind(field).is_some_and(FieldKind::is_searched_by_default)
        {
            return self.value(field, &word.text, word.prefix, word.span.clone());
        }
        let accents = if word.exact { Accents::Strict } else { self.options.accents };
        let tokens = self.tokens_of(word, place)?;
        self.base = self.next;
        self.next += positions_of(&tokens);
        if place.scored {
            self.plain_tokens += tokens.len();
        }
        let count = tokens.len();
        let mut plans = Vec::with_capacity(count);
        self.guess = guess_of(word, place, self.may_correct());
        self.span = (count == 1).then(|| word.span.clone());
        let mut rest = tokens.into_iter().enumerate().peekable();
        while let Some((at, token)) = rest.next() {
            if token.kind == TokenKind::Cjk {
                // Words of these scripts are not told apart by spaces: what was typed together stands together.
                let mut run = vec![token];
                while let Some((_, next)) = rest.next_if(|(_, next)| next.joined && next.kind == TokenKind::Cjk) {
                    run.push(next);
                }
                plans.push(self.run_of_tokens(run, place, accents)?);
            } else if word.prefix && at + 1 == count {
                plans.push(self.prefix_word(&token, place, accents)?);
            } else {
                plans.push(self.token(&token, place, accents)?);
            }
        }
        self.guess = Guess::Marks;
        self.span = None;
        Ok(match self.options.matching {
            Matching::All => Plan::all(plans),
            _ => Plan::any(plans),
        })
    }

    /// The tokens of a word of the query: its raw keys as they were meant, and joined words apart.
    fn tokens_of(&mut self, word: &query::Word, place: &Place) -> Result<Vec<QueryToken>> {
        if word.exact || word.prefix || !self.may_correct() {
            return Ok(self.scanned(&word.text));
        }
        if let Some(meant) = self.decoded(&word.text)? {
            if place.scored {
                self.meant.push((word.span.clone(), meant.clone()));
            }
            return Ok(query_tokens(&meant));
        }
        let mut tokens = self.scanned(&word.text);
        let [token] = tokens.as_mut_slice() else { return Ok(tokens) };
        if token.kind != TokenKind::Word || !token.pieces.is_empty() {
            return Ok(tokens);
        }
        let target = self.target_of(place);
        let Some((left, right)) = joined(self, token, &target)? else { return Ok(tokens) };
        let apart = query_tokens(&format!("{left} {right}"));
        if self.find_word(token, &target, Accents::Smart)?.spellings.is_empty() {
            if place.scored {
                self.meant.push((word.span.clone(), format!("{left} {right}")));
            }
            return Ok(apart);
        }
        (token.pieces, token.is_parted) = (apart, true);
        Ok(tokens)
    }

    fn run_of_tokens(&mut self, mut run: Vec<QueryToken>, place: &Place, accents: Accents) -> Result<Plan> {
        if run.len() == 1 {
            let token = run.remove(0);
            return self.token(&token, place, accents);
        }
        self.mark_phrase(&run, place, accents, 0, false);
        self.phrase_of(&run, place, accents, 0, false)
    }

    /// One token: a word, or a compound that is found whole or by its pieces side by side.
    fn token(&mut self, token: &QueryToken, place: &Place, accents: Accents) -> Result<Plan> {
        self.mark(std::slice::from_ref(token), place, accents);
        let whole = self.word(token, place, accents)?;
        if token.pieces.is_empty() {
            return Ok(whole);
        }
        self.mark(&token.pieces, place, accents);
        if token.is_parted {
            // The word itself is known: its halves count where they stand together, and less.
            let share = Place { boost: place.boost * self.ranking.piece, ..place.clone() };
            let pieces = self.phrase_of(&token.pieces, &share, accents, 0, false)?;
            return Ok(Plan::any(vec![whole, pieces]));
        }
        let in_code_field = place.field.is_some_and(|field| self.kind(field) == Some(FieldKind::Code));
        if self.options.matching != Matching::All && place.scored && !place.required && !in_code_field {
            // Every document with all pieces side by side has each of them: any piece will do here.
            if token.kind == TokenKind::Number {
                return Ok(whole);
            }
            let share = Place { boost: place.boost * self.ranking.piece, ..place.clone() };
            let mut plans = vec![whole];
            for piece in &token.pieces {
                plans.push(self.word(piece, &share, accents)?);
            }
            return Ok(Plan::any(plans));
        }
        let pieces = self.phrase_of(&token.pieces, place, accents, 0, false)?;
        Ok(Plan::any(vec![whole, pieces]))
    }

    /// Adds a word that is scored or silent as its place says.
    pub(super) fn word(&mut self, token: &QueryToken, place: &Place, accents: Accents) -> Result<Plan> {
        Ok(Plan::Word(self.word_number(token, place, accents)?))
    }

    pub(super) fn word_number(&mut self, token: &QueryToken, place: &Place, accents: Accents) -> Result<usize> {
        let target = self.target_of(place);
        let found = self.find_word(token, &target, accents)?;
        let weighed = found.weighed(self.typed(token, accents), self.searcher.all_documents());
        Ok(self.add_word(token, place, accents, target, weighed, found.segments.clone()))
    }

    pub(super) fn typed(&self, token: &QueryToken, accents: Accents) -> Typed {
        Typed::new(self.ranking, accents, &token.marked, &token.folded, self.reading.left_out)
    }

    pub(super) fn add_word(
        &mut self,
        token: &QueryToken,
        place: &Place,
        accents: Accents,
        target: Target,
        weighed: Weighed,
        segments: Arc<[WordPostings]>,
    ) -> usize {
        let Weighed { spellings, rarity } = weighed;
        let mut word = Word {
            typed: token.marked.clone(),
            folded: token.folded.clone(),
            boost: place.boost,
            accents,
            target,
            spellings,
            segments,
            position: token.pieces.is_empty().then_some(self.base + token.position),
            guess: if token.kind == TokenKind::Word { self.guess } else { self.guess.min(Guess::Marks) },
            span: self.span.clone().filter(|_| token.pieces.is_empty()),
            synonym: None,
            marked_share: 0.0,
            marked_factor: 0.0,
            folded_factor: 0.0,
        };
        word.weigh(self.ranking, self.reading.left_out, rarity);
        if place.scored {
            self.words.push(word);
            self.words.len() - 1
        } else {
            self.silent.push(word);
            SILENT + self.silent.len() - 1
        }
    }
}

/// What may be guessed of a word of the query.
fn guess_of(word: &query::Word, place: &Place, may_correct: bool) -> Guess {
    match word {
        _ if word.prefix => Guess::Nothing,
        _ if word.exact || place.required || !may_correct => Guess::Marks,
        _ => Guess::Letters,
    }
}
