//! The letters of one word that may be a syllable: takes them apart, moves their tone, settles `i` and `y`.

use super::Placement;
use super::packed::{Exactness, Packed};
use super::rimes::split;
use super::seat::seat;
use crate::letter::{self, Letter, Mark, Tone};

/// The longest syllable is `nghiêng`, seven letters.
pub(super) const MAX_LETTERS: usize = 7;

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
    pub(super) fn only_tone(&self) -> Option<Tone> {
        let mut written = self.slice().iter().map(|l| l.tone).filter(|&t| t != Tone::Level);
        let tone = written.next().unwrap_or_default();
        written.next().is_none().then_some(tone)
    }

    /// Returns the letters without case and tone as one number.
    pub(super) fn packed(&self) -> Packed {
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

    pub(super) fn set_tone(&mut self, tone: Tone, placement: Placement) {
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
