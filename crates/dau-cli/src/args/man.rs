//! `dau man`.

use std::path::PathBuf;

use clap::Args;

/// Print manual pages.
#[derive(Args, Clone, Debug)]
pub(crate) struct Arguments {
    /// Command whose page to print [default: the page of dau itself]
    #[arg(value_name = "COMMAND", conflicts_with = "dir")]
    pub(crate) command: Option<String>,

    /// Write the pages of all commands into this folder instead
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
}
