//! Documents: any serializable value in, the same out, and what does not fit refused by name.

use std::collections::BTreeMap;

use dau::{ErrorKind, Index, Schema, Search, Unknown, Writer};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::fixture::{add_all, find, ids, index_of, matching, nfd, writer};

fn every_kind() -> Schema {
    let builder = Schema::builder().id("id").text("title").code("number").keyword("category").integer("price");
    let builder = builder.float("rating").bool("new").date("date").path("place").stored("extra");
    builder.build().expect("a valid schema")
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Product {
    id: u32,
    title: String,
    number: Option<String>,
    category: Vec<String>,
    price: i64,
    rating: f64,
    new: bool,
    date: String,
    place: Place,
    extra: BTreeMap<String, (i8, Option<char>)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
enum Place {
    #[serde(rename = "/hà nội/ba đình")]
    BaDinh,
}

#[test]
fn any_struct_goes_in_and_comes_out() {
    let product = Product {
        id: 7,
        title: nfd("Ấm chén Bát Tràng"),
        number: None,
        category: vec!["Gốm sứ".to_owned(), "Quà tặng".to_owned()],
        price: i64::MIN,
        rating: 0.1 + 0.2,
        new: true,
        date: "02/09/1945".to_owned(),
        place: Place::BaDinh,
        extra: BTreeMap::from([("màu".to_owned(), (-1, Some('đ')))]),
    };
    let index = Index::in_ram(every_kind()).expect("an index");
    let mut writer = writer(&index);
    writer.add(&product).expect("fits");
    writer.commit().expect("a commit");
    let results = find(&index, &Search::new("am chen"));
    assert_eq!(results.hits[0].document.to::<Product>().expect("the same type"), product);
    assert_eq!(results.hits[0].id.as_deref(), Some("7"));
    let searcher = index.searcher().expect("a searcher");
    let got = searcher.get("7").expect("readable").expect("there");
    assert_eq!(got.to::<Product>().expect("the same type"), product);
    assert_eq!(searcher.get("8").expect("readable"), None);
    let error = got.to::<Vec<u8>>().expect_err("another type");
    assert_eq!(error.kind(), ErrorKind::Document);
    assert!(error.to_string().contains("Vec<u8>"), "{error}");
}

#[test]
fn what_is_no_map_is_refused() {
    let index = Index::in_ram(Schema::builder().text("a").build().expect("valid")).expect("an index");
    let mut writer = writer(&index);
    let refused = |result: dau::Result<()>, found: &str| {
        let error = result.expect_err(found);
        assert_eq!(error.kind(), ErrorKind::Document);
        assert!(error.to_string().contains(found), "{error}");
    };
    refused(writer.add(&"chữ"), "a string");
    refused(writer.add(&[1, 2]), "a list");
    refused(writer.add(&Option::<u8>::None), "null");
    refused(writer.add(&BTreeMap::from([((1, 2), "a")])), "cannot be serialized");
    writer.add(&json!({"a": "chữ"})).expect("still usable");
    assert_eq!(writer.commit().expect("a commit").documents, 1);
}

/// Adds a document that must be refused, with a message that has every one of `parts`.
fn check_misfit(writer: &mut Writer, document: &Value, parts: &[&str]) {
    let error = writer.add(document).expect_err("a misfit");
    assert_eq!(error.kind(), ErrorKind::Document, "{document}");
    for part in parts {
        assert!(error.to_string().contains(part), "{document}: {error} lacks {part:?}");
    }
}

#[test]
fn a_misfit_names_document_field_expected_and_found() {
    let index = Index::in_ram(every_kind()).expect("an index");
    let mut writer = writer(&index);
    let text = "text, or a list of texts";
    let integer = "a whole number such as 1000000";
    let rows = [
        ("title", "text", json!({"vi": "Ấm"}), text, "{\"vi\":\"Ấm\"}"),
        ("title", "text", json!(["Ấm", ["chén"]]), text, "[\"chén\"]"),
        ("number", "code", json!({}), text, "{}"),
        ("category", "keyword", json!([{}]), text, "{}"),
        ("place", "path", json!([[]]), text, "[]"),
        ("price", "integer", json!("rẻ"), integer, "\"rẻ\""),
        ("price", "integer", json!(1.5), integer, "1.5"),
        ("price", "integer", json!(true), integer, "true"),
        ("price", "integer", json!(18_446_744_073_709_551_615u64), integer, "18446744073709551615"),
        ("price", "integer", json!([1, "hai"]), integer, "\"hai\""),
        ("rating", "float", json!("cao"), "a number such as 3.14", "\"cao\""),
        ("rating", "float", json!({}), "a number such as 3.14", "{}"),
        ("new", "bool", json!("mới"), "true or false", "\"mới\""),
        ("new", "bool", json!(1), "true or false", "1"),
        ("date", "date", json!("31/02/2024"), "a date such as", "\"31/02/2024\""),
        ("date", "date", json!("hôm nay"), "a date such as", "\"hôm nay\""),
        ("date", "date", json!(2024.5), "a date such as", "2024.5"),
    ];
    for (field, kind, value, expected, found) in &rows {
        let document = json!({"id": "sp-1", *field: value});
        let field = format!("field {field:?} ({kind})");
        check_misfit(
            &mut writer,
            &document,
            &["document \"sp-1\"", &field, "expected", expected, &format!("found {found}")],
        );
    }
    let long = "x".repeat(5000);
    let error = writer.add(&json!({"id": 1, "price": long})).expect_err("a misfit");
    assert!(error.to_string().len() < 300, "{error}");
    writer.add(&json!({"id": "tốt", "title": "Ấm"})).expect("still usable");
    let commit = writer.commit().expect("a commit");
    assert_eq!((commit.added, commit.documents), (1, 1));
}

#[test]
fn a_misfit_leaves_the_older_document_in_place() {
    let index = index_of(every_kind(), &[json!({"id": "a", "title": "cũ", "price": 1})]);
    let mut writer = writer(&index);
    check_misfit(&mut writer, &json!({"id": "a", "title": "mới", "price": "rẻ"}), &["\"a\""]);
    let commit = writer.commit().expect("a commit");
    assert_eq!((commit.added, commit.replaced, commit.deleted, commit.documents), (0, 0, 0, 1));
    assert_eq!(ids(&index, &Search::new("cũ")), ["a"]);
}

#[test]
fn an_id_is_a_string_or_an_integer() {
    let index = Index::in_ram(every_kind()).expect("an index");
    let mut writer = writer(&index);
    for id in [json!(null), json!(""), json!(1.5), json!(true), json!(["a"]), json!({})] {
        check_misfit(
            &mut writer,
            &json!({"id": id}),
            &["no id", "\"id\"", "non-empty string or an integer", &id.to_string()],
        );
    }
    check_misfit(&mut writer, &json!({"title": "Ấm"}), &["no id", "\"id\"", "no such field"]);
    for id in [json!(-3), json!(18_446_744_073_709_551_615u64), json!("a b/č\u{0}\"'")] {
        writer.add(&json!({"id": id})).expect("an id");
    }
    assert_eq!(writer.commit().expect("a commit").documents, 3);
    let searcher = index.searcher().expect("a searcher");
    for (id, value) in
        [("-3", json!(-3)), ("18446744073709551615", json!(u64::MAX)), ("a b/č\u{0}\"'", json!("a b/č\u{0}\"'"))]
    {
        let document = searcher.get(id).expect("readable").expect("there");
        assert_eq!(document.get("id"), Some(&value));
    }
}

#[test]
fn unknown_fields_are_refused_or_kept() {
    let schema = |unknown| Schema::builder().id("id").text("title").unknown(unknown).build().expect("a valid schema");
    let document = json!({"id": "a", "title": "Ấm", "colour": "lam"});
    let index = Index::in_ram(schema(Unknown::Error)).expect("an index");
    let mut refusing = writer(&index);
    check_misfit(&mut refusing, &document, &["\"a\"", "\"colour\"", "title", "unknown = \"keep\""]);
    let index = index_of(schema(Unknown::Keep), std::slice::from_ref(&document));
    let results = find(&index, &Search::new("ấm"));
    assert_eq!(Value::Object(results.hits[0].document.as_map().clone()), document);
    assert_eq!(find(&index, &Search::new("lam")).total, 0, "kept, not indexed");
}

#[test]
fn null_lists_and_numbers_are_values() {
    let documents = [
        json!({"id": 0, "title": null, "price": null, "category": []}),
        json!({"id": 1, "title": ["một", null, "hai"], "price": [5, null, "7"], "category": [null]}),
        json!({"id": 2, "title": 2024, "number": 15, "category": 3.5, "place": true}),
        json!({"id": 3, "title": "", "number": "", "category": "", "place": ""}),
        json!({"id": 4, "price": "1.000.000 đ", "rating": "3,14", "new": "TRUE", "date": 938}),
        json!({"id": 5, "price": 5.0}),
    ];
    let index = index_of(every_kind(), &documents);
    let check = |query: &str, expected: &[u64]| assert_eq!(matching(&index, &Search::new(query)), expected, "{query}");
    check("hai", &[1]);
    check("2024", &[2]);
    check("number:15", &[2]);
    check("category:3.5", &[2]);
    check("price:7", &[1]);
    check("price:5", &[1, 5]);
    check("price:1000000 +rating:3.14 +new:true +date:938", &[4]);
    check("title:*", &[1, 2]);
    check("price:*", &[1, 4, 5]);
    let searcher = index.searcher().expect("a searcher");
    for document in &documents {
        let stored = searcher.get(&document["id"].to_string()).expect("readable").expect("there");
        assert_eq!(&Value::Object(stored.into_map()), document);
    }
}

#[test]
fn documents_come_back_exactly() {
    let schema =
        Schema::builder().unknown(Unknown::Keep).text("title").stored("extra").build().expect("a valid schema");
    let text = r#"{"z": 1, "title": "a\u0000b \"\\ \ud83d\ude00 Ti\u0065\u0302\u0301ng", "a": [0.1, 1e300, -0.0, 18446744073709551615,
        -9223372036854775808, 1.0, null, {"y": {}, "b": []}], "extra": {"k": "v"}, "m": 123456789012345680000}"#;
    let document: Value = serde_json::from_str(text).expect("JSON");
    let index = index_of(schema, std::slice::from_ref(&document));
    let searcher = index.searcher().expect("a searcher");
    let stored: Vec<Map<String, Value>> =
        searcher.documents().map(|document| document.expect("readable").into_map()).collect();
    assert_eq!(stored.len(), 1);
    // As text, so that the order of the fields and the kinds of the numbers are compared too.
    assert_eq!(serde_json::to_string(&stored[0]).expect("JSON"), document.to_string());
}

