//! A window of documents: what the posting lists read so far give them, and which are still in the running.

use tantivy::{DocId, TERMINATED};

use super::List;
use super::cursor::{Ask, Cursor};
use super::entries::Entries;
use super::gallop::first_from;
use super::impacts::Impacts;
use super::list::BLOCK;
use super::tail::Posting;
use super::top::{Held, Stands, Top};
use super::unit::{Source, Unit};
use crate::search::Bits;

/// Documents of one window. Their partial scores must stay in the processor's nearest cache.
pub(super) const WINDOW: u32 = 4096;

const SIZE: usize = WINDOW as usize;

/// Documents that are compared with the threshold together.
const GROUP: usize = 16;

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
    /// What the lists read so far give at most, together.
    scores: Box<[f32; SIZE]>,
    /// By what they hold a document in the window; impacts need none, for they are above 0 where they are something.
    holders: Box<[Holders; SIZE]>,
    /// Whether any unit needs them.
    has_holders: bool,
    /// How much too high a score may be, because impacts are rounded up.
    rounded_up: f32,
    /// The bit of each unit.
    bits: Vec<Holders>,
    /// Everything read in this window, unit after unit: places of documents, and frequency times length factor.
    places: Vec<u16>,
    xs: Vec<f32>,
    /// Of tails also the number of the list.
    numbers: Vec<u32>,
    /// Of lists that are asked with positions, where these are.
    stands: Vec<Stands>,
    /// All positions that were read, in any window.
    pub(super) positions: Vec<u32>,
    /// Where each unit's part of it is.
    parts: Vec<Part>,
    /// Places of the documents still in the running.
    pub(super) candidates: Vec<u16>,
}

/// What was read of one unit.
#[derive(Clone, Copy, Debug, Default)]
struct Part {
    start: usize,
    end: usize,
    /// Where the numbers of a tail's lists start.
    numbers: usize,
    /// Where the places of positions start, if they were read.
    stands: Option<usize>,
}

impl Default for Window {
    fn default() -> Window {
        Window {
            start: 0,
            end: 0,
            few: Vec::new(),
            scores: Box::new([0.0; SIZE]),
            holders: Box::new([0; SIZE]),
            has_holders: false,
            rounded_up: 0.0,
            bits: Vec::new(),
            places: Vec::new(),
            xs: Vec::new(),
            numbers: Vec::new(),
            stands: Vec::new(),
            positions: Vec::new(),
            parts: Vec::new(),
            candidates: Vec::new(),
        }
    }
}

impl Window {
    /// Makes ready for the units of another segment or query.
    pub(super) fn prepare(&mut self, units: &[Unit<'_>]) {
        let mut by_length: Vec<usize> = (0..units.len()).collect();
        by_length.sort_unstable_by_key(|&number| std::cmp::Reverse(units[number].len));
        self.bits.clear();
        self.bits.resize(units.len(), 0);
        for (rank, &number) in by_length.iter().enumerate() {
            let shared = Holders::BITS as usize - OWN_BITS;
            self.bits[number] = 1 << if rank < OWN_BITS { rank } else { OWN_BITS + rank % shared };
        }
        self.has_holders = units.iter().any(|unit| !matches!(unit.source, Source::Impacts { .. }));
        self.parts.clear();
        self.parts.resize(units.len(), Part::default());
        self.few.clear();
        self.positions.clear();
        self.candidates.clear();
    }

    pub(super) fn begin(&mut self, start: DocId, end: DocId) {
        (self.start, self.end) = (start, end);
        let used = self.places_used();
        self.scores[..used].fill(0.0);
        if self.has_holders {
            self.holders[..used].fill(0);
        }
        self.rounded_up = 0.0;
        self.places.clear();
        self.xs.clear();
        self.numbers.clear();
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

    /// How many places there are, in whole groups.
    fn places_used(&self) -> usize {
        self.few.len().max((self.end - self.start) as usize).next_multiple_of(GROUP).min(SIZE)
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
    ///
    /// Only documents among `accepted` are noted, which must not be many: else it costs less to note all.
    pub(super) fn add(&mut self, number: usize, list: &List, cursor: &mut Cursor, accepted: Option<&Bits>) {
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
                let at = usize::from(at) % SIZE;
                scores[at] += gain;
                holders[at] |= bit;
            }
        });
        self.parts[number] = Part { start: first, end: self.places.len(), ..Part::default() };
    }

