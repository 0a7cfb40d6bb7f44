//! Words: the loop that reads one, gathers flags on the way, and does what the flags ask for. Knows nothing of chains.
//!
//! One table load a letter gives the folded byte, says whether the letter goes on with the word, and leaves flags that
//! are `or`ed together. When the word ends the flags tell what else there is to do:
//!
//! * nothing changed: the marked form is the slice of the text itself;
//! * a capital: the marked form is built in a buffer that is kept from token to token;
//! * a tone that may be on the wrong letter (one word in seven): the seat of the tone is computed, and only if it is
//!   another one, which is rare, is the word rewritten.

use super::class::{self, Class};
use super::ends::is_end;
use super::key::Key;
use super::tokens::{Forms, Lone, Tokens};
use super::{Buffers, MAX_TOKEN_BYTES};
use crate::form::{self, Spelling};
use crate::letter::{self, Letter, Mark, Tone};
use crate::syllable::i_or_y;
use crate::tables::{
    self, FLAG_CHANGED, FLAG_HORN_U_TONE, FLAG_LETTER, FLAG_MARKED_VOWEL, FLAG_PLAIN_TONE, FLAG_SLOW, FLAG_VOWEL,
};
use crate::token::TokenKind;

impl Tokens<'_, '_> {
    /// Finds the word that starts here, or queues the chain that it starts.
    pub(super) fn word(&mut self) -> Option<Lone> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let mut at = start;
        let mut flags = 0;
        let mut sum = 0u32;
        let folded = &mut self.buffers.folded;
        folded.clear();
        while at < bytes.len() {
            let (entry, len) = tables::entry(bytes, at);
            if entry & FLAG_LETTER == 0 {
                if entry & FLAG_SLOW != 0 && bytes[at] == COMBINING_LEAD {
                    return self.decomposed_word(start);
                }
                break;
            }
            flags |= entry;
            sum = sum.wrapping_add(entry & COUNTED);
            folded.push(char::from(entry as u8 & 0x7F));
            at += len;
        }
        if !is_end(self.text, at) || at - start > MAX_TOKEN_BYTES {
            let is_foreign = class::of(self.text, at).class == Class::Letter;
            return if is_foreign { self.foreign_word() } else { self.chain(start) };
        }
        let Buffers { marked, .. } = &mut *self.buffers;
        let rewritten = flags & FLAG_CHANGED != 0;
        if rewritten {
            marked.clear();
            lower_into(&self.text[start..at], changed(sum) == 1, marked);
        }
        Some(self.finish(at, rewritten, flags, sum))
    }

    /// Finds the word of ASCII letters that is all of this key, and where it ends. Of the words that are met for the first time
    /// four in five are such, most of them names.
    pub(super) fn ascii_word(&mut self, key: Key, end: usize) -> Option<Lone> {
        let Buffers { memo, folded, .. } = &mut *self.buffers;
        let (word, small_key) = (&self.text[self.at..end], key.in_small_letters());
        let (small, forms) = if small_key == key {
            (word, Forms::Text)
        } else {
            folded.clear();
            lower_into(word, Key { low: key.low | 0x20, ..key } == small_key, folded);
            (folded.as_str(), Forms::Bare)
        };
        if i_or_y(small.as_bytes()).is_some() {
            return None;
        }
        memo.insert(key, small, small);
        Some(self.take(TokenKind::Word, end, forms))
    }

    /// Reads the word that starts here and has combining marks in it, composing its letters on the way. Leaves what is
    /// not made of Vietnamese letters to [`chain`](super::chain).
    fn decomposed_word(&mut self, start: usize) -> Option<Lone> {
        let bytes = self.text.as_bytes();
        let Buffers { marked, folded, .. } = &mut *self.buffers;
        marked.clear();
        folded.clear();
        let (mut at, mut flags, mut sum) = (start, 0, 0u32);
        let mut pending: Option<Letter> = None;
        let mut put = |letter: Letter| {
            let c = letter::compose(letter).unwrap_or(letter.base);
            let entry = tables::index(c).map_or(0, |index| tables::ENTRIES[index]);
            flags |= entry;
            sum = sum.wrapping_add(entry & FLAG_VOWEL);
            folded.push(letter.base);
            marked.push(c);
        };
        while at < bytes.len() {
            let (entry, len) = tables::entry(bytes, at);
            if entry & FLAG_LETTER != 0 {
                let letter = self.text[at..].chars().next().and_then(letter::decompose);
                if let Some(done) =
                    std::mem::replace(&mut pending, letter.map(|letter| Letter { upper: false, ..letter }))
                {
                    put(done);
                }
                at += len;
            } else if bytes[at] == COMBINING_LEAD
                && let Some(whole) = pending.zip(self.text[at..].chars().next()).and_then(|(l, c)| combine(l, c))
            {
                pending = Some(whole);
                at += 2;
            } else {
                break;
            }
        }
        if let Some(done) = pending {
            put(done);
        }
        if !is_end(self.text, at) || at - start > MAX_TOKEN_BYTES {
            return self.chain(start);
        }
        Some(self.finish(at, true, flags | FLAG_CHANGED, sum))
    }

    /// Finds the word that starts here and has letters of other languages in it. Leaves what they do not go on with, and
    /// letters that are not the same in every word, to [`chain`](super::chain).
    pub(super) fn foreign_word(&mut self) -> Option<Lone> {
        let start = self.at;
        let mut end = start;
        let Buffers { marked, folded, foreign, .. } = &mut *self.buffers;
        marked.clear();
        folded.clear();
        for c in self.text[start..].chars() {
            if let Some(letter) = letter::decompose(c) {
                marked.push(letter::lower(c));
                folded.push(letter.base);
            } else if !c.is_ascii()
                && let Some(forms) = foreign.forms(c, Class::Letter)
            {
                marked.push(forms.marked);
                folded.push_str(&forms.folded);
            } else {
                break;
            }
            end += c.len_utf8();
        }
        let len = (end - start).max(marked.len()).max(folded.len());
        if !is_end(self.text, end) || len > MAX_TOKEN_BYTES {
            return self.chain(start);
        }
        // No tone is settled where not all letters are of the alphabet.
        Some(self.finish(end, true, FLAG_CHANGED, 0))
    }

    /// Finds the Chinese or Japanese character that starts here, or queues the chain that it starts.
    pub(super) fn ideograph(&mut self) -> Option<Lone> {
        let mut chars = self.text[self.at..].chars();
        let c = chars.next()?;
        let end = self.at + c.len_utf8();
        let Buffers { marked, folded, foreign, .. } = &mut *self.buffers;
        let next = chars.next().map(|next| foreign.class(next));
        if matches!(next, Some(Class::Mark | Class::Ignorable)) {
            return self.chain(self.at);
        }
        if class::is_unified_ideograph(c) {
            return Some(self.take(TokenKind::Cjk, end, Forms::Text));
        }
        let Some(forms) = foreign.forms(c, Class::Cjk) else { return self.chain(self.at) };
        marked.clear();
        marked.push(forms.marked);
        folded.clear();
        folded.push_str(&forms.folded);
        Some(self.take(TokenKind::Cjk, end, Forms::Buffers))
    }

    /// Does to the word up to `end` what its flags ask for, and lets the memo know. `rewritten` says that the
    /// buffer holds its letters in lower case.
    fn finish(&mut self, end: usize, mut rewritten: bool, flags: u32, vowels: u32) -> Lone {
        let word = &self.text[self.at..end];
        let Buffers { marked, folded, draft, memo, .. } = &mut *self.buffers;
        let source = if rewritten { marked.as_str() } else { word };
        let toned = flags & (FLAG_PLAIN_TONE | FLAG_HORN_U_TONE) != 0 && vowels / FLAG_VOWEL > 1;
        let short = folded.len() <= 3 && i_or_y(folded.as_bytes()).is_some();
        if short || toned && may_be_misplaced(folded, flags, source.as_bytes()) {
            draft.clear();
            form::settle(source, Spelling::Unified, draft);
            form::unify_bare(folded, 0);
            std::mem::swap(marked, draft);
            rewritten = true;
        }
        if let Some(key) = Key::new(word.as_bytes()) {
            memo.insert(key, if rewritten { marked } else { word }, folded);
        }
        self.take(TokenKind::Word, end, if rewritten { Forms::Buffers } else { Forms::FoldedBuffer })
    }
}

