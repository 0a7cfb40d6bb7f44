//! What `dau search` prints in each format, and what its options reach.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::program::Folder;

/// The shape of `--format json`; scripts rely on it.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    query: String,
    id: Option<String>,
    total: u64,
    #[expect(dead_code, reason = "part of the shape; its value is anything")]
    took_us: u64,
    hits: Vec<Hit>,
    facets: BTreeMap<String, Vec<FacetValue>>,
    did_you_mean: Option<String>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Hit {
    rank: u64,
    id: Option<String>,
    score: f64,
    fields: Map<String, Value>,
    highlights: BTreeMap<String, Vec<Fragment>>,
    #[serde(default)]
    explanation: Option<Value>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Fragment {
    text: String,
    spans: Vec<(usize, usize)>,
}

#[derive(Debug, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct FacetValue {
    value: String,
    count: u64,
}

#[track_caller]
fn answer(folder: &Folder, arguments: &[&str]) -> Answer {
    let run = folder.run(["search", "--format", "json"].iter().chain(arguments));
    serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error} in:\n{}{}", run.out, run.err))
}

fn ids(answer: &Answer) -> Vec<&str> {
    answer.hits.iter().filter_map(|hit| hit.id.as_deref()).collect()
}

#[test]
fn json_has_the_contracts_shape() {
    let folder = Folder::with_sample();
    let answer = answer(&folder, &["to", "lam"]);
    assert_eq!((answer.query.as_str(), &answer.id), ("to lam", &None));
    assert!(answer.total >= 1);
    let hit = &answer.hits[0];
    assert_eq!((hit.rank, hit.id.as_deref()), (1, Some("n1")));
    assert!(hit.score > 0.0 && hit.explanation.is_none());
    assert_eq!(hit.fields["date"], "2024-08-18");
    let marked: Vec<&str> = hit
        .highlights
        .values()
        .flatten()
        .flat_map(|fragment| fragment.spans.iter().map(|&(start, end)| &fragment.text[start..end]))
        .collect();
    assert!(marked.iter().all(|text| ["Tô", "Lâm", "Tô Lâm"].contains(text)) && !marked.is_empty(), "{marked:?}");
}

#[test]
fn options_reach_the_engine() {
    let folder = Folder::with_sample();
    let found = |arguments: &[&str]| ids(&answer(&folder, arguments)).join(" ");
    assert_eq!(found(&["giá", "--filter", "category:\"kinh tế\"", "--match", "all"]), "n2");
    assert_eq!(found(&["*", "--sort", "price:desc", "-n", "2"]), "n4 n2");
    assert_eq!(found(&["*", "--sort", "date", "--offset", "1", "--limit", "1"]), "n4");
    assert_eq!(found(&["gia", "--accents", "strict"]), "");
    assert_eq!(found(&["vang", "--accents", "ignore"]), "n2");
    assert_eq!(found(&["vafng"]), "n2");
    assert_eq!(found(&["vafng", "--corrections", "off"]), "");
    assert_eq!(answer(&folder, &["vafng"]).did_you_mean.as_deref(), Some("vàng"));
    assert_eq!(found(&["bộ ấm", "--in", "title", "--match", "all"]), "");
    assert_eq!(found(&["bộ ấm", "--in", "title,body", "--match", "all"]), "n4");
    let counted = answer(&folder, &["*", "--facet", "category", "--facet-values", "1"]);
    let value = "kinh tế".to_owned();
    assert_eq!(counted.facets["category"], [FacetValue { value, count: 2 }]);
    let shown = answer(&folder, &["giá vàng", "--show", "price,title", "--snippet", "0"]);
    let names: Vec<_> = shown.hits[0].fields.keys().collect();
    assert_eq!(names, ["price", "title"]);
    assert!(shown.hits[0].highlights.is_empty());
    let explained = answer(&folder, &["giá vàng", "--explain"]);
    assert!(explained.hits[0].explanation.is_some());
    let counted = answer(&folder, &["*", "--count"]);
    assert_eq!((counted.total, counted.hits.len()), (4, 0));
    assert_eq!(folder.run(["search", "*", "--count"]).ends(0).out, "4\n");
}

