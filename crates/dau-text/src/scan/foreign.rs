//! Remembers what characters of other languages are, and their forms. Knows nothing of words.
//!
//! Unicode says what `ü`, `ø`, `я` or `か` is and becomes, in tables that take a hundred times as long to ask as the scanner's own. Most
//! such letters become one letter whatever stands beside them, so that a word of them can be put together from what is
//! remembered of each. Each character has one slot, where the last one stays.

use unicode_normalization::{IsNormalized, is_nfkc_quick};

use super::class::{self, Class};
use crate::{form, letter};

/// The number of slots, as a power of two: a thousand neighbours in Unicode, more than an alphabet has, share none.
const BITS: u32 = 10;

/// What becomes of a letter by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Forms {
    pub(super) marked: char,
    pub(super) folded: Folded,
}

/// Four bytes are any one character, or the `ss` of `ß`.
type Folded = heapless::String<4, u8>;

#[derive(Clone, Debug)]
struct Slot {
    c: char,
    class: Class,
    /// Of letters and what is a token by itself, unless neighbours matter.
    forms: Option<Forms>,
}

/// Characters that have no entry in the [tables](crate::tables).
#[derive(Debug, Default)]
pub(super) struct Foreign(Vec<Option<Slot>>);

impl Foreign {
    /// Takes the memory. Before this no letter is known.
    pub(super) fn prepare(&mut self) {
        self.0.resize(1 << BITS, None);
    }

    pub(super) fn bytes(&self) -> usize {
        self.0.capacity() * size_of::<Option<Slot>>()
    }

    /// Returns the class of a character.
    pub(super) fn class(&mut self, c: char) -> Class {
        class::of_common(c).or_else(|| self.slot(c).map(|slot| slot.class)).unwrap_or_else(|| class::of_char(c))
    }

    /// Returns the forms of a character of this class, if it has the same beside whatever starts a token.
    pub(super) fn forms(&mut self, c: char, class: Class) -> Option<&Forms> {
        self.slot(c).filter(|slot| slot.class == class)?.forms.as_ref()
    }

    fn slot(&mut self, c: char) -> Option<&Slot> {
        let slot = self.0.get_mut(c as usize & ((1 << BITS) - 1))?;
        if slot.as_ref().is_none_or(|slot| slot.c != c) {
            let class = class::of_char(c);
            let forms = if matches!(class, Class::Letter | Class::Cjk) { judge(c) } else { None };
            *slot = Some(Slot { c, class, forms });
        }
        slot.as_ref()
    }
}

/// Returns the forms of a letter if it is one letter of another language that no neighbour changes.
fn judge(c: char) -> Option<Forms> {
    if is_own_form(c) {
        let mut folded = Folded::new();
        folded.push(c).ok()?;
        return Some(Forms { marked: c, folded });
    }
    work_out(c)
}

/// Tells whether a letter is in one of the ranges of Thai consonants, kana and Hangul where each is its own form.
const fn is_own_form(c: char) -> bool {
    matches!(c, '\u{E01}'..='\u{E30}' | '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' | '\u{AC00}'..='\u{D7A3}')
}

/// Works them out by Unicode's tables.
fn work_out(c: char) -> Option<Forms> {
    let (mut normal, mut scratch, mut folded) = (String::new(), String::new(), String::new());
    form::normalize(c.encode_utf8(&mut [0; 4]), &mut normal);
    form::strip(&normal, &mut scratch, &mut folded);
    // A word with a letter that is none of the alphabet's has no tone to settle.
    let marked = only(&normal).filter(|&marked| letter::decompose(marked).is_none() && is_stable(marked))?;
    Some(Forms { marked, folded: Folded::try_from(folded.as_str()).ok()? })
}

/// Returns the character of a text that is no longer.
fn only(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

/// Tells whether a letter stays as it is whatever normal text it is joined to.
///
/// Unicode Standard Annex 15, "Detecting Normalization Forms": characters whose quick check is *yes* compose with none
/// before them, and letters, which are of combining class 0, change places with none.
fn is_stable(letter: char) -> bool {
    is_nfkc_quick(std::iter::once(letter)) == IsNormalized::Yes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_forms_are_what_would_be_worked_out() {
        for c in ('\0'..=char::MAX).filter(|&c| is_own_form(c)) {
            let forms = judge(c);
            assert_eq!(
                forms.as_ref().map(|forms| (forms.marked, forms.folded.as_str())),
                Some((c, c.to_string().as_str()))
            );
            assert_eq!(forms, work_out(c), "{c}");
        }
    }
}
