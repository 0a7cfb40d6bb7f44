//! A window of documents: what the posting lists read so far give them, and which are still in the running.

use tantivy::{DocId, TERMINATED};

use super::List;
use super::cursor::{Ask, Cursor};
use super::list::BLOCK;
use super::top::{Held, Top};
use crate::search::Bits;

/// Documents of one window. Their partial scores must stay in the processor's nearest cache.
pub(super) const WINDOW: u32 = 4096;

const SIZE: usize = WINDOW as usize;

/// Documents that are compared with the threshold together.
const GROUP: usize = 16;

/// Asking a list about one document costs about as much as reading this many of its postings in order.
const ASKING_COST: u64 = 12;

/// Bits that say which lists hold a document. The longest lists have a bit each, the others share the rest: a list whose
/// bit is not set does not hold the document.
type Holders = u64;

/// Lists with a bit of their own.
const OWN_BITS: usize = 48;

pub(super) struct Window {
    start: DocId,
    end: DocId,
    /// The documents by place, where they do not follow each other.
    few: Vec<DocId>,
    /// What the lists read so far give at most, together.
    scores: Box<[f32; SIZE]>,
    holders: Box<[Holders; SIZE]>,
    /// The bit of each list.
    bits: Vec<Holders>,
    /// Everything read in this window, list after list: places of documents, and frequency times length factor.
    places: Vec<u16>,
    xs: Vec<f32>,
    /// Where each list's part of it starts and ends.
    parts: Vec<(usize, usize)>,
    /// Places of the documents still in the running.
    pub(super) candidates: Vec<u16>,
}

impl Window {
    pub(super) fn new(lists: &[List]) -> Window {
        let mut by_length: Vec<usize> = (0..lists.len()).collect();
        by_length.sort_unstable_by_key(|&number| std::cmp::Reverse(lists[number].doc_freq()));
        let mut bits = vec![0; lists.len()];
        for (rank, &number) in by_length.iter().enumerate() {
            let shared = Holders::BITS as usize - OWN_BITS;
            bits[number] = 1 << if rank < OWN_BITS { rank } else { OWN_BITS + rank % shared };
        }
        Window {
            start: 0,
            end: 0,
            few: Vec::new(),
            scores: Box::new([0.0; SIZE]),
            holders: Box::new([0; SIZE]),
            bits,
            places: Vec::new(),
            xs: Vec::new(),
            parts: vec![(0, 0); lists.len()],
            candidates: Vec::new(),
        }
    }

    pub(super) fn begin(&mut self, start: DocId, end: DocId) {
        (self.start, self.end) = (start, end);
        self.scores.fill(0.0);
        self.holders.fill(0);
        self.places.clear();
        self.xs.clear();
        self.parts.fill((0, 0));
    }

    /// Starts with a few documents, given in ascending order, no more than a window has.
    pub(super) fn begin_few(&mut self, documents: Vec<DocId>) {
        self.begin(0, 0);
        self.candidates.clear();
        self.candidates.extend((0..documents.len()).map(|at| at as u16));
        self.few = documents;
    }

    /// The document at a place.
    pub(super) fn doc(&self, at: u16) -> DocId {
        self.few.get(usize::from(at)).copied().unwrap_or(self.start + u32::from(at))
    }

    /// What the lists read so far give the document at a place, at most.
    pub(super) fn score(&self, at: u16) -> f32 {
        self.scores[usize::from(at)]
    }

    /// Reads the window's part of a list.
    pub(super) fn add(&mut self, number: usize, list: &List, cursor: &mut Cursor) {
        let first = self.places.len();
        let start = self.start;
        if cursor.seek(start) >= self.end {
            return;
        }
        let factors = list.norms.factors();
        let bit = self.bits[number];
        let Window { scores, holders, places, xs, .. } = self;
        let (scores, holders) = (&mut **scores, &mut **holders);
        let mut gains = [0.0; BLOCK];
        cursor.each_run_before(self.end, |docs, frequencies| {
            let from = places.len();
            places.extend(docs.iter().map(|&doc| (doc - start) as u16));
            let x = |(&doc, &frequency): (&DocId, &u32)| frequency as f32 * factors[doc as usize];
            xs.extend(docs.iter().zip(frequencies).map(x));
            let gains = &mut gains[..docs.len()];
            list.gains(&xs[from..], gains);
            for (&at, &gain) in places[from..].iter().zip(gains.iter()) {
                let at = usize::from(at) % SIZE;
                scores[at] += gain;
                holders[at] |= bit;
            }
        });
        self.parts[number] = (first, self.places.len());
    }

