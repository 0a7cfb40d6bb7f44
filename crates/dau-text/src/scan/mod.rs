//! The scanner: bytes to tokens with both forms in one pass. Knows nothing of what a code or a date looks like.
//!
//! # How it works
//!
//! Almost every token of Vietnamese text is a word of letters between spaces, and nearly all of them are among a few
//! thousand spellings. [`tokens`] goes through the text. Three ways lead to a token, each tried when the one before does
//! not apply:
//!
//! 1. [`memo`]: a word of up to fifteen bytes that was met before. Eight bytes at a time are tested for the end of the
//!    word; its bytes are the key to both forms. Who wants all tokens of a text gets words of up to eight bytes in a loop of their
//!    own ([`run`]).
//!    A number of up to seven digits is found as quickly, and so is a new word of ASCII letters.
//! 2. [`word`]: a word of Vietnamese or ASCII letters, composed or not. A table says all about each letter. Letters of other
//!    languages are remembered ([`foreign`]); a Chinese character is a token as it stands.
//! 3. [`chain`]: whatever else there is: letters that their neighbours change, and words, digits and joiners without a space between them. It
//!    finds numbers, dates, codes and addresses, and puts one or more tokens in the [`queue`]. It is made of [`atom`]s; a short [`row`] of ASCII
//!    ones is found by its bytes at once. [`chain_memo`] remembers what became of others.
//!
//! Nothing is allocated for a token once the buffers have grown to what the text needs.

mod address;
mod atom;
mod chain;
mod chain_memo;
mod class;
mod compound;
mod ends;
mod figures;
mod foreign;
mod key;
mod lanes;
mod memo;
mod queue;
mod row;
mod run;
mod tokens;
mod word;

use std::fmt;

use chain_memo::ChainMemo;
use foreign::Foreign;
use memo::Memo;
use queue::Queue;

pub use tokens::Tokens;

/// The longest form of a token, in bytes. A longer word is cut into several tokens, at character boundaries.
pub const MAX_TOKEN_BYTES: usize = 255;

/// A scanner makes its memos when it has been given this many bytes. They are most of a megabyte, and to take it costs as much as it
/// spares on so much text: one made for a query does without.
const MEMO_AFTER: usize = 1 << 15;

/// Splits text into tokens. Owns the buffers that tokens borrow from: make one, use it for many texts.
///
/// # Example
/// ```
/// use dau_text::Scanner;
///
/// let mut scanner = Scanner::new();
/// scanner.scan("Nghị định 15/2020/NĐ-CP").for_each(|token| {
///     println!("{} {}..{} {}", token.kind.as_str(), token.start, token.end, token.folded);
/// });
/// ```
#[derive(Default)]
pub struct Scanner {
    buffers: Buffers,
}

#[derive(Default)]
pub(crate) struct Buffers {
    /// The marked form of the word in hand, where it is not the word itself.
    marked: String,
    /// The folded form of the word in hand.
    folded: String,
    /// The word in hand on its way to its marked form.
    draft: String,
    queue: Queue,
    atoms: Vec<atom::Atom>,
    memo: Memo,
    chain_memo: ChainMemo,
    foreign: Foreign,
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
            self.buffers.chain_memo.prepare();
            self.buffers.foreign.prepare();
        }
        Tokens::new(&mut self.buffers, text)
    }

    /// Returns the bytes of memory that the buffers hold. It stops growing once the scanner has seen the longest word
    /// and the longest chain of joined words of its texts.
    pub fn buffer_bytes(&self) -> usize {
        let Buffers { marked, folded, draft, queue, atoms, memo, chain_memo, foreign, .. } = &self.buffers;
        marked.capacity()
            + folded.capacity()
            + draft.capacity()
            + queue.bytes()
            + memo.bytes()
            + chain_memo.bytes()
            + foreign.bytes()
            + atoms.capacity() * size_of::<atom::Atom>()
    }
}
