//! Docs in which two common words stand side by side: found once, and remembered.
//!
//! Two syllables side by side are most words of Vietnamese, so the same pairs come again in many phrases. Where each word by
//! itself is in a large part of the documents, to look through their positions is by far the most that a phrase costs.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;
use tantivy::DocId;

use super::Bits;
use super::docs::Docs;
use super::matching::Matcher;
use crate::error::Result;
use crate::plan::PhrasePlan;
use crate::rank::{Word, WordIdentity};

/// Two words of a phrase in one segment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct PairKey {
    left: WordIdentity,
    right: WordIdentity,
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
    found: FxHashMap<PairKey, Option<Arc<Docs>>>,
    /// Of all documents.
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
    Found(Arc<Docs>),
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

    /// Forgets all pairs, which keep what is remembered of their words.
    pub(super) fn clear(&self) {
        *self.pairs.lock().unwrap_or_else(PoisonError::into_inner) = Pairs::default();
    }

    fn remember(&self, key: PairKey, found: Arc<Docs>) {
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
) -> Result<Option<Docs>> {
    let mut all = Vec::new();
    let is_common = |word: &Word| {
        let postings = matcher.postings(word);
        postings.is_common(matcher.view.documents()) && postings.added().is_empty()
    };
    for (words, offsets) in plan.words.windows(2).zip(plan.offsets.windows(2)) {
        let (left, right) = (matcher.planned.word(words[0]), matcher.planned.word(words[1]));
        if plan.slop > 0 || !is_common(left) || !is_common(right) {
            continue;
        }
        let identity = |word| matcher.postings(word).identity();
        let key = PairKey { left: identity(left), right: identity(right), distance: offsets[1] - offsets[0] };
        match matcher.view.cache.neighbours.of(&key) {
            Known::New => {}
            Known::Found(found) => all.push(found),
            Known::Asked => {
                let pair = PhrasePlan {
                    words: words.to_vec(),
                    offsets: offsets.to_vec(),
                    slop: 0,
                    last: None,
                    fields: Arc::clone(&plan.fields),
                };
                let found = Arc::new(Docs::of(find(&pair)?));
                matcher.view.cache.neighbours.remember(key, Arc::clone(&found));
                all.push(found);
            }
        }
    }
    Ok(in_all(&all))
}

/// The documents in which all of these pairs stand; `None` of none.
fn in_all(pairs: &[Arc<Docs>]) -> Option<Docs> {
    let fewest = pairs.iter().min_by_key(|pair| pair.most())?;
    let mut found = match &**fewest {
        Docs::Few(docs) => {
            let all_hold = |doc: &DocId| pairs.iter().all(|pair| pair.contains(*doc));
            return Some(Docs::Few(docs.iter().copied().filter(all_hold).collect()));
        }
        Docs::Many(set) => set.clone(),
    };
    for pair in pairs {
        if let Docs::Many(set) = &**pair {
            found.and(set);
        }
    }
    Some(Docs::Many(found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_of_all_pairs_whether_few_or_many() {
        let together = |docs: &mut dyn Iterator<Item = DocId>| Arc::new(Docs::of(Bits::of(1000, docs)));
        let (even, thirds, few, none) = (
            together(&mut (0..1000).step_by(2)),
            together(&mut (0..1000).step_by(3)),
            together(&mut [6, 7, 9, 999].into_iter()),
            together(&mut [].into_iter()),
        );
        let in_all = |pairs: &[&Arc<Docs>]| {
            let pairs: Vec<_> = pairs.iter().map(|&pair| Arc::clone(pair)).collect();
            super::in_all(&pairs).map(|set| set.into_bits(1000).iter().collect::<Vec<_>>())
        };
        assert!(matches!((&*even, &*few), (Docs::Many(_), Docs::Few(_))));
        assert_eq!(in_all(&[&even, &thirds]), Some((0..1000).step_by(6).collect()));
        assert_eq!(in_all(&[&thirds, &few]), Some(vec![6, 9, 999]));
        assert_eq!(in_all(&[&few, &thirds, &even]), Some(vec![6]));
        assert_eq!((in_all(&[&even, &none]), in_all(&[])), (Some(vec![]), None));
    }
}
