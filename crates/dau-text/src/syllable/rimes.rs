//! Onsets and rimes: which there are, and how a word falls into the two. Knows nothing of tones.

use super::packed::{Exactness, Packed};
use crate::letter::Mark;

/// What follows the onset.
#[derive(Debug)]
pub(super) struct Rime {
    pub(super) glide: &'static str,
    pub(super) nucleus: &'static str,
    pub(super) coda: &'static str,
}

/// Splits a word, without tone, into onset and rime.
pub(super) fn split(word: Packed, exactness: Exactness) -> Option<(&'static str, &'static Rime)> {
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
    let alike = RIMES_BY_BASES[first_of(bases)?..].iter().take_while(|(packed, _)| packed.0 & Packed::BASES == bases);
    alike.filter(|&&(packed, _)| letters.fits(packed, exactness)).map(|&(_, index)| &RIMES[index]).next()
}

/// Returns the place in [`RIMES_BY_BASES`] of the first rime of these letters without marks.
fn first_of(bases: u64) -> Option<usize> {
    let mut slot = slot_of(bases);
    // Most slots are free, so the search ends.
    loop {
        let place = usize::from(FIRST_OF_BASES[slot]);
        let (first, _) = RIMES_BY_BASES.get(place)?;
        if first.0 & Packed::BASES == bases {
            return Some(place);
        }
        slot = (slot + 1) % SLOTS;
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
pub(super) fn shares_letter(onset: &str, rime: &str) -> bool {
    match onset {
        "gi" => rime.starts_with('i'),
        "qu" => rime.starts_with('u'),
        _ => false,
    }
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

/// By the [slot](slot_of) of letters without marks: the place in [`RIMES_BY_BASES`] of the first rime that has these, in that slot
/// or the next one that is not taken; above all places where there is none.
const FIRST_OF_BASES: [u8; SLOTS] = {
    let mut firsts = [u8::MAX; SLOTS];
    let mut i = 0;
    while i < RIMES.len() {
        let bases = RIMES_BY_BASES[i].0.0 & Packed::BASES;
        if i == 0 || RIMES_BY_BASES[i - 1].0.0 & Packed::BASES != bases {
            let mut slot = slot_of(bases);
            while firsts[slot] != u8::MAX {
                slot = (slot + 1) % SLOTS;
            }
            firsts[slot] = i as u8;
        }
        i += 1;
    }
    firsts
};

/// Some four times as many as there are rimes when marks are left out.
const SLOTS: usize = 512;
const _: () = assert!(RIMES.len() < u8::MAX as usize);

/// Returns the slot where letters without marks are looked for first: multiplicative hashing.
const fn slot_of(bases: u64) -> usize {
    (bases.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - SLOTS.trailing_zeros())) as usize
}

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
