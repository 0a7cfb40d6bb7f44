//! `dau man`: manual pages out of the same text as `--help`.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use clap::{Command, CommandFactory};
use clap_mangen::Man;

use crate::args::Cli;
use crate::args::man::Arguments;
use crate::error::Exit;
use crate::output::Out;
use crate::resolve::Settings;

/// Prints one manual page, or writes all of them into a folder.
pub(crate) fn run(arguments: &Arguments, settings: &Settings) -> Result<Exit> {
    let mut root = Cli::command();
    root.build();
    if let Some(folder) = &arguments.dir {
        write_all(&root, folder)?;
        return Ok(Exit::Done);
    }
    let page = match &arguments.command {
        None => page(&root)?,
        Some(name) => match root.find_subcommand(name) {
            Some(command) => page(command)?,
            None => {
                let known: Vec<_> = root.get_subcommands().map(Command::get_name).collect();
                bail!("expected one of the commands {}, found {name:?}", known.join(", "));
            }
        },
    };
    let mut out = Out::new(settings);
    out.write_all(&page)?;
    out.flush()?;
    Ok(Exit::Done)
}

fn write_all(root: &Command, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    for command in std::iter::once(root).chain(root.get_subcommands()) {
        let path = folder.join(format!("{}.1", title(command)));
        fs::write(&path, page(command)?).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// The page's name: `dau`, `dau-search`.
fn title(command: &Command) -> String {
    match command.get_name() {
        "dau" => "dau".to_owned(),
        name => format!("dau-{name}"),
    }
}

fn page(command: &Command) -> Result<Vec<u8>> {
    let mut page = Vec::new();
    Man::new(command.clone()).title(title(command)).render(&mut page)?;
    Ok(page)
}
