//! What a crash or a full disk leaves behind: the index opens at its last commit. (The program's tests kill it.)

use std::fs;
use std::path::Path;
use std::process::Command;

use dau::{ErrorKind, Index, Schema, Search};
use serde_json::json;

use crate::fixture::{Random, find, writer};

fn schema() -> Schema {
    Schema::builder().id("id").text("title").build().expect("a valid schema")
}

/// An index of ten committed documents, whose writer has gone.
fn committed(dir: &Path) {
    let index = Index::create(dir, schema()).expect("created");
    let mut writer = writer(&index);
    for id in 0..10 {
        writer.add(&json!({"id": id, "title": "đã ghi"})).expect("fits");
    }
    writer.commit().expect("a commit");
}

/// The index is clean, has just its ten documents, and can be written.
fn check_ten(dir: &Path) {
    let report = Index::check(dir).expect("checked");
    assert!(report.is_clean() && report.documents == 10, "{report:?}");
    let index = Index::open(dir).expect("opened");
    assert_eq!(find(&index, &Search::new("đã ghi")).total, 10);
    let mut writer = writer(&index);
    writer.add(&json!({"id": "mới", "title": "sau đó"})).expect("fits");
    assert_eq!(writer.commit().expect("a commit").documents, 11);
    drop(writer);
    assert!(Index::check(dir).expect("checked").is_clean());
}

#[test]
fn leftovers_are_harmless() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    committed(dir.path());
    fs::write(dir.path().join("dau.json.tmp"), "{\"format\": 9").expect("written");
    fs::write(dir.path().join("meta.json.tmp"), "{").expect("written");
    fs::write(dir.path().join(".tmpXYZ"), "").expect("written");
    fs::write(dir.path().join("0123456789abcdef0123456789abcdef.store"), "half a segment").expect("written");
    fs::write(dir.path().join("0123456789abcdef0123456789abcdef.idx"), "").expect("written");
    // A process that was killed leaves the file of its lock, not the lock.
    fs::write(dir.path().join(".tantivy-writer.lock"), "").expect("written");
    fs::write(dir.path().join(".tantivy-meta.lock"), "").expect("written");
    check_ten(dir.path());
}

#[test]
fn a_crash_while_creating_leaves_nothing_in_the_way() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    Index::create(dir.path(), schema()).expect("created");
    fs::remove_file(dir.path().join("meta.json")).expect("not written yet when it crashed");
    let error = Index::open(dir.path()).expect_err("no index yet");
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
    let other = Schema::builder().text("body").build().expect("a valid schema");
    let index = Index::create(dir.path(), other.clone()).expect("created");
    assert_eq!(index.schema(), &other);
    assert_eq!(Index::open(dir.path()).expect("opened").schema(), &other);
}

#[test]
fn a_power_cut_in_the_middle_of_writing_keeps_the_last_commit() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    committed(dir.path());
    let index = Index::open(dir.path()).expect("opened");
    let mut writer = writer(&index);
    let mut random = Random(7);
    let mut largest = 0;
    for round in 0..5 {
        // Enough that the writer has put segments on disk before any commit.
        for id in 0..2_000 {
            let title: Vec<String> = (0..60).map(|_| format!("{:x}", random.next())).collect();
            writer.add(&json!({"id": format!("{round}-{id}"), "title": title.join(" ")})).expect("fits");
        }
        writer.delete("3");
        let image = tempfile::tempdir().expect("a temporary folder");
        for entry in fs::read_dir(dir.path()).expect("a folder") {
            let entry = entry.expect("an entry");
            // A file may be gone between listing and copying: a crash may come there too.
            let _ = fs::copy(entry.path(), image.path().join(entry.file_name()));
        }
        largest = largest.max(fs::read_dir(image.path()).expect("a folder").count());
        check_ten(image.path());
    }
    let before = fs::read_dir(dir.path()).expect("a folder").count();
    assert!(largest > 12 && before > 12, "no uncommitted segment was on disk: {largest} files");
    drop(writer);
    check_ten(dir.path());
}

/// A small file system that is taken away with the value.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// `None` where that is not allowed.
    fn mount(bytes: usize) -> Option<SmallDisk> {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={bytes}"), "none"]).arg(dir.path());
        let mounted = mount.output().is_ok_and(|output| output.status.success());
        mounted.then_some(SmallDisk(dir))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // What is left if this fails is an empty folder's mount in a temporary place.
        let _ = Command::new("umount").arg("--lazy").arg(self.0.path()).output();
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "a test may tell what it did not test")]
fn a_full_disk_keeps_the_last_commit() {
    let Some(disk) = SmallDisk::mount(3 << 20) else {
        println!("skipped: no small file system can be mounted here");
        return;
    };
    let dir = disk.0.path().join("index");
    committed(&dir);
    let index = Index::open(&dir).expect("opened");
    let mut full = writer(&index);
    let mut random = Random(7);
    let mut failed = None;
    for round in 0..40 {
        let mut add_and_commit = || {
            for id in 0..500 {
                let title: Vec<String> = (0..60).map(|_| format!("{:x}", random.next())).collect();
                full.add(&json!({"id": format!("{round}-{id}"), "title": title.join(" ")}))?;
            }
            full.commit().map(drop)
        };
        if let Err(error) = add_and_commit() {
            failed = Some((round, error));
            break;
        }
    }
    let (round, error) = failed.expect("3 MiB are full at some time");
    assert_eq!(error.kind(), ErrorKind::Io, "{error:?}");
    let documents = 10 + round * 500;
    assert_eq!(find(&index, &Search::new("*")).total, documents);
    drop((full, index));
    let report = Index::check(&dir).expect("checked");
    assert!(report.is_clean() && report.documents == documents, "{report:?}");
    let index = Index::open(&dir).expect("opened");
    assert_eq!(find(&index, &Search::new("đã ghi")).total, 10);
    // What the failed run left behind is cleared away: the next writer has room.
    let mut next = writer(&index);
    next.add(&json!({"id": "next", "title": "lần sau"})).expect("a document");
    next.commit().expect("room for a commit");
    assert_eq!(find(&index, &Search::new("lần sau")).total, 1);
}
