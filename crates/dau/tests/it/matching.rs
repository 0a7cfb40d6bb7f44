//! What matches any of some words, all of them, or a phrase: a plain loop over the texts says the same.
//!
//! The index has several segments and words from rare to common, so that short posting lists and those of many blocks,
//! sparse and dense sets, are all met.

use dau::{Accents, Count, Index, Matching, Returning, Schema, Search, WriterOptions};
use serde_json::json;

use crate::fixture::{Random, matching, writer};

/// Syllables that fold to eight words, the first ones in nearly every text, the last ones in few.
const SYLLABLES: [&str; 20] = [
    "có", "của", "cơ", "va", "vã", "và", "cổ", "hội", "co", "cua", "nội", "hà", "hồi", "hạ", "ha", "noi", "mốt", "mọt",
    "sắt", "sát",
];

/// A document as the loop sees it: the folded words of each field. Cut at spaces, so empty text is one empty word.
type Fields = [Vec<String>; 2];

struct Texts {
    index: Index,
    documents: Vec<Fields>,
}

/// Ids are numbers from 0 on. Every 13th document is deleted, which leaves it without any word.
fn texts(count: usize) -> Texts {
    let index = Index::in_ram(Schema::builder().id("id").text("title").text("body").build().expect("a valid schema"));
    let index = index.expect("an index in memory");
    let (mut random, mut writer) = (Random(7), writer(&index));
    let mut documents = Vec::new();
    for id in 0..count {
        let [title, body] = [4, 16].map(|most| any_text(&mut random, most));
        writer.add(&json!({"id": id, "title": title, "body": body})).expect("fits");
        if id == count / 3 {
            writer.commit().expect("a commit");
        }
        let words = |text: &str| text.split(' ').map(|word| dau::text::fold(word).into_owned()).collect();
        documents.push([words(&title), words(&body)]);
    }
    writer.commit().expect("a commit");
    for id in (0..count).step_by(13) {
        writer.delete(&id.to_string());
        documents[id] = [Vec::new(), Vec::new()];
    }
    writer.commit().expect("a commit");
    Texts { index, documents }
}

fn any_text(random: &mut Random, most: usize) -> String {
    let any = |random: &mut Random| {
        // The product of three even choices makes the last ones rare.
        let below = |random: &mut Random, most: usize| random.below(most + 1);
        let (first, second) = (below(random, SYLLABLES.len() - 1), below(random, SYLLABLES.len() - 1));
        SYLLABLES[first * second / SYLLABLES.len() * below(random, 99) / 99]
    };
    (0..random.below(most)).map(|_| any(random)).collect::<Vec<_>>().join(" ")
}

impl Texts {
    fn with(&self, holds: impl Fn(&Fields) -> bool) -> Vec<u64> {
        (0..).zip(&self.documents).filter(|(_, fields)| holds(fields)).map(|(id, _)| id).collect()
    }

    fn check(&self, search: &Search, expected: &[u64]) {
        let search = search.clone().accents(Accents::Ignore);
        assert_eq!(matching(&self.index, &search), expected, "{search:?}");
        let counted = self.index.searcher().expect("a searcher").count(&search).expect("a count");
        assert_eq!(counted, expected.len() as u64, "{search:?}");
        // The ranking finds as many where it need not count.
        let best = search.limit(20).count(Count::None).returning(Returning::Ids);
        assert_eq!(self.index.search(&best).expect("a result").hits.len(), expected.len().min(20), "{best:?}");
    }
}

/// Whether words stand side by side in a field, in this order.
fn has_phrase(field: &[String], phrase: &[String]) -> bool {
    field.windows(phrase.len()).any(|words| words == phrase)
}

/// Whether two words stand so that one of them must be moved by `slop` places at most.
fn is_near(field: &[String], phrase: &[String], slop: i64) -> bool {
    let places = |word: &String| -> Vec<i64> {
        (0..).zip(field).filter(|(_, other)| *other == word).map(|(place, _)| place).collect()
    };
    let (lefts, rights) = (places(&phrase[0]), places(&phrase[1]));
    lefts.iter().any(|left| rights.iter().any(|right| left != right && (right - 1 - left).abs() <= slop))
}

#[test]
fn as_a_plain_loop_says() {
    let texts = texts(4_000);
    let mut random = Random(11);
    for _ in 0..60 {
        let typed: Vec<&str> = (0..2 + random.below(3)).map(|_| SYLLABLES[random.below(SYLLABLES.len())]).collect();
        let folded: Vec<String> = typed.iter().map(|word| dau::text::fold(word).into_owned()).collect();
        let (query, held) =
            (typed.join(" "), |fields: &Fields, word: &String| fields.iter().flatten().any(|w| w == word));
        let any = texts.with(|fields| folded.iter().any(|word| held(fields, word)));
        texts.check(&Search::new(&query).matching(Matching::Any), &any);
        let all = texts.with(|fields| folded.iter().all(|word| held(fields, word)));
        texts.check(&Search::new(&query).matching(Matching::All), &all);
        let phrase = texts.with(|fields| fields.iter().any(|field| has_phrase(field, &folded)));
        texts.check(&Search::new(format!("\"{query}\"")), &phrase);
        let pair = &folded[..2];
        let near = texts.with(|fields| fields.iter().any(|field| is_near(field, pair, 2)));
        texts.check(&Search::new(format!("\"{} {}\"~2", typed[0], typed[1])), &near);
    }
}

