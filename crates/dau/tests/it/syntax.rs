//! What each form of a query finds. (How it is parsed is tested in `query_syntax`.)

use dau::{Accents, ErrorKind, Index, Matching, Schema, Search};
use serde_json::json;

use crate::fixture::{find, index_of, index_of_texts, matching, nfd};

fn library() -> Index {
    let schema =
        Schema::builder().id("id").text("title").text("body").keyword("tag").integer("giá").date("ngày").stored("note");
    let documents = [
        json!({"id": 0, "title": "Đường sắt Bắc Nam", "body": "Tàu chạy qua Huế và Đà Nẵng", "tag": "Giao thông", "giá": 500, "ngày": "2024-09-02"}),
        json!({"id": 1, "title": "Đường bộ", "body": "Ô tô chạy trên đường, không chạy trên sắt", "tag": ["Giao thông", "Ô tô"], "giá": 1500}),
        json!({"id": 2, "title": "Dương cầm", "body": "Đàn dương cầm bằng gỗ và sắt", "tag": "Âm nhạc", "giá": [100, 9000], "ngày": "02/09/1945"}),
        json!({"id": 3, "title": "Hà Nội mùa thu", "body": "Cây cơm nguội vàng, cây bàng lá đỏ", "ngày": "1945", "note": "sắt"}),
        json!({"id": 4, "title": ["Huế mộng", "mơ Hà"], "body": "Nội thành yên tĩnh"}),
        json!({"id": 5, "title": "Học C++ và C#", "body": "Phở 24h, AT&T, TP.HCM, a@b.vn, 10:30", "tag": "Tin học"}),
    ];
    index_of(schema.build().expect("a valid schema"), &documents)
}

fn check(index: &Index, query: &str, expected: &[u64]) {
    check_search(index, &Search::new(query), expected);
}

fn check_search(index: &Index, search: &Search, expected: &[u64]) {
    assert_eq!(matching(index, search), expected, "{search:?}");
    let total = expected.len() as u64;
    assert_eq!(find(index, &search.clone().limit(1)).total, total, "{search:?}");
    assert_eq!(index.searcher().and_then(|searcher| searcher.count(search)).expect("counted"), total, "{search:?}");
}

#[test]
fn words() {
    let index = library();
    check(&index, "đường", &[0, 1, 2]);
    check(&index, "huế", &[0, 4]);
    check(&index, "hue", &[0, 4]);
    check(&index, "khôngcó", &[]);
    check(&index, "", &[]);
    check(&index, "...", &[]);
    check(&index, "*", &[0, 1, 2, 3, 4, 5]);
    check(&index, "sắt ...", &[0, 1, 2]);
}

#[test]
fn matching_any_all_and_auto() {
    let index = library();
    let with = |query: &str, matching| Search::new(query).matching(matching);
    check_search(&index, &with("huế sắt", Matching::Any), &[0, 1, 2, 4]);
    check_search(&index, &with("huế sắt", Matching::All), &[0]);
    check_search(&index, &with("huế sắt", Matching::Auto), &[0]);
    check_search(&index, &with("huế vàng", Matching::All), &[]);
    check_search(&index, &with("huế vàng", Matching::Auto), &[0, 3, 4]);
    // Words may stand in different fields.
    check_search(&index, &with("thu bàng", Matching::All), &[3]);
    // A long query asks for any of its words.
    check_search(&index, &with("đường sắt bắc nam", Matching::Auto), &[0, 1, 2]);
    check_search(&index, &with("đường sắt bắc nam", Matching::All), &[0]);
    check_search(&index, &with("phở ... 24h", Matching::All), &[5]);
}

#[test]
fn phrases() {
    let index = library();
    check(&index, "\"đường sắt\"", &[0]);
    check(&index, "“duong sat”", &[0]);
    check(&index, "\"sắt đường\"", &[]);
    check(&index, "\"chạy qua huế và đà nẵng\"", &[0]);
    check(&index, "\"đường sắt\" \"dương cầm\"", &[0, 2]);
    check(&index, "\"đường s\"*", &[0]);
    check(&index, "\"đường s*\"", &[0]);
    check(&index, "\"đường\"", &[0, 1, 2]);
    check_search(&index, &Search::new("\"duong sat\"").accents(Accents::Strict), &[]);
    check_search(&index, &Search::new("=\"đường sắt\""), &[0]);
    check_search(&index, &Search::new("=\"dương sắt\""), &[]);
    check(&index, &format!("\"{}\"", nfd("Đường Sắt")), &[0]);
}

