//! The life of an index: created, opened, locked, written, read while written.

use std::sync::atomic::{AtomicBool, Ordering};

use dau::{Commit, ErrorKind, Index, Schema, Search, WriterOptions};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::fixture::{add_all, find, index_of, matching, writer};

fn schema() -> Schema {
    Schema::builder().id("id").text("title").keyword("category").build().expect("a valid schema")
}

fn document(id: usize, title: &str) -> Value {
    json!({"id": id, "title": title, "category": if id.is_multiple_of(2) { "chẵn" } else { "lẻ" }})
}

fn documents(ids: std::ops::Range<usize>, title: &str) -> Vec<Value> {
    ids.map(|id| document(id, title)).collect()
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn everything(index: &Index) -> Vec<u64> {
    matching(index, &Search::new("*"))
}

/// added, replaced, deleted, documents
fn counts(commit: Commit) -> (u64, u64, u64, u64) {
    (commit.added, commit.replaced, commit.deleted, commit.documents)
}

fn check_kind<T: std::fmt::Debug>(result: dau::Result<T>, kind: ErrorKind, parts: &[&str]) {
    let error = result.expect_err("an error");
    assert_eq!(error.kind(), kind, "{error}");
    for part in parts {
        assert!(error.to_string().contains(part), "{error} lacks {part:?}");
    }
}

#[test]
fn create_open_and_open_or_create() {
    let dir = folder();
    let path = dir.path().join("mới/chỉ mục");
    let shown = path.display().to_string();
    check_kind(Index::open(&path), ErrorKind::NotFound, &[&shown, "no index"]);
    check_kind(Index::check(&path), ErrorKind::NotFound, &[&shown]);
    let created = Index::create(&path, schema()).expect("created");
    let mut writer = writer(&created);
    add_all(&mut writer, &documents(0..3, "hà nội"));
    writer.commit().expect("a commit");
    drop((writer, created));
    check_kind(Index::create(&path, schema()), ErrorKind::AlreadyExists, &[&shown, "already"]);
    let opened = Index::open(&path).expect("opened");
    assert_eq!(opened.schema(), &schema());
    assert_eq!(everything(&opened), [0, 1, 2]);
    assert_eq!(everything(&Index::open_or_create(&path, schema()).expect("opened")), [0, 1, 2]);
    let other = Schema::builder().text("title").build().expect("a valid schema");
    check_kind(Index::open_or_create(&path, other.clone()), ErrorKind::Schema, &[&shown, "another schema"]);
    assert_eq!(everything(&opened), [0, 1, 2]);
    let second = dir.path().join("hai");
    Index::open_or_create(&second, other.clone()).expect("created");
    assert_eq!(Index::open(&second).expect("opened").schema(), &other);
    assert!(Index::check(&path).expect("checked").is_clean());
}

#[test]
fn a_file_is_no_folder() {
    let dir = folder();
    let file = dir.path().join("tệp");
    std::fs::write(&file, "x").expect("written");
    check_kind(Index::create(&file, schema()), ErrorKind::Io, &["tệp"]);
    check_kind(Index::open(&file), ErrorKind::Io, &["tệp"]);
    check_kind(Index::open_or_create(file.join("x"), schema()), ErrorKind::Io, &["tệp"]);
    // Other files in the folder do no harm, and none comes to them.
    Index::create(dir.path(), schema()).expect("created beside another file");
    assert_eq!(std::fs::read_to_string(&file).expect("still there"), "x");
}

#[test]
fn there_is_one_writer_at_a_time() {
    let dir = folder();
    let first = Index::create(dir.path(), schema()).expect("created");
    let second = Index::open(dir.path()).expect("opened");
    let open = writer(&first);
    check_kind(first.writer(), ErrorKind::Locked, &["another writer"]);
    check_kind(second.writer(), ErrorKind::Locked, &["another writer"]);
    assert_eq!(everything(&second), [0; 0], "readers are not locked out");
    drop(open);
    drop(second.writer().expect("the lock is free again"));
    let in_ram = Index::in_ram(schema()).expect("an index");
    let open = writer(&in_ram);
    check_kind(in_ram.clone().writer(), ErrorKind::Locked, &["another writer"]);
    drop(open);
    drop(writer(&in_ram));
}

#[test]
fn impossible_writer_options_are_refused() {
    let index = Index::in_ram(schema()).expect("an index");
    let check = |options: WriterOptions, parts: &[&str]| {
        check_kind(index.writer_with(&options), ErrorKind::Argument, parts);
    };
    check(WriterOptions::new().threads(0), &["0 indexing threads", "1 to 8"]);
    check(WriterOptions::new().threads(9), &["9 indexing threads", "1 to 8"]);
    check(WriterOptions::new().memory(1_000_000), &["1000000 bytes", "expected"]);
    check(WriterOptions::new().threads(2).memory(20_000_000), &["2 indexing threads", "30000000"]);
    drop(index.writer_with(&WriterOptions::new().threads(1).memory(usize::MAX)).expect("as much as is of use"));
}

#[test]
fn the_same_id_replaces() {
    let index = Index::in_ram(schema()).expect("an index");
    let mut writer = writer(&index);
    add_all(&mut writer, &[document(1, "cũ"), document(1, "giữa"), document(2, "hai"), document(1, "mới")]);
    assert_eq!(counts(writer.commit().expect("a commit")), (4, 2, 0, 2));
    assert_eq!(matching(&index, &Search::new("cũ OR giữa")), [0; 0]);
    assert_eq!(matching(&index, &Search::new("mới")), [1]);
    // Across commits, and as a string instead of a number.
    writer.add(&json!({"id": "2", "title": "hai nữa"})).expect("fits");
    writer.add(&document(3, "ba")).expect("fits");
    assert_eq!(counts(writer.commit().expect("a commit")), (2, 1, 0, 3));
    assert_eq!(matching(&index, &Search::new("nữa")), [2]);
    assert_eq!(everything(&index), [1, 2, 3]);
    // Twice in one commit, on top of a committed one.
    add_all(&mut writer, &[document(3, "ba nữa"), document(3, "ba cuối")]);
    assert_eq!(counts(writer.commit().expect("a commit")), (2, 2, 0, 3));
    assert_eq!(matching(&index, &Search::new("ba")), [3]);
    assert_eq!(matching(&index, &Search::new("cuối")), [3]);
    assert_eq!(counts(writer.commit().expect("an empty commit")), (0, 0, 0, 3));
}

#[test]
fn without_an_id_nothing_replaces() {
    let schema = Schema::builder().text("title").build().expect("a valid schema");
    let twice = [json!({"title": "một"}), json!({"title": "một"})];
    let index = index_of(schema, &twice);
    let results = find(&index, &Search::new("một"));
    assert_eq!(results.total, 2);
    assert_eq!(results.hits[0].id, None);
    let mut writer = writer(&index);
    writer.delete("một");
    assert_eq!(counts(writer.commit().expect("a commit")), (0, 0, 0, 2));
    assert_eq!(index.searcher().expect("a searcher").get("một").expect("readable"), None);
}

#[test]
fn delete_by_id() {
    let index = index_of(schema(), &documents(0..6, "hà nội"));
    let mut writer = writer(&index);
    writer.delete("0");
    writer.delete("0");
    writer.delete("khác");
    assert_eq!(everything(&index).len(), 6, "not before the commit");
    assert_eq!(counts(writer.commit().expect("a commit")), (0, 0, 1, 5));
    // Delete then add, add then delete, add, delete and add again.
    writer.delete("1");
    writer.add(&document(1, "huế")).expect("fits");
    writer.add(&document(7, "huế")).expect("fits");
    writer.delete("7");
    writer.add(&document(8, "huế")).expect("fits");
    writer.delete("8");
    writer.add(&document(8, "vinh")).expect("fits");
    assert_eq!(writer.commit().expect("a commit").documents, 6);
    assert_eq!(everything(&index), [1, 2, 3, 4, 5, 8]);
    assert_eq!(matching(&index, &Search::new("huế")), [1]);
    assert_eq!(matching(&index, &Search::new("vinh")), [8]);
}

#[test]
fn delete_by_query() {
    let index = index_of(schema(), &documents(0..10, "hà nội"));
    let mut writer = writer(&index);
    writer.add(&document(12, "hà nội")).expect("fits");
    assert_eq!(writer.delete_matching(&Search::new("category:chẵn")).expect("deletes"), 5);
    assert_eq!(counts(writer.commit().expect("a commit")), (1, 0, 5, 6));
    assert_eq!(everything(&index), [1, 3, 5, 7, 9, 12], "what was not committed yet stays");
    assert_eq!(writer.delete_matching(&Search::new("sài gòn")).expect("deletes nothing"), 0);
    let filtered = Search::new("hà nội").filter("id:9 OR id:7").limit(1);
    assert_eq!(writer.delete_matching(&filtered).expect("a limit does not matter"), 2);
    check_kind(writer.delete_matching(&Search::new("hà AND").strict(true)), ErrorKind::Query, &["operator"]);
    assert_eq!(counts(writer.commit().expect("a commit")), (0, 0, 2, 4));
    // Sequence numbers go on after reopening and merging, so a delete hits what it means.
    writer.optimize().expect("one segment");
    writer.add(&document(20, "hà nội")).expect("fits");
    writer.commit().expect("a commit");
    assert_eq!(writer.delete_matching(&Search::new("id:20")).expect("deletes"), 1);
    writer.commit().expect("a commit");
    assert_eq!(everything(&index), [1, 3, 5, 12]);
}

#[test]
fn rollback_takes_everything_back() {
    let index = index_of(schema(), &documents(0..4, "hà nội"));
    let mut writer = writer(&index);
    add_all(&mut writer, &documents(3..6, "huế"));
    writer.delete("0");
    writer.delete_matching(&Search::new("id:1")).expect("deletes");
    writer.rollback().expect("rolled back");
    assert_eq!(counts(writer.commit().expect("a commit")), (0, 0, 0, 4));
    assert_eq!(everything(&index), [0, 1, 2, 3]);
    assert_eq!(matching(&index, &Search::new("huế")), [0; 0]);
    // And the writer goes on.
    add_all(&mut writer, &documents(3..5, "vinh"));
    writer.delete("0");
    assert_eq!(counts(writer.commit().expect("a commit")), (2, 1, 1, 4));
    assert_eq!(everything(&index), [1, 2, 3, 4]);
}

#[test]
fn a_dropped_writer_changes_nothing() {
    let dir = folder();
    let index = Index::create(dir.path(), schema()).expect("created");
    let mut first = writer(&index);
    add_all(&mut first, &documents(0..3, "hà nội"));
    first.commit().expect("a commit");
    add_all(&mut first, &documents(2..200, "huế"));
    first.delete("0");
    drop(first);
    assert_eq!(everything(&index), [0, 1, 2]);
    assert_eq!(everything(&Index::open(dir.path()).expect("opened")), [0, 1, 2]);
    let mut second = writer(&index);
    second.add(&document(3, "vinh")).expect("fits");
    assert_eq!(counts(second.commit().expect("a commit")), (1, 0, 0, 4));
    assert_eq!(everything(&index), [0, 1, 2, 3]);
    assert!(Index::check(dir.path()).expect("checked").is_clean());
}

#[test]
fn readers_see_commits_and_old_searchers_stay() {
    let dir = folder();
    let index = Index::create(dir.path(), schema()).expect("created");
    let other = Index::open(dir.path()).expect("opened");
    let mut writer = writer(&index);
    let empty = other.searcher().expect("a searcher");
    add_all(&mut writer, &documents(0..3, "hà nội"));
    assert_eq!(everything(&index), [0; 0], "not before the commit");
    writer.commit().expect("a commit");
    let three = index.searcher().expect("a searcher");
    writer.delete("0");
    writer.add(&document(1, "huế")).expect("fits");
    writer.commit().expect("a commit");
    writer.optimize().expect("one segment");
    let search = Search::new("hà nội");
    assert_eq!(empty.search(&search).expect("found").total, 0);
    assert_eq!(three.search(&search).expect("found").total, 3);
    assert_eq!(three.get("0").expect("readable").expect("there").get("title"), Some(&json!("hà nội")));
    for index in [&index, &other] {
        assert_eq!(find(index, &search).total, 1);
        assert_eq!(find(index, &Search::new("huế")).total, 1);
    }
}

#[test]
fn another_handle_sees_each_of_many_quick_commits() {
    let dir = folder();
    let index = Index::create(dir.path(), schema()).expect("created");
    let other = Index::open(dir.path()).expect("opened");
    let mut writer = writer(&index);
    add_all(&mut writer, &documents(0..100, "hà nội"));
    writer.commit().expect("a commit");
    for deleted in 1..=40 {
        writer.delete(&(deleted - 1).to_string());
        writer.commit().expect("a commit");
        assert_eq!(find(&other, &Search::new("nội")).total, 100 - deleted);
    }
}

#[test]
fn optimizing_waits_for_merges_that_run() {
    let dir = folder();
    let index = Index::create(dir.path(), schema()).expect("created");
    let mut writer = writer(&index);
    add_all(&mut writer, &documents(0..8_000, &"phố cổ hà nội về đêm ".repeat(30)));
    writer.commit().expect("a commit");
    // So many deletions begin a merge of their own, which takes a while.
    (0..4_000).for_each(|id| writer.delete(&id.to_string()));
    writer.commit().expect("a commit");
    writer.optimize().expect("one segment");
    assert_eq!((index.stats().expect("stats").segments, everything(&index).len()), (1, 4_000));
}

#[test]
fn optimizing_frees_deleted_documents() {
    let dir = folder();
    let index = Index::create(dir.path(), schema()).expect("created");
    let mut writer = writer(&index);
    for part in 0..3 {
        add_all(&mut writer, &documents(part * 100..part * 100 + 100, &format!("phần thứ {part} của tất cả")));
        writer.commit().expect("a commit");
    }
    writer.delete_matching(&Search::new("category:lẻ")).expect("deletes");
    writer.commit().expect("a commit");
    let before = index.stats().expect("counted");
    assert_eq!((before.documents, before.deleted), (150, 150));
    assert!(before.segments > 1, "{before:?}");
    assert_eq!(counts(writer.optimize().expect("one segment")), (0, 0, 0, 150));
    let after = index.stats().expect("counted");
    assert_eq!((after.documents, after.deleted, after.segments), (150, 0, 1));
    assert!(after.total_bytes < before.total_bytes, "{before:?} {after:?}");
    assert_eq!(after.terms["category"], 1);
    assert_eq!(after.tokens["title"], 150 * 6);
    assert_eq!(everything(&index), (0..300).step_by(2).collect::<Vec<u64>>());
    let report = Index::check(dir.path()).expect("checked");
    assert!(report.is_clean() && report.documents == 150, "{report:?}");
}

#[test]
fn searches_in_many_threads_see_whole_commits() {
    const BATCH: u64 = 20;
    let index = Index::in_ram(schema()).expect("an index");
    let mut writer = writer(&index);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let mut seen = 0;
                while !done.load(Ordering::Acquire) {
                    let results = find(&index, &Search::new("hà nội").facet("category", 5).limit(3));
                    assert!(results.total >= seen && results.total.is_multiple_of(BATCH), "{seen} {}", results.total);
                    let counted: u64 = results.facets[0].values.iter().map(|value| value.count).sum();
                    assert_eq!(counted, results.total, "one view for everything in one search");
                    seen = results.total;
                }
            });
        }
        for part in 0..15 {
            add_all(&mut writer, &documents(part * BATCH as usize..(part + 1) * BATCH as usize, "Hà Nội"));
            writer.commit().expect("a commit");
        }
        done.store(true, Ordering::Release);
    });
    assert_eq!(find(&index, &Search::new("ha noi")).total, 15 * BATCH);
    writer.wait_merges().expect("merged");
    assert_eq!(find(&index, &Search::new("ha noi")).total, 15 * BATCH);
}

