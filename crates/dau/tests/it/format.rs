//! An index on disk that is of another format, incomplete or damaged: said clearly, never a panic.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use dau::{CheckReport, ErrorKind, Highlight, Index, Order, Schema, Search};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::fixture::{Random, add_all, writer};

/// An index of a few segments, one with deleted documents, in a folder of its own.
fn sound_index() -> TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let schema =
        Schema::builder().id("id").text("title").code("number").keyword("category").integer("price").path("place");
    let index = Index::create(dir.path(), schema.build().expect("a valid schema")).expect("created");
    let mut writer = writer(&index);
    let words = ["đường", "sắt", "bán", "bàn", "ban", "hà", "nội", "huế", "giá", "vàng"];
    for part in 0..3 {
        let documents: Vec<Value> = (part * 100..part * 100 + 100)
            .map(|id: usize| {
                let title: Vec<&str> = (0..8).map(|at| words[(id * 7 + at * at) % words.len()]).collect();
                json!({"id": id, "title": title.join(" "), "number": format!("{id}/2020/NĐ-CP"), "category": words[id % 3],
                    "price": id * 1000, "place": format!("/việt nam/{}", words[id % 5])})
            })
            .collect();
        add_all(&mut writer, &documents);
        writer.commit().expect("a commit");
    }
    for id in (0..100).step_by(6) {
        writer.delete(&id.to_string());
    }
    writer.commit().expect("a commit");
    writer.wait_merges().expect("merged");
    dir
}

fn copy(from: &Path) -> TempDir {
    let to = tempfile::tempdir().expect("a temporary folder");
    for path in files(from) {
        fs::copy(&path, to.path().join(path.file_name().expect("a name"))).expect("copied");
    }
    to
}

/// The files of an index in the order of their names, without locks.
fn files(dir: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(dir).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.extension().is_none_or(|extension| extension != "lock"));
    files.sort();
    files
}

/// What belongs to a segment, as opposed to what describes the index.
fn is_of_segment(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension != "json")
}

fn check_open(dir: &Path, kind: ErrorKind, parts: &[&str]) {
    for result in [Index::open(dir).map(drop), Index::check(dir).map(drop)] {
        let error = result.expect_err("a damaged index");
        assert_eq!(error.kind(), kind, "{error}");
        for part in parts {
            assert!(error.to_string().contains(part), "{error} lacks {part:?}");
        }
    }
}

fn change_description(change: impl Fn(&mut Value)) -> TempDir {
    let dir = sound_index();
    let path = dir.path().join("dau.json");
    let mut description = serde_json::from_slice(&fs::read(&path).expect("read")).expect("JSON");
    change(&mut description);
    fs::write(&path, description.to_string()).expect("written");
    dir
}

#[test]
fn another_format_or_other_rules_are_refused() {
    let dir = change_description(|description| *description = json!({"format": 999, "new": "shape"}));
    check_open(dir.path(), ErrorKind::Version, &["999", "reads version 4", "build the index anew"]);
    // Before, the two counters of a pair of neighbours were anywhere in the table.
    let before = change_description(|description| description["format"] = 3.into());
    check_open(before.path(), ErrorKind::Version, &["format version 3", "reads version 4", "build the index anew"]);
    let error = Index::open_or_create(dir.path(), Schema::builder().build().expect("valid")).expect_err("not replaced");
    assert_eq!(error.kind(), ErrorKind::Version);
    let dir = change_description(|description| description["fingerprint"] = "0123456789abcdef".into());
    check_open(
        dir.path(),
        ErrorKind::Fingerprint,
        &["0123456789abcdef", "expected", "silently miss", "build the index anew"],
    );
}

