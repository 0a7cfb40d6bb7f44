//! Ranking: how the evidence for a query word adds up to a document's score. Knows nothing of query syntax.
//!
//! A query word becomes one [`Word`]: the posting lists of all its spellings in all searched fields. A document's score
//! is the sum over the words of
//!
//! ```text
//! boost · [ m · idf_marked · s(x_marked)  +  (1 − m) · idf_folded · s(x_folded) ]        s(x) = x · (k1 + 1) / (x + k1)
//! x = Σ over fields and spellings of  field weight · spelling weight · frequency / (1 − b + b · length / average length)
//! ```
//!
//! This is BM25F (Robertson, Zaragoza and Taylor 2004) in the form of Lucene's `CombinedFieldQuery`: frequencies and
//! lengths are weighed and added up over the fields before they are saturated, so a word that stands in the title and
//! in the body is not counted twice. The marked part counts the spelling that was meant, the folded part every spelling
//! that folds alike, less where its marks conflict with the query's.

mod blocks;
mod cursor;
mod entries;
mod gallop;
mod impacts;
mod list;
mod nearness;
mod norms;
mod places;
mod pruned;
mod ranking;
mod second;
mod tail;
mod top;
mod unit;
mod window;
mod word;

pub(crate) use blocks::Blocks;
pub(crate) use entries::Entries;
pub(crate) use gallop::first_from;
pub(crate) use list::{List, open_lists};
pub(crate) use nearness::{Neighbours, Pairs};
pub(crate) use norms::{FieldStats, Norms, norms};
pub(crate) use places::near_pairs;
pub(crate) use pruned::{Segment, collect_best};
pub use ranking::Ranking;
pub(crate) use second::{Near, Opened};
pub(crate) use tail::{WordIdentity, WordPostings};
pub(crate) use top::{Best, HeldBy, Scored, Top, sort_best};
pub(crate) use unit::open_units;
pub(crate) use window::Window;
pub(crate) use word::{Guess, Places, PostingRef, Rarity, Spelling, Typed, Word, bare_share};
