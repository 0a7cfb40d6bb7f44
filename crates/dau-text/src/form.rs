//! The forms of whole text: marked, folded, canonical. Knows nothing of tokens.
//!
//! Every form is made in two steps. *Normalising* gives each letter one spelling (compatibility composition, lower case,
//! `Ð` to `đ`, invisible characters out, one kind of dash and quote). *Settling* then looks at each run of letters and
//! puts its tone where it belongs and `i` or `y` as they are written here.

use std::borrow::Cow;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

use crate::letter::{self, Letter, Tone};
use crate::syllable::{Letters, i_or_y};
use crate::tables::{self, FLAG_CHANGED, FLAG_LETTER, FLAG_SLOW};

/// Returns the folded form of a text: its [marked form](marked) without marks. Borrowed when nothing changes.
///
/// All Vietnamese letters lose their marks, `đ` too, and so do Latin letters of other languages (`é` `ø` `ß` become `e`
/// `o` `ss`), Greek and Cyrillic ones. Vowel signs of Thai, Arabic and others are letters in all but name and stay.
///
/// Folding is idempotent, and `fold(marked(x)) == fold(x)`. One consequence of the second: `kĩ` and `kỹ` are one marked
/// word, so `ki` and `ky` are one folded word. For parts of words, where this would hide `minh` from somebody who has
/// typed `mi`, there is [`fold_letters`].
///
/// # Example
/// ```
/// assert_eq!(dau_text::fold("Đường Nguyễn Huệ, Straße"), "duong nguyen hue, strasse");
/// assert_eq!(dau_text::fold("Ha\u{300} No\u{302}\u{323}i"), "ha noi");
/// ```
pub fn fold(text: &str) -> Cow<'_, str> {
    let (mut normal, mut marked, mut scratch) = (String::new(), String::new(), String::new());
    rewrite(text, |chunk, plain, out| {
        marked.clear();
        mark_chunk(chunk, plain, &mut normal, &mut marked);
        strip_and_unify(&marked, &mut scratch, out);
    })
}

/// Returns the text in lower case without marks, letter by letter: like [`fold`], but `ki` and `ky` stay different.
///
/// This is the form for parts of words: prefixes, wildcards, spelling distance.
///
/// # Example
/// ```
/// assert_eq!(dau_text::fold_letters("Kĩ"), "ki");
/// assert_eq!(dau_text::fold("Kĩ"), "ky");
/// ```
pub fn fold_letters(text: &str) -> Cow<'_, str> {
    let (mut normal, mut scratch) = (String::new(), String::new());
    rewrite(text, |chunk, plain, out| {
        normal.clear();
        if !plain {
            normalize(chunk, &mut normal);
        }
        strip(if plain { chunk } else { &normal }, &mut scratch, out);
    })
}

/// Returns the marked form of a text: lower case, canonical letters, each tone in its canonical place, `i` or `y` as the
/// commoner spelling has it. Borrowed when nothing changes. Idempotent.
///
/// Two texts that Unicode holds equivalent (canonically or by compatibility) have the same marked form.
///
/// # Example
/// ```
/// assert_eq!(dau_text::marked("HOÀ bình"), "hòa bình");
/// assert_eq!(dau_text::marked("Kĩ thuật"), "kỹ thuật");
/// assert_eq!(dau_text::marked("Ðà Nẵng"), "đà nẵng"); // the first letter was an Icelandic eth
/// ```
pub fn marked(text: &str) -> Cow<'_, str> {
    let mut normal = String::new();
    rewrite(text, |chunk, plain, out| {
        mark_chunk(chunk, plain, &mut normal, out);
    })
}

/// Returns the text with canonical letters (NFC, `Ð` as `Đ`) and every tone in its canonical place, and otherwise as it
/// was: case, punctuation, width, `i` and `y` stay. For comparison and display. Idempotent.
///
/// # Example
/// ```
/// assert_eq!(dau_text::canonical("Khoẻ, Thuý, VỊÊT"), "Khỏe, Thúy, VIỆT");
/// ```
pub fn canonical(text: &str) -> Cow<'_, str> {
    let mut composed = String::new();
    rewrite(text, |chunk, _, out| {
        composed.clear();
        composed.extend(chunk.chars().map(real_d).nfc());
        settle(&composed, Spelling::Kept, out);
    })
}