#[test]
fn a_filter_with_a_value_that_its_field_cannot_have_is_an_error() {
    let folder = Folder::with_sample();
    let run = folder.run(["search", "giá", "--filter", "category:\"kinh tế\"", "--filter", "price:vàng"]).ends(2);
    let run = run.says("field \"price\" (integer): expected a whole number, found \"vàng\"");
    let lines: Vec<&str> = run.err.lines().collect();
    assert_eq!(lines[1..3], ["  price:vàng", "        ^^^^"], "{}", run.err);
    // In a query the same are words.
    assert_eq!(folder.found("price:vàng"), ["n2"]);
}

#[test]
fn a_filter_on_a_field_that_does_not_exist_is_an_error() {
    let folder = Folder::with_sample();
    for command in [["search", "giá", "--filter", "catgory:web"].as_slice(), &["delete", "--filter", "catgory:web"]] {
        let run = folder.run(command).ends(2).says("there is no field \"catgory\": expected one of ");
        let run = run.says("did you mean \"category\"?");
        let lines: Vec<&str> = run.err.lines().collect();
        assert_eq!(lines[1..3], ["  catgory:web", "  ^^^^^^^"], "{}", run.err);
    }
    folder.run(["search", "giá", "--filter", "\"catgory:web\""]).ends(1);
    folder.run(["search", "giá", "--filter", "hanoi:10:30"]).ends(2);
    folder.run(["search", "catgory:web OR giá"]).ends(0);
}

#[test]
fn exit_code_one_when_nothing_is_found() {
    let folder = Folder::with_sample();
    let run = folder.run(["search", "zzzz"]).ends(1);
    assert!(run.out.contains("nothing found"), "{}", run.out);
    folder.run(["search", "--count", "zzz"]).ends(1);
    folder.run(["search", "giá"]).ends(0);
}

#[test]
fn a_malformed_query_is_found_anyway_or_pointed_at() {
    let folder = Folder::with_sample();
    folder.run(["search", "giá AND (vàng"]).ends(0);
    let run = folder.run(["search", "--strict", "giá AND (vàng"]).ends(2);
    let lines: Vec<&str> = run.err.lines().collect();
    let at = lines.iter().position(|line| line.contains("giá AND (vàng") && line.starts_with("  ")).expect("the query");
    assert_eq!(lines[at + 1].trim_end(), "          ^", "{}", run.err);
    folder.run(["search", "giá", "--sort", "nosuchfield"]).ends(2);
    // A filter is pointed at in its own text.
    let run = folder.run(["search", "--strict", "giá", "--filter", "price:12", "--filter", "a AND (b"]).ends(2);
    let lines: Vec<&str> = run.err.lines().collect();
    let at = lines.iter().position(|line| *line == "  a AND (b").unwrap_or_else(|| panic!("no filter in {}", run.err));
    assert_eq!(lines[at + 1].trim_end(), "        ^", "{}", run.err);
}

#[test]
fn human_output_shows_titles_and_what_was_found() {
    let folder = Folder::with_sample();
    let plain = folder.run(["search", "to lam bac kinh"]).ends(0).out;
    assert!(!plain.contains('\u{1b}'), "{plain}");
    assert!(plain.contains("**") && plain.contains("n1"), "{plain}");
    let coloured = folder.run(["search", "to lam", "--color", "always"]).ends(0).out;
    assert!(coloured.contains("\u{1b}[1m\u{1b}[4m"), "{coloured:?}");
    let explained = folder.run(["search", "vàng", "--explain"]).ends(0).out;
    assert!(explained.lines().count() > plain.lines().count() || explained.contains("vàng"));
    let faceted = folder.run(["search", "*", "--facet", "category"]).ends(0).out;
    assert!(faceted.contains("kinh tế"), "{faceted}");
}

