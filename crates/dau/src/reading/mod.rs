//! What was meant by what was typed: marks left out, keys of an input method, slips of the fingers. Knows nothing of
//! posting lists, scores or query trees.

mod chain;
mod keys;
mod near_terms;
mod slip;

pub(crate) use chain::{Affinity, State, read};
pub(crate) use keys::Keys;
pub(crate) use near_terms::NearTerms;
pub(crate) use slip::{Fingers, Slip, near_syllables};