    /// Reads the window's part of a tail, of which `at` have been read.
    pub(super) fn add_tail(&mut self, number: usize, lists: &[List], postings: &[Posting], at: &mut usize) {
        let (first, numbers) = (self.places.len(), self.numbers.len());
        *at += first_from(&postings[*at..], self.start);
        while let Some(posting) = postings.get(*at)
            && posting.doc < self.end
        {
            let of_document = postings[*at..].iter().take_while(|other| other.doc == posting.doc).count();
            self.add_document(number, lists, &postings[*at..*at + of_document], (posting.doc - self.start) as u16);
            *at += of_document;
        }
        self.parts[number] = Part { start: first, end: self.places.len(), numbers, ..Part::default() };
    }

    /// Adds what a tail gives to the candidates.
    pub(super) fn ask_tail(&mut self, number: usize, lists: &[List], postings: &[Posting], at: &mut usize) {
        let (first, numbers) = (self.places.len(), self.numbers.len());
        for next in 0..self.candidates.len() {
            let place = self.candidates[next];
            let doc = self.doc(place);
            *at += first_from(&postings[*at..], doc);
            let of_document = postings[*at..].iter().take_while(|posting| posting.doc == doc).count();
            if of_document > 0 {
                self.add_document(number, lists, &postings[*at..*at + of_document], place);
                *at += of_document;
            } else if *at == postings.len() {
                break;
            }
        }
        self.parts[number] = Part { start: first, end: self.places.len(), numbers, ..Part::default() };
    }