#[test]
fn slop() {
    let texts = ["một hai ba bốn năm", "một bốn", "bốn một", "một ba hai"];
    let index = index_of_texts(&texts);
    check(&index, "\"một bốn\"~0", &[1]);
    check(&index, "\"một bốn\"~1", &[1]);
    check(&index, "\"một bốn\"~2", &[0, 1, 2]);
    check(&index, "\"một hai\"", &[0]);
    check(&index, "\"một hai\"~1", &[0, 3]);
    check(&index, "\"một năm\"~2", &[]);
    check(&index, "\"một năm\"~3", &[0]);
}

#[test]
fn a_word_of_a_phrase_is_counted_once() {
    let texts = ["bán bàn", "bán", "bán đi bán lại", "bán bán"];
    let index = index_of_texts(&texts);
    check(&index, "\"bán bán\"", &[0, 3]);
    check(&index, "\"bán bán\"~1", &[0, 2, 3]);
}

#[test]
fn phrases_do_not_span_values_or_fields() {
    let index = library();
    check(&index, "\"mộng mơ\"", &[]);
    check(&index, "\"mộng mơ\"~3", &[]);
    check(&index, "\"mơ hà\"", &[4]);
    check(&index, "\"hà nội\"", &[3]);
    check(&index, "\"bộ ô tô\"", &[]);
    check(&index, "\"hà nội\"~50", &[3]);
}

#[test]
fn must_and_must_not() {
    let index = library();
    check(&index, "+sắt đường", &[0, 1, 2]);
    check(&index, "+sắt +huế", &[0]);
    check(&index, "sắt -cầm", &[0, 1]);
    check(&index, "sắt -\"đường sắt\"", &[1, 2]);
    check(&index, "-sắt", &[3, 4, 5]);
    check(&index, "-sắt -huế", &[3, 5]);
    check(&index, "đường !cầm", &[0, 1]);
    check(&index, "+(huế vàng) -nội", &[0]);
}

#[test]
fn operators() {
    let index = library();
    check(&index, "huế AND sắt", &[0]);
    check(&index, "huế VÀ sắt", &[0]);
    check(&index, "huế && sắt", &[0]);
    check(&index, "huế OR vàng", &[0, 3, 4]);
    check(&index, "huế HOẶC vàng", &[0, 3, 4]);
    check(&index, "huế || vàng", &[0, 3, 4]);
    check(&index, "sắt NOT cầm", &[0, 1]);
    check(&index, "sắt KHÔNG cầm", &[0, 1]);
    check(&index, "NOT sắt", &[3, 4, 5]);
    check(&index, "huế sắt OR vàng", &[0, 3]);
    check(&index, "(huế OR vàng) AND nội", &[3, 4]);
    check(&index, "huế OR vàng AND nội", &[0, 3, 4]);
    check(&index, "NOT (huế OR sắt)", &[3, 5]);
    check(&index, "huế AND NOT sắt", &[4]);
    check(&index, &nfd("huế HOẶC vàng"), &[0, 3, 4]);
}

#[test]
fn fields() {
    let index = library();
    check(&index, "title:đường", &[0, 1, 2]);
    check(&index, "body:đường", &[1, 2]);
    check(&index, "title:\"đường sắt\"", &[0]);
    check(&index, "body:\"đường sắt\"", &[]);
    check(&index, "title:(huế OR cầm)", &[2, 4]);
    check(&index, "title:=dương", &[2]);
    check(&index, "TITLE:huế", &[4]);
    check(&index, "title:huế body:huế", &[0, 4]);
    check(&index, "-title:huế +huế", &[0]);
    check(&index, "title:*", &[0, 1, 2, 3, 4, 5]);
    check(&index, "tag:*", &[0, 1, 2, 5]);
    check(&index, "-tag:*", &[3, 4]);
    check(&index, "giá:*", &[0, 1, 2]);
    check(&index, "ngày:*", &[0, 2, 3]);
    check(&index, "id:3", &[3]);
    check(&index, "id:(3 OR 4)", &[3, 4]);
    check(&index, "title:b*", &[0, 1]);
    // What looks like a field and is none is text.
    check(&index, "Huế: mộng", &[4]);
    check(&index, "mailto:huế", &[0, 4]);
}

