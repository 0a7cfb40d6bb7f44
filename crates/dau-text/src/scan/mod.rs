//! The scanner: bytes to tokens with both forms in one pass. Knows nothing of what a code or a date looks like.
//!
//! # How it works
//!
//! Almost every token of Vietnamese text is a word of letters between spaces, and nearly all of them are among a few
//! thousand spellings. Three ways lead to a token, each tried when the one before does not apply:
//!
//! 1. [`memo`]: a word of up to sixteen bytes that was met before. Eight bytes at a time are tested for the end of the
//!    word; its bytes are the key to both forms.
//! 2. [`word`]: a word of Vietnamese or ASCII letters, composed or not. A table says all about each letter.
//! 3. [`chain`]: whatever else there is: other scripts, and words, digits and joiners without a space between them. It
//!    finds numbers, dates, codes and addresses, and queues one or more tokens.
//!
//! Nothing is allocated for a token once the buffers have grown to what the text needs.

mod address;
mod chain;
mod class;
mod ends;
mod figures;
mod memo;
mod queue;
mod word;

use std::fmt;

use crate::tables::{self, FLAG_DIGIT, FLAG_LETTER, FLAG_SLOW};
use crate::token::{Part, Token, TokenKind};
use ends::{are_end, is_end, is_separator};
use memo::{Found, Memo, REACH};
use queue::Queue;

/// The longest form of a token, in bytes. A longer word is cut into several tokens, at character boundaries.
pub const MAX_TOKEN_BYTES: usize = 255;

/// A scanner makes its memo when it has been given this many bytes: one made for a query does without.
const MEMO_AFTER: usize = 2048;

/// Splits text into tokens. Owns the buffers that tokens borrow from: make one, use it for many texts.
///
/// # Example
/// ```
/// use dau_text::Scanner;
///
/// let mut scanner = Scanner::new();
/// let mut tokens = scanner.scan("Nghị định 15/2020/NĐ-CP");
/// while let Some(token) = tokens.next() {
///     println!("{} {}..{} {}", token.kind.as_str(), token.start, token.end, token.folded);
/// }
/// ```
#[derive(Default)]
pub struct Scanner {
    buffers: Buffers,
}

#[derive(Default)]
pub(crate) struct Buffers {
    /// The marked form of the word in hand, when it is not a slice of the text.
    marked: String,
    /// The folded form of the word in hand.
    folded: String,
    /// The word in hand on its way to its marked form.
    draft: String,
    queue: Queue,
    atoms: Vec<chain::Atom>,
    memo: Memo,
    /// The bytes of all texts so far, until the memo is made.
    seen: usize,
}

impl fmt::Debug for Scanner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scanner").field("buffer_bytes", &self.buffer_bytes()).finish_non_exhaustive()
    }
}

impl Scanner {
    /// Makes a scanner with empty buffers.
    pub fn new() -> Scanner {
        Scanner::default()
    }

    /// Starts on a text. The tokens borrow from scanner and text.
    pub fn scan<'s, 't>(&'s mut self, text: &'t str) -> Tokens<'s, 't> {
        self.buffers.queue.clear();
        self.buffers.seen = self.buffers.seen.saturating_add(text.len());
        if self.buffers.seen > MEMO_AFTER {
            self.buffers.memo.prepare();
        }
        Tokens { buffers: &mut self.buffers, text, at: 0, position: 0 }
    }

    /// Returns the bytes of memory that the buffers hold. It stops growing once the scanner has seen the longest word
    /// and the longest chain of joined words of its texts.
    pub fn buffer_bytes(&self) -> usize {
        let Buffers { marked, folded, draft, queue, atoms, memo, .. } = &self.buffers;
        marked.capacity()
            + folded.capacity()
            + draft.capacity()
            + queue.bytes()
            + memo.bytes()
            + atoms.capacity() * size_of::<chain::Atom>()
    }
}

