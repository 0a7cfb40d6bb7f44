//! Tokens waiting to be given out, and the text of their forms. Knows nothing of what they are.

use crate::form::{self, Spelling};
use crate::letter;
use crate::syllable::i_or_y;
use crate::tables::{self, FLAG_CHANGED, FLAG_HORN_U_TONE, FLAG_PLAIN_TONE, FLAG_SLOW};
use crate::token::{Part, Token, TokenKind};

/// A token, and where its forms are in the queue's two texts (half-open).
#[derive(Clone, Copy, Debug)]
pub(super) struct Queued {
    pub(super) place: Place,
    pub(super) from: Mark,
    pub(super) to: Mark,
}

/// A queue that is filled by one chain, emptied, and filled again. Its buffers are kept.
#[derive(Debug, Default)]
pub(super) struct Queue {
    tokens: Vec<Queued>,
    /// The next one to give out.
    head: usize,
    marked: String,
    folded: String,
    normal: String,
    scratch: String,
}

/// What a token is and where, without its forms.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) kind: TokenKind,
    pub(super) part: Part,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) position: u32,
    pub(super) pieces: u32,
}

/// How far both texts were filled before a form was written.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mark {
    pub(super) marked: usize,
    pub(super) folded: usize,
}

impl Mark {
    /// Returns the mark so many bytes further on in both texts.
    pub(super) const fn behind(self, bytes: usize) -> Mark {
        Mark { marked: self.marked + bytes, folded: self.folded + bytes }
    }
}

impl Queue {
    pub(super) fn clear(&mut self) {
        self.tokens.clear();
        self.head = 0;
        self.marked.clear();
        self.folded.clear();
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.head == self.tokens.len()
    }

    pub(super) fn bytes(&self) -> usize {
        let Queue { tokens, marked, folded, normal, scratch, .. } = self;
        tokens.capacity() * size_of::<Queued>()
            + marked.capacity()
            + folded.capacity()
            + normal.capacity()
            + scratch.capacity()
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<Token<'_>> {
        let queued = *self.tokens.get(self.head)?;
        self.head += 1;
        Some(self.token(queued))
    }

