//! The ways in which people type one Vietnamese query. Works on plain text; knows nothing of `dau`, whose answers it is to judge.
//!
//! The same rules as the project's `eval/variants.py`. The ways that draw random numbers (half, typo, baretypo) use a
//! generator of their own here, with a fixed seed, so their texts differ from those of the script in which word was hit,
//! not in kind; `quality --variants FOLDER` takes the script's own files.

use std::fmt;
use std::str::FromStr;

use anyhow::{Error, bail};
use serde::Serialize;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// One way of typing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    /// All marks, NFC.
    Full,
    /// No marks at all.
    Bare,
    /// Each word keeps or loses its marks by the toss of a coin.
    Half,
    /// All marks, decomposed as macOS writes file names.
    Nfd,
    /// The tone mark of `oa`, `oe`, `uy` on the other letter: hoà for hòa.
    Tone,
    /// The raw keys of a Telex typist whose input method is off.
    Telex,
    /// Capitals.
    Upper,
    /// One letter left out, changed, or swapped with the next, in one word.
    Typo,
    /// No marks, and one typo.
    BareTypo,
    /// The raw keys of a VNI typist; not among the script's nine.
    Vni,
}

impl Way {
    /// The nine ways of `eval/variants.py`, in its order.
    pub const NINE: [Self; 9] = [
        Self::Full,
        Self::Bare,
        Self::Half,
        Self::Nfd,
        Self::Tone,
        Self::Telex,
        Self::Upper,
        Self::Typo,
        Self::BareTypo,
    ];

    /// Returns the name used on the command line and in file names.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Bare => "bare",
            Self::Half => "half",
            Self::Nfd => "nfd",
            Self::Tone => "tone",
            Self::Telex => "telex",
            Self::Upper => "upper",
            Self::Typo => "typo",
            Self::BareTypo => "baretypo",
            Self::Vni => "vni",
        }
    }

    /// Returns whether this way changes the spelling of the text but no word of it, so that results must not change.
    #[must_use]
    pub fn is_same_text(self) -> bool {
        matches!(self, Self::Nfd | Self::Tone | Self::Upper)
    }

    /// Types a query in this way.
    #[must_use]
    pub fn apply(self, query: &str, random: &mut Random) -> String {
        match self {
            Self::Full => query.nfc().collect(),
            Self::Bare => strip(query),
            Self::Half => words(query, |word| if random.next() & 1 == 0 { strip(word) } else { word.to_owned() }),
            Self::Nfd => query.nfd().collect(),
            Self::Tone => words(query, swap_tone),
            Self::Telex => words(query, telex),
            Self::Upper => query.nfc().collect::<String>().to_uppercase(),
            Self::Typo => typo(&query.nfc().collect::<String>(), random),
            Self::BareTypo => typo(&strip(query), random),
            Self::Vni => words(query, vni),
        }
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Way {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        match Self::NINE.into_iter().chain([Self::Vni]).find(|way| way.as_str() == name) {
            Some(way) => Ok(way),
            None => bail!(
                "unknown way of typing {name:?}; known are full, bare, half, nfd, tone, telex, upper, typo, baretypo, vni"
            ),
        }
    }
}

/// A small generator of random numbers (SplitMix64), the same on every machine.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// Starts a generator; equal seeds give equal numbers.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns the next number.
    #[expect(clippy::should_implement_trait, reason = "an endless generator is clearer without Option")]
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number below `end`, which must not be 0.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// Returns a number from 0 up to, not including, 1.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

fn words(query: &str, change: impl FnMut(&str) -> String) -> String {
    query.split_whitespace().map(change).collect::<Vec<_>>().join(" ")
}

/// Takes every combining mark off, and the stroke off đ.
fn strip(text: &str) -> String {
    text.nfd()
        .filter(|&c| canonical_combining_class(c) == 0)
        .map(|c| match c {
            'đ' => 'd',
            'Đ' => 'D',
            other => other,
        })
        .nfc()
        .collect()
}

fn telex_tone(mark: char) -> Option<char> {
    Some(match mark {
        '\u{301}' => 's',
        '\u{300}' => 'f',
        '\u{309}' => 'r',
        '\u{303}' => 'x',
        '\u{323}' => 'j',
        _ => return None,
    })
}

fn telex(word: &str) -> String {
    let (mut keys, mut tone) = (String::new(), None);
    for c in word.nfd() {
        if let Some(key) = telex_tone(c) {
            tone = Some(key);
            continue;
        }
        match c {
            '\u{302}' => {
                if let Some(last) = keys.chars().next_back() {
                    keys.extend(last.to_lowercase());
                }
            }
            '\u{306}' | '\u{31b}' => keys.push('w'),
            'đ' => keys.push_str("dd"),
            'Đ' => keys.push_str("Dd"),
            other => keys.push(other),
        }
    }
    with_tone_key(&keys, tone, char::is_alphabetic)
}

