//! Raw Telex and VNI keys: words we wrote, every key order of them, and how many of the shared data's keys are read.

#![expect(
    clippy::print_stdout,
    reason = "the share that was read, or that the shared data is absent, is for the reader of the test's output"
)]

use std::collections::BTreeMap;
use std::path::PathBuf;

use dau_text::letter::{Mark, Tone, decompose};
use dau_text::marked;
use dau_text::typing::{telex, vni};
use proptest::prelude::*;

/// Word, Telex keys, VNI keys.
const WORDS: &[(&str, &str, &str)] = &[
    ("việt", "vieejt", "vie65t"),
    ("việt", "vieetj", "viet65"),
    ("nguyễn", "nguyeenx", "nguye64n"),
    ("nguyễn", "Nguyenex", "Nguyen64"),
    ("người", "nguwowif", "ngu7o72i"),
    ("người", "nguowif", "nguoi72"),
    ("người", "nguoiwf", "nguo7i2"),
    ("người", "nguwoif", "ngu7oi2"),
    ("đường", "dduwowngf", "d9uong72"),
    ("đường", "duwowngfd", "duong729"),
    ("đặng", "ddawngj", "d9a85ng"),
    ("đặng", "dangwdj", "dang859"),
    ("thuở", "thuowr", "thuo73"),
    ("quở", "quowr", "quo73"),
    ("quấy", "quaays", "quay61"),
    ("hoặc", "hoawcj", "hoac85"),
    ("mưa", "muaw", "mua7"),
    ("ư", "w", "u7"),
    ("tư", "tw", "tu7"),
    ("sữa", "swax", "su7a4"),
    ("xoong", "xooong", ""),
    ("hòa", "hoaf", "hoa2"),
    ("hòa", "hofa", "ho2a"),
    ("thúy", "thuys", "thu1y"),
    ("quý", "quys", "quy1"),
    ("già", "giaf", "gia2"),
    ("gì", "gif", "gi2"),
    ("giếng", "gieengs", "gieng61"),
    ("số", "soos", "so61"),
    ("xứ", "xuws", "xu71"),
    ("rễ", "reex", "re64"),
    ("kỹ", "kyx", "ki4"),
    // A second tone replaces the first; `z` and `0` take it away.
    ("mã", "masx", "ma14"),
    ("ma", "masz", "ma10"),
    // Words of other languages whose keys are those of a syllable: the caller knows better.
    ("môn", "moon", ""),
    ("sê", "see", ""),
    ("hí", "his", ""),
    ("rút", "rust", ""),
    ("đi", "did", ""),
    ("ả", "ar", "a3"),
];

/// Keys of nothing: the result would be no syllable, or no key is a mark.
const NOTHING: &[&str] = &[
    "",
    "a",
    "viet",
    "nam",
    "hoan",
    "access",
    "google",
    "windows",
    "excel",
    "facebook",
    "java",
    "ssd",
    "fax",
    "zero",
    "jeans",
    "wifi",
    "vieejtnam",
    "vieet",
    "vieeft",
    "h2o",
    "covid19",
    "a6b",
    "12",
    "1a",
    "6",
    "iphone15",
    "b52",
    "việt",
    "đưowngf",
    "sss",
    "w1",
    "nguwowifnguwowif",
    "aaoaaoaaoaao",
    "a-s",
    "a s",
    "\u{301}",
];

#[test]
fn words_are_read() {
    for &(word, telex_keys, vni_keys) in WORDS {
        let expected = Some(marked(word).into_owned());
        assert_eq!(telex(telex_keys), expected, "{telex_keys:?}");
        if !vni_keys.is_empty() {
            assert_eq!(vni(vni_keys), expected, "{vni_keys:?}");
        }
        assert_eq!(telex(&telex_keys.to_uppercase()), expected, "case is no matter: {telex_keys:?}");
    }
}

#[test]
fn other_keys_are_nothing() {
    for keys in NOTHING {
        assert_eq!(telex(keys), None, "{keys:?}");
        assert_eq!(vni(keys), None, "{keys:?}");
    }
}

/// A tone key may stand anywhere after the first vowel.
#[test]
fn the_tone_key_may_stand_anywhere_after_the_vowel() {
    for (keys, tone, word) in
        [("vieet", 'j', "việt"), ("dduwowng", 'f', "đường"), ("quyeen", 'r', "quyển"), ("hoan", 'f', "hoàn")]
    {
        let first_vowel = keys.find(['a', 'e', 'i', 'o', 'w', 'y']).expect("a vowel");
        for place in first_vowel + 1..=keys.len() {
            let mut typed = String::from(keys);
            typed.insert(place, tone);
            // `uwfo...` is the horn key after the tone: still the same word.
            assert_eq!(telex(&typed).as_deref(), Some(word), "{typed:?}");
        }
    }
}

