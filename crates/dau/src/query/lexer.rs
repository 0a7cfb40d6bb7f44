//! Characters, quotes, operator words and suffixes of query text. Knows nothing of trees or fields.

use std::ops::Range;

/// The greatest weight.
const MAX_BOOST: f32 = 1_000_000.0;

/// The greatest number of typos.
const MAX_FUZZY: u8 = 2;

/// A word or sign between operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    And,
    Or,
    Not,
}

/// The language of an operator word; that of a Vietnamese one is in doubt where all is in capitals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Language {
    English,
    Vietnamese,
}

/// Operator words, the Vietnamese ones in each canonically equivalent spelling.
#[rustfmt::skip]
const OPERATOR_WORDS: [(&str, Operator, Language); 12] = [
    ("AND", Operator::And, Language::English),
    ("OR", Operator::Or, Language::English),
    ("NOT", Operator::Not, Language::English),
    ("V\u{c0}", Operator::And, Language::Vietnamese),
    ("VA\u{300}", Operator::And, Language::Vietnamese),
    ("HO\u{1eb6}C", Operator::Or, Language::Vietnamese),
    ("HO\u{1ea0}\u{306}C", Operator::Or, Language::Vietnamese),
    ("HO\u{102}\u{323}C", Operator::Or, Language::Vietnamese),
    ("HOA\u{323}\u{306}C", Operator::Or, Language::Vietnamese),
    ("HOA\u{306}\u{323}C", Operator::Or, Language::Vietnamese),
    ("KH\u{d4}NG", Operator::Not, Language::Vietnamese),
    ("KHO\u{302}NG", Operator::Not, Language::Vietnamese),
];

/// Whether letters of both cases are there, so that capitals mean something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    Mixed,
    CapitalsOnly,
}

impl Case {
    /// Tells the case of text that has (or has not) a lower-case letter.
    pub(super) fn of(has_lowercase: bool) -> Case {
        if has_lowercase { Case::Mixed } else { Case::CapitalsOnly }
    }
}

/// Finds the operator at the start of `text`; gives it and its length in bytes.
pub(super) fn operator(text: &str, case: Case) -> Option<(Operator, usize)> {
    match text.as_bytes() {
        [b'&', b'&', ..] => return Some((Operator::And, 2)),
        [b'|', b'|', ..] => return Some((Operator::Or, 2)),
        [b'A' | b'O' | b'N' | b'V' | b'H' | b'K', ..] => {}
        _ => return None,
    }
    OPERATOR_WORDS.iter().find_map(|&(word, operator, language)| {
        let rest = text.strip_prefix(word)?;
        let ends = rest.chars().next().is_none_or(ends_word);
        (ends && (language == Language::English || case == Case::Mixed)).then_some((operator, word.len()))
    })
}

/// Whether `c` separates terms.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control() || is_invisible(c)
}

/// Whether `c` shows nothing and joins or separates nothing that matters at the edge of a term.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// Whether `c` cannot be part of a word. Invisible characters can: they occur within words.
pub(super) fn ends_word(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '(' | ')') || is_quote(c)
}

/// Whether `c` may be searched for: letters, digits, symbols and emoji, not punctuation.
pub(super) fn is_content(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\u{2100}'..='\u{2bff}' | '\u{1f000}'..)
}

/// Whether there is anything in `text` to search for.
pub(super) fn has_content(text: &str) -> bool {
    text.chars().any(is_content)
}

/// Whether `c` is a sign with a meaning before a term.
pub(super) fn is_sign(c: char) -> bool {
    matches!(c, '+' | '-' | '!' | '=')
}

/// Whether a term can begin with `text`, so that `+`, `-` or `!` before it is a sign and not punctuation.
pub(super) fn opens_operand(text: &str) -> bool {
    let mut chars = text.chars();
    match chars.next() {
        Some('=') => chars.next().is_some_and(|c| is_content(c) || is_quote(c)),
        Some('(' | '#' | '@' | '.' | '$' | '_') => true,
        Some(c) => is_content(c) || is_quote(c),
        None => false,
    }
}

/// Whether `text` starts with an international phone number, whose `+` is no sign: `+84912345678`, `+84 912 345 678`.
pub(super) fn is_phone(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('+').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) else {
        return false;
    };
    if let Some(local) = rest.strip_prefix("84 ") {
        return local.starts_with(|c: char| c.is_ascii_digit());
    }
    let end = rest.find(|c: char| !matches!(c, '0'..='9' | '.' | '-')).unwrap_or(rest.len());
    let (number, after) = rest.split_at(end);
    // An E.164 number has at most 15 digits; the shortest in use have 8.
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    (8..=15).contains(&digits) && !after.starts_with(char::is_alphanumeric)
}

