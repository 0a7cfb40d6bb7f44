//! The walk through a text, from token to token.

use std::fmt;
use std::num::NonZeroU32;

use super::chain::Chain;
use super::chain_memo::{self, Origin};
use super::class::{Class, Classified, PUNCTUATION, PUNCTUATION_LEAD};
use super::ends::{are_end, is_end, is_separator};
use super::key::{Ahead, Key, NEAR, REACH};
use super::lanes::{below, count_before, first_of, no_digits, no_letters};
use super::memo::{Found, Memo};
use super::{Buffers, MAX_TOKEN_BYTES, class, figures};
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

/// A token with the position before the next one, which is no compound and no piece of one.
#[derive(Clone, Copy)]
pub(super) struct Lone {
    pub(super) kind: TokenKind,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) forms: Forms,
}

impl Lone {
    fn number(self, memo: &Memo) -> Option<NonZeroU32> {
        if let Forms::Memo(found) = self.forms { memo.number(found) } else { None }
    }
}

/// Where the forms of a [`Lone`] token are.
#[derive(Clone, Copy)]
pub(super) enum Forms {
    /// Both are the text itself.
    Text,
    /// The marked form is the text itself, the folded one in its buffer.
    FoldedBuffer,
    /// Both are in their buffers.
    Buffers,
    /// Both are in the buffer of the folded one.
    Bare,
    Memo(Found),
}

