//! Syllables: a rule-made table of all of them in both tone placements, the shared list, and what is none.

use std::collections::HashSet;

use dau_text::{Placement, Syllable, Tone, canonical, fold, marked};
use unicode_normalization::UnicodeNormalization;

use crate::shared_data;
use crate::tokens::marked_forms;

/// Rimes with the vowel that takes the tone in capitals; where styles differ, the older seat. Written out by hand from
/// the sound charts, not taken from the crate.
const RIMES: &str = "A Ac Ach Ai Am An Ang Anh Ao Ap At Au Ay Ăc Ăm Ăn Ăng Ăp Ăt Âc Âm Ân Âng Âp Ât Âu Ây E Ec Em En \
    Eng Eo Ep Et Ê Êch Êm Ên Ênh Êp Êt Êu I Ia Ich Im In Inh Ip It Iu iÊc iÊm iÊn iÊng iÊp iÊt iÊu O Oc Oi Om On Ong \
    Op Ot Oa oAc oAch oAi oAm oAn oAng oAnh oAo oAp oAt oAy oĂc oĂm oĂn oĂng oĂt Oe oEn oEo oEt oOc oOng Ô Ôc Ôi Ôm Ôn \
    Ông Ôp Ôt Ơ Ơi Ơm Ơn Ơp Ơt U Ua Uc Ui Um Un Ung Up Ut uÂn uÂng uÂt uÂy uÊ uÊch uÊnh uÔc uÔi uÔm uÔn uÔng uÔt uƠ Uy \
    uYa uYch uYnh uYt uYu uYÊn uYÊt Ư Ưa Ưc Ưi Ưng Ưt Ưu ưƠc ưƠi ưƠm ưƠn ưƠng ưƠp ưƠt ưƠu";
const BACK: &str = "b c ch d đ g h kh l m n ng nh ph r s t th tr v x";
const FRONT: &str = "b ch d đ gh h k kh l m n ngh nh ph r s t th tr v x";

struct Spelled {
    bare: String,
    /// In the order of `Tone::ALL`, older placement.
    toned: [String; 6],
    stopped: bool,
}

fn table() -> Vec<Spelled> {
    let mut table = Vec::new();
    for rime in RIMES.split_whitespace() {
        let first = rime.to_lowercase().chars().next().expect("a rime has letters");
        let onsets = if matches!(first, 'e' | 'ê' | 'i') { FRONT } else { BACK };
        for onset in onsets.split_whitespace().chain([""]) {
            let bare = format!("{onset}{}", rime.to_lowercase());
            let toned = Tone::ALL.map(|tone| put_tone(onset, rime, tone));
            let stopped = rime.ends_with(['c', 'p', 't']) || rime.ends_with("ch");
            table.push(Spelled { bare, toned, stopped });
        }
    }
    table
}

fn put_tone(onset: &str, rime: &str, tone: Tone) -> String {
    // In `uYÊn` both are capitals: the last one counts.
    let seat = rime.char_indices().rfind(|(_, c)| c.is_uppercase()).expect("a seat").0;
    let mut word = String::from(onset);
    for (i, c) in rime.char_indices() {
        word.extend(c.to_lowercase());
        word.extend(tone.combining().filter(|_| i == seat));
    }
    word.nfc().collect()
}

#[test]
fn every_syllable_of_the_rules_parses_and_is_canonical() {
    let table = table();
    assert!(table.len() > 3_000, "{}", table.len());
    for Spelled { bare, toned, stopped } in &table {
        for (tone, word) in Tone::ALL.into_iter().zip(toned) {
            if *stopped && !matches!(tone, Tone::Acute | Tone::Dot | Tone::Level) {
                assert_eq!(Syllable::parse(word), None, "{word}: a stop wants acute or dot");
                continue;
            }
            let syllable = Syllable::parse(word).unwrap_or_else(|| panic!("{word} is a syllable"));
            assert_eq!(syllable.tone, tone, "{word}");
            assert_eq!(&syllable.to_string(), word);
            assert_eq!(syllable.spelled(Placement::Old), *word);
            assert_eq!(canonical(word), *word, "canonical already");
            assert_eq!(Syllable { tone: Tone::Level, ..syllable }.to_string(), *bare);
        }
    }
}

/// Whatever vowel letter the tone was put on, the word comes out as the table has it.
#[test]
fn a_tone_on_any_vowel_finds_its_seat() {
    let mut moved = 0;
    for Spelled { bare, toned, .. } in table() {
        for (tone, word) in Tone::ALL.into_iter().zip(&toned).skip(1) {
            for (at, c) in
                bare.char_indices().filter(|(_, c)| fold(&c.to_string()).contains(['a', 'e', 'i', 'o', 'u', 'y']))
            {
                let mut given = bare.clone();
                given.insert(at + c.len_utf8(), tone.combining().expect("not level"));
                let given: String = given.nfc().collect();
                moved += usize::from(given != *word);
                assert_eq!(canonical(&given), *word, "{given}");
                assert_eq!(canonical(&given.to_uppercase()), word.to_uppercase(), "{given}");
                assert_eq!(marked_forms(&given), [marked(word)], "{given}");
                assert_eq!(marked_forms(&given.nfd().collect::<String>()), [marked(word)], "{given}");
            }
        }
    }
    assert!(moved > 10_000, "{moved}");
}

