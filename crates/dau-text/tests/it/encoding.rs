//! Old encodings: every letter of each, which one is guessed, and damage that is counted.
//!
//! The bytes come from another implementation (iconv for VISCII, TCVN 5712 and windows-1258; the published key table of
//! VNI), so that the tables are not compared with themselves.

#![expect(
    clippy::print_stdout,
    reason = "the share that was read, or that the shared data is absent, is for the reader of the test's output"
)]

use std::collections::HashMap;
use std::path::PathBuf;

use dau_text::encoding::{Encoding, EncodingChoice, detect};
use proptest::prelude::*;

/// The small letters beyond ASCII: those without tone, then each vowel with acute, grave, hook, tilde, dot.
const SMALL: &str = "ăâđêôơưáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ";

const VISCII_SMALL: &[u8] = b"\xE5\xE2\xF0\xEA\xF4\xBD\xDF\xE1\xE0\xE4\xE3\xD5\xA1\xA2\xC6\xC7\xA3\xA4\xA5\xA6\xE7\xA7\
    \xE9\xE8\xEB\xA8\xA9\xAA\xAB\xAC\xAD\xAE\xED\xEC\xEF\xEE\xB8\xF3\xF2\xF6\xF5\xF7\xAF\xB0\xB1\xB2\xB5\xBE\xB6\xB7\xDE\xFE\
    \xFA\xF9\xFC\xFB\xF8\xD1\xD7\xD8\xE6\xF1\xFD\xCF\xD6\xDB\xDC";
const VISCII_CAPITAL: &[u8] = b"\xC5\xC2\xD0\xCA\xD4\xB4\xBF\xC1\xC0\xC4\xC3\x80\x81\x82\x02\x05\x83\x84\x85\x86\x06\x87\
    \xC9\xC8\xCB\x88\x89\x8A\x8B\x8C\x8D\x8E\xCD\xCC\x9B\xCE\x98\xD3\xD2\x99\xA0\x9A\x8F\x90\x91\x92\x93\x95\x96\x97\xB3\x94\
    \xDA\xD9\x9C\x9D\x9E\xBA\xBB\xBC\xFF\xB9\xDD\x9F\x14\x19\x1E";
const TCVN3_SMALL: &[u8] = b"\xA8\xA9\xAE\xAA\xAB\xAC\xAD\xB8\xB5\xB6\xB7\xB9\xBE\xBB\xBC\xBD\xC6\xCA\xC7\xC8\xC9\xCB\
    \xD0\xCC\xCE\xCF\xD1\xD5\xD2\xD3\xD4\xD6\xDD\xD7\xD8\xDC\xDE\xE3\xDF\xE1\xE2\xE4\xE8\xE5\xE6\xE7\xE9\xED\xEA\xEB\xEC\xEE\
    \xF3\xEF\xF1\xF2\xF4\xF8\xF5\xF6\xF7\xF9\xFD\xFA\xFB\xFC\xFE";
/// The capitals that TCVN3 itself has.
const TCVN3_CAPITAL: (&str, &[u8]) = ("ĂÂĐÊÔƠƯ", b"\xA1\xA2\xA7\xA3\xA4\xA5\xA6");
/// The capitals of TCVN 5712 at places that TCVN3 leaves free.
const TCVN_EXTRA: (&str, &[u8]) =
    ("ẮẰẲẴẤẦẨẪẾỀỂỄỐỒỔỖ", b"\xC0\xAF\xBA\xBF\xC4\xC1\xC2\xC3\xDA\xC5\xCD\xD9\xFF\xDB\xE0\xF0");
