//! Broken, odd and hostile input: each gets a clear message or a clean result, and what was committed stays.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::program::{self, Folder, SAMPLE};

const SCHEMA: &str =
    "id = \"id\"\nunknown = \"error\"\n[fields.title]\nkind = \"text\"\n[fields.price]\nkind = \"integer\"\n";

/// Indexes these bytes as JSON lines under a schema with `id`, `title`, `price`; one good record stands at each end.
#[track_caller]
fn check_skipped(bytes: &[u8], message: &str) {
    let folder = Folder::new();
    folder.write("schema.toml", SCHEMA);
    let first = "{\"id\":\"a\",\"title\":\"đầu\"}\n".as_bytes();
    let last = "\n{\"id\":\"z\",\"title\":\"cuối\"}\n".as_bytes();
    let all = [first, bytes, last].concat();
    folder.write("a.jsonl", all);
    let run = folder.run(["index", "a.jsonl", "--schema", "schema.toml", "--json"]).ends(2).says(message);
    assert_eq!((&run.json()["indexed"], &run.json()["skipped"]), (&2.into(), &1.into()));
    assert_eq!(folder.found("cuoi"), ["z"]);
    // To stop instead commits nothing, and leaves no index that was not there.
    let stop = ["index", "a.jsonl", "--schema", "schema.toml", "--on-error", "stop", "--index", "stopped"];
    folder.run(stop).ends(2).says(message).says("nothing was committed");
    assert!(!folder.path().join("stopped").exists());
}

#[test]
fn bad_records_are_told_with_file_and_line_and_skipped() {
    check_skipped(b"{\"id\":\"b\",\"title\":\"\xC3\xA1\xFF\"}", "a.jsonl:2:22: not valid UTF-8 (byte 0xff)");
    check_skipped(b"{\"id\":\"b\",", "a.jsonl:2:10: broken JSON");
    check_skipped(b"[1, 2]", "a.jsonl:2:1: expected a JSON object, found an array");
    check_skipped("{\"title\":\"vô danh\"}".as_bytes(), "a.jsonl:2: a document has no id");
    check_skipped("{\"id\":\"b\",\"price\":\"rẻ lắm\"}".as_bytes(), "a.jsonl:2: document \"b\": field \"price\"");
    check_skipped("{\"id\":\"b\",\"màu\":\"đỏ\"}".as_bytes(), "\"màu\"");
}

#[test]
fn a_line_longer_than_allowed_costs_only_itself() {
    let folder = Folder::new();
    let long = "x".repeat(3000);
    folder.write("a.jsonl", format!("{{\"id\":\"a\"}}\n{{\"id\":\"{long}\"}}\n{{\"id\":\"c\"}}\n"));
    let run = folder.run(["index", "a.jsonl", "--max-record", "2K"]).ends(2);
    assert!(run.err.contains("a.jsonl:2: the record is longer than 2048 bytes"), "{}", run.err);
    assert_eq!(folder.documents(), 2);
}

/// As a schema is inferred from the first megabytes, a line longer than those comes before every record.
#[test]
fn a_huge_first_line_does_not_hide_the_records_after_it() {
    let folder = Folder::new();
    let mut text = vec![b'x'; 33 << 20];
    text.extend_from_slice("\n{\"id\":\"b\",\"giá\":1}\n{\"id\":\"c\",\"giá\":\"vừa\"}\n".as_bytes());
    folder.write("a.jsonl", &text);
    folder.run(["schema", "a.jsonl", "--max-record", "1M"]).ends(2).says("a.jsonl:1: the record is longer than");
    let run = folder.run(["index", "a.jsonl", "--max-record", "1M"]).ends(2);
    assert!(run.err.contains("a.jsonl:1: the record is longer than 1048576 bytes"), "{}", run.err);
    assert_eq!(folder.documents(), 2);
    let stop = ["index", "a.jsonl", "--max-record", "1M", "--on-error", "stop", "--index", "stopped"];
    folder.run(stop).ends(2).says("nothing was committed");
    assert!(!folder.path().join("stopped").exists());
}

#[test]
fn a_record_without_id_does_not_take_the_ids_of_others() {
    let folder = Folder::new();
    folder.write("a.jsonl", "{\"_id\":\"a\",\"t\":\"một\"}\n{\"t\":\"hai\"}\n{\"_id\":\"c\",\"t\":\"ba\"}\n");
    folder.run(["index", "a.jsonl"]).ends(2).says("a.jsonl:2: a document has no id");
    folder.run(["index", "a.jsonl"]).ends(2);
    assert_eq!(folder.documents(), 2);
    // Where most have none, it is a field like any other.
    folder.write("b.jsonl", "{\"id\":\"a\",\"t\":\"một\"}\n{\"t\":\"hai\"}\n{\"t\":\"ba\"}\n");
    folder.run(["index", "b.jsonl", "--index", "b"]).ends(0);
}

#[test]
fn empty_input_is_no_error() {
    let folder = Folder::new();
    folder.write("empty.jsonl", "");
    let run = folder.run(["index", "empty.jsonl", "--json"]).ends(0);
    assert_eq!(run.json()["indexed"], 0);
    // Nothing to infer a schema from: there is no index yet.
    folder.run(["stats"]).ends(2);
    folder.write("schema.toml", SCHEMA);
    folder.run(["index", "empty.jsonl", "--schema", "schema.toml"]).ends(0);
    assert_eq!(folder.documents(), 0);
    folder.run(["search", "gì cũng được"]).ends(1);
}

