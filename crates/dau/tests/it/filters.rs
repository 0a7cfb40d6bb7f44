//! Filters are taken at their word: no field is made up, and nothing is guessed.

use dau::query::{Leaf, ParseOptions};
use dau::{Accents, ErrorKind, Index, Schema, Search, Synonyms};
use serde_json::json;

use crate::fixture::{find, index_of, index_of_texts, matching};

fn shop() -> Index {
    let schema = Schema::builder().id("id").text("title").keyword("category").integer("giá").build();
    let documents = [
        json!({"id": 0, "title": "tàu 10:30 đi Huế", "category": "tàu", "giá": 5}),
        json!({"id": 1, "title": "http://hue.vn/a và hue.vn:8080", "category": "web", "giá": 7}),
        json!({"id": 2, "title": "nosuch:5 là lỗi; Điều 5: quy định", "category": "luật", "giá": 9}),
    ];
    index_of(schema.expect("a valid schema"), &documents)
}

#[test]
fn a_filter_on_a_field_that_does_not_exist_is_an_error() {
    let index = shop();
    for (filter, name) in [
        ("nosuch:5", "nosuch"),
        ("tàu nosuch:>5", "nosuch"),
        ("tàu -nosuch:5", "nosuch"),
        ("nosuch:[1 TO 5]", "nosuch"),
        ("nosuch:\"hà nội\"", "nosuch"),
        ("(tàu OR nosuch:(hà nội))", "nosuch"),
        ("title:(nosuch:5)", "nosuch"),
        ("NOT nosuch:*", "nosuch"),
        ("nosuch:5* AND tàu", "nosuch"),
        ("nosuch:an@hue.vn^2", "nosuch"),
        ("catgory:web", "catgory"),
    ] {
        let error = index.search(&Search::new("*").filter(filter)).expect_err(filter);
        assert_eq!(error.kind(), ErrorKind::Query, "{filter}: {error}");
        let told = format!("there is no field \"{name}\": expected one of id, title, category, giá");
        assert!(error.to_string().starts_with(&told), "{filter}: {error}");
        assert!(error.to_string().contains("in quotes"), "{filter}: {error}");
        assert_eq!(&filter[error.span().expect("a place")], name, "{filter}");
        // Being strict makes the message no poorer.
        let strict = index.search(&Search::new("*").filter(filter).strict(true)).expect_err(filter);
        assert_eq!((strict.to_string(), strict.span()), (error.to_string(), error.span()), "{filter}");
        // In the query itself any text is a query.
        find(&index, &Search::new(filter));
    }
    // However much else there is to forgive.
    let long = format!("{} nosuch:5", ") ".repeat(100));
    let error = index.search(&Search::new("*").filter(long.as_str())).expect_err("no such field");
    assert_eq!(&long[error.span().expect("a place")], "nosuch");
}

#[test]
fn the_field_that_was_probably_meant_is_told() {
    let index = shop();
    let told = |filter: &str| index.search(&Search::new("*").filter(filter)).expect_err(filter).to_string();
    for (filter, meant) in [("catgory:web", "category"), ("gía1:5", "giá"), ("titel:huế", "title")] {
        assert!(told(filter).contains(&format!("; did you mean \"{meant}\"?")), "{filter}: {}", told(filter));
    }
    assert!(!told("nosuch:5").contains("did you mean"), "{}", told("nosuch:5"));
    let error = index.search(&Search::new("*").fields(["titel"])).expect_err("no such field");
    assert!(error.to_string().ends_with("; did you mean \"title\"?"), "{error}");
}

