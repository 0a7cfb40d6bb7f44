//! Readers over small files: what they give, and what they say of broken input.

use std::fs;
use std::io::Write;
use std::path::Path;

use dau::text::encoding::{Encoding, EncodingChoice};

use super::{Format, Input, Options};

fn options() -> Options {
    Options { format: None, encoding: EncodingChoice::Auto, max_record: 1 << 20, skip: None }
}

/// Reads `bytes` as a file of that name; gives each record as JSON and each problem as `!line: reason`.
fn read_with(name: &str, bytes: &[u8], options: Options) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join(name);
    fs::write(&path, bytes).expect("a file");
    let prefix = super::source::shown(&path);
    Input::new(&[path], options)
        .map(|item| match item {
            Ok(mut record) => {
                record.fields.remove("modified");
                let place = record.place.to_string().replace(&prefix, "");
                let text = serde_json::to_string(&record.fields).expect("JSON").replace(&prefix, name);
                format!("{place} {text}").trim_start().to_owned()
            }
            Err(problem) => format!("!{}", problem.to_string().replace(&prefix, "")),
        })
        .collect()
}

fn check(name: &str, text: &str, expected: &[&str]) {
    assert_eq!(read_with(name, text.as_bytes(), options()), expected, "{name}");
}

#[test]
fn json_lines() {
    check("a.jsonl", "{\"id\":1}\r\n\n{\"id\":2}", &[":1 {\"id\":1}", ":3 {\"id\":2}"]);
    check("empty.jsonl", "", &[]);
    check(
        "broken.jsonl",
        "{\"id\":1}\n{\"id\":,}\n[1]\n{\"id\":3}\n",
        &[
            ":1 {\"id\":1}",
            "!:2:7: broken JSON: expected value",
            "!:3:1: expected a JSON object, found an array",
            ":4 {\"id\":3}",
        ],
    );
}

#[test]
fn invalid_utf8_is_told_with_its_column() {
    let found = read_with("a.jsonl", b"{\"id\":\"\xC3\xA1\xFF\"}\n{\"id\":2}\n", options());
    assert_eq!(found, ["!:1:10: not valid UTF-8 (byte 0xff); --encoding says what else it is", ":2 {\"id\":2}"]);
}

#[test]
fn long_records_cost_only_themselves() {
    let long = "x".repeat(100);
    let small = Options { max_record: 50, ..options() };
    let reason = "the record is longer than 50 bytes: skipped; --max-record allows more";
    let lines = format!("{{\"id\":1}}\n{{\"id\":\"{long}\"}}\n{{\"id\":3}}\n");
    assert_eq!(
        read_with("a.jsonl", lines.as_bytes(), small.clone()),
        [":1 {\"id\":1}".to_owned(), format!("!:2: {reason}"), ":3 {\"id\":3}".to_owned()]
    );
    let array = format!("[{{\"id\":1}},\n{{\"id\":\"{long}\"}},{{\"id\":3}}]");
    assert_eq!(
        read_with("a.json", array.as_bytes(), small.clone()),
        [":1 {\"id\":1}".to_owned(), format!("!:2:1: {reason}"), ":2 {\"id\":3}".to_owned()]
    );
    assert_eq!(read_with("a.txt", long.as_bytes(), small), [format!("!: {reason}")]);
}

#[test]
fn json_files() {
    check("one.json", "{\n \"id\": 1\n}\n", &[":1 {\"id\":1}"]);
    check("empty.json", "[]", &[]);
    check(
        "array.json",
        "[\n {\"id\": \"]}\\\"\"},\n {\"a\": [1, {}]}\n]",
        &[":2 {\"id\":\"]}\\\"\"}", ":3 {\"a\":[1,{}]}"],
    );
    check("lines.json", "{\"id\":1}\n{\"id\":2}\n", &[":1 {\"id\":1}", ":2 {\"id\":2}"]);
    check(
        "broken.json",
        "[{\"id\":1},\n  {\"id\":,},\n{\"id\":3}",
        &[
            ":1 {\"id\":1}",
            "!:2:9: broken JSON: expected value",
            ":3 {\"id\":3}",
            "!:3:9: broken JSON: the file ends inside the array",
        ],
    );
    check(
        "cut.json",
        "[{\"id\":",
        &["!:1:8: broken JSON: the file ends inside the object that begins at line 1, column 2"],
    );
    check("number.json", "[1]", &["!:1:2: broken JSON: expected an object or an array of objects"]);
}