#[test]
fn missing_and_unreadable_files_do_not_keep_others_out() {
    let folder = Folder::new();
    folder.write("a.jsonl", SAMPLE);
    folder.run(["index", "gone.jsonl", "a.jsonl"]).ends(2).says("gone.jsonl: cannot be read");
    assert_eq!(folder.documents(), 4);
    folder.write("picture.png", b"\x89PNG\r\n\0\0\0");
    folder.run(["index", "picture.png"]).ends(2).says("picture.png: not text");
    folder.write("false.jsonl.gz", SAMPLE);
    folder.run(["index", "false.jsonl.gz"]).ends(2).says("not compressed");
    let zst = zstd::encode_all(SAMPLE.as_bytes(), 1).expect("in memory");
    folder.write("cut.jsonl.zst", &zst[..zst.len() / 2]);
    folder.run(["index", "cut.jsonl.zst"]).ends(2).says("cut.jsonl.zst");
    assert_eq!(folder.documents(), 4);
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_read_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    folder.write("tin/a.txt", "Đọc được");
    folder.write("tin/khoá/b.txt", "Không đọc được");
    let locked = folder.path().join("tin/khoá");
    let set = |mode| {
        std::fs::set_permissions(&locked, PermissionsExt::from_mode(mode)).expect("permissions");
    };
    set(0o000);
    let skip = std::fs::read_dir(&locked).is_ok();
    let run = folder.run(["index", "tin"]);
    set(0o755);
    if skip {
        program::note("this user may read every folder: skipped the folder that cannot be read");
        return;
    }
    run.ends(2).says("khoá: cannot be read");
    assert_eq!(folder.documents(), 1);
}

#[test]
fn commit_every_and_stop_contradict_each_other() {
    let folder = Folder::new();
    folder.run(["index", "--commit-every", "5", "--on-error", "stop"]).ends(2).says("contradict");
}

#[test]
fn stop_keeps_what_was_committed_before() {
    let folder = Folder::with_sample();
    folder.write("b.jsonl", "{\"id\":\"n1\",\"title\":\"mới\"}\n{\"id\":\n");
    folder.run(["index", "b.jsonl", "--on-error", "stop"]).ends(2);
    assert_eq!(folder.documents(), 4);
    assert_eq!(folder.run(["get", "n1"]).ends(0).json_lines()[0]["title"], "Tô Lâm thăm Bắc Kinh");
}

#[test]
fn two_writers_at_once() {
    let folder = Folder::with_sample();
    let mut first = folder
        .command(["index", "--commit-every", "20"])
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut input = first.stdin.take().expect("a pipe");
    // The program looks at the first 16 KiB before it begins; it then waits for more with the index locked.
    let filler = "nước chảy đá mòn ".repeat(10);
    for id in 0..100 {
        writeln!(input, "{{\"id\":\"w{id}\",\"title\":\"{filler}\"}}").expect("the first writer reads");
    }
    while folder.run(["get", "w0"]).code != Some(0) {
        assert!(first.try_wait().expect("a state").is_none(), "the first writer ended early");
    }
    folder.run(["delete", "n1"]).ends(2).says("another writer").says("hint:");
    // Readers are not kept out.
    assert_eq!(folder.found("bac kinh")[0], "n1");
    drop(input);
    assert!(first.wait().expect("the first writer ends").success());
    folder.run(["delete", "n1"]).ends(0);
    assert_eq!(folder.documents(), 103);
}

/// A full disk, as far as a test can make one: files may not grow beyond a few kilobytes.
#[cfg(unix)]
#[test]
fn a_full_disk_is_told_and_the_last_commit_stays() {
    let folder = Folder::with_sample();
    let words = |id: u32| format!("từ{} vần{} chữ{}", id * 7, id * 13, id * 29);
    let lines: String = (0..20_000).map(|id| format!("{{\"id\":\"d{id}\",\"title\":\"{}\"}}\n", words(id))).collect();
    folder.write("many.jsonl", lines);
    let output = Command::new("sh")
        .args([
            "-c",
            "trap '' XFSZ; ulimit -f 200; exec \"$@\"",
            "sh",
            env!("CARGO_BIN_EXE_dau"),
            "index",
            "many.jsonl",
        ])
        .env("DAU_INDEX", folder.path().join("index"))
        .current_dir(folder.path())
        .output()
        .expect("a shell");
    let messages = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{messages}");
    assert!(messages.contains("error:") && !messages.contains("panicked"), "{messages}");
    assert!(messages.contains("hint: ") && messages.contains("what was committed is kept"), "{messages}");
    folder.run(["check"]).ends(0);
    assert_eq!(folder.documents(), 4);
    folder.run(["index", "many.jsonl"]).ends(0);
    assert_eq!(folder.documents(), 20_004);
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_an_error() {
    let folder = Folder::with_sample();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("a full device");
    let output = folder.command(["export"]).stdout(full).output().expect("the program starts");
    assert_eq!(output.status.code(), Some(2));
    assert!(!output.stderr.is_empty());
}
