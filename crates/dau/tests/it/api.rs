//! Promises of the interface itself: threads, errors, and no type of the storage layer.

use std::error::Error as _;
use std::path::{Path, PathBuf};

use dau::{Document, Error, Highlight, Index, Results, Returning, Schema, Search, Searcher, Writer};

#[test]
fn what_is_shared_between_threads_can_be() {
    fn shared<T: Send + Sync + 'static>() {}
    fn moved<T: Send + 'static>() {}
    shared::<Index>();
    shared::<Searcher>();
    shared::<Results>();
    shared::<Search>();
    shared::<Schema>();
    shared::<Document>();
    shared::<Error>();
    moved::<Writer>();
}

#[test]
fn an_error_is_one_line_with_its_cause() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(dir.path().join("dau.json"), "{").expect("written");
    let error = Index::open(dir.path()).expect_err("damaged");
    let source = error.source().expect("a cause");
    assert!(source.is::<serde_json::Error>(), "{source:?}");
    assert!(!error.to_string().contains('\n') && !error.to_string().ends_with('.'), "{error}");
    assert!(error.to_string().starts_with(dir.path().to_str().expect("a path in UTF-8")));
    assert!(format!("{error:?}").contains("Corrupt"));
    assert_eq!(error.span(), None);
    let boxed: Box<dyn std::error::Error + Send + Sync> = error.into();
    assert!(boxed.downcast_ref::<Error>().is_some());
}

#[test]
fn hits_carry_what_was_asked_for() {
    let index = Index::in_ram(Schema::builder().id("id").text("title").build().expect("a schema")).expect("an index");
    let mut writer = index.writer().expect("a writer");
    writer.add(&serde_json::json!({"id": "a", "title": "Sông Hương"})).expect("a document");
    writer.commit().expect("a commit");
    let hit = |returning| {
        let search = Search::new("song huong").returning(returning).highlight(Highlight::new());
        index.search(&search).expect("a search").hits.remove(0)
    };
    let (documents, ids, scores) = (hit(Returning::Documents), hit(Returning::Ids), hit(Returning::Scores));
    assert_eq!((documents.id.as_deref(), ids.id.as_deref(), scores.id.as_deref()), (Some("a"), Some("a"), None));
    assert_eq!(documents.document.get("title").and_then(|title| title.as_str()), Some("Sông Hương"));
    assert!(ids.document.as_map().is_empty() && ids.highlights.is_empty() && !documents.highlights.is_empty());
    assert!(documents.score == ids.score && ids.score == scores.score);
}

fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The names under which a source file uses types of the storage layer.
fn storage_names(source: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in source.match_indices("\nuse tantivy::") {
        let statement = source[at..].split(';').next().unwrap_or_default();
        for import in statement.split([',', '{', '}']) {
            let name = import.rsplit(|c: char| !c.is_alphanumeric() && c != '_').find(|word| !word.is_empty());
            names.extend(name.filter(|name| name.starts_with(char::is_uppercase)).map(str::to_owned));
        }
    }
    names
}

/// The signatures and field types that a source file makes public, whole: up to the body, or the end of the field.
fn public_items(source: &str) -> Vec<String> {
    let source = source.split("#[cfg(test)]").next().unwrap_or_default();
    let mut items = Vec::new();
    for (at, _) in source.match_indices("\n").filter(|(at, _)| source[at + 1..].trim_start().starts_with("pub ")) {
        let rest = source[at + 1..].trim_start();
        let is_field = !["fn", "struct", "enum", "trait", "type", "const", "use", "mod"]
            .contains(&rest.split(' ').nth(1).unwrap_or_default());
        let end = rest.find(if is_field { ",\n" } else { "{" }).into_iter().chain(rest.find(";\n")).min();
        items.push(rest[..end.unwrap_or(rest.len())].to_owned());
    }
    items
}

#[test]
fn no_public_signature_names_the_storage_layer() {
    let mut files = Vec::new();
    sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut files);
    let mut checked = 0;
    for file in files.iter().filter(|file| !file.ends_with("tantivy_tokenizer.rs")) {
        let source = std::fs::read_to_string(file).expect("a source file");
        let names = storage_names(&source);
        for item in public_items(&source) {
            checked += 1;
            let words: Vec<&str> = item.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').collect();
            let foreign =
                names.iter().find(|name| words.iter().any(|word| word == name || word.starts_with("tantivy::")));
            assert_eq!(foreign, None, "{}: {item}", file.display());
        }
    }
    assert!(checked > 150, "{checked} public items");
}

#[test]
fn the_check_of_signatures_finds_what_it_looks_for() {
    let source = "\nuse tantivy::schema::{Field as Slot, Term};\npub fn a(\n    term: &Term,\n) {}\npub struct B {\n    pub c: tantivy::DocId,\n}\n";
    let names = storage_names(source);
    assert!(names.contains(&"Slot".to_owned()) && names.contains(&"Term".to_owned()), "{names:?}");
    let items = public_items(source);
    assert_eq!(items.len(), 3, "{items:?}");
    assert!(items[0].contains("Term") && items[2].contains("tantivy::DocId"), "{items:?}");
}
