//! The Telex keys: `aa aw dd ee oo ow uw w`, tones `s f r x j`, `z` for none. Must not know: VNI.

use super::{Draft, typed};
use crate::letter::{Mark, Tone};

/// Returns the word that raw Telex keys make, in its marked form, or nothing when they are no syllable or no key is a mark.
///
/// Case is not kept. Whether the keys were meant as Telex is for the caller to decide: see [the module](super).
///
/// # Example
///
/// ```
/// use dau_text::typing::telex;
///
/// assert_eq!(telex("vieejt").as_deref(), Some("việt"));
/// assert_eq!(telex("Nguyeenx").as_deref(), Some("nguyễn"));
/// assert_eq!(telex("nguwowif").as_deref(), Some("người"));
/// assert_eq!(telex("nguoifw").as_deref(), Some("người"));
/// assert_eq!(telex("nam"), None);
/// assert_eq!(telex("access"), None);
/// ```
#[must_use]
pub fn telex(keys: &str) -> Option<String> {
    typed(keys, step)
}

fn step(key: char, draft: Draft) -> Vec<Draft> {
    let literal = || draft.with_letter(key, Mark::None).into_iter();
    match key {
        // After the vowel these are never letters: no Vietnamese coda has them.
        's' | 'f' | 'r' | 'x' | 'j' if draft.has_vowel() => draft.with_tone(tone(key)).into_iter().collect(),
        'z' => draft.with_tone(Tone::Level).into_iter().collect(),
        'w' => {
            let horns = draft.with_horns().into_iter();
            let one = draft.letters().iter().enumerate().rev().filter_map(|(place, letter)| match letter {
                ('a', Mark::None) => Some(draft.with_mark(place, Mark::Breve)),
                ('o' | 'u', Mark::None) => Some(draft.with_mark(place, Mark::Horn)),
                _ => None,
            });
            horns.chain(one).chain(draft.with_letter('u', Mark::Horn)).collect()
        }
        'a' => draft.with_mark_anywhere(Mark::Circumflex, &['a']).chain(literal()).collect(),
        'e' => draft.with_mark_anywhere(Mark::Circumflex, &['e']).chain(literal()).collect(),
        'o' => {
            let circumflex = draft.with_mark_anywhere(Mark::Circumflex, &['o']);
            circumflex.chain(literal()).chain(doubled(draft)).collect()
        }
        'd' => draft.with_mark_anywhere(Mark::Stroke, &['d']).chain(literal()).collect(),
        'a'..='y' => literal().collect(),
        _ => Vec::new(),
    }
}

/// A third `o` takes the circumflex back and leaves `oo`, the only way to type *xoong*.
fn doubled(draft: Draft) -> Option<Draft> {
    let last = draft.len.checked_sub(1)?;
    if draft.letters()[last] != ('o', Mark::Circumflex) {
        return None;
    }
    draft.with_mark(last, Mark::None).with_letter('o', Mark::None)
}

fn tone(key: char) -> Tone {
    match key {
        's' => Tone::Acute,
        'f' => Tone::Grave,
        'r' => Tone::Hook,
        'x' => Tone::Tilde,
        _ => Tone::Dot,
    }
}
