//! Fragments of a text with what was searched for marked in them. Knows no query language, no index and no tantivy.
//!
//! Widths are counted in characters, so Vietnamese text gets as much of the screen as English; places are byte
//! offsets into the text as it was given; and no cut or mark splits what the reader sees as one character.

mod boundary;
mod matcher;
mod window;

use std::ops::Range;

use matcher::{Found, Matcher};
use window::Windows;

/// Something to mark: a word, or the beginning of words.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// The folded form: lower case, without marks.
    pub folded: String,
    /// The marked form, where only that one is to be marked; `None` for every word that folds alike.
    pub marked: Option<String>,
    /// Whether every word that begins so is to be marked.
    pub prefix: bool,
    /// How much it is worth to show this term, compared with the others. Not negative.
    pub weight: f32,
}

/// How long and how many fragments may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FragmentOptions {
    /// The greatest width of a fragment, in characters (`char`). 150 by default.
    pub max_chars: usize,
    /// The greatest number of fragments. 1 by default.
    pub max_fragments: usize,
}

impl Default for FragmentOptions {
    fn default() -> FragmentOptions {
        FragmentOptions { max_chars: 150, max_fragments: 1 }
    }
}

/// A piece of a text, cut at words or sentences where possible.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fragment {
    /// The piece, as it stands in the text.
    pub text: String,
    /// What to mark: byte offsets into `text`, half-open, in order, none overlapping another.
    pub spans: Vec<Range<usize>>,
    /// Where the piece starts: a byte offset into the whole text.
    pub start: usize,
}

/// Finds terms and phrases in texts, and cuts the fragments that show them best.
///
/// # Example
///
/// ```
/// use dau::highlight::{FragmentOptions, Highlighter, Term};
///
/// let mut highlighter = Highlighter::new(FragmentOptions::default());
/// for folded in ["ha", "noi"] {
///     highlighter.add_term(Term { folded: folded.to_owned(), marked: None, prefix: false, weight: 1.0 });
/// }
/// let fragments = highlighter.fragments("Mùa thu Hà Nội");
/// let marked = |span: &std::ops::Range<usize>| &fragments[0].text[span.clone()];
/// assert_eq!(fragments[0].spans.iter().map(marked).collect::<Vec<_>>(), ["Hà", "Nội"]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Highlighter {
    matcher: Matcher,
    options: FragmentOptions,
}

impl Highlighter {
    /// Creates a highlighter that looks for nothing yet.
    pub fn new(options: FragmentOptions) -> Highlighter {
        Highlighter { matcher: Matcher::default(), options }
    }

    /// Marks a term wherever it stands.
    pub fn add_term(&mut self, term: Term) {
        self.matcher.add_term(term);
    }

    /// Marks terms where all of them stand side by side in this order.
    pub fn add_phrase(&mut self, terms: Vec<Term>) {
        self.matcher.add_phrase(terms, 0);
    }

    /// Marks terms where all of them stand, in any order, with at most `slop` other positions among them.
    pub fn add_near_phrase(&mut self, terms: Vec<Term>, slop: u32) {
        self.matcher.add_phrase(terms, slop);
    }

    /// Finds everything to mark in `text`: byte offsets, half-open, in order, none overlapping another. Words side by
    /// side have a span each; a compound and its pieces have one.
    pub fn spans(&self, text: &str) -> Vec<Range<usize>> {
        let found = self.find(text);
        found.spans.into_iter().map(|span| span.bytes).collect()
    }

    /// Cuts the fragments of `text` that show most of what is looked for, in the order of the text, none overlapping
    /// another. Where nothing is found, there is one fragment without spans: the beginning of the text. Blank text
    /// has no fragment.
    ///
    /// Takes time linear in the length of `text`, for a given number of fragments.
    pub fn fragments(&self, text: &str) -> Vec<Fragment> {
        if self.options.max_chars == 0 || self.options.max_fragments == 0 {
            return Vec::new();
        }
        let found = self.find(text);
        let mut pieces = self.pieces(text, &found);
        pieces.sort_unstable_by_key(|piece| piece.start);
        let pieces = pieces.into_iter().map(|piece| boundary::trimmed(text, piece));
        pieces.filter(|piece| !piece.is_empty()).map(|piece| fragment(text, &found, piece)).collect()
    }

