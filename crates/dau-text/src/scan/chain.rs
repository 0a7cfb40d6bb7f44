//! Chains: words and numbers with nothing but a joiner between them. Splits a chain into tokens and compounds.
//!
//! A chain is a row of *atoms*, runs of letters or of digits, each joined to the one before it by nothing (`100kg`) or by
//! exactly one of `- / . , _` (or a dash that means `-`). White space always ends it. The rules, in the order in which
//! they are tried at each atom:
//!
//! | what | becomes |
//! |---|---|
//! | an address at the head of the chain | one e-mail or URL, its atoms as pieces |
//! | digits: a date, a telephone number, a number with separators | that, its groups as pieces |
//! | letters and digits with nothing between them | one code: `100kg`, `H2O`, `covid19` |
//! | anything joined by `-` or `_` | one compound: `e-mail`, `QĐ-TTg`, `Covid-19` |
//! | joined by `/`, when a digit was seen or comes, or both sides are abbreviations | one code: `15/2020/NĐ-CP`, `HIV/AIDS` |
//! | joined by `.` between abbreviations, between single letters, between digits | one compound: `TP.HCM`, `v.v`, `1.2.3` |
//! | anything else | separate words: `và/hoặc`, `xong.Hôm nay` |
//!
//! An abbreviation is a short word that cannot be a syllable: `HCM`, but not `và`, whatever its case, since the same text
//! in capitals must give the same tokens.
//!
//! Pieces keep their own positions, so that which joiner made a compound never decides whether a phrase is found.

use super::MAX_TOKEN_BYTES;
use super::address::{self, Address};
use super::atom::{self, Atom, Joint};
use super::class::{self, Class, Classified};
use super::compound::{self, joins};
use super::figures;
use super::key::Key;
use super::memo::Memo;
use super::queue::{Mark, Place, Queue};
use crate::token::{Part, TokenKind};

/// A compound of more pieces, or of more bytes in its forms, is not a name anybody would search for as a whole.
const MAX_PIECES: usize = 12;
const MAX_COMPOUND_BYTES: usize = 64;

/// Chains are judged this many atoms at a time, which bounds the buffers.
const MAX_ATOMS: usize = 256;

/// One reading of a chain.
pub(super) struct Chain<'a> {
    pub(super) text: &'a str,
    pub(super) atoms: &'a mut Vec<Atom>,
    pub(super) queue: &'a mut Queue,
    pub(super) memo: &'a mut Memo,
}