/// [Marks](super::lanes) the bytes that no word is made of: ASCII below the letters. Others are let pass, for what is
/// remembered are words, and what is no word is then not found.
#[inline(always)]
const fn end_word(bytes: u64) -> u64 {
    below(bytes, b'A')
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
    #[inline(always)]
    pub fn next(&mut self) -> Option<Token<'_>> {
        self.next_numbered().map(|(token, _)| token)
    }

    /// Returns the next token, and the number of its word if the scanner had it in its memory: tokens with one number from one
    /// scanner, in whichever texts, have the same two forms. So what is known of a word need not be looked for by its forms.
    /// Numbers count from 1 on, in the order in which words are met; a word that was forgotten meanwhile comes back with another.
    // Whichever way a token comes, it is put together here and not copied: loading at once what was just stored in
    // parts is what a processor waits for longest, memory aside.
    #[inline(always)]
    pub fn next_numbered(&mut self) -> Option<(Token<'_>, Option<NonZeroU32>)> {
        if self.buffers.queue.is_empty() {
            if let Some(known) = self.glance() {
                return Some((self.known(known), self.buffers.memo.number(known.found)));
            }
            if let Some(lone) = self.short_number().or_else(|| self.fill()) {
                return Some((self.lone(lone), lone.number(&self.buffers.memo)));
            }
        }
        self.buffers.queue.pop().map(|token| (token, None))
    }

    /// Finds the commonest sort of token: a word that the memo knows, perhaps behind separators, with ASCII characters
    /// that end it behind. Otherwise goes no further than over separators.
    #[inline(always)]
    fn glance(&mut self) -> Option<Known> {
        loop {
            let start = self.at;
            let bytes = self.text.as_bytes().get(start..)?;
            let Some((found, Ahead { len, behind: [after, next], .. })) = self.buffers.memo.find_ahead(bytes, end_word)
            else {
                self.at += match bytes {
                    [byte, ..] if is_separator(*byte) => 1,
                    bytes if bytes.starts_with(&PUNCTUATION) => 3,
                    _ => return None,
                };
                continue;
            };
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

    #[inline]
    fn lone(&self, Lone { kind, start, end, forms }: Lone) -> Token<'_> {
        let Buffers { marked, folded, memo, .. } = &*self.buffers;
        let text = &self.text[start..end];
        let (marked, folded) = match forms {
            Forms::Text => (text, text),
            Forms::FoldedBuffer => (text, folded.as_str()),
            Forms::Buffers => (marked.as_str(), folded.as_str()),
            Forms::Bare => (folded.as_str(), folded.as_str()),
            Forms::Memo(found) => memo.forms(found),
        };
        Token { kind, part: Part::Whole, start, end, position: self.position - 1, pieces: 0, marked, folded }
    }

    /// Finds the next token, whatever it is. Unless it stands by itself, queues it and its pieces; does nothing at the
    /// end of the text.
    #[inline(never)]
    fn fill(&mut self) -> Option<Lone> {
        let bytes = self.text.as_bytes();
        while self.at < bytes.len() && self.buffers.queue.is_empty() {
            let (entry, len) = tables::entry(bytes, self.at);
            if entry & (FLAG_LETTER | FLAG_DIGIT) != 0 {
                let lone = if entry & FLAG_LETTER != 0 { self.letters() } else { self.number() };
                if lone.is_some() {
                    return lone;
                }
            } else if entry & FLAG_SLOW == 0 {
                self.at += len;
            } else {
                let Classified { class, len } = class::of(self.text, self.at);
                let lone = match class {
                    Class::Letter => self.foreign_word(),
                    Class::Cjk => self.ideograph(),
                    Class::Digit => self.chain(self.at),
                    _ => {
                        self.at += len;
                        None
                    }
                };
                if lone.is_some() {
                    return lone;
                }
            }
        }
        None
    }

    /// Finds the word that starts here, or queues the chain that it starts. The memo may know it, where
    /// [`Tokens::glance`] has not looked or has not seen that it ends: beside typographic punctuation, and near the end
    /// of the text.
    fn letters(&mut self) -> Option<Lone> {
        let rest = &self.text.as_bytes()[self.at..];
        let mut padded = [b' '; REACH];
        let bytes = if rest.len() < REACH {
            padded[..rest.len()].copy_from_slice(rest);
            padded.as_slice()
        } else {
            rest
        };
        // Where glance has looked, the word is most likely a new one, or the head of a chain.
        if rest.len() >= NEAR
            && let Some(Ahead { key, len, behind: [after, next] }) = Key::ahead(bytes, no_letters, Some)
        {
            let end = self.at + len;
            if are_end(after, next) {
                if let Some(lone) = self.ascii_word(key, end) {
                    return Some(lone);
                }
            } else if after < 0x80 && !is_end(self.text, end) {
                return self.chain(self.at);
            }
        }
        let memo = &self.buffers.memo;
        let known = memo
            .find_ahead(bytes, end_word)
            .or_else(|| memo.find_ahead(bytes, |bytes| first_of(bytes, PUNCTUATION_LEAD)));
        let Some((found, Ahead { len, .. })) = known else { return self.word() };
        if !is_end(self.text, self.at + len) {
            return self.chain(self.at);
        }
        Some(self.take(TokenKind::Word, self.at + len, Forms::Memo(found)))
    }

    /// Returns the token that is all from here to `end`, and goes on behind it.
    pub(super) fn take(&mut self, kind: TokenKind, end: usize, forms: Forms) -> Lone {
        let lone = Lone { kind, start: self.at, end, forms };
        self.go_on(end, self.position + 1);
        lone
    }

    /// Goes on at `end`, behind the blank that nearly always stands there.
    #[inline]
    fn go_on(&mut self, end: usize, position: u32) {
        self.at = end + usize::from(self.text.as_bytes().get(end).is_some_and(|&byte| is_blank(byte)));
        self.position = position;
    }

    /// Finds the number of up to seven digits that starts here, if it stands by itself and ASCII characters end it. (More
    /// digits may be a telephone number.)
    #[inline(always)]
    fn short_number(&mut self) -> Option<Lone> {
        let bytes: &[u8; 9] = self.text.as_bytes().get(self.at..)?.first_chunk()?;
        let len = count_before(no_digits(u64::from_le_bytes(*bytes.first_chunk()?)));
        if !(1..8).contains(&len) || !are_end(bytes[len], bytes[len + 1]) {
            return None;
        }
        Some(self.take(TokenKind::Number, self.at + len, Forms::Text))
    }

    /// Finds the run of digits that starts here, or queues the chain that it starts.
    fn number(&mut self) -> Option<Lone> {
        let bytes = self.text.as_bytes();
        let (start, mut at) = (self.at, self.at);
        if let Some(eight) = bytes[at..].first_chunk() {
            at += count_before(no_digits(u64::from_le_bytes(*eight)));
        }
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        if !is_end(self.text, at) || figures::may_be_phone(bytes, start, at) || at - start > MAX_TOKEN_BYTES {
            return self.chain(start);
        }
        Some(self.take(TokenKind::Number, at, Forms::Text))
    }

    /// Queues the tokens of the chain of joined words that starts at `start`, and goes on behind it.
    #[cold]
    pub(super) fn chain(&mut self, start: usize) -> Option<Lone> {
        let Buffers { atoms, queue, memo, chain_memo, .. } = &mut *self.buffers;
        queue.clear();
        let origin = Origin { start, position: self.position };
        let key = chain_memo::key(self.text, start);
        let next = key.and_then(|key| chain_memo.recall(key, origin, queue)).unwrap_or_else(|| {
            let (end, position) = Chain { text: self.text, atoms, queue, memo }.read(start, self.position);
            let next = Origin { start: end, position };
            if let Some(key) = key {
                chain_memo.insert(key, origin, next, queue);
            }
            next
        });
        self.go_on(next.start, next.position);
        None
    }
}
