//! No allocation a token: after a first pass over a text the scanner's buffers stop growing, and clean text is borrowed.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use dau_text::{Scanner, fold, marked};
use unicode_normalization::UnicodeNormalization;

use crate::tokens::{remembering, scan_with};

const TEXT: &str = "Nghị định 15/2020/NĐ-CP ngày 02/09/1945, giá 1.000.000đ tại TP.HCM: hoà bình, thuý, vịêt, kĩ thuật. \
    Liên hệ a.b@example.com hay https://example.vn/tin-tuc?id=1 hoặc +84912345678. Straße, 東京, Москва, don’t 100kg. ";

/// Buffers are all that a scanner owns; `forbid(unsafe_code)` rules out a counting allocator.
#[test]
fn buffers_stop_growing() {
    let mut scanner = Scanner::new();
    let texts = [TEXT.to_owned(), TEXT.nfd().collect(), TEXT.to_uppercase(), TEXT.repeat(400)];
    for text in &texts {
        scan_with(&mut scanner, text);
    }
    let bytes = scanner.buffer_bytes();
    for _ in 0..50 {
        for text in &texts {
            scan_with(&mut scanner, text);
        }
    }
    assert_eq!(scanner.buffer_bytes(), bytes);
    assert!(bytes < 2_000_000, "{bytes}");
}

/// A long text takes no more memory than a short one.
#[test]
fn memory_does_not_depend_on_the_length_of_the_text() {
    let mut scanner = Scanner::new();
    scan_with(&mut scanner, &TEXT.repeat(400));
    let bytes = scanner.buffer_bytes();
    scan_with(&mut scanner, &TEXT.repeat(2_000));
    assert_eq!(scanner.buffer_bytes(), bytes);
}

/// A scanner for one query is small.
#[test]
fn a_fresh_scanner_takes_little() {
    let mut scanner = Scanner::new();
    assert_eq!(scanner.buffer_bytes(), 0);
    scan_with(&mut scanner, "nghị định 15/2020/NĐ-CP");
    assert!(scanner.buffer_bytes() < 8_192, "{}", scanner.buffer_bytes());
    // And so is one for a page.
    scan_with(&mut scanner, &TEXT.repeat(50));
    assert!(scanner.buffer_bytes() < 8_192, "{}", scanner.buffer_bytes());
}

#[test]
fn clean_text_is_borrowed() {
    assert!(matches!(marked("nghị định của chính phủ, 15/2020"), Cow::Borrowed(_)));
    assert!(matches!(fold("nghi dinh cua chinh phu, 15/2020"), Cow::Borrowed(_)));
    assert!(matches!(marked("Nghị định"), Cow::Owned(_)));
}

/// What the memos have of a word or chain is not what it is in other company.
#[test]
fn what_was_seen_before_is_judged_where_it_stands() {
    let mut used = remembering();
    let behind = "việt nam ".repeat(300);
    for text in [
        "1234-5678",
        "+1234-5678",
        "TP.HCM",
        "TP.HCM:",
        "TP.HCM://",
        "từ",
        "từ”",
        "“từ”",
        "từ…x",
        "từ\u{2019}s",
        "2020",
        "2020.5",
        "Müller",
        "Müller”",
        "Müller-Straße",
        "Mu\u{308}ller",
        "mü\u{301}ller",
        "東",
        "東京x東",
        "東\u{3099}",
        "か",
        "か\u{3099}",
        "かが",
        "ｶﾞ",
        "ë㐀",
        "㐀ë",
        "東\u{200B}",
        "Müller／Straße",
        "ñ．ộ",
        "từ＿x",
        "1／5",
        "km／h",
    ] {
        let text = format!("{text} . {behind}");
        let expected = scan_with(&mut Scanner::new(), &text);
        assert_eq!(scan_with(&mut used, &text), expected);
        assert_eq!(scan_with(&mut used, &text), expected);
    }
}

/// Letters of other languages are remembered one by one, unless they are not the same in every word: full-width letters, whose
/// tone may have to be moved, or parts of Korean syllables.
#[test]
fn words_of_other_languages_are_what_they_are_without_a_memory() {
    let mut used = remembering();
    // Behind these come thousands of ideographs and syllables that are alike.
    let rare = ('\u{3400}'..=char::MAX).step_by(61);
    let letters: Vec<char> = ('\u{80}'..'\u{3400}').chain(rare).filter(|c| c.is_alphanumeric()).collect();
    assert!(letters.len() > 9_000);
    let words = letters
        .chunks(16)
        .map(|letters| letters.iter().map(|c| format!("{c} kí{c} {c}Ya{c}\u{2019}s {c}\u{302} ")).collect());
    let others = ["ｈoà kｉ", "\u{1100}\u{1161} \u{1100}\u{1161}\u{11A8} ü\u{1161}"].map(str::to_owned);
    for words in words.chain(others) {
        let mut fresh = Scanner::new();
        let expected = scan_with(&mut fresh, &words);
        assert!(fresh.buffer_bytes() < 100_000, "it has no memory");
        assert_eq!(scan_with(&mut used, &words), expected);
        assert_eq!(scan_with(&mut used, &words), expected);
    }
}

/// Who has taken some tokens one by one gets all others at once, also the pieces of the compound in hand.
#[test]
fn what_is_left_can_be_had_at_once() {
    let text = "Nghị định 15/2020/NĐ-CP giá 1.000đ và thế thôi";
    for mut scanner in [Scanner::new(), remembering()] {
        let all = scan_with(&mut scanner, text);
        for taken in 0..=all.len() {
            let mut tokens = scanner.scan(text);
            for expected in &all[..taken] {
                let token = tokens.next().expect("as many as before");
                assert_eq!((token.start, token.marked), (expected.start, expected.marked.as_str()));
            }
            let mut left = Vec::new();
            tokens.for_each(|token| left.push(token.marked.to_owned()));
            let expected: Vec<&str> = all[taken..].iter().map(|token| token.marked.as_str()).collect();
            assert_eq!(left, expected, "after {taken}");
        }
    }
}

/// A number stands for two forms, whatever is forgotten meanwhile.
#[test]
fn words_of_one_number_have_the_same_forms() {
    let letters = |n: u64| -> String { format!("{n}").bytes().map(|digit| char::from(digit - b'0' + b'k')).collect() };
    // Many more words than are remembered, and some that come again and again.
    let text: String = (0..100_000)
        .map(|n| (letters(n % 7), letters(n * 40_503 % 70_000)))
        .map(|(common, rare)| format!("Đất hoà HÒA nghiêngnghiên {common} {rare} {rare} "))
        .collect();
    let mut forms: HashMap<u32, (String, String)> = HashMap::new();
    let (mut numbered, mut tokens) = (0, 0);
    let mut scanner = Scanner::new();
    scanner.scan(&text).for_each_numbered(|token, number| {
        tokens += 1;
        let Some(number) = number else { return };
        numbered += 1;
        let known = forms.entry(number.get()).or_insert_with(|| (token.marked.to_owned(), token.folded.to_owned()));
        assert_eq!((known.0.as_str(), known.1.as_str()), (token.marked, token.folded));
    });
    assert!(numbered > tokens / 2, "{numbered} of {tokens}");
    let words: HashSet<&str> = forms.values().map(|(marked, _)| marked.as_str()).collect();
    assert!(["đất", "hòa", "nghiêngnghiên"].iter().all(|&word| words.contains(word)));
    assert!(forms.len() > words.len() + 1_000, "words come back with other numbers");
}
