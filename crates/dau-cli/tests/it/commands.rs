//! Every command once: wired to the engine, ending with the right code.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::{Value, json};

use crate::program::{Folder, SAMPLE};

#[test]
fn index_prints_a_summary() {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Summary {
        indexed: u64,
        replaced: u64,
        skipped: u64,
        bytes: u64,
        seconds: f64,
    }
    let folder = Folder::new();
    let summary = |run: &crate::program::Run| serde_json::from_value::<Summary>(run.json()).expect("a summary");
    let first = folder.run_with(["index", "--json"], SAMPLE.as_bytes()).ends(0);
    let first_summary = summary(&first);
    assert_eq!((first_summary.indexed, first_summary.replaced, first_summary.skipped), (4, 0, 0));
    assert_eq!(first_summary.bytes, SAMPLE.len() as u64);
    assert!(first_summary.seconds >= 0.0);
    // The inferred schema is shown, and can be read back.
    let first = first.says("[fields.title]");
    folder.write("schema.toml", &first.err);
    folder.run(["--index", "other", "index", "--schema", "schema.toml", "index-not-there"]).ends(2);
    let again = folder.run_with(["index", "--json", "-"], SAMPLE.as_bytes()).ends(0);
    assert_eq!((summary(&again).indexed, summary(&again).replaced), (4, 4));
    assert_eq!(folder.documents(), 4);
}

#[test]
fn an_index_option_names_the_folder_before_or_after_the_command() {
    let folder = Folder::with_sample();
    folder.run(["--index", "gone", "stats"]).ends(2).says("dau index PATH");
    folder.run(["stats", "--index", "gone"]).ends(2);
    folder.run(["stats", "--index", "index"]).ends(0);
}

#[test]
fn get_prints_documents_as_they_were_given() {
    let folder = Folder::with_sample();
    let given: Vec<Value> = SAMPLE.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let run = folder.run(["get", "n3", "n1"]).ends(0);
    assert_eq!(run.json_lines(), [given[2].clone(), given[0].clone()]);
    folder.run(["get", "gone"]).ends(1).says("gone");
    assert_eq!(folder.run(["get", "gone", "n2"]).ends(0).json_lines().len(), 1);
}

#[test]
fn delete_by_id_and_by_query() {
    let folder = Folder::with_sample();
    assert_eq!(folder.run(["delete", "n1", "gone", "--json"]).ends(0).json(), json!({"deleted": 1, "documents": 3}));
    assert!(folder.run(["delete", "--filter", "category:\"kinh tế\""]).ends(0).out.starts_with("2 documents deleted"));
    assert_eq!(folder.documents(), 1);
    folder.run(["delete"]).ends(2);
    folder.run(["delete", "--filter", " "]).ends(2).says("--filter");
    folder.run(["delete", "--filter", "price:nghị"]).ends(2).says("field \"price\" (integer)").says("  price:nghị\n  ");
    for query in ["nghị bắc", "nghij", "nghịđịnh"] {
        let run = folder.run(["delete", "--filter", query]).ends(0);
        assert!(run.out.starts_with("0 documents"), "{query}: {}", run.out);
    }
    assert_eq!(folder.documents(), 1);
}

#[test]
fn export_gives_back_what_index_reads() {
    let folder = Folder::with_sample();
    let export = folder.run(["export"]).ends(0);
    assert_eq!(export.json_lines().len(), 4);
    let other = Folder::new();
    other.run_with(["index"], export.out.as_bytes()).ends(0);
    let lines = |out: &str| out.lines().map(str::to_owned).collect::<std::collections::BTreeSet<_>>();
    assert_eq!(lines(&other.run(["export"]).out), lines(&export.out));
}