const WINDOWS_1258_SMALL: &[u8] = b"\xE3\xE2\xF0\xEA\xF4\xF5\xFD\xE1\xE0a\xD2a\xDEa\xF2\xE3\xEC\xE3\xCC\xE3\xD2\xE3\xDE\xE3\xF2\
    \xE2\xEC\xE2\xCC\xE2\xD2\xE2\xDE\xE2\xF2\xE9\xE8e\xD2e\xDEe\xF2\xEA\xEC\xEA\xCC\xEA\xD2\xEA\xDE\xEA\xF2\xEDi\xCCi\xD2i\xDEi\xF2\
    \xF3o\xCCo\xD2o\xDEo\xF2\xF4\xEC\xF4\xCC\xF4\xD2\xF4\xDE\xF4\xF2\xF5\xEC\xF5\xCC\xF5\xD2\xF5\xDE\xF5\xF2\xFA\xF9u\xD2u\xDEu\xF2\
    \xFD\xEC\xFD\xCC\xFD\xD2\xFD\xDE\xFD\xF2y\xECy\xCCy\xD2y\xDEy\xF2";
const WINDOWS_1258_CAPITAL: &[u8] = b"\xC3\xC2\xD0\xCA\xD4\xD5\xDD\xC1\xC0A\xD2A\xDEA\xF2\xC3\xEC\xC3\xCC\xC3\xD2\xC3\xDE\xC3\xF2\
    \xC2\xEC\xC2\xCC\xC2\xD2\xC2\xDE\xC2\xF2\xC9\xC8E\xD2E\xDEE\xF2\xCA\xEC\xCA\xCC\xCA\xD2\xCA\xDE\xCA\xF2\xCDI\xCCI\xD2I\xDEI\xF2\
    \xD3O\xCCO\xD2O\xDEO\xF2\xD4\xEC\xD4\xCC\xD4\xD2\xD4\xDE\xD4\xF2\xD5\xEC\xD5\xCC\xD5\xD2\xD5\xDE\xD5\xF2\xDA\xD9U\xD2U\xDEU\xF2\
    \xDD\xEC\xDD\xCC\xDD\xD2\xDD\xDE\xDD\xF2Y\xECY\xCCY\xD2Y\xDEY\xF2";
/// The letters of [`SMALL`] in VNI-Windows, seen as Latin-1.
const VNI_SMALL: &str = "aê aâ ñ eâ oâ ô ö aù aø aû aõ aï aé aè aú aü aë aá aà aå aã aä eù eø eû eõ eï eá eà eå eã eä í ì æ ó ò \
    où oø oû oõ oï oá oà oå oã oä ôù ôø ôû ôõ ôï uù uø uû uõ uï öù öø öû öõ öï yù yø yû yõ î";

/// News in our own words; every tone, every vowel letter, digits and quotes.
const NEWS: &str = "Sáng nay, Ủy ban nhân dân tỉnh đã họp để bàn việc xây cầu qua sông. Theo kế hoạch, công trình sẽ khởi công vào \
    tháng 9 năm 2004 với số vốn hơn 120 tỷ đồng. Ông Trần Văn Hưởng nói rằng người dân hai bên bờ đã chờ đợi cây cầu này từ lâu, \
    vì mỗi mùa lũ các em nhỏ phải nghỉ học. Kỹ sư trưởng cũng cho biết phần móng khó nhất đã được khảo sát kỹ.";

fn latin1(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(c).expect("the table is Latin-1")).collect()
}

fn capitals(text: &str) -> String {
    text.to_uppercase()
}

fn check(encoding: Encoding, bytes: &[u8], expected: &str) {
    let decoded = encoding.decode(bytes);
    assert_eq!((&*decoded.text, decoded.replaced), (expected, 0), "{encoding} {bytes:x?}");
}

/// Encodes with the tables of this file; capitals with a tone become small letters in TCVN3.
struct Encoder {
    bytes: HashMap<char, Vec<u8>>,
    encoding: Encoding,
}

