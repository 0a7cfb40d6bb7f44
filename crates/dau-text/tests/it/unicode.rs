//! Unicode's own test files: normalisation as it is, word breaks with listed deviations.

use dau_text::{Part, canonical, fold, marked};
use unicode_normalization::UnicodeNormalization;

use crate::tokens::{check_contract, scan};

const NORMALIZATION: &str = include_str!("../data/ucd/NormalizationTest.txt");
const WORD_BREAK: &str = include_str!("../data/ucd/WordBreakTest.txt");

fn text_of(code_points: &str) -> String {
    let code = |hex| u32::from_str_radix(hex, 16).expect("a hexadecimal code point");
    code_points.split_whitespace().map(|hex| char::from_u32(code(hex)).expect("a character")).collect()
}

fn rows(file: &str) -> impl Iterator<Item = &str> {
    file.lines().filter(|line| !line.starts_with('#') && !line.is_empty())
}

/// All five columns are one text in five spellings: the forms must not tell them apart.
#[test]
fn equivalent_texts_have_the_same_forms() {
    let mut count = 0;
    for row in rows(NORMALIZATION) {
        let columns: Vec<String> = row.split(';').map(text_of).collect();
        check_equivalent(&columns);
        count += 1;
    }
    assert_eq!(count, 8_793);
}

/// The Hangul syllables, which the file here leaves out.
#[test]
fn hangul_syllables_are_composed() {
    for c in '\u{AC00}'..='\u{D7A3}' {
        let composed = c.to_string();
        check_equivalent(&[composed.clone(), composed.nfd().collect()]);
        assert_eq!(marked(&composed), composed);
        assert_eq!(fold(&composed), composed);
    }
}

fn check_equivalent(texts: &[String]) {
    let first = &texts[0];
    for text in texts {
        assert_eq!(marked(text), marked(first), "{text:?}");
        assert_eq!(fold(text), fold(first), "{text:?}");
    }
    // The second and third columns are canonically equivalent to the first, the others only by compatibility.
    for text in texts.iter().take(3) {
        assert_eq!(canonical(text), canonical(first), "{text:?}");
    }
}

/// Characters the file does not mention stay what they are, but for case and what this crate maps on purpose.
#[test]
fn forms_of_every_character_are_stable() {
    for c in '\0'..=char::MAX {
        let text = c.to_string();
        let (marked_once, folded) = (marked(&text).into_owned(), fold(&text).into_owned());
        assert_eq!(marked(&marked_once), marked_once, "{c:?} U+{:04X}", u32::from(c));
        assert_eq!(fold(&folded), folded, "{c:?} U+{:04X}", u32::from(c));
        assert_eq!(fold(&marked_once), folded, "{c:?} U+{:04X}", u32::from(c));
        let compatible: String = text.nfkc().collect();
        assert_eq!(marked(&compatible), marked_once, "{c:?} U+{:04X}", u32::from(c));
        check_contract(&text, &scan(&text));
    }
}

/// Where tokens differ from the default word boundaries of UAX #29, and why.
struct Deviation {
    name: &'static str,
    #[expect(dead_code, reason = "the reason is for the reader")]
    reason: &'static str,
    explains: fn(&str) -> bool,
}

const DEVIATIONS: [Deviation; 7] = [
    Deviation {
        name: "colon and middle dots",
        reason: "a colon ends a label in Vietnamese (`Điều 5:quy định`); nobody writes words with it inside",
        explains: |text| {
            text.contains([
                ':', '\u{B7}', '\u{387}', '\u{55F}', '\u{5F4}', '\u{2027}', '\u{FE13}', '\u{FE55}', '\u{FF1A}',
            ])
        },
    },
    Deviation {
        name: "full stop between letters",
        reason: "`xong.Hôm nay` lacks a space; only abbreviations and single letters are joined (`TP.HCM`, `v.v`)",
        explains: |text| {
            text.contains(['.', '\u{2018}', '\u{2019}', '\u{2024}', '\u{FE52}', '\u{FF07}', '\u{FF0E}', '\'', '"'])
        },
    },
    Deviation {
        name: "separators of numbers",
        reason: "`,` and `;` join digits only where they make a number; a list `1,2,3` has three",
        explains: |text| {
            text.contains([
                ',', ';', '\u{37E}', '\u{589}', '\u{60C}', '\u{60D}', '\u{66C}', '\u{7F8}', '\u{2044}', '\u{FE10}',
                '\u{FE14}',
            ])
        },
    },
    Deviation {
        name: "underscores at the ends",
        reason: "`_tên_` is emphasis; an underscore joins but is never the first or last of a token",
        explains: |text| {
            text.contains([
                '_', '\u{202F}', '\u{203F}', '\u{2040}', '\u{2054}', '\u{FE33}', '\u{FE34}', '\u{FE4D}', '\u{FE4E}',
                '\u{FE4F}', '\u{FF3F}',
            ])
        },
    },
    Deviation {
        name: "signs before a number",
        reason: "Arabic and Syriac signs that enclose the digits after them are invisible to search",
        explains: |text| text.contains(['\u{600}', '\u{601}', '\u{6DD}', '\u{70F}']),
    },
    Deviation {
        name: "kana",
        reason: "Japanese is searched by phrases of characters, like Chinese: without a dictionary katakana runs hold several words",
        explains: |text| {
            text.chars().any(|c| matches!(c, '\u{3031}'..='\u{3035}' | '\u{309B}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' | '\u{FF66}'..='\u{FF9F}'))
        },
    },
    Deviation {
        name: "circled letters and emoji",
        reason: "symbols are no tokens, whatever their properties say",
        explains: |text| text.chars().any(|c| matches!(c, '\u{24B6}'..='\u{24E9}' | '\u{1F100}'..='\u{1FAFF}')),
    },
];

#[test]
fn words_break_where_unicode_says_or_a_listed_deviation() {
    let (mut agreed, mut used) = (0, [0; DEVIATIONS.len()]);
    for row in rows(WORD_BREAK) {
        let segments: Vec<String> = row.split('÷').map(text_of).collect();
        let text = segments.concat();
        let tokens = scan(&text);
        check_contract(&text, &tokens);
        let found: Vec<(usize, usize)> =
            tokens.iter().filter(|t| t.part == Part::Whole).map(|t| (t.start, t.end)).collect();
        if found == expected_words(&segments) {
            agreed += 1;
            continue;
        }
        let explained = DEVIATIONS.iter().position(|deviation| (deviation.explains)(&text));
        let at = explained
            .unwrap_or_else(|| panic!("{text:?} ({row}): {found:?}, expected {:?}", expected_words(&segments)));
        used[at] += 1;
    }
    println!("agreed on {agreed}, deviations {used:?}");
    assert!(agreed >= 1_200, "{agreed}");
    for (deviation, count) in DEVIATIONS.iter().zip(used) {
        assert!(count > 0, "nothing deviates for {}: take it off the list", deviation.name);
    }
}

/// The spans of the segments that hold a letter or digit, without the invisible characters and marks that follow none.
fn expected_words(segments: &[String]) -> Vec<(usize, usize)> {
    let mut words = Vec::new();
    let mut at = 0;
    for segment in segments {
        if segment.chars().any(char::is_alphanumeric) {
            words.push((at, at + segment.len()));
        }
        at += segment.len();
    }
    words
}