#[test]
fn an_empty_index_answers() {
    let index = Index::in_ram(schema()).expect("an index");
    for query in ["", "hà nội", "*", "\"hà nội\"", "hà*", "-hà", "category:x", "title:*"] {
        assert_eq!(find(&index, &Search::new(query).facet("category", 3)).total, 0, "{query}");
    }
    assert_eq!(index.stats().expect("counted").documents, 0);
    assert_eq!(writer(&index).optimize().expect("nothing to do").documents, 0);
}

/// The permission bits of every file in a folder.
#[cfg(unix)]
fn permissions(dir: &std::path::Path) -> std::collections::BTreeMap<String, u32> {
    use std::os::unix::fs::PermissionsExt;
    let entries = std::fs::read_dir(dir).expect("a folder").map(|entry| entry.expect("an entry"));
    let mode = |entry: &std::fs::DirEntry| entry.metadata().expect("metadata").permissions().mode() & 0o777;
    entries.map(|entry| (entry.file_name().to_string_lossy().into_owned(), mode(&entry))).collect()
}

/// Files were only for the user who had made the index, whatever the umask said.
#[cfg(unix)]
#[test]
fn files_may_be_read_by_whom_the_umask_lets() {
    let dir = folder();
    let index = Index::create(dir.path(), schema()).expect("created");
    let mut writer = writer(&index);
    for part in 0..3 {
        add_all(&mut writer, &documents(part * 5..part * 5 + 5, "đường sắt hà nội"));
        writer.delete("1");
        writer.commit().expect("a commit");
    }
    writer.optimize().expect("one segment");
    writer.wait_merges().expect("merged");
    index.set_synonyms(&dau::Synonyms::administrative()).expect("set");
    std::fs::write(dir.path().join("plain"), "x").expect("written");
    let modes = permissions(dir.path());
    for name in ["meta.json", "dau.json", "synonyms.txt", ".managed.json", ".tantivy-meta.lock"] {
        assert!(modes.contains_key(name), "{name} is not there: {modes:?}");
    }
    let differing: Vec<_> = modes.iter().filter(|(_, mode)| **mode != modes["plain"]).collect();
    assert!(differing.is_empty(), "expected {:o}: {differing:?}", modes["plain"]);
    assert!(modes.keys().all(|name| !name.ends_with(".tmp") && !name.starts_with(".tmp")), "{modes:?}");
}

