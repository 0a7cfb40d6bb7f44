//! Small indexes, what a search of them finds, and the shared data. Has no test of its own.

use std::path::PathBuf;

use dau::{Index, Results, Schema, Search, Writer, WriterOptions};
use serde_json::{Map, Value, json};
use unicode_normalization::UnicodeNormalization;

/// A writer that takes little memory and keeps documents that are added together in one segment.
pub(crate) fn writer(index: &Index) -> Writer {
    index.writer_with(&WriterOptions::new().threads(1).memory(15_000_000)).expect("a writer")
}

pub(crate) fn add_all(writer: &mut Writer, documents: &[Value]) {
    for document in documents {
        writer.add(document).expect("a document that fits the schema");
    }
}

/// An index in memory with one commit.
pub(crate) fn index_of(schema: Schema, documents: &[Value]) -> Index {
    let index = Index::in_ram(schema).expect("an index in memory");
    let mut writer = writer(&index);
    add_all(&mut writer, documents);
    writer.commit().expect("a commit");
    index
}

/// An index of documents that are one text each, with the ids "0", "1" and so on.
pub(crate) fn index_of_texts(texts: &[&str]) -> Index {
    let schema = Schema::builder().id("id").text("text").build().expect("a valid schema");
    let documents: Vec<Value> =
        (0..).zip(texts).map(|(id, text): (usize, _)| json!({"id": id, "text": text})).collect();
    index_of(schema, &documents)
}

pub(crate) fn find(index: &Index, search: &Search) -> Results {
    index.search(search).unwrap_or_else(|error| panic!("{search:?}: {error}"))
}

/// The ids of all hits, best first.
pub(crate) fn ids(index: &Index, search: &Search) -> Vec<String> {
    ranked(index, search).into_iter().map(|(id, _)| id).collect()
}

/// The ids and scores of all hits, best first.
pub(crate) fn ranked(index: &Index, search: &Search) -> Vec<(String, f32)> {
    let results = find(index, &search.clone().limit(100_000));
    let hits = results.hits.into_iter();
    hits.map(|hit| (hit.id.expect("a schema with an id"), hit.score)).collect()
}

/// The ids of all hits in numeric order: what matches, however it ranks.
pub(crate) fn matching(index: &Index, search: &Search) -> Vec<u64> {
    let mut found: Vec<u64> = ids(index, search).iter().map(|id| id.parse().expect("ids are numbers")).collect();
    found.sort_unstable();
    found
}

pub(crate) fn nfd(text: &str) -> String {
    text.nfd().collect()
}

/// As windows-1258 has it: the letter composed, the tone after it.
pub(crate) fn half_composed(text: &str) -> String {
    let is_tone = |c: &char| "\u{300}\u{301}\u{303}\u{309}\u{323}".contains(*c);
    let one = |c: char| {
        let parts: Vec<char> = c.nfd().collect();
        let letter: String = parts.iter().filter(|c| !is_tone(c)).collect::<String>().nfc().collect();
        letter.chars().chain(parts.iter().copied().filter(is_tone)).collect::<String>()
    };
    text.nfc().map(one).collect()
}

/// Numbers that look random and are the same in every run (SplitMix64).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }
}

/// The first documents of a file of the shared data; none, with a word about it, where that is not present.
#[expect(clippy::print_stdout, reason = "a test may tell what it did not test")]
pub(crate) fn shared_documents(name: &str, most: usize) -> Vec<Map<String, Value>> {
    let default = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data"));
    let path = std::env::var_os("DAU_DATA").map_or_else(default, PathBuf::from).join(name);
    let Ok(file) = std::fs::File::open(&path) else {
        println!("shared data not present: skipped {name}");
        return Vec::new();
    };
    let lines = std::io::BufRead::lines(std::io::BufReader::new(zstd::Decoder::new(file).expect("zstd")));
    let read = |line: std::io::Result<String>| serde_json::from_str(&line.expect("a line")).expect("a JSON object");
    lines.take(most).map(read).collect()
}
