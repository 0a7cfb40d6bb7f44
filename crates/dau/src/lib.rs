//! Full-text search for Vietnamese, and for text that mixes Vietnamese with other languages, to embed in a program.
//!
//! dau finds and ranks the same documents however a query is typed: with marks, without, with half of them, in NFC or
//! NFD, with the tone mark on either letter. It is for you if you have thousands to tens of millions of documents on
//! one machine and want search inside your program, with no server. It is not a distributed engine, and it does not
//! search by meaning (vectors).
//!
//! # Example
//!
//! ```
//! use dau::{Index, Schema, Search};
//! use serde_json::json;
//!
//! let index = Index::in_ram(Schema::builder().id("id").text("title").text("body").build()?)?;
//! let mut writer = index.writer()?;
//! writer.add(&json!({"id": 1, "title": "Hà Nội mùa thu", "body": "Cây cơm nguội vàng, cây bàng lá đỏ"}))?;
//! writer.add(&json!({"id": 2, "title": "Sài Gòn", "body": "Đường phố dài, nắng vàng"}))?;
//! writer.commit()?;
//! for typed in ["hà nội", "ha noi", "HÀ NỘI", "ha\u{300} no\u{323}\u{302}i"] {
//!     let results = index.search(&Search::new(typed))?;
//!     assert_eq!(results.hits[0].id.as_deref(), Some("1"));
//! }
//! # Ok::<(), dau::Error>(())
//! ```
//!
//! # Features
//!
//! - `tantivy-tokenizer`: `dau::tantivy_tokenizer`, dau's analysis for an index of your own that uses tantivy directly.

mod analysis;
mod analyze;
mod bigrams;
mod document;
mod error;
pub mod highlight;
mod index;
mod plan;
mod postings;
pub mod query;
mod rank;
mod reading;
mod scanners;
mod schema;
mod search;
mod spares;
mod synonyms;
#[cfg(feature = "tantivy-tokenizer")]
pub mod tantivy_tokenizer;
mod widest;

pub use dau_text as text;

pub use analyze::{AnalyzedToken, analyze};
pub use document::Document;
pub use error::{Error, ErrorKind, Result};
pub use highlight::Fragment;
pub use index::{CheckReport, Commit, Index, Stats, Writer, WriterOptions};
pub use rank::Ranking;
pub use schema::{Field, FieldKind, Schema, SchemaBuilder, Unknown};
pub use search::{
    Accents, Corrections, Count, Documents, Explanation, Facet, FacetValue, Highlight, Hit, Matching, Order, Results,
    Returning, Search, Searcher,
};
pub use synonyms::Synonyms;
