//! The best documents found without looking at all of them are the best of all of them.
//!
//! The oracle is the same search with room for every document: then no bound ever keeps a document out.

use dau::{Accents, Count, Index, Matching, Ranking, Returning, Schema, Search};
use serde_json::{Value, json};

use crate::fixture::{Random, find, writer};

/// Syllables by how common they are; families of one folded form, so that words have several spellings.
const SYLLABLES: [&str; 60] = [
    "của",
    "và",
    "là",
    "cua",
    "có",
    "một",
    "cho",
    "va",
    "được",
    "la",
    "người",
    "bán",
    "các",
    "đường",
    "bàn",
    "ban",
    "trong",
    "duong",
    "không",
    "bạn",
    "co",
    "mốt",
    "dương",
    "mot",
    "nguoi",
    "đương",
    "khong",
    "cò",
    "cỏ",
    "hà",
    "nội",
    "ha",
    "noi",
    "hạ",
    "nói",
    "hả",
    "sắt",
    "sát",
    "sat",
    "giá",
    "gia",
    "già",
    "vàng",
    "vang",
    "văng",
    "quá",
    "qua",
    "quả",
    "hòa",
    "hoa",
    "hóa",
    "bình",
    "binh",
    "thủy",
    "thúy",
    "kỹ",
    "lâm",
    "tô",
    "to",
    "làm",
];

fn any_syllable(random: &mut Random) -> &'static str {
    // The product of two even choices is skewed like words are.
    SYLLABLES[random.below(SYLLABLES.len()) * random.below(SYLLABLES.len() + 1) / SYLLABLES.len()]
}

fn any_text(random: &mut Random, most: usize) -> String {
    let words: Vec<&str> = (0..random.below(most)).map(|_| any_syllable(random)).collect();
    words.join(" ")
}

/// An index of `documents` documents in `parts` commits, with every 11th deleted if asked.
fn any_index(seed: u64, documents: usize, parts: usize, deletes: bool) -> Index {
    let schema = Schema::builder().id("id").field(dau::Field::new("title", dau::FieldKind::Text).with_weight(2.0));
    let index = Index::in_ram(schema.text("body").keyword("tag").build().expect("a valid schema")).expect("an index");
    let mut random = Random(seed);
    let mut writer = writer(&index);
    for id in 0..documents {
        let tag = ["a", "b", "c"][random.below(3)];
        let document: Value =
            json!({"id": id, "title": any_text(&mut random, 6), "body": any_text(&mut random, 24), "tag": tag});
        writer.add(&document).expect("fits");
        if id % documents.div_ceil(parts) == 0 {
            writer.commit().expect("a commit");
        }
    }
    writer.commit().expect("a commit");
    if deletes {
        (0..documents).step_by(11).for_each(|id| writer.delete(&id.to_string()));
        writer.commit().expect("a commit");
    }
    writer.wait_merges().expect("merged");
    index
}

fn any_query(random: &mut Random) -> String {
    let words: Vec<&str> = (0..1 + random.below(5)).map(|_| SYLLABLES[random.below(SYLLABLES.len())]).collect();
    match random.below(8) {
        0 => dau::text::fold(&words.join(" ")).into_owned(),
        1 => format!("+{}", words.join(" ")),
        2 => format!("{} -{}", words.join(" "), any_syllable(random)),
        3 => format!("\"{}\" {}", words[0], words.join("^0.5 ")),
        4 => format!("{}* {}", &words[0].chars().take(2).collect::<String>(), words.join(" ")),
        5 => format!("title:{} OR {}", words[0], words.join(" OR ")),
        _ => words.join(" "),
    }
}

fn key(index: &Index, search: &Search) -> Vec<(Option<String>, f32)> {
    find(index, search).hits.into_iter().map(|hit| (hit.id, hit.score)).collect()
}

fn check(index: &Index, documents: usize, search: &Search) {
    let search = search.clone().returning(Returning::Ids);
    let all = key(index, &search.clone().limit(documents));
    for k in [1, 3, 10] {
        for count in [Count::Exact, Count::None] {
            let found = key(index, &search.clone().limit(k).count(count));
            assert_eq!(found, all[..k.min(all.len())], "the best {k}, {search:?}");
        }
    }
}

