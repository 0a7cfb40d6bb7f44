//! Searching: the request, its execution, and the results as plain data.

mod bits;
mod cache;
mod columns;
mod explain;
mod matching;
mod neighbours;
mod phrase;
mod positions;
mod request;
mod results;
mod searcher;
mod sequence;
mod snippets;
mod together;

pub(crate) use bits::Bits;
pub(crate) use cache::{Bigrams, FoundWord, SearchCache, SegmentView, WordKey};
pub use explain::Explanation;
pub use request::{Accents, Corrections, Count, Highlight, Matching, Order, Returning, Search};
pub use results::{Facet, FacetValue, Hit, Results};
pub use searcher::{Documents, Searcher};
pub(crate) use sequence::SequenceSet;
