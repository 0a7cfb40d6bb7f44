//! Slips of the fingers: which words are one slip away from what was typed, and how likely each slip is.
//!
//! A noisy channel (Kernighan, Church and Gale 1990) that knows Vietnamese: a wrong or missing tone is likelier than a wrong
//! vowel mark, and that than a wrong letter; neighbouring keys are mistaken more often than distant ones, and two letters change
//! places as often as one is left out. A word has one slip at most. The numbers are the share of all slips that turn a given word into
//! a given other one; only their proportions matter.

use smallvec::SmallVec;

use crate::text::Syllable;
use crate::text::letter::{Mark, Tone, decompose};

/// A letter was left out.
const MISSING: f32 = 0.06;
/// Two neighbouring letters changed places.
const SWAPPED: f32 = 0.06;
/// The tone is another one, or was left out where other marks were typed.
const TONE: f32 = 0.03;
/// A vowel mark is another one.
const MARK: f32 = 0.02;
/// A letter too many.
const EXTRA: f32 = 0.02;
/// A letter is one of the neighbouring keys.
const NEIGHBOUR: f32 = 0.012;
/// A letter is any other one.
const WRONG: f32 = 0.004;

/// Letters of a word that may be a slip of a syllable: shorter ones are near to nearly all others, and the longest syllable has seven.
const LENGTHS: std::ops::RangeInclusive<usize> = 3..=8;

/// The letters of Vietnamese syllables without their marks.
const SYLLABLE_LETTERS: &str = "abcdeghiklmnopqrstuvxy";

/// A word as the fingers have it: letters with their own marks, and one tone for all.
pub(crate) struct Fingers {
    /// Those of a syllable need no memory of their own.
    letters: SmallVec<[(char, Mark); 8]>,
    tone: Tone,
}

impl Fingers {
    pub(crate) fn new(marked: &str) -> Fingers {
        let mut tone = Tone::Level;
        let mut letter = |c| {
            let Some(letter) = decompose(c) else { return (c, Mark::None) };
            if letter.tone != Tone::Level {
                tone = letter.tone;
            }
            (letter.base, letter.mark)
        };
        let letters = marked.chars().map(&mut letter).collect();
        Fingers { letters, tone }
    }

    fn without_marks(mut self) -> Fingers {
        self.letters.iter_mut().for_each(|letter| letter.1 = Mark::None);
        self.tone = Tone::Level;
        self
    }

    /// The letters without their marks.
    fn bases(&self) -> impl Iterator<Item = char> + '_ {
        self.letters.iter().map(|letter| letter.0)
    }

    fn is_bare(&self) -> bool {
        self.tone == Tone::Level && self.letters.iter().all(|letter| letter.1 == Mark::None)
    }

    /// How likely it is that `meant` was typed as this. Both are marked forms.
    pub(crate) fn slip(&self, meant: &str) -> Slip {
        let meant = Fingers::new(meant);
        let with_marks = |likelihood| Slip { with_marks: likelihood, without: 0.0 };
        if self.bases().eq(meant.bases()) {
            if self.is_bare() {
                // Of a word that has no marks none can be left out.
                return if meant.is_bare() { with_marks(1.0) } else { Slip { with_marks: 0.0, without: 1.0 } };
            }
            let marks = if self.letters == meant.letters { 1.0 } else { MARK };
            return with_marks(if self.tone == meant.tone { marks } else { marks * TONE });
        }
        // The tone may have gone with the letter that carried it.
        if self.tone != meant.tone && self.tone != Tone::Level {
            return with_marks(0.0);
        }
        let slip = of_letters(&self.letters, &meant.letters);
        if !self.is_bare() || meant.is_bare() {
            return with_marks(slip);
        }
        Slip { with_marks: slip, without: of_letters(&self.letters, &meant.without_marks().letters) }
    }
}

/// How likely it is that a word was typed as something else by one slip at most: 1 when it was typed as it is, 0 when it takes more.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Slip {
    /// If its marks were typed.
    with_marks: f32,
    /// If they were left out altogether, which is no slip.
    without: f32,
}

impl Slip {
    /// How likely it is if marks are left out as often as `left_out` says.
    pub(crate) fn likelihood(self, left_out: f32) -> f32 {
        self.with_marks.max(left_out * self.without)
    }

    /// Whether it takes no more than one slip.
    pub(crate) fn is_possible(self) -> bool {
        self.with_marks > 0.0 || self.without > 0.0
    }
}

