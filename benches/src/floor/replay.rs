//! Tokens made beforehand, packed into one string, and the tokenizer that plays them back. Knows nothing of analysis.

use anyhow::{Context, Result};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// Numbers from here on are no characters, up to [`AFTER_GAP`].
const GAP: u32 = 0xD800;
const AFTER_GAP: u32 = 0xE000;

/// Packs tokens: for each the length of its term in bytes and how far its position is from the one before, as a character each,
/// and the term.
#[derive(Debug, Default)]
pub(super) struct Packer {
    packed: String,
    position: usize,
}

impl Packer {
    /// Adds the next token of a text.
    pub(super) fn push(&mut self, position: usize, term: &str) -> Result<()> {
        let step = position.checked_sub(self.position).context("positions of tokens must not fall")?;
        self.packed.push(character(term.len())?);
        self.packed.push(character(step)?);
        self.packed.push_str(term);
        self.position = position;
        Ok(())
    }

    pub(super) fn finish(mut self) -> String {
        self.packed.shrink_to_fit();
        self.packed
    }
}

fn character(number: usize) -> Result<char> {
    let number = u32::try_from(number)?;
    let code = if number < GAP { Some(number) } else { number.checked_add(AFTER_GAP - GAP) };
    code.and_then(char::from_u32).with_context(|| format!("{number} does not fit into a character"))
}

fn number(character: char) -> usize {
    let code = u32::from(character);
    (if code < GAP { code } else { code - (AFTER_GAP - GAP) }) as usize
}

/// Plays packed tokens back.
#[derive(Debug, Clone, Default)]
pub(super) struct Replay;

/// The tokens of one packed string. Nothing is allocated for them but one buffer a text.
#[derive(Debug)]
pub(super) struct ReplayStream<'a> {
    rest: &'a str,
    token: Token,
}

impl Tokenizer for Replay {
    type TokenStream<'a> = ReplayStream<'a>;

    fn token_stream<'a>(&'a mut self, packed: &'a str) -> ReplayStream<'a> {
        ReplayStream { rest: packed, token: Token { position: 0, ..Token::default() } }
    }
}

impl TokenStream for ReplayStream<'_> {
    fn advance(&mut self) -> bool {
        let mut characters = self.rest.chars();
        let (Some(length), Some(step)) = (characters.next(), characters.next()) else { return false };
        let Some((term, rest)) = characters.as_str().split_at_checked(number(length)) else { return false };
        self.token.position += number(step);
        self.token.text.clear();
        self.token.text.push_str(term);
        self.rest = rest;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_is_played_back() {
        let long = "ă".repeat(30_000);
        let tokens = [(0, "ha\0hà"), (0, "x"), (1, ""), (60_000, long.as_str()), (1_000_000, "noi\0nội")];
        let mut packer = Packer::default();
        for (position, term) in tokens {
            packer.push(position, term).expect("a token");
        }
        assert!(packer.push(3, "back").is_err());
        let packed = packer.finish();
        let mut replay = Replay;
        let mut stream = replay.token_stream(&packed);
        for (position, term) in tokens {
            assert!(stream.advance());
            assert_eq!((stream.token().position, stream.token().text.as_str()), (position, term));
        }
        assert!(!stream.advance());
    }
}
