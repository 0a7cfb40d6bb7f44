//! The query parser on any text: no panic, spans inside the text, a canonical form that reads back as itself.

#![no_main]

use dau::query::{self, Leaf};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let query = query::parse(text);
    query.root.leaves(&mut |leaf, _| {
        let span = match leaf {
            Leaf::Word(word) => &word.span,
            Leaf::Phrase(phrase) => &phrase.span,
            _ => return,
        };
        assert!(text.get(span.clone()).is_some(), "a span off the text: {span:?}");
    });
    for problem in &query.problems {
        assert!(text.get(problem.span()).is_some(), "an error off the text: {:?}", problem.span());
    }
    assert_eq!(query::parse_strict(text).is_ok(), query.problems.is_empty());
    let canonical = query.root.to_string();
    assert_eq!(query::parse(&canonical).root.to_string(), canonical, "the canonical form of {text:?} changes");
});