    /// Adds what a weak list gives to the candidates: by asking it, or by reading its part of the window where that
    /// costs less.
    pub(super) fn ask_or_add(&mut self, number: usize, list: &List, cursor: &mut Cursor, documents: u32) {
        let window = u64::from(self.end - self.start);
        let postings = u64::from(list.doc_freq()) * window / u64::from(documents.max(1));
        if self.candidates.len() as u64 * ASKING_COST >= postings {
            self.add(number, list, cursor);
        } else {
            self.ask(number, list, cursor);
        }
    }

    /// Adds what a list gives to the candidates.
    pub(super) fn ask(&mut self, number: usize, list: &List, cursor: &mut impl Ask) {
        let first = self.places.len();
        let factors = list.norms.factors();
        let mut next = 0;
        while let Some(&at) = self.candidates.get(next) {
            let doc = self.doc(at);
            let found = cursor.seek(doc);
            if found == doc {
                let x = cursor.frequency() as f32 * factors[doc as usize];
                self.scores[usize::from(at) % SIZE] += list.alone(x);
                self.holders[usize::from(at) % SIZE] |= self.bits[number];
                self.places.push(at);
                self.xs.push(x);
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
        self.parts[number] = (first, self.places.len());
    }

    /// Notes in `held` which lists hold the document at a place, in their order.
    pub(super) fn holding(&self, at: u16, held: &mut Vec<Held>) {
        held.clear();
        let holders = self.holders[usize::from(at)];
        for (number, (&bit, &(first, end))) in (0..).zip(self.bits.iter().zip(&self.parts)) {
            if holders & bit == 0 {
                continue;
            }
            if let Ok(found) = self.places[first..end].binary_search(&at) {
                held.push(Held { list: number, x: self.xs[first + found] });
            }
        }
    }

    /// While there is room in the result, and after the leading lists alone: as many documents as it takes score at least
    /// the least of what those give the candidates, so that nothing below that needs to be looked at.
    pub(super) fn raise_floor(&self, top: &mut Top) {
        let mut floors: Vec<f32> =
            self.candidates.iter().map(|&at| self.score(at)).filter(|&floor| floor > 0.0).collect();
        if let Some(wanted) = top.limit().checked_sub(1)
            && wanted < floors.len()
        {
            let (_, floor, _) = floors.select_nth_unstable_by(wanted, |a, b| b.total_cmp(a));
            top.raise_floor(*floor);
        }
    }

    /// Starts with the documents that the lists read so far brought and that `rest`, the most that the others can add, may
    /// lift to `needed`.
    pub(super) fn choose(&mut self, accepted: Option<&Bits>, rest: f32, needed: f32) {
        let Window { start, end, scores, holders, candidates, .. } = self;
        let (scores, holders) = (&**scores, &**holders);
        candidates.clear();
        match accepted {
            Some(accepted) => {
                candidates.extend(accepted.iter_between(*start, *end).map(|doc| (doc - *start) as u16));
            }
            None => {
                for (group, scores) in scores.as_chunks::<GROUP>().0.iter().enumerate() {
                    // Most groups have no candidate: one comparison of their greatest score tells.
                    if greatest(scores) + rest >= needed {
                        candidates.extend((group * GROUP..(group + 1) * GROUP).map(|at| at as u16));
                    }
                }
            }
        }
        compact(candidates, |at| {
            let at = usize::from(at) % SIZE;
            (holders[at] != 0) & (scores[at] + rest >= needed)
        });
    }

    /// Drops the candidates that no list holds.
    pub(super) fn keep_held(&mut self) {
        let holders = &*self.holders;
        compact(&mut self.candidates, |at| holders[usize::from(at) % SIZE] != 0);
    }

    /// Drops the candidates that the lists not yet read, which add `rest` at most, cannot lift to `needed`.
    pub(super) fn keep(&mut self, rest: f32, needed: f32) {
        let scores = &*self.scores;
        compact(&mut self.candidates, |at| scores[usize::from(at) % SIZE] + rest >= needed);
    }
}

/// The greatest of some scores, found in four lanes that do not wait for each other.
fn greatest(scores: &[f32; GROUP]) -> f32 {
    let greater = |a: f32, b: f32| if a > b { a } else { b };
    let mut lanes = [0.0f32; 4];
    for scores in scores.as_chunks::<4>().0 {
        for (lane, &score) in lanes.iter_mut().zip(scores) {
            *lane = greater(score, *lane);
        }
    }
    lanes.into_iter().fold(0.0, greater)
}

/// As `Vec::retain`, without a branch for each element: which are kept cannot be foreseen.
fn compact(places: &mut Vec<u16>, keep: impl Fn(u16) -> bool) {
    let mut kept = 0;
    for next in 0..places.len() {
        let at = places[next];
        places[kept] = at;
        kept += usize::from(keep(at));
    }
    places.truncate(kept);
}
