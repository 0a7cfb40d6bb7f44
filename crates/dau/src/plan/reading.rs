//! How the query as a whole was typed.

use std::sync::Arc;

use super::Planner;
use super::tokens::{QueryToken, query_tokens};
use crate::error::Result;
use crate::query::{Leaf, Node};
use crate::rank::bare_share;
use crate::reading::Keys;
use crate::search::{Accents, Corrections, FoundWord};
use crate::text::letter::decompose;
use crate::text::{Syllable, TokenKind};

/// What the query as a whole says about its words.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Reading {
    /// How likely it is that a mark was left out of a word that has none, 0 to 1.
    pub(crate) left_out: f32,
    /// The input method whose raw keys stand in the query.
    pub(crate) keys: Option<Keys>,
}

impl Planner<'_> {
    /// Reads a query before its words are planned.
    pub(super) fn read_query(&mut self, root: &Node) -> Result<Reading> {
        let keys = if self.may_correct() { self.find_keys(root)? } else { None };
        self.reading = Reading { left_out: 0.0, keys };
        let (mut bare, mut all) = (0, 0);
        for (text, exact) in texts(root) {
            let decoded = if exact { None } else { self.decoded(text)? };
            let tokens = query_tokens(decoded.as_deref().unwrap_or(text));
            let (more_bare, more) = count_syllables(&tokens);
            bare += more_bare;
            all += more;
            if decoded.is_none() {
                self.scanned.push((text.to_owned(), tokens));
            }
        }
        Ok(Reading { left_out: bare_share(self.ranking, bare, all), keys })
    }

    /// The tokens of a text of the query, which is scanned unless that was done when the query was read.
    pub(super) fn scanned(&mut self, text: &str) -> Vec<QueryToken> {
        match self.scanned.iter().position(|(scanned, _)| scanned == text) {
            Some(place) => self.scanned.swap_remove(place).1,
            None => query_tokens(text),
        }
    }

    /// Whether words may be read as other ones than were typed.
    pub(super) fn may_correct(&self) -> bool {
        self.options.accents == Accents::Smart && self.options.corrections == Corrections::Auto
    }

    /// The input method that makes words of the index out of most of the words that the index does not know.
    fn find_keys(&self, root: &Node) -> Result<Option<Keys>> {
        let mut best = (0, None);
        for keys in Keys::ALL {
            let mut decoded = 0;
            for (text, exact) in texts(root) {
                let (_, _, typed) = core(text);
                if !exact
                    && let Some(word) = keys.decode(typed)
                    && self.documents_with(typed)? == 0
                    && self.documents_with_spelling(&word)? > 0
                {
                    decoded += 1;
                }
            }
            if decoded > best.0 {
                best = (decoded, Some(keys));
            }
        }
        Ok(best.1)
    }

    /// A word of the query as its raw keys were meant; `None` where it stays as it is.
    ///
    /// In a query with keys that can be nothing else, keys that are a word too (`cos`) are read as the commoner of the two.
    pub(super) fn decoded(&self, text: &str) -> Result<Option<String>> {
        let (before, after, word) = core(text);
        let Some(meant) = self.reading.keys.and_then(|keys| keys.decode(word)) else {
            return Ok(None);
        };
        let known = self.documents_with_spelling(&meant)?;
        if known == 0 || known < self.documents_with(word)? {
            return Ok(None);
        }
        Ok(Some([before, &meant, after].concat()))
    }

    /// How many documents hold a word in some spelling, about.
    fn documents_with(&self, word: &str) -> Result<u64> {
        Ok(self.find_alone(word)?.map_or(0, |(_, found)| found.doc_freq()))
    }

    fn documents_with_spelling(&self, marked: &str) -> Result<u64> {
        let Some((token, found)) = self.find_alone(marked)? else { return Ok(0) };
        Ok(found.spellings.iter().find(|spelling| *spelling.marked == *token.marked).map_or(0, |found| found.doc_freq))
    }

    /// Looks up a word that is one token; `vie65t` is several where it is not one of a document.
    fn find_alone(&self, word: &str) -> Result<Option<(QueryToken, Arc<FoundWord>)>> {
        let mut tokens = query_tokens(word);
        let (Some(token), true) = (tokens.pop(), tokens.is_empty()) else { return Ok(None) };
        let found = self.find_word(&token, &self.target, self.options.accents)?;
        Ok(Some((token, found)))
    }
}

/// How many syllables among tokens have no mark, and how many there are. Names and English words tell nothing: only what can be a
/// Vietnamese syllable has marks to leave out.
fn count_syllables(tokens: &[QueryToken]) -> (usize, usize) {
    let (mut bare, mut all) = (0, 0);
    for token in tokens.iter().flat_map(|token| std::iter::once(token).chain(&token.pieces)) {
        if token.kind == TokenKind::Word && Syllable::parse(&token.marked).is_some() {
            all += 1;
            bare += usize::from(token.marked == token.folded);
        }
    }
    (bare, all)
}

/// The words and phrases of a query, and whether they are to be taken as they are.
fn texts(root: &Node) -> Vec<(&str, bool)> {
    let mut texts = Vec::new();
    root.leaves(&mut |leaf, _| match leaf {
        Leaf::Word(word) => texts.push((word.text.as_str(), word.exact || word.prefix)),
        Leaf::Phrase(phrase) => texts.push((phrase.text.as_str(), true)),
        Leaf::Filter(_) => {}
    });
    texts
}

/// Parts a word from the punctuation around it: before, after, and the word.
fn core(text: &str) -> (&str, &str, &str) {
    // The letters of the alphabet first: Unicode's tables are slow to ask.
    let is_around = |c: char| decompose(c).is_none() && !c.is_alphanumeric();
    let rest = text.trim_end_matches(is_around);
    let word = rest.trim_start_matches(is_around);
    (&rest[..rest.len() - word.len()], &text[rest.len()..], word)
}

#[cfg(test)]
mod tests {
    use super::core;

    #[test]
    fn punctuation_stays_around_the_word() {
        assert_eq!(core("(vieejt?)"), ("(", "?)", "vieejt"));
        assert_eq!(core("…"), ("", "…", ""));
        assert_eq!(core("đ"), ("", "", "đ"));
    }
}