/// Spells a word with Telex and VNI keys, its tone key at the end.
fn keys_of(word: &str) -> (String, String) {
    let (mut telex_keys, mut vni_keys, mut tone) = (String::new(), String::new(), Tone::Level);
    for letter in word.chars().filter_map(decompose) {
        telex_keys.push(letter.base);
        vni_keys.push(letter.base);
        let mark_keys = match letter.mark {
            Mark::None => None,
            Mark::Circumflex => Some((letter.base, '6')),
            Mark::Breve => Some(('w', '8')),
            Mark::Horn => Some(('w', '7')),
            Mark::Stroke => Some(('d', '9')),
        };
        telex_keys.extend(mark_keys.map(|keys| keys.0));
        vni_keys.extend(mark_keys.map(|keys| keys.1));
        if letter.tone != Tone::Level {
            tone = letter.tone;
        }
    }
    let place = tone.index();
    telex_keys.extend([None, Some('f'), Some('s'), Some('r'), Some('x'), Some('j')][place]);
    vni_keys.extend([None, Some('2'), Some('1'), Some('3'), Some('4'), Some('5')][place]);
    (telex_keys, vni_keys)
}

#[test]
fn every_possible_syllable_of_the_shared_lexicon() {
    let Some(text) = shared("fixtures/lexicon/syllables_all_17973.txt") else {
        return;
    };
    let mut missed = Vec::new();
    for word in text.lines() {
        let word = marked(word.trim());
        let (telex_keys, vni_keys) = keys_of(&word);
        // Keys without marks are nothing to read; `oo` is typed with a third `o`.
        if telex_keys == *word || word.chars().filter_map(decompose).filter(|l| l.base == 'o').count() > 1 {
            continue;
        }
        for found in [telex(&telex_keys), vni(&vni_keys)] {
            if found.as_deref() != Some(&*word) {
                missed.push(format!("{telex_keys} {vni_keys} {word} {found:?}"));
            }
        }
    }
    println!("{} keys not read: {:?}", missed.len(), &missed[..missed.len().min(40)]);
    assert!(missed.is_empty(), "{} keys are not read, such as {:?}", missed.len(), &missed[..missed.len().min(20)]);
}

/// Reads a file of the shared data, or says that it is not there.
fn shared(name: &str) -> Option<String> {
    let root = std::env::var_os("DAU_DATA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from);
    let text = std::fs::read_to_string(root.join(name)).ok();
    if text.is_none() {
        println!("shared data not present: skipped {name}");
    }
    text
}

/// Counts the keys that give the word, and why the others don't.
#[derive(Debug, Default)]
struct Tally {
    read: usize,
    all: usize,
    failures: BTreeMap<&'static str, Vec<String>>,
}

impl Tally {
    fn add(&mut self, keys: &str, word: &str) {
        let word = marked(word);
        if marked(keys) == word {
            // Typed without any mark key: there is nothing to read.
            return;
        }
        self.all += 1;
        let found = telex(keys);
        if found.as_deref() == Some(&*word) {
            self.read += 1;
            return;
        }
        let class = match &found {
            Some(_) => "read as another word",
            None if dau_text::Syllable::parse(&word).is_none() => "the word is no syllable",
            None if !dau_text::Syllable::parse(&word).is_some_and(|s| s.is_speakable()) => {
                "a stop coda without its tone"
            }
            None => "not read",
        };
        self.failures.entry(class).or_default().push(format!("{keys}:{word}:{}", found.unwrap_or_default()));
    }

    fn report(&self, name: &str, floor: f64) {
        let share = self.read as f64 / self.all as f64;
        println!("{name}: {} of {} keys read ({share:.4})", self.read, self.all);
        for (class, keys) in &self.failures {
            println!("  {class}: {}, such as {:?}", keys.len(), &keys[..keys.len().min(12)]);
        }
        assert!(share >= floor, "{name}: {share:.4} of the keys are read, expected at least {floor}");
    }
}

#[test]
fn shared_telex_pairs() {
    let Some(text) = shared("fixtures/typing/telex_pairs.tsv") else {
        return;
    };
    let mut tally = Tally::default();
    for (keys, word) in text.lines().filter_map(|line| line.split_once('\t')) {
        tally.add(keys, word);
    }
    tally.report("telex_pairs", 0.995);
}

#[test]
fn shared_typing_variants() {
    let Some(text) = shared("fixtures/typing/typing_variants_22k.tsv") else {
        return;
    };
    let mut seen = std::collections::BTreeSet::new();
    let mut tally = Tally::default();
    for (word, variants) in text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'))
    {
        for keys in variants.split(',').filter(|keys| seen.insert((word, *keys))) {
            tally.add(keys, word);
        }
    }
    tally.report("typing_variants", 0.995);
}

proptest! {
    #[test]
    fn never_panics(keys in any::<String>()) {
        let _ = (telex(&keys), vni(&keys));
    }

    #[test]
    fn a_result_is_a_marked_syllable(keys in "[a-z0-9]{0,13}") {
        for word in [telex(&keys), vni(&keys)].into_iter().flatten() {
            prop_assert_eq!(marked(&word).into_owned(), word.clone());
            prop_assert!(dau_text::Syllable::parse(&word).is_some_and(|syllable| syllable.is_speakable()), "{}", word);
        }
    }
}