fn check_index(seed: u64, documents: usize, parts: usize, deletes: bool, queries: usize) {
    let index = any_index(seed, documents, parts, deletes);
    let mut random = Random(seed ^ 0xabcd);
    for round in 0..queries {
        let search = Search::new(any_query(&mut random));
        let search = search.matching([Matching::Any, Matching::All, Matching::Auto][round % 3]);
        let search =
            search.accents([Accents::Smart, Accents::Smart, Accents::Strict, Accents::Ignore][random.below(4)]);
        check(&index, documents, &search);
        if round.is_multiple_of(4) {
            check(&index, documents, &search.clone().filter("tag:(a OR b)"));
            check(&index, documents, &search.fields(["body"]).ranking(Ranking::new().saturation(0.0).length(1.0)));
        }
    }
}

#[test]
fn in_small_indexes() {
    for seed in 0..6 {
        check_index(seed, 500 + seed as usize * 37, 1 + seed as usize % 3, seed % 2 == 0, 24);
    }
}

#[test]
fn over_several_windows_of_one_segment() {
    check_index(100, 9_000, 1, false, 40);
}

#[test]
fn over_several_windows_with_deleted_documents_and_segments() {
    check_index(200, 10_500, 2, true, 40);
}

#[test]
fn where_all_scores_are_equal() {
    let schema = Schema::builder().id("id").text("title").build().expect("a valid schema");
    let index = Index::in_ram(schema).expect("an index");
    let mut writer = writer(&index);
    for id in 0..5_000 {
        writer.add(&json!({"id": id, "title": "hà nội"})).expect("fits");
        if id == 2_000 {
            writer.commit().expect("a commit");
        }
    }
    writer.commit().expect("a commit");
    for query in ["hà", "ha noi", "hạ", "h*", "*", "\"hà nội\""] {
        let first: Vec<Option<String>> =
            find(&index, &Search::new(query).limit(4).offset(2)).hits.into_iter().map(|hit| hit.id).collect();
        assert_eq!(first, ["2", "3", "4", "5"].map(|id| Some(id.to_owned())), "{query}: in the order of coming");
    }
}

#[test]
fn where_a_compound_and_its_first_piece_stand_at_one_place() {
    // A prefix means both, so that the pair counts twice there: more than either word stands in the document.
    let schema = Schema::builder().id("id").text("text").keyword("tag").build().expect("a valid schema");
    let index = Index::in_ram(schema).expect("an index");
    let mut writer = writer(&index);
    for id in 0..600 {
        let text = match id % 10 {
            0 => format!("số 15/2020{}", " xa".repeat(id / 10)),
            1 => format!("số 15{}", " xa".repeat(12)),
            _ => " xa".repeat(20),
        };
        writer.add(&json!({"id": id, "text": text, "tag": (id / 10).to_string()})).expect("fits");
    }
    writer.commit().expect("a commit");
    for tag in 0..60 {
        check(&index, 600, &Search::new("số 15*").matching(Matching::All).filter(format!("tag:{tag}")));
    }
}

#[test]
fn scores_are_the_same_when_the_words_have_been_ranked_by_before() {
    let index = any_index(300, 2_000, 2, false);
    let mut writer = writer(&index);
    // More often than a byte counts.
    for (id, often) in [("254", 254), ("255", 255), ("256", 256), ("70000", 70_000)] {
        let body = "của và ".repeat(often);
        writer.add(&json!({"id": format!("often {id}"), "title": "của", "body": body})).expect("fits");
    }
    writer.commit().expect("a commit");
    for query in ["của và", "cua va", "của duong", "có một bàn hà nội", "+của hòa"] {
        let search = Search::new(query).limit(40).returning(Returning::Ids).ranking(Ranking::new().length(0.0));
        let first = key(&index, &search);
        assert_eq!(first.len(), 40);
        for _ in 0..4 {
            assert_eq!(key(&index, &search), first, "{query}");
        }
    }
}
