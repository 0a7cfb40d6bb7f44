//! What analysis makes of a text, to look at.

use serde::Serialize;

use crate::analysis::{code_parts, fold_value, mark_value, normal_path, squashed_term};
use crate::scanners;
use crate::schema::FieldKind;
use crate::text::{Part, Scanner};

/// One token of an analyzed text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AnalyzedToken {
    /// The text as given.
    pub text: String,
    /// The marked form.
    pub marked: String,
    /// The folded form.
    pub folded: String,
    /// What the token is: `word`, `number`, `code`, `date`, `email`, `url`, `phone`, `cjk`; for other kinds of field the
    /// field's kind.
    pub kind: &'static str,
    /// Whether it is a piece of the compound before it.
    pub piece: bool,
    /// Where it starts: bytes of the text as given, zero-based.
    pub start: usize,
    /// Where it ends: bytes, half-open.
    pub end: usize,
    /// Its place among the tokens, zero-based; a compound has the position of its first piece.
    pub position: usize,
}

/// Shows the tokens that a field of a kind makes of a text; none for kinds that are not made of tokens.
///
/// # Example
///
/// ```
/// use dau::{FieldKind, analyze};
///
/// let tokens = analyze(FieldKind::Text, "HOÀ bình");
/// assert_eq!((tokens[0].marked.as_str(), tokens[0].folded.as_str()), ("hòa", "hoa"));
/// assert_eq!((tokens[1].start, tokens[1].end), (5, 10));
/// ```
pub fn analyze(kind: FieldKind, text: &str) -> Vec<AnalyzedToken> {
    match kind {
        FieldKind::Text => text_tokens(text),
        FieldKind::Code => code_tokens(text),
        FieldKind::Keyword => vec![value_token(kind, text, text)],
        FieldKind::Path => path_tokens(text),
        _ => Vec::new(),
    }
}

fn text_tokens(text: &str) -> Vec<AnalyzedToken> {
    scanners::lend(|scanner| tokens_of(text, scanner))
}

fn tokens_of(text: &str, scanner: &mut Scanner) -> Vec<AnalyzedToken> {
    let mut tokens = scanner.scan(text);
    let mut found = Vec::new();
    while let Some(token) = tokens.next() {
        found.push(AnalyzedToken {
            text: text[token.start..token.end].to_owned(),
            marked: token.marked.to_owned(),
            folded: token.folded.to_owned(),
            kind: token.kind.as_str(),
            piece: token.part == Part::Piece,
            start: token.start,
            end: token.end,
            position: token.position as usize,
        });
    }
    found
}

/// A code as a whole, then its parts.
fn code_tokens(text: &str) -> Vec<AnalyzedToken> {
    let parts = code_parts(text);
    if parts.is_empty() {
        return Vec::new();
    }
    let whole = squashed_term(&parts);
    let mut found = vec![value_token(FieldKind::Code, text, &whole[1..])];
    let mut runs = alphanumeric_runs(text);
    for (position, part) in parts.into_iter().enumerate() {
        let (start, end) = runs.next().unwrap_or((0, text.len()));
        found.push(AnalyzedToken {
            text: text[start..end].to_owned(),
            marked: part.clone(),
            folded: part,
            kind: FieldKind::Code.as_str(),
            piece: true,
            start,
            end,
            position,
        });
    }
    found
}

/// The byte ranges of runs of letters, digits and the combining marks that belong to them.
fn alphanumeric_runs(text: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    let is_part = |c: char| c.is_alphanumeric() || crate::text::fold(c.encode_utf8(&mut [0; 4])).is_empty();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(char::is_alphanumeric)?;
        let end = text[start..].find(|c| !is_part(c)).map_or(text.len(), |length| start + length);
        at = end;
        Some((start, end))
    })
}

fn path_tokens(text: &str) -> Vec<AnalyzedToken> {
    let path = normal_path(text);
    let ends = path.char_indices().skip(1).filter(|&(_, c)| c == '/').map(|(at, _)| at).chain([path.len()]);
    let steps: Vec<usize> = ends.filter(|&end| end > 0).collect();
    steps.into_iter().map(|end| value_token(FieldKind::Path, text, &path[..end])).collect()
}

fn value_token(kind: FieldKind, text: &str, value: &str) -> AnalyzedToken {
    AnalyzedToken {
        text: text.to_owned(),
        marked: mark_value(value),
        folded: fold_value(value),
        kind: kind.as_str(),
        piece: false,
        start: 0,
        end: text.len(),
        position: 0,
    }
}