impl Encoder {
    fn new(encoding: Encoding) -> Encoder {
        let mut bytes = HashMap::new();
        let mut singles = |letters: &str, codes: &[u8]| {
            bytes.extend(letters.chars().zip(codes).map(|(letter, code)| (letter, vec![*code])));
        };
        match encoding {
            Encoding::Viscii => {
                singles(SMALL, VISCII_SMALL);
                singles(&capitals(SMALL), VISCII_CAPITAL);
            }
            Encoding::Tcvn3 => {
                singles(&capitals(SMALL), TCVN3_SMALL);
                singles(SMALL, TCVN3_SMALL);
                singles(TCVN3_CAPITAL.0, TCVN3_CAPITAL.1);
            }
            Encoding::Windows1258 => {
                for (letters, codes) in
                    [(SMALL.to_owned(), WINDOWS_1258_SMALL), (capitals(SMALL), WINDOWS_1258_CAPITAL)]
                {
                    let mut rest = codes;
                    for letter in letters.chars() {
                        let tone_follows = rest.get(1).is_some_and(|code| b"\xCC\xD2\xDE\xEC\xF2".contains(code));
                        let (code, after) = rest.split_at(1 + usize::from(tone_follows));
                        bytes.insert(letter, code.to_vec());
                        rest = after;
                    }
                }
            }
            Encoding::Vni => {
                for (letter, code) in SMALL.chars().zip(VNI_SMALL.split_whitespace()) {
                    bytes.insert(letter, latin1(code));
                    bytes.insert(capitals(&letter.to_string()).chars().next().expect("one"), latin1(&capitals(code)));
                }
            }
            other => panic!("{other} needs no table"),
        }
        Encoder { bytes, encoding }
    }

    fn encode(&self, text: &str) -> Vec<u8> {
        text.chars()
            .flat_map(|c| self.bytes.get(&c).cloned().unwrap_or_else(|| vec![u8::try_from(c).unwrap_or(b'?')]))
            .collect()
    }
}

fn encoders() -> [Encoder; 4] {
    [Encoding::Tcvn3, Encoding::Vni, Encoding::Viscii, Encoding::Windows1258].map(Encoder::new)
}

#[test]
fn every_letter_of_viscii() {
    check(Encoding::Viscii, VISCII_SMALL, SMALL);
    check(Encoding::Viscii, VISCII_CAPITAL, &capitals(SMALL));
}

#[test]
fn every_letter_of_windows_1258() {
    check(Encoding::Windows1258, WINDOWS_1258_SMALL, SMALL);
    check(Encoding::Windows1258, WINDOWS_1258_CAPITAL, &capitals(SMALL));
}

#[test]
fn every_letter_of_vni() {
    for (bytes, letter) in VNI_SMALL.split_whitespace().zip(SMALL.chars()) {
        let letter = letter.to_string();
        check(Encoding::Vni, &latin1(bytes), &letter);
        check(Encoding::Vni, &latin1(&capitals(bytes)), &capitals(&letter));
        // Some programs leave the marks of a capital small.
        let mixed: String = bytes.chars().take(1).flat_map(char::to_uppercase).chain(bytes.chars().skip(1)).collect();
        check(Encoding::Vni, &latin1(&mixed), &capitals(&letter));
    }
}

#[test]
fn every_letter_of_tcvn3() {
    check(Encoding::Tcvn3, TCVN3_SMALL, SMALL);
    check(Encoding::Tcvn3, TCVN3_CAPITAL.1, TCVN3_CAPITAL.0);
    check(Encoding::Tcvn3, TCVN_EXTRA.1, TCVN_EXTRA.0);
    // Capitals with a tone: the vowel and a combining tone.
    let capitals = [
        (b'A', "ÁÀẢÃẠ"),
        (0xA1, "ẮẰẲẴẶ"),
        (0xA2, "ẤẦẨẪẬ"),
        (b'E', "ÉÈẺẼẸ"),
        (0xA3, "ẾỀỂỄỆ"),
        (b'I', "ÍÌỈĨỊ"),
        (b'O', "ÓÒỎÕỌ"),
        (0xA4, "ỐỒỔỖỘ"),
        (0xA5, "ỚỜỞỠỢ"),
        (b'U', "ÚÙỦŨỤ"),
        (0xA6, "ỨỪỬỮỰ"),
        (b'Y', "ÝỲỶỸỴ"),
    ];
    for (vowel, letters) in capitals {
        for (tone, letter) in [0xB3, 0xB0, 0xB1, 0xB2, 0xB4].into_iter().zip(letters.chars()) {
            check(Encoding::Tcvn3, &[vowel, tone], &letter.to_string());
        }
    }
}

