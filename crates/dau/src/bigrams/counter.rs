//! Counting while documents are indexed, from several threads.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::tally::Tally;
use super::{BigramCounts, Place, WordHash};

/// What was counted since the last commit, by all indexing threads.
#[derive(Debug, Default)]
pub(crate) struct BigramCounter {
    tally: Mutex<Tally>,
}

impl BigramCounter {
    /// Hands out what was counted, and starts anew.
    pub(crate) fn take(&self) -> BigramCounts {
        std::mem::take(&mut *self.tally()).into_counts()
    }

    /// Counts what was noted, and gives back the memory that this took. More can be counted afterwards.
    pub(crate) fn settle(&self) {
        self.tally().settle();
    }

    fn add(&self, pairs: &[Place]) {
        self.tally().count_all(pairs);
    }

    fn tally(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Pairs that a thread notes down before it counts them all: a lock for each would cost more than the counting.
const NOTED_PAIRS: usize = 1 << 13;

/// One thread's part in counting. What it noted is added when it is full and when it is dropped.
#[derive(Debug)]
pub(crate) struct Counting {
    counter: Arc<BigramCounter>,
    noted: Vec<Place>,
    /// The word at the position before the present one, and the one there.
    before: Option<(u32, WordHash)>,
    present: Option<(u32, WordHash)>,
}

impl Counting {
    pub(crate) fn new(counter: Arc<BigramCounter>) -> Counting {
        Counting { counter, noted: Vec::new(), before: None, present: None }
    }

    /// Begins a new text: its first word has no neighbour before it.
    pub(crate) fn begin(&mut self) {
        self.before = None;
        self.present = None;
    }

    /// Notes the next token of a text. Where several share a position (a compound and its first piece), each is a
    /// neighbour of the token before, and the last one of the token after.
    #[inline]
    pub(crate) fn note(&mut self, position: u32, word: WordHash) {
        if self.present.is_some_and(|(present, _)| present != position) {
            self.before = self.present;
        }
        self.present = Some((position, word));
        if let Some((place, before)) = self.before
            && place + 1 == position
        {
            self.noted.push(Place::of(before, word));
            if self.noted.len() >= NOTED_PAIRS {
                self.flush();
            }
        }
    }

    fn flush(&mut self) {
        self.counter.add(&self.noted);
        self.noted.clear();
    }
}

impl Drop for Counting {
    fn drop(&mut self) {
        self.flush();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_counted_once_the_thread_is_done() {
        let counter = Arc::new(BigramCounter::default());
        let mut counting = Counting::new(counter.clone());
        let mut sibling = Counting::new(counter.clone());
        for text in ["hà nội phố", "hà nội"] {
            counting.begin();
            (0..).zip(text.split(' ')).for_each(|(position, word)| counting.note(position, WordHash::of(word)));
        }
        // A compound, its two pieces, and what follows.
        for (position, word) in [(0, "e-mail"), (0, "e"), (1, "mail"), (2, "mới"), (200, "xa")] {
            sibling.note(position, WordHash::of(word));
        }
        drop((counting, sibling));
        let counts = counter.take();
        let count = |left, right| counts.count(WordHash::of(left), WordHash::of(right));
        assert_eq!((count("hà", "nội"), count("nội", "phố"), count("phố", "hà"), count("nội", "hà")), (2, 1, 0, 0));
        assert_eq!(
            (count("e", "mail"), count("mail", "mới"), count("e-mail", "mail"), count("mới", "xa")),
            (1, 1, 0, 0)
        );
        assert!(counter.take().is_empty());
    }
}
