//! Marks: the spelling that was meant first, none lost, and every way of writing one word the same word.

use dau::{Accents, Index, Search};

use crate::fixture::{half_composed, ids, index_of_texts, matching, nfd, ranked};

/// Searches one-word documents; returns their texts, best first.
fn order<'a>(index: &Index, texts: &[&'a str], search: &Search) -> Vec<&'a str> {
    ids(index, search).iter().map(|id| texts[id.parse::<usize>().expect("ids are numbers")]).collect()
}

fn sorted(mut texts: Vec<&str>) -> Vec<&str> {
    texts.sort_unstable();
    texts
}

const ROADS: [&str; 5] = ["dưỡng", "duong", "đương", "dương", "đường"];
const SALES: [&str; 4] = ["ban", "bạn", "bàn", "bán"];
const FRUITS: [&str; 3] = ["qua", "quả", "quá"];

#[test]
fn the_exact_spelling_is_first_and_none_is_lost() {
    for texts in [&ROADS[..], &SALES, &FRUITS] {
        let index = index_of_texts(texts);
        for typed in texts {
            for search in [Search::new(*typed), Search::new(typed.to_uppercase()), Search::new(nfd(typed))] {
                let found = order(&index, texts, &search);
                assert_eq!(&found[0], typed, "{search:?}");
                assert_eq!(sorted(found), sorted(texts.to_vec()), "{search:?}");
            }
        }
    }
}

#[test]
fn the_exact_spelling_outscores_the_others_however_common_they_are() {
    let mut texts = vec!["cho thuê bàn", "bán xe", "cái bàn", "ban ngày"];
    texts.extend(["một cái bàn"; 60]);
    texts.extend(["ban ngày"; 60]);
    let index = index_of_texts(&texts);
    let found = ranked(&index, &Search::new("bán"));
    assert_eq!(found[0].0, "1");
    assert!(found[0].1 > found[1].1, "{:?}", &found[..2]);
    assert_eq!(found.len(), texts.len());
}

#[test]
fn compatible_marks_come_before_conflicting_ones() {
    let check = |texts: &[&str], typed: &str, expected: &[&str]| {
        let index = index_of_texts(texts);
        assert_eq!(order(&index, texts, &Search::new(typed)), expected, "{typed}");
    };
    // dưỡng has no đ and another tone: it contradicts. đường is đương with a tone.
    check(&["dưỡng", "đường", "đương"], "đương", &["đương", "đường", "dưỡng"]);
    check(&["bàn", "bán"], "bán", &["bán", "bàn"]);
    check(&["bàn", "ban", "bán"], "bán", &["bán", "ban", "bàn"]);
    check(&["viết", "việt", "viêt"], "việt", &["việt", "viêt", "viết"]);
}

#[test]
fn a_bare_word_finds_every_spelling() {
    for texts in [&ROADS[..], &SALES, &FRUITS] {
        let index = index_of_texts(texts);
        let bare = dau::text::fold(texts[0]).into_owned();
        for search in [Search::new(&bare), Search::new(bare.to_uppercase())] {
            assert_eq!(sorted(order(&index, texts, &search)), sorted(texts.to_vec()));
        }
    }
}

#[test]
fn a_bare_prefix_ranks_bare_words_first() {
    let texts = ["học sinh", "hoc sinh"];
    let index = index_of_texts(&texts);
    assert_eq!(order(&index, &texts, &Search::new("ho*")), ["hoc sinh", "học sinh"]);
    assert_eq!(order(&index, &texts, &Search::new("họ*")), ["học sinh", "hoc sinh"]);
}

