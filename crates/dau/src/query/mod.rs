//! Query text to a tree. Knows no schema, no analyzer and no index.
//!
//! Whatever is typed or pasted is a query: [`parse`] cannot fail and drops no word in silence. [`parse_strict`]
//! reads the same grammar and gives the same tree, but refuses text that `parse` had to forgive something.
//!
//! # Grammar
//!
//! | written | means |
//! |---|---|
//! | `hà nội` | words; how many of them must be there is the caller's match mode |
//! | `"hà nội"`, `“hà nội”`, `«hà nội»` | a phrase; `"…"~3` lets the words stand up to 3 positions apart |
//! | `+hà -nội !huế` | must be there, must not be there |
//! | `a AND b`, `a OR b`, `NOT a` | also `VÀ`, `HOẶC`, `KHÔNG`, `&&` and the double bar; capitals only |
//! | `(a b)` | a group |
//! | `tên:hà`, `tên:"hà nội"`, `tên:(hà nội)` | in one field |
//! | `giá:[1000 TO 5000]`, `giá:{1 TO 9}`, `giá:>=10` | a range; `[]` with and `{}` without its ends, `*` for none |
//! | `tên:*` | the field has a value |
//! | `từ*`, `từ~`, `từ~2`, `=bán`, `x^2` | prefix, typos allowed, exact marks, weight |
//! | `*` | every document |
//!
//! Operators act on everything between them: `hà nội OR sài gòn` is `(hà nội) OR (sài gòn)`, for most Vietnamese
//! words are written as two. `NOT` binds tighter than `AND`, and `AND` tighter than `OR`.
//!
//! In text with no lower-case letter at all, capitals say nothing: there `VÀ`, `HOẶC` and `KHÔNG` are words. (Of
//! 5,072 real Vietnamese questions one in five has *và*, *hoặc* or *không* in it; none has *and*, *or* or *not*.)
//!
//! An operator is a character in its place, never a character as such: `a-b`, `C++`, `AT&T`, `10:30`, `15/2020/NĐ-CP`
//! and `http://a.vn/?b=c` are words. [`Word::text`] keeps them as typed; splitting them is the analyzer's work.

mod display;
mod error;
mod lexer;
mod parser;
mod range;
mod term;
mod tree;

pub use self::{
    error::SyntaxError,
    tree::{Clause, Leaf, Node, Occur, Phrase, Place, Word},
};

/// A parsed query: the tree and what it was read from.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Query {
    /// The tree. Its [`Display`](std::fmt::Display) is the query in canonical form.
    pub root: Node,
    /// The query as typed. Every span in the tree is a range of bytes of this text.
    pub text: String,
    /// What had to be forgiven, in the order found; at most 16 are kept. Empty for a well-formed query.
    pub problems: Vec<SyntaxError>,
}

/// How query text is read.
///
/// # Example: names that are fields
///
/// ```
/// # use dau::query::{Node, ParseOptions};
/// let is_field = |name: &str| name == "title";
/// let options = ParseOptions::new().fields(&is_field);
/// assert!(matches!(options.parse("title:huế").root, Node::Field { .. }));
/// assert!(matches!(options.parse("mailto:an@hue.vn").root, Node::Word(_)));
/// ```
#[derive(Clone, Copy, Default)]
pub struct ParseOptions<'f> {
    is_field: Option<&'f dyn Fn(&str) -> bool>,
}

impl<'f> ParseOptions<'f> {
    /// Creates options under which every identifier followed by a colon and a value is a field.
    pub fn new() -> ParseOptions<'f> {
        ParseOptions::default()
    }

    /// Takes `name:` for a field only where `is_field(name)` holds; elsewhere it is plain text, or an error in strict
    /// parsing. The name is passed as typed, so it may be decomposed (NFD).
    pub fn fields(mut self, is_field: &'f dyn Fn(&str) -> bool) -> ParseOptions<'f> {
        self.is_field = Some(is_field);
        self
    }

    /// Parses any text. Never fails, never panics, and takes time linear in the length of `text`.
    pub fn parse(&self, text: &str) -> Query {
        let (root, problems) = parser::parse(text, self.is_field);
        Query { root, text: text.to_owned(), problems }
    }

    /// Parses text that must be well formed; gives the same tree as [`ParseOptions::parse`].
    ///
    /// # Errors
    ///
    /// The first problem: parentheses or quotes without their partner, an operator without operands, an unknown
    /// field, a malformed range, slop, distance or weight.
    pub fn parse_strict(&self, text: &str) -> Result<Query, SyntaxError> {
        let mut query = self.parse(text);
        if query.problems.is_empty() { Ok(query) } else { Err(query.problems.swap_remove(0)) }
    }
}

impl std::fmt::Debug for ParseOptions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ParseOptions").field("knows_fields", &self.is_field.is_some()).finish()
    }
}

/// Parses any text, taking every `name:value` for a field.
///
/// # Example: nothing that is pasted is an error
///
/// ```
/// let query = dau::query::parse("Điều 5: quy định AND");
/// assert_eq!(query.root.to_string(), "Điều 5: quy định");
/// assert_eq!(query.problems.len(), 1);
/// ```
pub fn parse(text: &str) -> Query {
    ParseOptions::new().parse(text)
}

/// Parses text that must be well formed, taking every `name:value` for a field.
///
/// # Errors
///
/// As [`ParseOptions::parse_strict`], except that no field is unknown.
///
/// # Example: an error points at its place
///
/// ```
/// let error = dau::query::parse_strict("hà AND (nội").unwrap_err();
/// assert_eq!(error.span(), 8..9);
/// assert_eq!(
///     error.to_string(),
///     "the parenthesis is never closed, at character 8: `(nội`; add `)` or leave `(` out"
/// );
/// ```
pub fn parse_strict(text: &str) -> Result<Query, SyntaxError> {
    ParseOptions::new().parse_strict(text)
}
