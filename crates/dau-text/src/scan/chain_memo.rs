//! Remembers the tokens of chains already read. Knows nothing of how they were read.
//!
//! To read a chain takes as long as two dozen common words, and many come again: `TP.HCM`, `km/h`, `2/9/1945`. White
//! space ends every chain, so what is between its first byte and the next white space says all about its tokens, except
//! whether a `+` makes a telephone number of it. Each chain has one slot, where the last one stays.

use super::key::Key;
use super::lanes::first_below;
use super::queue::{Mark, Place, Queue, Queued};
use crate::token::{Part, TokenKind};

/// How many chains are remembered, as a power of two.
const BITS: u32 = 9;

/// A chain of more tokens, or of longer forms, is not remembered.
const MAX_TOKENS: usize = 5;
const MAX_FORM_BYTES: usize = 28;

/// Where a chain or a run of words starts, or where the text goes on behind it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin {
    /// In bytes from the start of the text.
    pub(super) start: usize,
    /// Of the first token that starts here.
    pub(super) position: u32,
}

/// A token. Places in the text, positions and places in the forms are counted from where the chain starts.
#[derive(Clone, Copy, Debug)]
struct Kept {
    kind: TokenKind,
    part: Part,
    start: u8,
    end: u8,
    position: u8,
    pieces: u8,
    marked: [u8; 2],
    folded: [u8; 2],
}

#[derive(Clone, Debug)]
struct Slot {
    key: Key,
    /// The length of the chain, in bytes and in positions.
    bytes: u8,
    positions: u8,
    tokens: heapless::Vec<Kept, MAX_TOKENS, u8>,
    marked: heapless::String<MAX_FORM_BYTES, u8>,
    folded: heapless::String<MAX_FORM_BYTES, u8>,
}

/// The tokens of chains by their bytes.
#[derive(Debug, Default)]
pub(super) struct ChainMemo(Vec<Slot>);

/// Returns the key of the chain that starts at byte `start`: its bytes and all behind them up to white space. `None` if
/// these are too many, too near to the end of the text, or not all that matters.
pub(super) fn key(text: &str, start: usize) -> Option<Key> {
    let (before, ahead) = text.as_bytes().split_at(start);
    if before.last() == Some(&b'+') {
        return None;
    }
    Key::ahead(ahead, |bytes| first_below(bytes, b' ' + 1)).map(|ahead| ahead.key)
}

impl ChainMemo {
    /// Takes the memory. Before this nothing is remembered.
    pub(super) fn prepare(&mut self) {
        if !self.0.is_empty() {
            return;
        }
        let (marked, folded) = Default::default();
        let tokens = heapless::Vec::new();
        self.0.resize(1 << BITS, Slot { key: Key::NONE, bytes: 0, positions: 0, tokens, marked, folded });
    }

    pub(super) fn bytes(&self) -> usize {
        self.0.capacity() * size_of::<Slot>()
    }

    /// Queues the tokens of a chain that starts at `origin`, if it is remembered. Returns where the text goes on.
    pub(super) fn recall(&self, key: Key, origin: Origin, queue: &mut Queue) -> Option<Origin> {
        let slot = self.0.get(index(key)).filter(|slot| slot.key == key)?;
        let forms = queue.begin();
        queue.append_forms(&slot.marked, &slot.folded);
        for kept in &slot.tokens {
            let [from, to] = [0, 1].map(|border| Mark {
                marked: forms.marked + usize::from(kept.marked[border]),
                folded: forms.folded + usize::from(kept.folded[border]),
            });
            queue.push_between(kept.at(origin), from, to);
        }
        let Origin { start, position } = origin;
        Some(Origin { start: start + usize::from(slot.bytes), position: position + u32::from(slot.positions) })
    }

    /// Remembers the tokens of a chain from `origin` to `next`: all that are queued.
    pub(super) fn insert(&mut self, key: Key, origin: Origin, next: Origin, queue: &Queue) {
        let Some(slot) = self.0.get_mut(index(key)) else { return };
        slot.bytes = small(next.start - origin.start);
        slot.positions = small((next.position - origin.position) as usize);
        slot.key = if slot.keep(queue, origin).is_some() { key } else { Key::NONE };
    }
}

impl Slot {
    /// Takes over all tokens that are queued, in place; `None` if there is no room for them.
    fn keep(&mut self, queue: &Queue, origin: Origin) -> Option<()> {
        let (marked, folded) = queue.forms_since(Mark::default());
        self.marked.clear();
        self.marked.push_str(marked).ok()?;
        self.folded.clear();
        self.folded.push_str(folded).ok()?;
        self.tokens.clear();
        queue.tokens().iter().try_for_each(|token| self.tokens.push(Kept::new(token, origin)).ok())
    }
}

