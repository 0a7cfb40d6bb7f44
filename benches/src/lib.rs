//! Measurements of `dau` beside stock tantivy, through public interfaces only.
//!
//! Programs: `quality` ranks evaluation sets and scores the rankings; `sweep` and `ablation` do so under other settings; `speed` times
//! analysis, indexing and searching; `game` checks what the program counts, and times it from outside.
//! This library holds what they share. `README.md` says how to run them; `record/` keeps runs that were quoted somewhere.

pub mod data;
pub mod engine;
pub mod floor;
pub mod footprint;
pub mod game;
pub mod latency;
pub mod ours;
pub mod program;
pub mod quality;
pub mod record;
pub mod samples;
pub mod score;
pub mod settings;
pub mod stock;
pub mod table;
pub mod variants;
