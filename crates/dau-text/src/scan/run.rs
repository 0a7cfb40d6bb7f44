//! The loop that nearly all words go through: one known word after another, as long as they come. Knows nothing of other tokens.

use std::num::NonZeroU32;

use super::chain_memo::Origin;
use super::class::{PUNCTUATION, PUNCTUATION_LEAD};
use super::ends::{are_end, is_blank, is_separator};
use super::key::{Ahead, Key, NEAR};
use super::lanes::first_below;
use super::memo::{Entry, Memo};
use super::tokens::Tokens;
use crate::token::{Part, Token, TokenKind};

/// [Marks](super::lanes) the bytes that no word is made of: ASCII below the letters. Others are let pass, for what is
/// remembered are words, and what is no word is then not found.
#[inline(always)]
pub(super) const fn end_word(bytes: u64) -> u64 {
    first_below(bytes, b'A')
}

/// Returns where what stands at `at` and starts no token ends.
#[inline(always)]
pub(super) fn skip_separators(bytes: &[u8], mut at: usize) -> usize {
    while let Some(&byte) = bytes.get(at) {
        at += match byte {
            byte if is_separator(byte) => 1,
            PUNCTUATION_LEAD if bytes[at..].starts_with(&PUNCTUATION) => 3,
            _ => break,
        };
    }
    at
}

impl Tokens<'_, '_> {
    /// Gives `f` the words from here on that have up to eight bytes, are known, and have ASCII characters behind them. Goes on behind
    /// the last of them and the separators that follow it.
    #[inline(always)]
    pub(super) fn run(&mut self, f: &mut impl FnMut(Token<'_>, Option<NonZeroU32>)) {
        let here = Origin { start: self.at, position: self.position };
        let next = run(&self.buffers.memo, self.text.as_bytes(), 0, here, f);
        (self.at, self.position) = (next.start, next.position);
        if self.text.len() - self.at < NEAR {
            self.run_to_end(f);
        }
    }

    /// Does the same with the last bytes of the text.
    // Not for the loop above to do: it would take longer for all other words.
    #[cold]
    #[inline(never)]
    fn run_to_end(&mut self, f: &mut impl FnMut(Token<'_>, Option<NonZeroU32>)) {
        let rest = &self.text.as_bytes()[self.at..];
        // Blanks behind the text change nothing.
        let mut padded = [b' '; 2 * NEAR];
        padded[..rest.len()].copy_from_slice(rest);
        let here = Origin { start: 0, position: self.position };
        let next = run(&self.buffers.memo, &padded, self.at, here, f);
        self.at += next.start.min(rest.len());
        self.position = next.position;
    }
}

/// Gives `f` the known words from `here` on; returns what is behind them. The bytes are those of a text from `base` on, and places are
/// counted from there.
#[inline(always)]
fn run(
    memo: &Memo,
    bytes: &[u8],
    base: usize,
    here: Origin,
    f: &mut impl FnMut(Token<'_>, Option<NonZeroU32>),
) -> Origin {
    let (mut at, mut position) = (skip_separators(bytes, here.start), here.position);
    let Some(known) = memo.short_words() else { return Origin { start: at, position } };
    // To ask for the ten bytes within `near` would cost a twentieth of the time: the compiler turns the loop round at another place.
    while let Some(near) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let Some(Ahead { key, len, behind: [after, next] }) = Key::near(near, end_word) else { break };
        let Some(Entry { number, marked, folded }) = known.get(key) else { break };
        // A branch and no sum: the processor need not wait for what is behind a word to go on to the next.
        let is_plain = is_blank(after) && next >= b'A';
        if !is_plain && !are_end(after, next) {
            break;
        }
        let (start, end) = (base + at, base + at + len);
        at += len + 1;
        if !is_plain {
            at = skip_separators(bytes, at);
        }
        f(Token { kind: TokenKind::Word, part: Part::Whole, start, end, position, pieces: 0, marked, folded }, number);
        position += 1;
    }
    Origin { start: at, position }
}
