//! The highlighter on any text and terms: fragments are pieces of the text, marks lie in order within them.

#![no_main]

use arbitrary::Arbitrary;
use dau::highlight::{FragmentOptions, Highlighter, Term};
use dau_text::{fold, marked};
use libfuzzer_sys::fuzz_target;

#[derive(Debug, Arbitrary)]
struct Input<'a> {
    text: &'a str,
    words: Vec<Word<'a>>,
    phrase: Vec<Word<'a>>,
    slop: u8,
    max_chars: u8,
    max_fragments: u8,
}

#[derive(Debug, Arbitrary)]
struct Word<'a> {
    text: &'a str,
    exact: bool,
    prefix: bool,
    weight: u8,
}

impl Word<'_> {
    fn term(&self) -> Term {
        Term {
            folded: fold(self.text).into_owned(),
            marked: self.exact.then(|| marked(self.text).into_owned()),
            prefix: self.prefix,
            weight: f32::from(self.weight),
        }
    }
}

fuzz_target!(|input: Input<'_>| {
    let max_chars = usize::from(input.max_chars);
    let max_fragments = usize::from(input.max_fragments);
    let mut highlighter = Highlighter::new(FragmentOptions { max_chars, max_fragments });
    for word in &input.words {
        highlighter.add_term(word.term());
    }
    highlighter.add_near_phrase(input.phrase.iter().map(Word::term).collect(), u32::from(input.slop));

    let fragments = highlighter.fragments(input.text);
    assert!(fragments.len() <= max_fragments, "too many fragments");
    for fragment in &fragments {
        let end = fragment.start + fragment.text.len();
        assert_eq!(input.text.get(fragment.start..end), Some(fragment.text.as_str()), "no piece of the text");
        let mut last = 0;
        for span in &fragment.spans {
            assert!(last <= span.start && span.start < span.end, "marks out of order");
            assert!(fragment.text.get(span.clone()).is_some(), "a mark off the fragment");
            last = span.end;
        }
    }
});
