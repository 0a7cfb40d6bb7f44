//! `dau get`.

use clap::Args;

/// Print stored documents as JSON lines.
#[derive(Args, Clone, Debug)]
pub(crate) struct Arguments {
    /// Ids of the documents
    #[arg(value_name = "ID", required = true)]
    pub(crate) ids: Vec<String>,
}