/// The first byte of U+0300 to U+033F, where the marks and tones of Vietnamese are.
const COMBINING_LEAD: u8 = 0xCC;

/// Puts a combining mark on a letter, if that gives a letter.
fn combine(letter: Letter, c: char) -> Option<Letter> {
    let whole = match (Tone::from_combining(c), Mark::from_combining(c)) {
        (Some(tone), _) if letter.tone == Tone::Level => Letter { tone, ..letter },
        (_, Some(mark)) if letter.mark == Mark::None => Letter { mark, ..letter },
        _ => return None,
    };
    letter::compose(whole).map(|_| whole)
}

/// What the entries of a word are added up for: how many vowels it has, and how many letters that are not in lower case.
const COUNTED: u32 = FLAG_VOWEL | FLAG_CHANGED;

/// Returns how many letters of a word whose [counts](COUNTED) add up to `sum` are not in lower case.
const fn changed(sum: u32) -> u32 {
    (sum & (FLAG_VOWEL - 1)) / FLAG_CHANGED
}

/// Appends a word of ASCII and composed Vietnamese letters in lower case. `is_one` says that one of them at most is not.
fn lower_into(word: &str, is_one: bool, out: &mut String) {
    let mut rest = word.chars();
    if is_one
        && let Some(first) = rest.next()
        && letter::lower(first) != first
    {
        out.push(letter::lower(first));
        out.push_str(rest.as_str());
    } else if word.is_ascii() {
        out.push_str(word);
        out.make_ascii_lowercase();
    } else {
        out.extend(word.chars().map(letter::lower));
    }
}

