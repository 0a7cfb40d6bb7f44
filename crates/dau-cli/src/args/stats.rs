//! `dau stats`.

use clap::Args;

use super::values::ReportFormat;

/// Show what the index holds and how large it is.
#[derive(Args, Clone, Debug)]
pub(crate) struct Arguments {
    /// Format of the output
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: ReportFormat,
}