#[test]
fn a_strict_query_is_told_the_fields_that_there_are() {
    let index = shop();
    let strict = |query: &str| index.search(&Search::new(query).filter("nosuch:6").strict(true)).expect_err(query);
    let error = strict("tàu catgory:web");
    assert_eq!(
        error.to_string(),
        "there is no field \"catgory\": expected one of id, title, category, giá; did you mean \"category\"?; put the \
         query's text in quotes if these are words"
    );
    assert_eq!(error.span(), Some(5..12));
    // The first problem is told, whichever it is.
    let error = strict(") catgory:web");
    assert!(error.to_string().starts_with("the parenthesis was never opened"), "{error}");
    assert_eq!(error.span(), Some(0..1));
    assert_eq!(strict("catgory:web^x").span(), Some(0..7));
    assert!(strict("tàu^x catgory:web").to_string().starts_with("the weight is no number"));
}

#[test]
fn text_with_a_colon_is_looked_for_as_words() {
    let index = shop();
    for (filter, found) in [
        ("10:30", vec![0]),
        ("http://hue.vn/a", vec![1]),
        ("hue.vn:8080", vec![1]),
        ("\"nosuch:5\"", vec![2]),
        ("=nosuch:5", vec![2]),
        ("Điều 5: quy định", vec![2]),
        ("điều: luật", vec![]),
        ("giá:5", vec![0]),
        ("GIÁ:5", vec![0]),
        ("id:2", vec![2]),
    ] {
        assert_eq!(matching(&index, &Search::new("*").filter(filter)), found, "{filter}");
    }
}

#[test]
fn the_query_tree_says_which_words_name_no_field() {
    let is_field = |name: &str| name == "giá";
    let named = |options: &ParseOptions<'_>, text: &str| {
        let (query, mut named) = (options.parse(text), Vec::new());
        query.root.leaves(&mut |leaf, _| match leaf {
            Leaf::Word(word) if word.unknown_field => named.push(word.text.clone()),
            _ => {}
        });
        named
    };
    let options = ParseOptions::new().fields(&is_field);
    assert_eq!(named(&options, "gia:5 (x:y OR -a:\"b c\") d:*"), ["gia:5", "x:y", "a:", "d:"]);
    assert!(named(&options, "giá:5 giá:gia:5 10:30 http://a.vn a::b a: b \"gia:5\" =gia:5").is_empty());
    assert!(named(&ParseOptions::new(), "gia:5 a: b").is_empty());
}

#[test]
fn the_words_of_a_filter_are_not_guessed() {
    let texts = ["hà nội", "hà nội", "hà nội", "hanoi vieejt", "UBND quận", "Ủy ban nhân dân quận", "đường sắt"];
    let index = index_of_texts(&texts);
    index.set_synonyms(&Synonyms::parse("UBND = Ủy ban nhân dân").expect("synonyms")).expect("set");
    for (typed, found, guessed) in [
        ("hanoi", vec![3], vec![0, 1, 2, 3]),
        ("hànội", vec![3], vec![0, 1, 2, 3]),
        ("ddwowngf", vec![], vec![6]),
        ("d9uo7ng2", vec![], vec![6]),
        ("đườngg", vec![], vec![6]),
        ("ubnd", vec![4], vec![4, 5]),
        ("text:hànội", vec![3], vec![0, 1, 2, 3]),
    ] {
        assert_eq!(matching(&index, &Search::new(typed)), guessed, "{typed} as a query");
        assert_eq!(matching(&index, &Search::new("*").filter(typed)), found, "{typed} as a filter");
        let all: Vec<u64> = (0..7).filter(|id| !found.contains(id)).collect();
        assert_eq!(matching(&index, &Search::new("*").filter(format!("-{typed}"))), all, "{typed} as what may not be");
        // Nor does a filter keep the query from being read as it was meant.
        assert_eq!(matching(&index, &Search::new(typed).filter("*")), guessed, "{typed} beside a filter");
    }
}

#[test]
fn marks_count_in_a_filter_as_in_the_search() {
    let index = index_of_texts(&["đường sắt", "duong sat", "dưỡng sinh"]);
    let found = |accents| matching(&index, &Search::new("*").filter("đường").accents(accents));
    assert_eq!(found(Accents::Strict), [0]);
    assert_eq!(found(Accents::Ignore), [0, 1, 2]);
    assert_eq!(found(Accents::Smart), [0, 1, 2]);
}
