//! Which atoms belong together, and what they are then. The rules are those of [`chain`](super::chain).

use super::atom::{Atom, Joint};
use crate::token::TokenKind;

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
    let has_digit = atoms.iter().any(|atom| atom.is_digits);
    let has_slash = atoms[1..].iter().any(|atom| atom.joint == Joint::Slash);
    let dashed = atoms[1..].iter().all(|atom| atom.joint == Joint::Dash);
    let abbreviations = dashed && atoms.iter().all(|atom| atom.is_abbreviation(text));
    if has_digit || has_slash || abbreviations { TokenKind::Code } else { TokenKind::Word }
}