impl Chain<'_> {
    /// Reads the chain that starts at byte `start` and queues its tokens, the first at `position`. Returns the byte where
    /// it ended and the position of the next token.
    pub(super) fn read(mut self, start: usize, position: u32) -> (usize, u32) {
        let class = class::of(self.text, start);
        if class.class == Class::Cjk {
            let end = self.skip_marks(start + class.len);
            return (end, self.push_slice(TokenKind::Cjk, start, end, position));
        }
        let end = self.gather(start, class.class);
        // No address without letters and a dot, or one of the characters that end a chain here.
        let dotted =
            self.atoms.iter().any(|atom| atom.joint == Joint::Dot) && self.atoms.iter().any(|atom| !atom.is_digits);
        let hint = dotted || self.text.as_bytes().get(end).is_some_and(|&byte| address::may_go_on(byte));
        if hint && let Some(address) = address::find(self.text, start) {
            return (address.end, self.push_address(start, address, position));
        }
        (end, self.push_atoms(position))
    }

    fn skip_marks(&self, mut at: usize) -> usize {
        loop {
            let class = class::of(self.text, at);
            if !matches!(class.class, Class::Mark | Class::Ignorable) {
                return at;
            }
            at += class.len;
        }
    }

    /// Collects the atoms of the chain that starts with a character of this class; returns where it ends.
    fn gather(&mut self, start: usize, mut class: Class) -> usize {
        self.atoms.clear();
        let mut at = start;
        let mut joint = Joint::Head;
        while let Some((atom, next)) = atom::read(self.text, at, class, joint) {
            at = atom.end;
            self.atoms.push(atom);
            if self.atoms.len() == MAX_ATOMS {
                break;
            }
            joint = match next.class {
                Class::Letter | Class::Digit => Joint::Touch,
                Class::Dash => Joint::Dash,
                Class::Joiner => match self.text[at..].chars().next().and_then(Joint::of) {
                    Some(joint) => joint,
                    None => break,
                },
                _ => break,
            };
            class = next.class;
            if joint != Joint::Touch {
                class = class::of(self.text, at + next.len).class;
                if !matches!(class, Class::Letter | Class::Digit) {
                    break;
                }
                at += next.len;
            }
        }
        self.atoms.last().map_or(start, |atom| atom.end)
    }

    fn push_atoms(&mut self, mut position: u32) -> u32 {
        let mut i = 0;
        while i < self.atoms.len() {
            let (figures, len) = figures::find(self.text, &self.atoms[i..]);
            if let Some(figures) = figures {
                position = figures.push(self.text, &self.atoms[i..i + len], position, self.queue);
                i += len;
            } else {
                let len = self.group(i);
                position = self.push_group(i, len, position);
                i += len;
            }
        }
        position
    }

    /// Returns how many atoms from `i` on belong together.
    fn group(&self, i: usize) -> usize {
        let mut has_digit = self.atoms[i].is_digits;
        let mut len = 1;
        while let [before, after, ..] = self.atoms[i + len - 1..] {
            // Separators of numbers were dealt with, unless a number follows the group.
            if !joins(self.text, &before, &after, has_digit) || len > 0 && self.starts_number(i + len, after.joint) {
                break;
            }
            has_digit |= after.is_digits;
            len += 1;
        }
        len
    }

    /// Tells whether a date or number with separators starts at an atom that is not merely the next group of digits.
    fn starts_number(&self, i: usize, joint: Joint) -> bool {
        matches!(joint, Joint::Touch | Joint::Dash | Joint::Slash)
            && !self.atoms[i - 1].is_digits
            && figures::find(self.text, &self.atoms[i..]).0.is_some_and(|figures| figures.kind == TokenKind::Date)
    }

    fn push_group(&mut self, i: usize, len: usize, position: u32) -> u32 {
        if len > 1
            && len <= MAX_PIECES
            && let Some(position) = self.push_compound(i, len, position)
        {
            return position;
        }
        (i..i + len).fold(position, |position, k| {
            let Atom { start, end, is_digits, .. } = self.atoms[k];
            self.push_slice(if is_digits { TokenKind::Number } else { TokenKind::Word }, start, end, position)
        })
    }

    /// Queues a compound and its pieces, whose forms are parts of its own. Does nothing and returns `None` when that would be too
    /// long.
    fn push_compound(&mut self, i: usize, len: usize, position: u32) -> Option<u32> {
        let whole = self.queue.begin();
        let (start, end) = (self.atoms[i].start, self.atoms[i + len - 1].end);
        if end - start <= MAX_COMPOUND_BYTES && self.queue.append_ascii(&self.text[start..end]) {
            return Some(compound::push(self.text, &self.atoms[i..i + len], position, whole, self.queue));
        }
        let parts = self.append_parts(i, len);
        if self.queue.len_since(whole) > MAX_COMPOUND_BYTES {
            self.queue.rewind(whole);
            return None;
        }
        let atoms = &self.atoms[i..i + len];
        compound::push_whole(self.text, atoms, position, whole, self.queue);
        for ((atom, (from, to)), position) in atoms.iter().zip(parts).zip(position..) {
            self.queue.push_between(atom.as_piece(position), from, to);
        }
        Some(position + len as u32)
    }

    /// Appends the forms of atoms, and what joins them. Returns where in the queue's texts the forms of each are.
    fn append_parts(&mut self, i: usize, len: usize) -> [(Mark, Mark); MAX_PIECES] {
        let mut parts = [(Mark::default(), Mark::default()); MAX_PIECES];
        for (k, part) in parts.iter_mut().enumerate().take(len) {
            let Atom { start, end, joint, is_digits, .. } = self.atoms[i + k];
            if let Some(c) = joint.as_char().filter(|_| k > 0) {
                self.queue.append_raw(c);
            }
            part.0 = self.queue.begin();
            self.append(start, end, !is_digits);
            part.1 = self.queue.begin();
        }
        parts
    }

    fn push_address(&mut self, start: usize, address: Address, position: u32) -> u32 {
        let Address { kind, end } = address;
        self.atoms.clear();
        let mut at = start;
        while at < end {
            let Classified { class, len } = class::of(self.text, at);
            match atom::read(self.text, at, class, Joint::Touch).filter(|(atom, _)| atom.end <= end) {
                Some((atom, _)) => {
                    at = atom.end;
                    self.atoms.push(atom);
                }
                None => at += len.max(1),
            }
        }
        let whole = self.queue.begin();
        self.queue.append(&self.text[start..end]);
        let len = self.atoms.len();
        if self.queue.len_since(whole) > MAX_TOKEN_BYTES {
            // Too long to be typed or to be a term: its words are still found.
            self.queue.rewind(whole);
            return (0..len).fold(position, |position, k| self.push_group(k, 1, position));
        }
        let place = Place { kind, part: Part::Whole, start, end, position, pieces: len as u32 };
        self.queue.push(place, whole);
        self.push_pieces(position)
    }

    /// Queues all atoms as the pieces of what was queued before.
    fn push_pieces(&mut self, position: u32) -> u32 {
        for k in 0..self.atoms.len() {
            let atom = self.atoms[k];
            let mark = self.queue.begin();
            self.append(atom.start, atom.end, !atom.is_digits);
            self.queue.cut(mark, MAX_TOKEN_BYTES);
            self.queue.push(atom.as_piece(position + k as u32), mark);
        }
        position + self.atoms.len() as u32
    }

    /// Queues one slice as a token, or as several when its forms are too long for one.
    fn push_slice(&mut self, kind: TokenKind, start: usize, end: usize, position: u32) -> u32 {
        let mark = self.queue.begin();
        self.append(start, end, kind == TokenKind::Word);
        if self.queue.len_since(mark) > MAX_TOKEN_BYTES {
            if let Some(middle) = self.middle(start, end) {
                self.queue.rewind(mark);
                let position = self.push_slice(kind, start, middle, position);
                return self.push_slice(kind, middle, end, position);
            }
            // One letter under hundreds of marks.
            self.queue.cut(mark, MAX_TOKEN_BYTES);
        }
        self.queue.push(Place { kind, part: Part::Whole, start, end, position, pieces: 0 }, mark);
        position + 1
    }

    /// Appends the forms of an atom. What is made of letters the memo may know, or gets to know; digits are their own
    /// forms.
    fn append(&mut self, start: usize, end: usize, is_word: bool) {
        let text = &self.text[start..end];
        if !is_word && text.is_ascii() {
            // Nothing but digits.
            self.queue.append_forms(text, text);
            return;
        }
        let key = if is_word { Key::new(text.as_bytes()) } else { None };
        if let Some(found) = key.and_then(|key| self.memo.find(key)) {
            let (marked, folded) = self.memo.forms(found);
            self.queue.append_forms(marked, folded);
            return;
        }
        let mark = self.queue.begin();
        self.queue.append(text);
        if let Some(key) = key {
            let (marked, folded) = self.queue.forms_since(mark);
            self.memo.insert(key, marked, folded);
        }
    }

    /// Returns the boundary nearest to the middle of a slice that parts no letter from its marks, if there is one inside.
    fn middle(&self, start: usize, end: usize) -> Option<usize> {
        let parts = |at: usize| {
            let bound = self.text.is_char_boundary(at);
            bound && matches!(class::of(self.text, at).class, Class::Letter | Class::Digit)
        };
        let half = start + (end - start) / 2;
        (start + 1..=half).rev().find(|&at| parts(at)).or_else(|| (half + 1..end).find(|&at| parts(at)))
    }
}
