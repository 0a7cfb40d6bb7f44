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

use std::fmt;

use crate::form;
use crate::letter::{self, Letter, Mark, Tone};

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
        if word.chars().all(|c| letter::decompose(c).is_some()) {
            letters.read(word)?;
        } else {
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

/// The longest syllable is `nghiêng`, seven letters.
pub(crate) const MAX_LETTERS: usize = 7;

/// Seven letters, each at most a capital, two marks and a joiner in decomposed text.
const MAX_BYTES: usize = MAX_LETTERS * 10;

/// The letters of one word, taken apart, in a buffer that needs no heap.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Letters {
    all: [Letter; MAX_LETTERS],
    len: usize,
}

impl Default for Letters {
    fn default() -> Letters {
        let none = Letter { base: 'a', mark: Mark::None, tone: Tone::Level, upper: false };
        Letters { all: [none; MAX_LETTERS], len: 0 }
    }
}

impl Letters {
    /// Reads a word in composed form; `None` when it is longer than a syllable or has other characters than letters.
    pub(crate) fn read(&mut self, word: &str) -> Option<()> {
        self.len = 0;
        for c in word.chars() {
            *self.all.get_mut(self.len)? = letter::decompose(c)?;
            self.len += 1;
        }
        (self.len > 0).then_some(())
    }

    fn slice(&self) -> &[Letter] {
        &self.all[..self.len]
    }

    /// Returns the tone of the word: the level one if none is written, `None` if more than one is.
    fn only_tone(&self) -> Option<Tone> {
        let mut written = self.slice().iter().map(|l| l.tone).filter(|&t| t != Tone::Level);
        let tone = written.next().unwrap_or_default();
        written.next().is_none().then_some(tone)
    }

    /// Returns the letters without case and tone as one number.
    fn packed(&self) -> Packed {
        let letters = self.slice().iter().rev();
        Packed(letters.fold(0, |packed, letter| packed << 8 | Packed::letter(letter.base, letter.mark)))
    }

    /// Writes the letters without case and tone into `buffer`.
    fn bare<'b>(&self, buffer: &'b mut [char; MAX_LETTERS]) -> &'b [char] {
        for (slot, &letter) in buffer.iter_mut().zip(self.slice()) {
            *slot = letter::compose(Letter { tone: Tone::Level, upper: false, ..letter }).unwrap_or(letter.base);
        }
        &buffer[..self.len]
    }

    fn set_tone(&mut self, tone: Tone, placement: Placement) {
        let mut bare = ['\0'; MAX_LETTERS];
        let seat = seat(self.bare(&mut bare), placement);
        for (i, letter) in self.all[..self.len].iter_mut().enumerate() {
            letter.tone = if Some(i) == seat { tone } else { Tone::Level };
        }
    }

    /// Moves the tone to its canonical seat if the word has one tone and can be a syllable, its vowel marks aside.
    /// Returns whether anything moved.
    pub(crate) fn settle_tone(&mut self) -> bool {
        let Some(tone) = self.only_tone().filter(|&tone| tone != Tone::Level) else {
            return false;
        };
        let mut bare = ['\0'; MAX_LETTERS];
        let bare = self.bare(&mut bare);
        let Some(seat) = seat(bare, Placement::Old) else {
            return false;
        };
        if self.all[seat].tone == tone || split(self.packed(), Exactness::Bases).is_none() {
            return false;
        }
        self.set_tone(tone, Placement::Old);
        true
    }

    /// Writes `i` or `y` at the end of an open syllable the one way that is canonical. Returns whether that changed it.
    pub(crate) fn settle_i_or_y(&mut self) -> bool {
        let mut bases = [0; MAX_LETTERS];
        for (base, letter) in bases.iter_mut().zip(self.slice()) {
            *base = letter.base as u8;
        }
        // `đi` is not `di`: the onset must be bare, and so must the vowel.
        let marked = self.slice().iter().any(|l| l.mark != Mark::None);
        let Some(last) = i_or_y(&bases[..self.len]).filter(|_| !marked) else {
            return false;
        };
        self.all[self.len - 1].base = char::from(last);
        true
    }

    /// Appends the word in composed form.
    pub(crate) fn write(&self, out: &mut String) {
        out.extend(self.slice().iter().filter_map(|&letter| letter::compose(letter)));
    }
}

/// Returns the canonical last letter of the bare word, when it is `i` or `y` alone after an onset where both spellings
/// are in use for the same word, and it is the other one now.
///
/// *kĩ thuật* and *kỹ thuật*, *bác sĩ* and *bác sỹ*, *công ti* and *công ty*: school books write `i`, most others write
/// by habit. There is no pair of words that only this letter tells apart. The commoner spelling in running text was
/// taken for canonical: `y` after `h k l m t qu`, `i` after `s v`. Other onsets are written with one of the two only.
pub(crate) const fn i_or_y(bare: &[u8]) -> Option<u8> {
    match bare {
        [b'h' | b'k' | b'l' | b'm' | b't', b'i'] | [b'q', b'u', b'i'] => Some(b'y'),
        [b's' | b'v', b'y'] => Some(b'i'),
        _ => None,
    }
}

