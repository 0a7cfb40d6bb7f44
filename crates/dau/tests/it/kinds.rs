//! The kinds of fields: what each of them finds, sorts by and counts.

use dau::{Accents, ErrorKind, FacetValue, Index, Matching, Order, Schema, Search};
use serde_json::{Value, json};

use crate::fixture::{find, ids, index_of, index_of_texts, matching, nfd};

fn check(index: &Index, query: &str, expected: &[u64]) {
    assert_eq!(matching(index, &Search::new(query)), expected, "{query}");
}

#[test]
fn codes_are_found_whole_and_by_part() {
    let schema = Schema::builder().id("id").code("number").text("title").build().expect("a valid schema");
    let numbers = ["15/2020/NĐ-CP", "15/2021/NĐ-CP", "115/2020/TT-BTC", "SKU-00123", "29A-123.45", "2020/15/QH14"];
    let documents: Vec<Value> = (0..)
        .zip(numbers)
        .map(|(id, number): (usize, _)| json!({"id": id, "number": number, "title": "văn bản"}))
        .collect();
    let index = index_of(schema, &documents);
    let whole = [
        "15/2020/NĐ-CP",
        "15/2020/nđ-cp",
        "15/2020/nd-cp",
        "15/2020/ND-CP",
        "15-2020-nđ–cp",
        "152020NDCP",
        "152020nđcp",
    ];
    for typed in whole {
        for typed in [typed.to_owned(), nfd(typed), format!("\"{typed}\"")] {
            check(&index, &format!("number:{typed}"), &[0]);
            let first = &ids(&index, &Search::new(&typed))[0];
            assert_eq!(first, "0", "{typed}");
            assert_eq!(matching(&index, &Search::new(&typed).matching(Matching::All)), [0], "{typed}");
            assert_eq!(matching(&index, &Search::new("văn bản").filter(&typed)), [0], "{typed}");
        }
    }
    assert_eq!(ids(&index, &Search::new("15 2020 ND CP"))[0], "0");
    assert_eq!(matching(&index, &Search::new("15 2020 ND CP").matching(Matching::All)), [0]);
    assert_eq!(ids(&index, &Search::new("nghị định 15/2020"))[0], "0");
    check(&index, "number:\"15 2020 ND CP\"", &[0]);
    check(&index, "number:2020", &[0, 2, 5]);
    check(&index, "number:btc", &[2]);
    check(&index, "number:15", &[0, 1, 5]);
    check(&index, "15-2020*", &[0]);
    check(&index, "15/202*", &[0, 1]);
    check(&index, "number:15/20*", &[0, 1]);
    check(&index, "sku00123", &[3]);
    check(&index, "sku-00123", &[3]);
    check(&index, "29A12345", &[4]);
    check(&index, "29a-12345", &[4]);
    check(&index, "number:sku*", &[3]);
    check(&index, "number:\"15/2020\"", &[0]);
    check(&index, "-number:2020 +văn", &[1, 3, 4]);
}

#[test]
fn codes_in_prose_are_found_too() {
    let texts =
        ["Theo Nghị định số 15/2020/NĐ-CP của Chính phủ", "Ngày 15 tháng 2 năm 2020", "Thông tư 15/2020/TT-BTC"];
    let index = index_of_texts(&texts);
    for typed in ["15/2020/NĐ-CP", "15/2020/nd-cp", "nghị định 15/2020", "NGHI DINH 15/2020/ND-CP"] {
        assert_eq!(ids(&index, &Search::new(typed))[0], "0", "{typed}");
    }
    check(&index, "\"15/2020/nđ-cp\"", &[0]);
    check(&index, "theo +15/2020/nđ-cp", &[0]);
    check(&index, "15/2020/nđ-cp AND theo", &[0]);
    check(&index, "+btc", &[2]);
    check(&index, "\"nghị định số 15/2020\"", &[0]);
    check(&index, "15/2020*", &[0, 2]);
}

fn keywords() -> Index {
    let schema = Schema::builder().id("id").keyword("tag").path("place").build().expect("a valid schema");
    let documents = [
        json!({"id": 0, "tag": "Kinh tế", "place": "/Việt Nam/Hà Nội"}),
        json!({"id": 1, "tag": "kinh  tế", "place": "Việt Nam / Hà Nội / Ba Đình/"}),
        json!({"id": 2, "tag": ["Kính tế", "Bóng đá"], "place": "/Việt Nam/Hà Nam"}),
        json!({"id": 3, "tag": "Kinh tế học", "place": ["/Lào", "/Việt Nam/Huế"]}),
        json!({"id": 4, "tag": "TP.HCM: quận 1", "place": "/"}),
        json!({"id": 5}),
    ];
    index_of(schema, &documents)
}

