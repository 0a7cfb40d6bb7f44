//! Which stretches of a text show best what was found in it. Knows spans, weights and widths; cuts nothing.

use std::ops::Range;

use super::{
    boundary,
    matcher::{Found, Matcher, Span, TermId},
};

/// What a second or third occurrence of a term in the same window is worth, as a share of its weight; later ones are
/// worth nothing, so that no stretch wins by repeating one word.
const REPEAT: f32 = 0.15;

/// How many occurrences of a term count.
const MAX_COUNTED: u32 = 3;

/// What a term that an earlier window shows is worth in a later one, as a share of its weight.
const SHOWN: f32 = 0.2;

/// What it is worth that two terms stand side by side, as a share of the lesser weight. Side by side, syllables are
/// words.
const ADJACENT: f32 = 0.3;

/// What is lost by terms at the two ends of a window, as a share of its score: five terms close together beat six far
/// apart, but four do not.
const SPREAD: f32 = 0.2;

/// Chooses windows over what was found, best first, none overlapping another.
#[derive(Debug)]
pub(super) struct Windows<'a> {
    matcher: &'a Matcher,
    found: &'a Found,
    /// For each span its half-open range in characters.
    chars: Vec<Range<usize>>,
    /// Spans that can be in no further window.
    taken: Vec<bool>,
    /// Terms that a window chosen before shows.
    shown: Vec<bool>,
    counts: Counts,
}

/// How often each term stands in the window at hand, and each pair of neighbours by its first term.
#[derive(Debug)]
struct Counts {
    terms: Vec<u32>,
    pairs: Vec<u32>,
    score: f32,
}

