//! The VNI keys: tones `1` to `5`, `0` for none, `6` circumflex, `7` horn, `8` breve, `9` stroke. Must not know: Telex.

use super::{Draft, typed};
use crate::letter::{Mark, Tone};

/// Returns the word that raw VNI keys make, in its marked form, or nothing when they are no syllable or no key is a mark.
///
/// Case is not kept. `a4` (a paper size) and `o2` are keys of *ã* and *ò* as well: see [the module](super).
///
/// # Example
///
/// ```
/// use dau_text::typing::vni;
///
/// assert_eq!(vni("vie65t").as_deref(), Some("việt"));
/// assert_eq!(vni("Nguye64n").as_deref(), Some("nguyễn"));
/// assert_eq!(vni("d9uong72").as_deref(), Some("đường"));
/// assert_eq!(vni("covid19"), None);
/// ```
#[must_use]
pub fn vni(keys: &str) -> Option<String> {
    typed(keys, step)
}

fn step(key: char, draft: Draft) -> Vec<Draft> {
    match key {
        '0'..='5' => draft.with_tone(tone(key)).into_iter().collect(),
        '6' => draft.with_mark_anywhere(Mark::Circumflex, &['a', 'e', 'o']).collect(),
        '7' => draft.with_horns().into_iter().chain(draft.with_mark_anywhere(Mark::Horn, &['o', 'u'])).collect(),
        '8' => draft.with_mark_anywhere(Mark::Breve, &['a']).collect(),
        '9' => draft.with_mark_anywhere(Mark::Stroke, &['d']).collect(),
        'a'..='z' => draft.with_letter(key, Mark::None).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn tone(key: char) -> Tone {
    match key {
        '1' => Tone::Acute,
        '2' => Tone::Grave,
        '3' => Tone::Hook,
        '4' => Tone::Tilde,
        '5' => Tone::Dot,
        _ => Tone::Level,
    }
}
