//! The walk through a text, from token to token.

use std::fmt;
use std::num::NonZeroU32;

use super::chain::Chain;
use super::chain_memo::{self, Origin};
use super::class::{Class, PUNCTUATION_LEAD};
use super::ends::{are_end, is_blank, is_end};
use super::key::{Ahead, Key, NEAR, REACH};
use super::lanes::{count_before, first_of, no_digits, no_letters};
use super::memo::{Found, Memo};
use super::run::{end_word, skip_separators};
use super::{Buffers, MAX_TOKEN_BYTES, figures, row};
use crate::tables::{self, FLAG_DIGIT, FLAG_LETTER, FLAG_SLOW};
use crate::token::{Part, Token, TokenKind};

/// The tokens of one text.
///
/// It lends: each token is given back before the next is asked for, so it is no [`Iterator`]. Use [`Tokens::for_each`] for all tokens, or
/// `while let` and [`Tokens::next`] to stop before the last.
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

impl<'s, 't> Tokens<'s, 't> {
    pub(super) fn new(buffers: &'s mut Buffers, text: &'t str) -> Tokens<'s, 't> {
        Tokens { buffers, text, at: 0, position: 0 }
    }

    /// Returns the next token, `None` after the last.
    // Whichever way a token comes, it is put together here and not copied: loading at once what was just stored in
    // parts is what a processor waits for longest, memory aside.
    #[expect(clippy::should_implement_trait, reason = "the token borrows from the iterator, which Iterator cannot say")]
    #[inline(always)]
    pub fn next(&mut self) -> Option<Token<'_>> {
        if self.buffers.queue.is_empty() {
            self.at = skip_separators(self.text.as_bytes(), self.at);
            if let Some(known) = self.known_word() {
                return Some(self.known(known));
            }
            if let Some(lone) = self.short_number().or_else(|| self.fill()) {
                return Some(self.lone(lone));
            }
        }
        self.buffers.queue.pop()
    }

    /// Gives `f` all tokens that are left. That takes less time than to ask for one after another.
    #[inline(always)]
    pub fn for_each(self, mut f: impl FnMut(Token<'_>)) {
        self.for_each_numbered(|token, _| f(token));
    }

    /// Gives `f` all tokens that are left, each with the number of its word if the scanner had it in its memory: tokens with one
    /// number from one scanner, in whichever texts, have the same two forms. So what is known of a word need not be looked for by
    /// its forms. Numbers count from 1 on, in the order in which words are met; a word that was forgotten meanwhile comes back with
    /// another.
    #[inline(always)]
    pub fn for_each_numbered(mut self, mut f: impl FnMut(Token<'_>, Option<NonZeroU32>)) {
        loop {
            if self.buffers.queue.is_empty() {
                self.run(&mut f);
                // A call of `f` for each way: to share one, each would first have to bring what it knows to the same places.
                if let Some(known) = self.long_word() {
                    f(self.known(known), self.buffers.memo.number(known.found));
                    continue;
                }
                if let Some(lone) = self.short_number().or_else(|| self.fill()) {
                    f(self.lone(lone), lone.number(&self.buffers.memo));
                    continue;
                }
            }
            let Some(token) = self.buffers.queue.pop() else { return };
            f(token, None);
        }
    }

    /// Finds the word that is here, if the memo knows it and ASCII characters end it.
    #[inline(always)]
    fn known_word(&mut self) -> Option<Known> {
        let (found, ahead) = self.buffers.memo.find_ahead(self.text.as_bytes().get(self.at..)?, end_word)?;
        self.take_known(found, ahead)
    }

    /// Finds it if it has more than eight bytes.
    #[inline(always)]
    fn long_word(&mut self) -> Option<Known> {
        let ahead = Key::far(self.text.as_bytes().get(self.at..)?, end_word)?;
        self.take_known(self.buffers.memo.find(ahead.key)?, ahead)
    }

    /// Goes on behind a word with this key that the memo knows, if it ends there.
    #[inline(always)]
    fn take_known(&mut self, found: Found, Ahead { len, behind: [after, next], .. }: Ahead) -> Option<Known> {
        let start = self.at;
        if !are_end(after, next) {
            return None;
        }
        self.at += len + 1;
        self.position += 1;
        Some(Known { start, len, found })
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
                let c = self.text[self.at..].chars().next()?;
                let lone = match self.buffers.foreign.class(c) {
                    Class::Letter => self.foreign_word(),
                    Class::Cjk => self.ideograph(),
                    Class::Digit => self.chain(self.at),
                    _ => {
                        self.at += c.len_utf8();
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
    /// [`Tokens::known_word`] has not looked or has not seen that it ends: beside typographic punctuation, and near the end
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
        // Where known words were looked for, this is most likely a new one, or the head of a chain.
        if rest.len() >= NEAR
            && let Some(Ahead { key, len, behind: [after, next] }) = Key::ahead(bytes, no_letters)
        {
            let end = self.at + len;
            if are_end(after, next) {
                // What ends no known word may stand behind one.
                if after >= b'A'
                    && let Some(found) = self.buffers.memo.find(key)
                {
                    return Some(self.take(TokenKind::Word, end, Forms::Memo(found)));
                }
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
        if !(1..figures::MIN_PHONE_DIGITS).contains(&len) || !are_end(bytes[len], bytes[len + 1]) {
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
        let text = self.text;
        queue.clear();
        let origin = Origin { start, position: self.position };
        let key = chain_memo::key(text, start);
        let known =
            key.and_then(|key| row::push(text, key, origin, queue).or_else(|| chain_memo.recall(key, origin, queue)));
        let next = known.unwrap_or_else(|| {
            let (end, position) = Chain { text, atoms, queue, memo }.read(start, self.position);
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