    /// Adds the postings that a tail has for one document.
    fn add_document(&mut self, number: usize, lists: &[List], postings: &[Posting], place: u16) {
        let (mut marked, mut folded) = (0.0, 0.0);
        for posting in postings {
            let list = &lists[posting.list as usize];
            let x = posting.frequency as f32 * list.norms.factors()[posting.doc as usize];
            marked += list.marked * x;
            folded += list.folded * x;
            self.places.push(place);
            self.xs.push(x);
            self.numbers.push(list.number);
        }
        let at = usize::from(place) % SIZE;
        self.scores[at] += lists[0].gain_of_word(marked, folded);
        self.holders[at] |= self.bits[number];
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
    pub(super) fn add_impacts(&mut self, impacts: &Impacts, step: f32) {
        let levels = &impacts.levels()[self.start as usize..self.end as usize];
        for (score, &level) in self.scores.iter_mut().zip(levels) {
            *score += step * f32::from(level);
        }
        self.rounded_up += step;
    }

    /// Adds what a word gives to the candidates.
    pub(super) fn ask_impacts(&mut self, impacts: &Impacts, step: f32) {
        let levels = impacts.levels();
        for next in 0..self.candidates.len() {
            let at = self.candidates[next];
            self.scores[usize::from(at) % SIZE] += step * f32::from(levels[self.doc(at) as usize]);
        }
        self.rounded_up += step;
    }

    /// Adds what a list gives to the candidates; notes positions if the cursor reads them.
    pub(super) fn ask(&mut self, number: usize, list: &List, cursor: &mut impl Ask) {
        let (first, stands) = (self.places.len(), self.stands.len());
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
                let start = self.positions.len() as u32;
                cursor.append_positions(&mut self.positions);
                let end = self.positions.len() as u32;
                if end > start {
                    self.stands.push(Stands { start, end });
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
        self.parts[number] = Part { start: first, end, stands: has_positions.then_some(stands), ..Part::default() };
    }

    /// Notes in `held` which lists hold the document at a place, in their order.
    pub(super) fn holding(&self, units: &[Unit<'_>], lists: &[List], at: u16, held: &mut Vec<Held>) {
        held.clear();
        let holders = self.holders[usize::from(at)];
        for ((unit, part), &bit) in units.iter().zip(&self.parts).zip(&self.bits) {
            if let Source::Impacts { first, entries, .. } = unit.source {
                self.holding_entries(first, entries, lists, at, held);
                continue;
            }
            if holders & bit == 0 {
                continue;
            }
            let places = &self.places[part.start..part.end];
            match unit.source {
                Source::Impacts { .. } => {}
                Source::List(list) => {
                    if let Ok(found) = places.binary_search(&at) {
                        let stands = part.stands.map_or_else(Stands::default, |first| self.stands[first + found]);
                        held.push(Held { list: list as u32, x: self.xs[part.start + found], stands });
                    }
                }
                Source::Tail { .. } => {
                    let first = places.partition_point(|&place| place < at);
                    let found = places[first..].iter().take_while(|&&place| place == at).count();
                    let held_there = (first..first + found).map(|place| Held {
                        list: self.numbers[part.numbers + place],
                        x: self.xs[part.start + place],
                        stands: Stands::default(),
                    });
                    held.extend(held_there);
                }
            }
        }
        // Which lists are in a tail differs between segments: the order must not.
        held.sort_unstable_by_key(|held| held.list);
    }

    /// The part of [`Window::holding`] that a word with entries has.
    fn holding_entries(&self, first: usize, entries: &Entries, lists: &[List], at: u16, held: &mut Vec<Held>) {
        let doc = self.doc(at);
        for (list, frequency) in entries.of_document(doc) {
            let list = first + list as usize;
            let x = frequency as f32 * lists[list].norms.factors()[doc as usize];
            held.push(Held { list: list as u32, x, stands: Stands::default() });
        }
    }

    /// While there is room in the result, and after the leading lists alone: as many documents as it takes score at least
    /// the least of what those give the candidates, so that nothing below that needs to be looked at.
    pub(super) fn raise_floor(&self, top: &mut Top) {
        let mut floors: Vec<f32> =
            self.candidates.iter().map(|&at| self.score(at) - self.rounded_up).filter(|&floor| floor > 0.0).collect();
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
        let used = self.places_used();
        let Window { start, end, scores, holders, has_holders, candidates, .. } = self;
        let (scores, holders) = (&**scores, has_holders.then_some(&**holders));
        candidates.clear();
        match accepted {
            Some(accepted) => {
                candidates.extend(accepted.iter_between(*start, *end).map(|doc| (doc - *start) as u16));
            }
            None => {
                for (group, scores) in scores[..used].as_chunks::<GROUP>().0.iter().enumerate() {
                    // Most groups have no candidate: one comparison of their greatest score tells.
                    if greatest(scores) + rest >= needed {
                        candidates.extend((group * GROUP..(group + 1) * GROUP).map(|at| at as u16));
                    }
                }
            }
        }
        compact(candidates, |at| {
            let at = usize::from(at) % SIZE;
            is_held(scores, holders, at) & (scores[at] + rest >= needed)
        });
    }

    /// Drops the candidates that no list holds.
    pub(super) fn keep_held(&mut self) {
        let (scores, holders) = (&*self.scores, self.has_holders.then_some(&*self.holders));
        compact(&mut self.candidates, |at| is_held(scores, holders, usize::from(at) % SIZE));
    }

    /// Drops the candidates that the lists not yet read, which add `rest` at most, cannot lift to `needed`.
    pub(super) fn keep(&mut self, rest: f32, needed: f32) {
        let scores = &*self.scores;
        compact(&mut self.candidates, |at| scores[usize::from(at) % SIZE] + rest >= needed);
    }
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

/// Whether any unit holds the document at a place.
#[inline]
fn is_held(scores: &[f32; SIZE], holders: Option<&[Holders; SIZE]>, at: usize) -> bool {
    (scores[at] > 0.0) | holders.is_some_and(|holders| holders[at] != 0)
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
