//! What is made of digits alone: dates, telephone numbers, numbers with separators. Knows nothing of tokens around them.
//!
//! * A date is day, month and year (or year, month and day) joined twice by the same of `/ - .`, and exists in the
//!   calendar. Its canonical form is ISO 8601.
//! * A telephone number has `+` and 8 to 15 digits, or is a Vietnamese one: `0` or `84` before nine digits that begin
//!   with 3, 5, 7, 8 or 9 (mobile), or `02` and nine digits (fixed). Groups may be joined by `.` or `-`. Its canonical
//!   form is its digits, with `0` for `+84`.
//! * A number with separators: groups of three digits after the first, always by the same separator, are thousands
//!   (`1.000` is a thousand, as nearly always in Vietnamese); a separator used once and last is a decimal one. Its
//!   canonical form has no thousands separator and a point.

use super::MAX_TOKEN_BYTES;
use super::atom::{Atom, Joint};
use super::queue::{Place, Queue};
use crate::token::{Part, TokenKind};

/// What a row of groups of digits was found to be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Figures {
    pub(super) kind: TokenKind,
    /// Where it starts: before its first group if there is a `+`.
    pub(super) start: usize,
    shape: Shape,
}

#[derive(Clone, Copy, Debug)]
enum Shape {
    /// The index of the groups that are year, month and day.
    Date([usize; 3]),
    /// A telephone number; so many digits of the country code of Vietnam are to be replaced by `0`.
    Phone { replaced: usize },
    /// Whether the last group is a fraction.
    Number { fraction: bool },
}

/// A telephone number has at least so many digits.
pub(super) const MIN_PHONE_DIGITS: usize = 8;

/// One without `+` has at least so many.
pub(super) const MIN_PHONE_DIGITS_ALONE: usize = 10;

/// Tells whether a separator between digits and a last group of so many digits parts thousands.
fn are_thousands(head: &str, width: usize) -> bool {
    width == 3 && head.len() <= 3 && !head.starts_with('0')
}

/// Tells cheaply whether a lone run of digits has to be judged as a telephone number.
pub(super) fn may_be_phone(bytes: &[u8], start: usize, end: usize) -> bool {
    end - start >= MIN_PHONE_DIGITS
        && (end - start >= MIN_PHONE_DIGITS_ALONE && matches!(bytes[start], b'0' | b'8') || has_plus(bytes, start))
}

/// Tells whether a `+` that is not part of a word stands before `start`.
fn has_plus(bytes: &[u8], start: usize) -> bool {
    start > 0
        && bytes[start - 1] == b'+'
        && !(start > 1 && (bytes[start - 2].is_ascii_alphanumeric() || bytes[start - 2] >= 0x80))
}

/// Judges the digits at the head of a row of atoms: what they are, if anything, and how many atoms it takes.
pub(super) fn find(text: &str, atoms: &[Atom]) -> (Option<Figures>, usize) {
    // What follows a comma is the rest of a list that was found to be no number.
    if !atoms.first().is_some_and(|first| first.is_ascii_digits() && first.joint != Joint::Comma) {
        return (None, 0);
    }
    let more = atoms[1..]
        .iter()
        .take_while(|a| a.is_ascii_digits() && !matches!(a.joint, Joint::Touch | Joint::Underscore))
        .count();
    let row = &atoms[..=more];
    let after = atoms.get(row.len()).map(|atom| atom.joint);
    let closed = matches!(after, None | Some(Joint::Touch | Joint::Comma));
    if closed
        && row.len() == 3
        && let Some(order) = date(text, row)
    {
        return (Some(Figures { kind: TokenKind::Date, start: row[0].start, shape: Shape::Date(order) }), 3);
    }
    if let Some(figures) = phone(text, row).filter(|_| after.is_none()) {
        return (Some(figures), row.len());
    }
    // A number is a stretch of the row without `-` and `/`; it is not the first half of `1.5/2020`.
    let len = 1 + row[1..].iter().take_while(|a| matches!(a.joint, Joint::Dot | Joint::Comma)).count();
    let joint = atoms.get(len).map(|atom| atom.joint);
    let open = matches!(joint, Some(Joint::Slash | Joint::Underscore));
    match number(text, &row[..len]).filter(|_| len > 1 && !open) {
        Some(fraction) => {
            let shape = Shape::Number { fraction };
            (Some(Figures { kind: TokenKind::Number, start: row[0].start, shape }), len)
        }
        None => (None, 0),
    }
}

/// Where year, month and day end in a date's canonical form.
const DATE_ENDS: [usize; 3] = [4, 7, 10];

