//! The counts of the game's queries three times: by hand, by the game's own reading of the texts, and by `dau`.

use dau::{Accents as DauAccents, Count, Index, Matching, Returning, Schema, Search, Searcher};
use dau_benches::data::Document;
use dau_benches::game::drive::run;
use dau_benches::game::text::Texts;
use dau_benches::game::{Accents, Form, Query, choose, count};

/// Titles and texts in which words stand in every guise that the two analyses could take for different things.
const DOCUMENTS: [(&str, &str); 8] = [
    ("Đường sắt", "Tuyến đường sắt Bắc – Nam dài 1.726 km."),
    ("DUONG SAT", "Bản tin không dấu: duong sat va duong bo."),
    ("Nước đường", "Đu\u{31B}o\u{31B}\u{300}ng phèn, sắt; ð\u{1B0}ờng kính."),
    ("Dương liễu", "An Dương Vương, an-duong@example.com, QL1A/ĐƯỜNG-BỘ."),
    ("", "Đường 5, sắt 10kg; hoà bình."),
    ("Hòa", "Bình yên như đ\u{AD}ường làng, hòa\u{A0}bình."),
    ("Sắt", "Đường"),
    ("Khác", "Chuyện khác: bình hoà, sat đường."),
];

/// A query, and how many documents it finds by the letters alone and with its marks.
const QUERIES: [(Form, &str, u64, u64); 15] = [
    (Form::Union, "đường", 8, 7),
    (Form::Union, "duong", 8, 2),
    (Form::Union, "dương", 8, 1),
    (Form::Union, "sắt", 6, 4),
    (Form::Union, "hòa", 3, 3),
    (Form::Union, "khác", 1, 1),
    (Form::Union, "hoa khac", 3, 0),
    (Form::Union, "hòa khác", 3, 3),
    (Form::Intersection, "đường sắt", 6, 4),
    (Form::Intersection, "hòa bình khác", 1, 1),
    (Form::Phrase, "đường sắt", 2, 1),
    (Form::Phrase, "duong sat", 2, 1),
    (Form::Phrase, "hòa bình", 2, 2),
    (Form::Phrase, "an dương", 1, 1),
    (Form::Phrase, "đường bộ", 2, 1),
];

fn documents() -> impl Iterator<Item = Document> {
    DOCUMENTS.iter().enumerate().map(|(id, (title, text))| Document {
        id: id.to_string(),
        title: (*title).to_owned(),
        text: (*text).to_owned(),
    })
}

fn texts() -> Texts {
    Texts::read(documents().map(Ok::<_, std::convert::Infallible>)).expect("nothing that fails")
}

fn queries() -> Vec<Query> {
    let query = |&(form, words, ..): &(Form, &str, u64, u64)| Query {
        kind: form.as_str().to_owned(),
        form,
        words: words.split(' ').map(str::to_owned).collect(),
    };
    QUERIES.iter().map(query).collect()
}

fn by_hand(accents: Accents) -> Vec<u64> {
    QUERIES.iter().map(|&(_, _, smart, strict)| if accents == Accents::Smart { smart } else { strict }).collect()
}

fn searcher() -> Searcher {
    let schema = Schema::builder().id("id").text("title").text("text").build().expect("a schema");
    let index = Index::in_ram(schema).expect("an index in memory");
    let mut writer = index.writer().expect("a writer");
    for document in documents() {
        writer.add(&document).expect("a document");
    }
    writer.commit().expect("a commit");
    index.searcher().expect("a searcher")
}

/// What `dau bench --protocol game` does, through the library.
fn answer(searcher: &Searcher, accents: Accents, line: &str) -> String {
    let (command, query) = line.split_once('\t').expect("a command, a tab, a query");
    let accents = if accents == Accents::Smart { DauAccents::Smart } else { DauAccents::Strict };
    let search = Search::new(query).matching(Matching::Any).accents(accents).returning(Returning::Scores);
    match command {
        "COUNT" => searcher.count(&search).expect("a count").to_string(),
        "TOP_10" => {
            searcher.search(&search.count(Count::None)).expect("a search");
            "1".to_owned()
        }
        "TOP_10_COUNT" => searcher.search(&search).expect("a search").total.to_string(),
        other => panic!("no such command: {other}"),
    }
}

#[test]
fn the_reading_of_the_texts_counts_as_a_person_does() {
    let (texts, queries) = (texts(), queries());
    for accents in Accents::ALL {
        let counted = count::counts(&texts, &queries, accents);
        for ((query, counted), by_hand) in queries.iter().zip(counted).zip(by_hand(accents)) {
            assert_eq!(counted, by_hand, "{} {accents:?}", query.text());
        }
    }
}

#[test]
fn dau_counts_what_is_there() {
    let (searcher, queries) = (searcher(), queries());
    for accents in Accents::ALL {
        let outcome = run(&queries, &by_hand(accents), 1, &mut |line| Ok(answer(&searcher, accents, line)));
        let outcome = outcome.expect("every answer");
        assert_eq!(outcome.wrong, [], "{accents:?}");
        let asked: usize = outcome.times.values().map(|times| times[0].found).sum();
        assert_eq!(asked as u64, by_hand(accents).iter().sum::<u64>());
    }
}

#[test]
fn queries_out_of_the_texts_are_counted_alike() {
    let texts = texts();
    let queries = choose::queries(&texts, 10);
    assert!(queries.iter().any(|query| query.words == ["đường"]), "{queries:?}");
    assert_eq!(queries, choose::queries(&texts, 10), "the same queries every time");
    let searcher = searcher();
    for accents in Accents::ALL {
        let counts = count::counts(&texts, &queries, accents);
        let outcome = run(&queries, &counts, 1, &mut |line| Ok(answer(&searcher, accents, line)));
        assert_eq!(outcome.expect("every answer").wrong, [], "{accents:?}");
    }
}

#[test]
fn a_wrong_count_is_told() {
    let (searcher, queries) = (searcher(), queries());
    let mut counts = by_hand(Accents::Smart);
    counts[0] += 1;
    let outcome = run(&queries, &counts, 2, &mut |line| Ok(answer(&searcher, Accents::Smart, line)));
    let wrong = outcome.expect("every answer").wrong;
    let told: Vec<_> = wrong.iter().map(|wrong| (wrong.line.as_str(), wrong.expected, wrong.answer.as_str())).collect();
    assert_eq!(told, [("COUNT\tđường", 9, "8"), ("TOP_10_COUNT\tđường", 9, "8")]);
}