/// Whether vowel marks count when a word is compared with the rimes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Exactness {
    /// `uyên` only.
    Marks,
    /// `uyen` will do: half of what people type lacks some mark.
    Bases,
}

#[derive(Debug)]
struct Rime {
    glide: &'static str,
    nucleus: &'static str,
    coda: &'static str,
}

/// Up to eight letters without tone, a byte for each, the first at the lowest place: compared all at once.
///
/// The lower five bits are the base, from 1 on; each of the others is a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Packed(u64);

impl Packed {
    const BASES: u64 = 0x1F1F_1F1F_1F1F_1F1F;

    /// Returns the byte of one letter. Horn and stroke share a bit, for they are never on the same base.
    const fn letter(base: char, mark: Mark) -> u64 {
        let mark = match mark {
            Mark::None => 0,
            Mark::Breve => 1 << 5,
            Mark::Circumflex => 1 << 6,
            Mark::Horn | Mark::Stroke => 1 << 7,
        };
        mark | base as u64 & 0x1F
    }

    /// Packs ASCII letters and Vietnamese ones of two bytes. At most eight, as every part of a syllable has.
    const fn of(parts: [&str; 3]) -> Packed {
        let (mut packed, mut len, mut part) = (0, 0, 0);
        while part < parts.len() {
            let bytes = parts[part].as_bytes();
            let mut at = 0;
            while at < bytes.len() {
                let (code, size) = match bytes[at] {
                    lead @ 0xC0.. => ((lead as u32 & 0x1F) << 6 | bytes[at + 1] as u32 & 0x3F, 2),
                    ascii => (ascii as u32, 1),
                };
                if let Some(c) = char::from_u32(code)
                    && let Some(letter) = letter::look_up(c)
                {
                    packed |= Packed::letter(letter.base, letter.mark) << (8 * len);
                }
                len += 1;
                at += size;
            }
            part += 1;
        }
        Packed(packed)
    }

    /// Tells whether a word of these letters can stand for `part` of a syllable.
    const fn fits(self, part: Packed, exactness: Exactness) -> bool {
        match exactness {
            Exactness::Marks => self.0 == part.0,
            Exactness::Bases => (self.0 ^ part.0) & Packed::BASES == 0 && self.0 & !part.0 == 0,
        }
    }
}

/// Splits a word, without tone, into onset and rime.
fn split(word: Packed, exactness: Exactness) -> Option<(&'static str, &'static Rime)> {
    let (from, count) = ONSETS_OF[(word.0 & 0x1F) as usize];
    // The empty onset is the last.
    (from..from + count).chain([ONSETS.len() - 1]).find_map(|i| {
        let (onset, (packed, mask)) = (ONSETS[i], PACKED_ONSETS[i]);
        if !Packed(word.0 & mask).fits(packed, exactness) {
            return None;
        }
        let rest = word.0 >> mask.count_ones();
        // `gi` and `qu` lend their vowel to a rime that begins with it: gì = gi + i, quýt = qu + uyt.
        let lent = match onset {
            "gi" => Some('i'),
            "qu" => Some('u'),
            _ => None,
        };
        let rime = find_rime(Packed(rest), exactness).or_else(|| {
            lent.and_then(|vowel| find_rime(Packed(rest << 8 | Packed::letter(vowel, Mark::None)), exactness))
        })?;
        goes_with(onset, rime).then_some((onset, rime))
    })
}

/// Finds the first rime of these letters in the order of [`RIMES`].
fn find_rime(letters: Packed, exactness: Exactness) -> Option<&'static Rime> {
    let bases = letters.0 & Packed::BASES;
    let from = RIMES_BY_BASES.partition_point(|&(packed, _)| packed.0 & Packed::BASES < bases);
    let alike = RIMES_BY_BASES[from..].iter().take_while(|(packed, _)| packed.0 & Packed::BASES == bases);
    alike.filter(|&&(packed, _)| letters.fits(packed, exactness)).map(|&(_, index)| &RIMES[index]).next()
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

/// Spelling rules between an onset and the first letter of the rime: `k gh ngh` before `e ê i y`, `c g ng` elsewhere.
fn goes_with(onset: &str, rime: &Rime) -> bool {
    let first = if rime.glide.is_empty() { rime.nucleus } else { rime.glide };
    let front = first.starts_with(['e', 'ê', 'i', 'y']);
    match onset {
        "k" | "gh" | "ngh" => front,
        "c" | "g" | "ng" => !front,
        // A syllable that begins with `yê` has nothing before it, except `q` + `u`.
        _ => rime.nucleus != "yê" || !rime.glide.is_empty() || onset.is_empty() || onset == "qu",
    }
}

