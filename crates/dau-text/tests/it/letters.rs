//! The 134 letters in every way they can be encoded: each is itself, and its base letter.

use dau_text::letter::{self, Letter, Mark};
use dau_text::{Tone, fold, marked};
use unicode_normalization::UnicodeNormalization;

use crate::tokens::scan;

/// The small letters as the alphabet and the sound charts list them, independent of the crate's own table.
const SMALL: &str = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ";
const BASES: &str = "aaaaaaaaaaaaaaaaaeeeeeeeeeeeiiiiiooooooooooooooooouuuuuuuuuuuyyyyyd";

/// All encodings of a letter: composed, decomposed, and composed in part, the tone or the mark being apart.
fn encodings(c: char) -> Vec<String> {
    let letter = letter::decompose(c).expect("a Vietnamese letter");
    let mut forms = vec![c.to_string(), c.nfd().collect()];
    let toneless = letter::compose(Letter { tone: Tone::Level, ..letter }).expect("a letter");
    let markless = letter::compose(Letter { mark: Mark::None, ..letter });
    if let Some(tone) = letter.tone.combining() {
        forms.push(format!("{toneless}{tone}"));
        let mark = match letter.mark {
            Mark::Breve => '\u{306}',
            Mark::Circumflex => '\u{302}',
            Mark::Horn => '\u{31B}',
            Mark::None | Mark::Stroke => return forms,
        };
        let markless = markless.expect("a letter with its tone alone");
        let base = if letter.upper { letter.base.to_ascii_uppercase() } else { letter.base };
        forms.push(format!("{markless}{mark}"));
        forms.push(format!("{base}{tone}{mark}"));
        forms.push(format!("{base}{mark}{tone}"));
    }
    match c {
        'đ' => forms.push("ð".into()),
        'Đ' => forms.push("Ð".into()),
        _ => {}
    }
    forms
}

#[test]
fn every_letter_in_every_encoding_is_itself_and_its_base() {
    let mut letters = 0;
    for (small, base) in SMALL.chars().zip(BASES.chars()) {
        for c in [small, small.to_uppercase().next().expect("a capital")] {
            letters += 1;
            for form in encodings(c) {
                assert_eq!(marked(&form), small.to_string(), "{c} as {form:?}");
                assert_eq!(fold(&form), base.to_string(), "{c} as {form:?}");
                // In a word, too, with a letter before and after that no rule reaches.
                let word = format!("z{form}z");
                let tokens = scan(&word);
                assert_eq!(tokens.len(), 1, "{word:?}");
                assert_eq!((tokens[0].start, tokens[0].end), (0, word.len()));
                assert_eq!(tokens[0].marked, format!("z{small}z"), "{word:?}");
                assert_eq!(tokens[0].folded, format!("z{base}z"), "{word:?}");
            }
        }
    }
    assert_eq!(letters, 134);
}

#[test]
fn letters_of_other_languages_fold_to_ascii() {
    for (given, folded) in [
        ("Ñandú", "nandu"),
        ("Ærøskøbing", "aeroskobing"),
        ("Łódź", "lodz"),
        ("Þórður", "thordur"),
        ("GROẞE Straße", "grosse strasse"),
        ("İstanbul ıssız", "istanbul issiz"),
        ("Čeština", "cestina"),
        ("œuvre", "oeuvre"),
        ("Ａｂｃ１２", "abc12"),
        ("ﬁle", "file"),
    ] {
        assert_eq!(fold(given), folded);
    }
}

#[test]
fn other_scripts_lose_case_and_accents_but_no_letters() {
    for (given, folded) in [
        ("ΆΘΗΝΑΣ", "αθηνασ"),
        ("Йога Ёлка", "иога елка"),
        ("한국어", "한국어"),
        ("ภาษาไทย", "ภาษาไทย"),
        ("हिन्दी", "हिन्दी"),
        ("ガラス", "ガラス"),
    ] {
        assert_eq!(fold(given), folded);
    }
}
