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
mod figures;
mod memo;
mod queue;
mod word;

use std::fmt;

use crate::tables::{self, FLAG_DIGIT, FLAG_JOINER, FLAG_LETTER, FLAG_SLOW};
use crate::token::{Part, Token, TokenKind};
use class::Class;
use memo::{Found, Key, MAX_WORD_BYTES, Memo, REACH};
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
        Tokens { buffers: &mut self.buffers, text, at: 0, ahead: None, position: 0 }
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
    /// The word before `at` that was found ahead of being asked for.
    ahead: Option<Known>,
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

/// How a word or number ends.
enum End {
    Here,
    /// More is attached: a chain.
    Chain,
}

/// Tells whether a byte is ASCII white space or a control character.
#[inline]
const fn is_blank(byte: u8) -> bool {
    byte <= b' '
}

/// Tells whether a byte is an ASCII character and neither letter nor digit.
#[inline]
fn is_separator(byte: u8) -> bool {
    byte < 0x80 && tables::ENTRIES[usize::from(byte)] & (FLAG_LETTER | FLAG_DIGIT) == 0
}

impl<'t> Tokens<'_, 't> {
    /// Returns the next token, `None` after the last.
    #[expect(clippy::should_implement_trait, reason = "the token borrows from the iterator, which Iterator cannot say")]
    #[inline]
    pub fn next(&mut self) -> Option<Token<'_>> {
        let Some(known) = self.ahead else { return self.other() };
        // The search for the next one goes on while this one waits for the memory its forms are in.
        self.ahead = self.glance();
        self.position += 1;
        Some(self.known(known))
    }

    /// Finds the commonest sort of token: a word that the memo knows, with white space behind it, perhaps after one
    /// punctuation mark.
    #[inline(always)]
    fn glance(&mut self) -> Option<Known> {
        let start = self.at;
        let bytes: &[u8; REACH] = self.text.as_bytes().get(start..)?.first_chunk()?;
        let (found, len) = self.buffers.memo.find(bytes);
        let found = found?;
        let (after, next) = (bytes[len], bytes[len + 1]);
        // Which of the two it is cannot be foreseen, so only whether it is one is a branch.
        if !(is_blank(after) | is_separator(after) & is_blank(next)) {
            return None;
        }
        self.at = start + len + 1 + usize::from(!is_blank(after));
        Some(Known { start, len, found })
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
        if self.buffers.queue.is_empty() {
            self.skip_separators();
            let step = self.step();
            self.skip_separators();
            if let Step::Known(known) = step {
                self.ahead = self.glance();
                return Some(self.known(known));
            }
            if let Step::Plain(plain) = step {
                self.ahead = self.glance();
                return Some(self.plain(plain));
            }
        }
        if self.buffers.queue.is_last() {
            self.ahead = self.glance();
        }
        self.buffers.queue.pop()
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

    fn skip_separators(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().position(|&b| !is_separator(b)).unwrap_or(rest.len());
    }

    /// Finds the token that starts here.
    fn step(&mut self) -> Step {
        if self.text.as_bytes().get(self.at).is_some_and(u8::is_ascii_digit) {
            let number = self.number();
            return self.count(number);
        }
        let Some((key, len)) = self.key() else { return self.search() };
        let Some(found) = self.buffers.memo.find_key(key) else { return self.unknown(key, len) };
        let start = self.at;
        self.at += len;
        self.position += 1;
        Step::Known(Known { start, len, found })
    }

    /// Returns the key and the length of the word that starts here, if it can have one and is sure to end there.
    fn key(&self) -> Option<(Key, usize)> {
        let rest = &self.text.as_bytes()[self.at..];
        // Two bytes begin no letters of the languages at hand, but typographic punctuation: quotes, dashes, spaces.
        let goes_on = |&b: &u8| b.is_ascii_alphabetic() || b >= 0x80 && !matches!(b, 0xC2 | 0xE2);
        let len = rest.iter().take(MAX_WORD_BYTES + 1).take_while(|b| goes_on(b)).count();
        let key = Key::new(&rest[..len])?;
        self.ends_plainly(self.at + len).then_some((key, len))
    }

    /// Tells whether the character that follows the bytes of a word is sure to end it.
    #[inline]
    fn ends_plainly(&self, at: usize) -> bool {
        let bytes = self.text.as_bytes();
        let class = |at: usize| {
            bytes.get(at).map_or(0, |&b| if b < 0x80 { tables::ENTRIES[usize::from(b)] } else { FLAG_SLOW })
        };
        let entry = class(at);
        if entry & (FLAG_DIGIT | FLAG_JOINER | FLAG_SLOW) == 0 {
            return true;
        }
        if entry & FLAG_SLOW != 0 {
            return matches!(self.slow_end(at), End::Here);
        }
        // A joiner joins nothing to white space. `:` may be followed by `//`.
        entry & FLAG_DIGIT == 0 && class(at + 1) & (FLAG_LETTER | FLAG_DIGIT | FLAG_SLOW | FLAG_JOINER) == 0
    }

    /// Finds the next token, which begins with `len` bytes that the memo does not know, and lets it know if it is a word.
    fn unknown(&mut self, key: Key, len: usize) -> Step {
        let span = (self.at, self.at + len);
        let step = self.search();
        // What a chain is made of it has let the memo know itself.
        if let Step::Plain(word) = &step
            && (word.start, word.end) == span
        {
            let Buffers { marked, folded, memo, .. } = &mut *self.buffers;
            let source = &self.text[word.start..word.end];
            let marked = if word.rewritten { marked.as_str() } else { source };
            memo.insert(key, marked, if word.stripped { folded } else { source });
        }
        step
    }

    /// Finds the next token without the memo.
    #[inline(never)]
    fn search(&mut self) -> Step {
        let bytes = self.text.as_bytes();
        while self.at < bytes.len() {
            let (entry, len) = tables::entry(bytes, self.at);
            if entry & FLAG_LETTER != 0 {
                let word = self.word();
                return self.count(word);
            }
            if entry & FLAG_DIGIT != 0 {
                let number = self.number();
                return self.count(number);
            }
            if entry & FLAG_SLOW != 0 {
                let class = class::of(self.text, self.at);
                if class.starts_token() {
                    self.chain(self.at);
                    if !self.buffers.queue.is_empty() {
                        return Step::Queued;
                    }
                    continue;
                }
                self.at += class.len;
                continue;
            }
            self.at += len;
        }
        Step::Queued
    }

    /// Gives a fast token its position. Queued ones have theirs already.
    #[inline]
    fn count(&mut self, step: Step) -> Step {
        if !matches!(step, Step::Queued) {
            self.position += 1;
        }
        step
    }

    /// Reads the run of digits that starts here.
    #[inline]
    fn number(&mut self) -> Step {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let mut at = start;
        while at < bytes.len() {
            let (entry, _) = tables::entry(bytes, at);
            if entry & FLAG_DIGIT == 0 {
                let attached = entry & FLAG_LETTER != 0
                    || entry & (FLAG_JOINER | FLAG_SLOW) != 0 && matches!(self.word_end(at, entry), End::Chain);
                if attached {
                    self.chain(start);
                    return Step::Queued;
                }
                break;
            }
            at += 1;
        }
        if figures::may_be_phone(bytes, start, at) || at - start > MAX_TOKEN_BYTES {
            self.chain(start);
            return Step::Queued;
        }
        self.at = at;
        Step::Plain(Plain { kind: TokenKind::Number, start, end: at, rewritten: false, stripped: false })
    }

    /// Judges the character at `at`, which follows a word or a number and is a digit, a joiner or a slow one.
    #[inline]
    fn word_end(&self, at: usize, entry: u32) -> End {
        let bytes = self.text.as_bytes();
        if entry & FLAG_DIGIT != 0 {
            return End::Chain;
        }
        if entry & FLAG_JOINER != 0 {
            let chained = match bytes.get(at + 1) {
                None => false,
                Some(&next) if next < 0x80 => {
                    tables::ENTRIES[usize::from(next)] & (FLAG_LETTER | FLAG_DIGIT) != 0
                        || bytes[at] == b':' && next == b'/'
                }
                Some(_) => class::of(self.text, at + 1).starts_token(),
            };
            return if chained { End::Chain } else { End::Here };
        }
        self.slow_end(at)
    }

    fn slow_end(&self, at: usize) -> End {
        let class = class::of(self.text, at);
        let chained = match class.class {
            Class::Letter | Class::Digit | Class::Mark | Class::Ignorable => true,
            Class::Dash | Class::Apostrophe => {
                at + class.len < self.text.len() && class::of(self.text, at + class.len).starts_token()
            }
            Class::Cjk | Class::Joiner | Class::Other => false,
        };
        if chained { End::Chain } else { End::Here }
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