#[test]
fn search_fields() {
    let index = library();
    let within = |query: &str, fields: &[&str]| Search::new(query).fields(fields.iter().copied());
    check_search(&index, &within("huế", &["title"]), &[4]);
    check_search(&index, &within("huế", &["body"]), &[0]);
    check_search(&index, &within("huế", &["body", "title"]), &[0, 4]);
    check_search(&index, &within("sắt đường", &["title"]), &[0]);
    check_search(&index, &within("\"đường sắt\"", &["body"]), &[]);
    check_search(&index, &within("title:huế", &["body"]), &[4]);
    check_search(&index, &within("h*", &["title"]), &[3, 4, 5]);
    for (field, part) in [("khác", "expected one of title, body"), ("giá", "\"giá\" is integer"), ("tag", "tag:value")]
    {
        let error = index.search(&within("huế", &[field])).expect_err("no such field for words");
        assert_eq!(error.kind(), ErrorKind::Query);
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[test]
fn prefixes() {
    let index = library();
    check(&index, "đườ*", &[0, 1, 2]);
    check(&index, "duo*", &[0, 1, 2]);
    check(&index, "đà*", &[0, 2]);
    check(&index, "b*", &[0, 1, 2, 3, 5]);
    check(&index, "+h* +sắt", &[0]);
    check(&index, "-d* -h*", &[]);
    check_search(&index, &Search::new("đườ*").accents(Accents::Strict), &[0, 1]);
    check(&index, "=đườ*", &[0, 1]);
    check(&index, "tag:giao*", &[0, 1]);
    check(&index, "xyz*", &[]);
}

#[test]
fn a_prefix_of_very_many_words_finds_them_all() {
    let words: Vec<String> = (0..700)
        .map(|number| format!("qu{}", char::from(b'a' + (number % 26) as u8)).repeat(number / 26 + 1))
        .collect();
    let texts: Vec<&str> = words.iter().map(String::as_str).collect();
    let index = index_of_texts(&texts);
    check(&index, "qu*", &(0..700).collect::<Vec<u64>>());
    check(&index, "+qu* -qua* -qub*", &(0..700).filter(|id| id % 26 > 1).collect::<Vec<u64>>());
    check(&index, "\"qu*\"", &(0..700).collect::<Vec<u64>>());
}

#[test]
fn ranges() {
    let index = library();
    check(&index, "giá:[500 TO 1500]", &[0, 1]);
    check(&index, "giá:{500 TO 1500]", &[1]);
    check(&index, "giá:[500 TO 1500}", &[0]);
    check(&index, "giá:[* TO 500]", &[0, 2]);
    check(&index, "giá:>500", &[1, 2]);
    check(&index, "giá:>=500", &[0, 1, 2]);
    check(&index, "giá:<500", &[2]);
    check(&index, "giá:<=100", &[2]);
    check(&index, "giá:[* TO *]", &[0, 1, 2]);
    check(&index, "-giá:>0", &[3, 4, 5]);
    check(&index, "+sắt +giá:[0 TO 600]", &[0, 2]);
    check(&index, &nfd("giá:>=500"), &[0, 1, 2]);
    check(&index, "ngày:[1945 TO 1945]", &[2, 3]);
}

#[test]
fn weights() {
    let index = index_of_texts(&["huế", "vàng", "huế"]);
    let first = |query: &str| find(&index, &Search::new(query)).hits[0].id.clone().expect("an id");
    assert_eq!(first("vàng OR huế"), "1", "the rarer word");
    assert_eq!(first("vàng OR huế^5"), "0");
    assert_eq!(first("vàng^0.1 OR huế"), "0");
    assert_eq!(first("(huế)^5 OR vàng"), "0");
    check(&index, "huế^0", &[0, 2]);
}

/// Whatever is typed or pasted gives an answer, in every mode.
const PASTED: [&str; 46] = [
    "Điều 5: quy định",
    "10:30",
    "giá: 5",
    "http://huế.vn/đường?x=1&y=[2]",
    "2024-09-02T10:30:00+07:00",
    "02/09/1945",
    "1.000.000",
    "huế AND",
    "OR huế",
    "AND",
    "NOT",
    "\"huế",
    "huế\"",
    "“huế",
    "(huế",
    "huế)",
    "((((",
    "))))",
    "-",
    "+",
    "--huế",
    "- huế",
    "-huế -",
    "!",
    "*",
    "**",
    "*huế",
    "hu?ế",
    "huế~",
    "huế~9",
    "huế^",
    "huế^^2",
    "giá:[1 TO",
    "giá:[TO]",
    "giá:>",
    "title:",
    ":huế",
    "::",
    "title::huế",
    "\\",
    "\\\"",
    "C++ & C#",
    "🙂 huế",
    "\u{0}",
    "\u{301}",
    "<script>alert('huế')</script>",
];

#[test]
fn anything_pasted_is_a_query() {
    let index = library();
    for text in PASTED {
        for mode in [Matching::Auto, Matching::Any, Matching::All] {
            for accents in [Accents::Smart, Accents::Strict, Accents::Ignore] {
                find(&index, &Search::new(text).matching(mode).accents(accents).filter(text));
                let results = find(&index, &Search::new(text).matching(mode).accents(accents));
                // All but the words that a sign excludes or an unknown neighbour makes impossible.
                let expected = text.contains("huế") && !text.contains("-huế") && mode == Matching::Any;
                assert!(!expected || results.total > 0, "{text:?} {accents:?} lost a word");
            }
        }
    }
}

#[test]
fn a_pasted_book_is_a_query() {
    let index = library();
    let words: Vec<String> = (0..2_000).map(|word| format!("từ{}", "z".repeat(word % 9 + 1))).collect();
    // More posting lists than two bytes can number.
    let book = format!("{} {}huế", words.join(" "), "đường ".repeat(17_000));
    let results = find(&index, &Search::new(book.as_str()).highlight(dau::Highlight::new()));
    assert_eq!(results.total, 4, "huế or đường");
    find(&index, &Search::new(format!("\"{book}\"~5")));
    find(&index, &Search::new(book.replace(' ', " OR ")).filter(format!("({book})")));
}

#[test]
fn a_value_that_a_field_cannot_have_is_looked_for_as_words() {
    let index = library();
    check(&index, "giá:huế", &[0, 4]);
    check(&index, "ngày:[huế TO vàng]", &[0, 3, 4]);
    check(&index, "note:huế", &[0, 4]);
    check(&index, "title:[huế TO vàng]", &[0, 3, 4]);
}

#[test]
fn a_prefix_is_letters_and_no_syllable() {
    let schema = Schema::builder().text("title").keyword("tag").build().expect("a schema");
    let index = Index::in_ram(schema).expect("an index");
    let mut writer = index.writer().expect("a writer");
    for (title, tag) in [("Minh Hải", "minh họa"), ("nước Mĩ", "mỹ thuật"), ("Kinh Bắc", "kĩ thuật"), ("bán lẻ", "chợ")]
    {
        writer.add(&json!({"title": title, "tag": tag})).expect("a document");
    }
    writer.commit().expect("a commit");
    let total = |query: &str| index.search(&Search::new(query)).expect("any text is a query").total;
    // The whole syllable `mi` is spelled `my` in the index; as a beginning it may go on as `minh`.
    assert_eq!((total("mi*"), total("my*"), total("min*"), total("ki*")), (2, 1, 1, 1));
    assert_eq!((total("\"nước mi*\""), total("tag:mi*"), total("tag:my*"), total("tag:ki*")), (1, 2, 1, 1));
    let strict = |query: &str| index.search(&Search::new(query).accents(Accents::Strict)).expect("a search").total;
    assert_eq!((strict("mi*"), strict("kí*")), (1, 0));
}

#[test]
fn words_side_by_side_are_one_operand() {
    let index = library();
    let total = |query: &str| index.search(&Search::new(query)).expect("any text is a query").total;
    let both = total("+huế +sắt");
    assert_eq!(total("huế sắt OR huế sắt AND huế sắt"), both);
    assert!(total("huế OR sắt") > both);
}

#[test]
fn a_range_beside_words_is_a_filter() {
    let index = library();
    let ids = |search: &Search| -> Vec<Option<String>> {
        index.search(search).expect("a search").hits.into_iter().map(|hit| hit.id).collect()
    };
    let words = Search::new("huế sắt vàng").matching(Matching::Any).limit(100);
    let among = Search::new("huế sắt vàng giá:[0 TO 600]").matching(Matching::Any).limit(100);
    let filtered = words.clone().filter("giá:[0 TO 600]");
    assert_eq!(ids(&among), ids(&filtered));
    assert!(ids(&among).len() < ids(&words).len());
}

#[test]
fn strict_parsing_points_at_the_place() {
    let index = library();
    let check = |query: &str, place: &str, part: &str| {
        let error = index.search(&Search::new(query).strict(true)).expect_err(query);
        assert_eq!(error.kind(), ErrorKind::Query, "{query}: {error}");
        let span = error.span().expect("a place");
        assert_eq!(&query[span], place, "{query}: {error}");
        assert!(error.to_string().contains(part), "{query}: {error}");
    };
    check("huế AND", "AND", "nothing follows");
    check("sắt (huế", "(", "never closed");
    check("huế \"vàng", "\"", "no partner");
    check("khác:huế", "khác", "no field");
    check("huế giá:[1 TO", "[", "malformed");
    check("giá:rẻ", "rẻ", "whole number");
    check("giá:[rẻ TO 5]", "giá:[rẻ TO 5]", "whole number");
    check("ngày:>=mai", "ngày:>=mai", "a date");
    check("huế^x", "^", "weight");
    let error = index.search(&Search::new("huế").filter("sắt)").strict(true)).expect_err("filters are strict too");
    assert_eq!(error.kind(), ErrorKind::Query);
    check_search(&index, &Search::new("+huế -vàng title:(huế OR cầm)").strict(true), &[0, 4]);
}

#[test]
fn asking_a_field_for_what_it_cannot_give_is_an_error() {
    let index = library();
    let check = |search: Search, parts: &[&str]| {
        let error = index.search(&search).expect_err("impossible");
        assert_eq!(error.kind(), ErrorKind::Query);
        for part in parts {
            assert!(error.to_string().contains(part), "{error} lacks {part}");
        }
    };
    check(Search::new("*").sort_by("title", dau::Order::Asc), &["\"title\" is text", "to sort by"]);
    check(Search::new("*").sort_by("khác", dau::Order::Asc), &["\"khác\"", "expected one of title"]);
    check(Search::new("*").facet("body", 3), &["\"body\" is text", "to count values of"]);
    check(Search::new("*").facet("id", 3), &["\"id\""]);
    check(Search::new("note:*"), &["\"note\" (stored)"]);
    check(Search::new("*").highlight(dau::Highlight::new().fields(["khác"])), &["\"khác\""]);
}

#[test]
fn a_field_is_found_by_its_name_in_any_form() {
    let schema = Schema::builder().id("id").text("Giá").text("giá").text("Tên").build().expect("a valid schema");
    let index = index_of(
        schema,
        &[json!({"id": 0, "Giá": "hoa"}), json!({"id": 1, "giá": "hoa"}), json!({"id": 2, "Tên": "hoa"})],
    );
    check(&index, "Giá:hoa", &[0]);
    check(&index, "giá:hoa", &[1]);
    check(&index, "tên:hoa", &[2]);
    check(&index, &format!("{}:hoa", nfd("TÊN")), &[2]);
    check(&index, "ten:hoa", &[0, 1, 2]);
}