/// The length in bytes of the field name at the start of `text`, if a colon follows it.
pub(super) fn field_name(text: &str) -> Option<usize> {
    // The colon first, which few words have: to judge letters takes longer.
    let end = text.find(|c: char| c == ':' || ends_word(c)).filter(|&end| text[end..].starts_with(':'))?;
    let name = &text[..end];
    let starts = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    (starts && name.chars().all(is_name)).then_some(end)
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '\u{300}'..='\u{36f}')
}

/// Splits a trailing `^2` off a word.
///
/// # Errors
///
/// The place of the `^` if something else follows it, or if there are several.
pub(super) fn split_boost(word: &str) -> Result<(&str, Option<f32>), usize> {
    let Some((stem, after)) = word.split_once('^') else {
        return Ok((word, None));
    };
    match boost(after) {
        Some((number, "")) => Ok((stem, Some(number))),
        _ => Err(stem.len()),
    }
}

/// Reads a weight at the start of `text`; gives it and what follows.
pub(super) fn boost(text: &str) -> Option<(f32, &str)> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut end = digits(text);
    if let Some(fraction) = text[end..].strip_prefix('.')
        && digits(fraction) > 0
    {
        end += 1 + digits(fraction);
    }
    let number: f32 = text[..end].parse().ok()?;
    (number <= MAX_BOOST).then_some((number, &text[end..]))
}

/// Splits a trailing `~` or `~2` off a word that has letters. In `1~9` the tilde means "to".
///
/// # Errors
///
/// The place of the `~` if a greater number follows it.
pub(super) fn split_fuzzy(word: &str) -> Result<(&str, Option<u8>), usize> {
    let Some((stem, number)) = word.rsplit_once('~') else {
        return Ok((word, None));
    };
    if !stem.contains(char::is_alphabetic) || !number.bytes().all(|b| b.is_ascii_digit()) {
        return Ok((word, None));
    }
    match number.parse() {
        _ if number.is_empty() => Ok((stem, Some(1))),
        Ok(distance) if distance <= MAX_FUZZY && number.len() == 1 => Ok((stem, Some(distance))),
        _ => Err(stem.len()),
    }
}

/// Quotes: the character that opens, those that close, and those taken if the first are nowhere ahead.
const QUOTES: [(char, &[char], &[char]); 8] = [
    ('"', &['"'], &['”']),
    ('“', &['”'], &['"', '“']),
    ('”', &['”'], &['"']),
    ('„', &['“', '”'], &['"']),
    ('‟', &['”'], &['"']),
    ('«', &['»'], &[]),
    ('»', &['«'], &[]),
    ('＂', &['＂'], &[]),
];

/// Whether `c` is a double quotation mark.
pub(super) fn is_quote(c: char) -> bool {
    QUOTES.iter().any(|&(open, ..)| open == c)
}

/// Finds marks to put around `text` so that it reads back the same: one of the kinds it may have been typed in.
pub(super) fn quotes_for(text: &str) -> (char, char) {
    const PAIRS: [(char, char); 5] = [('"', '"'), ('“', '”'), ('«', '»'), ('»', '«'), ('＂', '＂')];
    PAIRS.into_iter().find(|&(_, close)| !text.contains(close)).unwrap_or(PAIRS[0])
}

/// Where each kind of quotation mark last occurs: a mark whose partner is nowhere ahead is found out in constant time,
/// which keeps a megabyte of lone quotes linear.
#[derive(Debug)]
pub(super) struct QuoteIndex {
    last: [Option<usize>; QUOTES.len()],
}

impl QuoteIndex {
    /// Looks through `text` once.
    pub(super) fn new(text: &str) -> QuoteIndex {
        QuoteIndex { last: QUOTES.map(|(open, ..)| text.rfind(open)) }
    }

    /// Finds what the quotation mark at byte `at` encloses, and the byte after the closing mark.
    pub(super) fn enclosed(&self, text: &str, at: usize) -> Option<(Range<usize>, usize)> {
        let open = text[at..].chars().next()?;
        let (_, first, second) = QUOTES.iter().find(|(mark, ..)| *mark == open)?;
        let start = at + open.len_utf8();
        let close = [first, second].into_iter().find(|set| self.any_from(set, start))?;
        let end = start + text[start..].find(|c| close.contains(&c))?;
        let mark = text[end..].chars().next()?;
        Some((start..end, end + mark.len_utf8()))
    }

    fn any_from(&self, marks: &[char], start: usize) -> bool {
        let ahead = |(open, ..): &(char, &[char], &[char]), last: &Option<usize>| {
            marks.contains(open) && last.is_some_and(|last| last >= start)
        };
        QUOTES.iter().zip(&self.last).any(|(quote, last)| ahead(quote, last))
    }
}
