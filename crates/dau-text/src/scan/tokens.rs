//! The walk through a text, from token to token.

use std::fmt;

use super::ends::{are_end, is_end, is_separator};
use super::memo::{Found, REACH};
use super::queue::Place;
use super::{Buffers, MAX_TOKEN_BYTES, chain, class, figures};
use crate::tables::{self, FLAG_DIGIT, FLAG_LETTER, FLAG_SLOW};
use crate::token::{Part, Token, TokenKind};

/// The tokens of one text, one at a time.
///
/// It lends: each token is given back before the next is asked for, so it is no [`Iterator`]; use `while let`.
pub struct Tokens<'s, 't> {
    pub(super) buffers: &'s mut Buffers,
    pub(super) text: &'t str,
    /// Where to go on, in bytes.
    pub(super) at: usize,
    /// The position of the next token that is not queued.
    pub(super) position: u32,
}

impl fmt::Debug for Tokens<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").field("at", &self.at).field("position", &self.position).finish_non_exhaustive()
    }
}

/// A word whose forms the memo has.
#[derive(Clone, Copy)]
struct Known {
    start: usize,
    len: usize,
    found: Found,
}

/// Tells whether a byte is ASCII white space or a control character.
#[inline]
const fn is_blank(byte: u8) -> bool {
    byte <= b' '
}

impl<'s, 't> Tokens<'s, 't> {
    pub(super) fn new(buffers: &'s mut Buffers, text: &'t str) -> Tokens<'s, 't> {
        Tokens { buffers, text, at: 0, position: 0 }
    }

    /// Returns the next token, `None` after the last.
    #[expect(clippy::should_implement_trait, reason = "the token borrows from the iterator, which Iterator cannot say")]
    // Whichever way a token comes, it is put together here and not copied: loading at once what was just stored in
    // parts is what a processor waits for longest, memory aside.
    #[inline(always)]
    pub fn next(&mut self) -> Option<Token<'_>> {
        if self.buffers.queue.is_empty() {
            if let Some(known) = self.glance() {
                return Some(self.known(known));
            }
            self.fill();
        }
        self.buffers.queue.pop()
    }

    /// Finds the commonest sort of token: a word that the memo knows, perhaps behind separators, with ASCII characters
    /// that end it behind. Otherwise goes no further than over separators.
    #[inline(always)]
    fn glance(&mut self) -> Option<Known> {
        loop {
            let start = self.at;
            let bytes: &[u8; REACH] = self.text.as_bytes().get(start..)?.first_chunk()?;
            let (found, len) = self.buffers.memo.find(bytes);
            let Some(found) = found else {
                if !is_separator(bytes[0]) {
                    return None;
                }
                self.at += 1;
                continue;
            };
            let (after, next) = (bytes[len], bytes[len + 1]);
            // A branch and no sum: the processor need not wait for `after` to go on to the next word.
            if is_blank(after) {
                self.at = start + len + 1;
            } else if are_end(after, next) {
                self.at = start + len + 1 + usize::from(is_separator(next));
            } else {
                return None;
            }
            self.position += 1;
            return Some(Known { start, len, found });
        }
    }

    #[inline]
    fn known(&self, Known { start, len, found }: Known) -> Token<'_> {
        let (marked, folded) = self.buffers.memo.forms(found);
        let (kind, part, position) = (TokenKind::Word, Part::Whole, self.position - 1);
        Token { kind, part, start, end: start + len, position, pieces: 0, marked, folded }
    }

    /// Queues the next token, whatever it is, and its pieces; nothing at the end of the text.
    #[inline(never)]
    fn fill(&mut self) {
        let bytes = self.text.as_bytes();
        self.buffers.queue.clear();
        let glanced_at = self.at;
        while self.at < bytes.len() && self.buffers.queue.is_empty() {
            let (entry, len) = tables::entry(bytes, self.at);
            if entry & FLAG_LETTER != 0 {
                let was_glanced_at = self.at == glanced_at && bytes.len() - self.at >= REACH;
                if was_glanced_at || !self.look() {
                    self.word();
                }
            } else if entry & FLAG_DIGIT != 0 {
                self.number();
            } else if entry & FLAG_SLOW == 0 {
                self.at += len;
            } else {
                let class = class::of(self.text, self.at);
                if class.starts_token() {
                    self.chain(self.at);
                } else {
                    self.at += class.len;
                }
            }
        }
    }

    /// Queues the word that starts here if the memo knows it, where [`Tokens::glance`] did not look: behind typographic
    /// punctuation, and near the end of the text.
    fn look(&mut self) -> bool {
        let rest = &self.text.as_bytes()[self.at..];
        let mut padded = [b' '; REACH];
        let bytes = rest.first_chunk().unwrap_or_else(|| {
            padded[..rest.len()].copy_from_slice(rest);
            &padded
        });
        let (found, len) = self.buffers.memo.find(bytes);
        let Some(found) = found.filter(|_| is_end(self.text, self.at + len)) else { return false };
        let place = self.place(TokenKind::Word, self.at + len);
        let Buffers { memo, queue, .. } = &mut *self.buffers;
        let (marked, folded) = memo.forms(found);
        queue.push_forms(place, marked, folded);
        true
    }

    /// Returns the place of the token that is all from here to `end`, and goes on behind it.
    pub(super) fn place(&mut self, kind: TokenKind, end: usize) -> Place {
        let place = Place { kind, part: Part::Whole, start: self.at, end, position: self.position, pieces: 0 };
        self.at = end;
        self.position += 1;
        place
    }

    /// Queues the run of digits that starts here, or the chain that it starts.
    fn number(&mut self) {
        let bytes = self.text.as_bytes();
        let (start, mut at) = (self.at, self.at);
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        if !is_end(self.text, at) || figures::may_be_phone(bytes, start, at) || at - start > MAX_TOKEN_BYTES {
            self.chain(start);
            return;
        }
        let digits = &self.text[start..at];
        let place = self.place(TokenKind::Number, at);
        self.buffers.queue.push_forms(place, digits, digits);
    }

    /// Queues the tokens of the chain of joined words that starts at `start`, and goes on behind it.
    #[cold]
    pub(super) fn chain(&mut self, start: usize) {
        let Buffers { atoms, queue, memo, .. } = &mut *self.buffers;
        let chain = chain::Chain { text: self.text, atoms, queue, memo };
        (self.at, self.position) = chain.read(start, self.position);
    }
}
