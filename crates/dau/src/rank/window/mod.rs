//! A window of documents: what the posting lists read so far give them, and which are still in the running.

mod choice;
mod scale;

use std::cmp::Ordering;

use smallvec::SmallVec;
use tantivy::{DocId, TERMINATED};

use super::List;
use super::cursor::{Ask, Cursor};
use super::entries::Entries;
use super::gallop::first_from;
use super::impacts::{Impacts, Step};
use super::list::BLOCK;
use super::tail::Posting;
use super::top::{Held, Stands};
use super::unit::{self, Source, Unit};
use crate::search::Bits;
use scale::Scale;

/// Documents of one window. Their partial scores must stay in the processor's nearest cache while posting lists are read.
pub(super) const WINDOW: u32 = 4096;

/// Documents of one window where nothing is read but memory, which is added up in order: the more documents are compared, the
/// fewer are scored.
pub(super) const WIDE_WINDOW: u32 = 1 << 16;

const SIZE: usize = WINDOW as usize;
const WIDE: usize = WIDE_WINDOW as usize;

/// Documents that are compared with the threshold together.
const GROUP: usize = 32;

/// Asking a list about one document costs about as much as reading this many of its postings in order.
const ASKING_COST: u64 = 12;

/// Documents to which impacts are added in the time that it takes to add one to a candidate.
const ADDED_TOGETHER: u64 = 8;

/// Bits that say which units hold a document. The longest units have a bit each, the others share the rest: a unit whose
/// bit is not set does not hold the document.
type Holders = u64;

/// Units with a bit of their own.
const OWN_BITS: usize = 48;

#[derive(Debug)]
pub(crate) struct Window {
    start: DocId,
    end: DocId,
    /// The documents by place, where they do not follow each other.
    few: Vec<DocId>,
    /// What the lists read so far give at most, together, in units of the scale: more than 0 to each document that they hold.
    scores: Box<[u16; WIDE]>,
    scale: Scale,
    /// By what they hold a document in the window. Where no list is read they are not needed: memory finds again what it
    /// holds.
    holders: Box<[Holders; SIZE]>,
    has_holders: bool,
    /// How many units a score may be too high, because what lists and impacts give is rounded up, and how many too low, because
    /// what the levels of impacts come to is rounded down.
    rounded_up: u32,
    rounded_down: u16,
    /// The bit of each unit.
    bits: Vec<Holders>,
    /// Everything read of lists in this window, one after the other: places of documents, and frequency times length factor.
    places: Vec<u16>,
    xs: Vec<f32>,
    /// Of lists that are asked with positions, where these are.
    stands: Vec<Stands>,
    /// All positions that were read, in any window.
    pub(super) positions: Vec<u32>,
    /// Where each unit's part of it is.
    parts: Vec<Part>,
    /// The posting lists that hold a document, one document after the other.
    pub(super) held: Vec<Held>,
    /// Places of the documents still in the running.
    pub(super) candidates: Vec<u16>,
    /// The greatest score of each group; none where scores have changed since.
    greatest: Vec<u16>,
    /// Scores that are compared with each other.
    compared: Vec<u16>,
}

/// What was read of a list.
#[derive(Clone, Copy, Debug, Default)]
struct Part {
    start: usize,
    end: usize,
    /// Where the places of positions start, if they were read.
    stands: Option<usize>,
}

impl Default for Window {
    fn default() -> Window {
        Window {
            start: 0,
            end: 0,
            few: Vec::new(),
            scores: vec![0; WIDE].try_into().unwrap_or_else(|_| Box::new([0; WIDE])),
            scale: Scale::of(1.0),
            holders: Box::new([0; SIZE]),
            has_holders: false,
            rounded_up: 0,
            rounded_down: 0,
            bits: Vec::new(),
            places: Vec::new(),
            xs: Vec::new(),
            stands: Vec::new(),
            positions: Vec::new(),
            parts: Vec::new(),
            held: Vec::new(),
            candidates: Vec::new(),
            greatest: Vec::new(),
            compared: Vec::new(),
        }
    }
}

