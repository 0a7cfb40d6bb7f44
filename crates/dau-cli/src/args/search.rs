//! `dau search`.

use clap::{Args, ValueEnum};

use super::values::{QueryFile, Sort, WordOptions, positive, sort};

/// Find documents.
///
/// Whatever is typed is a query: words, "phrases", +must, -not, AND OR NOT, (groups), field:word, prefix*.
#[derive(Args, Clone, Debug)]
pub(crate) struct Arguments {
    /// What to find; several words are one query
    ///
    /// A query that begins with a hyphen goes after `--`, and so does any that might be taken for an option.
    #[arg(value_name = "QUERY", required_unless_present = "queries", conflicts_with = "queries")]
    pub(crate) query: Vec<String>,

    #[command(flatten)]
    pub(crate) batch: QueryFile,

    /// Most hits a query
    #[arg(short = 'n', long, value_name = "N", default_value_t = 10)]
    pub(crate) limit: usize,

    /// Hits to leave out from the top
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) offset: usize,

    #[command(flatten)]
    pub(crate) words: WordOptions,

    /// Only documents that this query finds; not scored (repeatable)
    ///
    /// A filter is taken at its word: its plain words must all be there as they were typed, and NAME:VALUE names a field. Text
    /// with a colon that is meant as words goes in quotes: --filter '"a:b"'.
    #[arg(long = "filter", value_name = "QUERY")]
    pub(crate) filters: Vec<String>,

    /// Sort by a field: FIELD, FIELD:asc or FIELD:desc
    #[arg(long, value_name = "FIELD[:ORDER]", value_parser = sort)]
    pub(crate) sort: Option<Sort>,

    /// Count the values of a field among all hits (repeatable)
    #[arg(long = "facet", value_name = "FIELD")]
    pub(crate) facets: Vec<String>,

    /// Most values a facet gives
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = positive)]
    pub(crate) facet_values: usize,

    /// Fields to print [default: human: title; tsv: none; else: all]
    #[arg(long, value_name = "FIELD,…", value_delimiter = ',')]
    pub(crate) show: Vec<String>,

    /// Letters of a snippet; 0: none
    #[arg(long, value_name = "CHARS", default_value_t = 150)]
    pub(crate) snippet: usize,

    /// Print only how many documents match
    #[arg(long)]
    pub(crate) count: bool,

    /// Say why each hit stands where it stands
    #[arg(long)]
    pub(crate) explain: bool,

    /// A malformed query is an error that points at the place
    #[arg(long)]
    pub(crate) strict: bool,

    /// Format of the output
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: HitFormat,
}

/// Formats of hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum HitFormat {
    /// For reading
    Human,
    /// An object a query
    Json,
    /// An object a query, each on one line
    Jsonl,
    /// A line a hit: rank, id, score, fields
    Tsv,
    /// A line a hit, as trec_eval reads it
    Trec,
}
