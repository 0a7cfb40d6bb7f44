//! `dau synonyms`.

use std::path::PathBuf;

use clap::Args;

/// Print or set the synonyms of the index.
///
/// A line of the file is a group of wordings that stand for each other in queries, `UBND = Ủy ban nhân dân`, or one that also
/// means another, `a => b`. Lines that begin with # are comments. Nothing is indexed anew.
#[derive(Args, Clone, Debug)]
pub(crate) struct Arguments {
    /// File of synonyms, in the place of those that there are; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,

    /// Add the built-in abbreviations and foreign names of the administration
    #[arg(long)]
    pub(crate) administrative: bool,

    /// Remove all synonyms
    #[arg(long, conflicts_with_all = ["file", "administrative"])]
    pub(crate) clear: bool,
}