/// The tokens of one text, one at a time.
///
/// It lends: each token is given back before the next is asked for, so it is no [`Iterator`]; use `while let`.
pub struct Tokens<'s, 't> {
    buffers: &'s mut Buffers,
    text: &'t str,
    /// Where to go on, in bytes.
    at: usize,
    /// The position of the next token that is not queued.
    position: u32,
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

/// A word or number by itself, and where its forms are.
struct Plain {
    kind: TokenKind,
    start: usize,
    end: usize,
    /// Whether the marked form is in the buffer; otherwise it is the slice of the text.
    rewritten: bool,
    /// Whether the folded form is in the buffer; otherwise it is the slice of the text.
    stripped: bool,
}

enum Step {
    Known(Known),
    Plain(Plain),
    /// One or more, or at the end of the text none.
    Queued,
}

/// Tells whether a byte is ASCII white space or a control character.
#[inline]
const fn is_blank(byte: u8) -> bool {
    byte <= b' '
}

impl Tokens<'_, '_> {
    /// Returns the next token, `None` after the last.
    #[expect(clippy::should_implement_trait, reason = "the token borrows from the iterator, which Iterator cannot say")]
    // Always, so that the common token stays in registers.
    #[inline(always)]
    pub fn next(&mut self) -> Option<Token<'_>> {
        if !self.buffers.queue.is_empty() {
            return self.buffers.queue.pop();
        }
        let Some(known) = self.glance() else { return self.other() };
        Some(self.known(known))
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
        Token {
            kind: TokenKind::Word,
            part: Part::Whole,
            start,
            end: start + len,
            position: self.position - 1,
            pieces: 0,
            marked,
            folded,
        }
    }

    /// Returns the next token, whatever it is.
    #[inline(never)]
    fn other(&mut self) -> Option<Token<'_>> {
        match self.step() {
            Step::Known(known) => Some(self.known(known)),
            Step::Plain(plain) => Some(self.plain(plain)),
            Step::Queued => self.buffers.queue.pop(),
        }
    }

    fn plain(&self, Plain { kind, start, end, rewritten, stripped }: Plain) -> Token<'_> {
        let source = &self.text[start..end];
        Token {
            kind,
            part: Part::Whole,
            start,
            end,
            position: self.position - 1,
            pieces: 0,
            marked: if rewritten { &self.buffers.marked } else { source },
            folded: if stripped { &self.buffers.folded } else { source },
        }
    }

    /// Finds the next token.
    fn step(&mut self) -> Step {
        let bytes = self.text.as_bytes();
        let glanced_at = self.at;
        while self.at < bytes.len() {
            let (entry, len) = tables::entry(bytes, self.at);
            if entry & FLAG_LETTER != 0 {
                let at_hand = self.at == glanced_at && bytes.len() - self.at >= REACH;
                let known = if at_hand { None } else { self.look() };
                return known.map_or_else(|| self.word(), Step::Known);
            }
            if entry & FLAG_DIGIT != 0 {
                return self.number();
            }
            if entry & FLAG_SLOW == 0 {
                self.at += len;
                continue;
            }
            let class = class::of(self.text, self.at);
            if class.starts_token() {
                self.chain(self.at);
                if !self.buffers.queue.is_empty() {
                    break;
                }
            } else {
                self.at += class.len;
            }
        }
        Step::Queued
    }

    /// Finds the word that starts here and the memo knows, where [`Tokens::glance`] did not look: behind typographic
    /// punctuation, and near the end of the text.
    fn look(&mut self) -> Option<Known> {
        let rest = &self.text.as_bytes()[self.at..];
        let mut padded = [b' '; REACH];
        let bytes = rest.first_chunk().unwrap_or_else(|| {
            padded[..rest.len()].copy_from_slice(rest);
            &padded
        });
        let (found, len) = self.buffers.memo.find(bytes);
        let start = self.at;
        let found = found.filter(|_| is_end(self.text, start + len))?;
        self.at += len;
        self.position += 1;
        Some(Known { start, len, found })
    }

    /// Reads the run of digits that starts here.
    #[inline]
    fn number(&mut self) -> Step {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let mut at = start;
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        if !is_end(self.text, at) || figures::may_be_phone(bytes, start, at) || at - start > MAX_TOKEN_BYTES {
            self.chain(start);
            return Step::Queued;
        }
        self.at = at;
        self.position += 1;
        Step::Plain(Plain { kind: TokenKind::Number, start, end: at, rewritten: false, stripped: false })
    }

    /// Hands a chain of joined words that starts at `start` over, and goes on behind it.
    #[cold]
    fn chain(&mut self, start: usize) {
        self.buffers.queue.clear();
        let Buffers { atoms, queue, memo, .. } = &mut *self.buffers;
        let scan = chain::Chain { text: self.text, atoms, queue, memo };
        (self.at, self.position) = scan.read(start, self.position);
    }
}