#[test]
fn analyze_prints_tokens() {
    #[derive(Debug, serde::Deserialize)]
    struct Token {
        text: String,
        marked: String,
        folded: String,
        kind: String,
        start: usize,
        end: usize,
        position: usize,
    }
    let folder = Folder::new();
    let run = folder.run(["analyze", "--format", "json", "Ông", "Nguyễn"]).ends(0);
    let tokens: Vec<Token> = serde_json::from_value(run.json()["tokens"].clone()).expect("tokens");
    let token = &tokens[1];
    assert_eq!((token.text.as_str(), token.marked.as_str(), token.folded.as_str()), ("Nguyễn", "nguyễn", "nguyen"));
    assert_eq!((token.kind.as_str(), token.position), ("word", 1));
    assert_eq!(&"Ông Nguyễn"[token.start..token.end], "Nguyễn");
    let human = folder.run(["analyze", "Nguyễn"]).ends(0);
    assert!(human.out.contains("nguyen") && human.out.contains("folded"), "{}", human.out);
    let query = folder.run(["analyze", "--query", "--format", "json", "+hà \"nội đô\""]).ends(0).json();
    let text: Vec<_> = query["tokens"].as_array().expect("tokens").iter().map(|token| token["text"].clone()).collect();
    assert_eq!(text, ["hà", "nội", "đô"]);
    assert_eq!(query["tokens"][1]["start"], "+hà \"".len());
    folder.run(["analyze", "--kind", "poem", "x"]).ends(2);
}

#[test]
fn stats_and_schema_and_check() {
    let folder = Folder::with_sample();
    let stats = folder.run(["stats", "--format", "json"]).ends(0).json();
    assert_eq!(stats["documents"], 4);
    assert!(stats["bytes"].is_object() && stats["schema"].as_str().is_some_and(|schema| schema.contains("fields")));
    assert!(folder.run(["stats"]).ends(0).out.contains("documents"));
    let schema = folder.run(["schema"]).ends(0);
    assert!(schema.out.contains("id = \"id\""), "{}", schema.out);
    let inferred = folder.run(["schema", "sample.jsonl", "--kind", "category=keyword"]).ends(0);
    assert_eq!(inferred.out, schema.out);
    let changed = folder.run(["schema", "sample.jsonl", "--kind", "price=float"]).ends(0);
    assert!(changed.out.contains("float"), "{}", changed.out);
    let check = folder.run(["check"]).ends(0);
    assert!(check.out.contains("nothing is wrong"), "{}", check.out);
    assert_eq!(folder.run(["check", "--format", "json"]).ends(0).json()["problems"], json!([]));
}

#[test]
fn check_finds_a_damaged_file() {
    let folder = Folder::with_sample();
    let store = std::fs::read_dir(folder.path().join("index"))
        .expect("the index's folder")
        .map(|entry| entry.expect("an entry").path())
        .find(|path| path.extension().is_some_and(|ending| ending == "store"))
        .expect("a document store");
    let mut bytes = std::fs::read(&store).expect("the store");
    bytes[10] ^= 0xFF;
    std::fs::write(&store, bytes).expect("the store");
    let check = folder.run(["check"]).ends(2);
    assert!(check.out.contains("problem"), "{}", check.out);
}

#[test]
fn optimize_leaves_one_segment_and_the_documents() {
    let folder = Folder::new();
    for id in 0..3 {
        folder.run_with(["index"], format!("{{\"id\":\"{id}\",\"title\":\"số {id}\"}}\n").as_bytes()).ends(0);
    }
    folder.run(["delete", "1"]).ends(0);
    folder.run(["optimize"]).ends(0);
    let stats = folder.run(["stats", "--format", "json"]).ends(0).json();
    assert_eq!((&stats["segments"], &stats["documents"], &stats["deleted"]), (&json!(1), &json!(2), &json!(0)));
}