#[test]
fn keywords_are_whole_values_blind_to_case_and_marks() {
    let index = keywords();
    check(&index, "tag:\"kinh tế\"", &[0, 1, 2]);
    check(&index, "tag:\"KINH TE\"", &[0, 1, 2]);
    check(&index, &format!("tag:\"{}\"", nfd("Kinh Tế")), &[0, 1, 2]);
    assert_eq!(matching(&index, &Search::new("tag:\"kinh tế\"").accents(Accents::Strict)), [0, 1]);
    check(&index, "tag:kinh", &[]);
    check(&index, "tag:kinh*", &[0, 1, 2, 3]);
    check(&index, "tag:\"kinh tế h\"*", &[3]);
    check(&index, "tag:\"bong da\"", &[2]);
    check(&index, "tag:\"TP.HCM: quận 1\"", &[4]);
    check(&index, "kinh", &[]);
    assert_eq!(matching(&index, &Search::new("*").filter("tag:\"kinh tế\"").filter("-tag:\"bóng đá\"")), [0, 1]);
}

#[test]
fn paths_are_found_under_each_ancestor() {
    let index = keywords();
    check(&index, "place:\"/việt nam\"", &[0, 1, 2, 3]);
    check(&index, "place:\"Viet Nam\"", &[0, 1, 2, 3]);
    check(&index, "place:\"/việt nam/hà nội\"", &[0, 1]);
    check(&index, "place:\"/việt nam/hà nội/ba đình\"", &[1]);
    check(&index, "place:\"/hà nội\"", &[]);
    check(&index, "place:\"/việt nam/hà\"*", &[0, 1, 2]);
    check(&index, "place:\"/Lào\"", &[3]);
    check(&index, "place:*", &[0, 1, 2, 3]);
}

fn values(pairs: &[(&str, u64)]) -> Vec<(String, u64)> {
    pairs.iter().map(|(value, count)| ((*value).to_owned(), *count)).collect()
}

fn facet(index: &Index, search: &Search) -> Vec<(String, u64)> {
    let results = find(index, search);
    results.facets[0].values.iter().map(|FacetValue { value, count, .. }| (value.clone(), *count)).collect()
}

#[test]
fn facets_count_values_as_documents_have_them() {
    let index = keywords();
    let tags =
        [("Bóng đá", 1), ("Kinh tế", 1), ("Kinh tế học", 1), ("Kính tế", 1), ("TP.HCM: quận 1", 1), ("kinh  tế", 1)];
    assert_eq!(facet(&index, &Search::new("*").facet("tag", 10)), values(&tags));
    let places = [
        ("/Việt Nam", 4),
        ("/Việt Nam/Hà Nội", 2),
        ("/Lào", 1),
        ("/Việt Nam/Huế", 1),
        ("/Việt Nam/Hà Nam", 1),
        ("/Việt Nam/Hà Nội/Ba Đình", 1),
    ];
    let mut found = facet(&index, &Search::new("*").facet("place", 10).limit(0));
    let mut expected = values(&places);
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
    assert_eq!(facet(&index, &Search::new("*").facet("place", 2)), values(&places[..2]));
    assert_eq!(facet(&index, &Search::new("id:5").facet("place", 2)), values(&[]));
}

#[test]
fn a_document_counts_once_for_each_value() {
    let schema = Schema::builder().id("id").keyword("tag").path("place").build().expect("a valid schema");
    let document = json!({"id": 0, "tag": ["a", "b", "a"], "place": ["/x/y", "/x/z", "/x"]});
    let index = index_of(schema, &[document]);
    assert_eq!(facet(&index, &Search::new("*").facet("tag", 5)), values(&[("a", 1), ("b", 1)]));
    assert_eq!(facet(&index, &Search::new("*").facet("place", 5)), values(&[("/x", 1), ("/x/y", 1), ("/x/z", 1)]));
}

#[test]
fn numbers_as_people_write_them() {
    let schema =
        Schema::builder().id("id").integer("price").float("rating").bool("new").build().expect("a valid schema");
    let documents = [
        json!({"id": 0, "price": "1.000.000đ", "rating": "3,14", "new": true}),
        json!({"id": 1, "price": 999_999, "rating": 3.15, "new": "False"}),
        json!({"id": 2, "price": -5, "rating": -0.5}),
        json!({"id": 3, "price": [10, 2_000_000], "rating": 1e9}),
        json!({"id": 4}),
    ];
    let index = index_of(schema, &documents);
    check(&index, "price:1000000", &[0]);
    check(&index, "price:1.000.000đ", &[0]);
    check(&index, "price:[1.000.000đ TO \"2.000.000 đ\"]", &[0, 3]);
    check(&index, "price:>999.999", &[0, 3]);
    check(&index, "price:<0", &[2]);
    check(&index, "price:[10,5 TO 999999,5]", &[1]);
    check(&index, "price:>=-5", &[0, 1, 2, 3]);
    check(&index, "rating:3,14", &[0]);
    check(&index, "rating:[3,1 TO 3,2]", &[0, 1]);
    check(&index, "rating:{3,14 TO *]", &[1, 3]);
    check(&index, "new:true", &[0]);
    check(&index, "new:FALSE", &[1]);
    check(&index, "-new:*", &[2, 3, 4]);
    assert_eq!(ids(&index, &Search::new("*").sort_by("new", Order::Asc)), ["1", "0", "2", "3", "4"]);
    assert_eq!(ids(&index, &Search::new("*").sort_by("rating", Order::Asc)), ["2", "0", "1", "3", "4"]);
    assert_eq!(ids(&index, &Search::new("*").sort_by("rating", Order::Desc)), ["3", "1", "0", "2", "4"]);
    assert_eq!(ids(&index, &Search::new("price:*").sort_by("price", Order::Asc)), ["2", "3", "1", "0"]);
}

