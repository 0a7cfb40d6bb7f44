//! What each command does: settings in, library calls, results out. One file a subcommand.

mod analyze;
pub(crate) mod bench;
mod check;
mod completions;
mod delete;
mod export;
mod get;
mod index;
mod man;
mod optimize;
mod queries;
mod reading;
mod schema;
mod search;
mod stats;
mod synonyms;
mod text_file;

use anyhow::Result;

use crate::args::Command;
use crate::error::Exit;
use crate::resolve::Settings;

/// Runs one command.
pub(crate) fn run(command: Command, settings: &Settings) -> Result<Exit> {
    match command {
        Command::Index(arguments) => index::run(&arguments, settings),
        Command::Search(arguments) => search::run(&arguments, settings),
        Command::Get(arguments) => get::run(&arguments, settings),
        Command::Delete(arguments) => delete::run(&arguments, settings),
        Command::Analyze(arguments) => analyze::run(&arguments, settings),
        Command::Stats(arguments) => stats::run(&arguments, settings),
        Command::Schema(arguments) => schema::run(&arguments, settings),
        Command::Synonyms(arguments) => synonyms::run(&arguments, settings),
        Command::Bench(arguments) => bench::run(&arguments, settings),
        Command::Check(arguments) => check::run(&arguments, settings),
        Command::Optimize(arguments) => optimize::run(&arguments, settings),
        Command::Export(arguments) => export::run(&arguments, settings),
        Command::Completions(arguments) => completions::run(&arguments, settings),
        Command::Man(arguments) => man::run(&arguments, settings),
    }
}
