//! A slow, obvious scanner that the fast one must agree with. It knows words and runs of digits, not compounds.
//!
//! It shares no code with the crate: characters are judged by the standard library, forms are made by
//! unicode-normalization on the whole word, and tones are placed by looking at strings.

use dau_text::{MAX_TOKEN_BYTES, Scanner, TokenKind};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::shared_data;
use crate::tokens::{Owned, check_contract, scan, scan_with};

/// Start, end, marked form, folded form.
type Simple = (usize, usize, String, String);

fn naive(text: &str) -> Vec<Simple> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let end_of = |i: usize| chars.get(i).map_or(text.len(), |&(at, _)| at);
    let mut tokens = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        let c = chars[i].1;
        let start = i;
        if is_ideograph(c) {
            i += 1;
            while i < chars.len() && (is_combining_mark(chars[i].1) || is_invisible(chars[i].1)) {
                i += 1;
            }
        } else if is_word_letter(c) || is_number(c) {
            let same = if is_word_letter(c) { is_word_letter } else { is_number };
            while i < chars.len() {
                let here = chars[i].1;
                let apostrophe = is_word_letter(c)
                    && matches!(here, '\'' | '’' | '‘' | 'ʼ' | '＇')
                    && chars.get(i + 1).is_some_and(|&(_, next)| is_word_letter(next));
                if !(same(here) || is_combining_mark(here) || is_invisible(here) || apostrophe) {
                    break;
                }
                i += 1;
            }
        } else {
            i += 1;
            continue;
        }
        let (from, to) = (end_of(start), end_of(i));
        let marked = naive_marked(&text[from..to]);
        let folded = naive_folded(&marked);
        tokens.push((from, to, marked, folded));
    }
    tokens
}

fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{AD}'
            | '\u{200C}'
            | '\u{200D}'
            | '\u{2060}'
            | '\u{FEFF}'
            | '\u{FE0E}'
            | '\u{FE0F}'
            | '\u{200E}'
            | '\u{200F}'
    )
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '々' | '〆' | '〇' | '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' | '\u{30FC}'..='\u{30FF}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{FF66}'..='\u{FF9D}' | '\u{20000}'..='\u{2FFFF}')
}

fn is_word_letter(c: char) -> bool {
    c.is_alphabetic() && !is_ideograph(c) && !is_combining_mark(c) && c != 'ʼ'
}

fn is_number(c: char) -> bool {
    c.is_numeric() && !c.is_alphabetic() && !is_ideograph(c)
}

fn naive_marked(word: &str) -> String {
    let visible: String = word.chars().filter(|&c| !is_invisible(c)).collect();
    let plain = visible.replace(['’', '‘', 'ʼ', '＇'], "'").replace(['Ð', 'ð', 'Ɖ'], "đ").replace('⁄', "/");
    let small: String = plain.nfkc().collect::<String>().to_lowercase().replace('ς', "σ");
    let mut composed: String = small.nfkc().collect::<String>().replace('⁄', "/");
    composed.retain(|c| !c.is_whitespace());
    let mut marked = String::new();
    for run in runs(&composed) {
        marked.push_str(&spell_i_or_y(&place_tone(run)));
    }
    marked
}

/// Splits into runs of letters and what is between them.
fn runs(text: &str) -> Vec<&str> {
    let letter = |c: char| c.is_alphabetic() || is_combining_mark(c);
    let mut runs = Vec::new();
    let mut start = 0;
    let mut before = None;
    for (at, c) in text.char_indices() {
        if before.is_some_and(|b| b != letter(c)) {
            runs.push(&text[start..at]);
            start = at;
        }
        before = Some(letter(c));
    }
    runs.push(&text[start..]);
    runs
}

const VIETNAMESE: &str = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ";
const TONES: [char; 5] = ['\u{300}', '\u{301}', '\u{309}', '\u{303}', '\u{323}'];

fn is_vietnamese(run: &str) -> bool {
    run.nfc().all(|c| c.is_ascii_lowercase() || VIETNAMESE.contains(c))
}