impl<'a> Windows<'a> {
    /// Measures what was found in `text`, from its first to its last span.
    pub(super) fn new(text: &str, matcher: &'a Matcher, found: &'a Found) -> Windows<'a> {
        let mut chars = Vec::with_capacity(found.spans.len());
        let (mut byte, mut char) = (0, 0);
        for span in &found.spans {
            let start = char + boundary::width(&text[byte..span.bytes.start]);
            char = start + boundary::width(&text[span.bytes.clone()]);
            byte = span.bytes.end;
            chars.push(start..char);
        }
        Windows {
            matcher,
            found,
            chars,
            taken: vec![false; found.spans.len()],
            shown: vec![false; matcher.term_count()],
            counts: Counts { terms: vec![0; matcher.term_count()], pairs: vec![0; matcher.term_count()], score: 0.0 },
        }
    }

    /// Finds the spans (a non-empty range of their numbers) of the best window of at most `width` characters. A
    /// single span may be wider. Takes time linear in the number of spans.
    pub(super) fn best(&mut self, width: usize) -> Option<Range<usize>> {
        let widest = self.best_of_widest(width)?;
        Some(self.tightened(widest, width))
    }

    /// Finds the best of the windows that reach as far back from their last span as the width allows.
    fn best_of_widest(&mut self, width: usize) -> Option<Range<usize>> {
        let mut best: Option<(f32, Range<usize>)> = None;
        let mut first = 0;
        for last in 0..self.taken.len() {
            if self.taken[last] {
                self.clear(first, last);
                first = last + 1;
                continue;
            }
            self.enter(first, last);
            while first < last && self.width(first, last) > width {
                self.leave(first, last + 1);
                first += 1;
            }
            let score = self.score(first, last, width);
            if best.as_ref().is_none_or(|(most, _)| score > *most) {
                best = Some((score, first..last + 1));
            }
        }
        self.clear(first, self.taken.len());
        best.map(|(_, spans)| spans)
    }

    /// Leaves out the first spans of a window that are not worth the space.
    fn tightened(&mut self, spans: Range<usize>, width: usize) -> Range<usize> {
        let last = spans.end - 1;
        spans.clone().for_each(|span| self.enter(spans.start, span));
        let mut best = (self.score(spans.start, last, width), spans.start);
        for first in spans.start..last {
            self.leave(first, spans.end);
            let score = self.score(first + 1, last, width);
            if score > best.0 {
                best = (score, first + 1);
            }
        }
        self.clear(last, spans.end);
        best.1..spans.end
    }

    /// The score of the window at hand, which has the spans `first..=last`.
    fn score(&self, first: usize, last: usize, width: usize) -> f32 {
        let spread = self.width(first, last) as f32 / width.max(1) as f32;
        self.counts.score * (1.0 - SPREAD * spread.min(1.0)) - self.cut_off(first, last)
    }

    /// Empties the window of the spans `first..end`.
    fn clear(&mut self, first: usize, end: usize) {
        (first..end).for_each(|span| self.leave(span, end));
        // No rounding errors are left for the next window.
        self.counts.score = 0.0;
    }

    /// Keeps the spans that overlap `bytes` out of further windows.
    pub(super) fn take(&mut self, bytes: &Range<usize>) {
        let spans = &self.found.spans;
        let first = spans.partition_point(|span| span.bytes.end <= bytes.start);
        for span in (first..spans.len()).take_while(|&span| spans[span].bytes.start < bytes.end) {
            self.taken[span] = true;
            for &term in &self.found.terms[spans[span].terms.clone()] {
                self.shown[term as usize] = true;
            }
        }
    }

    /// The width of the window of the spans `first..=last`, in characters.
    fn width(&self, first: usize, last: usize) -> usize {
        self.chars[last].end - self.chars[first].start
    }

    /// Adds the span `last` to the window that starts with `first`.
    fn enter(&mut self, first: usize, last: usize) {
        let found = self.found;
        for &term in &found.terms[found.spans[last].terms.clone()] {
            let count = &mut self.counts.terms[term as usize];
            *count += 1;
            let count = *count;
            self.counts.score += self.value(term, count);
        }
        if first < last
            && let Some((term, value)) = self.adjacency(last - 1)
        {
            let count = &mut self.counts.pairs[term as usize];
            *count += 1;
            if *count == 1 {
                self.counts.score += value;
            }
        }
    }

    /// Takes the span `first` off the window that ends before `end`.
    fn leave(&mut self, first: usize, end: usize) {
        let found = self.found;
        for &term in &found.terms[found.spans[first].terms.clone()] {
            let count = self.counts.terms[term as usize];
            self.counts.score -= self.value(term, count);
            self.counts.terms[term as usize] = count - 1;
        }
        if first + 1 < end
            && let Some((term, value)) = self.adjacency(first)
        {
            let count = &mut self.counts.pairs[term as usize];
            *count -= 1;
            if *count == 0 {
                self.counts.score -= value;
            }
        }
    }

    /// What the `count`th occurrence of a term adds.
    fn value(&self, term: TermId, count: u32) -> f32 {
        let weight = self.weight(term);
        match count {
            1 => weight,
            2..=MAX_COUNTED => weight * REPEAT,
            _ => 0.0,
        }
    }

    fn weight(&self, term: TermId) -> f32 {
        let share = if self.shown[term as usize] { SHOWN } else { 1.0 };
        self.matcher.weight(term) * share
    }

    /// What is lost because spans directly before and after the window `first..=last` are not in it: half of a word of
    /// two syllables is worth nothing.
    fn cut_off(&self, first: usize, last: usize) -> f32 {
        let outside = |span: usize| self.taken.get(span).is_some_and(|taken| !taken);
        let before = first.checked_sub(1).filter(|&span| outside(span));
        let after = Some(last).filter(|&span| outside(span + 1));
        let pairs = [before, after].into_iter().flatten();
        pairs.filter_map(|span| self.adjacency(span)).map(|(_, value)| value / ADJACENT).sum()
    }

    /// What it adds that the next span follows `span` directly, if it does, with another term; and the first term.
    fn adjacency(&self, span: usize) -> Option<(TermId, f32)> {
        let (this, next) = (&self.found.spans[span], &self.found.spans[span + 1]);
        let terms = |span: &Span| &self.found.terms[span.terms.clone()];
        let (left, right) = (terms(this), terms(next));
        let adjacent = this.positions.end == next.positions.start && left[0] != right[0];
        let weight = |terms: &[TermId]| terms.iter().map(|&term| self.weight(term)).sum::<f32>();
        adjacent.then(|| (left[0], weight(left).min(weight(right)) * ADJACENT))
    }
}
