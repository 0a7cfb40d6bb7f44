//! Properties that hold for every text whatsoever.

use dau_text::{Part, canonical, fold, fold_letters, marked};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use crate::tokens::{Owned, check_contract, remembering, scan, scan_with};

/// Texts of the sorts that have surprised search engines.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,60}",
        "[\\PC\n\t]{0,60}",
        // Vietnamese with all that gets into it.
        "([a-zA-ZđĐÐăâêôơưàáảãạệứọịỷ]{1,8}[ \u{A0}\u{200B}\u{AD}\u{FEFF}.,:;!?'’“”/_@+%&()\\[\\]\u{2013}-]{1,2}){0,12}",
        // Numbers, dates, codes, addresses.
        "([0-9]{1,5}[-./,:_+ ]?){0,12}",
        "((http://|www\\.|@|\\.vn|\\.com|[a-z]{1,4}|[0-9]{1,3}|[A-ZĐ]{1,4}|[-./_ ])){0,14}",
        // Letters of several languages with nothing but joiners, also full-width ones, between them.
        "(([a-zđáộüñжΣ]{1,3}|[0-9０-９]{1,3}|[カ漢ไ한①ﬁ])([-/.,_／．＿‐–’\u{AD}\u{301} ])?){0,14}",
        // Letters under heaps of marks.
        "[aeiouydAEđ]{0,3}([aouAE][\u{300}-\u{30F}\u{31B}\u{323}\u{341}\u{302}]{0,4}[bcnt ]?){0,10}",
    ]
}

fn forms(tokens: &[Owned]) -> Vec<(&str, &str, &str, Part, u32, u32)> {
    tokens
        .iter()
        .map(|t| (t.kind.as_str(), t.marked.as_str(), t.folded.as_str(), t.part, t.position, t.pieces))
        .collect()
}

/// Composes every other character, as text patched together from several sources is.
fn half_composed(text: &str) -> String {
    text.split_inclusive(' ')
        .enumerate()
        .map(|(i, word)| if i % 2 == 0 { word.nfc().collect::<String>() } else { word.nfd().collect() })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn tokens_keep_their_contract(text in texts()) {
        check_contract(&text, &scan(&text));
    }

    #[test]
    fn forms_are_idempotent(text in texts()) {
        let (marked_once, folded) = (marked(&text), fold(&text));
        prop_assert_eq!(marked(&marked_once), marked_once.as_ref());
        prop_assert_eq!(fold(&folded), folded.as_ref());
        prop_assert_eq!(fold(&marked_once), folded.as_ref());
        let canonical_once = canonical(&text);
        prop_assert_eq!(canonical(&canonical_once), canonical_once.as_ref());
        let letters = fold_letters(&text);
        prop_assert_eq!(fold_letters(&letters), letters.as_ref());
    }

    /// Canonically equivalent texts have the same tokens, each with the spans of the text it came from.
    #[test]
    fn unicode_form_does_not_matter(text in texts()) {
        let composed: String = text.nfc().collect();
        let decomposed: String = text.nfd().collect();
        let mixed = half_composed(&text);
        let tokens = scan(&composed);
        for other in [&text, &decomposed, &mixed] {
            let others = scan(other);
            prop_assert_eq!(forms(&tokens), forms(&others), "{:?} {:?}", &composed, other);
            for (a, b) in tokens.iter().zip(&others) {
                let (a, b) = (&composed[a.start..a.end], &other[b.start..b.end]);
                prop_assert!(a.nfc().eq(b.nfc()), "{:?} {:?}", a, b);
            }
        }
    }

    /// The forms of a word are those of the text it was cut from, so that whole-text folding finds what tokens find.
    #[test]
    fn case_does_not_matter(text in "(([a-zđáảệứơư]{1,6}|[0-9]{1,4}|www|http://|v[.]v|tp|hcm|và|hè|com|vn)[-./_@ ]?){0,12}") {
        let (lower, upper) = (scan(&text), scan(&text.to_uppercase()));
        prop_assert_eq!(forms(&lower), forms(&upper));
    }

    #[test]
    fn forms_of_words_are_forms_of_their_text(text in texts()) {
        for token in scan(&text).iter().filter(|t| t.kind.as_str() == "word" && t.marked.len() < 200) {
            let slice = &text[token.start..token.end];
            let whole = marked(slice);
            if !whole.contains(char::is_whitespace) {
                prop_assert_eq!(&token.marked, &whole.into_owned());
                prop_assert_eq!(&token.folded, &fold(slice).into_owned());
            }
        }
    }

    /// What a scanner has seen before never changes what it finds.
    #[test]
    fn reuse_changes_nothing(texts in proptest::collection::vec(texts(), 1..6)) {
        let mut used = remembering();
        for text in &texts {
            prop_assert_eq!(scan(text), scan_with(&mut used, text));
            prop_assert_eq!(scan(text), scan_with(&mut used, text));
        }
    }

    /// A text in front that ends in white space shifts the tokens and does nothing else.
    #[test]
    fn tokens_do_not_depend_on_where_they_stand(text in texts(), before in "[a-zđ ]{0,20}\n") {
        let alone = scan(&text);
        let count = scan(&before).iter().filter(|t| t.part == Part::Whole).count() as u32;
        let joined = format!("{before}{text}");
        let shifted: Vec<Owned> = scan(&joined).into_iter().filter(|t| t.start >= before.len()).map(|mut t| {
            t.start -= before.len();
            t.end -= before.len();
            t.position -= count;
            t
        }).collect();
        prop_assert_eq!(alone, shifted);
    }
}

#[test]
fn hostile_texts() {
    for text in [
        "a".repeat(100_000),
        "ế".repeat(10_000),
        "e\u{302}\u{301}".repeat(10_000),
        format!("a{}", "\u{301}".repeat(10_000)),
        "\u{301}".repeat(1_000),
        "1".repeat(10_000),
        "1.".repeat(10_000),
        format!("1{}", ".000".repeat(1_000)),
        "-".repeat(10_000),
        "a-".repeat(10_000),
        "a/1".repeat(10_000),
        "http://".repeat(1_000),
        "a@".repeat(5_000),
        "a.".repeat(5_000) + "vn",
        "www.".repeat(1_000),
        "\u{FDFA}".repeat(500),
        "中".repeat(5_000),
        "ไ".repeat(5_000),
        "\u{200D}".repeat(1_000),
        "+".repeat(1_000) + "84912345678",
        "\u{115F}\u{3164}\u{FFA0}".to_owned(),
        "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}".to_owned(),
        "\0\u{1}\u{7F}\u{FFFF}\u{10FFFF}".to_owned(),
    ] {
        check_contract(&text, &scan(&text));
        fold(&text);
        marked(&text);
        canonical(&text);
    }
}