#[test]
fn tables() {
    check(
        "a.csv",
        "\u{feff}id,tên,giá\n1,\"Áo, \"\"dài\"\"\",\n2,Nón\n3,a,b\n",
        &[
            ":2 {\"id\":1,\"tên\":\"Áo, \\\"dài\\\"\"}",
            "!:3: expected 3 cells, as in the first row, found 2",
            ":4 {\"id\":3,\"tên\":\"a\",\"giá\":\"b\"}",
        ],
    );
    check("a.tsv", "id\tx\n1\ta,b\n", &[":2 {\"id\":1,\"x\":\"a,b\"}"]);
    check("b.csv", "id;x\n1;3,5\n", &[":2 {\"id\":1,\"x\":\"3,5\"}"]);
    check("header.csv", "id,x\n", &[]);
    check(
        "twice.csv",
        "id,id\n1,2\n",
        &["!:1: two columns of the first row are both named \"id\": rename one of them"],
    );
}

#[test]
fn a_quotation_mark_that_is_never_closed_is_told_where_it_stands() {
    let told = "a quotation mark opens a cell here and none closes it: add one, or write \"\" for each that belongs to the text";
    check(
        "a.csv",
        "id,x\n1,\"hai\ndòng\"\n2,b\n3,\"ba\n4,c\n5,d\n",
        &[":2 {\"id\":1,\"x\":\"hai\\ndòng\"}", ":4 {\"id\":2,\"x\":\"b\"}", &format!("!:5: {told}")],
    );
    // The row begins in one line, the cell in another; the first row is like the others.
    check("b.csv", "id,x,y\n1,\"a\nb\",\"c\n", &[&format!("!:3: {told}")]);
    check("c.csv", "\"id,x\n1,2\n", &[&format!("!:1: {told}")]);
    // A mark within a cell opens nothing.
    check("d.csv", "id,x\n1,5\" ống\n", &[":2 {\"id\":1,\"x\":\"5\\\" ống\"}"]);
    // Where the limit comes before the end of the file, both are told.
    let long = format!("id,x\n1,\"{}", "chữ\n".repeat(20_000));
    let found = read_with("e.csv", long.as_bytes(), Options { max_record: 100, ..options() });
    assert!(found[0].starts_with(&format!("!:2: {told}")) && found[0].contains("longer than 100 bytes"), "{found:?}");
    assert_eq!(found.len(), 1);
}

#[test]
fn cells_are_numbers_only_where_nothing_is_lost() {
    check(
        "a.tsv",
        "a\tb\tc\td\te\tf\tg\n250000\t-3\t007\t1.234\t2.5\t1.50\t0912345678901234567\n",
        &[
            ":2 {\"a\":250000,\"b\":-3,\"c\":\"007\",\"d\":\"1.234\",\"e\":2.5,\"f\":\"1.50\",\"g\":\"0912345678901234567\"}",
        ],
    );
}

#[test]
fn pages() {
    check(
        "a.txt",
        "\n Tiêu đề \nThân bài\n",
        &["{\"id\":\"a.txt\",\"title\":\"Tiêu đề\",\"body\":\"\\n Tiêu đề \\nThân bài\\n\"}"],
    );
    check("a.md", "# Tên\n\nVăn **bản**\n", &["{\"id\":\"a.md\",\"title\":\"Tên\",\"body\":\"Tên\\n\\nVăn bản\"}"]);
    check("a.html", "<title>Tên</title><p>Văn bản", &["{\"id\":\"a.html\",\"title\":\"Tên\",\"body\":\"Văn bản\"}"]);
    check("empty.txt", " \n", &[]);
}

