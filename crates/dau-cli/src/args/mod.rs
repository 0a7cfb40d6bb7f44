//! What can be typed: one file a subcommand, clap types and their help. Reads no file and no environment variable.

pub(crate) mod analyze;
pub(crate) mod bench;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod delete;
pub(crate) mod export;
pub(crate) mod get;
pub(crate) mod index;
pub(crate) mod man;
pub(crate) mod optimize;
pub(crate) mod schema;
pub(crate) mod search;
pub(crate) mod stats;
pub(crate) mod synonyms;
pub(crate) mod values;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Full-text search for Vietnamese, however it is typed.
#[derive(Debug, Parser)]
#[command(name = "dau", version, propagate_version = true, after_help = AFTER_HELP)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const AFTER_HELP: &str = "\
Exit codes: 0 done; 1 nothing found (search, get); 2 an error, or a record that could not be indexed.

Examples:
  dau index news/                 index a folder of text, Markdown, HTML, JSON lines, CSV …
  dau search 'to lam' -n 5        find the five best, whatever marks were typed
  dau search '\"chính phủ\" +luật' --format json";

/// Where the help lists the options of every command.
const GLOBAL: &str = "Options of every command";

/// Options of every command.
#[derive(Args, Clone, Debug)]
pub(crate) struct Global {
    /// Folder of the index [default: $DAU_INDEX, else the nearest .dau]
    ///
    /// Without this option the index is $DAU_INDEX, else the folder .dau here or in the nearest folder above.
    #[arg(long, global = true, value_name = "DIR", help_heading = GLOBAL)]
    pub(crate) index: Option<PathBuf>,

    /// When to use colour: auto, always or never
    ///
    /// `auto` colours what goes to a terminal, unless NO_COLOR is set and not empty.
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_possible_values = true,
        help_heading = GLOBAL
    )]
    pub(crate) color: When,
}

/// When to do what only a terminal understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The commands. Their arguments say what they do: a line here would hide the longer help there.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Index(index::Arguments),
    Search(search::Arguments),
    Get(get::Arguments),
    Delete(delete::Arguments),
    Analyze(analyze::Arguments),
    Stats(stats::Arguments),
    Schema(schema::Arguments),
    Synonyms(synonyms::Arguments),
    Bench(bench::Arguments),
    Check(check::Arguments),
    Optimize(optimize::Arguments),
    Export(export::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

#[cfg(test)]
mod tests;
