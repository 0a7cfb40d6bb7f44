//! The protocol of the search-benchmark-game over Vietnamese text: queries taken from a corpus, and what each must count.
//!
//! Uses nothing of `dau` or tantivy: text is cut, folded and counted here a second time, by other and simpler means, so that an engine
//! that counts wrongly is found out and not confirmed. Where the two analyses could differ for good reasons, the rule is either
//! repeated in [`text`] or the words that it is about are not chosen; both are said there.

pub mod choose;
pub mod count;
pub mod drive;
pub mod text;

use serde::Serialize;

/// How the marks of a query count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accents {
    /// Every spelling that is the same without marks is found: `đường` finds what `duong` finds.
    Smart,
    /// Only what was typed is found.
    Strict,
}

impl Accents {
    /// Both, in the order in which they are run.
    pub const ALL: [Self; 2] = [Self::Smart, Self::Strict];

    /// Returns the value of `dau bench --accents`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Smart => "smart",
            Self::Strict => "strict",
        }
    }
}

/// How the words of a query belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// `a`, or `a b`: documents with any of the words.
    Union,
    /// `+a +b`: documents with all of them.
    Intersection,
    /// `"a b"`: documents with all of them side by side in one field.
    Phrase,
}

impl Form {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Union, Self::Intersection, Self::Phrase];

    /// Returns the name used in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Union => "union",
            Self::Intersection => "intersection",
            Self::Phrase => "phrase",
        }
    }
}

/// One query of the game.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The line of the table that it belongs to.
    pub kind: String,
    /// How its words belong together.
    pub form: Form,
    /// Its words, in lower case.
    pub words: Vec<String>,
}

impl Query {
    /// Returns the query as it is typed.
    #[must_use]
    pub fn text(&self) -> String {
        match self.form {
            Form::Union => self.words.join(" "),
            Form::Intersection => self.words.iter().map(|word| format!("+{word}")).collect::<Vec<_>>().join(" "),
            Form::Phrase => format!("\"{}\"", self.words.join(" ")),
        }
    }
}

/// The commands that are given for each query.
pub const COMMANDS: [&str; 3] = ["COUNT", "TOP_10", "TOP_10_COUNT"];

/// Returns the line that asks for a query, without its line break.
#[must_use]
pub fn line(command: &str, query: &Query) -> String {
    format!("{command}\t{}", query.text())
}