#[test]
fn a_damaged_description_is_said_to_be_damaged() {
    let check = |content: &[u8]| {
        let dir = sound_index();
        fs::write(dir.path().join("dau.json"), content).expect("written");
        check_open(dir.path(), ErrorKind::Corrupt, &["dau.json", "damaged", "build it anew"]);
    };
    check(b"");
    check(b"\xff\xfe\x00");
    check(b"[]");
    check(br#"{"format": "1"}"#);
    check(br#"{"format": 4}"#);
    for schema in [json!("fields = 3"), json!("[fields.a]\nkind = \"txt\""), json!(7)] {
        let dir = change_description(|description| description["schema"] = schema.clone());
        check_open(dir.path(), ErrorKind::Corrupt, &["dau.json", "damaged"]);
    }
    // A schema that is well formed but is not that of the segments.
    let dir = change_description(|description| description["schema"] = "[fields.a]\nkind = \"text\"".into());
    check_open(dir.path(), ErrorKind::Corrupt, &["disagree"]);
}

#[test]
fn an_index_without_its_own_files_is_none() {
    let dir = sound_index();
    fs::remove_file(dir.path().join("dau.json")).expect("removed");
    check_open(dir.path(), ErrorKind::NotFound, &["no index"]);
    let error = Index::create(dir.path(), Schema::builder().build().expect("valid")).expect_err("segments are there");
    assert_eq!(error.kind(), ErrorKind::AlreadyExists);
    assert!(files(dir.path()).len() > 10, "nothing was removed");
}

#[test]
fn segments_without_their_list_are_damage_not_absence() {
    let dir = sound_index();
    fs::remove_file(dir.path().join("meta.json")).expect("removed");
    check_open(dir.path(), ErrorKind::Corrupt, &["meta.json", "missing"]);
    let before = files(dir.path());
    let error =
        Index::open_or_create(dir.path(), Schema::builder().build().expect("valid")).expect_err("segments are there");
    assert_eq!(error.kind(), ErrorKind::Corrupt);
    let error = Index::create(dir.path(), Schema::builder().build().expect("valid")).expect_err("segments are there");
    assert_eq!(error.kind(), ErrorKind::AlreadyExists);
    assert_eq!(files(dir.path()), before);
}

/// Opens, checks and searches in every way; all of it must return.
fn use_everything(dir: &Path) -> dau::Result<CheckReport> {
    let report = Index::check(dir);
    let index = Index::open(dir)?;
    let highlight = Highlight::new().fragments(2);
    for search in [
        Search::new("đường sắt").highlight(highlight).explain(true),
        Search::new("\"bán bàn\"~2 h*").facet("category", 3).facet("place", 3),
        Search::new("number:15/2020 -huế").sort_by("price", Order::Desc),
        Search::new("price:[1000 TO 90000] place:\"/việt nam\"").sort_by("category", Order::Asc),
        Search::new("title:* OR id:7"),
    ] {
        let _ = index.search(&search);
    }
    let _ = index.searcher().map(|searcher| searcher.get("42").map(drop));
    let _ = index.stats();
    report
}

/// Damages a copy of a sound index; gives whether that was noticed. A panic is `None`.
fn noticed(sound: &Path, file: &Path, damage: impl Fn(&mut Vec<u8>)) -> Option<bool> {
    let dir = copy(sound);
    let target = dir.path().join(file.file_name().expect("a name"));
    let mut content = fs::read(&target).expect("read");
    damage(&mut content);
    fs::write(&target, content).expect("written");
    let found = catch_unwind(AssertUnwindSafe(|| use_everything(dir.path()))).ok()?;
    Some(!found.is_ok_and(|report| report.is_clean()))
}

/// Damages each file of an index, and names those where damage to a segment was overlooked or anything panicked.
fn check_damage(what: &str, places: impl Fn(&[u8]) -> Vec<usize>, damage: impl Fn(&mut Vec<u8>, usize)) {
    let sound = sound_index();
    let mut wrong = Vec::new();
    let mut tried = 0;
    for file in files(sound.path()) {
        let name = file.file_name().expect("a name").to_string_lossy().into_owned();
        for place in places(&fs::read(&file).expect("read")) {
            tried += 1;
            match noticed(sound.path(), &file, |content| damage(content, place)) {
                None => wrong.push(format!("{name}: {what} at {place}: panicked")),
                Some(false) if is_of_segment(&file) => wrong.push(format!("{name}: {what} at {place}: not noticed")),
                Some(_) => {}
            }
        }
    }
    assert!(tried > 30, "{tried} places");
    assert!(wrong.is_empty(), "{} of {tried}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_sound_index_is_clean() {
    let dir = sound_index();
    let report = use_everything(dir.path()).expect("sound");
    assert!(report.is_clean(), "{report:?}");
    assert_eq!(report.documents, 300 - 17);
    assert!(report.files >= 3 * 6, "{report:?}");
}

#[test]
fn a_truncated_file_is_noticed() {
    let places = |content: &[u8]| vec![0, 1, content.len() / 2, content.len() - 1];
    check_damage("cut", places, |content, place| content.truncate(place));
}

#[test]
fn a_flipped_byte_is_noticed() {
    let places = |content: &[u8]| {
        let mut random = Random(content.len() as u64);
        let mut places = vec![0, content.len() / 2, content.len() - 1, content.len().saturating_sub(9)];
        places.extend((0..4).map(|_| random.below(content.len())));
        places
    };
    check_damage("flipped", places, |content, place| content[place] ^= 0x15);
}

#[test]
fn a_missing_segment_file_is_noticed() {
    let sound = sound_index();
    for file in files(sound.path()).iter().filter(|file| is_of_segment(file)) {
        let dir = copy(sound.path());
        fs::remove_file(dir.path().join(file.file_name().expect("a name"))).expect("removed");
        match use_everything(dir.path()) {
            Ok(report) => assert!(!report.is_clean(), "{}", file.display()),
            Err(error) => assert_eq!(error.kind(), ErrorKind::Corrupt, "{}: {error}", file.display()),
        }
    }
}
