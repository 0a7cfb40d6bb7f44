//! What a token of a query was found to be in the index, before it is weighed for a query.

use std::sync::{Arc, Mutex, PoisonError};

use crate::plan::Target;
use crate::rank::{Rarity, Spelling, Typed, WordPostings};
use crate::reading::Slip;

/// What posting lists are looked up by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct WordKey {
    pub(crate) target: Target,
    pub(crate) marked: Arc<str>,
    /// Whether the token is a compound as a whole, which code fields look up otherwise.
    pub(crate) compound: bool,
    pub(crate) strict: bool,
}

/// The spellings and posting lists of a token, before they are weighed for a query.
#[derive(Debug)]
pub(crate) struct FoundWord {
    pub(crate) spellings: Arc<[Spelling]>,
    pub(crate) segments: Arc<[WordPostings]>,
    /// The spellings as they were weighed for the ways in which the word was typed last.
    weighed: Mutex<Vec<(Typed, Weighed)>>,
}

/// The spellings of a word with the weights that they have for it, and how rare it is with these.
#[derive(Clone, Debug)]
pub(crate) struct Weighed {
    pub(crate) spellings: Arc<[Spelling]>,
    pub(crate) rarity: Rarity,
}

/// A spelling of another word that may have been meant by a word.
#[derive(Clone, Debug)]
pub(crate) struct NearSpelling {
    pub(crate) found: Arc<FoundWord>,
    /// Which of its spellings.
    pub(crate) spelling: usize,
    pub(crate) slip: Slip,
}

/// All of them that are one slip away from a word.
pub(crate) type NearSpellings = Arc<[NearSpelling]>;

/// Ways of typing a word for which its spellings' weights are remembered, at most.
const REMEMBERED_WAYS: usize = 4;

impl Weighed {
    /// Spellings that have their weights, in an index of so many documents.
    pub(crate) fn new(spellings: Arc<[Spelling]>, documents: u64) -> Weighed {
        Weighed { rarity: Rarity::of(&spellings, documents), spellings }
    }
}

impl FoundWord {
    pub(crate) fn new(spellings: Vec<Spelling>, segments: Arc<[WordPostings]>) -> FoundWord {
        FoundWord { spellings: spellings.into(), segments, weighed: Mutex::default() }
    }

    /// The spellings with the weights that they have for a word that was typed so, in an index of so many documents.
    pub(crate) fn weighed(&self, typed: Typed, documents: u64) -> Weighed {
        let mut known = self.weighed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, weighed)) = known.iter().find(|(known, _)| *known == typed) {
            return weighed.clone();
        }
        let mut spellings = self.spellings.clone();
        typed.weigh(Arc::make_mut(&mut spellings));
        let weighed = Weighed::new(spellings, documents);
        if known.len() >= REMEMBERED_WAYS {
            known.remove(0);
        }
        known.push((typed, weighed.clone()));
        weighed
    }

    /// Documents with any spelling, at most: a document with two spellings counts twice.
    pub(crate) fn doc_freq(&self) -> u64 {
        self.spellings.iter().map(|spelling| spelling.doc_freq).sum()
    }
}
