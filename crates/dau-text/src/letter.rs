//! The letters of Vietnamese: the base, the mark and the tone of each. Knows nothing of words or tokens.
//!
//! Vietnamese has twelve vowel letters, each of which can carry one of six tones, and the consonant `đ`. A letter is
//! therefore three things: a *base* (an ASCII letter), a [`Mark`] that makes it another letter of the alphabet
//! (`a`, `ă`, `â`), and a [`Tone`] that belongs to the syllable and is merely written on the letter.

use crate::tables;

/// The tone of a syllable, in the order of dictionaries' sound charts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tone {
    /// *Ngang*: no sign (`a`).
    #[default]
    Level,
    /// *Huyền*: grave accent (`à`).
    Grave,
    /// *Sắc*: acute accent (`á`).
    Acute,
    /// *Hỏi*: hook above (`ả`).
    Hook,
    /// *Ngã*: tilde (`ã`).
    Tilde,
    /// *Nặng*: dot below (`ạ`).
    Dot,
}

impl Tone {
    /// All six tones, in the order of their numbers in [`Tone::index`].
    pub const ALL: [Tone; 6] = [Tone::Level, Tone::Grave, Tone::Acute, Tone::Hook, Tone::Tilde, Tone::Dot];

    /// Returns the zero-based place of the tone in [`Tone::ALL`].
    pub const fn index(self) -> usize {
        match self {
            Tone::Level => 0,
            Tone::Grave => 1,
            Tone::Acute => 2,
            Tone::Hook => 3,
            Tone::Tilde => 4,
            Tone::Dot => 5,
        }
    }

    /// Returns the combining character that writes the tone in decomposed text, or `None` for the level tone.
    pub const fn combining(self) -> Option<char> {
        match self {
            Tone::Level => None,
            Tone::Grave => Some('\u{300}'),
            Tone::Acute => Some('\u{301}'),
            Tone::Hook => Some('\u{309}'),
            Tone::Tilde => Some('\u{303}'),
            Tone::Dot => Some('\u{323}'),
        }
    }

    /// Returns the tone that a combining character writes.
    pub const fn from_combining(c: char) -> Option<Tone> {
        match c {
            '\u{300}' | '\u{340}' => Some(Tone::Grave),
            '\u{301}' | '\u{341}' => Some(Tone::Acute),
            '\u{309}' => Some(Tone::Hook),
            '\u{303}' => Some(Tone::Tilde),
            '\u{323}' => Some(Tone::Dot),
            _ => None,
        }
    }
}

/// The mark that makes a letter of the Vietnamese alphabet out of an ASCII letter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mark {
    /// No mark (`a`).
    #[default]
    None,
    /// Breve (`ă`).
    Breve,
    /// Circumflex (`â`, `ê`, `ô`).
    Circumflex,
    /// Horn (`ơ`, `ư`).
    Horn,
    /// Stroke (`đ`).
    Stroke,
}

impl Mark {
    /// Returns the mark that a combining character writes. The stroke of `đ` has none: Unicode never decomposes it.
    pub const fn from_combining(c: char) -> Option<Mark> {
        match c {
            '\u{302}' => Some(Mark::Circumflex),
            '\u{306}' => Some(Mark::Breve),
            '\u{31B}' => Some(Mark::Horn),
            _ => None,
        }
    }
}

/// One letter taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Letter {
    /// The ASCII letter underneath, in lower case.
    pub base: char,
    /// What makes it another letter of the alphabet.
    pub mark: Mark,
    /// The tone written on it.
    pub tone: Tone,
    /// Whether it is a capital.
    pub upper: bool,
}

/// Every vowel letter in its six tones, lower case, canonical composition. The order of a row is that of [`Tone::ALL`].
pub(crate) const VOWELS: [(char, Mark, [char; 6]); 12] = [
    ('a', Mark::None, ['a', 'à', 'á', 'ả', 'ã', 'ạ']),
    ('a', Mark::Breve, ['ă', 'ằ', 'ắ', 'ẳ', 'ẵ', 'ặ']),
    ('a', Mark::Circumflex, ['â', 'ầ', 'ấ', 'ẩ', 'ẫ', 'ậ']),
    ('e', Mark::None, ['e', 'è', 'é', 'ẻ', 'ẽ', 'ẹ']),
    ('e', Mark::Circumflex, ['ê', 'ề', 'ế', 'ể', 'ễ', 'ệ']),
    ('i', Mark::None, ['i', 'ì', 'í', 'ỉ', 'ĩ', 'ị']),
    ('o', Mark::None, ['o', 'ò', 'ó', 'ỏ', 'õ', 'ọ']),
    ('o', Mark::Circumflex, ['ô', 'ồ', 'ố', 'ổ', 'ỗ', 'ộ']),
    ('o', Mark::Horn, ['ơ', 'ờ', 'ớ', 'ở', 'ỡ', 'ợ']),
    ('u', Mark::None, ['u', 'ù', 'ú', 'ủ', 'ũ', 'ụ']),
    ('u', Mark::Horn, ['ư', 'ừ', 'ứ', 'ử', 'ữ', 'ự']),
    ('y', Mark::None, ['y', 'ỳ', 'ý', 'ỷ', 'ỹ', 'ỵ']),
];