#[test]
fn bench_prints_latencies_and_speaks_the_protocol_of_the_game() {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Timing {
        queries: u64,
        repeat: u64,
        threads: u64,
        hits: u64,
        mean_us: f64,
        p50_us: f64,
        p90_us: f64,
        p95_us: f64,
        p99_us: f64,
        max_us: f64,
        qps: f64,
    }
    let folder = Folder::with_sample();
    folder.write("queries.tsv", "a\tgiá vàng\nb\tkhông có gì cả zzz\n");
    let bench =
        ["bench", "--queries", "queries.tsv", "--repeat", "2", "--threads", "2", "--match", "all", "--format", "json"];
    let timing: Timing = serde_json::from_value(folder.run(bench).ends(0).json()).expect("timing");
    assert_eq!((timing.queries, timing.repeat, timing.threads, timing.hits), (2, 2, 2, 1));
    let sorted = [timing.p50_us, timing.p90_us, timing.p95_us, timing.p99_us, timing.max_us];
    assert!(sorted.is_sorted() && timing.mean_us > 0.0 && timing.qps > 0.0, "{sorted:?}");
    assert!(folder.run(["bench", "--queries", "queries.tsv", "--repeat", "1"]).ends(0).out.contains("p99"));
    let commands = "COUNT\tgiá vàng\nTOP_10\tgiá\nTOP_1_COUNT\t+giá +vàng\nSORT\tgiá\n";
    let game = folder.run_with(["bench", "--protocol", "game"], commands.as_bytes()).ends(0);
    let numbers: Vec<_> = game.out.lines().collect();
    assert_eq!(numbers.len(), 4, "{}", game.out);
    assert_eq!(numbers[1..], ["1", "1", "UNSUPPORTED"]);
    folder.run(["bench"]).ends(2);
}

#[test]
fn bench_looks_for_words_as_search_does() {
    let folder = Folder::with_sample();
    folder.write("synonyms.txt", "pottery = gốm\n");
    folder.run(["synonyms", "synonyms.txt"]).ends(0);
    let check = |query: &str, options: &[&str], expected: u64| {
        folder.write("queries.tsv", format!("q\t{query}\n"));
        let bench = ["bench", "--queries", "queries.tsv", "--repeat", "1", "--format", "json"];
        let bench = folder.run(bench.iter().chain(options)).ends(0).json();
        assert_eq!(bench["hits"], expected, "bench {query} {options:?}");
        let game = ["bench", "--protocol", "game"];
        let game = folder.run_with(game.iter().chain(options), format!("COUNT\t{query}\n").as_bytes()).ends(0);
        assert_eq!(game.out, format!("{expected}\n"), "game {query} {options:?}");
        let search = folder.run(["search", query, "--count"].iter().chain(options));
        assert_eq!(search.out, format!("{expected}\n"), "search {query} {options:?}");
    };
    check("vafng", &[], 1);
    check("vafng", &["--corrections", "off"], 0);
    check("vang", &[], 1);
    check("vang", &["--accents", "strict"], 0);
    check("pottery", &[], 1);
    check("pottery", &["--no-synonyms"], 0);
    check("gốm", &["--in", "title,body"], 1);
    check("gốm", &["--in", "title"], 0);
    check("gốm nay", &["--match", "any"], 2);
    check("gốm nay", &["--match", "all"], 0);
    folder.run(["bench", "--queries", "queries.tsv", "--in", "nosuch"]).ends(2).says("there is no field \"nosuch\"");
}

#[test]
fn completions_and_manual_pages() {
    let folder = Folder::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(folder.run(["completions", shell]).ends(0).out.contains("dau"), "{shell}");
    }
    assert!(folder.run(["man"]).ends(0).out.contains(".TH dau 1"));
    assert!(folder.run(["man", "search"]).ends(0).out.contains("snippet"));
    folder.run(["man", "sing"]).ends(2).says("search");
    folder.run(["man", "--dir", "pages"]).ends(0);
    assert!(folder.path().join("pages/dau-index.1").is_file());
}

#[test]
fn a_broken_pipe_ends_quietly() {
    let folder = Folder::new();
    let body = "nước chảy đá mòn ".repeat(20);
    let lines: String = (0..2000).map(|id| format!("{{\"id\":\"{id}\",\"body\":\"{body}\"}}\n")).collect();
    folder.run_with(["index"], lines.as_bytes()).ends(0);
    let mut child =
        folder.command(["export"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    stdout.read_line(&mut line).expect("a line");
    drop(stdout);
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(line.starts_with('{'));
}

#[test]
fn usage_errors_end_with_two() {
    let folder = Folder::new();
    folder.run::<&str>([]).ends(2);
    folder.run(["sing"]).ends(2);
    folder.run(["search"]).ends(2);
    folder.run(["index", "--memory", "much"]).ends(2).says("64M");
    folder.run(["search", "x"]).ends(2).says("dau index PATH");
    folder.run(["--version"]).ends(0);
}