#[test]
fn a_phrase_that_ends_in_a_beginning() {
    let texts = texts(1_500);
    for (typed, beginning) in [("hà", "n"), ("cơ", "h"), ("co", "co"), ("sắt", "m")] {
        let first = dau::text::fold(typed).into_owned();
        let pair = |words: &[String]| words[0] == first && words[1].starts_with(beginning);
        let expected = texts.with(|fields| fields.iter().any(|field| field.windows(2).any(pair)));
        texts.check(&Search::new(format!("\"{typed} {beginning}*\"")), &expected);
    }
}

#[test]
fn what_is_remembered_of_a_pair_is_for_these_words_fields_marks_and_distances() {
    let searches: Vec<Search> =
        ["\"có hội\"", "title:\"có hội\"", "body:\"có hội\"", "\"hội có\"", "\"có của hội\"", "\"có hội của\""]
            .into_iter()
            .flat_map(|query| [Accents::Smart, Accents::Strict].map(|accents| Search::new(query).accents(accents)))
            .collect();
    let counts = |texts: &Texts| -> Vec<u64> {
        let searcher = texts.index.searcher().expect("a searcher");
        searches.iter().map(|search| searcher.count(search).expect("a count")).collect()
    };
    // Nothing is remembered at first, for each search is another one.
    let first = counts(&texts(3_000));
    assert!(first.iter().all(|&count| count > 0) && first[0] > first[1] && first[0] > first[2], "{first:?}");
    let texts = texts(3_000);
    for _ in 0..3 {
        assert_eq!(counts(&texts), first);
    }
}

/// What a search finds: how many documents, and the best of them with their scores.
type Found = (u64, Vec<(String, f32)>);

#[test]
fn what_is_remembered_changes_no_answer() {
    let words = ["có hội", "hội của có", "co hoi", "cua ha noi", "cổ hội hà nội", "sắt mốt", "hộii có", "có củaa"];
    let searches: Vec<Search> = words
        .into_iter()
        .flat_map(|words| [words.to_owned(), format!("\"{words}\""), format!("\"{words}\"~2")])
        .flat_map(|query| {
            let search = Search::new(query).returning(Returning::Ids);
            [search.clone().matching(Matching::All).fields(["body", "title"]), search.matching(Matching::Any)]
        })
        .collect();
    let found = |texts: &Texts, search: &Search| -> Found {
        let results = texts.index.searcher().expect("a searcher").search(search).expect("a result");
        (results.total, results.hits.iter().map(|hit| (hit.id.clone().expect("an id"), hit.score)).collect())
    };
    let texts = texts(600);
    let mut first: Vec<Option<Found>> = vec![None; searches.len()];
    // Nothing is known of the words of a new index; here it is made when they come again, and used after that.
    for _ in 0..4 {
        for (search, first) in searches.iter().zip(&mut first) {
            let first = first.get_or_insert_with(|| found(&self::texts(600), search));
            assert_eq!(&found(&texts, search), first, "{search:?}");
        }
    }
    assert!(first.iter().flatten().filter(|(total, _)| *total > 0).count() > searches.len() / 2);
}

#[test]
fn the_best_of_more_documents_than_one_window_has() {
    /// More than are compared at once where all that is read is remembered.
    const DOCUMENTS: usize = 66_000;
    let index = Index::in_ram(Schema::builder().id("id").text("body").build().expect("a valid schema"));
    let index = index.expect("an index in memory");
    let mut writer = index.writer_with(&WriterOptions::new().threads(1)).expect("a writer");
    let best = [3, 40_000, DOCUMENTS - 1];
    for id in 0..DOCUMENTS {
        let body = match id {
            _ if best.contains(&id) => "hội có có",
            _ if id % 9 == 0 => "có của nhà",
            _ if id % 5 == 0 => "hội của nhà",
            _ => "của",
        };
        writer.add(&json!({"id": id, "body": body})).expect("fits");
    }
    writer.commit().expect("a commit");
    assert_eq!(index.stats().expect("statistics").segments, 1);
    let searcher = index.searcher().expect("a searcher");
    for matching in [Matching::Any, Matching::All] {
        let search = Search::new("có hội").matching(matching).limit(3).returning(Returning::Ids).count(Count::None);
        for _ in 0..4 {
            let hits = searcher.search(&search).expect("a result").hits;
            let ids: Vec<String> = hits.into_iter().filter_map(|hit| hit.id).collect();
            assert_eq!(ids, best.map(|id| id.to_string()), "{matching:?}");
        }
    }
}
