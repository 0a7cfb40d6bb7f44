//! How the marks of two words that fold alike stand to each other. Knows nothing of queries and documents but the names.

use crate::form;
use crate::letter::{self, Mark, Tone};

/// The relation between the marks of a query word and those of a document word that folds to the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MarkRelation {
    /// The same marks, or none in both.
    Same,
    /// The document has none where the query has some.
    DocumentBare,
    /// The query has none where the document has some: it says nothing about marks.
    QueryBare,
    /// The marks of one are among those of the other (`viêt`, `việt`).
    Compatible,
    /// Anything else (`bán`, `bàn`).
    Conflicting,
}

/// Returns how the marks of two words in [marked form](crate::marked) stand to each other; `None` when they do not fold
/// alike and so are different words altogether.
///
/// The tone counts wherever it is written, if both words have only one: `nguyên` with a tone on the wrong vowel, as
/// half-marked queries have it, is not in conflict with the tone in its place.
///
/// # Example
/// ```
/// use dau_text::{MarkRelation, mark_relation};
///
/// assert_eq!(mark_relation("việt", "việt"), Some(MarkRelation::Same));
/// assert_eq!(mark_relation("việt", "viet"), Some(MarkRelation::DocumentBare));
/// assert_eq!(mark_relation("viet", "việt"), Some(MarkRelation::QueryBare));
/// assert_eq!(mark_relation("viêt", "việt"), Some(MarkRelation::Compatible));
/// assert_eq!(mark_relation("bán", "bàn"), Some(MarkRelation::Conflicting));
/// assert_eq!(mark_relation("bán", "bến"), None);
/// ```
pub fn mark_relation(query_marked: &str, document_marked: &str) -> Option<MarkRelation> {
    if query_marked == document_marked {
        return Some(MarkRelation::Same);
    }
    let plain = |text: &str| text.chars().all(|c| c.is_ascii() || letter::decompose(c).is_some());
    if !plain(query_marked) || !plain(document_marked) {
        return other_scripts(query_marked, document_marked);
    }
    let mut letters = Comparison::default();
    let (mut query, mut document) = (query_marked.chars(), document_marked.chars());
    loop {
        match (query.next(), document.next()) {
            (None, None) => return Some(letters.relation()),
            (Some(q), Some(d)) => letters.compare(q, d)?,
            _ => return None,
        }
    }
}

/// What has been seen of the marks of two words. The marks of one letter are at most two: its own, and the tone.
#[derive(Debug, Default)]
struct Comparison {
    query_marks: u32,
    document_marks: u32,
    shared_marks: u32,
    query_tones: Tones,
    document_tones: Tones,
    shared_tones: u32,
}

#[derive(Debug, Default)]
struct Tones {
    count: u32,
    last: Tone,
}

impl Tones {
    fn add(&mut self, tone: Tone) {
        if tone != Tone::Level {
            self.count += 1;
            self.last = tone;
        }
    }
}

impl Comparison {
    fn compare(&mut self, query: char, document: char) -> Option<()> {
        let (query, document) = match (letter::decompose(query), letter::decompose(document)) {
            (Some(query), Some(document)) => (query, document),
            (None, None) if query == document => return Some(()),
            _ => return None,
        };
        if query.base != document.base {
            return None;
        }
        self.query_marks += u32::from(query.mark != Mark::None);
        self.document_marks += u32::from(document.mark != Mark::None);
        self.shared_marks += u32::from(query.mark != Mark::None && query.mark == document.mark);
        self.query_tones.add(query.tone);
        self.document_tones.add(document.tone);
        self.shared_tones += u32::from(query.tone != Tone::Level && query.tone == document.tone);
        Some(())
    }

    fn relation(&self) -> MarkRelation {
        let single = self.query_tones.count == 1 && self.document_tones.count == 1;
        let shared_tones =
            if single { u32::from(self.query_tones.last == self.document_tones.last) } else { self.shared_tones };
        let query = self.query_marks + self.query_tones.count;
        let document = self.document_marks + self.document_tones.count;
        relate(query, document, self.shared_marks + shared_tones)
    }
}

/// Relates two sets by their sizes and the size of their intersection.
fn relate(query: u32, document: u32, shared: u32) -> MarkRelation {
    match (query, document) {
        _ if shared == query && shared == document => MarkRelation::Same,
        (_, 0) => MarkRelation::DocumentBare,
        (0, _) => MarkRelation::QueryBare,
        _ if shared == query || shared == document => MarkRelation::Compatible,
        _ => MarkRelation::Conflicting,
    }
}

/// Letters of other languages: only the whole word tells.
fn other_scripts(query: &str, document: &str) -> Option<MarkRelation> {
    let folded = crate::fold(query);
    if folded != crate::fold(document) {
        return None;
    }
    Some(if !form::has_marks(document) {
        MarkRelation::DocumentBare
    } else if !form::has_marks(query) {
        MarkRelation::QueryBare
    } else {
        MarkRelation::Conflicting
    })
}
