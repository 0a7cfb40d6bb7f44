//! What the terms of each kind of field are. Knows nothing of postings, queries or ranking.
//!
//! A term of a text field is `folded NUL marked`, with `marked` left out where it equals `folded`. So all spellings
//! that fold alike (`bán`, `bàn`, `bạn`, `ban`) are neighbours in the term dictionary: a word typed without marks is
//! one short range of it, a word typed with marks is one term, and no second index of folded forms is needed.

use tantivy::tokenizer::{Token as IndexToken, TokenStream, Tokenizer, TokenizerManager};

use crate::text::{fold, marked};

pub(crate) const TEXT: &str = "dau_text";
pub(crate) const CODE: &str = "dau_code";
pub(crate) const KEYWORD: &str = "dau_keyword";
pub(crate) const PATH: &str = "dau_path";
/// The storage layer's own name for whole values.
pub(crate) const UNIQUE: &str = "raw";

/// Raised whenever the terms of a code, keyword or path field change for some text.
const RULES_VERSION: u64 = 1;

/// Ends the folded form within a term. It sorts before every character of a token, so that the spellings of `ban`
/// come before `bang`.
pub(crate) const FOLDED_END: u8 = 0;

/// Marks a code's whole value, squashed to letters and digits, among its parts.
const SQUASHED: char = '=';

/// Identifies the analysis: equal for two builds exactly when they make the same terms of the same text.
pub(crate) fn fingerprint() -> u64 {
    crate::text::fingerprint() ^ RULES_VERSION.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// How a field's values become terms.
#[derive(Clone, Copy)]
pub(crate) enum Analyzer {
    /// Tokens of a text.
    Text,
    /// All terms of a short value at once.
    Values(Terms),
    /// Each value is a term as it is, and hardly any has two documents.
    Unique,
}

/// Writes the terms of one value with their positions.
pub(crate) type Terms = fn(&str, &mut dyn FnMut(u32, &str));

impl Analyzer {
    /// Each value is a term as it is.
    pub(crate) const WHOLE: Analyzer = Analyzer::Values(|text, sink| sink(0, text));

    /// The analyzer of a name that stands in an index's schema.
    pub(crate) fn named(name: &str) -> Option<Analyzer> {
        Some(match name {
            TEXT => Analyzer::Text,
            CODE => Analyzer::Values(code_terms),
            KEYWORD => Analyzer::Values(keyword_terms),
            PATH => Analyzer::Values(path_terms),
            UNIQUE => Analyzer::Unique,
            _ => return None,
        })
    }
}

/// Makes the names of analyzers known to the storage layer, as such that find nothing: terms and postings are not its affair, but
/// that of [`index::segment`](crate::index).
pub(crate) fn register(tokenizers: &TokenizerManager) {
    [TEXT, CODE, KEYWORD, PATH, UNIQUE].into_iter().for_each(|name| tokenizers.register(name, Nothing::default()));
}

/// Writes the term of one spelling into `term`.
pub(crate) fn encode_term(term: &mut String, folded: &str, marked: &str) {
    term.clear();
    term.push_str(folded);
    term.push(FOLDED_END as char);
    if marked != folded {
        term.push_str(marked);
    }
}

/// Reads the marked form back from a term's bytes; `None` for bytes that no analysis made.
pub(crate) fn marked_of_term(term: &[u8]) -> Option<&str> {
    let end = term.iter().position(|&byte| byte == FOLDED_END)?;
    let bytes = if end + 1 == term.len() { &term[..end] } else { &term[end + 1..] };
    std::str::from_utf8(bytes).ok()
}

/// The half-open range of terms that hold every spelling of a folded form.
pub(crate) fn spellings_range(folded: &str) -> (Vec<u8>, Vec<u8>) {
    let mut low = folded.as_bytes().to_vec();
    let mut high = low.clone();
    low.push(FOLDED_END);
    high.push(FOLDED_END + 1);
    (low, high)
}

/// The half-open range of terms whose folded form starts with a prefix; no upper bound when there is none.
pub(crate) fn prefix_range(folded: &str) -> (Vec<u8>, Option<Vec<u8>>) {
    let low = folded.as_bytes().to_vec();
    let mut high = low.clone();
    while let Some(last) = high.pop() {
        if last < u8::MAX {
            high.push(last + 1);
            return (low, Some(high));
        }
    }
    (low, None)
}

/// A code's parts: runs of letters and digits, folded.
pub(crate) fn code_parts(text: &str) -> Vec<String> {
    let folded = fold(text);
    let parts = folded.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.map(str::to_owned).collect()
}

/// The term of a code's whole value, blind to punctuation and spaces.
pub(crate) fn squashed_term(parts: &[String]) -> String {
    let mut term = String::from(SQUASHED);
    parts.iter().for_each(|part| term.push_str(part));
    term
}

/// The folded form of a whole keyword or path value.
pub(crate) fn fold_value(text: &str) -> String {
    fold(&one_line(text)).into_owned()
}

/// The marked form of a whole keyword or path value.
pub(crate) fn mark_value(text: &str) -> String {
    marked(&one_line(text)).into_owned()
}

/// White space and the byte that ends a folded form count as one space.
fn one_line(text: &str) -> String {
    let mut words = text.split(|c: char| c.is_whitespace() || c == FOLDED_END as char).filter(|word| !word.is_empty());
    let mut line = words.next().unwrap_or_default().to_owned();
    for word in words {
        line.push(' ');
        line.push_str(word);
    }
    line
}

/// A path with one slash before each step and none at the end: `/xã hội/giáo dục`.
pub(crate) fn normal_path(text: &str) -> String {
    let mut path = String::with_capacity(text.len() + 1);
    for step in text.split('/').map(str::trim).filter(|step| !step.is_empty()) {
        path.push('/');
        path.push_str(step);
    }
    path
}

fn code_terms(text: &str, sink: &mut dyn FnMut(u32, &str)) {
    let parts = code_parts(text);
    if parts.is_empty() {
        return;
    }
    sink(0, &squashed_term(&parts));
    for (position, part) in (0..).zip(&parts) {
        sink(position, part);
    }
}

fn keyword_terms(text: &str, sink: &mut dyn FnMut(u32, &str)) {
    let mut term = String::new();
    encode_term(&mut term, &fold_value(text), &mark_value(text));
    sink(0, &term);
}

fn path_terms(text: &str, sink: &mut dyn FnMut(u32, &str)) {
    let path = normal_path(text);
    let ends = path.char_indices().skip(1).filter(|&(_, c)| c == '/').map(|(at, _)| at).chain([path.len()]);
    for end in ends.filter(|&end| end > 0) {
        keyword_terms(&path[..end], sink);
    }
}

/// An analyzer that finds nothing. The token is never looked at.
#[derive(Clone, Default)]
struct Nothing(IndexToken);

impl Tokenizer for Nothing {
    type TokenStream<'a> = Nothing;

    fn token_stream<'a>(&'a mut self, _text: &'a str) -> Nothing {
        Nothing::default()
    }
}

