//! The query language: golden trees from `data/query_syntax.toml`, and properties of every text.

use std::{
    fmt::Write,
    ops::{Bound, Range},
};

use dau::query::{Leaf, Node, Occur, ParseOptions, Query, parse, parse_strict};
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Golden {
    /// The names that are fields.
    fields: Vec<String>,
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    text: String,
    /// The tree, as [`dump`] writes it.
    tree: String,
    /// What strict parsing refuses the text for; without it, the text is well formed.
    problem: Option<String>,
    /// Every name is a field.
    #[serde(default)]
    any_field: bool,
}

#[test]
fn golden_trees() {
    let golden: Golden = toml::from_str(include_str!("../data/query_syntax.toml")).expect("the golden file is TOML");
    assert!(golden.case.len() >= 80, "the golden file has lost cases: {}", golden.case.len());
    let is_field = |name: &str| golden.fields.iter().any(|field| field == name);
    let mut failures = String::new();
    for case in &golden.case {
        let options = if case.any_field { ParseOptions::new() } else { ParseOptions::new().fields(&is_field) };
        let query = options.parse(&case.text);
        let tree = dump(&query.root);
        if tree != case.tree {
            let _ = writeln!(failures, "{:?}\n  expected {}\n  found    {tree}", case.text, case.tree);
        }
        let problem = options.parse_strict(&case.text).err().map(|error| error.message().to_owned());
        if problem != case.problem {
            let _ = writeln!(failures, "{:?}\n  expected {:?}\n  found    {problem:?}", case.text, case.problem);
        }
        check(&options, &case.text);
    }
    assert!(failures.is_empty(), "\n{failures}");
}

#[test]
fn an_error_says_what_where_and_what_to_do() {
    let is_field = |name: &str| name == "giá";
    let error = ParseOptions::new().fields(&is_field).parse_strict("cà phê gia:[1 TO 5]").unwrap_err();
    assert_eq!(error.span(), 9..12);
    assert_eq!(error.column(), 8);
    assert_eq!(
        error.to_string(),
        "there is no field `gia`, at character 8: `gia:[1 TO 5]`; name a field of the index, or put the text in quotes"
    );
}

#[test]
fn an_error_carries_no_control_characters() {
    let error = parse_strict("(\u{1b}[31m\u{0}").unwrap_err();
    assert!(!error.to_string().contains(char::is_control), "{error}");
}

#[test]
fn leaves_know_their_field_sign_and_weight() {
    let query = parse("a title:(b -c^2 d:e)^3 -(f -g) \"h i\"");
    let mut seen = Vec::new();
    query.root.leaves(&mut |leaf, place| {
        let text = match leaf {
            Leaf::Word(word) => &word.text,
            Leaf::Phrase(phrase) => &phrase.text,
            other => panic!("no filter was asked for: {other:?}"),
        };
        seen.push((text.as_str(), place.field, place.negated, place.boost));
    });
    let title = Some("title");
    let expected = [
        ("a", None, false, 1.0),
        ("b", title, false, 3.0),
        ("c", title, true, 6.0),
        ("e", Some("d"), false, 3.0),
        ("f", None, true, 1.0),
        ("g", None, false, 1.0),
        ("h i", None, false, 1.0),
    ];
    assert_eq!(seen, expected);
}

/// Decomposed and composed operator words are the same word; marks in any order.
#[test]
fn operator_words_in_every_unicode_form() {
    for (words, tree) in [
        (&["VÀ", "VA\u{300}", "AND", "&&"][..], "(and 'a' 'b')"),
        (
            &["HOẶC", "HOA\u{323}\u{306}C", "HOA\u{306}\u{323}C", "HOẠ\u{306}C", "HOĂ\u{323}C", "OR", "||"],
            "(or 'a' 'b')",
        ),
        (&["KHÔNG", "KHO\u{302}NG", "NOT"], "(and 'a' (not 'b'))"),
    ] {
        for word in words {
            assert_eq!(dump(&parse(&format!("a {word} b")).root), tree, "{word:?}");
        }
    }
}

