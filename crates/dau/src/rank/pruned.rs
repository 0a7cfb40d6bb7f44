//! Finding the best documents without looking at all of them: MaxScore (Turtle and Flood 1995) over windows.
//!
//! The lists are ordered by the most that each can give. As soon as the weakest of them together cannot lift a document
//! over the threshold, they bring no candidates: only the others, the essential lists, are read, a window of documents
//! at a time; the weak ones are asked about candidates that may still make it. A candidate's score is then computed
//! anew, word by word in the order of the query, so that it is the same to the last bit in any segment.

use tantivy::DocId;

use super::list::{Cursor, bound_lists};
use super::{List, Ranking, Scored, Top, Word};
use crate::error::Result;
use crate::search::Bits;

/// Documents of one window. Their partial scores must stay in the processor's nearest cache.
const WINDOW: u32 = 4096;

/// Bounds are sums of rounded numbers: a document this near below the threshold is still looked at.
const SLACK: f32 = 1e-4;

/// What is looked at and where the results go.
pub(crate) struct Segment<'a> {
    pub(crate) ordinal: u32,
    pub(crate) documents: u32,
    /// Documents that may be returned; all when `None`.
    pub(crate) accepted: Option<&'a Bits>,
    pub(crate) sequences: &'a dyn Fn(DocId) -> u64,
}

impl Segment<'_> {
    fn scored(&self, doc: DocId, score: f32, holding: &[u32]) -> Scored {
        Scored { score, sequence: (self.sequences)(doc), segment: self.ordinal, doc, lists: holding.into() }
    }
}

/// Offers the documents of a segment that are among the best to `top`.
pub(crate) fn collect_best(
    ranking: &Ranking,
    words: &[Word],
    lists: &mut [List],
    segment: &Segment<'_>,
    top: &mut Top,
) -> Result<()> {
    if let Some(accepted) = segment.accepted
        && is_few(accepted, lists)
    {
        return score_each(ranking, words, lists, segment, accepted, top);
    }
    bound_lists(lists)?;
    lists.sort_by(|a, b| a.bound.total_cmp(&b.bound));
    let bounds = running_sums(lists);
    let mut cursors = lists.iter().map(List::cursor).collect::<Result<Vec<Cursor>>>()?;
    let mut window = Window::new();
    let mut scorer = Scorer::new(ranking, words, lists);
    for start in (0..segment.documents).step_by(WINDOW as usize) {
        let end = (start + WINDOW).min(segment.documents);
        // Lists before this one, all together, cannot lift a document over the threshold.
        let essential = bounds.partition_point(|&bound| bound < needed_score(top));
        if essential == lists.len() {
            return Ok(());
        }
        window.begin(start, end);
        for (number, list) in lists.iter().enumerate().skip(essential) {
            window.add(number, list, &mut cursors[number]);
        }
        if top.threshold().is_none() {
            window.raise_floor(segment.accepted, top);
        }
        window.choose(segment.accepted, essential.checked_sub(1).map_or(0.0, |last| bounds[last]), needed_score(top));
        for number in (0..essential).rev() {
            let weaker = number.checked_sub(1).map_or(0.0, |last| bounds[last]);
            window.ask(number, &lists[number], &mut cursors[number], segment.documents);
            window.keep(weaker, needed_score(top));
        }
        for &at in &window.candidates {
            if window.scores[at] < needed_score(top) {
                continue;
            }
            let doc = start + at as u32;
            let score = scorer.score(lists, window.holders[at], doc)?;
            top.offer(segment.scored(doc, score, &scorer.holding));
        }
    }
    Ok(())
}

/// Whether asking every list about every accepted document costs less than reading the lists.
fn is_few(accepted: &Bits, lists: &[List]) -> bool {
    const ASKING_COST: u64 = 8;
    let postings: u64 = lists.iter().map(|list| u64::from(list.doc_freq())).sum();
    accepted.count() * lists.len() as u64 * ASKING_COST < postings
}