/// Returns the lower-case form of an ASCII letter or of a Vietnamese letter; any other character unchanged.
///
/// It is `const`, which `char::to_lowercase` is not: the scanner's tables are built from it when compiling.
pub(crate) const fn lower(c: char) -> char {
    match c {
        'A'..='Z' => c.to_ascii_lowercase(),
        // U+00D0 is the Icelandic eth: in Vietnamese text it stands for U+0110, which looks the same.
        'Đ' | 'Ð' | 'ð' => 'đ',
        // Latin-1: capitals are 32 below the small letters.
        '\u{C0}'..='\u{DD}' => small(c as u32 + 0x20),
        // Latin Extended-A and Extended Additional, as far as Vietnamese uses them: pairs of even capital, odd small.
        'Ă' | 'Ĩ' | 'Ũ' | 'Ơ' | '\u{1EA0}'..='\u{1EF9}' => small(c as u32 | 1),
        // U+01AF is odd.
        'Ư' => 'ư',
        _ => c,
    }
}

const fn small(code: u32) -> char {
    match char::from_u32(code) {
        Some(c) => c,
        None => '\u{FFFD}',
    }
}

/// Takes a character apart: a Vietnamese letter or an ASCII letter, in canonical composition. `Ð` and `ð` count as `Đ`.
///
/// Returns `None` for any other character, among them the letters of other languages such as `ü`.
///
/// # Example
/// ```
/// use dau_text::letter::{Mark, decompose};
/// use dau_text::Tone;
///
/// let letter = decompose('Ệ').unwrap();
/// assert_eq!((letter.base, letter.mark, letter.tone, letter.upper), ('e', Mark::Circumflex, Tone::Dot, true));
/// assert_eq!(decompose('ü'), None);
/// ```
#[inline]
pub fn decompose(c: char) -> Option<Letter> {
    tables::index(c).and_then(|index| tables::LETTERS[index])
}

/// Does what [`decompose`] does by looking through all letters: for building the tables when compiling.
pub(crate) const fn look_up(c: char) -> Option<Letter> {
    let small = lower(c);
    let upper = small != c && c != 'ð';
    if small == 'đ' {
        return Some(Letter { base: 'd', mark: Mark::Stroke, tone: Tone::Level, upper });
    }
    let mut row = 0;
    while row < VOWELS.len() {
        let (base, mark, tones) = VOWELS[row];
        let mut tone = 0;
        while tone < tones.len() {
            if tones[tone] == small {
                return Some(Letter { base, mark, tone: Tone::ALL[tone], upper });
            }
            tone += 1;
        }
        row += 1;
    }
    if small.is_ascii_lowercase() {
        return Some(Letter { base: small, mark: Mark::None, tone: Tone::Level, upper });
    }
    None
}

/// Puts a letter together, in canonical composition; `None` when there is no such letter (`b` with a tone, `i` with a
/// horn, a base that is not an ASCII letter in lower case).
///
/// # Example
/// ```
/// use dau_text::letter::{Letter, Mark, compose};
/// use dau_text::Tone;
///
/// let letter = Letter { base: 'o', mark: Mark::Horn, tone: Tone::Acute, upper: true };
/// assert_eq!(compose(letter), Some('Ớ'));
/// assert_eq!(compose(Letter { base: 'b', ..letter }), None);
/// ```
pub fn compose(letter: Letter) -> Option<char> {
    let small = if letter.mark == Mark::None && letter.tone == Tone::Level {
        letter.base.is_ascii_lowercase().then_some(letter.base)?
    } else if letter.mark == Mark::Stroke {
        (letter.base == 'd' && letter.tone == Tone::Level).then_some('đ')?
    } else {
        VOWELS.iter().find(|row| row.0 == letter.base && row.1 == letter.mark)?.2[letter.tone.index()]
    };
    // Every Vietnamese letter has a capital of one character.
    Some(if letter.upper { small.to_uppercase().next().unwrap_or(small) } else { small })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_holds_134_letters_with_marks_and_is_closed_under_taking_apart() {
        let mut count = 0;
        for c in VOWELS.iter().flat_map(|row| row.2).chain(['đ']) {
            for c in [c, c.to_uppercase().next().expect("every letter has a capital")] {
                assert_eq!(decompose(c).and_then(compose), Some(c));
                count += usize::from(!c.is_ascii());
            }
        }
        assert_eq!(count, 134);
    }

    #[test]
    fn lower_agrees_with_the_standard_library() {
        for c in VOWELS.iter().flat_map(|row| row.2).flat_map(char::to_uppercase).chain('A'..='Z') {
            assert_eq!(Some(lower(c)), c.to_lowercase().next());
        }
    }

    #[test]
    fn other_letters_have_no_parts() {
        for c in ['ü', 'ß', 'ł', 'ç', 'я', '1', ' ', 'ǎ', '×', '÷', 'Þ', 'ÿ'] {
            assert_eq!(decompose(c), None, "{c}");
        }
    }
}
