//! Scores: the same however the index was written, fields weighed together, and accounted for.

use dau::{Field, FieldKind, Index, Matching, Order, Ranking, Schema, Search};
use serde_json::{Value, json};

use crate::fixture::{Random, add_all, find, ids, index_of, index_of_texts, ranked, writer};

const WORDS: [&str; 24] = [
    "đường",
    "duong",
    "dương",
    "sắt",
    "sát",
    "sat",
    "hà",
    "ha",
    "nội",
    "noi",
    "giá",
    "gia",
    "vàng",
    "vang",
    "bán",
    "bàn",
    "ban",
    "hòa",
    "hoà",
    "bình",
    "xe",
    "lúa",
    "gạo",
    "nước",
];

fn any_documents(seed: u64, count: usize) -> Vec<Value> {
    let mut random = Random(seed);
    let mut text = |most: usize| {
        let length = 1 + random.below(most);
        let words: Vec<&str> =
            (0..length).map(|_| WORDS[random.below(WORDS.len()) * random.below(WORDS.len()) / WORDS.len()]).collect();
        words.join(" ")
    };
    (0..count)
        .map(|id| json!({"id": id, "title": text(5), "body": text(30), "number": format!("{}/2020/NĐ-CP", id % 40)}))
        .collect()
}

fn in_parts(documents: &[Value], parts: usize) -> Index {
    let schema = Schema::builder()
        .id("id")
        .field(Field::new("title", FieldKind::Text).with_weight(1.7))
        .text("body")
        .code("number");
    let index = Index::in_ram(schema.build().expect("a valid schema")).expect("an index");
    let mut writer = writer(&index);
    for part in documents.chunks(documents.len().div_ceil(parts)) {
        add_all(&mut writer, part);
        writer.commit().expect("a commit");
    }
    index
}

const QUERIES: [&str; 19] = [
    "ddwowngf sawts",
    "đườg sắt",
    "hanoi",
    "duog sat ha noi",
    "gia vagn",
    "đường sắt",
    "duong sat",
    "đường sat hà nội",
    "gia vang",
    "giá vàng bán",
    "bàn",
    "hoà bình xe lúa gạo",
    "12/2020/NĐ-CP",
    "\"hà nội\"",
    "+xe -lúa đường",
    "title:đường body:sắt",
    "bá* xe",
    "đường^3 OR sắt",
    "xe",
];

fn check_same(what: &str, expected: &[(String, f32)], found: &[(String, f32)]) {
    let order = |ranked: &[(String, f32)]| ranked.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>();
    assert_eq!(order(found), order(expected), "{what}");
    for ((id, a), (_, b)) in expected.iter().zip(found) {
        assert!((a - b).abs() < 1e-5, "{what}: document {id}: {a} {b}");
    }
}

#[test]
fn results_do_not_depend_on_segments() {
    let documents = any_documents(3, 850);
    let one = in_parts(&documents, 1);
    assert_eq!(one.stats().expect("counted").segments, 1);
    for parts in [3, 17] {
        let many = in_parts(&documents, parts);
        assert!(many.stats().expect("counted").segments > 1);
        for optimized in [false, true] {
            if optimized {
                writer(&many).optimize().expect("one segment");
                assert_eq!(many.stats().expect("counted").segments, 1);
            }
            for query in QUERIES {
                for mode in [Matching::Any, Matching::All] {
                    let search = Search::new(query).matching(mode);
                    let expected = ranked(&one, &search);
                    assert!(mode == Matching::All || !expected.is_empty(), "{query}");
                    check_same(
                        &format!("{query} {mode:?}, {parts} parts, {optimized}"),
                        &expected,
                        &ranked(&many, &search),
                    );
                }
            }
        }
    }
}

#[test]
fn results_do_not_depend_on_threads() {
    let documents = any_documents(4, 400);
    let one = in_parts(&documents, 1);
    let index = Index::in_ram(one.schema().clone()).expect("an index");
    let mut writer = index.writer_with(&dau::WriterOptions::new().threads(4).memory(80_000_000)).expect("a writer");
    add_all(&mut writer, &documents);
    writer.commit().expect("a commit");
    for query in QUERIES {
        check_same(query, &ranked(&one, &Search::new(query)), &ranked(&index, &Search::new(query)));
    }
}