#[test]
fn a_word_of_any_length_hides_nothing_else() {
    let long = "dài".repeat(50_000);
    let documents =
        [json!({"id": 0, "title": format!("trước {long} sau"), "number": long, "category": long, "place": long})];
    let index = index_of(every_kind(), &documents);
    assert_eq!(matching(&index, &Search::new("\"trước\" +sau")), [0]);
    let stored = find(&index, &Search::new("sau")).hits.remove(0).document;
    assert_eq!(Value::Object(stored.into_map()), documents[0]);
    assert_eq!(find(&index, &Search::new(long)).total, 1, "the long word itself");
}

#[test]
fn ten_thousand_characters_of_marks_are_text() {
    let documents =
        [json!({"id": 0, "title": format!("a{}", "\u{301}".repeat(10_000))}), json!({"id": 1, "title": "\u{301}"})];
    let index = index_of(every_kind(), &documents);
    assert_eq!(index.searcher().expect("a searcher").document_count(), 2);
}

fn any_json() -> impl Strategy<Value = Value> {
    let single = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    single.prop_recursive(4, 20, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(any::<String>(), inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]
    #[test]
    fn whatever_is_kept_comes_back(values in proptest::collection::vec(any_json(), 1..20)) {
        let schema = Schema::builder().id("id").stored("extra").build().expect("a valid schema");
        let documents: Vec<Value> = (0..).zip(values).map(|(id, value): (usize, _)| json!({"id": id, "extra": value})).collect();
        let index = Index::in_ram(schema).expect("an index");
        let mut writer = writer(&index);
        add_all(&mut writer, &documents);
        writer.commit().expect("a commit");
        let searcher = index.searcher().expect("a searcher");
        let stored: Vec<Value> =
            searcher.documents().map(|document| Value::Object(document.expect("readable").into_map())).collect();
        prop_assert_eq!(stored, documents);
    }
}