    #[inline]
    fn token(&self, queued: Queued) -> Token<'_> {
        let Queued { place: Place { kind, part, start, end, position, pieces }, from, to } = queued;
        let marked = &self.marked[from.marked..to.marked];
        let folded = &self.folded[from.folded..to.folded];
        Token { kind, part, start, end, position, pieces, marked, folded }
    }

    /// Returns all tokens since the queue was cleared.
    pub(super) fn tokens(&self) -> &[Queued] {
        &self.tokens
    }

    /// Starts a form: what is appended from here on belongs to the token that [`Queue::push`] then makes.
    pub(super) fn begin(&self) -> Mark {
        Mark { marked: self.marked.len(), folded: self.folded.len() }
    }

    /// Appends a piece of text to both forms, normalised and settled.
    pub(super) fn append(&mut self, text: &str) {
        if !self.append_plain(text) {
            self.append_any(text);
        }
    }

    /// Appends text of ASCII and composed Vietnamese letters that needs no settling; otherwise appends nothing and
    /// returns `false`.
    fn append_plain(&mut self, text: &str) -> bool {
        let before = self.begin();
        if self.append_ascii(text) {
            return true;
        }
        let bytes = text.as_bytes();
        let (mut at, mut flags) = (0, 0);
        while at < bytes.len() {
            let (entry, len) = tables::entry(bytes, at);
            if entry & FLAG_SLOW != 0 {
                break;
            }
            flags |= entry;
            self.folded.push(char::from(entry as u8 & 0x7F));
            at += len;
        }
        let ambiguous = flags & (FLAG_PLAIN_TONE | FLAG_HORN_U_TONE) != 0;
        if at < bytes.len() || ambiguous || has_i_or_y(&self.folded.as_bytes()[before.folded..]) {
            self.folded.truncate(before.folded);
            return false;
        }
        if flags & FLAG_CHANGED == 0 {
            self.marked.push_str(text);
        } else {
            self.marked.extend(text.chars().map(letter::lower));
        }
        true
    }

    /// Appends ASCII text that needs no settling: its small letters are all that becomes of it. Otherwise does nothing and returns
    /// `false`.
    pub(super) fn append_ascii(&mut self, text: &str) -> bool {
        let before = self.begin();
        let is_plain = text.is_ascii() && {
            self.append_small(text);
            !has_i_or_y(&self.folded.as_bytes()[before.folded..])
        };
        if !is_plain {
            self.rewind(before);
        }
        is_plain
    }

    /// Appends ASCII text in small letters.
    pub(super) fn append_small(&mut self, text: &str) {
        self.append_same(|form| {
            let before = form.len();
            form.push_str(text);
            form[before..].make_ascii_lowercase();
        });
    }

    fn append_any(&mut self, text: &str) {
        self.normal.clear();
        form::normalize(text, &mut self.normal);
        // A few compatibility characters stand for a phrase or bring a space with them.
        if self.normal.contains(char::is_whitespace) {
            self.normal.retain(|c| !c.is_whitespace());
        }
        self.scratch.clear();
        form::settle(&self.normal, Spelling::Unified, &mut self.scratch);
        self.marked.push_str(&self.scratch);
        // `normal` has done its duty and lends its memory.
        let Queue { normal, scratch, folded, .. } = self;
        let before = folded.len();
        form::strip_and_unify(scratch, normal, folded);
        if folded.len() == before {
            // A letter that is nothing but a mark, such as U+037A.
            folded.push_str(scratch);
        }
    }

    /// Appends to each form what it is to be.
    pub(super) fn append_forms(&mut self, marked: &str, folded: &str) {
        self.marked.push_str(marked);
        self.folded.push_str(folded);
    }

    /// Appends to both forms what is written.
    pub(super) fn append_same(&mut self, write: impl FnOnce(&mut String)) {
        let before = self.marked.len();
        write(&mut self.marked);
        self.folded.push_str(&self.marked[before..]);
    }

    /// Returns both forms since `mark`.
    pub(super) fn forms_since(&self, mark: Mark) -> (&str, &str) {
        (&self.marked[mark.marked..], &self.folded[mark.folded..])
    }

    /// Appends the same characters to both forms.
    pub(super) fn append_raw(&mut self, c: char) {
        self.marked.push(c);
        self.folded.push(c);
    }

    /// Returns the length in bytes of the longer of the two forms since `mark`.
    pub(super) fn len_since(&self, mark: Mark) -> usize {
        (self.marked.len() - mark.marked).max(self.folded.len() - mark.folded)
    }

    /// Forgets what was appended since `mark`.
    pub(super) fn rewind(&mut self, mark: Mark) {
        self.marked.truncate(mark.marked);
        self.folded.truncate(mark.folded);
    }

    /// Shortens both forms since `mark` to at most `max` bytes.
    pub(super) fn cut(&mut self, mark: Mark, max: usize) {
        let marked = floor(&self.marked, mark.marked + max);
        let folded = floor(&self.folded, mark.folded + max);
        self.marked.truncate(marked);
        self.folded.truncate(folded);
    }

    /// Queues a token whose forms are what was appended since `mark`.
    pub(super) fn push(&mut self, place: Place, mark: Mark) {
        self.push_between(place, mark, self.begin());
    }

    /// Queues a token whose forms are what was appended between two marks.
    pub(super) fn push_between(&mut self, place: Place, from: Mark, to: Mark) {
        self.tokens.push(Queued { place, from, to });
    }
}

/// Tells whether a run of letters in bare text has the other one of `i` and `y`.
pub(super) fn has_i_or_y(bare: &[u8]) -> bool {
    bare.split(|b| !b.is_ascii_alphabetic()).any(|run| i_or_y(run).is_some())
}

/// Returns the last character boundary that is not above `at`.
fn floor(text: &str, at: usize) -> usize {
    if at >= text.len() {
        return text.len();
    }
    (0..=at).rev().find(|&n| text.is_char_boundary(n)).unwrap_or(0)
}
