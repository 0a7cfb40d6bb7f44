//! Chains of a few runs of ASCII letters or digits: `3,5%`, `1.000.000`, `2/9/1945`, `A4`, `check-in`, `9-MM`, `R.Simpson`.
//! Knows nothing of longer ones.
//!
//! Most chains of running text are such. They are read by their [key](super::key), eight bytes at once, where
//! [`chain`](super::chain) looks at each character for what Unicode says. The rules are its rules. What is rare or needs a
//! second look is left to it: what may be an address, and the other one of `i` and `y`.

use super::address;
use super::atom::{Atom, Joint};
use super::chain_memo::Origin;
use super::compound::{self, joins};
use super::ends::are_end;
use super::figures::{self, MIN_PHONE_DIGITS_ALONE};
use super::key::Key;
use super::lanes::{no_digits, no_letters};
use super::queue::{Place, Queue, has_i_or_y};
use crate::token::Part;

/// As many as `1m65-1m70` has.
const MAX_ATOMS: usize = 6;

type Row = heapless::Vec<Atom, MAX_ATOMS, u8>;

/// Queues the tokens of the chain that starts at `origin` and has this [key](super::chain_memo::key), if it is a row of at least
/// two runs. Returns where the text goes on; with `None` nothing is queued.
#[inline]
pub(super) fn push(text: &str, key: Key, origin: Origin, queue: &mut Queue) -> Option<Origin> {
    let mut row = Row::new();
    read(key, origin.start, &mut row)?;
    let start = row.last()?.end;
    if has_i_or_y(&key.in_small_letters().bytes()[..start - origin.start]) {
        return None;
    }
    let position = push_row(text, &row, origin.position, queue)?;
    Some(Origin { start, position })
}

/// Reads the row that a key starts with, unless more may belong to it.
#[inline]
fn read(key: Key, mut at: usize, row: &mut Row) -> Option<()> {
    let (mut rest, mut joint) = (key, Joint::Head);
    loop {
        let is_digits = (rest.low as u8).is_ascii_digit();
        let len = if is_digits { rest.count_before(no_digits) } else { rest.count_before(no_letters) };
        if len == 0 {
            return None;
        }
        row.push(Atom::ascii(at, at + len, joint, is_digits)).ok()?;
        rest = rest.behind(len);
        let [after, next, ..] = rest.low.to_le_bytes();
        if are_end(after, next) {
            // Behind the byte that is before white space goes on no address.
            let may_go_on = address::may_go_on(after) && next != 0;
            return if may_go_on || row.len() == 1 { None } else { Some(()) };
        }
        joint = Joint::of(char::from(after)).unwrap_or(Joint::Touch);
        let gap = usize::from(joint != Joint::Touch);
        rest = rest.behind(gap);
        at += len + gap;
    }
}

/// Queues the tokens of a row, the first at `position`; returns the position of the next token, or `None` if it is for
/// [`chain`](super::chain) to judge.
#[inline]
fn push_row(text: &str, row: &[Atom], position: u32, queue: &mut Queue) -> Option<u32> {
    if may_be_address(text, row) || may_hold_date(row) {
        return None;
    }
    if may_be_figures(row)
        && let (Some(figures), len) = figures::find(text, row)
    {
        return match &row[len..] {
            [] => Some(figures.push(text, row, position, queue)),
            // `1,5kg`
            [unit] if !unit.is_digits => {
                let position = figures.push(text, &row[..len], position, queue);
                Some(push_alone(text, unit, position, queue))
            }
            _ => None,
        };
    }
    if are_joined(text, row) {
        let whole = queue.begin();
        queue.append_small(&text[row.first()?.start..row.last()?.end]);
        Some(compound::push(text, row, position, whole, queue))
    } else if let [first, second] = row {
        let position = push_alone(text, first, position, queue);
        Some(push_alone(text, second, position, queue))
    } else {
        None
    }
}

/// Tells cheaply whether digits at the head of a row have to be judged.
fn may_be_figures(row: &[Atom]) -> bool {
    row[0].is_digits
        && (matches!(row[1].joint, Joint::Dot | Joint::Comma)
            || row.len() > 2
            || row[1].is_digits && row[0].len() + row[1].len() >= MIN_PHONE_DIGITS_ALONE)
}