/// Scores every accepted document that holds a word.
fn score_each(
    ranking: &Ranking,
    words: &[Word],
    lists: &mut [List],
    segment: &Segment<'_>,
    accepted: &Bits,
    top: &mut Top,
) -> Result<()> {
    let mut scorer = Scorer::new(ranking, words, lists);
    for doc in accepted.iter() {
        let score = scorer.score(lists, ANY_LIST, doc)?;
        if !scorer.holding.is_empty() {
            top.offer(segment.scored(doc, score, &scorer.holding));
        }
    }
    Ok(())
}

/// The sums of the bounds of the first list, the first two, and so on.
fn running_sums(lists: &[List]) -> Vec<f32> {
    let mut sum = 0.0;
    let add = |list: &List| {
        sum += list.bound;
        sum
    };
    lists.iter().map(add).collect()
}

/// The least score worth looking at.
fn needed_score(top: &Top) -> f32 {
    top.threshold().map_or(0.0, |threshold| threshold * (1.0 - SLACK))
}

/// Bits of the numbers of lists, modulo 64: a list whose bit is not set does not hold the document.
type Holders = u64;

const ANY_LIST: Holders = Holders::MAX;

fn holder(number: usize) -> Holders {
    1 << (number % 64)
}

/// Computes the exact score of a document, and notes which lists hold it.
struct Scorer<'a> {
    ranking: &'a Ranking,
    words: &'a [Word],
    /// Marked and folded evidence, one a word.
    evidence: Vec<(f32, f32)>,
    /// Numbers of the lists in the order of the query. Pruning sorts the lists by what they hold in this segment; a sum
    /// in that order would be rounded otherwise in another segment.
    order: Vec<usize>,
    holding: Vec<u32>,
}

impl<'a> Scorer<'a> {
    fn new(ranking: &'a Ranking, words: &'a [Word], lists: &[List]) -> Scorer<'a> {
        let mut order: Vec<usize> = (0..lists.len()).collect();
        order.sort_unstable_by_key(|&number| lists[number].place);
        Scorer { ranking, words, evidence: vec![(0.0, 0.0); words.len()], order, holding: Vec::new() }
    }

    fn score(&mut self, lists: &mut [List], holders: Holders, doc: DocId) -> Result<f32> {
        self.evidence.fill((0.0, 0.0));
        self.holding.clear();
        for &number in &self.order {
            if holders & holder(number) == 0 {
                continue;
            }
            let list = &mut lists[number];
            let frequency = list.frequency_in(doc)?;
            if frequency > 0 {
                let x = frequency as f32 * list.norms.factors()[doc as usize];
                self.holding.push(number as u32);
                let (marked, folded) = &mut self.evidence[list.word];
                *marked += list.marked * x;
                *folded += list.folded * x;
            }
        }
        let parts = self.words.iter().zip(&self.evidence);
        Ok(parts.map(|(word, &(marked, folded))| word.score(self.ranking, marked, folded)).sum())
    }
}

/// The documents of a window: what the lists read so far give them, and which of them are still in the running.
struct Window {
    start: DocId,
    end: DocId,
    /// What the lists read so far give at most, together.
    scores: Vec<f32>,
    /// What the leading lists give at least.
    floors: Vec<f32>,
    /// Which lists hold the document.
    holders: Vec<Holders>,
    /// Places of the documents still in the running, ascending.
    candidates: Vec<usize>,
}

/// Asking a list about one document costs about as much as reading this many of its postings in order.
const ASKING_COST: u64 = 6;

/// Documents that are compared with the threshold together.
const GROUP: usize = 16;

impl Window {
    fn new() -> Window {
        let zeros = vec![0.0; WINDOW as usize];
        let holders = vec![0; WINDOW as usize];
        Window { start: 0, end: 0, scores: zeros.clone(), floors: zeros, holders, candidates: Vec::new() }
    }

