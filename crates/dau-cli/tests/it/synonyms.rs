//! `dau synonyms`: printed, set, added to, cleared, and what searches make of them.

use crate::program::Folder;

const DOCUMENTS: &str =
    "{\"id\":\"1\",\"title\":\"UBND quận họp\"}\n{\"id\":\"2\",\"title\":\"Ủy ban nhân dân quận họp\"}\n";

fn folder() -> Folder {
    let folder = Folder::new();
    folder.run_with(["index"], DOCUMENTS.as_bytes()).ends(0);
    folder
}

#[test]
fn synonyms_are_set_printed_and_cleared() {
    let folder = folder();
    assert_eq!(folder.run(["synonyms"]).ends(0).out, "");
    assert_eq!(folder.found("ubnd"), ["1"]);
    let text = "# của tôi\nUBND = Ủy ban nhân dân\n";
    folder.write("synonyms.txt", text);
    assert_eq!(folder.run(["synonyms", "synonyms.txt"]).ends(0).out, "1 group of synonyms\n");
    assert_eq!(folder.run(["synonyms"]).ends(0).out, text);
    assert_eq!(folder.found("ubnd"), ["1", "2"]);
    let off = folder.run(["search", "ubnd", "--no-synonyms", "--count"]).ends(0);
    assert_eq!(off.out, "1\n");
    folder.run(["check"]).ends(0);
    folder.run(["optimize"]).ends(0);
    assert_eq!(folder.found("ubnd"), ["1", "2"]);
    assert_eq!(folder.run(["synonyms", "--clear"]).ends(0).out, "0 groups of synonyms\n");
    assert_eq!(folder.run(["synonyms"]).ends(0).out, "");
    assert_eq!(folder.found("ubnd"), ["1"]);
}

#[test]
fn the_built_in_list_is_added_once() {
    let folder = folder();
    folder.run_with(["synonyms", "-"], "quận = quận huyện\n".as_bytes()).ends(0);
    let first = folder.run(["synonyms", "--administrative"]).ends(0).out;
    assert_eq!(folder.run(["synonyms", "--administrative"]).ends(0).out, first);
    let printed = folder.run(["synonyms"]).ends(0).out;
    assert!(printed.starts_with("quận = quận huyện\n") && printed.contains("\nUBND = Ủy ban nhân dân\n"), "{printed}");
    assert_eq!(folder.found("ubnd"), ["1", "2"]);
    // With a file the list comes beside what the file has.
    folder.run_with(["synonyms", "-", "--administrative"], "họp = hội nghị\n".as_bytes()).ends(0);
    let printed = folder.run(["synonyms"]).ends(0).out;
    assert!(printed.starts_with("họp = hội nghị\n") && !printed.contains("quận huyện"), "{printed}");
}

#[test]
fn bad_files_are_told_and_change_nothing() {
    let folder = folder();
    folder.run_with(["synonyms", "-"], "UBND = Ủy ban nhân dân\n".as_bytes()).ends(0);
    folder.write("bad.txt", "a = b\nUBND\n");
    folder.run(["synonyms", "bad.txt"]).ends(2).says("bad.txt: line 2: expected wordings with = between them");
    folder.write("bad.txt", b"a = \xff\n");
    folder.run(["synonyms", "bad.txt"]).ends(2).says("the synonyms bad.txt are not UTF-8");
    folder.run(["synonyms", "gone.txt"]).ends(2).says("cannot read the synonyms gone.txt");
    folder.run(["synonyms", "--clear", "bad.txt"]).ends(2);
    folder.run(["synonyms", "--index", "gone"]).ends(2).says("dau index PATH");
    assert_eq!(folder.run(["synonyms"]).ends(0).out, "UBND = Ủy ban nhân dân\n");
}
