//! Terms and phrases against the tokens of a text. Knows nothing of fragments, widths or scores.

use std::ops::Range;

use dau_text::Token;
use rustc_hash::FxHashMap;

use super::{Term, boundary};
use crate::scanners;

/// The number of a distinct term of a [`Matcher`].
pub(super) type TermId = u32;

/// What to look for. Equal terms are one, so that a token gives one hit for each distinct term it matches.
#[derive(Clone, Debug, Default)]
pub(super) struct Matcher {
    terms: Vec<Sought>,
    /// Which of the words' keys there can be.
    sieve: Sieve,
    /// Terms by their folded form, of whole words and of prefixes.
    words: FxHashMap<Box<str>, Vec<TermId>>,
    prefixes: FxHashMap<Box<str>, Vec<TermId>>,
    /// The lengths in bytes of the keys of `prefixes`, ascending.
    prefix_lengths: Vec<usize>,
    phrases: Vec<Phrase>,
}

#[derive(Clone, Debug, PartialEq)]
struct Phrase {
    terms: Vec<TermId>,
    /// How many other positions may lie among the terms.
    slop: u32,
}

#[derive(Clone, Debug)]
struct Sought {
    term: Term,
    /// It is marked wherever it stands, not only within a phrase.
    alone: bool,
}

/// A set of short texts that errs to one side: it has all that were added, and some others. Nearly every token of a text
/// is none that is sought, and this costs less than to look it up.
#[derive(Clone, Copy, Debug, Default)]
struct Sieve([u64; 4]);

impl Sieve {
    fn add(&mut self, text: &str) {
        let (word, bit) = Sieve::place(text);
        self.0[word] |= bit;
    }

    fn may_have(&self, text: &str) -> bool {
        let (word, bit) = Sieve::place(text);
        self.0[word] & bit != 0
    }

    /// Depends on the length, the first and the last byte.
    fn place(text: &str) -> (usize, u64) {
        let bytes = text.as_bytes();
        let (first, last) = (bytes.first().copied().unwrap_or(0), bytes.last().copied().unwrap_or(0));
        let sum = first
            .wrapping_mul(29)
            .wrapping_add(last.wrapping_mul(7))
            .wrapping_add((bytes.len() as u8).wrapping_mul(53));
        (usize::from(sum >> 6), 1 << (sum & 63))
    }
}

/// A place where a term stands.
#[derive(Clone, Copy, Debug)]
struct Hit {
    start: usize,
    end: usize,
    /// The zero-based position of the token, and of the token that follows it.
    position: u32,
    next: u32,
    term: TermId,
    wanted: bool,
}

/// A stretch of text to be marked: one token, or a compound and its pieces, widened to whole graphemes.
#[derive(Clone, Debug)]
pub(super) struct Span {
    /// Bytes of the text, half-open.
    pub(super) bytes: Range<usize>,
    /// Token positions, half-open.
    pub(super) positions: Range<u32>,
    /// The terms that stand here: a range of [`Found::terms`].
    pub(super) terms: Range<usize>,
}

/// What was found in a text: spans in order, none overlapping another.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) spans: Vec<Span>,
    pub(super) terms: Vec<TermId>,
}

impl Matcher {
    /// Seeks a term wherever it stands.
    pub(super) fn add_term(&mut self, term: Term) {
        let id = self.intern(term);
        self.terms[id as usize].alone = true;
    }

