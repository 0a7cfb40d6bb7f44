//! `dau check`.

use clap::Args;

use super::values::ReportFormat;

/// Verify every checksum and the description of the index.
///
/// Ends with exit code 2 when something is wrong.
#[derive(Args, Clone, Debug)]
pub(crate) struct Arguments {
    /// Format of the output
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: ReportFormat,
}
