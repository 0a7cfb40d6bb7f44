//! The Vietnamese syllable: its parts, which letters it can be made of, and where its tone is written. Knows nothing of
//! tokens or of text longer than a word.
//!
//! A syllable is an *onset* (`th`), a *glide* (`u`), a *nucleus* (`yê`) and a *coda* (`n`), spoken in one *tone*; only
//! the nucleus is always there. Glide, nucleus and coda together are the *rime*, and there are only about 160 of them, so
//! that a table says whether a word can be a syllable at all.
//!
//! # Where the tone is written
//!
//! The tone belongs to the syllable but is written on one vowel letter, its *seat*. Everybody agrees on the seat except
//! in open `oa`, `oe`, `uy`: the older style writes *hòa, khỏe, thúy*, the newer *hoà, khoẻ, thuý*. Besides, tones
//! typed in haste or converted badly land on a wrong letter: *vịêt*, *tóan*, *nứơc*. All of these are one word, so the
//! marked form always uses one seat:
//!
//! 1. a vowel with a mark takes it, the last one if there are two (*việt*, *nước*, *thuở*);
//! 2. otherwise, before a coda consonant, the last vowel (*toán*, *huỳnh*);
//! 3. otherwise the only vowel, the first of two (*hòa*, *của*, *mái*) or the middle one of three (*ngoài*).
//!
//! The `u` of `qu-` and the `i` of `gi-` belong to the onset and never take the tone when another vowel follows
//! (*quá*, *quý*, *già*). The older style was chosen because it is the commoner one in running text.

mod letters;
mod packed;
mod rimes;
mod seat;

use std::fmt;

use crate::form;
use crate::letter::{self, Tone};
use packed::Exactness;
use rimes::{shares_letter, split};

pub(crate) use letters::{Letters, i_or_y};

/// Where a tone is written in open `oa`, `oe` and `uy`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Placement {
    /// *hòa*, *khỏe*, *thúy*: the canonical one here.
    #[default]
    Old,
    /// *hoà*, *khoẻ*, *thuý*.
    New,
}

/// A syllable taken apart. The parts are lower case, carry vowel marks but no tone.
///
/// In `gì` and `quýt` one letter belongs to two parts (`gi` + `i`, `qu` + `uyt`); [`Display`](fmt::Display) writes it once.
///
/// # Example
/// ```
/// use dau_text::{Syllable, Tone};
///
/// let syllable = Syllable::parse("thuyền").unwrap();
/// assert_eq!((syllable.onset, syllable.glide, syllable.nucleus, syllable.coda), ("th", "u", "yê", "n"));
/// assert_eq!(syllable.tone, Tone::Grave);
/// // Wherever the tone was typed, it is written where it belongs.
/// assert_eq!(Syllable::parse("hoà").unwrap().to_string(), "hòa");
/// assert_eq!(Syllable::parse("string"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Syllable {
    /// The consonant or consonants before the vowels; may be empty.
    pub onset: &'static str,
    /// The `o` or `u` that is glided over before the nucleus; may be empty.
    pub glide: &'static str,
    /// The vowel or diphthong.
    pub nucleus: &'static str,
    /// The consonant, or the `i y o u`, after the nucleus; may be empty.
    pub coda: &'static str,
    /// The tone.
    pub tone: Tone,
}

impl Syllable {
    /// Parses a word in any case, any Unicode form, with its tone on any vowel; `None` when it cannot be one syllable.
    ///
    /// What is possible is decided by the rules of spelling, not by a list of words: `quắm` and `ngoẻng` parse.
    pub fn parse(word: &str) -> Option<Syllable> {
        if word.len() > MAX_BYTES {
            return None;
        }
        let mut letters = Letters::default();
        if letters.read(word).is_none() {
            if word.chars().all(|c| letter::decompose(c).is_some()) {
                // Too long, or nothing.
                return None;
            }
            let mut normal = String::new();
            form::normalize(word, &mut normal);
            letters.read(&normal)?;
        }
        let tone = letters.only_tone()?;
        let (onset, rime) = split(letters.packed(), Exactness::Marks)?;
        let stopped = matches!(rime.coda, "c" | "ch" | "p" | "t");
        if stopped && !matches!(tone, Tone::Acute | Tone::Dot) {
            // Written without its tone it is still what somebody types for the word: `viet`, `việt`.
            if tone != Tone::Level {
                return None;
            }
        }
        Some(Syllable { onset, glide: rime.glide, nucleus: rime.nucleus, coda: rime.coda, tone })
    }

    /// Tells whether the syllable can be spoken: one that ends in `c ch p t` has the acute or the dot tone.
    pub fn is_speakable(&self) -> bool {
        !matches!(self.coda, "c" | "ch" | "p" | "t") || matches!(self.tone, Tone::Acute | Tone::Dot)
    }

    /// Tells whether a word can be one syllable, or become one when marks are added that it lacks: `duong`, `viêt`.
    ///
    /// # Example
    /// ```
    /// use dau_text::Syllable;
    ///
    /// assert!(Syllable::is_possible("duong") && Syllable::is_possible("viêt") && Syllable::is_possible("Việt"));
    /// assert!(!Syllable::is_possible("hanoi") && !Syllable::is_possible("trng"));
    /// ```
    pub fn is_possible(word: &str) -> bool {
        let mut letters = Letters::default();
        if letters.read(word).is_none() {
            return Syllable::parse(word).is_some();
        }
        letters.only_tone().is_some() && split(letters.packed(), Exactness::Bases).is_some()
    }

    /// Writes the syllable with its tone where the style wants it.
    ///
    /// # Example
    /// ```
    /// use dau_text::{Placement, Syllable};
    ///
    /// let syllable = Syllable::parse("thúy").unwrap();
    /// assert_eq!(syllable.spelled(Placement::New), "thuý");
    /// assert_eq!(Syllable::parse("quý").unwrap().spelled(Placement::Old), "quý");
    /// ```
    pub fn spelled(&self, placement: Placement) -> String {
        let mut word = String::from(self.onset);
        let rime = [self.glide, self.nucleus, self.coda].concat();
        word.push_str(if shares_letter(self.onset, &rime) { &rime[1..] } else { &rime });
        let mut letters = Letters::default();
        if letters.read(&word).is_some() {
            letters.set_tone(self.tone, placement);
            word.clear();
            letters.write(&mut word);
        }
        word
    }
}

impl fmt::Display for Syllable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.spelled(Placement::Old))
    }
}

/// Seven letters, each at most a capital, two marks and a joiner in decomposed text.
const MAX_BYTES: usize = letters::MAX_LETTERS * 10;
