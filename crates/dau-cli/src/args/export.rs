//! `dau export`.

use clap::Args;

/// Print every document as JSON lines.
#[derive(Args, Clone, Debug)]
pub(crate) struct Arguments {}