#[test]
fn both_styles_of_open_oa_oe_uy() {
    for (old, new) in [("hòa", "hoà"), ("khỏe", "khoẻ"), ("thúy", "thuý"), ("ủy", "uỷ"), ("tọa", "toạ")]
    {
        assert_eq!(canonical(new), old);
        assert_eq!(canonical(old), old);
        assert_eq!(Syllable::parse(old).expect(old).spelled(Placement::New), new);
    }
    for both in ["toán", "hoàng", "ngoài", "huỳnh", "thuyền", "khuỷu", "quá", "quý", "già", "giá", "của", "mía", "quốc"]
    {
        let syllable = Syllable::parse(both).expect(both);
        assert_eq!(syllable.spelled(Placement::New), both);
        assert_eq!(syllable.spelled(Placement::Old), both);
    }
}

#[test]
fn onsets_with_a_vowel_letter_share_it() {
    for (word, onset, glide, nucleus, coda) in [
        ("gì", "gi", "", "i", ""),
        ("gìn", "gi", "", "i", "n"),
        ("giếng", "gi", "", "iê", "ng"),
        ("già", "gi", "", "a", ""),
        ("giường", "gi", "", "ươ", "ng"),
        ("quốc", "qu", "", "ô", "c"),
        ("quà", "qu", "", "a", ""),
        ("quyển", "qu", "", "yê", "n"),
        ("quýt", "qu", "u", "y", "t"),
        ("nghiêng", "ngh", "", "iê", "ng"),
    ] {
        let s = Syllable::parse(word).unwrap_or_else(|| panic!("{word} is a syllable"));
        assert_eq!((s.onset, s.glide, s.nucleus, s.coda), (onset, glide, nucleus, coda), "{word}");
        assert_eq!(s.to_string(), word);
    }
}

#[test]
fn what_is_no_syllable() {
    for word in [
        "",
        " ",
        "b",
        "ng",
        "string",
        "hello",
        "viêtt",
        "nguyeen",
        "kà",
        "cê",
        "ghà",
        "gê",
        "ngê",
        "àá",
        "việt nam",
        "a1",
        "aaa",
        "ươ",
        "hoàc",
        "tảt",
        "bb",
        "qq",
        "xyz",
        "w",
        "fan",
        "jan",
        "zan",
        "ⅷ",
        "nghiêngg",
        "ăi",
        "đđa",
        "byên",
    ] {
        assert_eq!(Syllable::parse(word), None, "{word}");
    }
    assert_eq!(Syllable::parse(&"a".repeat(100_000)), None);
}

#[test]
fn i_and_y_are_one_where_both_are_written_and_only_there() {
    for (a, b) in [
        ("kĩ", "kỹ"),
        ("sĩ", "sỹ"),
        ("mĩ", "mỹ"),
        ("lí", "lý"),
        ("quí", "quý"),
        ("tỉ", "tỷ"),
        ("hi", "hy"),
        ("vĩ", "vỹ"),
    ] {
        assert_eq!(marked(a), marked(b));
        assert_eq!(fold(a), fold(b));
        assert_ne!(canonical(a), canonical(b));
    }
    // Different words, and words where only one spelling exists.
    for (a, b) in
        [("tai", "tay"), ("mai", "may"), ("thúi", "thúy"), ("đi", "đy"), ("bi", "by"), ("ni", "ny"), ("i", "y")]
    {
        assert_ne!(marked(a), marked(b));
    }
}

#[test]
fn all_17_973_syllables_of_the_shared_list() {
    let Some(lines) = shared_data::lines("fixtures/lexicon/syllables_all_17973.txt") else {
        return;
    };
    let words: HashSet<&str> = lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
    // The name of the file counts line ends, and the last line has none.
    assert_eq!(words.len(), 17_974);
    for word in words {
        let syllable = Syllable::parse(word).unwrap_or_else(|| panic!("{word} is in the list"));
        let (old, new) = (syllable.spelled(Placement::Old), syllable.spelled(Placement::New));
        // The list also has `g` + `ia`, `q` + `ui`, which differ from `gi` + `a`, `qu` + `i` by the seat of the tone
        // alone. Here these are one word, for a tone in a wrong place is far likelier than *gịa*.
        let merged = matches!(word.as_bytes(), [b'g' | b'q', second, _, _, ..] if *second >= 0x80);
        let expected = if merged { fold(word).into_owned() } else { word.to_owned() };
        let found = if merged { fold(&new).into_owned() } else { new.clone() };
        assert_eq!(found, expected, "the list uses the newer placement");
        for spelled in [&old, &new] {
            assert_eq!(canonical(spelled), old);
            assert_eq!(Syllable::parse(spelled), Some(syllable));
            assert_eq!(marked_forms(spelled), [marked(&old)]);
        }
    }
}
