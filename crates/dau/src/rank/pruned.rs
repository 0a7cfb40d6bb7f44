//! Finding the best documents without looking at all of them: MaxScore (Turtle and Flood 1995) over windows.
//!
//! The lists are ordered by the most that each can give. As soon as the weakest of them together cannot lift a document
//! over the threshold, they bring no candidates: only the others, the essential lists, are read, a window of documents
//! at a time; the weak ones are asked about candidates that may still make it. A candidate's score is then computed
//! anew, word by word in the order of the query, so that it is the same to the last bit in any segment.

use tantivy::DocId;

use super::list::Cursor;
use super::{Ranking, List, Scored, Top, Word};
use crate::error::Result;
use crate::search::{Bits, Ones};

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

/// Offers the documents of a segment that are among the best to `top`.
pub(crate) fn collect_best(
    ranking: &Ranking,
    words: &[Word],
    lists: &mut [List],
    segment: &Segment<'_>,
    top: &mut Top,
) -> Result<()> {
    lists.sort_by(|a, b| a.bound.total_cmp(&b.bound));
    if let Some(accepted) = segment.accepted
        && is_few(accepted, lists)
    {
        return score_each(ranking, words, lists, segment, accepted, top);
    }
    let bounds = running_sums(lists);
    let mut cursors = lists.iter().map(List::cursor).collect::<Result<Vec<Cursor>>>()?;
    let mut window = Window::new();
    let mut evidence = vec![(0.0f32, 0.0f32); words.len()];
    let mut holding = Vec::new();
    let mut start = 0;
    while start < segment.documents {
        let end = (start + WINDOW).min(segment.documents);
        let needed = needed_score(top);
        // Lists before this one, all together, cannot lift a document over the threshold.
        let essential = bounds.partition_point(|&bound| bound < needed);
        if essential == lists.len() {
            return Ok(());
        }
        window.begin(start);
        for (list, cursor) in lists[essential..].iter().zip(&mut cursors[essential..]) {
            cursor.seek(start);
            window.add(ranking, words, list, cursor, end);
        }
        let weak = if essential == 0 { 0.0 } else { bounds[essential - 1] };
        for (doc, partial) in window.drain() {
            if segment.accepted.is_some_and(|accepted| !accepted.contains(doc)) {
                continue;
            }
            if !may_reach(ranking, words, &mut lists[..essential], doc, partial, weak, needed_score(top))? {
                continue;
            }
            let score = exact_score(ranking, words, lists, &mut evidence, &mut holding, doc)?;
            let sequence = (segment.sequences)(doc);
            top.offer(Scored { score, sequence, segment: segment.ordinal, doc, lists: holding.as_slice().into() });
        }
        start = end;
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
    let mut evidence = vec![(0.0f32, 0.0f32); words.len()];
    let mut holding = Vec::new();
    for doc in accepted.iter() {
        let score = exact_score(ranking, words, lists, &mut evidence, &mut holding, doc)?;
        if !holding.is_empty() {
            let sequence = (segment.sequences)(doc);
            top.offer(Scored { score, sequence, segment: segment.ordinal, doc, lists: holding.as_slice().into() });
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

/// Asks the weak lists about a candidate, strongest first, until it is out or all have been asked.
fn may_reach(
    ranking: &Ranking,
    words: &[Word],
    weak_lists: &mut [List],
    doc: DocId,
    partial: f32,
    weak: f32,
    needed: f32,
) -> Result<bool> {
    let mut most = partial + weak;
    for list in weak_lists.iter_mut().rev() {
        if most < needed {
            return Ok(false);
        }
        most -= list.bound;
        let frequency = list.frequency_in(doc)?;
        if frequency > 0 {
            most += list.alone(ranking, words, frequency as f32 * list.norms[doc as usize]);
        }
    }
    Ok(most >= needed)
}

/// The score of one document, from all lists; notes which of them hold it.
fn exact_score(
    ranking: &Ranking,
    words: &[Word],
    lists: &mut [List],
    evidence: &mut [(f32, f32)],
    holding: &mut Vec<u32>,
    doc: DocId,
) -> Result<f32> {
    evidence.fill((0.0, 0.0));
    holding.clear();
    for (number, list) in (0..).zip(lists.iter_mut()) {
        let frequency = list.frequency_in(doc)?;
        if frequency > 0 {
            let x = frequency as f32 * list.norms[doc as usize];
            holding.push(number);
            let (marked, folded) = &mut evidence[list.word];
            *marked += list.marked * x;
            *folded += list.folded * x;
        }
    }
    Ok(words.iter().zip(evidence.iter()).map(|(word, &(marked, folded))| word.score(ranking, marked, folded)).sum())
}

/// The partial scores of a window's documents.
struct Window {
    start: DocId,
    scores: Vec<f32>,
    touched: [u64; WINDOW as usize / 64],
}

impl Window {
    fn new() -> Window {
        Window { start: 0, scores: vec![0.0; WINDOW as usize], touched: [0; WINDOW as usize / 64] }
    }

    fn begin(&mut self, start: DocId) {
        self.start = start;
    }

    fn add(&mut self, ranking: &Ranking, words: &[Word], list: &List, cursor: &mut Cursor, end: DocId) {
        let start = self.start;
        let norms = &list.norms[..];
        cursor.each_before(end, |doc, frequency| {
            let at = (doc - start) as usize;
            self.scores[at] += list.alone(ranking, words, frequency as f32 * norms[doc as usize]);
            self.touched[at / 64] |= 1 << (at % 64);
        });
    }

    /// Hands out the touched documents in ascending order with their partial scores, and clears them.
    fn drain(&mut self) -> impl Iterator<Item = (DocId, f32)> + '_ {
        let start = self.start;
        let scores = &mut self.scores;
        self.touched.iter_mut().enumerate().flat_map(move |(word, bits)| {
            let found = std::mem::take(bits);
            Ones(found).map(move |bit| word * 64 + bit as usize)
        }).map(move |at| (start + at as u32, std::mem::take(&mut scores[at])))
    }
}
