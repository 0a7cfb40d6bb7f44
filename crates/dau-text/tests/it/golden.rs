//! The golden cases of `tests/data/tokens.toml`: what each sort of text is split into, with byte spans.

use crate::tokens::{Owned, check_contract, scan};
use dau_text::Part;

const CASES: &str = include_str!("../data/tokens.toml");

/// Writes a token the way the file does: `kind start..end @position marked folded`, a piece with `>` before it.
fn written(token: &Owned) -> String {
    let Owned { kind, part, start, end, position, marked, folded, .. } = token;
    let piece = if *part == Part::Piece { "> " } else { "" };
    format!("{piece}{} {start}..{end} @{position} {marked} {folded}", kind.as_str())
}

#[test]
fn golden_cases() {
    let file: toml::Table = CASES.parse().expect("the file is TOML");
    let cases = file["case"].as_array().expect("a list of cases");
    assert!(cases.len() >= 60, "{}", cases.len());
    let mut names = std::collections::HashSet::new();
    for case in cases {
        let field =
            |name: &str| case.get(name).and_then(toml::Value::as_str).unwrap_or_else(|| panic!("{name} in {case}"));
        let (name, text) = (field("name"), field("text"));
        assert!(names.insert(name), "{name} is there twice");
        let expected: Vec<&str> =
            case["tokens"].as_array().expect(name).iter().filter_map(toml::Value::as_str).collect();
        let tokens = scan(text);
        check_contract(text, &tokens);
        let found: Vec<String> = tokens.iter().map(written).collect();
        assert_eq!(found, expected, "{name}: {text:?}");
    }
}