#[test]
fn compressed_files_whatever_their_names() {
    let text = b"{\"id\":1}\n";
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(text).expect("in memory");
    let gz = gz.finish().expect("in memory");
    let zst = zstd::encode_all(&text[..], 1).expect("in memory");
    let mut bz2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    bz2.write_all(text).expect("in memory");
    let bz2 = bz2.finish().expect("in memory");
    let mut xz = liblzma::write::XzEncoder::new(Vec::new(), 1);
    xz.write_all(text).expect("in memory");
    let xz = xz.finish().expect("in memory");
    for (name, bytes) in [
        ("a.jsonl.gz", &gz),
        ("a.jsonl.zst", &zst),
        ("a.jsonl.bz2", &bz2),
        ("a.jsonl.xz", &xz),
        ("a.jsonl", &gz),
        ("unnamed", &zst),
    ] {
        assert_eq!(read_with(name, bytes, options()), [":1 {\"id\":1}"], "{name}");
    }
    // Two members one after another, as `cat a.gz b.gz` makes them.
    let twice = [gz.as_slice(), gz.as_slice()].concat();
    assert_eq!(read_with("a.jsonl.gz", &twice, options()).len(), 2);
    // The end is missing: what is there is read, and the loss is told.
    let cut = read_with("a.jsonl.zst", &zst[..zst.len() - 3], options());
    assert!(cut.last().is_some_and(|last| last.contains("cannot read on")), "{cut:?}");
    let plain = read_with("a.jsonl.gz", text, options());
    assert!(plain[0].contains("not compressed"), "{plain:?}");
}

#[test]
fn utf16_files() {
    let text: Vec<u8> = "\u{feff}{\"tên\":\"Việt\"}\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(read_with("a.jsonl", &text, options()), [":1 {\"tên\":\"Việt\"}"]);
}

#[test]
fn old_encodings() {
    let text = b"Ti\xD5ng Vi\xD6t";
    assert!(read_with("a.txt", text, options())[0].contains("\"title\":\"Tiếng Việt\""));
    let asked = Options { encoding: EncodingChoice::Fixed(Encoding::Vni), ..options() };
    let found = read_with("a.csv", b"id,x\n1,Vie\xE4t\n", asked);
    assert_eq!(found, [":2 {\"id\":1,\"x\":\"Việt\"}"]);
}

#[test]
fn folders_obey_ignore_files_and_leave_the_index_out() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    let write = |name: &str, text: &[u8]| {
        let path = root.join(name);
        fs::create_dir_all(path.parent().expect("a folder above")).expect("folders");
        fs::write(path, text).expect("a file");
    };
    write("b.txt", b"hai");
    write("a.txt", b"m\xE1\xBB\x99t");
    write("sub/c.txt", b"ba");
    write("picture.png", b"\x89PNG\r\n\x1A\n\0\0");
    write("draft.txt", "nháp".as_bytes());
    write(".gitignore", b"draft.txt\n");
    write("idx/meta.json", b"{}");
    let options = Options { skip: Some(root.join("idx")), ..options() };
    let found: Vec<_> = Input::new(&[root.to_owned()], options.clone())
        .map(|item| item.expect("readable").fields["title"].as_str().map(str::to_owned))
        .collect();
    let expected = ["một", "hai", "ba"].map(|title| Some(title.to_owned()));
    assert_eq!(found, expected);
    let asked: Vec<_> = Input::new(&[root.join("picture.png"), root.join("gone.txt")], options).collect();
    assert!(asked[0].as_ref().is_err_and(|problem| problem.reason.starts_with("not text")));
    assert!(asked[1].as_ref().is_err_and(|problem| problem.reason.starts_with("cannot be read")));
}

#[test]
fn ids_of_pages_are_the_paths_as_given() {
    assert_eq!(super::source::shown(Path::new("./tin/a.txt")), "tin/a.txt");
    assert_eq!(super::source::shown(Path::new("tin/a.txt")), "tin/a.txt");
}

#[test]
fn the_format_option_wins_over_the_name() {
    let options = Options { format: Some(Format::Text), ..options() };
    let found = read_with("a.csv", b"id,x\n1,2\n", options);
    assert_eq!(found.len(), 1);
    assert!(found[0].contains("\"title\":\"id,x\""), "{found:?}");
}
