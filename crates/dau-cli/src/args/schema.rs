//! `dau schema`.

use std::path::PathBuf;

use clap::Args;

use super::values::{Reading, SchemaChoice};

/// Print the schema of the index, or the one that files would get.
#[derive(Args, Clone, Debug)]
pub(crate) struct Arguments {
    /// Files or folders to infer a schema from [default: the index's own]
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) choice: SchemaChoice,

    #[command(flatten)]
    pub(crate) reading: Reading,
}