fn title_and_body(weight: f32, documents: &[Value]) -> Index {
    let schema =
        Schema::builder().id("id").field(Field::new("title", FieldKind::Text).with_weight(weight)).text("body");
    index_of(schema.build().expect("a valid schema"), documents)
}

#[test]
fn a_word_in_two_fields_is_not_counted_twice() {
    let documents = [
        json!({"id": 0, "title": "gạo nước", "body": "gạo trời đất"}),
        json!({"id": 1, "title": "trời nước", "body": "gạo gạo đất"}),
        json!({"id": 2, "title": "gạo gạo", "body": "nước trời đất"}),
        json!({"id": 3, "title": "nước trời", "body": "đất trời nước"}),
    ];
    let found = ranked(&title_and_body(1.0, &documents), &Search::new("gạo"));
    assert_eq!(found.len(), 3);
    for (id, score) in &found {
        assert!((score - found[0].1).abs() < 1e-5, "document {id}: the same words, the same length: {found:?}");
    }
    // Twice in one place saturates: far from twice the score.
    let documents = [
        json!({"id": 0, "title": "gạo nước", "body": "gạo trời"}),
        json!({"id": 1, "title": "gạo nước", "body": "đất trời"}),
    ];
    let found = ranked(&title_and_body(1.0, &documents), &Search::new("gạo"));
    assert_eq!(found[0].0, "0");
    assert!(found[0].1 > found[1].1 && found[0].1 < found[1].1 * 1.6, "{found:?}");
}

#[test]
fn a_field_counts_as_much_as_its_weight() {
    let documents =
        [json!({"id": 0, "title": "nước", "body": "gạo"}), json!({"id": 1, "title": "gạo", "body": "nước"})];
    let order = |weight| ids(&title_and_body(weight, &documents), &Search::new("gạo"));
    assert_eq!(order(1.0), ["0", "1"]);
    assert_eq!(order(3.0), ["1", "0"]);
    assert_eq!(order(0.3), ["0", "1"]);
}

#[test]
fn the_usual_laws_hold() {
    let check = |texts: &[&str], query: &str, expected: &[&str]| {
        let index = index_of_texts(texts);
        let found = ranked(&index, &Search::new(query).matching(Matching::Any));
        assert_eq!(found.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), expected, "{query}");
        assert!(found.windows(2).all(|pair| pair[0].1 > pair[1].1), "{query}: {found:?}");
    };
    // More occurrences, a shorter text, a rarer word, more of the words.
    check(&["gạo nước trời", "gạo gạo trời"], "gạo", &["1", "0"]);
    check(&["gạo nước trời đất", "gạo nước"], "gạo", &["1", "0"]);
    check(&["gạo", "nước", "gạo trời", "đất"], "gạo nước", &["1", "0", "2"]);
    check(&["gạo trời", "gạo nước", "nước trời xanh", "đất trời"], "gạo nước", &["1", "0", "2"]);
}

#[test]
fn words_side_by_side_count_more_in_a_shorter_text() {
    let texts = ["nội thành hà", "thành hà nội", "thành phố lớn hà nội xưa"];
    let index = index_of_texts(&texts);
    assert_eq!(ids(&index, &Search::new("hà nội"))[0], "1");
    assert_eq!(ids(&index, &Search::new("nội thành"))[0], "0");
    let near = |id: &str| {
        let results = find(&index, &Search::new("hà nội").explain(true));
        let hit = results.hits.into_iter().find(|hit| hit.id.as_deref() == Some(id)).expect("a hit");
        let details = hit.explanation.expect("asked for").details;
        details.iter().filter(|detail| detail.text.contains("side by side")).map(|detail| detail.value).sum::<f32>()
    };
    assert!(near("1") > near("2") && near("2") > 0.0 && near("0") == 0.0);
}

