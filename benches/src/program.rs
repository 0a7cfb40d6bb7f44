//! The program `dau` that is measured as a whole.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

/// Finds `dau` beside this program: built in the same folder, with the same profile.
///
/// # Errors
/// It is not there.
pub fn beside() -> Result<PathBuf> {
    let this = std::env::current_exe().context("cannot find this program")?;
    let program = this.with_file_name(format!("dau{}", std::env::consts::EXE_SUFFIX));
    if !program.is_file() {
        bail!("there is no program `dau` beside this one; build it with `cargo build --release -p dau-cli`");
    }
    Ok(program)
}
