//! Schemas: built, written, read back, refused with a reason, and guessed from documents.

use dau::{ErrorKind, Field, FieldKind, Index, Schema, Unknown};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::fixture::{shared_documents, writer};

const WRITTEN: &str = r#"
id = "ma"
unknown = "keep"

[fields.title]
kind = "text"
weight = 2.5

[fields.number]
kind = "code"

[fields."chủ_đề"]
kind = "stored"
"#;

#[test]
fn builder_and_toml_agree() {
    let built = Schema::builder()
        .id("ma")
        .unknown(Unknown::Keep)
        .field(Field::new("title", FieldKind::Text).with_weight(2.5))
        .code("number")
        .stored("chủ_đề")
        .build()
        .expect("a valid schema");
    assert_eq!(Schema::from_toml(WRITTEN).expect("valid TOML"), built);
    assert_eq!(built.to_toml().trim(), WRITTEN.trim());
    assert_eq!(built.id_field(), Some("ma"));
    assert_eq!(built.unknown(), Unknown::Keep);
    let names: Vec<&str> = built.fields().iter().map(Field::name).collect();
    assert_eq!(names, ["title", "number", "chủ_đề"]);
    assert_eq!(built.field("title").map(Field::weight), Some(2.5));
    assert_eq!(built.field("Title"), None);
}

#[test]
fn every_kind_has_a_builder_and_a_name() {
    let schema = Schema::builder().text("text").code("code").keyword("keyword").integer("integer").float("float");
    let schema = schema.bool("bool").date("date").path("path").stored("stored").build().expect("a valid schema");
    let kinds: Vec<FieldKind> = schema.fields().iter().map(Field::kind).collect();
    assert_eq!(kinds, FieldKind::all());
    for field in schema.fields() {
        assert_eq!(field.name(), field.kind().to_string());
        assert_eq!(field.name().parse::<FieldKind>().ok(), Some(field.kind()));
    }
    assert_eq!(Schema::from_toml(&schema.to_toml()).expect("what was written is read"), schema);
    let error = "txt".parse::<FieldKind>().expect_err("no kind");
    assert_eq!(error.kind(), ErrorKind::Schema);
    assert!(error.to_string().contains("\"txt\"") && error.to_string().contains("text, code, keyword"), "{error}");
}

#[test]
fn one_kind_or_the_id_can_be_changed() {
    let schema = Schema::builder().text("a").text("b").build().expect("a valid schema");
    let changed = schema.with_kind("b", FieldKind::Date).and_then(|schema| schema.with_kind("c", FieldKind::Code));
    let changed = changed.and_then(|schema| schema.with_id("ma")).expect("still valid");
    let expected = Schema::builder().id("ma").text("a").date("b").code("c").build().expect("a valid schema");
    assert_eq!(changed, expected);
    assert_eq!(changed.clone().with_kind("x y", FieldKind::Text).map_err(|error| error.kind()), Err(ErrorKind::Schema));
    assert_eq!(changed.with_id("").map_err(|error| error.kind()), Err(ErrorKind::Schema));
}

fn check_refused(what: &str, result: dau::Result<Schema>, parts: &[&str]) {
    let error = result.expect_err(what);
    assert_eq!(error.kind(), ErrorKind::Schema, "{what}");
    for part in parts {
        assert!(error.to_string().contains(part), "{what}: {error:?} lacks {part:?}");
    }
    assert!(!error.to_string().ends_with('.'), "{what}: {error}");
}

#[test]
fn impossible_names_and_weights_are_refused() {
    for name in ["", "a b", "a:b", "a\"b", "(a", "a[0]", "a*", "a^2", "a~", "+a", "-a", "=a", "a\tb", "a\u{7}"] {
        let shown = format!("{name:?}");
        check_refused(name, Schema::builder().text(name).build(), &[&shown, "field's name", "expected letters"]);
        check_refused(name, Schema::builder().id(name).text("a").build(), &[&shown]);
    }
    check_refused("twice", Schema::builder().text("a").date("a").build(), &["\"a\"", "twice"]);
    for weight in [0.0, -1.0, f32::NAN, f32::INFINITY] {
        let field = Field::new("a", FieldKind::Text).with_weight(weight);
        check_refused("weight", Schema::builder().field(field).build(), &["\"a\"", &weight.to_string(), "above 0"]);
    }
}

