//! What is read as one, a long posting list or the merged short ones of a word, and the orders in which that is done.

use std::sync::Arc;

use smallvec::{SmallVec, smallvec};
use tantivy::DocId;

use super::entries::Entries;
use super::impacts::Impacts;
use super::tail::Posting;
use super::top::{Held, Stands};
use super::{List, Word};
use crate::error::Result;
use crate::search::SegmentView;

/// A long posting list, the merged short ones of a word, or all of a word.
pub(crate) struct Unit<'a> {
    /// Position of the word in the query.
    word: usize,
    pub(super) source: Source<'a>,
    /// Postings.
    pub(super) len: u32,
    /// No document gets more than this from the marked and from the folded evidence.
    marked: f32,
    folded: f32,
}

/// Where the postings are.
pub(super) enum Source<'a> {
    /// In the list with this number.
    List(usize),
    /// In memory, for lists that are numbered from `first` on.
    Tail { first: usize, postings: &'a [Posting] },
    /// In memory too, as impacts, for lists that are numbered from `first` on.
    Impacts { first: usize, impacts: Arc<Impacts>, entries: &'a Entries, step: f32 },
}

impl Unit<'_> {
    /// Whether what it gives to a document is known but for rounding once it is read.
    fn is_leader(&self) -> bool {
        !matches!(&self.source, Source::Impacts { impacts, .. } if !impacts.is_exact())
    }

    /// Whether its postings are in memory.
    pub(super) fn is_in_memory(&self) -> bool {
        !matches!(self.source, Source::List(_))
    }

    pub(super) fn has_impacts(&self) -> bool {
        matches!(self.source, Source::Impacts { .. })
    }

    fn most(&self) -> f32 {
        self.marked + self.folded
    }
}

/// The units of the words of a query in one segment. `lists` are the words' lists there.
pub(crate) fn open_units<'a>(words: &'a [Word], lists: &[List], view: &SegmentView<'_>) -> Result<Vec<Unit<'a>>> {
    let mut units = Vec::new();
    let mut first = 0;
    for (position, word) in words.iter().enumerate() {
        let postings = &word.segments[view.ordinal];
        let own = &lists[first..first + postings.lists().len()];
        if let Some((entries, impacts)) = postings.impacts(word, own, view)? {
            let (len, most) = (entries.count(), impacts.most(word.worth()));
            let source = Source::Impacts { first, step: impacts.step(word.worth()), impacts, entries };
            units.push(Unit { word: position, source, len, marked: most, folded: 0.0 });
            first += own.len();
            continue;
        }
        for (number, list) in postings.long() {
            let (marked, folded) = lists[first + number].most();
            let source = Source::List(first + number);
            units.push(Unit { word: position, source, len: list.info.doc_freq, marked, folded });
        }
        let bounds = postings.short().map(|(number, _)| lists[first + number].most());
        let greater = |a: (f32, f32), b: (f32, f32)| (a.0.max(b.0), a.1.max(b.1));
        if let Some((marked, folded)) = bounds.reduce(greater) {
            let postings = postings.tail(view)?.postings();
            let source = Source::Tail { first, postings };
            units.push(Unit { word: position, source, len: postings.len() as u32, marked, folded });
        }
        first += postings.lists().len();
    }
    Ok(units)
}

/// Notes in `held` which lists of a word, numbered from `first` on, hold a document, by what is in memory of the word.
pub(super) fn known(first: usize, entries: &Entries, lists: &[List], doc: DocId, held: &mut Vec<Held>) {
    for holding in entries.of_document(doc) {
        let (list, stands) = (first + holding.list as usize, entries.stands(holding));
        held.push(held_by(list, lists, doc, holding.frequency, stands));
    }
}

/// The same by the postings that a tail has for the document.
pub(super) fn of_tail(first: usize, postings: &[Posting], lists: &[List], held: &mut Vec<Held>) {
    for posting in postings {
        let list = first + posting.list as usize;
        held.push(held_by(list, lists, posting.doc, posting.frequency, Stands::Unread));
    }
}

