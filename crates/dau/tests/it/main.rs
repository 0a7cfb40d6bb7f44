//! The engine through its public interface: one module a topic, one binary so that everything is linked once.

mod accents;
mod api;
mod corrections;
mod crash;
mod documents;
mod filters;
mod fixture;
mod format;
mod highlight;
mod highlight_search;
mod index;
mod kinds;
mod matching;
mod neighbours;
mod pruning;
mod query_syntax;
mod ranking;
mod schema;
mod shop;
mod synonyms;
mod syntax;
mod working_folder;

#[test]
fn every_file_here_is_a_module() {
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it");
    let main = include_str!("main.rs");
    let mut files = 0;
    for entry in std::fs::read_dir(dir).expect("the folder of this file") {
        let name = entry.expect("an entry").file_name().into_string().expect("a name in UTF-8");
        let Some(module) = name.strip_suffix(".rs").filter(|module| *module != "main") else {
            continue;
        };
        assert!(main.contains(&format!("\nmod {module};\n")), "{name} is not compiled: add `mod {module};` to main.rs");
        files += 1;
    }
    assert!(files > 10, "{files} modules");
}
