//! Chains of two runs of ASCII letters or digits: `3,5`, `1.000`, `24/7`, `A4`, `55kg`, `check-in`. Knows nothing of longer ones.
//!
//! Half of all chains of running text are such. They are read by their [key](super::key), eight bytes at once, where
//! [`chain`](super::chain) collects atoms and judges them. The rules are its rules. What is rare or needs a second look is
//! left to it: addresses, telephone numbers, words that a dot or a slash joins, and the other one of `i` and `y`.

use super::address;
use super::atom::{self, Joint};
use super::chain_memo::Origin;
use super::ends::are_end;
use super::figures::{self, MIN_PHONE_DIGITS_ALONE};
use super::key::Key;
use super::lanes::{no_digits, no_letters};
use super::queue::{Place, Queue};
use crate::syllable::i_or_y;
use crate::token::{Part, TokenKind};

/// A run of letters or of digits. Places are counted in bytes from where the chain starts.
#[derive(Clone, Copy, Debug)]
struct Run {
    start: usize,
    end: usize,
    is_digits: bool,
}

impl Run {
    /// Finds the run at the head of a key, of which `start` bytes were cut off.
    fn at_head(key: Key, start: usize) -> Option<Run> {
        let is_digits = (key.low as u8).is_ascii_digit();
        let len = if is_digits { key.count_before(no_digits) } else { key.count_before(no_letters) };
        if len > 0 { Some(Run { start, end: start + len, is_digits }) } else { None }
    }

    const fn len(self) -> usize {
        self.end - self.start
    }
}

#[derive(Clone, Copy, Debug)]
struct Pair {
    runs: [Run; 2],
    joint: Joint,
}

/// Queues the tokens of the chain that starts at `origin` and has this [key](super::chain_memo::key), if it is a pair. Returns where
/// the text goes on.
pub(super) fn push(key: Key, origin: Origin, queue: &mut Queue) -> Option<Origin> {
    let pair = Pair::read(key)?;
    let [first, second] = pair.runs;
    let bytes = key.in_small_letters().bytes();
    let text = str::from_utf8(&bytes[..second.end]).ok()?;
    let (kind, gap) = pair.judge(text)?;
    let whole = queue.begin();
    let (head, tail) = (&text[..first.end], &text[second.start..]);
    if kind == TokenKind::Number {
        // Without its separator, but with a point before a fraction.
        queue.append_forms(head, head);
        if gap > 0 {
            queue.append_raw('.');
        }
        queue.append_forms(tail, tail);
    } else {
        queue.append_forms(text, text);
    }
    let Origin { start, position } = origin;
    let end = start + second.end;
    queue.push(Place { kind, part: Part::Whole, start, end, position, pieces: 2 }, whole);
    let piece = |run: Run, position| Place::piece(run.is_digits, start + run.start, start + run.end, position);
    let (behind_first, before_second) = (whole.behind(first.len()), whole.behind(first.len() + gap));
    queue.push_between(piece(first, position), whole, behind_first);
    queue.push_between(piece(second, position + 1), before_second, before_second.behind(second.len()));
    Some(Origin { start: end, position: position + 2 })
}

impl Pair {
    /// Reads the pair that a key starts with, unless more may belong to it.
    fn read(key: Key) -> Option<Pair> {
        let first = Run::at_head(key, 0)?;
        let behind = key.behind(first.len());
        let joint = Joint::of(char::from(behind.low as u8)).unwrap_or(Joint::Touch);
        let gap = usize::from(joint != Joint::Touch);
        let behind = behind.behind(gap);
        let second = Run::at_head(behind, first.end + gap)?;
        let [after, next, ..] = behind.behind(second.len()).low.to_le_bytes();
        // Behind the byte that is before white space goes on no address.
        let may_be_address = address::may_go_on(after) && next != 0;
        if may_be_address || !are_end(after, next) { None } else { Some(Pair { runs: [first, second], joint }) }
    }

    /// Returns what a pair with this text is, and how many bytes are between the runs in its forms. `None` if it may be two words, or
    /// something else.
    fn judge(self, text: &str) -> Option<(TokenKind, usize)> {
        let Pair { runs: [first, second], joint } = self;
        let gap = second.start - first.end;
        let words = [first, second].map(|run| if run.is_digits { "" } else { &text[run.start..run.end] });
        if words.iter().any(|word| i_or_y(word.as_bytes()).is_some()) {
            return None;
        }
        match ([first.is_digits, second.is_digits], joint) {
            ([true, true], _) if first.len() + second.len() >= MIN_PHONE_DIGITS_ALONE => None,
            ([true, true], Joint::Dot | Joint::Comma) => {
                let is_fraction = !figures::are_thousands(&text[..first.end], second.len());
                Some((TokenKind::Number, usize::from(is_fraction)))
            }
            ([true, true], _) => Some((TokenKind::Code, gap)),
            ([true, false] | [false, true], Joint::Touch | Joint::Dash | Joint::Underscore | Joint::Slash) => {
                Some((TokenKind::Code, gap))
            }
            ([false, false], Joint::Dash) => {
                let is_code = words.iter().all(|word| atom::may_abbreviate(word, word.len()));
                Some((if is_code { TokenKind::Code } else { TokenKind::Word }, gap))
            }
            ([false, false], Joint::Underscore) => Some((TokenKind::Word, gap)),
            _ => None,
        }
    }
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
        let pair = key.and_then(|key| push(key, origin, &mut queue)).map(|next| outcome(&mut queue, next));
        queue.clear();
        let reading = Chain { text: &text, atoms: &mut Vec::new(), queue: &mut queue, memo: &mut Memo::default() };
        let (start, position) = reading.read(origin.start, origin.position);
        (pair, outcome(&mut queue, Origin { start, position }))
    }

    #[test]
    fn a_pair_becomes_what_its_atoms_become() {
        let pairs = "3,5 1.000 0.123 1234.567 12,5. 24/7 1-2) 2020_21 A4 55kg, covid-19 9-MM a/5 5/A x_1 check-in QH-TW a_b Kia-mx?";
        for chain in pairs.split_whitespace() {
            let (pair, expected) = both(chain);
            assert_eq!(pair, Some(expected), "{chain}");
        }
        let others = "( TP. x-ti 1.5/2 1-2-3 a.b a@b.vn 0912-345678 12:30 a-b: a-b.@x x-y’s x'y 1,5đ đ-1 5- 12345678-9 1.2_ a_b- 10đ vô-lăng";
        for chain in others.split_whitespace() {
            assert_eq!(both(chain).0, None, "{chain}");
        }
    }

    proptest! {
        #[test]
        fn no_pair_becomes_anything_else(chain in "[a-cA-Ctyi019]{1,4}[-/.,_@:'+% đ]?[a-cA-Ctyi019]{1,4}[-/.,_@:'+%)đ]{0,2}[a1]?") {
            let (pair, expected) = both(&chain);
            prop_assert!(pair.is_none_or(|pair| pair == expected), "{chain}: {expected:?}");
        }
    }
}