#[test]
fn strict_and_the_equals_sign_find_one_spelling() {
    for texts in [&ROADS[..], &SALES, &FRUITS] {
        let index = index_of_texts(texts);
        for typed in texts {
            for search in [
                Search::new(format!("={typed}")),
                Search::new(format!("=\"{typed}\"")),
                Search::new(format!("={}", nfd(typed))),
                Search::new(*typed).accents(Accents::Strict),
                Search::new(format!("\"{typed}\"")).accents(Accents::Strict),
                Search::new("*").filter(format!("={typed}")),
            ] {
                assert_eq!(order(&index, texts, &search), [*typed], "{search:?}");
            }
        }
    }
    let texts = ["cái bàn", "bán bàn", "bán"];
    let index = index_of_texts(&texts);
    assert_eq!(matching(&index, &Search::new("+=bán +ban")), [1, 2], "only the word with the sign is exact");
    assert_eq!(matching(&index, &Search::new("=bá*")), [1, 2]);
    assert_eq!(matching(&index, &Search::new("\"bán bàn\"").accents(Accents::Strict)), [1]);
    assert_eq!(matching(&index, &Search::new("\"ban ban\"").accents(Accents::Strict)), [0; 0]);
}

#[test]
fn ignored_marks_never_count() {
    for texts in [&ROADS[..], &SALES, &FRUITS] {
        let index = index_of_texts(texts);
        for typed in texts {
            let found = ranked(&index, &Search::new(*typed).accents(Accents::Ignore));
            let in_order: Vec<String> = (0..texts.len()).map(|id| id.to_string()).collect();
            assert_eq!(found.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>(), in_order, "{typed}");
            assert!(found.iter().all(|(_, score)| (score - found[0].1).abs() < 1e-6 && *score > 0.0), "{found:?}");
        }
    }
}

/// Texts in which every word occurs in several spellings and frequencies, so that scores differ.
const STORIES: [&str; 10] = [
    "Hòa bình ở Thủ đô Hà Nội, đường phố thanh bình và hòa thuận",
    "Thúy Kiều là chị, em là Thúy Vân",
    "Học kỹ thuật ở trường kỹ nghệ, gặp bác sĩ Mỹ",
    "Đường sắt Bắc Nam chạy qua Đà Nẵng",
    "Hoa nở bên đường, dương cầm vang tiếng",
    "Nguyễn Huệ vào Phú Xuân",
    "Ki lô mét cuối cùng của con đường",
    "hoa binh thuy kieu ky thuat duong sat",
    "Quý vị già trẻ quá vui, giữ gìn của quý",
    "Hóa đơn thỏa thuận, khỏe mạnh, xòe ô, tùy ý",
];

/// Searches for all `variants` give exactly what `text` gives: the same documents, order and scores.
fn check_same(index: &Index, text: &str, variants: &[String]) {
    for accents in [Accents::Smart, Accents::Strict, Accents::Ignore] {
        for quoted in [false, true] {
            let search = |typed: &str| {
                let typed = if quoted { format!("\"{typed}\"") } else { typed.to_owned() };
                Search::new(typed).accents(accents)
            };
            let expected = ranked(index, &search(text));
            for variant in variants {
                assert_eq!(ranked(index, &search(variant)), expected, "{text} as {variant:?} {accents:?} {quoted}");
            }
        }
    }
}

#[test]
fn every_way_of_writing_a_word_is_the_same_query() {
    let index = index_of_texts(&STORIES);
    let check = |text: &str, others: &[&str]| {
        let mut variants = Vec::new();
        for text in others.iter().chain([&text]) {
            let upper = text.to_uppercase();
            variants.extend([
                nfd(text),
                half_composed(text),
                nfd(&upper),
                half_composed(&upper),
                upper,
                (*text).to_owned(),
            ]);
        }
        assert!(!ranked(&index, &Search::new(text)).is_empty(), "{text}");
        check_same(&index, text, &variants);
    };
    check("hòa bình", &["hoà bình"]);
    check("thúy kiều", &["thuý kiều"]);
    check("kỹ thuật", &["kĩ thuật"]);
    check("bác sĩ mỹ", &["bác sỹ mĩ"]);
    check("đường sắt", &["\u{f0}ường sắt", "\u{d0}ường sắt"]);
    check("nguyễn huệ", &[]);
    check("khỏe mạnh", &["khoẻ mạnh"]);
    check("tùy ý", &["tuỳ ý"]);
    check("hóa đơn thỏa thuận", &["hoá đơn thoả thuận"]);
    check("quý già quá giữ", &[]);
    check("hà nội", &["ｈà nội", "hà\u{a0}nội", "h\u{ad}à nội", "hà\u{200b} nội"]);
}

