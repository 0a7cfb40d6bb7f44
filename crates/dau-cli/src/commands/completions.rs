//! `dau completions`: for the user's shell.

use std::io::Write;

use anyhow::Result;
use clap::CommandFactory;

use crate::args::Cli;
use crate::args::completions::Arguments;
use crate::error::Exit;
use crate::output::Out;
use crate::resolve::Settings;

/// Prints shell completions.
pub(crate) fn run(arguments: &Arguments, settings: &Settings) -> Result<Exit> {
    // Generated into memory first: the generator does not hand back errors of writing.
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "dau", &mut script);
    let mut out = Out::new(settings);
    out.write_all(&script)?;
    out.flush()?;
    Ok(Exit::Done)
}