#[test]
fn malformed_toml_is_refused_with_the_place() {
    let check = |toml: &str, parts: &[&str]| check_refused(toml, Schema::from_toml(toml), parts);
    check("id = ", &["line 1"]);
    check("\n\n[fields.a\nkind = \"text\"", &["line 3"]);
    check("identity = \"id\"", &["identity", "expected one of", "fields"]);
    check("unknown = \"drop\"", &["drop", "error", "keep"]);
    check("[fields.a]\nkind = \"txt\"", &["\"a\"", "txt", "keyword"]);
    check("[fields.a]\nweight = 2", &["\"a\"", "kind"]);
    check("[fields.a]\nkind = \"text\"\nwieght = 2", &["\"a\"", "wieght", "weight"]);
    check("[fields.a]\nkind = \"text\"\nweight = \"2\"", &["\"a\"", "string"]);
    check("[fields.a]\nkind = \"text\"\nweight = -2", &["\"a\"", "-2", "above 0"]);
    check("[fields]\na = \"text\"", &["\"a\""]);
    check("[fields.\"a b\"]\nkind = \"text\"", &["\"a b\"", "no space"]);
}

fn any_field() -> impl Strategy<Value = Field> {
    let name = prop_oneof!["[a-z]{1,8}", "[a-zA-Zđươ_.'\\\\#,%\u{301}=-]{1,6}", "\\PC{1,4}"];
    let weight = prop_oneof![Just(1.0f32), 1e-30f32..1e30, 0.1f32..10.0];
    (name, proptest::sample::select(FieldKind::all()), weight)
        .prop_map(|(name, kind, weight)| Field::new(name, kind).with_weight(weight))
}

proptest! {
    #[test]
    fn toml_reads_back_what_was_written(
        fields in proptest::collection::vec(any_field(), 0..6),
        id in proptest::option::of("[a-zđ_'\\\\.]{1,5}"),
        keep: bool,
    ) {
        let mut builder = Schema::builder().unknown(if keep { Unknown::Keep } else { Unknown::Error });
        if let Some(id) = id {
            builder = builder.id(id);
        }
        let schema = fields.into_iter().fold(builder, dau::SchemaBuilder::field).build();
        prop_assume!(schema.is_ok());
        let schema = schema.expect("just checked");
        let toml = schema.to_toml();
        prop_assert_eq!(Schema::from_toml(&toml).map_err(|error| format!("{error}\n{toml}")), Ok(schema));
    }
}

fn check_kind(values: Value, expected: FieldKind) {
    let values = values.as_array().expect("a list of values").clone();
    let samples: Vec<Map<String, Value>> =
        values.into_iter().map(|value| Map::from_iter([("f".to_owned(), value)])).collect();
    let schema = Schema::infer(&samples);
    assert_eq!(schema.field("f").map(Field::kind), Some(expected), "{samples:?}");
    check_accepted(schema, &samples);
}

/// A guess must at least hold for what it was made from.
fn check_accepted(schema: Schema, samples: &[Map<String, Value>]) {
    assert_eq!(Schema::from_toml(&schema.to_toml()).expect("what was written is read"), schema);
    let index = Index::in_ram(schema).expect("a usable schema");
    let mut writer = writer(&index);
    for sample in samples {
        writer.add_map(sample.clone()).unwrap_or_else(|error| panic!("{sample:?}: {error}"));
    }
    writer.commit().expect("a commit");
}

