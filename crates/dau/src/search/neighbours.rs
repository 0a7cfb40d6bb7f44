//! Documents in which two common words stand side by side: found once, and remembered.
//!
//! Two syllables side by side are most words of Vietnamese, so the same pairs come again in many phrases. Where each word by
//! itself is in a large part of the documents, to look through their positions is by far the most that a phrase costs.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use super::matching::Matcher;
use super::{Bits, WordKey};
use crate::error::Result;
use crate::plan::PhrasePlan;
use crate::rank::Word;

/// Two words of a phrase in one segment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct PairKey {
    segment: usize,
    left: WordKey,
    right: WordKey,
    /// How many positions the right one stands after the left one.
    distance: u32,
}

/// What is remembered of pairs.
#[derive(Debug, Default)]
pub(super) struct Neighbours {
    pairs: Mutex<Pairs>,
}

#[derive(Debug, Default)]
struct Pairs {
    /// The documents; none for a pair that was asked for once.
    found: FxHashMap<PairKey, Option<Arc<Bits>>>,
    /// Of all sets.
    bytes: usize,
}

/// Bytes of sets that are remembered, about, at most.
const REMEMBERED_BYTES: usize = 16 << 20;

/// Pairs that are remembered, at most.
const REMEMBERED_PAIRS: usize = 1 << 14;

/// What is known of a pair.
enum Known {
    /// It is asked for the first time.
    New,
    Asked,
    Found(Arc<Bits>),
}

impl Neighbours {
    fn of(&self, key: &PairKey) -> Known {
        let mut pairs = self.pairs.lock().unwrap_or_else(PoisonError::into_inner);
        match pairs.found.get(key) {
            Some(Some(found)) => return Known::Found(Arc::clone(found)),
            Some(None) => return Known::Asked,
            None => {}
        }
        pairs.make_room();
        pairs.found.insert(key.clone(), None);
        Known::New
    }

    fn remember(&self, key: PairKey, found: Arc<Bits>) {
        let mut pairs = self.pairs.lock().unwrap_or_else(PoisonError::into_inner);
        pairs.make_room();
        pairs.bytes += found.bytes();
        pairs.found.insert(key, Some(found));
    }
}

impl Pairs {
    fn make_room(&mut self) {
        if self.bytes >= REMEMBERED_BYTES || self.found.len() >= REMEMBERED_PAIRS {
            *self = Pairs::default();
        }
    }
}

/// The documents that hold all pairs of common words of a phrase, as far as that is known: they are found for a pair
/// that is asked for again. `None` if nothing is known. `find` looks for a phrase.
pub(super) fn of_phrase(
    matcher: &Matcher<'_>,
    plan: &PhrasePlan,
    find: impl Fn(&PhrasePlan) -> Result<Bits>,
) -> Result<Option<Bits>> {
    let mut all: Option<Bits> = None;
    let is_common = |word: &Word| {
        let postings = matcher.postings(word);
        postings.is_common(matcher.view.documents()) && postings.added().is_empty()
    };
    for (words, offsets) in plan.words.windows(2).zip(plan.offsets.windows(2)) {
        let (left, right) = (matcher.planned.word(words[0]), matcher.planned.word(words[1]));
        if plan.slop > 0 || !is_common(left) || !is_common(right) {
            continue;
        }
        let key = PairKey {
            segment: matcher.view.ordinal,
            left: WordKey::of(left),
            right: WordKey::of(right),
            distance: offsets[1] - offsets[0],
        };
        let found = match matcher.view.cache.neighbours.of(&key) {
            Known::New => continue,
            Known::Found(found) => found,
            Known::Asked => {
                let pair = PhrasePlan {
                    words: words.to_vec(),
                    offsets: offsets.to_vec(),
                    slop: 0,
                    last: None,
                    fields: Arc::clone(&plan.fields),
                };
                let found = Arc::new(find(&pair)?);
                matcher.view.cache.neighbours.remember(key, Arc::clone(&found));
                found
            }
        };
        match &mut all {
            Some(all) => all.and(&found),
            None => all = Some((*found).clone()),
        }
    }
    Ok(all)
}