/// A query in capitals ranks as the same query in small letters: its `VÀ` must not become an operator.
#[test]
fn capitals_alone_make_no_vietnamese_operators() {
    let text = "có hay không tô lâm và hoặc";
    let shape = |text: &str| dump(&parse(text).root).to_lowercase();
    assert_eq!(shape(&text.to_uppercase()), shape(text));
}

#[test]
fn huge_and_deeply_nested_text_takes_linear_time_and_little_stack() {
    let pieces = [
        "(",
        ")",
        "\"",
        "“ ",
        "«",
        "a:(",
        "-(",
        "a:[",
        "a:[\"",
        "a:[x TO ",
        "a:>",
        "NOT ",
        "AND ",
        "a^2^",
        "a~1~",
        "*",
        "\"a\"~",
        "a OR (b AND ",
        "=\"",
        "+",
        "x:y:",
        "\0",
        "+84 ",
        "a_",
        "&&",
        "(a -(b OR ",
    ];
    for piece in pieces {
        let text = piece.repeat(300_000 / piece.len());
        let started = std::time::Instant::now();
        let query = parse(&text);
        let canonical = query.root.to_string();
        // A quadratic parser would need minutes: the bound only has to tell these apart on a slow, busy machine.
        assert!(started.elapsed().as_secs() < 20, "{piece:?} took {:?}", started.elapsed());
        assert!(canonical.len() < 3 * text.len() + 100, "{piece:?}");
    }
    assert_eq!(dump(&parse(&format!("{}x", "(".repeat(10_000))).root), "'x'");
    assert_eq!(dump(&parse(&format!("{}x{}y", "(".repeat(10_000), ")".repeat(10_000))).root), "['x' 'y']");
}

/// Text made of what the grammar knows, so that random text meets every rule.
fn query_text() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "a",
        "Hà",
        "nội",
        "VÀ",
        "AND",
        "OR",
        "NOT",
        "KHÔNG",
        "HOẶC",
        "TO",
        "x1",
        "2020",
        "84",
        "912345678",
        "(",
        ")",
        "\"",
        "“",
        "”",
        "«",
        "»",
        "„",
        "＂",
        "+",
        "-",
        "!",
        "=",
        "~",
        "~1",
        "~3",
        "^",
        "^2",
        "^0.5",
        "*",
        ":",
        "f:",
        "title:",
        "[",
        "]",
        "{",
        "}",
        ">",
        ">=",
        "<",
        "/",
        "//",
        "&&",
        "||",
        "&",
        ".",
        ",",
        "%",
        "#",
        "@",
        "\u{301}",
        "\u{200b}",
        "\u{feff}",
        "\0",
        "😀",
        "–",
        "đ",
    ]);
    let spaced = (pieces, prop::bool::weighted(0.4))
        .prop_map(|(piece, space)| format!("{piece}{}", if space { " " } else { "" }));
    prop::collection::vec(spaced, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_a_query(text in any::<String>()) {
        check_all(&text);
    }

    #[test]
    fn any_query_like_text_is_a_query(text in query_text()) {
        check_all(&text);
    }
}

fn check_all(text: &str) {
    check(&ParseOptions::new(), text);
    check(&ParseOptions::new().fields(&|_| false), text);
    check(&ParseOptions::new().fields(&|name| name == "title"), text);
}

/// What holds for every text.
fn check(options: &ParseOptions<'_>, text: &str) {
    let query = options.parse(text);
    let tree = dump(&query.root);
    let canonical = query.root.to_string();
    let again = options.parse(&canonical);
    assert_eq!(dump(&again.root), tree, "{text:?} is written as {canonical:?} and read back otherwise");
    assert_eq!(again.root.to_string(), canonical, "{text:?}");
    match options.parse_strict(text) {
        Ok(strict) => assert_eq!(strict, query),
        Err(error) => assert!(text.get(error.span()).is_some_and(|place| !place.is_empty()), "{text:?}: {error}"),
    }
    check_spans(&query);
    check_nothing_lost(text, &canonical);
}

