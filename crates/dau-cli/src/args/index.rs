//! `dau index`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::values::{Reading, SchemaChoice, positive, size};

/// Add or replace documents.
#[derive(Args, Clone, Debug)]
pub(crate) struct Arguments {
    /// Files or folders; - or nothing: standard input
    ///
    /// Folders are walked; files that ignore files name are left out. Files ending in .gz, .zst, .bz2 and .xz are
    /// unpacked.
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// Schema of a new index, a TOML file [default: inferred]
    #[arg(long, value_name = "FILE", conflicts_with_all = ["id", "kinds"])]
    pub(crate) schema: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) choice: SchemaChoice,

    #[command(flatten)]
    pub(crate) reading: Reading,

    /// Threads that index
    #[arg(long, value_name = "N", value_parser = positive)]
    pub(crate) threads: Option<usize>,

    /// Memory for documents not yet written, as 256M
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub(crate) memory: Option<usize>,

    /// Commit after every N records, not only at the end
    #[arg(long, value_name = "N", value_parser = positive)]
    pub(crate) commit_every: Option<usize>,

    /// What to do about a record that cannot be indexed: skip or stop
    ///
    /// `skip` tells it, goes on, and ends with exit code 2. `stop` ends at once and commits nothing.
    #[arg(long, value_name = "WHAT", default_value = "skip", hide_possible_values = true)]
    pub(crate) on_error: OnError,

    /// Print a summary as one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

/// What to do about a record that cannot be indexed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnError {
    /// Tell it and go on
    Skip,
    /// End at once and commit nothing
    Stop,
}