fn place_tone(run: &str) -> String {
    let tones: Vec<char> = run.nfd().filter(|c| TONES.contains(c)).collect();
    let toneless: String = run.nfd().filter(|c| !TONES.contains(c)).nfc().collect();
    if !run.nfc().all(|c| c.is_ascii_lowercase() || VIETNAMESE.contains(c)) {
        // A mark that its letter cannot take.
        return run.to_owned();
    }
    let [tone] = tones[..] else {
        return run.to_owned();
    };
    let bare: String = naive_folded_letters(&toneless);
    // The crate says whether it can be a syllable; the tables of syllables are tested elsewhere.
    if !could_be_syllable(&toneless) || toneless.chars().any(|c| !"aăâbcdđeêghiklmnoôơpqrstuưvxy".contains(c)) {
        return run.to_owned();
    }
    let letters: Vec<char> = toneless.chars().collect();
    let vowel = |c: &char| "aăâeêioôơuưy".contains(*c);
    let skip = usize::from((bare.starts_with("qu") || bare.starts_with("gi")) && letters.get(2).is_some_and(vowel));
    let first = letters.iter().position(vowel).expect("a syllable has a vowel") + skip;
    let last = letters.iter().rposition(vowel).expect("a syllable has a vowel");
    let with_mark = letters[first..=last].iter().rposition(|c| "ăâêôơư".contains(*c));
    let seat = match (with_mark, last + 1 < letters.len(), last - first) {
        (Some(at), ..) => first + at,
        (None, true, _) => last,
        (None, false, 2) => first + 1,
        (None, false, _) => first,
    };
    let mut word = String::new();
    for (i, &c) in letters.iter().enumerate() {
        word.push(c);
        word.extend((i == seat).then_some(tone));
    }
    word.nfc().collect()
}

/// Tells whether marks can be added to the letters so that they are a syllable: by trying all.
fn could_be_syllable(letters: &str) -> bool {
    fn try_all(rest: &[char], word: &mut String) -> bool {
        let Some((&first, rest)) = rest.split_first() else {
            return dau_text::Syllable::parse(word).is_some();
        };
        let others = match first {
            'a' => "ăâ",
            'e' => "ê",
            'o' => "ôơ",
            'u' => "ư",
            'd' => "đ",
            _ => "",
        };
        std::iter::once(first).chain(others.chars()).any(|c| {
            word.push(c);
            let found = try_all(rest, word);
            word.pop();
            found
        })
    }
    let letters: Vec<char> = letters.chars().collect();
    letters.len() <= 7 && try_all(&letters, &mut String::new())
}

fn spell_i_or_y(run: &str) -> String {
    let toneless: String = run.nfd().filter(|c| !TONES.contains(c)).collect();
    let swapped = match toneless.as_str() {
        "hi" | "ki" | "li" | "mi" | "ti" | "qui" => ('i', 'y'),
        "sy" | "vy" => ('y', 'i'),
        _ => return run.to_owned(),
    };
    if !is_vietnamese(run) {
        return run.to_owned();
    }
    let decomposed: String = run.nfd().map(|c| if c == swapped.0 { swapped.1 } else { c }).collect();
    decomposed.nfc().collect()
}

fn naive_folded(marked: &str) -> String {
    runs(&naive_folded_letters(marked)).into_iter().map(spell_i_or_y).collect()
}

fn naive_folded_letters(marked: &str) -> String {
    let bare: String = marked.nfd().filter(|c| !matches!(c, '\u{300}'..='\u{36F}')).nfc().collect();
    let pairs = "đd æae œoe ßss øo łl þth ıi əe ɛe ŋn ħh ŧt ɨi ʉu ɲn ɓb ɗd ɖd ƙk ɠg ɫl ƒf ǝe ĸq \
        ƀb ƃb ƈc ƌd ƚl ƞn ƥp ƫt ƭt ƴy ƶz ǥg ȡd ȥz ȴl ȵn ȶt ȷj ȼc ȿs ɀz ɇe ɉj ɋq ɍr ɏy";
    pairs.split(' ').fold(bare, |text, pair| {
        let (from, to) = pair.split_at(2);
        text.replace(from, to)
    })
}

