//! Words and what begins with them in the term dictionaries: their spellings and posting lists.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use tantivy::index::InvertedIndexReader;
use tantivy::postings::TermInfo;
use tantivy::schema::Field as Slot;

use super::tokens::QueryToken;
use super::{Planner, Target};
use crate::analysis::{code_parts, marked_of_term, prefix_range, spellings_range, squashed_term};
use crate::error::Result;
use crate::rank::{PostingRef, Spelling, WordPostings};
use crate::reading::NearTerms;
use crate::schema::FieldKind;
use crate::search::{Accents, FoundWord, WordKey};

/// Posting lists that decide together what matches, without a score.
#[derive(Debug, Default)]
pub(crate) struct TermsPlan {
    /// One list of (field's slot, posting list) a segment.
    pub(crate) segments: Vec<Vec<(Slot, TermInfo)>>,
}

impl Planner<'_> {
    /// The posting lists of every spelling of a token, from the memory of earlier queries if it was asked for before.
    pub(super) fn find_word(&self, token: &QueryToken, target: &Target, accents: Accents) -> Result<Arc<FoundWord>> {
        let key = WordKey {
            target: target.clone(),
            marked: if accents == Accents::Strict { token.marked.clone() } else { token.folded.clone() },
            compound: !token.pieces.is_empty(),
            strict: accents == Accents::Strict,
        };
        self.searcher.cache().word(key, || self.look_up(token, target, accents))
    }

    /// The posting lists of every term that is one slip away.
    pub(super) fn find_near(&self, near: &NearTerms, target: &Target) -> Result<FoundWord> {
        let mut gathered = Gathered::new(self.searcher.segment_count());
        for (segment, reader) in self.searcher.storage().segment_readers().iter().enumerate() {
            for &field in target.fields.iter().filter(|&&field| self.kind(field) == Some(FieldKind::Text)) {
                let Some(slot) = self.slot(field) else { continue };
                let index = reader.inverted_index(slot)?;
                let mut stream = index.terms().search(near.clone()).into_stream()?;
                while let Some((term, info)) = stream.next() {
                    if let Some(marked) = marked_of_term(term) {
                        gathered.add(segment, field, marked, info.clone());
                    }
                }
            }
        }
        Ok(gathered.in_order().into())
    }

    /// Finds the posting lists of every spelling of a token.
    fn look_up(&self, token: &QueryToken, target: &Target, accents: Accents) -> Result<FoundWord> {
        let mut gathered = Gathered::new(self.searcher.segment_count());
        for (segment, reader) in self.searcher.storage().segment_readers().iter().enumerate() {
            for &field in target.fields.iter() {
                let Some(slot) = self.slot(field) else { continue };
                let terms = reader.inverted_index(slot)?;
                if self.kind(field) == Some(FieldKind::Code) {
                    let term = code_term(&token.folded, token);
                    if let Some(info) = terms.terms().get(term.as_bytes())? {
                        gathered.add(segment, field, &token.marked, info);
                    }
                    continue;
                }
                let (low, high) = spellings_range(&token.folded);
                let mut stream = terms.terms().range().ge(low).lt(high).into_stream()?;
                while let Some((term, info)) = stream.next() {
                    if let Some(marked) = marked_of_term(term)
                        && (accents != Accents::Strict || marked == &*token.marked)
                    {
                        gathered.add(segment, field, marked, info.clone());
                    }
                }
            }
        }
        Ok(gathered.in_order().into())
    }

    /// All terms of the searched fields that begin with a token.
    pub(super) fn prefix_terms(&self, token: &QueryToken, target: &Target, accents: Accents) -> Result<Gathered> {
        let mut gathered = Gathered::new(self.searcher.segment_count());
        for (segment, reader) in self.searcher.storage().segment_readers().iter().enumerate() {
            for &field in target.fields.iter() {
                let Some(slot) = self.slot(field) else { continue };
                let index = reader.inverted_index(slot)?;
                let is_code = self.kind(field) == Some(FieldKind::Code);
                for (folded, marked) in token.beginnings() {
                    let beginning = if is_code { code_term(&folded, token) } else { folded };
                    each_term(&index, prefix_range(&beginning), |term, info| {
                        let spelling = if is_code { std::str::from_utf8(term).ok() } else { marked_of_term(term) };
                        if let Some(spelling) = spelling
                            && (accents != Accents::Strict || is_code || spelling.starts_with(&marked))
                        {
                            gathered.add(segment, field, spelling, info.clone());
                        }
                    })?;
                }
            }
        }
        Ok(gathered.in_order())
    }

    pub(super) fn unscored(&self, gathered: Gathered) -> TermsPlan {
        let slot = |posting: PostingRef| self.slot(posting.field).map(|slot| (slot, posting.info));
        let segments = gathered.segments.into_iter().map(|postings| postings.into_iter().filter_map(slot).collect());
        TermsPlan { segments: segments.collect() }
    }

    /// Where a field's terms are; `None` for stored fields.
    pub(super) fn slot(&self, field: usize) -> Option<Slot> {
        self.searcher.inner().layout.fields.get(field).copied().flatten()
    }
}