#[test]
fn values_that_a_field_cannot_have_are_errors_in_filters_and_words_in_queries() {
    let schema = Schema::builder().id("id").text("title").integer("price").float("rating").bool("new").date("date");
    let schema = schema.stored("note").build().expect("a valid schema");
    let index = index_of(schema, &[json!({"id": 0, "title": "rẻ vừa"}), json!({"id": 1, "title": "đắt"})]);
    for (filter, expected, span) in [
        ("price:rẻ", "\"price\" (integer): expected a whole number, found \"rẻ\"", 6..10),
        ("title:đắt price:[rẻ TO 9]", "\"price\" (integer): expected a whole number, found \"rẻ 9\"", 13..30),
        ("rating:rẻ", "\"rating\" (float): expected a number, found \"rẻ\"", 7..11),
        ("new:rẻ", "\"new\" (bool): expected true or false, found \"rẻ\"", 4..8),
        ("date:rẻ", "\"date\" (date): expected a date such as", 5..9),
        ("-date:\"rẻ\"", "\"date\" (date): expected a date such as", 7..11),
        ("note:rẻ", "\"note\" (stored): expected an indexed field", 5..9),
        ("note:*", "\"note\" (stored): expected an indexed field", 0..4),
        ("title:[a TO b]", "\"title\" (text): expected a value of an integer, float or date field", 0..14),
    ] {
        let error = index.search(&Search::new("*").filter(filter)).expect_err(filter);
        assert_eq!(error.kind(), ErrorKind::Query, "{filter}");
        assert!(error.to_string().contains(expected), "{filter}: {error}");
        assert_eq!(error.span(), Some(span), "{filter}");
    }
    for query in ["price:rẻ", "rating:rẻ", "new:rẻ", "date:rẻ", "note:rẻ"] {
        assert_eq!(matching(&index, &Search::new(query)), [0], "{query}");
    }
}

#[test]
fn dates_of_any_year() {
    let schema = Schema::builder().id("id").date("date").build().expect("a valid schema");
    let documents = [
        json!({"id": 0, "date": "02/09/1945"}),
        json!({"id": 1, "date": "1945-09-02T14:00:00+07:00"}),
        json!({"id": 2, "date": 938}),
        json!({"id": 3, "date": "2024-02-29"}),
        json!({"id": 4, "date": "1-3-2024"}),
        json!({"id": 5, "date": "1010"}),
        json!({"id": 6, "date": null}),
    ];
    let index = index_of(schema, &documents);
    check(&index, "date:2/9/1945", &[0, 1]);
    check(&index, "date:1945-09-02", &[0, 1]);
    check(&index, "date:1945", &[0, 1]);
    check(&index, "date:938", &[2]);
    check(&index, "date:[900 TO 1009]", &[2]);
    check(&index, "date:[900 TO 1010]", &[2, 5]);
    check(&index, "date:<1945", &[2, 5]);
    check(&index, "date:<=1945", &[0, 1, 2, 5]);
    check(&index, "date:>1945", &[3, 4]);
    check(&index, "date:>=29/02/2024", &[3, 4]);
    check(&index, "date:>29/02/2024", &[4]);
    check(&index, "date:[2024-02-01 TO 2024-02-29]", &[3]);
    check(&index, "date:{2024-02-29 TO 2024-03-01}", &[]);
    check(&index, "-date:*", &[6]);
    assert_eq!(ids(&index, &Search::new("*").sort_by("date", Order::Asc)), ["2", "5", "0", "1", "3", "4", "6"]);
    assert_eq!(ids(&index, &Search::new("*").sort_by("date", Order::Desc)), ["4", "3", "1", "0", "5", "2", "6"]);
}

#[test]
fn keywords_sort_by_letters_then_marks() {
    let schema = Schema::builder().id("id").keyword("name").build().expect("a valid schema");
    let names = [Some("Đà Nẵng"), Some("an giang"), None, Some("Zürich"), Some("Ấn Độ"), Some("da nang"), Some("Ân")];
    let documents: Vec<Value> =
        (0..).zip(names).map(|(id, name): (usize, _)| json!({"id": id, "name": name})).collect();
    let index = index_of(schema, &documents);
    let found = ids(&index, &Search::new("*").sort_by("name", Order::Asc));
    assert_eq!(found, ["6", "4", "1", "5", "0", "3", "2"]);
    let found = ids(&index, &Search::new("*").sort_by("name", Order::Desc));
    assert_eq!(found, ["3", "0", "5", "1", "4", "6", "2"]);
}
