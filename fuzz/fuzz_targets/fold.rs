//! Folding and the marked form of any text: idempotent, and the one leads to the other.

#![no_main]

use dau_text::{fold, marked};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let folded = fold(text);
    assert_eq!(fold(&folded), folded, "folding is not idempotent");
    let marked_form = marked(text);
    assert_eq!(marked(&marked_form), marked_form, "the marked form is not idempotent");
    assert_eq!(fold(&marked_form), folded, "the marked form folds to something else");
});