fn vni(word: &str) -> String {
    let (mut keys, mut tone) = (String::new(), None);
    for c in word.nfd() {
        match c {
            '\u{301}' => tone = Some('1'),
            '\u{300}' => tone = Some('2'),
            '\u{309}' => tone = Some('3'),
            '\u{303}' => tone = Some('4'),
            '\u{323}' => tone = Some('5'),
            '\u{302}' => keys.push('6'),
            '\u{31b}' => keys.push('7'),
            '\u{306}' => keys.push('8'),
            'đ' => keys.push_str("d9"),
            'Đ' => keys.push_str("D9"),
            other => keys.push(other),
        }
    }
    // Digits are keys of marks here.
    with_tone_key(&keys, tone, char::is_alphanumeric)
}

/// Puts the key of the tone behind the last letter of the word, before what else stands at its end.
fn with_tone_key(keys: &str, tone: Option<char>, is_letter: fn(char) -> bool) -> String {
    let core = keys.trim_end_matches(|c| !is_letter(c));
    let mut typed = core.to_owned();
    typed.extend(tone);
    typed.push_str(&keys[core.len()..]);
    typed
}

/// The two spellings of a tone mark on oa, oe, uy at the end of a syllable: new, old.
const PLACEMENTS: [(&str, &str); 15] = [
    ("òa", "oà"),
    ("óa", "oá"),
    ("ỏa", "oả"),
    ("õa", "oã"),
    ("ọa", "oạ"),
    ("òe", "oè"),
    ("óe", "oé"),
    ("ỏe", "oẻ"),
    ("õe", "oẽ"),
    ("ọe", "oẹ"),
    ("ùy", "uỳ"),
    ("úy", "uý"),
    ("ủy", "uỷ"),
    ("ũy", "uỹ"),
    ("ụy", "uỵ"),
];

fn swap_tone(word: &str) -> String {
    let word: String = word.nfc().collect();
    let Some((start, _)) = word.char_indices().rev().nth(1) else {
        return word;
    };
    let tail = word[start..].to_lowercase();
    if word.to_lowercase().starts_with("qu") {
        return word;
    }
    let other = PLACEMENTS.iter().find_map(|&(one, two)| (tail == one).then_some(two).or((tail == two).then_some(one)));
    match other {
        Some(other) => format!("{}{other}", &word[..start]),
        None => word,
    }
}

/// Makes one edit in one word of five letters or more, else in the longest word.
fn typo(text: &str, random: &mut Random) -> String {
    let mut words: Vec<Vec<char>> = text.split_whitespace().map(|word| word.chars().collect()).collect();
    let mut chosen = (0, -1.0);
    for (index, word) in words.iter().enumerate() {
        let draw = random.unit();
        let weight = if word.len() >= 5 { draw } else { 0.0 } + word.len() as f64 / 1000.0;
        if weight > chosen.1 {
            chosen = (index, weight);
        }
    }
    let Some(word) = words.get_mut(chosen.0).filter(|word| word.len() >= 3) else {
        return text.to_owned();
    };
    let at = 1 + random.below(word.len() - 1);
    match random.below(3) {
        0 => {
            word.remove(at);
        }
        1 if at + 1 < word.len() => word.swap(at, at + 1),
        _ => word[at] = ['a', 'e', 'i', 'n', 'o', 't', 'g', 'h'][random.below(8)],
    }
    words.iter().map(|word| word.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(way: Way, query: &str, typed: &str) {
        assert_eq!(way.apply(query, &mut Random::new(1)), typed, "{way} of {query:?}");
    }

    #[test]
    fn the_fixed_ways() {
        check(Way::Full, "Vie\u{302}\u{323}t", "Việt");
        check(Way::Bare, "Điều kiện ở Đà Nẵng?", "Dieu kien o Da Nang?");
        check(Way::Nfd, "hòa", "ho\u{300}a");
        check(Way::Tone, "hòa thuý QUÝ quỳ hoàn, Hoà (hoà)", "hoà thúy QUÝ quỳ hoàn, Hòa (hoà)");
        check(Way::Telex, "Việt Nam, được không?", "Vieetj Nam, dduwowcj khoong?");
        check(Way::Telex, "Đường Âu", "Dduwowngf Aau");
        check(Way::Upper, "đường ß", "ĐƯỜNG SS");
        check(Way::Vni, "Việt, được", "Vie6t5, d9u7o7c5");
    }

    #[test]
    fn the_random_ways_change_what_they_say() {
        let mut random = Random::new(7);
        let query = "Thủ tướng phát biểu tại Quảng Trị";
        for _ in 0..200 {
            let half = Way::Half.apply(query, &mut random);
            assert_eq!(strip(&half), strip(query));
            let typo = Way::Typo.apply(query, &mut random);
            let changed = query.split(' ').zip(typo.split(' ')).filter(|(a, b)| a != b);
            assert!(changed.count() <= 1, "{typo}");
            assert!(Way::BareTypo.apply(query, &mut random).is_ascii());
        }
        assert_eq!(Way::Typo.apply("ở tạ", &mut random), "ở tạ");
        assert_eq!(Way::Typo.apply("", &mut random), "");
    }

    #[test]
    fn names_are_read_back() {
        for way in Way::NINE {
            assert_eq!(way.as_str().parse::<Way>().expect("its own name"), way);
        }
        assert!("loud".parse::<Way>().is_err());
    }
}