    /// Chooses the stretches of `text` that become fragments, best first.
    fn pieces(&self, text: &str, found: &Found) -> Vec<Range<usize>> {
        let max_chars = self.options.max_chars;
        if found.spans.is_empty() || fits(text, max_chars) {
            return vec![ending(text, found, 0..text.len(), 0, max_chars)];
        }
        let mut pieces = Vec::new();
        let mut windows = Windows::new(text, &self.matcher, found);
        while pieces.len() < self.options.max_fragments
            && let Some(spans) = windows.best(max_chars)
        {
            let (first, last) = (&found.spans[spans.start], &found.spans[spans.end - 1]);
            let core = first.bytes.start..last.bytes.end;
            let room = room(text, &pieces, &core);
            let piece = around(text, found, core.clone(), room, max_chars);
            windows.take(&core);
            windows.take(&piece);
            pieces.push(piece);
        }
        pieces
    }

    fn find(&self, text: &str) -> Found {
        if self.matcher.is_empty() {
            return Found::default();
        }
        self.matcher.find(text)
    }
}

/// Whether `text` has at most `max_chars` characters; looks at no more than it must.
fn fits(text: &str, max_chars: usize) -> bool {
    boundary::forward(text, 0, max_chars) == text.len()
}

/// The stretch around `core` that the `pieces` cut before leave free.
fn room(text: &str, pieces: &[Range<usize>], core: &Range<usize>) -> Range<usize> {
    let before = pieces.iter().filter(|piece| piece.start <= core.start);
    let after = pieces.iter().filter(|piece| piece.start > core.start);
    let start = before.map(|piece| piece.end).max().unwrap_or(0);
    let end = after.map(|piece| piece.start).min().unwrap_or(text.len());
    start..end
}

/// Widens `core` to a fragment within `room`: back to the start of its sentence if that leaves a quarter of what is
/// left for what follows, else by half of what is left, to a word.
fn around(text: &str, found: &Found, core: Range<usize>, room: Range<usize>, max_chars: usize) -> Range<usize> {
    let left = max_chars.saturating_sub(boundary::width(&text[core.clone()]));
    let far = boundary::backward(text, core.start, left - left / 4).max(room.start);
    let start = boundary::sentence_start(text, far, core.start).unwrap_or_else(|| {
        // What does not fit after the fragment's end may stand before it.
        let after = boundary::width(&text[core.end..boundary::forward(text, core.end, left).min(room.end)]);
        let before = (left / 2).max(left - after);
        let near = boundary::backward(text, core.start, before).max(room.start);
        let near = outside_spans(found, near, core.start);
        let word = boundary::first_word_start(text, near..core.start);
        word.unwrap_or_else(|| boundary::ceil(text, near).min(core.start))
    });
    let start = boundary::skip_space(text, start..core.start);
    let fits = boundary::width(&text[start..core.end]) <= max_chars;
    let start = if fits { start } else { core.start };
    ending(text, found, start..room.end, core.end, max_chars)
}

/// Cuts `bytes` at `max_chars` characters: at the end of a sentence or else of a word, if that leaves out less than a
/// third, but not before `least`.
fn ending(text: &str, found: &Found, bytes: Range<usize>, least: usize, max_chars: usize) -> Range<usize> {
    let start = boundary::skip_space(text, bytes.clone());
    let most = boundary::forward(text, start, max_chars).min(bytes.end);
    if most == text.len() {
        return start..most;
    }
    let full = boundary::forward(text, start, max_chars - max_chars / 3).clamp(start, most);
    let least = least.clamp(start, most);
    let last = full.max(least)..most;
    let sentence = boundary::last_sentence_end(text, last.clone());
    let word = || boundary::last_word_end(text, last);
    let cut = sentence.or_else(word).filter(|&end| end > start);
    let end = cut.unwrap_or_else(|| boundary::floor(text, most));
    // A span may hold a space, as a telephone number does.
    let inside = found.spans.partition_point(|span| span.bytes.end <= end);
    match found.spans.get(inside) {
        Some(span) if (start + 1..end).contains(&span.bytes.start) => start..span.bytes.start,
        _ => start..boundary::floor(text, end),
    }
}

/// Moves `at` to the end of the span that holds it, but not past `most`.
fn outside_spans(found: &Found, at: usize, most: usize) -> usize {
    let next = found.spans.partition_point(|span| span.bytes.end <= at);
    match found.spans.get(next) {
        Some(span) if span.bytes.start < at => span.bytes.end.min(most),
        _ => at,
    }
}

/// Copies a piece of the text. A span wider than a fragment is cut with it.
fn fragment(text: &str, found: &Found, piece: Range<usize>) -> Fragment {
    let first = found.spans.partition_point(|span| span.bytes.end <= piece.start);
    let within = found.spans[first..].iter().take_while(|span| span.bytes.start < piece.end);
    let local = |at: usize| at.clamp(piece.start, piece.end) - piece.start;
    let spans = within.map(|span| local(span.bytes.start)..local(span.bytes.end));
    Fragment { text: text[piece.clone()].to_owned(), spans: spans.collect(), start: piece.start }
}