impl Window {
    /// Makes ready for the units of another segment or query.
    pub(super) fn prepare(&mut self, units: &[Unit<'_>]) {
        let mut by_length: SmallVec<[usize; 16]> = (0..units.len()).collect();
        by_length.sort_unstable_by_key(|&number| std::cmp::Reverse(units[number].len));
        self.bits.clear();
        self.bits.resize(units.len(), 0);
        for (rank, &number) in by_length.iter().enumerate() {
            let shared = Holders::BITS as usize - OWN_BITS;
            self.bits[number] = 1 << if rank < OWN_BITS { rank } else { OWN_BITS + rank % shared };
        }
        self.scale = Scale::of(unit::most_of_all(units));
        self.has_holders = units.iter().any(|unit| !unit.is_in_memory());
        self.parts.clear();
        self.parts.resize(units.len(), Part::default());
        self.few.clear();
        self.positions.clear();
        self.candidates.clear();
    }

    pub(super) fn begin(&mut self, start: DocId, end: DocId) {
        (self.start, self.end) = (start, end);
        self.greatest.clear();
        let used = self.places_used();
        self.scores[..used].fill(0);
        if self.has_holders {
            self.holders[..used].fill(0);
        }
        (self.rounded_up, self.rounded_down) = (0, 0);
        self.places.clear();
        self.xs.clear();
        self.stands.clear();
        self.parts.fill(Part::default());
    }

    /// Starts with a few documents, given in ascending order, no more than a window has.
    pub(super) fn begin_few(&mut self, documents: Vec<DocId>) {
        self.few = documents;
        self.begin(0, 0);
        self.candidates.clear();
        self.candidates.extend((0..self.few.len()).map(|at| at as u16));
    }

    /// How many places there are, in whole pairs of groups: as many documents as a word of [`Bits`] has.
    fn places_used(&self) -> usize {
        self.few.len().max((self.end - self.start) as usize).next_multiple_of(2 * GROUP).min(WIDE)
    }

    /// The document at a place.
    pub(super) fn doc(&self, at: u16) -> DocId {
        self.few.get(usize::from(at)).copied().unwrap_or(self.start + u32::from(at))
    }

    /// Whether the document at a place may score as much as is needed.
    pub(super) fn may_reach(&self, at: u16, needed: f32) -> bool {
        self.scores[usize::from(at)] >= self.least(needed)
    }

    /// The least units of a document that may score as much as is needed.
    fn least(&self, needed: f32) -> u16 {
        self.scale.rounded_down(needed).saturating_sub(self.rounded_down)
    }

    /// Of two places, the one that may score more comes first.
    pub(super) fn likelier(&self, a: u16, b: u16) -> Ordering {
        self.scores[usize::from(b)].cmp(&self.scores[usize::from(a)])
    }

    /// Reads the window's part of a list.
    ///
    /// Only documents among `accepted` are noted, which must not be many: else it costs less to note all.
    pub(super) fn add(&mut self, number: usize, list: &List, cursor: &mut Cursor, accepted: Option<&Bits>) {
        let first = self.places.len();
        let start = self.start;
        if cursor.seek(start) >= self.end {
            return;
        }
        self.greatest.clear();
        let factors = list.norms.factors();
        let bit = self.bits[number];
        let scale = self.scale;
        let Window { scores, holders, places, xs, .. } = self;
        let (scores, holders) = (&mut **scores, &mut **holders);
        let mut gains = [0.0; BLOCK];
        let mut kept = ([0; BLOCK], [0; BLOCK]);
        cursor.each_run_before(self.end, |docs, frequencies| {
            let (docs, frequencies) = match accepted {
                Some(accepted) => among(accepted, docs, frequencies, &mut kept),
                None => (docs, frequencies),
            };
            let from = places.len();
            places.extend(docs.iter().map(|&doc| (doc - start) as u16));
            let x = |(&doc, &frequency): (&DocId, &u32)| frequency as f32 * factors[doc as usize];
            xs.extend(docs.iter().zip(frequencies).map(x));
            let gains = &mut gains[..docs.len()];
            list.gains(&xs[from..], gains);
            for (&at, &gain) in places[from..].iter().zip(gains.iter()) {
                give(&mut scores[usize::from(at)], scale.rounded_up(gain));
                holders[usize::from(at) % SIZE] |= bit;
            }
        });
        self.rounded_up += 1;
        self.parts[number] = Part { start: first, end: self.places.len(), ..Part::default() };
    }

    /// Reads the window's part of a tail, of which `at` have been read.
    pub(super) fn add_tail(&mut self, number: usize, lists: &[List], postings: &[Posting], at: &mut usize) {
        self.greatest.clear();
        self.rounded_up += 1;
        *at += first_from(&postings[*at..], self.start);
        while let Some(posting) = postings.get(*at)
            && posting.doc < self.end
        {
            let of_document = of_document(&postings[*at..], posting.doc);
            self.add_document(number, lists, of_document, (posting.doc - self.start) as u16);
            *at += of_document.len();
        }
    }

    /// Adds what a tail gives to the candidates.
    pub(super) fn ask_tail(&mut self, number: usize, lists: &[List], postings: &[Posting], at: &mut usize) {
        self.rounded_up += 1;
        for next in 0..self.candidates.len() {
            let place = self.candidates[next];
            let doc = self.doc(place);
            *at += first_from(&postings[*at..], doc);
            let of_document = of_document(&postings[*at..], doc);
            if !of_document.is_empty() {
                self.add_document(number, lists, of_document, place);
                *at += of_document.len();
            } else if *at == postings.len() {
                break;
            }
        }
    }

    /// Adds what the postings that a tail has for one document give.
    fn add_document(&mut self, number: usize, lists: &[List], postings: &[Posting], place: u16) {
        let (mut marked, mut folded) = (0.0, 0.0);
        for posting in postings {
            let list = &lists[posting.list as usize];
            let x = posting.frequency as f32 * list.norms.factors()[posting.doc as usize];
            marked += list.marked * x;
            folded += list.folded * x;
        }
        let gain = self.scale.rounded_up(lists[0].gain_of_word(marked, folded));
        give(&mut self.scores[usize::from(place)], gain);
        if self.has_holders {
            self.holders[usize::from(place) % SIZE] |= self.bits[number];
        }
    }

    /// Whether to ask a unit with so many postings in the segment about the candidates costs less than to read its part of
    /// the window.
    pub(super) fn is_worth_asking(&self, unit: &Unit<'_>, documents: u32) -> bool {
        let window = u64::from(self.end - self.start);
        let candidates = self.candidates.len() as u64;
        if let Source::Impacts { .. } = unit.source {
            return candidates * ADDED_TOGETHER < window;
        }
        let postings = u64::from(unit.len) * window / u64::from(documents.max(1));
        candidates * ASKING_COST < postings
    }

    /// Adds what a word gives to all documents of the window.
    pub(super) fn add_impacts(&mut self, impacts: &Impacts, entries: &Entries, step: f32) {
        self.greatest.clear();
        let documents = (self.end - self.start) as usize;
        let step = self.scale.step(step);
        impacts.add(entries, step, self.start, &mut self.scores[..documents]);
        self.note_rounding(step);
    }

    /// Adds what a word gives to the candidates.
    pub(super) fn ask_impacts(&mut self, impacts: &Impacts, entries: &Entries, step: f32) {
        let step = self.scale.step(step);
        for next in 0..self.candidates.len() {
            let at = self.candidates[next];
            let gain = step.of_level(impacts.level(entries, self.doc(at)));
            give(&mut self.scores[usize::from(at)], gain);
        }
        self.note_rounding(step);
    }

    fn note_rounding(&mut self, step: Step) {
        self.rounded_up += step.rounded_up();
        self.rounded_down = self.rounded_down.saturating_add(1);
    }

    /// Adds what a list gives to the candidates; notes positions if the cursor reads them.
    pub(super) fn ask(&mut self, number: usize, list: &List, cursor: &mut impl Ask) {
        let (first, stands) = (self.places.len(), self.stands.len());
        let factors = list.norms.factors();
        self.rounded_up += 1;
        let mut next = 0;
        while let Some(&at) = self.candidates.get(next) {
            let doc = self.doc(at);
            let found = cursor.seek(doc);
            if found == doc {
                let x = cursor.frequency() as f32 * factors[doc as usize];
                give(&mut self.scores[usize::from(at)], self.scale.rounded_up(list.alone(x)));
                self.holders[usize::from(at) % SIZE] |= self.bits[number];
                self.places.push(at);
                self.xs.push(x);
                let start = self.positions.len() as u32;
                cursor.append_positions(&mut self.positions);
                let end = self.positions.len() as u32;
                if end > start {
                    self.stands.push(Stands::Read { start, end });
                }
                next += 1;
            } else if found == TERMINATED {
                break;
            } else {
                next += 1;
                while self.candidates.get(next).is_some_and(|&at| self.doc(at) < found) {
                    next += 1;
                }
            }
        }
        let has_positions = self.stands.len() > stands;
        let end = self.places.len();
        self.parts[number] = Part { start: first, end, stands: has_positions.then_some(stands) };
    }

    /// Notes in `held` which lists hold the document at a place, in their order.
    pub(super) fn holding(&self, units: &[Unit<'_>], lists: &[List], at: u16, held: &mut Vec<Held>) {
        held.clear();
        let doc = self.doc(at);
        let holders = if self.has_holders { self.holders[usize::from(at) % SIZE] } else { Holders::MAX };
        for ((unit, part), &bit) in units.iter().zip(&self.parts).zip(&self.bits) {
            match unit.source {
                Source::Impacts { first, entries, .. } => unit::known(first, entries, lists, doc, held),
                _ if holders & bit == 0 => {}
                Source::List(list) => {
                    let places = &self.places[part.start..part.end];
                    if let Ok(found) = places.binary_search(&at) {
                        let stands = part.stands.map_or_else(Stands::default, |first| self.stands[first + found]);
                        held.push(Held { list: list as u32, x: self.xs[part.start + found], stands });
                    }
                }
                Source::Tail { first, postings } => {
                    let start = postings.partition_point(|posting| posting.doc < doc);
                    unit::of_tail(first, of_document(&postings[start..], doc), lists, held);
                }
            }
        }
        // Which lists are in a tail differs between segments: the order must not.
        held.sort_unstable_by_key(|held| held.list);
    }
}

/// Adds what a document gets to its score. The sum of bounds of several lists of one word may be more than any document can score.
#[inline]
fn give(score: &mut u16, gain: u16) {
    *score = score.saturating_add(gain);
}

/// The documents of a run that are accepted, and their frequencies. Which they are cannot be foreseen: no branch depends on it.
fn among<'k>(
    accepted: &Bits,
    docs: &[DocId],
    frequencies: &[u32],
    (kept_docs, kept_frequencies): &'k mut ([DocId; BLOCK], [u32; BLOCK]),
) -> (&'k [DocId], &'k [u32]) {
    let mut kept = 0;
    for (&doc, &frequency) in docs.iter().zip(frequencies) {
        (kept_docs[kept % BLOCK], kept_frequencies[kept % BLOCK]) = (doc, frequency);
        kept += usize::from(accepted.contains(doc));
    }
    (&kept_docs[..kept], &kept_frequencies[..kept])
}

/// The postings of a document, which is not behind the first of them.
fn of_document(postings: &[Posting], doc: DocId) -> &[Posting] {
    let count = postings.iter().take_while(|posting| posting.doc == doc).count();
    &postings[..count]
}