#[test]
fn ties_are_broken_by_the_order_of_coming() {
    let documents: Vec<Value> = [5, 3, 9, 1].iter().map(|id| json!({"id": id, "title": "gạo"})).collect();
    let index = title_and_body(1.0, &documents);
    assert_eq!(ids(&index, &Search::new("gạo")), ["5", "3", "9", "1"]);
    // A document that is replaced comes anew.
    let mut writer = writer(&index);
    writer.add(&json!({"id": 3, "title": "gạo"})).expect("fits");
    writer.commit().expect("a commit");
    assert_eq!(ids(&index, &Search::new("gạo")), ["5", "9", "1", "3"]);
    assert_eq!(ids(&index, &Search::new("*")), ["5", "9", "1", "3"]);
}

#[test]
fn filters_and_sorting_have_no_score() {
    let documents = any_documents(5, 60);
    let index = in_parts(&documents, 2);
    let plain = ranked(&index, &Search::new("đường"));
    let filtered = ranked(&index, &Search::new("đường").filter("body:sắt"));
    assert!(!filtered.is_empty() && filtered.len() < plain.len());
    for (id, score) in &filtered {
        let (_, expected) = plain.iter().find(|(other, _)| other == id).expect("a filter only takes away");
        assert!((score - expected).abs() < 1e-5, "{id}");
    }
    assert!(ranked(&index, &Search::new("* -đường")).iter().all(|(_, score)| *score == 0.0));
    let schema = Schema::builder().id("id").text("title").integer("price").build().expect("a valid schema");
    let index = index_of(schema, &[json!({"id": 0, "title": "gạo", "price": 3})]);
    assert_eq!(find(&index, &Search::new("gạo").sort_by("price", Order::Asc)).hits[0].score, 0.0);
}

#[test]
fn an_explanation_adds_up() {
    let index = in_parts(&any_documents(6, 200), 3);
    for query in QUERIES {
        for hit in find(&index, &Search::new(query).explain(true).limit(20)).hits {
            let why = hit.explanation.expect("asked for");
            assert!((why.value - hit.score).abs() < 1e-5, "{query}: {} {why}", hit.score);
            let sum: f32 = why.details.iter().map(|detail| detail.value).sum();
            assert!((sum - hit.score).abs() < 1e-4, "{query}: {} {why}", hit.score);
            assert!(why.to_string().lines().count() > why.details.len(), "{why}");
        }
    }
    // The second stage looks at the first fifty only, and at fewer for a long query; those after it are explained too.
    let long = ["đường sắt hà nội cổ phần công ty"; 12].join(" ");
    for query in ["đường sắt", long.as_str()] {
        let results = find(&index, &Search::new(query).matching(Matching::Any).explain(true).limit(200));
        assert!(results.hits.len() > 120, "{}", results.hits.len());
        for hit in results.hits {
            let why = hit.explanation.expect("asked for");
            assert!((why.value - hit.score).abs() < 1e-4, "rank {}: {} {why}", hit.rank, hit.score);
        }
    }
    let why = find(&index, &Search::new("đường").explain(true)).hits.remove(0).explanation.expect("asked for");
    for part in ["đường", "body"] {
        assert!(why.to_string().contains(part), "{why}");
    }
    assert!(find(&index, &Search::new("đường")).hits[0].explanation.is_none());
}

#[test]
fn scores_are_numbers_whatever_the_constants() {
    let index = in_parts(&any_documents(7, 100), 2);
    let extremes = [0.0, 1.0, -1.0, f32::NAN, f32::INFINITY, 1e30];
    for x in extremes {
        let ranking = Ranking::new().saturation(x).length(x).marked_share(x).document_bare(x).query_bare(x);
        let ranking = ranking.compatible(x).conflicting(x).bare_in_text(x).piece(x);
        for query in QUERIES {
            for hit in find(&index, &Search::new(query).ranking(ranking).limit(50)).hits {
                assert!(hit.score.is_finite() && hit.score >= 0.0, "{query} {x}: {}", hit.score);
            }
        }
    }
}