#[test]
fn capitals_of_the_tcvn3_capital_font() {
    check(Encoding::Tcvn3, b"TH\xB5NH PH\xE8 H\xE5 CH\xDD MINH", "THÀNH PHỐ Hồ CHÍ MINH");
    check(Encoding::Tcvn3, b"Th\xB5nh T\xF9 U\xF9", "Thành Tự Uự");
    check(Encoding::Tcvn3, b"30\xB0C, 5m\xB2", "30°C, 5m²");
}

#[test]
fn word_punctuation_stays() {
    for encoding in [Encoding::Tcvn3, Encoding::Vni, Encoding::Windows1258] {
        check(encoding, b"\x93a\x94 \x96 b\x85", "“a” – b…");
    }
}

#[test]
fn letters_of_other_languages_stay_in_vni() {
    check(Encoding::Vni, b"gar\xE7on, stra\xDFe", "garçon, straße");
}

#[test]
fn utf_16_with_and_without_mark() {
    for bytes in [
        b"\xFF\xFEV\0i\0\xC7\x1Et\0".as_slice(),
        b"\xFE\xFF\0V\0i\x1E\xC7\0t",
        b"V\0i\0\xC7\x1Et\0",
        b"\0V\0i\x1E\xC7\0t",
    ] {
        assert_eq!(detect(bytes), Encoding::Utf16, "{bytes:x?}");
        check(Encoding::Utf16, bytes, "Việt");
    }
    let cut = Encoding::Utf16.decode(b"\xFF\xFEV\0i");
    assert_eq!((&*cut.text, cut.replaced), ("V\u{FFFD}", 1));
    let lone = Encoding::Utf16.decode(b"\xFF\xFEV\0\x00\xD8");
    assert_eq!((&*lone.text, lone.replaced), ("V\u{FFFD}", 1));
}

#[test]
fn utf_8_drops_its_mark_and_counts_damage() {
    check(Encoding::Utf8, b"\xEF\xBB\xBFVi\xE1\xBB\x87t", "Việt");
    let damaged = Encoding::Utf8.decode(b"Vi\xE1\xBBt \xFFNam");
    assert_eq!((&*damaged.text, damaged.replaced), ("Vi\u{FFFD}t \u{FFFD}Nam", 2));
    assert!(matches!(Encoding::Utf8.decode(NEWS.as_bytes()).text, std::borrow::Cow::Borrowed(_)));
}

#[test]
fn each_encoding_is_guessed() {
    for encoder in encoders() {
        for text in [NEWS, "Tiếng Việt", "Đường Nguyễn Huệ, thành phố Hồ Chí Minh"] {
            let bytes = encoder.encode(text);
            assert_eq!(detect(&bytes), encoder.encoding, "{text}");
            let decoded = encoder.encoding.decode(&bytes);
            assert_eq!(decoded.text.to_lowercase(), text.to_lowercase());
        }
    }
}

