//! Text with marked spans, wrapped to columns. Knows nothing of terminals.

use std::ops::Range;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::escape;

/// A piece of a line: text, and whether it is marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) marked: bool,
}

/// Cuts text into lines of at most `width` columns, at white space where there is any. White space of any kind and
/// length becomes one space. `spans` are byte offsets into `text`, in order; marking a piece takes `signs` columns.
pub(super) fn lines(text: &str, spans: &[Range<usize>], width: usize, signs: usize) -> Vec<Vec<Piece>> {
    let mut wrapper = Wrapper { width: width.max(1), signs, lines: Vec::new(), line: Vec::new(), used: 0 };
    for word in words(text, spans) {
        wrapper.word(word);
    }
    wrapper.finish()
}

/// A word between white space, cut where marking begins or ends; and whether the space before it is marked.
struct Word {
    pieces: Vec<Piece>,
    marked_before: bool,
}

fn words(text: &str, spans: &[Range<usize>]) -> Vec<Word> {
    let is_marked = |at: usize| {
        let next = spans.partition_point(|span| span.end <= at);
        spans.get(next).is_some_and(|span| span.contains(&at))
    };
    let mut words = Vec::new();
    let mut current: Option<Word> = None;
    let mut space = None;
    for (at, letter) in text.char_indices() {
        if letter.is_whitespace() {
            words.extend(current.take());
            space = Some(at);
            continue;
        }
        let marked = is_marked(at);
        let word = current.get_or_insert_with(|| Word {
            pieces: Vec::new(),
            marked_before: marked && space.take().is_some_and(is_marked),
        });
        let shown = letter.to_string();
        let shown = escape::line(&shown);
        match word.pieces.last_mut() {
            Some(piece) if piece.marked == marked => piece.text.push_str(&shown),
            _ => word.pieces.push(Piece { text: shown.into_owned(), marked }),
        }
    }
    words.extend(current);
    words
}

struct Wrapper {
    width: usize,
    signs: usize,
    lines: Vec<Vec<Piece>>,
    line: Vec<Piece>,
    used: usize,
}

impl Wrapper {
    fn word(&mut self, word: Word) {
        let width: usize = word.pieces.iter().map(|piece| piece.text.width()).sum();
        let marked = word.pieces.iter().filter(|piece| piece.marked).count();
        // The signs of a mark that goes on have been counted.
        let signs = self.signs * (marked - usize::from(word.marked_before));
        if self.used > 0 {
            if self.used + 1 + width + signs <= self.width {
                self.push(" ", word.marked_before);
            } else {
                self.lines.push(std::mem::take(&mut self.line));
                self.used = 0;
            }
        }
        for piece in word.pieces {
            self.piece(&piece);
        }
    }

    /// Adds a piece that may be wider than a line.
    fn piece(&mut self, piece: &Piece) {
        let mut rest = piece.text.as_str();
        loop {
            let room = self.width.saturating_sub(self.used + self.signs_before(piece.marked));
            if rest.width() <= room {
                break;
            }
            let mut taken = 0;
            let end = rest
                .char_indices()
                .find(|&(_, letter)| {
                    taken += letter.width().unwrap_or(0);
                    taken > room
                })
                .map_or(rest.len(), |(at, _)| at);
            // A letter wider than the line still has to go somewhere.
            let first = rest.chars().next().map_or(0, char::len_utf8);
            let end = if end == 0 && self.used == 0 { first } else { end };
            self.push(&rest[..end], piece.marked);
            self.lines.push(std::mem::take(&mut self.line));
            self.used = 0;
            rest = &rest[end..];
        }
        if !rest.is_empty() {
            self.push(rest, piece.marked);
        }
    }

    /// The columns of the signs that a piece brings with it, unless the piece before has brought them.
    fn signs_before(&self, marked: bool) -> usize {
        if marked && self.line.last().is_none_or(|last| !last.marked) { self.signs } else { 0 }
    }

    fn push(&mut self, text: &str, marked: bool) {
        if text.is_empty() {
            return;
        }
        self.used += text.width() + self.signs_before(marked);
        match self.line.last_mut() {
            Some(last) if last.marked == marked => last.text.push_str(text),
            _ => self.line.push(Piece { text: text.to_owned(), marked }),
        }
    }

    fn finish(mut self) -> Vec<Vec<Piece>> {
        if !self.line.is_empty() {
            self.lines.push(self.line);
        }
        self.lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Marked parts in brackets, lines parted by `|`.
    fn check(text: &str, spans: &[(usize, usize)], width: usize, expected: &str) {
        check_with(0, text, spans, width, expected);
    }

    fn check_with(signs: usize, text: &str, spans: &[(usize, usize)], width: usize, expected: &str) {
        let spans: Vec<_> = spans.iter().map(|&(start, end)| start..end).collect();
        let shown: Vec<String> = lines(text, &spans, width, signs)
            .iter()
            .map(|line| {
                let piece = |piece: &Piece| match piece.marked {
                    true => format!("[{}]", piece.text),
                    false => piece.text.clone(),
                };
                line.iter().map(piece).collect()
            })
            .collect();
        assert_eq!(shown.join("|"), expected);
    }

    #[test]
    fn wraps_at_spaces_by_columns() {
        check("một hai\n  ba bốn", &[], 8, "một hai|ba bốn");
        // Decomposed letters take no more columns than composed ones.
        check("mo\u{302}\u{323}t hai", &[], 7, "mo\u{302}\u{323}t hai");
        check("越南语文", &[], 4, "越南|语文");
        check("越", &[], 1, "越");
        check("", &[], 10, "");
    }

    #[test]
    fn marks_survive_wrapping() {
        check("ông Tô Lâm nói", &[(5, 8), (9, 13)], 80, "ông [Tô] [Lâm] nói");
        check("ông Tô Lâm nói", &[(5, 13)], 80, "ông [Tô Lâm] nói");
        check("ông Tô Lâm nói", &[(5, 13)], 7, "ông [Tô]|[Lâm] nói");
        check("abcdef", &[(2, 4)], 3, "ab[c]|[d]ef");
    }

    /// With the brackets counted, every line fits.
    #[test]
    fn signs_take_room() {
        check_with(2, "ông Tô Lâm nói", &[(5, 8), (9, 13)], 18, "ông [Tô] [Lâm] nói");
        check_with(2, "ông Tô Lâm nói", &[(5, 8), (9, 13)], 17, "ông [Tô] [Lâm]|nói");
        check_with(2, "ông Tô Lâm nói", &[(5, 13)], 12, "ông [Tô Lâm]|nói");
        check_with(2, "ông Tô Lâm nói", &[(5, 13)], 11, "ông [Tô]|[Lâm] nói");
        check_with(2, "abcdef", &[(2, 4)], 3, "ab|[c]|[d]|ef");
        check_with(2, "abc", &[(0, 3)], 1, "[a]|[b]|[c]");
    }

    #[test]
    fn controls_are_escaped() {
        check("a\u{1b}b", &[(0, 1)], 80, "[a]\\u{1b}b");
    }
}
