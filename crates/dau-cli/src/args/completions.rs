//! `dau completions`.

use clap::Args;
use clap_complete::Shell;

/// Print shell completions.
#[derive(Args, Clone, Debug)]
pub(crate) struct Arguments {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(crate) shell: Shell,
}