/// Splits the text at white space, which no normalisation reaches across, and rewrites each chunk; borrows when all
/// chunks stay as they are. `rewrite_chunk` is told whether the chunk is free of characters that need normalising.
fn rewrite(text: &str, mut rewrite_chunk: impl FnMut(&str, bool, &mut String)) -> Cow<'_, str> {
    let mut out: Option<String> = None;
    let mut fresh = String::new();
    let mut start = 0;
    for piece in text.split_inclusive([' ', '\n', '\t', '\r']) {
        let chunk = piece.trim_end_matches([' ', '\n', '\t', '\r']);
        if !chunk.is_empty() {
            fresh.clear();
            rewrite_chunk(chunk, is_plain(chunk), &mut fresh);
            if out.is_none() && fresh != chunk {
                let mut copy = String::with_capacity(text.len() + 16);
                copy.push_str(&text[..start]);
                out = Some(copy);
            }
        }
        if let Some(out) = &mut out {
            out.push_str(if chunk.is_empty() { chunk } else { &fresh });
            out.push_str(&piece[chunk.len()..]);
        }
        start += piece.len();
    }
    out.map_or(Cow::Borrowed(text), Cow::Owned)
}

/// Tells whether all characters are ASCII or composed Vietnamese letters, so that only their case is to be changed.
fn is_composed(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let (entry, len) = tables::entry(bytes, at);
        if entry & FLAG_SLOW != 0 {
            return false;
        }
        at += len;
    }
    true
}

/// Tells whether all characters are ASCII or composed Vietnamese letters in lower case.
fn is_plain(chunk: &str) -> bool {
    let bytes = chunk.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let (entry, len) = tables::entry(bytes, at);
        let foreign = bytes[at] >= 0x80 && entry & FLAG_LETTER == 0;
        if foreign || entry & (FLAG_SLOW | FLAG_CHANGED) != 0 {
            return false;
        }
        at += len;
    }
    true
}

fn mark_chunk(chunk: &str, plain: bool, normal: &mut String, out: &mut String) {
    if plain {
        settle(chunk, Spelling::Unified, out);
    } else {
        normal.clear();
        normalize(chunk, normal);
        settle(normal, Spelling::Unified, out);
    }
}

/// Appends the normal form: compatibility composition, lower case, `đ` for `ð`, nothing invisible, plain punctuation.
pub(crate) fn normalize(text: &str, out: &mut String) {
    if is_composed(text) {
        out.extend(text.chars().map(letter::lower));
        return;
    }
    let start = out.len();
    let lower = text.chars().filter_map(admit).nfkd().flat_map(small);
    out.extend(lower.filter_map(admit).nfkc());
    // A tone typed before the mark of its letter (`á` + circumflex) does not compose, for Unicode keeps their order.
    if out[start..].contains(['\u{302}', '\u{306}']) {
        let tangled = out.split_off(start);
        untangle(&tangled, out);
    }
}

/// Composes letters whose tone came before their mark.
fn untangle(text: &str, out: &mut String) {
    let mut pending: Option<char> = None;
    for c in text.chars() {
        let whole =
            pending.and_then(letter::decompose).zip(letter::Mark::from_combining(c)).and_then(|(before, mark)| {
                let bare = before.tone != Tone::Level && before.mark == letter::Mark::None;
                bare.then(|| letter::compose(Letter { mark, ..before })).flatten()
            });
        if whole.is_some() {
            pending = whole;
        } else {
            out.extend(pending.replace(c));
        }
    }
    out.extend(pending);
}

/// Lower case, character by character: the final sigma is a sigma wherever it stands.
fn small(c: char) -> impl Iterator<Item = char> {
    c.to_lowercase().map(|c| if c == 'ς' { 'σ' } else { c })
}

const fn real_d(c: char) -> char {
    match c {
        'Ð' => 'Đ',
        'ð' => 'đ',
        _ => c,
    }
}

/// Maps a character before normalisation; `None` for the invisible ones.
fn admit(c: char) -> Option<char> {
    if c.is_ascii() {
        return Some(c);
    }
    if is_ignorable(c) {
        return None;
    }
    Some(match c {
        // U+0189 is the African capital that shares the shape of Đ.
        'Ð' | 'ð' | '\u{189}' => 'đ',
        '‘' | '’' | '‛' | 'ʼ' | '′' => '\'',
        '“' | '”' | '„' | '‟' | '«' | '»' => '"',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => '-',
        '⁄' => '/',
        // Zero-width space: a place where a line may break, that is, between words.
        '\u{200B}' => ' ',
        _ => c,
    })
}

