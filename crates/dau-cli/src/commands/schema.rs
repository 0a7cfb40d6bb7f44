//! `dau schema`: the index's schema, or the one that files would get.

use std::io::Write;

use anyhow::{Result, bail};
use dau::Index;

use super::reading;
use crate::args::schema::Arguments;
use crate::error::Exit;
use crate::input::Input;
use crate::output::{self, Out};
use crate::resolve::Settings;

/// Prints a schema as TOML, as `dau index --schema` reads it.
pub(crate) fn run(arguments: &Arguments, settings: &Settings) -> Result<Exit> {
    let mut exit = Exit::Done;
    let schema = if arguments.files.is_empty() {
        Index::open(&settings.index)?.schema().clone()
    } else {
        let mut input = Input::new(&arguments.files, reading::options(&arguments.reading, settings));
        let sample = reading::sample(&mut input);
        for problem in sample.iter().filter_map(|item| item.as_ref().err()) {
            output::note(settings, &format!("{}\n", output::escape::text(&problem.to_string())));
            exit = Exit::Failed;
        }
        if !sample.iter().any(Result::is_ok) {
            bail!("there is no record to infer a schema from");
        }
        reading::infer(&sample, &arguments.choice)?
    };
    let mut out = Out::new(settings);
    out.write_all(schema.to_toml().as_bytes())?;
    out.flush()?;
    Ok(exit)
}
