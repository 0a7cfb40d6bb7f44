//! The program `dau`: parses its arguments, resolves them against the environment, runs. Never: analysis, ranking.

mod args;
mod commands;
mod error;
mod input;
mod output;
mod resolve;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let arguments = args::Cli::parse();
    let settings = resolve::Settings::new(&arguments.global, &resolve::Environment::read());
    match commands::run(arguments.command, &settings) {
        Ok(exit) => exit.into(),
        Err(error) => error::report(&error, &settings).into(),
    }
}