    fn begin(&mut self, start: DocId, end: DocId) {
        (self.start, self.end) = (start, end);
        self.scores.fill(0.0);
        self.floors.fill(0.0);
        self.holders.fill(0);
    }

    /// Reads the window's part of a list.
    fn add(&mut self, number: usize, list: &List, cursor: &mut Cursor) {
        let start = self.start;
        let factors = list.norms.factors();
        let (scores, floors, holders) = (&mut self.scores, &mut self.floors, &mut self.holders);
        let (leads, bit) = (list.leads, holder(number));
        cursor.seek(start);
        cursor.each_before(self.end, |doc, frequency| {
            let at = (doc - start) as usize % WINDOW as usize;
            let gain = list.alone(frequency as f32 * factors[doc as usize]);
            scores[at] += gain;
            holders[at] |= bit;
            if leads {
                floors[at] += gain;
            }
        });
    }

    /// While there is room in the result: as many documents as it takes score at least the least of their floors, so
    /// that nothing below that needs to be looked at.
    fn raise_floor(&mut self, accepted: Option<&Bits>, top: &mut Top) {
        let start = self.start;
        let mut floors: Vec<f32> = match accepted {
            Some(accepted) => {
                accepted.iter_between(start, self.end).map(|doc| self.floors[(doc - start) as usize]).collect()
            }
            None => self.floors[..(self.end - start) as usize].to_vec(),
        };
        floors.retain(|&floor| floor > 0.0);
        if let Some(wanted) = top.limit().checked_sub(1)
            && wanted < floors.len()
        {
            let (_, floor, _) = floors.select_nth_unstable_by(wanted, |a, b| b.total_cmp(a));
            top.raise_floor(*floor);
        }
    }

    /// Starts with the documents that the essential lists brought and that `weak`, the most that the others can add, may
    /// lift to `needed`.
    fn choose(&mut self, accepted: Option<&Bits>, weak: f32, needed: f32) {
        let mut candidates = std::mem::take(&mut self.candidates);
        candidates.clear();
        let is_candidate = |at: usize| self.holders[at] != 0 && self.scores[at] + weak >= needed;
        match accepted {
            Some(accepted) => {
                let places = accepted.iter_between(self.start, self.end).map(|doc| (doc - self.start) as usize);
                candidates.extend(places.filter(|&at| is_candidate(at)));
            }
            None => {
                for (group, scores) in self.scores.chunks(GROUP).enumerate() {
                    // Most groups have no candidate: one comparison of their greatest score tells.
                    if scores.iter().fold(0.0f32, |most, &score| most.max(score)) + weak >= needed {
                        let places = group * GROUP..group * GROUP + scores.len();
                        candidates.extend(places.filter(|&at| is_candidate(at)));
                    }
                }
            }
        }
        self.candidates = candidates;
    }

    /// Adds what a weak list gives to the candidates: by asking it, or by reading its part of the window where that
    /// costs less.
    fn ask(&mut self, number: usize, list: &List, cursor: &mut Cursor, documents: u32) {
        let window = u64::from(self.end - self.start);
        let postings = u64::from(list.doc_freq()) * window / u64::from(documents.max(1));
        if self.candidates.len() as u64 * ASKING_COST >= postings.max(1) {
            if !self.candidates.is_empty() {
                self.add(number, list, cursor);
            }
            return;
        }
        for &at in &self.candidates {
            let doc = self.start + at as u32;
            if cursor.seek(doc) == doc {
                self.scores[at] += list.alone(cursor.frequency() as f32 * list.norms.factors()[doc as usize]);
                self.holders[at] |= holder(number);
            }
        }
    }

    /// Drops the candidates that the lists not yet read, which give `weaker` at most, cannot lift to `needed`.
    fn keep(&mut self, weaker: f32, needed: f32) {
        let scores = &self.scores;
        self.candidates.retain(|&at| scores[at] + weaker >= needed);
    }
}