/// Tells whether a word with several vowels and a tone on one may have it on the wrong one. `folded` holds the bare
/// letters of the word, `flags` all that its letters have, `source` its bytes.
fn may_be_misplaced(folded: &str, flags: u32, source: &[u8]) -> bool {
    if flags & FLAG_MARKED_VOWEL != 0 {
        // A tone on `ư` is right unless `ơ` follows; one on a plain vowel beside a marked one never is.
        let mut after_toned_u = false;
        let mut at = 0;
        while at < source.len() {
            let (entry, len) = tables::entry(source, at);
            if entry & FLAG_PLAIN_TONE != 0 || after_toned_u && entry & FLAG_MARKED_VOWEL != 0 {
                return true;
            }
            after_toned_u = entry & FLAG_HORN_U_TONE != 0;
            at += len;
        }
        return false;
    }
    let mut at = 0;
    let mut index = 0;
    let mut toned = usize::MAX;
    while at < source.len() {
        let (entry, len) = tables::entry(source, at);
        if entry & FLAG_PLAIN_TONE != 0 {
            toned = index;
        }
        index += 1;
        at += len;
    }
    plain_seat(folded.as_bytes()) != toned
}

/// Computes the seat of the tone in a word without marked vowels, as [`crate::syllable`] explains it.
fn plain_seat(word: &[u8]) -> usize {
    let is_vowel = |b: u8| tables::ENTRIES[usize::from(b & 0x7F)] & FLAG_VOWEL != 0;
    let Some(mut start) = word.iter().position(|&b| is_vowel(b)) else {
        return usize::MAX;
    };
    start += usize::from(matches!(word, [b'q', b'u', b, ..] | [b'g', b'i', b, ..] if is_vowel(*b)));
    let end = word[start..].iter().position(|&b| !is_vowel(b)).map_or(word.len(), |n| start + n);
    match end - start {
        n if end < word.len() => start + n - 1,
        1 | 2 => start,
        _ => start + 1,
    }
}
