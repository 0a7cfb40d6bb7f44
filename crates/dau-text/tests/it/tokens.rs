//! Local check functions: tokens as owned values, and the contract every scan must keep.

use dau_text::{MAX_TOKEN_BYTES, Part, Scanner, Token, TokenKind};

/// A token that owns its forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Owned {
    pub(crate) kind: TokenKind,
    pub(crate) part: Part,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) position: u32,
    pub(crate) pieces: u32,
    pub(crate) marked: String,
    pub(crate) folded: String,
}

/// Scans with a scanner of its own.
pub(crate) fn scan(text: &str) -> Vec<Owned> {
    scan_with(&mut Scanner::new(), text)
}

/// A scanner that has been given so much text that it remembers words.
pub(crate) fn remembering() -> Scanner {
    let mut scanner = Scanner::new();
    scan_with(&mut scanner, &"việt nam đất nước ".repeat(4_000));
    assert!(scanner.buffer_bytes() > 500_000, "it remembers");
    scanner
}

/// Scans with a scanner that has scanned other texts before, token by token and all at once.
pub(crate) fn scan_with(scanner: &mut Scanner, text: &str) -> Vec<Owned> {
    let mut tokens = scanner.scan(text);
    let mut all = Vec::new();
    while let Some(token) = tokens.next() {
        all.push(Owned::from(token));
    }
    assert!(tokens.next().is_none(), "the end stays the end");
    let mut at_once = Vec::new();
    scanner.scan(text).for_each(|token| at_once.push(Owned::from(token)));
    assert_eq!(at_once, all, "{text}");
    all
}

impl From<Token<'_>> for Owned {
    fn from(token: Token<'_>) -> Owned {
        let Token { kind, part, start, end, position, pieces, marked, folded, .. } = token;
        let (marked, folded) = (marked.to_owned(), folded.to_owned());
        Owned { kind, part, start, end, position, pieces, marked, folded }
    }
}

/// Returns the marked forms of the whole tokens.
pub(crate) fn marked_forms(text: &str) -> Vec<String> {
    scan(text).into_iter().filter(|t| t.part == Part::Whole).map(|t| t.marked).collect()
}

/// Checks everything that is promised of the tokens of any text.
pub(crate) fn check_contract(text: &str, tokens: &[Owned]) {
    let (mut end, mut position) = (0, 0);
    let mut tokens = tokens.iter().peekable();
    while let Some(whole) = tokens.next() {
        assert_eq!(whole.part, Part::Whole, "a piece without its whole: {whole:?}");
        check_token(text, whole);
        assert!(whole.start >= end, "tokens in order: {whole:?} after {end}");
        assert_eq!(whole.position, position, "{whole:?}");
        end = whole.end;
        let mut inside = whole.start;
        for n in 0..whole.pieces {
            let piece = tokens.next().expect("as many pieces as promised");
            assert_eq!((piece.part, piece.pieces), (Part::Piece, 0), "{piece:?}");
            check_token(text, piece);
            assert!(piece.start >= inside && piece.end <= whole.end, "{piece:?} in {whole:?}");
            assert_eq!(piece.position, position + n, "{piece:?}");
            inside = piece.end;
        }
        position += whole.pieces.max(1);
        assert!(tokens.peek().is_none_or(|next| next.part != Part::Piece), "more pieces than promised");
    }
}

fn check_token(text: &str, token: &Owned) {
    assert!(token.start < token.end && token.end <= text.len(), "{token:?}");
    assert!(text.is_char_boundary(token.start) && text.is_char_boundary(token.end), "{token:?}");
    let after = text[token.end..].chars().next();
    assert!(!after.is_some_and(is_tone_or_mark), "letter and mark are parted: {token:?} in {text:?}");
    for form in [&token.marked, &token.folded] {
        assert!(!form.is_empty() && form.len() <= MAX_TOKEN_BYTES, "{token:?}");
        assert!(!form.contains(char::is_whitespace), "{token:?}");
    }
}

fn is_tone_or_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}')
}