/// Tells whether onset and rime share a letter, which is then written once.
fn shares_letter(onset: &str, rime: &str) -> bool {
    match onset {
        "gi" => rime.starts_with('i'),
        "qu" => rime.starts_with('u'),
        _ => false,
    }
}

/// Returns the zero-based index of the letter that takes the tone; `None` when the word has no vowel.
pub(crate) fn seat(bare: &[char], placement: Placement) -> Option<usize> {
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

/// Onsets, longer ones before those they begin with, so that the first match is the longest. The empty one is last.
const ONSETS: [&str; 28] = [
    "ngh", "ng", "nh", "n", "gi", "gh", "g", "kh", "k", "qu", "th", "tr", "t", "ch", "c", "ph", "p", "b", "d", "đ",
    "h", "l", "m", "r", "s", "v", "x", "",
];

/// The onsets packed, each with a mask of as many letters.
const PACKED_ONSETS: [(Packed, u64); ONSETS.len()] = {
    let mut packed = [(Packed(0), 0); ONSETS.len()];
    let mut i = 0;
    while i < ONSETS.len() {
        let letters = Packed::of([ONSETS[i], "", ""]);
        // Every letter has some bit of its byte.
        let letters_used = 8 - letters.0.leading_zeros() / 8;
        packed[i] = (letters, (1 << (8 * letters_used)) - 1);
        i += 1;
    }
    packed
};

/// By the base of the first letter of a word: which onset is the first that begins with it, and how many do.
const ONSETS_OF: [(usize, usize); 32] = {
    let mut of = [(0, 0); 32];
    let mut i = 0;
    while i < ONSETS.len() - 1 {
        let first = (PACKED_ONSETS[i].0.0 & 0x1F) as usize;
        if of[first].1 == 0 {
            of[first].0 = i;
        }
        of[first].1 += 1;
        // Onsets that begin alike are neighbours.
        assert!(of[first].0 + of[first].1 == i + 1);
        i += 1;
    }
    of
};

/// The packed rimes and their places in [`RIMES`], sorted by their letters without marks, then by place.
const RIMES_BY_BASES: [(Packed, usize); RIMES.len()] = {
    let mut sorted = [(Packed(0), 0); RIMES.len()];
    let mut i = 0;
    while i < RIMES.len() {
        let Rime { glide, nucleus, coda } = RIMES[i];
        let rime = Packed::of([glide, nucleus, coda]);
        let mut place = i;
        while place > 0 && sorted[place - 1].0.0 & Packed::BASES > rime.0 & Packed::BASES {
            sorted[place] = sorted[place - 1];
            place -= 1;
        }
        sorted[place] = (rime, i);
        i += 1;
    }
    sorted
};

/// Builds the rimes that share glide and nucleus.
macro_rules! rimes {
    ($($glide:literal $nucleus:literal: $($coda:literal)+;)+) => {
        &[$($(Rime { glide: $glide, nucleus: $nucleus, coda: $coda },)+)+]
    };
}

/// All rimes: glide, nucleus, and the codas that may follow.
const RIMES: &[Rime] = rimes! {
    "" "a": "" "c" "ch" "i" "m" "n" "ng" "nh" "o" "p" "t" "u" "y";
    "" "ă": "c" "m" "n" "ng" "p" "t";
    "" "â": "c" "m" "n" "ng" "p" "t" "u" "y";
    "" "e": "" "c" "m" "n" "ng" "o" "p" "t";
    "" "ê": "" "ch" "m" "n" "nh" "p" "t" "u";
    "" "i": "" "ch" "m" "n" "nh" "p" "t" "u";
    "" "ia": "";
    "" "iê": "c" "m" "n" "ng" "p" "t" "u";
    "" "o": "" "c" "i" "m" "n" "ng" "p" "t";
    "" "oo": "c" "ng";
    "" "ô": "" "c" "i" "m" "n" "ng" "p" "t";
    "" "ơ": "" "i" "m" "n" "p" "t";
    "" "u": "" "c" "i" "m" "n" "ng" "p" "t";
    "" "ua": "";
    "" "uô": "c" "i" "m" "n" "ng" "p" "t";
    "" "ư": "" "c" "i" "m" "n" "ng" "t" "u";
    "" "ưa": "";
    "" "ươ": "c" "i" "m" "n" "ng" "p" "t" "u";
    "" "y": "";
    "" "yê": "m" "n" "ng" "t" "u";
    "o" "a": "" "c" "ch" "i" "m" "n" "ng" "nh" "o" "p" "t" "y";
    "o" "ă": "c" "m" "n" "ng" "t";
    "o" "e": "" "m" "n" "o" "t";
    "u" "â": "n" "ng" "t" "y";
    "u" "ê": "" "ch" "nh";
    "u" "ơ": "";
    "u" "y": "" "ch" "n" "nh" "p" "t" "u";
    "u" "ya": "";
    "u" "yê": "n" "t";
};