fn held_by(list: usize, lists: &[List], doc: DocId, frequency: u32, stands: Stands) -> Held {
    let x = frequency as f32 * lists[list].norms.factors()[doc as usize];
    Held { list: list as u32, x, stands }
}

/// Numbers of units.
type Numbers = SmallVec<[usize; 16]>;

/// What units add from each place on.
type Rest = SmallVec<[f32; 16]>;

/// An order in which units are read.
pub(crate) struct Order {
    /// Numbers of the units.
    pub(crate) numbers: Numbers,
    /// What the units from each place on add to a document at most, together; and 0 at the end.
    pub(crate) rest: Rest,
    /// The number of leading units, if these come first. Then no two of the first ones are of the same word.
    pub(crate) leaders: Option<usize>,
}

impl Order {
    /// Impacts come first, for they are added up whatever they can give; then the units that can give most.
    pub(crate) fn by_strength(units: &[Unit<'_>]) -> Order {
        let numbers = by_strength(units);
        Order { rest: rest_of(units, numbers.iter().copied()), numbers, leaders: None }
    }

    /// The order of the query; any unit may give anything.
    pub(crate) fn as_they_come(units: &[Unit<'_>]) -> Order {
        Order { numbers: (0..units.len()).collect(), rest: smallvec![f32::INFINITY; units.len() + 1], leaders: None }
    }

    /// Of each word the unit that can give most, the longest of such, comes before all others.
    pub(crate) fn leaders_first(units: &[Unit<'_>]) -> Order {
        let mut numbers = by_strength(units);
        let mut leads: SmallVec<[bool; 16]> = smallvec![false; units.len()];
        let strength = |&number: &usize| (units[number].most(), units[number].len);
        let weaker = |a: &usize, b: &usize| {
            let (a, b) = (strength(a), strength(b));
            a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))
        };
        let mut first = 0;
        // The units of a word follow each other.
        for of_word in units.chunk_by(|a, b| a.word == b.word) {
            let of_word = first..first + of_word.len();
            first = of_word.end;
            if let Some(leader) = of_word.filter(|&number| units[number].is_leader()).max_by(weaker) {
                leads[leader] = true;
            }
        }
        numbers.sort_by_key(|&number| !leads[number]);
        let leaders = leads.iter().filter(|&&leads| leads).count();
        Order { rest: rest_of(units, numbers.iter().copied()), numbers, leaders: Some(leaders) }
    }
}

/// The numbers of the units in the order of [`Order::by_strength`].
fn by_strength(units: &[Unit<'_>]) -> Numbers {
    let mut numbers: Numbers = (0..units.len()).collect();
    numbers.sort_by(|&a, &b| {
        let by_impacts = units[b].has_impacts().cmp(&units[a].has_impacts());
        by_impacts.then(units[b].most().total_cmp(&units[a].most()))
    });
    numbers
}

/// What a document scores at most.
pub(super) fn most_of_all(units: &[Unit<'_>]) -> f32 {
    rest_of(units, 0..units.len())[0]
}

/// What several units of one word give together is bounded by what the word gives: they share one saturation.
fn rest_of(units: &[Unit<'_>], numbers: impl DoubleEndedIterator<Item = usize> + ExactSizeIterator) -> Rest {
    // Whether the marked and the folded evidence of each word are in the sum.
    let words = units.last().map_or(0, |unit| unit.word + 1);
    let mut counted: SmallVec<[(bool, bool); 16]> = smallvec![(false, false); words];
    let mut sum = 0.0f64;
    let mut rest: Rest = smallvec![0.0; numbers.len() + 1];
    for (place, number) in numbers.enumerate().rev() {
        let unit = &units[number];
        let (marked, folded) = &mut counted[unit.word];
        if unit.marked > 0.0 && !std::mem::replace(marked, true) {
            sum += f64::from(unit.marked);
        }
        if unit.folded > 0.0 && !std::mem::replace(folded, true) {
            sum += f64::from(unit.folded);
        }
        // Rounding must never bring a bound below what it bounds.
        rest[place] = (sum * 1.000_001) as f32;
    }
    rest
}
