//! Raw Telex and VNI keys to the word they make: `vieejt`, `vie65t` to `việt`. Must not know: any list of words, an
//! index, a query.
//!
//! Who types with the input method switched off writes `Nguyeenx` for *Nguyễn*. The keys are read as an input method
//! reads them, with the freedom people use: marks and tones may stand anywhere after the vowel they belong to, up to the end
//! of the word (`nguwowif`, `nguoiwf`, `nguoifw`), and a mark may be left to the context (`nguwoif`, since *ưoi* is not
//! spelled). The result is given only if it is a syllable that can be spoken and if at least one key was a mark or a tone.
//!
//! # The keys are evidence, not proof
//!
//! Many words of other languages are keys of a possible syllable: `moon` is *môn*, `see` is *sê*, `his` is *hí*, `data` is
//! *dất* without its tone and so nothing, `boost` is *bốt*. Nothing in the letters tells these from `soos`, which is *số*.
//! So the caller decides: it should take the result only when it knows the result as a word and does not know the keys as one,
//! for instance by asking the index for both.

mod telex;
mod vni;

use crate::form::marked;
use crate::letter::{Letter, Mark, Tone, compose};
use crate::syllable::Syllable;

pub use self::telex::telex;
pub use self::vni::vni;

/// The most keys of one syllable: `nghieengs` has nine, and corrections of a tone may add some.
const MAX_KEYS: usize = 12;

/// The most letters of one syllable, `nghiêng`, and one to notice that there are too many.
const MAX_LETTERS: usize = 8;

/// How many spellings are tried. Real words need one to five; the bound is for keys such as `aaoaaoaaoaao`.
const MAX_SPELLINGS: usize = 64;

/// One way to go on after a key: the word as it would stand on the screen.
#[derive(Debug, Clone, Copy)]
struct Draft {
    letters: [(char, Mark); MAX_LETTERS],
    len: usize,
    tone: Tone,
    /// Whether a key has been used as a mark or a tone.
    marked: bool,
}

impl Draft {
    const EMPTY: Draft = Draft { letters: [('a', Mark::None); MAX_LETTERS], len: 0, tone: Tone::Level, marked: false };

    fn letters(&self) -> &[(char, Mark)] {
        &self.letters[..self.len]
    }

    fn has_vowel(&self) -> bool {
        self.letters().iter().any(|(base, _)| is_vowel(*base))
    }

    /// Appends a letter; nothing when the word is too long already.
    fn with_letter(mut self, base: char, mark: Mark) -> Option<Draft> {
        *self.letters.get_mut(self.len)? = (base, mark);
        self.len += 1;
        self.marked |= mark != Mark::None;
        Some(self)
    }

    /// Puts a mark on the letter at a zero-based place.
    fn with_mark(mut self, place: usize, mark: Mark) -> Draft {
        if let Some(letter) = self.letters.get_mut(place) {
            letter.1 = mark;
            self.marked = true;
        }
        self
    }

    /// Sets the tone, once there is a vowel to carry it. The same tone twice takes it back in an input method and leaves the
    /// key as a letter, which no syllable has there.
    fn with_tone(mut self, tone: Tone) -> Option<Draft> {
        if !self.has_vowel() || self.tone == tone {
            return None;
        }
        self.tone = tone;
        self.marked = true;
        Some(self)
    }

    /// All ways to put a mark on a letter that has none, from the last letter to the first.
    fn with_mark_anywhere(self, mark: Mark, bases: &'static [char]) -> impl Iterator<Item = Draft> {
        let fits = move |place: &usize| {
            let (base, old) = self.letters[*place];
            old == Mark::None && bases.contains(&base)
        };
        (0..self.len).rev().filter(fits).map(move |place| self.with_mark(place, mark))
    }

    /// Puts horns on `uo`, where one key marks both letters.
    fn with_horns(self) -> Option<Draft> {
        let is_pair = |pair: &[(char, Mark)]| {
            matches!(pair, [('u', Mark::None | Mark::Horn), ('o', Mark::None)] | [('u', Mark::None), ('o', Mark::Horn)])
        };
        let place = self.letters().windows(2).position(is_pair)?;
        Some(self.with_mark(place, Mark::Horn).with_mark(place + 1, Mark::Horn))
    }

    /// The syllable the word is now, if it is one that can be spoken.
    fn syllable(&self) -> Option<Syllable> {
        let tone_place = self.letters().iter().position(|(base, _)| is_vowel(*base));
        let mut word = String::with_capacity(3 * MAX_LETTERS);
        for (place, &(base, mark)) in self.letters().iter().enumerate() {
            // Any vowel will do for the tone: parsing moves it to its seat.
            let tone = if Some(place) == tone_place { self.tone } else { Tone::Level };
            word.push(compose(Letter { base, mark, tone, upper: false })?);
        }
        Syllable::parse(&word).filter(Syllable::is_speakable)
    }
}

/// Gives the drafts that a key can lead to, the likeliest first.
type Step = fn(char, Draft) -> Vec<Draft>;

/// Types the keys and returns the first spelling that is a syllable, in its marked form.
fn typed(keys: &str, step: Step) -> Option<String> {
    if keys.len() > MAX_KEYS {
        return None;
    }
    let mut spellings = 0;
    let syllable = search(keys, Draft::EMPTY, step, &mut spellings)?;
    Some(marked(&syllable.to_string()).into_owned())
}

/// Tries the keys depth first, so that the likeliest reading of each key is tried with all that follows.
fn search(keys: &str, draft: Draft, step: Step, spellings: &mut usize) -> Option<Syllable> {
    let mut rest = keys.chars();
    let Some(key) = rest.next() else {
        *spellings += 1;
        return finished(draft);
    };
    for next in step(key.to_ascii_lowercase(), draft) {
        if *spellings >= MAX_SPELLINGS {
            return None;
        }
        if let Some(syllable) = search(rest.as_str(), next, step, spellings) {
            return Some(syllable);
        }
    }
    None
}

fn finished(draft: Draft) -> Option<Syllable> {
    if !draft.marked {
        return None;
    }
    // `nguwoif`: one of the two horns is often left to the input method.
    let half_horned = |pair: &[(char, Mark)]| matches!(pair, [('u', Mark::Horn), ('o', Mark::None)]);
    draft.syllable().or_else(|| draft.letters().windows(2).any(half_horned).then(|| draft.with_horns())??.syllable())
}

fn is_vowel(base: char) -> bool {
    matches!(base, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}
