//! Which letter of a word takes the tone, as [`syllable`](super) explains it.

use super::Placement;

/// Returns the zero-based index of the letter that takes the tone; `None` when the word has no vowel.
pub(super) fn seat(bare: &[char], placement: Placement) -> Option<usize> {
    let is_vowel = |c: char| matches!(base(c), 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    let mut start = bare.iter().position(|&c| is_vowel(c))?;
    let lends = matches!(bare, ['q', 'u', c, ..] | ['g', 'i', c, ..] if is_vowel(*c));
    start += usize::from(lends);
    let end = bare[start..].iter().position(|&c| !is_vowel(c)).map_or(bare.len(), |n| start + n);
    let vowels = &bare[start..end];
    if let Some(last) = vowels.iter().rposition(|&c| base(c) != c) {
        return Some(start + last);
    }
    let offset = match (vowels, end < bare.len()) {
        (_, true) => vowels.len() - 1,
        (['o', 'a' | 'e'] | ['u', 'y'], _) if placement == Placement::New => 1,
        ([_] | [_, _], _) => 0,
        _ => 1,
    };
    Some(start + offset)
}

const fn base(c: char) -> char {
    match c {
        'ă' | 'â' => 'a',
        'ê' => 'e',
        'ô' | 'ơ' => 'o',
        'ư' => 'u',
        'đ' => 'd',
        _ => c,
    }
}