#[test]
fn unicode_and_western_text_is_guessed() {
    let half = NEWS.as_bytes().iter().position(|byte| *byte >= 0x80).expect("a letter") + 1;
    for (bytes, expected) in [
        (b"".as_slice(), Encoding::Utf8),
        (b"plain ASCII".as_slice(), Encoding::Utf8),
        (NEWS.as_bytes(), Encoding::Utf8),
        // Cut inside a letter, as a sample of a file is.
        (&NEWS.as_bytes()[..half], Encoding::Utf8),
        (b"\xEF\xBB\xBF".as_slice(), Encoding::Utf8),
        (b"It\x92s a \x93quote\x94 \x97 no more.".as_slice(), Encoding::Windows1258),
        (b"Le caf\xE9 est ferm\xE9, la rue pi\xE9tonne.".as_slice(), Encoding::Windows1258),
        (b"\x00\x00\x00\x01\xFF\xD8\x00\x00".as_slice(), Encoding::Windows1258),
    ] {
        assert_eq!(detect(bytes), expected, "{:?}", String::from_utf8_lossy(bytes));
    }
    let mut damaged = NEWS.as_bytes().to_vec();
    damaged[40] = 0xFF;
    assert_eq!(detect(&damaged), Encoding::Utf8);
}

#[test]
fn names_are_read() {
    for encoding in Encoding::ALL {
        assert_eq!(encoding.to_string().parse(), Ok(encoding));
        assert_eq!(encoding.name().to_uppercase().parse(), Ok(EncodingChoice::Fixed(encoding)));
    }
    assert_eq!("AUTO".parse(), Ok(EncodingChoice::Auto));
    assert_eq!("cp1258".parse(), Ok(Encoding::Windows1258));
    let error = "latin1".parse::<EncodingChoice>().expect_err("unknown");
    assert_eq!(
        error.to_string(),
        "unknown encoding \"latin1\": expected auto, utf-8, tcvn3, vni, viscii, windows-1258, utf-16"
    );
}

/// Lines of the shared poem, in each encoding, on their own: six or eight syllables must be enough. A line whose letters
/// have the same codes in the encoding that is guessed reads the same, which is all that matters.
#[test]
fn lines_of_the_shared_poem_are_guessed() {
    let root = std::env::var_os("DAU_DATA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from);
    let Ok(text) = std::fs::read_to_string(root.join("fixtures/lexicon/kieu.txt")) else {
        println!("shared data not present: skipped fixtures/lexicon/kieu.txt");
        return;
    };
    let marked = |line: &&str| line.chars().filter(|c| !c.is_ascii()).count() >= 3;
    let lines: Vec<&str> = text.lines().filter(marked).step_by(5).collect();
    for encoder in encoders() {
        let reads = |line: &&&str| {
            let bytes = encoder.encode(line);
            detect(&bytes).decode(&bytes).text == encoder.encoding.decode(&bytes).text
        };
        let read = lines.iter().filter(reads).count();
        let share = read as f64 / lines.len() as f64;
        println!("{}: {read} of {} lines read ({share:.4})", encoder.encoding, lines.len());
        assert!(share >= 0.99, "{}: {share:.4} of the lines are read, expected at least 0.99", encoder.encoding);
        assert_eq!(detect(&encoder.encode(&text)), encoder.encoding);
    }
}

proptest! {
    #[test]
    fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = detect(&bytes);
        for encoding in Encoding::ALL {
            let decoded = encoding.decode(&bytes);
            prop_assert!(decoded.text.matches(char::REPLACEMENT_CHARACTER).count() >= decoded.replaced);
        }
    }

    #[test]
    fn ascii_is_ascii_everywhere(text in "[ -~\\n\\t]{0,60}") {
        for encoding in Encoding::ALL.into_iter().filter(|encoding| *encoding != Encoding::Utf16) {
            let decoded = encoding.decode(text.as_bytes());
            prop_assert_eq!(&*decoded.text, text.as_str(), "{}", encoding);
        }
        prop_assert_eq!(detect(text.as_bytes()), Encoding::Utf8);
    }

    #[test]
    fn any_vietnamese_letters_come_back(picks in proptest::collection::vec(0..SMALL.chars().count(), 0..40)) {
        let small: String = picks.iter().filter_map(|pick| SMALL.chars().nth(*pick)).collect();
        for encoder in encoders() {
            let bytes = encoder.encode(&small);
            let decoded = encoder.encoding.decode(&bytes);
            prop_assert_eq!(&*decoded.text, small.as_str(), "{}", encoder.encoding);
        }
    }
}