    /// Seeks terms only where all of them stand: with no `slop` side by side in this order, else in any order with at
    /// most `slop` other positions among them.
    pub(super) fn add_phrase(&mut self, terms: Vec<Term>, slop: u32) {
        let terms: Vec<TermId> = terms.into_iter().map(|term| self.intern(term)).collect();
        if !terms.is_empty() {
            self.phrases.push(Phrase { terms, slop });
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Returns how many distinct terms there are.
    pub(super) fn term_count(&self) -> usize {
        self.terms.len()
    }

    pub(super) fn weight(&self, term: TermId) -> f32 {
        self.terms[term as usize].term.weight
    }

    fn intern(&mut self, term: Term) -> TermId {
        let map = if term.prefix { &mut self.prefixes } else { &mut self.words };
        if !term.prefix {
            self.sieve.add(&term.folded);
        }
        let ids = map.entry(term.folded.as_str().into()).or_default();
        let terms = &mut self.terms;
        let same = |id: &&TermId| terms[**id as usize].term.marked == term.marked;
        if let Some(&id) = ids.iter().find(same) {
            let weight = &mut terms[id as usize].term.weight;
            *weight = weight.max(term.weight);
            return id;
        }
        let id = TermId::try_from(terms.len()).expect("four billion terms do not fit in memory");
        ids.push(id);
        if term.prefix
            && let Err(at) = self.prefix_lengths.binary_search(&term.folded.len())
        {
            self.prefix_lengths.insert(at, term.folded.len());
        }
        terms.push(Sought { term, alone: false });
        id
    }

    /// Finds everything that is to be marked in `text`, in one pass.
    pub(super) fn find(&self, text: &str) -> Found {
        let mut hits = Vec::new();
        scanners::lend(|scanner| {
            scanner.scan(text).for_each(|token| self.match_token(&token, &mut hits));
        });
        for Phrase { terms, slop } in &self.phrases {
            if *slop == 0 {
                keep_phrase(terms, &mut hits);
            } else {
                keep_near(terms, *slop, &mut hits);
            }
        }
        hits.retain(|hit| hit.wanted);
        merge(text, &hits)
    }

    fn match_token(&self, token: &Token<'_>, hits: &mut Vec<Hit>) {
        let mut push = |ids: &[TermId]| {
            for &id in ids {
                let Sought { term, alone } = &self.terms[id as usize];
                if term.accepts(token.marked) {
                    hits.push(Hit {
                        start: token.start,
                        end: token.end,
                        position: token.position,
                        next: token.position + token.pieces.max(1),
                        term: id,
                        wanted: *alone,
                    });
                }
            }
        };
        if self.sieve.may_have(token.folded)
            && let Some(ids) = self.words.get(token.folded)
        {
            push(ids);
        }
        for &length in &self.prefix_lengths {
            // Lengths ascend, so a longer prefix fits no better; one that ends within a character fits not at all.
            if length > token.folded.len() {
                break;
            }
            if let Some(ids) = token.folded.get(..length).and_then(|prefix| self.prefixes.get(prefix)) {
                push(ids);
            }
        }
    }
}

impl Term {
    /// Whether a token that has the term's folded form has the right marks.
    fn accepts(&self, marked: &str) -> bool {
        match &self.marked {
            None => true,
            Some(wanted) if self.prefix => marked.starts_with(wanted.as_str()),
            Some(wanted) => marked == wanted,
        }
    }
}

/// Marks as wanted the hits of every occurrence of `phrase`. Hits are in the order of their positions.
fn keep_phrase(phrase: &[TermId], hits: &mut [Hit]) {
    let mut chain = Vec::with_capacity(phrase.len());
    for first in 0..hits.len() {
        if hits[first].term != phrase[0] {
            continue;
        }
        chain.clear();
        chain.push(first);
        for &term in &phrase[1..] {
            let last = chain[chain.len() - 1];
            let position = hits[last].next;
            let ahead = hits[last + 1..].iter().take_while(|hit| hit.position <= position);
            let next = ahead.enumerate().find(|(_, hit)| hit.position == position && hit.term == term);
            match next {
                Some((skipped, _)) => chain.push(last + 1 + skipped),
                None => break,
            }
        }
        if chain.len() == phrase.len() {
            chain.iter().for_each(|&hit| hits[hit].wanted = true);
        }
    }
}

/// Marks as wanted the hits of every stretch that has all of `terms` and at most `slop` other positions.
fn keep_near(terms: &[TermId], slop: u32, hits: &mut [Hit]) {
    let mut missing: FxHashMap<TermId, i64> = FxHashMap::default();
    for &term in terms {
        *missing.entry(term).or_default() += 1;
    }
    let near: Vec<usize> = (0..hits.len()).filter(|&hit| missing.contains_key(&hits[hit].term)).collect();
    let mut unmet = missing.len();
    let (mut first, mut kept) = (0, 0);
    // How many positions the stretch may have: compounds have several each.
    let mut most = u32::try_from(terms.len()).unwrap_or(u32::MAX).saturating_add(slop);
    for last in 0..near.len() {
        let hit = hits[near[last]];
        most = most.saturating_add(hit.next - hit.position - 1);
        let count = missing.entry(hit.term).or_default();
        *count -= 1;
        unmet -= usize::from(*count == 0);
        while hit.next - hits[near[first]].position > most {
            let gone = hits[near[first]];
            most -= gone.next - gone.position - 1;
            let count = missing.entry(gone.term).or_default();
            *count += 1;
            unmet += usize::from(*count == 1);
            first += 1;
        }
        if unmet == 0 {
            // What an earlier stretch has kept is not gone through again.
            near[first.max(kept)..=last].iter().for_each(|&at| hits[at].wanted = true);
            kept = last + 1;
        }
    }
}

/// Joins hits that overlap: several terms on one token, or a compound and its pieces.
fn merge(text: &str, hits: &[Hit]) -> Found {
    let mut found = Found::default();
    for hit in hits {
        let bytes = boundary::whole_graphemes(text, hit.start..hit.end);
        let term = found.terms.len();
        found.terms.push(hit.term);
        match found.spans.last_mut() {
            Some(last) if bytes.start < last.bytes.end => {
                last.bytes.end = last.bytes.end.max(bytes.end);
                last.positions.end = last.positions.end.max(hit.next);
                last.terms.end = term + 1;
            }
            _ => found.spans.push(Span { bytes, positions: hit.position..hit.next, terms: term..term + 1 }),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sieve_lets_everything_through_that_was_added() {
        let words = ["", "a", "ha", "noi", "nghieng", "2020", "15/2020/nd-cp", "đ", "日本"];
        let mut sieve = Sieve::default();
        words.iter().for_each(|word| sieve.add(word));
        assert!(words.iter().all(|word| sieve.may_have(word)));
        let others = ["b", "xa", "truong", "1", "2021x", "hanoi", "khac", "van", "la", "cua"];
        assert!(others.iter().filter(|word| sieve.may_have(word)).count() < others.len() / 2);
    }
}