impl Figures {
    /// Queues the figures that are these atoms, and these as their pieces if they are several. Returns the position of the next
    /// token.
    pub(super) fn push(&self, text: &str, row: &[Atom], position: u32, queue: &mut Queue) -> u32 {
        let whole = queue.begin();
        queue.append_same(|form| self.write_canonical(text, row, form));
        let (end, pieces) = (row.last().map_or(self.start, |last| last.end), row.len() as u32);
        let place = Place { kind: self.kind, part: Part::Whole, start: self.start, end, position, pieces };
        if pieces == 1 {
            queue.push(Place { pieces: 0, ..place }, whole);
            return position + 1;
        }
        queue.push(place, whole);
        let mut at = 0;
        for (i, (group, position)) in row.iter().zip(position..).enumerate() {
            let end = match self.shape {
                Shape::Date(order) => order.iter().zip(DATE_ENDS).find(|&(&n, _)| n == i).map_or(0, |(_, end)| end),
                Shape::Number { fraction } => at + usize::from(fraction && i + 1 == row.len()) + group.len(),
                Shape::Phone { .. } => {
                    let from = queue.begin();
                    let digits = &text[group.start..group.end];
                    queue.append_forms(digits, digits);
                    queue.push(group.as_piece(position), from);
                    continue;
                }
            };
            // The form of a piece is part of the form of the whole.
            queue.push_between(group.as_piece(position), whole.behind(end - group.len()), whole.behind(end));
            at = end;
        }
        position + pieces
    }

    fn write_canonical(&self, text: &str, row: &[Atom], form: &mut String) {
        let digits = |group: &Atom| &text[group.start..group.end];
        match self.shape {
            Shape::Date(order) => {
                for (n, group) in order.map(|i| &row[i]).into_iter().enumerate() {
                    if n > 0 {
                        form.push('-');
                        // `2-9-1945` and `02/09/1945` are one day.
                        if group.len() == 1 {
                            form.push('0');
                        }
                    }
                    form.push_str(digits(group));
                }
            }
            Shape::Phone { mut replaced } => {
                if replaced > 0 {
                    form.push('0');
                }
                for group in row {
                    let skipped = replaced.min(group.len());
                    replaced -= skipped;
                    form.push_str(&digits(group)[skipped..]);
                }
            }
            Shape::Number { fraction } => {
                for (n, group) in row.iter().enumerate() {
                    if fraction && n + 1 == row.len() {
                        form.push('.');
                    }
                    form.push_str(digits(group));
                }
            }
        }
    }
}

/// Returns which groups are year, month and day.
fn date(text: &str, row: &[Atom]) -> Option<[usize; 3]> {
    let joint = row[1].joint;
    if joint != row[2].joint || !matches!(joint, Joint::Slash | Joint::Dash | Joint::Dot) {
        return None;
    }
    let widths = [0, 1, 2].map(|i| row[i].len());
    let order = match widths {
        [1 | 2, 1 | 2, 4] => [2, 1, 0],
        [4, 1 | 2, 1 | 2] => [0, 1, 2],
        _ => return None,
    };
    let [year, month, day] = order.map(|i| text[row[i].start..row[i].end].parse::<u32>().unwrap_or(0));
    (1..=days_in(year, month)).contains(&day).then_some(order)
}

const fn days_in(year: u32, month: u32) -> u32 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 0,
    }
}

fn phone(text: &str, row: &[Atom]) -> Option<Figures> {
    let count = row.iter().map(Atom::len).sum();
    if !(MIN_PHONE_DIGITS..=15).contains(&count)
        || row.len() > 6
        || !row[1..].iter().all(|a| matches!(a.joint, Joint::Dot | Joint::Dash))
    {
        return None;
    }
    let digits = || row.iter().flat_map(|a| text[a.start..a.end].bytes());
    let starts_with = |prefix: &[u8]| digits().take(prefix.len()).eq(prefix.iter().copied());
    let mobile = |skipped: usize| digits().nth(skipped).is_some_and(|b| matches!(b, b'3' | b'5' | b'7' | b'8' | b'9'));
    let plus = has_plus(text.as_bytes(), row[0].start);
    let replaced = match count {
        10 if starts_with(b"0") && mobile(1) => 0,
        11 if starts_with(b"02") => 0,
        11 if starts_with(b"84") && (plus || mobile(2)) => 2,
        12 if starts_with(b"842") && plus => 2,
        _ if plus => 0,
        _ => return None,
    };
    let start = row[0].start - usize::from(plus);
    Some(Figures { kind: TokenKind::Phone, start, shape: Shape::Phone { replaced } })
}

/// Judges groups joined by `.` and `,`: `None` if they are no number, else whether the last one is a fraction.
fn number(text: &str, row: &[Atom]) -> Option<bool> {
    let width = |i: usize| row[i].len();
    let last = row.len() - 1;
    let thousands = |upto: usize| {
        let head = &text[row[0].start..row[0].end];
        let same = row[1..=upto].iter().all(|a| a.joint == row[1].joint);
        same && (1..=upto).all(|i| are_thousands(head, width(i)))
    };
    if last == 0 || row[last].end - row[0].start > MAX_TOKEN_BYTES {
        return None;
    }
    if thousands(last) {
        return Some(false);
    }
    let decimal = last == 1 || row[last].joint != row[1].joint && thousands(last - 1);
    decimal.then_some(true)
}