/// Tells whether all atoms are one compound.
fn are_joined(text: &str, row: &[Atom]) -> bool {
    let mut has_digit = false;
    row.windows(2).all(|two| {
        has_digit |= two[0].is_digits;
        joins(text, &two[0], &two[1], has_digit)
    })
}

/// Queues an atom that is no part of anything.
fn push_alone(text: &str, atom: &Atom, position: u32, queue: &mut Queue) -> u32 {
    let form = queue.begin();
    queue.append_small(&text[atom.start..atom.end]);
    queue.push(Place { part: Part::Whole, ..atom.as_piece(position) }, form);
    position + 1
}

/// Tells whether a row may be an address, where neither a scheme with its `://` nor an `@` can be.
fn may_be_address(text: &str, row: &[Atom]) -> bool {
    let bytes = text.as_bytes();
    let mut labels = row.iter().filter(|atom| atom.joint == Joint::Dot && !atom.is_digits);
    row[1].joint == Joint::Dot && address::scheme(&bytes[row[0].start..]).is_some()
        || labels.any(|atom| address::is_top_level(&bytes[atom.start..atom.end]))
}

/// Tells whether there may be a date behind letters.
fn may_hold_date(row: &[Atom]) -> bool {
    row.len() > 3
        && row.iter().any(|atom| !atom.is_digits)
        && row.windows(3).any(|three| three.iter().all(|atom| atom.is_digits))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::scan::chain::Chain;
    use crate::scan::chain_memo;
    use crate::scan::memo::Memo;

    /// The tokens that are queued, and where the text goes on.
    type Outcome = (Vec<String>, usize, u32);

    fn outcome(queue: &mut Queue, next: Origin) -> Outcome {
        let tokens = std::iter::from_fn(|| queue.pop().map(|token| format!("{token:?}"))).collect();
        (tokens, next.start, next.position)
    }

    /// What becomes of the chain at the head of a text by its key, and by its atoms.
    fn both(chain: &str) -> (Option<Outcome>, Outcome) {
        let text = format!("x {chain} và nhiều chữ nữa");
        let origin = Origin { start: 2, position: 1 };
        let mut queue = Queue::default();
        let key = chain_memo::key(&text, origin.start);
        let row = key.and_then(|key| push(&text, key, origin, &mut queue)).map(|next| outcome(&mut queue, next));
        queue.clear();
        let reading = Chain { text: &text, atoms: &mut Vec::new(), queue: &mut queue, memo: &mut Memo::default() };
        let (start, position) = reading.read(origin.start, origin.position);
        (row, outcome(&mut queue, Origin { start, position }))
    }

    #[test]
    fn a_row_becomes_what_its_atoms_become() {
        let rows = "3,5 1.000 0.123 1234.567 12,5. 40,5% 24/7 1-2) 1945-1954 2020_21 A4 55kg, covid-19 9-MM a/5 5/A x_1 check-in \
                    QH-TW a_b Kia-mx? a.b A.Blair xong.Roma HIV/AIDS nam/bar 2/9/1945 1945-09-02 31.2.2020 1.234.567 1-2-3 1.2.3.4 \
                    21-L1 66-75KG 1m65-1m70 drag-and-drop 1.300km 1,5kg. 9/2020/QH x.5 a,b 1.234.567.890.1 a.b.c 1.2_ a_b- 1.5/2 12345678-9 0912-345678 02.3456.7890";
        for chain in rows.split_whitespace() {
            let (row, expected) = both(chain);
            assert_eq!(row, Some(expected), "{chain}");
        }
        let others = "( x TP. x-ti 1.5-2 1,2,3 ba.ca.na x-1/2/2020 dau.vn www.a a@b.vn 12:30 a-b:x a-b.@x x-y’s x'y 1,5đ đ-1 5- \
                      a-b%x 10đ vô-lăng 1-2-3-4-5-6-7";
        for chain in others.split_whitespace() {
            assert_eq!(both(chain).0, None, "{chain}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn no_row_becomes_anything_else(
            chain in "([a-cA-C]{1,3}|[ty][iyh]|www|vn|[0-3]{1,4}|2[01][0-9]{2})([-/.,_@:'+% đ]?([a-cA-C]{1,3}|[ty][iy]|vn|[0-3]{1,4}|20[0-9]{2})){1,5}[-/.,_@:'+%)đ]{0,2}[a1]?"
        ) {
            let (row, expected) = both(&chain);
            prop_assert!(row.is_none_or(|row| row == expected), "{chain}: {expected:?}");
        }
    }
}