impl Kept {
    fn new(token: &Queued, origin: Origin) -> Kept {
        let Queued { place: Place { kind, part, start, end, position, pieces }, from, to } = *token;
        Kept {
            kind,
            part,
            start: small(start - origin.start),
            end: small(end - origin.start),
            position: small((position - origin.position) as usize),
            pieces: small(pieces as usize),
            marked: [small(from.marked), small(to.marked)],
            folded: [small(from.folded), small(to.folded)],
        }
    }

    fn at(self, origin: Origin) -> Place {
        Place {
            kind: self.kind,
            part: self.part,
            start: origin.start + usize::from(self.start),
            end: origin.start + usize::from(self.end),
            position: origin.position + u32::from(self.position),
            pieces: u32::from(self.pieces),
        }
    }
}

fn index(key: Key) -> usize {
    (key.hash() >> (64 - BITS)) as usize
}

/// Shortens a number of bytes or tokens in a chain whose bytes are a key, or in its forms: none is above 28.
fn small(number: usize) -> u8 {
    debug_assert!(number <= MAX_FORM_BYTES);
    number as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::chain::Chain;
    use crate::scan::memo::Memo;

    /// Reads the chain at `origin` into a queue; returns where the text goes on.
    fn read(text: &str, origin: Origin, queue: &mut Queue) -> Origin {
        queue.clear();
        let chain = Chain { text, atoms: &mut Vec::new(), queue, memo: &mut Memo::default() };
        let (start, position) = chain.read(origin.start, origin.position);
        Origin { start, position }
    }

    fn drain(queue: &mut Queue) -> Vec<String> {
        std::iter::from_fn(|| queue.pop().map(|token| format!("{token:?}"))).collect()
    }

    #[test]
    fn a_chain_is_recalled_as_it_would_be_read() {
        let mut memo = ChainMemo::default();
        let mut queue = Queue::default();
        let behind = " và nhiều chữ nữa";
        for chain in ["TP.HCM,", "15/2020/NĐ-CP", "2/9/1945", "1.234,5", "a@b.vn", "x-y)", "Hán-Việt", "東京", "55kg"]
        {
            let texts = [format!("{chain}{behind}"), format!("Rồi {chain}{behind}")];
            let [first, second] = [(0, 0), (6, 1)].map(|(start, position)| Origin { start, position });
            let Some(key) = key(&texts[0], 0) else { panic!("{chain} has a key") };
            assert!(memo.recall(key, first, &mut queue).is_none(), "{chain}");
            let next = read(&texts[0], first, &mut queue);
            memo.insert(key, first, next, &queue);
            assert!(memo.recall(key, first, &mut queue).is_none(), "{chain}: it has no memory yet");

            memo.prepare();
            memo.insert(key, first, next, &queue);
            let next = read(&texts[1], second, &mut queue);
            let expected = drain(&mut queue);
            queue.clear();
            let recalled = memo.recall(key, second, &mut queue).expect("it is remembered");
            assert_eq!((recalled.start, recalled.position), (next.start, next.position), "{chain}");
            assert_eq!(drain(&mut queue), expected, "{chain}");
            memo = ChainMemo::default();
        }
    }

    #[test]
    fn what_does_not_say_all_has_no_key() {
        let behind = " và nhiều chữ nữa";
        assert!(key(&format!("1234-5678{behind}"), 0).is_some());
        assert!(key(&format!("+1234-5678{behind}"), 1).is_none(), "a telephone number");
        assert!(key(&format!("15/2020/QH14/UBTV{behind}"), 0).is_none(), "too long");
        assert!(key("1234-5678", 0).is_none(), "near the end of the text");
    }

    #[test]
    fn too_many_tokens_are_not_kept() {
        let mut memo = ChainMemo::default();
        memo.prepare();
        let mut queue = Queue::default();
        let origin = Origin { start: 0, position: 0 };
        for (chain, is_kept) in [("1-2-3-4", true), ("1-2-3-4-5", false)] {
            let text = format!("{chain} và nhiều chữ nữa");
            let key = key(&text, 0).expect("not too long");
            let next = read(&text, origin, &mut queue);
            memo.insert(key, origin, next, &queue);
            assert_eq!(memo.recall(key, origin, &mut queue).is_some(), is_kept, "{chain}");
        }
    }
}
