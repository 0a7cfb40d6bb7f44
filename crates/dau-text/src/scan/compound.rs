//! Which atoms belong together, and what they are then. The rules are those of [`chain`](super::chain).

use super::atom::{Atom, Joint};
use super::queue::{Mark, Place, Queue};
use crate::token::{Part, TokenKind};

/// Tells whether the joint before `after` holds.
pub(super) fn joins(text: &str, before: &Atom, after: &Atom, has_digit: bool) -> bool {
    let abbreviations = || before.is_abbreviation(text) && after.is_abbreviation(text);
    match after.joint {
        Joint::Touch | Joint::Dash | Joint::Underscore => true,
        Joint::Slash => has_digit || after.is_digits || abbreviations(),
        Joint::Dot if before.is_digits => after.is_digits,
        Joint::Dot if after.is_digits => before.is_abbreviation(text),
        Joint::Dot => before.is_single() && after.is_single() || abbreviations(),
        Joint::Comma | Joint::Head => false,
    }
}

/// A compound is a code if it has a digit, a slash, or is joined by dashes of abbreviations; otherwise a word.
pub(super) fn kind_of(text: &str, atoms: &[Atom]) -> TokenKind {
    let joined_by = |joint| move |atom: &Atom| atom.joint == joint;
    let is_code = atoms.iter().any(|atom| atom.is_digits)
        || atoms[1..].iter().any(joined_by(Joint::Slash))
        || atoms[1..].iter().all(joined_by(Joint::Dash)) && atoms.iter().all(|atom| atom.is_abbreviation(text));
    if is_code { TokenKind::Code } else { TokenKind::Word }
}

/// Queues the compound of atoms whose forms were appended since `whole` as one, each byte in its place; the forms of the pieces are
/// parts of it. Returns the position of the next token.
pub(super) fn push(text: &str, atoms: &[Atom], position: u32, whole: Mark, queue: &mut Queue) -> u32 {
    let start = atoms.first().map_or(0, |first| first.start);
    push_whole(text, atoms, position, whole, queue);
    for (atom, position) in atoms.iter().zip(position..) {
        let (from, to) = (whole.behind(atom.start - start), whole.behind(atom.end - start));
        queue.push_between(atom.as_piece(position), from, to);
    }
    position + atoms.len() as u32
}

/// Queues the compound of these atoms without its pieces. Its forms are what was appended since `whole`.
pub(super) fn push_whole(text: &str, atoms: &[Atom], position: u32, whole: Mark, queue: &mut Queue) {
    let [first, .., last] = atoms else { return };
    let (kind, pieces) = (kind_of(text, atoms), atoms.len() as u32);
    queue.push(Place { kind, part: Part::Whole, start: first.start, end: last.end, position, pieces }, whole);
}
