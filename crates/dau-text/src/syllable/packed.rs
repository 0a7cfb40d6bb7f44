//! The letters of a word as one number, so that they are compared all at once.

use crate::letter::{self, Mark};

/// Whether vowel marks count when a word is compared with the rimes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Exactness {
    /// `uyên` only.
    Marks,
    /// `uyen` will do: half of what people type lacks some mark.
    Bases,
}

/// Up to eight letters without tone, a byte for each, the first at the lowest place: compared all at once.
///
/// The lower five bits are the base, from 1 on; each of the others is a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Packed(pub(super) u64);

impl Packed {
    pub(super) const BASES: u64 = 0x1F1F_1F1F_1F1F_1F1F;

    /// Returns the byte of one letter. Horn and stroke share a bit, for they are never on the same base.
    pub(super) const fn letter(base: char, mark: Mark) -> u64 {
        let mark = match mark {
            Mark::None => 0,
            Mark::Breve => 1 << 5,
            Mark::Circumflex => 1 << 6,
            Mark::Horn | Mark::Stroke => 1 << 7,
        };
        mark | base as u64 & 0x1F
    }

    /// Packs ASCII letters and Vietnamese ones of two bytes. At most eight, as every part of a syllable has.
    pub(super) const fn of(parts: [&str; 3]) -> Packed {
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
    pub(super) const fn fits(self, part: Packed, exactness: Exactness) -> bool {
        match exactness {
            Exactness::Marks => self.0 == part.0,
            Exactness::Bases => (self.0 ^ part.0) & Packed::BASES == 0 && self.0 & !part.0 == 0,
        }
    }
}
