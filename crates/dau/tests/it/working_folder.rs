//! A program that moves to another folder while it has an index open. Tests share one process and its folder, so that this one
//! runs itself again in a process of its own.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use dau::{Index, Schema, Search, Synonyms};
use serde_json::json;

use crate::fixture::{add_all, find, writer};

/// Names the folder to work in to the process that is started here.
const FOLDER: &str = "DAU_TEST_FOLDER";

#[test]
fn an_index_stays_where_it_is_when_the_program_moves() {
    if let Some(folder) = env::var_os(FOLDER) {
        return move_with_an_index(Path::new(&folder));
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut again = Command::new(env::current_exe().expect("this program"));
    again.args(["--exact", "working_folder::an_index_stays_where_it_is_when_the_program_moves"]);
    let output = again.env(FOLDER, folder.path()).output().expect("started");
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{told}");
    assert!(told.contains("1 passed"), "{told}");
    assert!(folder.path().join("elsewhere").exists(), "the other process did nothing: {told}");
}

fn move_with_an_index(folder: &Path) {
    env::set_current_dir(folder).expect("moved");
    let schema = Schema::builder().id("id").text("title").build().expect("a valid schema");
    let created = Index::create("tin", schema).expect("created");
    let opened = Index::open("tin").expect("opened");
    let synonyms = Synonyms::parse("UBND = Ủy ban nhân dân").expect("synonyms");
    created.set_synonyms(&synonyms).expect("set");

    fs::create_dir("elsewhere").expect("made");
    env::set_current_dir("elsewhere").expect("moved");
    assert_eq!(created.synonyms().expect("read"), synonyms);
    assert_eq!(opened.synonyms().expect("read"), synonyms);
    for (index, id, documents) in [(&created, "0", 1), (&opened, "1", 2)] {
        let mut writer = writer(index);
        add_all(&mut writer, &[json!({"id": id, "title": "Ủy ban nhân dân quận"})]);
        writer.commit().expect("a commit");
        drop(writer);
        for index in [&created, &opened] {
            assert_eq!(find(index, &Search::new("ubnd")).total, documents, "a commit and the synonyms are seen");
        }
    }
    assert_eq!(fs::read_dir(".").expect("a folder").count(), 0, "nothing is written here");
    let has_table = |entry: fs::DirEntry| entry.file_name().to_string_lossy().starts_with("bigrams-");
    assert!(fs::read_dir("../tin").expect("a folder").any(|entry| has_table(entry.expect("an entry"))));
    let report = Index::check("../tin").expect("checked");
    assert!(report.is_clean() && report.documents == 2, "{report:?}");
}