impl TokenStream for Nothing {
    fn advance(&mut self) -> bool {
        false
    }

    fn token(&self) -> &IndexToken {
        &self.0
    }

    fn token_mut(&mut self) -> &mut IndexToken {
        &mut self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms_of(terms: Terms, text: &str) -> Vec<(u32, String)> {
        let mut found = Vec::new();
        terms(text, &mut |position, term| found.push((position, term.to_owned())));
        found
    }

    #[test]
    fn spellings_stand_in_one_range() {
        let mut term = String::new();
        let (low, high) = spellings_range("ban");
        for spelling in ["ban", "bán", "bàn", "bạn"] {
            encode_term(&mut term, "ban", spelling);
            assert!(low.as_slice() <= term.as_bytes() && term.as_bytes() < high.as_slice());
            assert_eq!(marked_of_term(term.as_bytes()), Some(spelling));
        }
        encode_term(&mut term, "bang", "bằng");
        assert!(term.as_bytes() >= high.as_slice());
    }

    #[test]
    fn a_prefix_range_holds_what_starts_alike() {
        let (low, high) = prefix_range("nguy");
        let high = high.expect("an upper bound");
        assert!(low.as_slice() <= b"nguyen\0".as_slice() && b"nguyen\0".as_slice() < high.as_slice());
        assert!(b"ngu\0".as_slice() < low.as_slice() && high.as_slice() < b"o\0".as_slice());
        assert_eq!(prefix_range("").1, None);
    }

    #[test]
    fn codes_are_blind_to_punctuation_case_and_marks() {
        let spellings = ["15/2020/NĐ-CP", "15/2020/nd-cp", "15 2020 ND CP", "15-2020–nđ–cp"];
        for spelling in spellings {
            assert_eq!(code_parts(spelling), ["15", "2020", "nd", "cp"]);
        }
        let expected = [(0, "=152020ndcp"), (0, "15"), (1, "2020"), (2, "nd"), (3, "cp")];
        let found = terms_of(code_terms, "15/2020/NĐ-CP");
        assert_eq!(found, expected.map(|(position, term)| (position, term.to_owned())));
        assert!(terms_of(code_terms, "--").is_empty());
    }

    #[test]
    fn a_path_is_found_under_each_ancestor() {
        let found = terms_of(path_terms, " xã hội / giáo dục/ ");
        let expected = [(0, "/xa hoi\0/xã hội"), (0, "/xa hoi/giao duc\0/xã hội/giáo dục")];
        assert_eq!(found, expected.map(|(position, term)| (position, term.to_owned())));
        assert!(terms_of(path_terms, "/").is_empty());
    }
}