/// The tokens the naive scanner can judge: words and runs of digits, alone or as pieces.
fn simple(tokens: &[Owned]) -> Vec<Simple> {
    let leaves = tokens.iter().filter(|t| t.pieces == 0);
    leaves
        .map(|t| {
            // A telephone number without separators has no pieces, but a canonical form.
            if t.kind == TokenKind::Phone {
                (t.start, t.end, String::new(), String::new())
            } else {
                (t.start, t.end, t.marked.clone(), t.folded.clone())
            }
        })
        .collect()
}

fn check(text: &str, tokens: &[Owned]) {
    check_contract(text, tokens);
    let mut expected = naive(text);
    if expected.iter().any(|word| word.2.len().max(word.3.len()) > MAX_TOKEN_BYTES) {
        // The scanner cuts such a word; the contract says how long its tokens are.
        return;
    }
    let found = simple(tokens);
    for (expected, token) in expected.iter_mut().zip(tokens.iter().filter(|t| t.pieces == 0)) {
        if token.kind == TokenKind::Phone {
            assert!(token.end == expected.1 && (token.start == expected.0 || token.start + 1 == expected.0));
            *expected = (token.start, token.end, String::new(), String::new());
        }
    }
    if found != expected {
        let at = found.iter().zip(&expected).position(|(a, b)| a != b).unwrap_or(found.len().min(expected.len()));
        let from = found.get(at).or(expected.get(at)).map_or(0, |t| t.0);
        let near: String = text[from..].chars().take(40).collect();
        panic!("found {:?}, expected {:?} at {near:?}", found.get(at), expected.get(at));
    }
}

#[test]
fn it_agrees_on_a_text_of_our_own() {
    let text = "Ngày 2/9/1945, tại Quảng trường Ba Đình, Chủ tịch Hồ Chí Minh đọc bản “Tuyên ngôn Độc lập” — khai sinh \
        nước Việt Nam. Hoà bình, thuý, qúy, vịêt, tóan, kĩ thuật; bác sỹ Lý ở Mỹ. Café, Straße, naïve, Łódź, 東京, \
        Ελλάς, Москва, don’t, K'Ho, m² 100kg covid-19 ½";
    for form in [text.to_owned(), text.nfd().collect(), text.to_uppercase(), text.replace(' ', "\u{A0}")] {
        check(&form, &scan(&form));
    }
}

#[test]
fn it_agrees_on_real_text() {
    // A part of each keeps the test short; `DAU_LONG_TESTS` asks for thirty times as much.
    let times = if std::env::var_os("DAU_LONG_TESTS").is_some() { 30 } else { 1 };
    let corpora = [
        ("eval/wiki/corpus.jsonl.zst", 600_000),
        ("corpora/news_daily.jsonl.zst", 600_000),
        ("corpora/products.jsonl.zst", 600_000),
        ("fixtures/law_articles.jsonl.zst", 300_000),
        ("fixtures/libreoffice_help_vi.jsonl.zst", 300_000),
    ];
    let mut scanner = Scanner::new();
    for (name, bytes) in corpora {
        for text in shared_data::strings(name, bytes * times).unwrap_or_default() {
            let tokens = scan_with(&mut scanner, &text);
            check(&text, &tokens);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn it_agrees_on_random_syllables(text in "([bcdđghklmnpqrstvx]{0,3}[aàáảãạăằâấeéêệiíịoóôốơợuúưứyỳýAÁĐÐQUIY]{1,3}(c|ch|m|n|ng|nh|p|t)?[ .,]?){1,12}") {
        for form in [text.clone(), text.nfd().collect()] {
            check(&form, &scan(&form));
        }
    }

    #[test]
    fn it_agrees_on_random_mixtures(text in "[ a-cdhikqstuyABÐđ0-9áàạêệơợưứýỹß中カไท한й'’\\-/.,_\u{300}\u{301}\u{302}\u{309}\u{31B}\u{323}\u{AD}\u{200D}\u{FEFF}“”…–／．＿\u{A0}]{0,40}") {
        prop_assume!(!tangled(&text));
        check(&text, &scan(&text));
    }
}

/// The scanner untangles a tone typed before the mark of its letter; the naive one leaves this to `letters.rs`.
fn tangled(text: &str) -> bool {
    let composed: String = text.chars().filter(|&c| !is_invisible(c)).nfkc().collect();
    composed.contains(['\u{302}', '\u{306}'])
}
