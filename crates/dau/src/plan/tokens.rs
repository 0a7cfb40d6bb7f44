//! The text of the query as tokens, compounds with their pieces.

use std::sync::Arc;

use crate::scanners;
use crate::text::{MarkRelation, Part, Scanner, TokenKind, canonical, fold, fold_letters, mark_relation};

/// A token of the query, kept after the scan.
#[derive(Clone, Debug)]
pub(super) struct QueryToken {
    pub(super) kind: TokenKind,
    pub(super) marked: Arc<str>,
    pub(super) folded: Arc<str>,
    /// As typed: `mi` where the marked form is `my`, for `mi` may go on as `minh`.
    pub(super) text: Arc<str>,
    pub(super) position: u32,
    /// The pieces of a compound; empty for a simple token.
    pub(super) pieces: Vec<QueryToken>,
    /// Whether it stands directly after the token before it.
    pub(super) joined: bool,
    /// Whether the pieces are what a word was probably joined from.
    pub(super) is_parted: bool,
}

impl QueryToken {
    /// What a word that begins with the token begins with, folded and marked: in the spelling of whole syllables, and in
    /// the letters as typed where these differ.
    pub(super) fn beginnings(&self) -> Vec<(String, String)> {
        let mut all = vec![(self.folded.to_string(), self.marked.to_string())];
        let typed = canonical(&self.text).to_lowercase();
        let letters = fold_letters(&typed).into_owned();
        // A compound's own spelling is canonical in more than its letters.
        if *letters != *self.folded && self.kind == TokenKind::Word && self.pieces.is_empty() {
            all.push((letters, typed));
        }
        all
    }

    /// A syllable by itself.
    pub(super) fn of_syllable(marked: &str) -> QueryToken {
        QueryToken {
            kind: TokenKind::Word,
            marked: marked.into(),
            folded: fold(marked).into(),
            text: marked.into(),
            position: 0,
            pieces: Vec::new(),
            joined: false,
            is_parted: false,
        }
    }

    /// Whether a spelling can be what was typed: the same, or with marks where none were typed.
    pub(super) fn allows(&self, spelling: &str) -> bool {
        let relation = mark_relation(&self.marked, spelling);
        matches!(relation, Some(MarkRelation::Same | MarkRelation::QueryBare))
    }
}

/// The tokens of a text of the query, pieces under their compounds.
pub(super) fn query_tokens(text: &str) -> Vec<QueryToken> {
    scanners::lend(|scanner| tokens_of(text, scanner))
}

fn tokens_of(text: &str, scanner: &mut Scanner) -> Vec<QueryToken> {
    let mut tokens = scanner.scan(text);
    // Few syllables take less, with the space behind them.
    let mut found: Vec<QueryToken> = Vec::with_capacity(text.len() / 4);
    let mut end = usize::MAX;
    while let Some(token) = tokens.next() {
        let marked: Arc<str> = token.marked.into();
        let kept = QueryToken {
            kind: token.kind,
            folded: same_or_new(token.folded, &marked),
            text: same_or_new(&text[token.start..token.end], &marked),
            marked,
            position: token.position,
            pieces: Vec::new(),
            joined: token.start == end,
            is_parted: false,
        };
        match (token.part, found.last_mut()) {
            (Part::Piece, Some(whole)) => whole.pieces.push(kept),
            _ => {
                end = token.end;
                found.push(kept);
            }
        }
    }
    found
}

/// A text that is shared with another one where both are equal.
fn same_or_new(text: &str, other: &Arc<str>) -> Arc<str> {
    if *text == **other { Arc::clone(other) } else { text.into() }
}

/// How many positions tokens take.
pub(super) fn positions_of(tokens: &[QueryToken]) -> u32 {
    tokens.last().map_or(0, |last| last.position + last.pieces.len().max(1) as u32)
}
