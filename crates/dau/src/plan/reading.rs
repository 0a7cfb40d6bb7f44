//! How the query as a whole was typed.

use crate::query::{Leaf, Node};
use crate::rank::{Ranking, bare_share};
use crate::text::{Scanner, Syllable, TokenKind};

/// What the query as a whole says about its words.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Reading {
    /// How likely it is that a mark was left out of a word that has none, 0 to 1.
    pub(crate) left_out: f32,
}

impl Reading {
    pub(crate) fn of(ranking: &Ranking, root: &Node) -> Reading {
        let mut scanner = Scanner::new();
        let (mut bare, mut words) = (0, 0);
        root.leaves(&mut |leaf, _| {
            let text = match leaf {
                Leaf::Word(word) => &word.text,
                Leaf::Phrase(phrase) => &phrase.text,
                _ => return,
            };
            let mut tokens = scanner.scan(text);
            while let Some(token) = tokens.next() {
                // Names and English words tell nothing: only what can be a Vietnamese syllable has marks to leave out.
                if token.kind == TokenKind::Word && Syllable::parse(token.marked).is_some() {
                    words += 1;
                    bare += usize::from(token.marked == token.folded);
                }
            }
        });
        Reading { left_out: bare_share(ranking, bare, words) }
    }
}
