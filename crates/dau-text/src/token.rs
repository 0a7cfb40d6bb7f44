//! What the scanner yields: tokens, with the units of every field. Knows nothing of how they are found.

/// A token, borrowed from the text or from the scanner's buffers until the next one is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Token<'a> {
    /// What the token is.
    pub kind: TokenKind,
    /// Whether it stands for itself or is a piece of the compound before it.
    pub part: Part,
    /// Where it starts: a byte offset into the text as it was given, on a character boundary.
    pub start: usize,
    /// Where it ends (half-open): a byte offset into the text as it was given, on a character boundary. A base letter
    /// is never parted from its combining marks.
    pub end: usize,
    /// Its zero-based place among the tokens. A compound has the position of its first piece; its pieces follow one
    /// another, and the next token follows the last piece.
    pub position: u32,
    /// The number of pieces that follow: 0 for a token that is no compound.
    pub pieces: u32,
    /// The marked form: lower case, canonical letters, canonical tone placement.
    pub marked: &'a str,
    /// The folded form: the marked form without marks.
    pub folded: &'a str,
}

impl Token<'_> {
    /// Tells whether the token is a compound whose pieces follow.
    pub const fn is_compound(&self) -> bool {
        self.pieces > 0
    }
}

/// Whether a token stands for itself or is a piece of a compound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// An ordinary token, or a compound as a whole.
    Whole,
    /// A piece of the nearest [`Part::Whole`] before it.
    Piece,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum TokenKind {
    /// A word of any alphabet (`việt`, `don't`), or a compound of words (`e-mail`, `TP.HCM`).
    Word,
    /// A number: `2020`, `1.000.000` (marked form `1000000`), `3,14` (marked form `3.14`).
    Number,
    /// A document number or any other mixture of letters, digits and joiners: `15/2020/NĐ-CP`, `A-12`, `covid19`.
    Code,
    /// A date with day, month and year; the marked form is ISO 8601, `1945-09-02`.
    Date,
    /// An e-mail address.
    Email,
    /// A web address, with or without a scheme.
    Url,
    /// A telephone number; the marked form is its digits, with `0` for `+84`.
    Phone,
    /// One Chinese or Japanese character. Phrases find words of several.
    Cjk,
}

impl TokenKind {
    /// All kinds.
    pub const ALL: [TokenKind; 8] = [
        TokenKind::Word,
        TokenKind::Number,
        TokenKind::Code,
        TokenKind::Date,
        TokenKind::Email,
        TokenKind::Url,
        TokenKind::Phone,
        TokenKind::Cjk,
    ];

    /// Returns the name of the kind, in lower case: `word`, `number`, `code`, `date`, `email`, `url`, `phone`, `cjk`.
    pub const fn as_str(self) -> &'static str {
        match self {
            TokenKind::Word => "word",
            TokenKind::Number => "number",
            TokenKind::Code => "code",
            TokenKind::Date => "date",
            TokenKind::Email => "email",
            TokenKind::Url => "url",
            TokenKind::Phone => "phone",
            TokenKind::Cjk => "cjk",
        }
    }
}