#[test]
fn human_output_says_nothing_twice_and_keeps_to_its_width() {
    let folder = Folder::with_sample();
    let shown = folder.run(["search", "*", "--sort", "price:desc", "--show", "title,price", "-n", "1"]).ends(0).out;
    assert_eq!(shown.matches("Bát Tràng").count(), 1, "{shown}");
    assert!(shown.contains("price: 450") && !shown.contains("0.000"), "{shown}");
    let words = "giá vàng tăng mạnh hôm nay ".repeat(20);
    folder.run_with(["index"], format!("{{\"id\":\"w\",\"title\":\"{words}\"}}\n").as_bytes()).ends(0);
    let wide = folder.run(["search", "giá vàng", "--match", "all"]).ends(0).out;
    assert!(wide.contains("**giá vàng**"), "{wide}");
    assert!(wide.lines().all(|line| line.chars().count() <= 80), "{wide}");
}

#[test]
fn documents_cannot_command_a_terminal() {
    let folder = Folder::new();
    let evil = "{\"id\":\"x\",\"title\":\"tin\\u001b[2J\\u202enóng\",\"body\":\"tin \\u009b31m\"}\n";
    folder.run_with(["index"], evil.as_bytes()).ends(0);
    let out = folder.run(["search", "tin"]).ends(0).out;
    assert!(!out.contains(['\u{1b}', '\u{202e}', '\u{9b}']), "{out:?}");
    assert!(out.contains("\\u{1b}"), "{out}");
}

#[test]
fn lines_formats() {
    let folder = Folder::with_sample();
    let trec = folder.run(["search", "gia vang", "--format", "trec", "--match", "all"]).ends(0).out;
    let columns: Vec<&str> = trec.trim_end().split(' ').collect();
    assert_eq!(columns.len(), 6, "{trec}");
    assert_eq!((&columns[..4], columns[5]), (&["1", "Q0", "n2", "1"][..], "dau"));
    assert!(columns[4].parse::<f32>().is_ok_and(|score| score > 0.0));
    let tsv = folder.run(["search", "*", "--format", "tsv", "--sort", "price", "--show", "price,body"]).ends(0).out;
    let lines: Vec<&str> = tsv.lines().collect();
    assert_eq!(lines[0], "rank\tid\tscore\tprice\tbody");
    assert_eq!(lines.len(), 5);
    assert!(lines[1].starts_with("1\tn1\t") && lines[1].contains("\t0\t"), "{tsv}");
    // Documents are read only where they are printed; what is found, and the exit code, are the same.
    let bare = folder.run(["search", "*", "--format", "tsv", "--sort", "price"]).ends(0).out;
    let columns = |text: &str| -> Vec<String> {
        text.lines().map(|line| line.splitn(4, '\t').take(3).collect::<Vec<_>>().join("\t")).collect()
    };
    assert_eq!(columns(&bare), columns(&tsv));
    assert_eq!(folder.run(["search", "*", "--format", "trec", "--offset", "99"]).ends(0).out, "");
}

#[test]
fn batches_run_in_order_on_one_index() {
    let folder = Folder::with_sample();
    folder.write("q.jsonl", "{\"_id\":\"a\",\"text\":\"giá vàng\"}\n{\"_id\":\"b\",\"text\":\"zzz\"}\n{\"_id\":\"c\",\"text\":\"to lam\"}\n");
    let run = folder.run(["search", "--queries", "q.jsonl", "--format", "jsonl"]).ends(0);
    let answers: Vec<Answer> = run.out.lines().map(|line| serde_json::from_str(line).expect("an answer")).collect();
    let ids: Vec<_> = answers.iter().map(|answer| answer.id.as_deref()).collect();
    assert_eq!(ids, [Some("a"), Some("b"), Some("c")]);
    assert_eq!(answers[1].total, 0);
    let trec = folder.run(["search", "--queries", "q.jsonl", "--format", "trec", "-n", "1"]).ends(0).out;
    let firsts: Vec<&str> = trec.lines().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(firsts, ["a", "c"]);
    folder.write("plain.txt", "zzz\nyyy\n");
    folder.run(["search", "--queries", "plain.txt"]).ends(1);
    let counts =
        folder.run_with(["search", "--queries", "-", "--count", "--match", "all"], "q7\tgiá vàng\n".as_bytes());
    assert_eq!(counts.ends(0).out, "q7\t1\n");
    folder.write("broken.jsonl", "{\"_id\":\"a\"}\n");
    folder.run(["search", "--queries", "broken.jsonl"]).ends(2).says("line 1");
    folder.run(["search", "--queries", "q.jsonl", "và một câu"]).ends(2);
}
