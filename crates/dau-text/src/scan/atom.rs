//! Atoms: runs of letters or of digits, and what joins them. Knows nothing of what rows of them mean.

use super::class::{self, Class, Classified};
use super::lanes::{count_before, no_digits, no_letters};
use super::queue::Place;
use crate::syllable::Syllable;
use crate::tables::{self, FLAG_DIGIT, FLAG_LETTER};
use crate::token::{Part, TokenKind};

/// A longer word (in letters, so the same in every Unicode form) is no abbreviation.
const MAX_ABBREVIATION_LETTERS: u32 = 5;

/// What joins an atom to the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Joint {
    /// Nothing is before it in the chain.
    Head,
    /// Letters and digits touch.
    Touch,
    Dash,
    Slash,
    Dot,
    Comma,
    Underscore,
}

impl Joint {
    /// Returns what a character makes that stands between letters and digits.
    pub(super) const fn of(c: char) -> Option<Joint> {
        Some(match c {
            '-' => Joint::Dash,
            '/' | '\u{FF0F}' => Joint::Slash,
            '.' | '\u{FF0E}' => Joint::Dot,
            ',' => Joint::Comma,
            '_' | '\u{FF3F}' => Joint::Underscore,
            _ => return None,
        })
    }

    /// Returns the character that stands for the joint in the forms of a compound.
    pub(super) const fn as_char(self) -> Option<char> {
        match self {
            Joint::Head | Joint::Touch => None,
            Joint::Dash => Some('-'),
            Joint::Slash => Some('/'),
            Joint::Dot => Some('.'),
            Joint::Comma => Some(','),
            Joint::Underscore => Some('_'),
        }
    }
}

/// A run of letters or of digits, with the marks and invisible characters in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Atom {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) joint: Joint,
    pub(super) is_digits: bool,
    letters: u32,
    /// Letters of scripts with two cases, the only ones whose number does not depend on the Unicode form.
    cased: u32,
}

/// Reads the atom that starts at `at` with a character of class `kind`, if that is a letter or digit. Returns it with what
/// follows it.
// A call would hand it over in memory, in parts that are loaded as a whole at once, for which the processor waits.
#[inline(always)]
pub(super) fn read(text: &str, at: usize, kind: Class, joint: Joint) -> Option<(Atom, Classified)> {
    if !matches!(kind, Class::Letter | Class::Digit) {
        return None;
    }
    let is_digits = kind == Class::Digit;
    let mut atom = Atom { start: at, end: at, joint, is_digits, letters: 0, cased: 0 };
    loop {
        atom.skip_common(text.as_bytes());
        let class = class::of(text, atom.end);
        match class.class {
            found if found == kind => atom.count(text[atom.end..].chars().next()),
            Class::Mark | Class::Ignorable => {}
            Class::Apostrophe if !is_digits && class::of(text, atom.end + class.len).class == Class::Letter => {}
            _ => return Some((atom, class)),
        }
        atom.end += class.len;
    }
}

impl Atom {
    /// Returns a run of ASCII letters or digits.
    pub(super) const fn ascii(start: usize, end: usize, joint: Joint, is_digits: bool) -> Atom {
        let letters = (end - start) as u32;
        Atom { start, end, joint, is_digits, letters, cased: if is_digits { 0 } else { letters } }
    }

    /// Takes what a table tells enough about: ASCII and composed Vietnamese letters, or ASCII digits.
    fn skip_common(&mut self, bytes: &[u8]) {
        let others = if self.is_digits { no_digits } else { no_letters };
        // Most atoms are ASCII and shorter than eight bytes: a loop whose end cannot be foreseen would cost as much as all the rest.
        while let Some(eight) = bytes.get(self.end..).and_then(<[u8]>::first_chunk) {
            let len = count_before(others(u64::from_le_bytes(*eight)));
            self.skip(len, len as u32);
            if len < eight.len() {
                break;
            }
        }
        let flag = if self.is_digits { FLAG_DIGIT } else { FLAG_LETTER };
        while self.end < bytes.len() {
            let (entry, len) = tables::entry(bytes, self.end);
            if entry & flag == 0 {
                return;
            }
            self.skip(len, 1);
        }
    }

    fn skip(&mut self, bytes: usize, letters: u32) {
        self.end += bytes;
        self.letters += letters;
        self.cased += if self.is_digits { 0 } else { letters };
    }

    pub(super) const fn as_piece(&self, position: u32) -> Place {
        let Atom { start, end, is_digits, .. } = *self;
        let kind = if is_digits { TokenKind::Number } else { TokenKind::Word };
        Place { kind, part: Part::Piece, start, end, position, pieces: 0 }
    }

    fn count(&mut self, c: Option<char>) {
        let Some(c) = c else { return };
        self.letters += 1;
        self.cased += u32::from(c.is_lowercase() || c.is_uppercase());
    }

    /// Returns its length in bytes.
    pub(super) const fn len(&self) -> usize {
        self.end - self.start
    }

    /// Tells whether it is made of ASCII digits alone.
    pub(super) const fn is_ascii_digits(&self) -> bool {
        // No other digit is one byte long, and what is no digit is not counted.
        self.is_digits && self.letters as usize == self.len()
    }

    pub(super) const fn is_single(&self) -> bool {
        self.letters == 1 && self.cased == 1
    }

    /// Tells whether it is a short word of a cased script that cannot be a syllable.
    pub(super) fn is_abbreviation(&self, text: &str) -> bool {
        !self.is_digits
            && self.cased == self.letters
            && self.letters <= MAX_ABBREVIATION_LETTERS
            && Syllable::parse(&text[self.start..self.end]).is_none()
    }
}