/// Posting lists and the spellings they belong to, as they are found.
pub(super) struct Gathered {
    pub(super) spellings: Vec<Spelling>,
    pub(super) segments: Vec<Vec<PostingRef>>,
    positions: FxHashMap<String, usize>,
    /// Document frequencies by spelling and field.
    frequencies: FxHashMap<(usize, usize), u64>,
}

impl Gathered {
    pub(super) fn new(segments: usize) -> Gathered {
        Gathered {
            spellings: Vec::new(),
            segments: vec![Vec::new(); segments],
            positions: FxHashMap::default(),
            frequencies: FxHashMap::default(),
        }
    }

    /// Puts the spellings into the order of their text. As they were found, their order would depend on the segments, and
    /// with it the last bit of every sum over them.
    fn in_order(mut self) -> Gathered {
        let mut order: Vec<usize> = (0..self.spellings.len()).collect();
        order.sort_unstable_by(|&a, &b| self.spellings[a].marked.cmp(&self.spellings[b].marked));
        let mut places = vec![0; order.len()];
        order.iter().enumerate().for_each(|(place, &old)| places[old] = place);
        self.segments.iter_mut().flatten().for_each(|posting| posting.spelling = places[posting.spelling]);
        self.spellings = order.iter().map(|&old| self.spellings[old].clone()).collect();
        self
    }

    pub(super) fn add(&mut self, segment: usize, field: usize, marked: &str, info: TermInfo) {
        let spelling = match self.positions.get(marked) {
            Some(&spelling) => spelling,
            None => {
                let spelling = self.spellings.len();
                self.positions.insert(marked.to_owned(), spelling);
                self.spellings.push(Spelling::new(marked));
                spelling
            }
        };
        let frequency = self.frequencies.entry((spelling, field)).or_default();
        *frequency += u64::from(info.doc_freq);
        let most = &mut self.spellings[spelling].doc_freq;
        *most = (*most).max(*frequency);
        self.segments[segment].push(PostingRef { info, field, spelling });
    }
}

impl From<Gathered> for FoundWord {
    fn from(gathered: Gathered) -> FoundWord {
        FoundWord::new(gathered.spellings, of_segments(gathered.segments))
    }
}

pub(super) fn of_segments(segments: Vec<Vec<PostingRef>>) -> Arc<[WordPostings]> {
    segments.into_iter().map(WordPostings::new).collect()
}

/// Calls `visit` for each term of a range of an index's dictionary.
pub(super) fn each_term(
    index: &InvertedIndexReader,
    (low, high): (Vec<u8>, Option<Vec<u8>>),
    mut visit: impl FnMut(&[u8], &TermInfo),
) -> Result<()> {
    let mut range = index.terms().range().ge(low);
    if let Some(high) = high {
        range = range.lt(high);
    }
    let mut stream = range.into_stream()?;
    while let Some((term, info)) = stream.next() {
        visit(term, info);
    }
    Ok(())
}

/// What a token is looked up as in a code field.
fn code_term(folded: &str, token: &QueryToken) -> String {
    let parts = code_parts(folded);
    match parts.as_slice() {
        [part] if token.pieces.is_empty() => part.clone(),
        parts => squashed_term(parts),
    }
}
