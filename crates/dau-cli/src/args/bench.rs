//! `dau bench`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::values::{ReportFormat, WordOptions, positive};

/// Measure latency and throughput on this index.
///
/// Each query runs several times and its best time counts, from its text to the ranks of its best hits: matching
/// documents are counted, and none is read, outside the timing.
#[derive(Args, Clone, Debug)]
pub(crate) struct Arguments {
    /// File of queries, as for `dau search --queries`
    #[arg(long, value_name = "FILE", required_unless_present = "protocol")]
    pub(crate) queries: Option<PathBuf>,

    /// Most hits a query
    #[arg(short = 'n', long, value_name = "N", default_value_t = 10, value_parser = positive)]
    pub(crate) limit: usize,

    /// How often each query runs
    #[arg(long, value_name = "R", default_value_t = 10, value_parser = positive)]
    pub(crate) repeat: usize,

    #[command(flatten)]
    pub(crate) words: WordOptions,

    /// Threads that search at the same time
    #[arg(long, value_name = "T", default_value_t = 1, value_parser = positive)]
    pub(crate) threads: usize,

    /// Format of the output
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: ReportFormat,

    /// Answer lines of command, tab and query from standard input
    ///
    /// `game` is the protocol of the search-benchmark-game: COUNT, TOP_10, TOP_100, TOP_10_COUNT and so on. COUNT and
    /// TOP_N_COUNT answer the number of matching documents, TOP_N answers 1.
    #[arg(long, value_name = "NAME", conflicts_with = "queries")]
    pub(crate) protocol: Option<Protocol>,
}

/// Protocols of benchmarks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Protocol {
    /// The search-benchmark-game's
    Game,
}
