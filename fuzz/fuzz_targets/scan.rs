//! The scanner on any text: spans in order, inside the text, on character boundaries; forms that agree.

#![no_main]

use std::cell::RefCell;

use dau_text::{Part, Scanner, fold};
use libfuzzer_sys::fuzz_target;

thread_local! {
    /// A scanner that remembers what it was given before.
    static USED: RefCell<Scanner> = RefCell::new(Scanner::new());
}

fuzz_target!(|text: &str| {
    let mut scanner = Scanner::new();
    let mut tokens = scanner.scan(text);
    let (mut start, mut end, mut position) = (0, 0, 0);
    let mut one_by_one = Vec::new();
    while let Some(token) = tokens.next() {
        assert!(token.start < token.end, "an empty token at {}", token.start);
        assert!(text.get(token.start..token.end).is_some(), "a span off the boundaries");
        assert!(token.start >= start, "tokens out of order");
        // Pieces lie within their compound; everything else begins where the last whole token ended, or later.
        if token.part == Part::Whole {
            assert!(token.start >= end, "tokens overlap");
            end = token.end;
        } else {
            assert!(token.end <= end, "a piece outside its compound");
        }
        assert!(token.position >= position, "positions out of order");
        assert_eq!(fold(token.marked), token.folded, "the two forms disagree");
        (start, position) = (token.start, token.position);
        one_by_one.push(format!("{token:?}"));
    }
    let mut at_once = Vec::new();
    scanner.scan(text).for_each(|token| at_once.push(format!("{token:?}")));
    assert_eq!(at_once, one_by_one, "all at once are other tokens");
    at_once.clear();
    USED.with_borrow_mut(|used| used.scan(text).for_each(|token| at_once.push(format!("{token:?}"))));
    assert_eq!(at_once, one_by_one, "what was seen before decides");
});
