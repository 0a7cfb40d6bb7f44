//! The counts of neighbours on disk: a table, and beside it what small commits counted since.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use dau::{Index, Schema, Search};
use serde_json::{Value, json};

use crate::fixture::{Random, add_all, find, writer};

fn schema() -> Schema {
    Schema::builder().id("id").text("title").build().expect("a valid schema")
}

/// Documents with far more pairs of words than are kept beside a table.
fn many(first_id: usize) -> Vec<Value> {
    let mut random = Random(7);
    let mut title = || (0..100).map(|_| format!("t{}", random.next() % 5000)).collect::<Vec<_>>().join(" ");
    (first_id..first_id + 300).map(|id| json!({"id": id, "title": title()})).collect()
}

fn few() -> Vec<Value> {
    let titles = ["cán bộ xã", "cán bộ huyện", "bộ cán cân", "can bo", "thẻ cán bộ", "căn bổ"];
    (1000..).zip(titles).map(|(id, title)| json!({"id": id, "title": title})).collect()
}

/// The files of neighbours, by name.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let paths = fs::read_dir(dir).expect("a folder").map(|entry| entry.expect("an entry").path());
    let name = |path: &Path| path.file_name().expect("a name").to_string_lossy().into_owned();
    let tables = paths.filter(|path| name(path).starts_with("bigrams-"));
    tables.map(|path| (name(&path), fs::read(&path).expect("read"))).collect()
}

/// Ids and scores, in which the neighbours of the words count.
fn hits(index: &Index) -> Vec<(Option<String>, u32)> {
    let results = find(index, &Search::new("can bo xa"));
    results.hits.into_iter().map(|hit| (hit.id, hit.score.to_bits())).collect()
}

#[test]
fn small_commits_leave_the_table_and_count_as_one_large_one_does() {
    let (whole, parts) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let all = Index::create(whole.path(), schema()).expect("created");
    let mut to_all = writer(&all);
    add_all(&mut to_all, &[many(0), few()].concat());
    to_all.commit().expect("a commit");
    assert_eq!(files(whole.path()).len(), 1, "a large commit writes a table");

    let index = Index::create(parts.path(), schema()).expect("created");
    let mut to_parts = writer(&index);
    add_all(&mut to_parts, &many(0));
    to_parts.commit().expect("a commit");
    let table = files(parts.path());
    for document in few() {
        add_all(&mut to_parts, &[document]);
        to_parts.commit().expect("a commit");
        let mut now = files(parts.path());
        assert!(
            table.iter().all(|(name, bytes)| now.remove(name).as_ref() == Some(bytes)),
            "the table is left as it is"
        );
        // Of this commit, and of the one before, which a reader may be about to read.
        assert!((1..=2).contains(&now.len()) && now.values().all(|since| since.len() < 300), "{:?}", now.keys());
    }
    assert_eq!(hits(&index), hits(&all));
    assert_eq!(hits(&Index::open(parts.path()).expect("opened")), hits(&all));
    drop(to_parts);

    // A writer removes what no commit names, and large commits take what is beside the table into a new one.
    fs::write(parts.path().join("bigrams-999999.bin"), "left by a crash").expect("written");
    let mut to_parts = writer(&index);
    assert_eq!(files(parts.path()).len(), 2);
    add_all(&mut to_parts, &many(2000));
    to_parts.commit().expect("a commit");
    drop(to_parts);
    drop(writer(&index));
    assert_eq!(files(parts.path()).len(), 1);
    add_all(&mut to_all, &many(2000));
    to_all.commit().expect("a commit");
    assert_eq!(hits(&index), hits(&all));
    assert!(Index::check(parts.path()).expect("checked").is_clean());
}

#[test]
fn an_index_of_small_commits_has_no_table() {
    let dir = tempfile::tempdir().expect("a folder");
    let index = Index::create(dir.path(), schema()).expect("created");
    let mut writer = writer(&index);
    add_all(&mut writer, &few());
    writer.commit().expect("a commit");
    assert!(files(dir.path()).values().all(|since| since.len() < 300));
    let bytes = index.stats().expect("counted").bytes["bigrams"];
    assert_eq!(bytes, files(dir.path()).values().map(|since| since.len() as u64).sum::<u64>());
    let in_ram = Index::in_ram(schema()).expect("created");
    let mut writer = crate::fixture::writer(&in_ram);
    for document in few() {
        add_all(&mut writer, &[document]);
        writer.commit().expect("a commit");
    }
    assert_eq!(hits(&in_ram), hits(&index));
}

#[test]
fn both_files_are_checked() {
    let dir = tempfile::tempdir().expect("a folder");
    let index = Index::create(dir.path(), schema()).expect("created");
    let mut to_index = writer(&index);
    for documents in [many(0), few()] {
        add_all(&mut to_index, &documents);
        to_index.commit().expect("a commit");
    }
    drop(to_index);
    // Opening a writer leaves the files of the last commit alone.
    drop(writer(&index));
    let sound = files(dir.path());
    assert_eq!(sound.len(), 2);
    for (name, bytes) in &sound {
        let path = dir.path().join(name);
        let mut damaged = bytes.clone();
        damaged[bytes.len() / 2] ^= 1;
        fs::write(&path, &damaged).expect("written");
        let report = Index::check(dir.path()).expect("checked");
        assert!(format!("{report:?}").contains(name.as_str()) && !report.is_clean(), "{name}: {report:?}");
        fs::remove_file(&path).expect("removed");
        let error =
            Index::open(dir.path()).expect("opened").search(&Search::new("can bo")).expect_err("a file is missing");
        assert!(error.to_string().contains(name.as_str()), "{error}");
        fs::write(&path, bytes).expect("written");
    }
    assert!(Index::check(dir.path()).expect("checked").is_clean());
}