/// Reading took a lock, and taking it took the right to write.
#[cfg(unix)]
#[test]
#[expect(clippy::print_stdout, reason = "a test may tell what it did not test")]
fn an_index_can_be_read_in_a_folder_that_may_not_be_written() {
    use std::os::unix::fs::PermissionsExt;
    let dir = folder();
    let created = Index::create(dir.path(), schema()).expect("created");
    let mut writer = writer(&created);
    add_all(&mut writer, &documents(0..3, "hà nội"));
    writer.commit().expect("a commit");
    drop((writer, created));
    let set = |path: &std::path::Path, mode: u32| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("permissions");
    };
    for lock_is_there in [true, false] {
        if !lock_is_there {
            std::fs::remove_file(dir.path().join(".tantivy-meta.lock")).expect("removed");
        }
        permissions(dir.path()).keys().for_each(|name| set(&dir.path().join(name), 0o444));
        set(dir.path(), 0o555);
        let may_write = std::fs::write(dir.path().join("probe"), "x").is_ok();
        let found = Index::open(dir.path()).map(|index| everything(&index));
        let report = Index::check(dir.path());
        let refused = Index::open(dir.path()).expect("opened").writer().map(drop);
        set(dir.path(), 0o755);
        if may_write {
            println!("this user may write everywhere, as root may: reading without that right was not tested");
            return;
        }
        assert_eq!(found.expect("opened"), [0, 1, 2]);
        assert!(report.expect("checked").is_clean());
        check_kind(refused, ErrorKind::Io, &["reading or writing the index failed"]);
    }
}