fn of_letters(typed: &[(char, Mark)], meant: &[(char, Mark)]) -> f32 {
    let same = |(a, b): &(&(char, Mark), &(char, Mark))| a == b;
    let start = typed.iter().zip(meant).take_while(same).count();
    let (typed, meant) = (&typed[start..], &meant[start..]);
    let end = typed.iter().rev().zip(meant.iter().rev()).take_while(same).count();
    match (&typed[..typed.len() - end], &meant[..meant.len() - end]) {
        ([], [_]) => MISSING,
        ([_], []) => EXTRA,
        ([wrong], [right]) if are_neighbours(wrong.0, right.0) => NEIGHBOUR,
        ([_], [_]) => WRONG,
        ([a, b], [c, d]) if (a, b) == (d, c) => SWAPPED,
        _ => 0.0,
    }
}

/// Whether two letters are beside each other on the usual keyboard.
fn are_neighbours(a: char, b: char) -> bool {
    const ROWS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
    let place = |c: char| (0..).zip(ROWS).find_map(|(row, keys)| keys.find(c).map(|column| (row, column as i32)));
    match (place(a), place(b)) {
        (Some((row_a, column_a)), Some((row_b, column_b))) => {
            let (rows, columns): (i32, i32) = (row_b - row_a, column_b - column_a);
            // Each row stands half a key to the right of the one above.
            matches!((rows, columns), (0, -1 | 1) | (1, -1 | 0) | (-1, 0 | 1))
        }
        _ => false,
    }
}

/// The folded forms of syllables that are one slip away from a folded form, without that form itself; sorted.
pub(crate) fn near_syllables(folded: &str) -> Vec<String> {
    let letters: Vec<char> = folded.chars().collect();
    if !LENGTHS.contains(&letters.len()) || !letters.iter().all(char::is_ascii_lowercase) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut add = |start: usize, between: &[char], end: usize| {
        let word: String = letters[..start].iter().chain(between).chain(&letters[end..]).collect();
        if word != folded && Syllable::is_possible(&word) {
            found.push(word);
        }
    };
    for at in 0..=letters.len() {
        for letter in SYLLABLE_LETTERS.chars() {
            add(at, &[letter], at);
            if at < letters.len() {
                add(at, &[letter], at + 1);
            }
        }
        if at < letters.len() {
            add(at, &[], at + 1);
        }
        if at + 1 < letters.len() {
            add(at, &[letters[at + 1], letters[at]], at + 2);
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likelihood(typed: &str, meant: &str, left_out: f32) -> f32 {
        Fingers::new(typed).slip(meant).likelihood(left_out)
    }

    #[test]
    fn a_tone_is_likelier_than_a_mark_and_that_than_a_letter() {
        let of = |typed: &str| likelihood(typed, "trường", 1.0);
        assert_eq!(of("trường"), 1.0);
        assert_eq!([1.0, 0.2].map(|left_out| likelihood("truong", "trường", left_out)), [1.0, 0.2]);
        assert_eq!(likelihood("trương", "trương", 0.0), 1.0);
        assert!(of("trưởng") > of("truờng") && of("truờng") > of("trươnj"), "{}", of("trươnj"));
        assert!(of("trườn") > of("trườnh") && of("trườnh") > of("trườnp"), "left out, a neighbouring key, a far key");
        assert_eq!([of("tường"), of("rtường")], [MISSING, SWAPPED]);
        assert_eq!([of("tong"), of("đương"), of("")], [0.0; 3]);
    }

    #[test]
    fn a_tone_goes_with_the_letter_that_carried_it() {
        assert_eq!(likelihood("nguyn", "nguyễn", 0.0), MISSING);
        assert_eq!(likelihood("nguyan", "nguyễn", 0.0), WRONG);
    }

    #[test]
    fn keys_have_neighbours() {
        assert!(are_neighbours('a', 's') && are_neighbours('a', 'q') && are_neighbours('g', 'b'));
        assert!(!are_neighbours('a', 'p') && !are_neighbours('a', 'đ') && !are_neighbours('g', 'g'));
    }

    #[test]
    fn near_syllables_are_one_slip_away() {
        let near = near_syllables("nguyn");
        assert!(near.contains(&"nguyen".to_owned()) && !near.contains(&"nguyn".to_owned()));
        for word in near_syllables("thanh") {
            assert!(likelihood("thanh", &word, 1.0) > 0.0, "{word}");
            assert!(Syllable::is_possible(&word), "{word}");
        }
        assert!(near_syllables("thanh").contains(&"than".to_owned()));
        assert!(near_syllables("vi").is_empty() && near_syllables("việt").is_empty());
    }
}
