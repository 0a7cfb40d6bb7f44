//! Snippets as a search gives them: the right fields, the right words, places in the text as it was given.

use dau::{Accents, Highlight, Index, Schema, Search};
use serde_json::json;

use crate::fixture::{find, index_of, nfd};

fn library() -> Index {
    let long = "Mở đầu không có gì. ".repeat(20)
        + "Đường sắt Bắc Nam dài hơn một nghìn cây số. "
        + &"Giữa bài cũng vậy. ".repeat(20)
        + "Cuối bài lại có đường sắt.";
    let schema = Schema::builder().id("id").text("title").text("body").keyword("tag").code("number").stored("note");
    let documents = [
        json!({"id": 0, "title": nfd("Tàu hỏa và đường sắt"), "body": long, "tag": "đường", "note": "đường"}),
        json!({"id": 1, "title": "Dương cầm", "body": ["Phím đàn", "Tiếng dương cầm", "Đường về"], "number": "15/2020/NĐ-CP"}),
    ];
    index_of(schema.build().expect("a valid schema"), &documents)
}

/// The fragments of one field of the hit with this id, what is marked in brackets.
fn fragments(index: &Index, search: &Search, id: &str, field: &str) -> Vec<String> {
    let results = find(index, search);
    let hit = results.hits.iter().find(|hit| hit.id.as_deref() == Some(id)).expect("a hit");
    let empty = Vec::new();
    let fragments = hit.highlights.get(field).unwrap_or(&empty);
    let bracket = |fragment: &dau::Fragment| {
        let mut text = fragment.text.clone();
        for span in fragment.spans.iter().rev() {
            text.insert(span.end, ']');
            text.insert(span.start, '[');
        }
        text
    };
    fragments.iter().map(bracket).collect()
}

#[test]
fn words_are_marked_as_they_stand_in_the_text() {
    let index = library();
    let with = |query: &str| Search::new(query).highlight(Highlight::new());
    let title = nfd("Tàu hỏa và [đường] [sắt]");
    for query in ["đường sắt", "duong sat", "ĐƯỜNG SẮT", &nfd("đường sắt")] {
        assert_eq!(fragments(&index, &with(query), "0", "title"), [title.as_str()], "{query}");
    }
    assert_eq!(fragments(&index, &with("đường OR khác"), "1", "title"), ["[Dương] cầm"]);
    assert_eq!(fragments(&index, &with("=đường"), "1", "title"), ["Dương cầm"], "only the spelling that was asked for");
    let strict = with("đường").accents(Accents::Strict);
    assert_eq!(fragments(&index, &strict, "1", "body"), ["[Đường] về"]);
    assert_eq!(fragments(&index, &with("dươ*"), "1", "title"), ["[Dương] cầm"]);
    assert_eq!(
        fragments(&index, &with("\"dương cầm\""), "1", "body"),
        ["Tiếng [dương] [cầm]"],
        "not a lone word of the phrase"
    );
    assert_eq!(fragments(&index, &with("cầm -khác"), "1", "title"), ["Dương [cầm]"]);
    assert_eq!(fragments(&index, &with("15/2020/nđ-cp"), "1", "number"), ["[15/2020/NĐ-CP]"]);
    assert_eq!(fragments(&index, &with("+cầm 2020"), "1", "number"), ["15/[2020]/NĐ-CP"]);
}

#[test]
fn places_are_those_of_the_stored_text() {
    let index = library();
    let search = Search::new("duong sat").highlight(Highlight::new().chars(60).fragments(3));
    let results = find(&index, &search);
    let mut spans = 0;
    for hit in &results.hits {
        for (field, fragments) in &hit.highlights {
            let Some(text) = hit.document.get(field).and_then(|value| value.as_str()) else {
                continue;
            };
            let mut end = 0;
            for fragment in fragments {
                assert!(fragment.start >= end, "in the order of the text");
                end = fragment.start + fragment.text.len();
                assert_eq!(text.get(fragment.start..end), Some(fragment.text.as_str()));
                assert!(fragment.text.chars().count() <= 60, "{fragment:?}");
                for span in &fragment.spans {
                    let marked = dau::text::fold(&fragment.text[span.clone()]).into_owned();
                    assert!(["duong", "sat"].contains(&marked.as_str()), "{marked}");
                    spans += 1;
                }
            }
        }
    }
    assert!(spans >= 6, "{spans} spans");
}

#[test]
fn as_many_fragments_as_asked_for() {
    let index = library();
    let bodies = |fragments_asked| {
        let search = Search::new("đường sắt").highlight(Highlight::new().chars(50).fragments(fragments_asked));
        fragments(&index, &search, "0", "body")
    };
    assert_eq!(bodies(1).len(), 1);
    let two = bodies(5);
    assert_eq!(two.len(), 2, "{two:?}");
    assert!(two[0].contains("[Đường] [sắt] Bắc Nam") && two[1].contains("[đường] [sắt]."), "{two:?}");
    assert!(bodies(0).is_empty());
}

#[test]
fn lists_give_the_values_that_have_a_mark() {
    let index = library();
    let search = Search::new("dương cầm đường").highlight(Highlight::new());
    assert_eq!(fragments(&index, &search, "1", "body"), ["Tiếng [dương] [cầm]", "[Đường] về"]);
}

#[test]
fn fields_that_are_cut_from() {
    let index = library();
    let fields = |search: Search| {
        let results = find(&index, &search);
        let hit = results.hits.into_iter().find(|hit| hit.id.as_deref() == Some("0")).expect("a hit");
        hit.highlights.into_keys().collect::<Vec<_>>()
    };
    assert_eq!(fields(Search::new("đường").highlight(Highlight::new())), ["body", "title"]);
    assert_eq!(fields(Search::new("đường")), [""; 0]);
    assert_eq!(fields(Search::new("đường").fields(["title"]).highlight(Highlight::new())), ["title"]);
    assert_eq!(fields(Search::new("đường").highlight(Highlight::new().fields(["body"]))), ["body"]);
    assert_eq!(fields(Search::new("đường").highlight(Highlight::new().fields(["tag"]))), ["tag"]);
    // A word asked of one field is not marked in another.
    let search = Search::new("title:đường body:sắt").highlight(Highlight::new().chars(80));
    assert_eq!(fragments(&index, &search, "0", "title"), [nfd("Tàu hỏa và [đường] sắt")]);
    assert!(fragments(&index, &search, "0", "body")[0].contains("Đường [sắt]"));
}

#[test]
fn filters_and_unwanted_words_are_not_marked() {
    let index = library();
    let search = Search::new("tàu -vắng").filter("sắt").highlight(Highlight::new());
    assert_eq!(fragments(&index, &search, "0", "title"), [nfd("[Tàu] hỏa và đường sắt")]);
}

#[test]
fn without_a_mark_there_is_the_beginning() {
    let index = library();
    let search = Search::new("tag:đường").highlight(Highlight::new().fields(["body"]).chars(40));
    let found = fragments(&index, &search, "0", "body");
    assert!(found.len() == 1 && found[0].starts_with("Mở đầu không có gì."), "{found:?}");
}
