//! Every format of input, from file to search.

use std::io::Write;

use crate::program::{Folder, SAMPLE};

/// Indexes one file and sees that the query finds just this id.
#[track_caller]
fn check(name: &str, bytes: &[u8], query: &str, id: &str) {
    let folder = Folder::new();
    folder.write(name, bytes);
    folder.run(["index", name]).ends(0);
    assert_eq!(folder.found(query), [id], "{name}");
}

#[test]
fn each_format_by_its_name() {
    check("a.jsonl", SAMPLE.as_bytes(), "bac kinh", "n1");
    let array = format!("[{}]", SAMPLE.trim_end().replace('\n', ","));
    check("a.json", array.as_bytes(), "bac kinh", "n1");
    check("a.csv", "id,tên,giá\n1,\"Ấm, chén\",5000\n2,Bàn gỗ,7000\n".as_bytes(), "am chen", "1");
    check("a.tsv", "id\ttên\n1\tẤm chén\n2\tBàn gỗ\n".as_bytes(), "ban go", "2");
    check("bài/thơ.txt", "Truyện Kiều\nTrăm năm trong cõi người ta".as_bytes(), "coi nguoi ta", "bài/thơ.txt");
    check("a.md", "# Sổ tay\n\nĐi *chợ* mua cá".as_bytes(), "di cho", "a.md");
    check("a.html", "<title>Chợ</title><script>cá</script><p>Mua rau".as_bytes(), "mua rau", "a.html");
}

#[test]
fn compressed_files_and_standard_input() {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(SAMPLE.as_bytes()).expect("in memory");
    check("a.jsonl.gz", &gz.finish().expect("in memory"), "bac kinh", "n1");
    let zst = zstd::encode_all(SAMPLE.as_bytes(), 1).expect("in memory");
    check("a.jsonl.zst", &zst, "bac kinh", "n1");
    let folder = Folder::new();
    folder.run_with(["index", "-"], &zst).ends(0);
    assert_eq!(folder.documents(), 4);
    folder.run_with(["index", "--format", "csv"], b"id,title\nc1,Than\n").ends(0);
    assert_eq!(folder.documents(), 5);
}

#[test]
fn folders_with_ignore_files_and_the_index_inside() {
    let folder = Folder::new();
    folder.write("tin/một.txt", "Tin một\nlũ lụt miền Trung");
    folder.write("tin/hai.md", "# Tin hai\nhạn hán");
    folder.write("tin/nháp.txt", "Nháp");
    folder.write("tin/.ignore", "nháp.txt\n");
    folder.write("tin/ảnh.bin", b"\0\x01\x02");
    folder.run(["index", "--index", "tin/idx", "tin"]).ends(0);
    // Again: the index, which now lies in the folder, is not indexed.
    let again = folder.run(["index", "--index", "tin/idx", "tin", "--json"]).ends(0).json();
    assert_eq!((&again["indexed"], &again["replaced"]), (&2.into(), &2.into()));
    let run = folder.run(["search", "--index", "tin/idx", "lu lut", "--format", "json"]).ends(0).json();
    assert_eq!(run["hits"][0]["id"], "tin/một.txt");
    assert_eq!(run["hits"][0]["fields"]["title"], "Tin một");
    assert!(run["hits"][0]["fields"]["modified"].is_string());
}

#[test]
fn old_encodings() {
    let folder = Folder::new();
    folder.write("a.txt", b"Ti\xD5ng Vi\xD6t");
    folder.run(["index", "a.txt", "--encoding", "tcvn3"]).ends(0);
    assert_eq!(folder.found("tiếng việt"), ["a.txt"]);
    let utf16: Vec<u8> = SAMPLE.encode_utf16().flat_map(u16::to_le_bytes).collect();
    folder.write("b.txt", "x");
    let other = Folder::new();
    other.write("a.jsonl", utf16);
    other.run(["index", "a.jsonl", "--encoding", "utf-16"]).ends(0);
    assert_eq!(other.documents(), 4);
}

#[test]
fn schema_options() {
    let folder = Folder::new();
    folder.write("a.jsonl", "{\"mã\":\"x1\",\"giá\":\"5.000\"}\n{\"mã\":\"x2\",\"giá\":\"7.000\"}\n");
    folder.run(["index", "a.jsonl", "--id", "mã", "--kind", "giá=integer"]).ends(0);
    assert_eq!(folder.run(["get", "x2"]).ends(0).json_lines().len(), 1);
    let schema = folder.run(["schema"]).ends(0);
    assert!(schema.out.contains("integer"), "{}", schema.out);
    // The same again is no contradiction, another kind is.
    folder.run(["index", "a.jsonl", "--kind", "giá=integer"]).ends(0);
    folder.run(["index", "a.jsonl", "--kind", "giá=text"]).ends(2).says("another schema");
    folder.write("schema.toml", &schema.out);
    folder.run(["index", "a.jsonl", "--schema", "schema.toml"]).ends(0);
    folder.run(["index", "a.jsonl", "--index", "new", "--schema", "schema.toml"]).ends(0);
    folder.write("broken.toml", "fields = 3");
    folder.run(["index", "a.jsonl", "--index", "new2", "--schema", "broken.toml"]).ends(2).says("broken.toml");
}

#[test]
fn pages_keep_their_ids_beside_a_stray_file_of_records() {
    let folder = Folder::new();
    folder.write("sổ/a.md", "# Một\n\nnội dung");
    folder.write("sổ/b.md", "# Hai\n\nnội dung");
    folder.write("sổ/cài đặt.json", "{\"màu\": \"xanh\"}");
    folder.run(["index", "sổ"]).ends(2).says("cài đặt.json:1: a document has no id");
    folder.run(["index", "sổ"]).ends(2);
    assert_eq!(folder.documents(), 2);
}
