//! The inverted index of a segment while documents are added to it. Knows nothing of what a document is made of, nor of analysis.
//!
//! The storage layer has one of its own. That goes for each token to a slot of a large hash table, to the bytes of the term, and to the end of
//! its postings, each somewhere in tens of megabytes. Here what is touched lies close together (see [`terms`]), and
//! postings take less room. What is written to disk is the same to the byte: the storage layer's serializer writes it.

mod arena;
mod field;
mod list;
mod terms;
mod unique;

pub(crate) use arena::Arena;
pub(crate) use field::FieldPostings;
pub(crate) use unique::UniquePostings;
