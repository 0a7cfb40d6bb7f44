//! What a measured engine must be able to do. Names no engine's types.

use anyhow::Result;

/// One document of a ranking.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// The id that the corpus gives the document.
    pub id: String,
    /// The engine's score; comparable within one query only.
    pub score: f32,
}

/// An index of a corpus that answers queries with rankings of document ids.
pub trait Engine: Sync {
    /// Returns the first `limit` documents for a query as a user typed it, best first.
    ///
    /// # Errors
    /// The engine cannot answer; a query that finds nothing is no error.
    fn search(&self, query: &str, limit: usize) -> Result<Vec<Scored>>;
}

/// Which documents a query of several words matches, where a measurement does not leave that to the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    /// Those with at least one of the words.
    Any,
    /// Those with every word.
    All,
    /// Those with the words one after another.
    Phrase,
}

impl Operator {
    /// All operators, in the order of the tables.
    pub const ALL: [Self; 3] = [Self::Any, Self::All, Self::Phrase];

    /// Returns the name used in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::All => "all",
            Self::Phrase => "phrase",
        }
    }
}
