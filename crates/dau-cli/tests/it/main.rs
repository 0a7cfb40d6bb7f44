//! The program as its users meet it: started as a process, its output parsed. What the engine finds is tested there.

mod bad_input;
mod commands;
mod crash;
mod formats;
mod help;
mod program;
mod search;
mod synonyms;

/// A file that is not named above would never run.
#[test]
fn no_file_is_forgotten() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it");
    let named = include_str!("main.rs");
    for entry in std::fs::read_dir(folder).expect("this folder") {
        let name = entry.expect("an entry").file_name().into_string().expect("UTF-8");
        if let Some(module) = name.strip_suffix(".rs").filter(|&module| module != "main") {
            assert!(named.contains(&format!("mod {module};")), "{name} is not a module of main.rs");
        }
    }
}