/// Tells whether a character is invisible and means nothing to search: soft hyphen, joiners, direction marks, byte-order
/// mark, variation selectors. Inside a word they do not end it.
pub(crate) const fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180B}'..='\u{180F}' | '\u{200C}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E0FFF}')
}

/// Whether settling also unifies `i` and `y`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    Unified,
    Kept,
}

/// Appends normal text with each run of letters settled.
pub(crate) fn settle(normal: &str, spelling: Spelling, out: &mut String) {
    let mut done = 0;
    while let Some(run) = next_run(normal, done) {
        out.push_str(&normal[done..run.start]);
        settle_run(&normal[run.clone()], spelling, out);
        done = run.end;
    }
    out.push_str(&normal[done..]);
}

/// Returns where the next run of letters is, from byte `start` on, that are all of the alphabet; others have nothing to settle.
fn next_run(text: &str, mut start: usize) -> Option<Range<usize>> {
    let is_other = |c: Option<char>| c.is_some_and(is_other_letter);
    loop {
        let from = start + text[start..].find(is_of_alphabet)?;
        let to = text[from..].find(|c| !is_of_alphabet(c)).map_or(text.len(), |len| from + len);
        if !is_other(text[..from].chars().next_back()) && !is_other(text[to..].chars().next()) {
            return Some(from..to);
        }
        start = to;
    }
}

fn settle_run(run: &str, spelling: Spelling, out: &mut String) {
    let mut letters = Letters::default();
    if letters.read(run).is_some() {
        let moved = letters.settle_tone();
        let unified = spelling == Spelling::Unified && letters.settle_i_or_y();
        if moved || unified {
            letters.write(out);
            return;
        }
    }
    out.push_str(run);
}

fn is_of_alphabet(c: char) -> bool {
    letter::decompose(c).is_some()
}

/// Tells whether a character that is not of the alphabet belongs to a run of letters.
// Unicode's tables are slow to ask, so only what stands beside a letter of the alphabet is looked for there.
fn is_other_letter(c: char) -> bool {
    !c.is_ascii() && (c.is_alphabetic() || is_combining_mark(c))
}

/// Appends marked text without its marks, and with `i` and `y` unified. What `scratch` held is lost.
pub(crate) fn strip_and_unify(marked: &str, scratch: &mut String, out: &mut String) {
    let start = out.len();
    strip(marked, scratch, out);
    unify_bare(out, start);
}

/// Appends marked text without its marks. `scratch` is any buffer; what it held is lost.
pub(crate) fn strip(marked: &str, scratch: &mut String, out: &mut String) {
    let mut clean = true;
    scratch.clear();
    for c in marked.chars() {
        if c.is_ascii() {
            scratch.push(c);
        } else if let Some(letter) = letter::decompose(c) {
            scratch.push(letter.base);
        } else {
            clean = false;
            decompose_canonical(c, |part| strip_part(part, scratch));
        }
    }
    if clean {
        out.push_str(scratch);
    } else {
        // Hangul and others come out of decomposition in parts.
        out.extend(scratch.nfkc());
    }
}

fn strip_part(part: char, out: &mut String) {
    let is_stripped = matches!(part,
        '\u{300}'..='\u{36F}' | '\u{483}'..='\u{487}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}');
    if is_stripped {
        return;
    }
    match tables::LATIN.binary_search_by_key(&part, |&(letter, _)| letter) {
        Ok(found) => out.push_str(tables::LATIN[found].1),
        Err(_) => out.push(part),
    }
}

/// Unifies `i` and `y` in every run of letters of a folded text, from byte `start` on, where the text is taken to begin.
pub(crate) fn unify_bare(folded: &mut String, start: usize) {
    let mut done = 0;
    while let Some(run) = next_run(&folded[start..], done) {
        let (from, to) = (start + run.start, start + run.end);
        if let Some(last) = i_or_y(&folded.as_bytes()[from..to]) {
            folded.replace_range(to - 1..to, if last == b'y' { "y" } else { "i" });
        }
        done = run.end;
    }
}

/// Tells whether the text has any mark.
pub(crate) fn has_marks(text: &str) -> bool {
    fold_letters(text) != text
}
