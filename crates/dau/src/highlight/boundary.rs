//! Where text may be cut: graphemes, words, sentences. Knows nothing of terms.
//!
//! Every function takes and gives byte offsets into one text. Those that search look at a number of characters that is
//! bounded by the width of a fragment.

use std::ops::Range;

use unicode_segmentation::GraphemeCursor;

/// Counts the characters of `text`: every byte but the continuation bytes begins one.
pub(super) fn width(text: &str) -> usize {
    text.bytes().filter(|byte| byte & 0xc0 != 0x80).count()
}

/// Widens `bytes` to the grapheme boundaries around it.
pub(super) fn whole_graphemes(text: &str, bytes: Range<usize>) -> Range<usize> {
    floor(text, bytes.start)..ceil(text, bytes.end)
}

/// Returns the last grapheme boundary at or before `at`, a char boundary.
pub(super) fn floor(text: &str, at: usize) -> usize {
    if is_boundary(text, at) {
        return at;
    }
    let mut cursor = GraphemeCursor::new(at, text.len(), true);
    cursor.prev_boundary(text, 0).ok().flatten().unwrap_or(0)
}

/// Returns the first grapheme boundary at or after `at`, a char boundary.
pub(super) fn ceil(text: &str, at: usize) -> usize {
    if is_boundary(text, at) {
        return at;
    }
    let mut cursor = GraphemeCursor::new(at, text.len(), true);
    let next = cursor.next_boundary(text, 0).ok().flatten();
    next.unwrap_or(text.len())
}

fn is_boundary(text: &str, at: usize) -> bool {
    // Nearly all cuts: beside an ASCII character that is no line feed, after a character that is no prefix of others
    // (the first such is in the Arabic block).
    let after = text[at..].chars().next();
    let before = text[..at].chars().next_back();
    match (before, after) {
        (None, _) | (_, None) => true,
        (Some(before), Some(after)) if after.is_ascii() && after != '\n' && before < '\u{600}' => true,
        // The whole text is one chunk, so the cursor never asks for context.
        _ => GraphemeCursor::new(at, text.len(), true).is_boundary(text, 0).unwrap_or(true),
    }
}

/// Returns the offset `count` characters after `from`, or the end of the text.
pub(super) fn forward(text: &str, from: usize, count: usize) -> usize {
    let mut chars = text[from..].char_indices();
    chars.nth(count).map_or(text.len(), |(at, _)| from + at)
}

/// Returns the offset `count` characters before `from`, or the start of the text.
pub(super) fn backward(text: &str, from: usize, count: usize) -> usize {
    let Some(before) = count.checked_sub(1) else {
        return from;
    };
    let mut chars = text[..from].char_indices();
    chars.nth_back(before).map_or(0, |(at, _)| at)
}

/// Returns the first offset within `bytes` that is not white space, or its end. White space that is the base of a
/// combining mark counts as something to see.
pub(super) fn skip_space(text: &str, bytes: Range<usize>) -> usize {
    floor(text, bytes.end - text[bytes].trim_start().len())
}

/// Narrows `bytes`, which ends at grapheme boundaries, to leave out white space at both ends.
pub(super) fn trimmed(text: &str, bytes: Range<usize>) -> Range<usize> {
    let start = skip_space(text, bytes.clone());
    let rest = text[start..bytes.end].trim_end();
    let end = if rest.is_empty() { start } else { ceil(text, start + rest.len()) };
    start..end
}

/// Finds where the sentence that holds `at` starts, not before `from`.
pub(super) fn sentence_start(text: &str, from: usize, at: usize) -> Option<usize> {
    last_sentence_end(text, from..at).or((from == 0).then_some(0))
}

/// Finds the end of the last sentence that ends within `bytes`, before the space or line feed after it.
pub(super) fn last_sentence_end(text: &str, bytes: Range<usize>) -> Option<usize> {
    let slice = &text[bytes.clone()];
    let spaced = text[bytes.end..].chars().next().is_none_or(char::is_whitespace);
    // Where a sentence ends if a final mark comes next, going backwards.
    let mut end = spaced.then_some(bytes.end);
    for (at, c) in slice.char_indices().rev() {
        if c == '\n' {
            return Some(bytes.start + at);
        } else if c.is_whitespace() {
            end = Some(bytes.start + at);
        } else if is_final(c) && end.is_some() {
            return end;
        } else if !matches!(c, '"' | '”' | '»' | ')' | '\'') {
            // Only quotation marks and brackets may stand between the final mark and the space.
            end = None;
        }
    }
    None
}

fn is_final(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？')
}

/// Finds the first start of a word within `bytes`.
pub(super) fn first_word_start(text: &str, bytes: Range<usize>) -> Option<usize> {
    let before = text[..bytes.start].chars().next_back();
    if before.is_none_or(char::is_whitespace) {
        return Some(bytes.start);
    }
    let at = text[bytes.clone()].find(char::is_whitespace)?;
    Some(bytes.start + at)
}

/// Finds the last end of a word within `bytes`.
pub(super) fn last_word_end(text: &str, bytes: Range<usize>) -> Option<usize> {
    let after = text[bytes.end..].chars().next();
    if after.is_none_or(char::is_whitespace) {
        return Some(bytes.end);
    }
    let at = text[bytes.clone()].rfind(char::is_whitespace)?;
    Some(bytes.start + at)
}