#[test]
fn every_way_of_writing_a_word_is_the_same_document() {
    let moved = |text: &str| {
        let pairs = [
            ("òa", "oà"),
            ("úy", "uý"),
            ("óa", "oá"),
            ("ỏa", "oả"),
            ("ỏe", "oẻ"),
            ("òe", "oè"),
            ("ùy", "uỳ"),
            ("kỹ", "kĩ"),
        ];
        pairs.iter().fold(text.to_owned(), |text, (old, new)| text.replace(old, new))
    };
    let expected: Vec<_> =
        QUERIES.iter().map(|query| ranked(&index_of_texts(&STORIES), &Search::new(*query))).collect();
    let check = |what: &str, write: &dyn Fn(&str) -> String| {
        let texts: Vec<String> = STORIES.iter().map(|text| write(text)).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let index = index_of_texts(&texts);
        for (query, expected) in QUERIES.iter().zip(&expected) {
            assert_eq!(&ranked(&index, &Search::new(*query)), expected, "{what}: {query}");
        }
    };
    check("nfd", &nfd);
    check("half composed", &half_composed);
    check("upper case", &|text| text.to_uppercase());
    check("moved tone marks", &moved);
    check("icelandic eth", &|text| text.replace('Đ', "\u{d0}").replace('đ', "\u{f0}"));
}

const QUERIES: [&str; 8] =
    ["hòa bình", "hoa binh", "thúy kiều", "kỹ thuật", "đường", "duong sat", "thoả thuận khoẻ", "\"đường sắt\""];

#[test]
fn a_typed_mark_is_never_overruled() {
    let mut texts = vec!["dương sắt", "đường sắt cũ", "dương sát", "đường sát cánh"];
    texts.extend(["dương sắt"; 80]);
    let index = index_of_texts(&texts);
    let found = order(&index, &texts, &Search::new("đường sat"));
    assert_eq!(sorted(found[..2].to_vec()), ["đường sát cánh", "đường sắt cũ"], "{:?}", &found[..4]);
    assert_eq!(found.len(), texts.len());
    let found = order(&index, &texts, &Search::new("duong sát"));
    assert_eq!(sorted(found[..2].to_vec()), ["dương sát", "đường sát cánh"], "{:?}", &found[..4]);
}

#[test]
fn a_half_marked_query_finds_what_was_meant_first() {
    let texts = [
        "quý bạn đọc thân mến",
        "nguyên nhân hạn hán",
        "Nguyễn Phú Trọng",
        "phụ trong nhóm",
        "phú ông trồng cây",
        "nguyện vọng",
        "trọng tâm",
        "Thủ tướng Phạm Minh Chính",
        "pham vi minh họa",
        "phẩm chất chính trị",
    ];
    let index = index_of_texts(&texts);
    for typed in ["nguyễn phu trong", "nguyen phú trong", "nguyen phu trọng", "nguyên phu trọng", "Nguyen Phu Trong"]
    {
        assert_eq!(order(&index, &texts, &Search::new(typed))[0], "Nguyễn Phú Trọng", "{typed}");
    }
    for typed in ["phạm minh chinh", "pham minh chính", "pham minh chinh", "PHAM MINH CHINH"] {
        assert_eq!(order(&index, &texts, &Search::new(typed))[0], "Thủ tướng Phạm Minh Chính", "{typed}");
    }
}

#[test]
fn english_words_are_not_overrun_by_vietnamese_ones() {
    let mut texts = vec!["the best of an era", "thể thao", "thế giới", "án mạng", "một bé ngoan", "to be or not to be"];
    texts.extend(["thế giới của bé"; 20]);
    let index = index_of_texts(&texts);
    assert_eq!(order(&index, &texts, &Search::new("to be or not to be"))[0], "to be or not to be");
    assert_eq!(order(&index, &texts, &Search::new("the best"))[0], "the best of an era");
    assert_eq!(order(&index, &texts, &Search::new("thể"))[0], "thể thao");
}