fn check_spans(query: &Query) {
    let at = |span: &Range<usize>| query.text.get(span.clone()).unwrap_or_default();
    query.root.leaves(&mut |leaf, _| {
        let stands = match leaf {
            Leaf::Word(word) => at(&word.span) == word.text,
            Leaf::Phrase(phrase) => at(&phrase.span) == phrase.text,
            Leaf::Filter(Node::Range { field, span, .. } | Node::Exists { field, span }) => {
                at(span).starts_with(field.as_str())
            }
            _ => true,
        };
        assert!(stands, "{leaf:?} is not there in {:?}", query.text);
    });
}

/// Every run of letters and digits is in the tree, except operator words and the numbers of operators.
fn check_nothing_lost(text: &str, canonical: &str) {
    let mut rest = canonical;
    let mut before = ' ';
    for run in text.split(|c: char| !c.is_alphanumeric()) {
        let at = run.as_ptr() as usize - text.as_ptr() as usize;
        if let Some(c) = text[..at].chars().next_back() {
            before = c;
        }
        let operator = matches!(run, "AND" | "OR" | "NOT" | "VÀ" | "HOẶC" | "KHÔNG" | "TO" | "to");
        let suffix = matches!(before, '~' | '^' | '.') && run.starts_with(|c: char| c.is_ascii_digit());
        if run.is_empty() || operator || suffix {
            continue;
        }
        let found = rest.find(run);
        assert!(found.is_some(), "{text:?} has lost {run:?}: {canonical:?}");
        rest = &rest[found.unwrap_or(0) + run.len()..];
    }
}

/// Writes a tree without places: one notation a kind of node, and nothing left out.
fn dump(node: &Node) -> String {
    let all = |nodes: &[Node]| nodes.iter().map(dump).collect::<Vec<_>>().join(" ");
    match node {
        Node::Empty => "empty".to_owned(),
        Node::All => "all".to_owned(),
        Node::Word(word) => {
            let exact = if word.exact { "=" } else { "" };
            let prefix = if word.prefix { "*" } else { "" };
            let fuzzy = word.fuzzy.map_or_else(String::new, |fuzzy| format!("~{fuzzy}"));
            format!("{exact}'{}'{prefix}{fuzzy}", word.text)
        }
        Node::Phrase(phrase) => {
            let exact = if phrase.exact { "=" } else { "" };
            let prefix = if phrase.prefix { "*" } else { "" };
            let slop = if phrase.slop > 0 { format!("~{}", phrase.slop) } else { String::new() };
            format!("{exact}\"{}\"{prefix}{slop}", phrase.text)
        }
        Node::Group { clauses } => {
            let sign = |occur| match occur {
                Occur::Should => "",
                Occur::Must => "+",
                Occur::MustNot => "-",
            };
            let terms: Vec<_> =
                clauses.iter().map(|clause| sign(clause.occur).to_owned() + &dump(&clause.node)).collect();
            format!("[{}]", terms.join(" "))
        }
        Node::And(nodes) => format!("(and {})", all(nodes)),
        Node::Or(nodes) => format!("(or {})", all(nodes)),
        Node::Not(node) => format!("(not {})", dump(node)),
        Node::Field { name, node, .. } => format!("{name}:{}", dump(node)),
        Node::Exists { field, .. } => format!("(exists {field})"),
        Node::Range { field, lower, upper, .. } => {
            let end = |bound: &Bound<String>, inclusive, exclusive| match bound {
                Bound::Included(value) => format!("{inclusive} '{value}'"),
                Bound::Excluded(value) => format!("{exclusive} '{value}'"),
                Bound::Unbounded => String::new(),
            };
            let ends = [end(lower, ">=", ">"), end(upper, "<=", "<")];
            let ends: Vec<_> = ends.into_iter().filter(|end| !end.is_empty()).collect();
            format!("(range {field} {})", ends.join(" "))
        }
        Node::Boost(node, boost) => format!("(boost {boost} {})", dump(node)),
        other => format!("{other:?}"),
    }
}
