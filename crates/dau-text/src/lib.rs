//! Vietnamese text for search: letters, syllables, forms, tokens. Never: tantivy, files, threads, process-wide state.
//!
//! Vietnamese is written with Latin letters, most of which carry marks, and the same word reaches a computer in many
//! guises: composed or decomposed, with its tone on one vowel or another, in capitals, or with no marks at all. This
//! crate gives each word two forms:
//!
//! * **marked**: lower case, one spelling for each letter, the tone in one place (*HOÀ*, *hòa*, *hoà* are `hòa`);
//! * **folded**: the marked form without any mark (`hoa`).
//!
//! [`Scanner`] splits text into tokens and yields both forms of each with byte offsets into the text as it was given.
//! [`fold`] and [`marked`] do the same to whole texts. [`Syllable`] takes a word apart, [`mark_relation`] compares the
//! marks of two words.
//!
//! # Do you want it?
//! Yes, to index, search, compare or highlight text that is Vietnamese at least in part. It finds syllables, not words of
//! several syllables: *nhà hàng* is two tokens. It needs no data files and never panics, whatever the text.
//!
//! # Example
//! ```
//! use dau_text::{Scanner, TokenKind};
//!
//! let mut scanner = Scanner::new();
//! let mut tokens = scanner.scan("Hoà Bình, 02/09/1945");
//!
//! let token = tokens.next().unwrap();
//! assert_eq!((token.marked, token.folded, token.start..token.end), ("hòa", "hoa", 0..4));
//! let token = tokens.next().unwrap();
//! assert_eq!((token.marked, token.folded), ("bình", "binh"));
//! let token = tokens.next().unwrap();
//! assert_eq!((token.kind, token.marked, token.pieces), (TokenKind::Date, "1945-09-02", 3));
//! ```

pub mod encoding;
pub mod letter;
pub mod typing;
pub mod value;

mod fingerprint;
mod form;
mod relation;
mod scan;
mod syllable;
mod tables;
mod token;

pub use fingerprint::fingerprint;
pub use form::{canonical, fold, fold_letters, marked};
pub use letter::Tone;
pub use relation::{MarkRelation, mark_relation};
pub use scan::{MAX_TOKEN_BYTES, Scanner, Tokens};
pub use syllable::{Placement, Syllable};
pub use token::{Part, Token, TokenKind};
