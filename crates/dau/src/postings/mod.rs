//! The inverted index of a segment while documents are added to it. Knows nothing of what a document is made of, nor of analysis.
//!
//! The storage layer has one of its own. That goes for each token to a slot of a large hash table, to the bytes of the term and to the
//! end of its postings, each somewhere in tens of megabytes, and waits for memory at each. Here the term of a common word is found by
//! the number that the scanner has for it ([`field`]), what is wanted of common terms lies side by side ([`terms`]), the newest bytes of
//! a list lie with it ([`arena`]), and lists are written for a thousand tokens at a time, so that one need not wait for the other. The
//! storage layer's serializer writes the files.

mod arena;
mod field;
mod list;
mod terms;
mod unique;

pub(crate) use arena::Arena;
pub(crate) use field::FieldPostings;
pub(crate) use unique::UniquePostings;