#[test]
fn kinds_are_guessed_from_values() {
    check_kind(json!([1, 2, -3]), FieldKind::Integer);
    check_kind(json!([1, 2.5]), FieldKind::Float);
    check_kind(json!([18_446_744_073_709_551_615u64, 1]), FieldKind::Float);
    check_kind(json!([true, null, false]), FieldKind::Bool);
    check_kind(json!(["02/09/1945", "2024-09-02"]), FieldKind::Date);
    check_kind(json!(["2024-09-02T10:30:00+07:00", null]), FieldKind::Date);
    check_kind(json!(["1945", "1954"]), FieldKind::Text);
    check_kind(json!(["15/2020/NĐ-CP", "SKU-00123", "29A-12345"]), FieldKind::Code);
    check_kind(json!(["/xã hội/giáo dục", "/kinh tế"]), FieldKind::Path);
    check_kind(json!(["https://a.vn/1", "http://b.vn/2"]), FieldKind::Stored);
    check_kind(json!(["Thể thao", "Kinh tế", "Thể thao", "Kinh tế"]), FieldKind::Keyword);
    check_kind(json!([["bóng đá", "thể thao"], ["thể thao", "bóng đá"]]), FieldKind::Keyword);
    check_kind(json!(["Hà Nội mùa thu", "Sài Gòn"]), FieldKind::Text);
    check_kind(json!(["một", 2, true]), FieldKind::Text);
    check_kind(json!([{"sâu": 1}]), FieldKind::Stored);
    check_kind(json!([[["sâu"]]]), FieldKind::Stored);
    check_kind(json!([null, "  "]), FieldKind::Text);
    // A blank is a missing value, alone or in a list.
    check_kind(json!([3, ""]), FieldKind::Integer);
    check_kind(json!([[2.5, " "]]), FieldKind::Float);
    check_kind(json!([["", true]]), FieldKind::Bool);
    check_kind(json!(["", "02/09/1945"]), FieldKind::Date);
}

#[test]
fn the_id_must_be_in_every_sample() {
    let infer = |samples: Value| {
        let samples: Vec<Map<String, Value>> =
            samples.as_array().expect("a list").iter().filter_map(|sample| sample.as_object().cloned()).collect();
        let schema = Schema::infer(&samples);
        check_accepted(schema.clone(), &samples);
        (schema.id_field().map(str::to_owned), schema.fields().len())
    };
    assert_eq!(infer(json!([{"id": 1}, {"id": "b"}])), (Some("id".to_owned()), 0));
    assert_eq!(infer(json!([{"_id": 1, "a": "x"}, {"_id": "b"}])), (Some("_id".to_owned()), 1));
    assert_eq!(infer(json!([{"id": 1}, {"a": "x"}])), (None, 2));
    assert_eq!(infer(json!([{"id": ""}])), (None, 1));
    assert_eq!(infer(json!([{"id": 1.5}])), (None, 1));
    assert_eq!(infer(json!([])), (None, 0));
    // A name that no query can write is kept with the document, not indexed.
    assert_eq!(infer(json!([{"a b": "x", "c": "y"}])), (None, 1));
}

fn any_value() -> impl Strategy<Value = Value> {
    let single = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,6}".prop_map(Value::from),
        "[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}".prop_map(Value::from),
        "[0-9]{1,3}[.,][0-9]{3}( đ)?".prop_map(Value::from),
        "/[a-z/ ]{0,5}".prop_map(Value::from),
    ];
    single.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            proptest::collection::btree_map("[a-c ]{0,2}", inner, 0..3)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn a_guess_fits_its_samples(
        samples in proptest::collection::vec(proptest::collection::btree_map("(id|_id|[a-c ]{0,2})", any_value(), 0..4), 0..4)
    ) {
        let samples: Vec<Map<String, Value>> = samples.into_iter().map(|map| map.into_iter().collect()).collect();
        check_accepted(Schema::infer(&samples), &samples);
    }
}

#[test]
fn real_documents_fit_the_guess() {
    let check = |file: &str, expected: &[(&str, FieldKind)]| {
        let samples = shared_documents(file, 300);
        if samples.is_empty() {
            return;
        }
        let schema = Schema::infer(&samples[..100]);
        for (name, kind) in expected {
            assert_eq!(schema.field(name).map(Field::kind), Some(*kind), "{file}: {name}");
        }
        check_accepted(schema, &samples);
    };
    let price = ("price", FieldKind::Integer);
    check("corpora/products.jsonl.zst", &[("title", FieldKind::Text), ("body", FieldKind::Text), price]);
    let (date, category) = (("date", FieldKind::Date), ("category", FieldKind::Keyword));
    check("corpora/news_daily.jsonl.zst", &[("title", FieldKind::Text), date, category, ("url", FieldKind::Stored)]);
    check("fixtures/law_articles.jsonl.zst", &[("title", FieldKind::Text), ("body", FieldKind::Text)]);
}
