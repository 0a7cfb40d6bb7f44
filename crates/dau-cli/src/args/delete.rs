//! `dau delete`.

use clap::Args;

/// Delete documents by id or by query.
#[derive(Args, Clone, Debug)]
pub(crate) struct Arguments {
    /// Ids of the documents
    #[arg(value_name = "ID", required_unless_present = "filter", conflicts_with = "filter")]
    pub(crate) ids: Vec<String>,

    /// Delete every document that this query finds as a filter
    ///
    /// As with `dau search --filter`: its plain words must all be there as they were typed.
    #[arg(long, value_name = "QUERY")]
    pub(crate) filter: Option<String>,

    /// Print the number as a JSON object
    #[arg(long)]
    pub(crate) json: bool,
}
