//! `dau optimize`.

use clap::Args;

/// Merge segments and free deleted documents.
#[derive(Args, Clone, Debug)]
pub(crate) struct Arguments {}
