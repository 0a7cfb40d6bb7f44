//! The integration tests of dau-text: one binary, a module for each topic.
#![expect(clippy::print_stdout, reason = "absent shared data is reported in the tests' output")]

mod encoding;
mod golden;
mod letters;
mod memory;
mod oracle;
mod properties;
mod relation;
mod shared_data;
mod syllables;
mod tokens;
mod typing;
mod unicode;
mod value;

/// A file without its `mod` line would be no test at all.
#[test]
fn no_file_is_forgotten() {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let main = include_str!("main.rs");
    for entry in std::fs::read_dir(here).expect("the folder of this file") {
        let path = entry.expect("a readable entry").path();
        let name = path.file_stem().and_then(|name| name.to_str()).expect("a UTF-8 name").to_owned();
        assert!(name == "main" || main.contains(&format!("\nmod {name};\n")), "{name} has no mod line in main.rs");
    }
}
