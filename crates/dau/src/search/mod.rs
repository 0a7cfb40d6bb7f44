//! Searching: the request, its execution, and the results as plain data.

mod bigrams;
mod bits;
mod cache;
mod columns;
mod docs;
mod execute;
mod explain;
mod found;
mod matching;
mod neighbours;
mod phrase;
mod positions;
mod prepare;
mod request;
mod results;
mod searcher;
mod sequence;
mod snippets;
mod stored;
mod suggestion;
mod together;
mod view;

pub(crate) use bigrams::Bigrams;
pub(crate) use bits::{Bits, Ones};
pub(crate) use cache::{SearchCache, WorkSpace};
pub use explain::Explanation;
pub(crate) use found::{FoundWord, NearSpelling, Weighed, WordKey};
pub(crate) use positions::each_block;
pub use request::{Accents, Corrections, Count, Highlight, Matching, Order, Returning, Search};
pub use results::{Facet, FacetValue, Hit, Results};
pub use searcher::Searcher;
pub(crate) use sequence::SequenceSet;
pub use stored::Documents;
pub(crate) use view::SegmentView;
