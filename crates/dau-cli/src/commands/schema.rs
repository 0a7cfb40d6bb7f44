//! `dau schema`: the index's schema, or the one that files would get.

use std::io::Write;

use anyhow::{Result, bail};
use dau::Index;

use super::reading;
use crate::args::schema::Arguments;
use crate::error::Exit;
use crate::input::{Input, Problem};
use crate::output::{self, Out};
use crate::resolve::Settings;

/// Prints a schema as TOML, as `dau index --schema` reads it.
pub(crate) fn run(arguments: &Arguments, settings: &Settings) -> Result<Exit> {
    let mut exit = Exit::Done;
    let schema = if arguments.files.is_empty() {
        Index::open(&settings.index)?.schema().clone()
    } else {
        let mut input = Input::new(&arguments.files, reading::options(&arguments.reading, settings));
        let mut tell = |problem: &Problem| {
            output::note(settings, &format!("{}\n", output::escape::text(&problem.to_string())));
            exit = Exit::Failed;
            true
        };
        let sample = reading::sample(&mut input, &mut tell);
        for problem in sample.iter().filter_map(|item| item.as_ref().err()) {
            tell(problem);
        }
        if sample.is_empty() {
            bail!("there is no record to infer a schema from");
        }
        reading::infer(&sample, &arguments.choice)?
    };
    let mut out = Out::new(settings);
    out.write_all(schema.to_toml().as_bytes())?;
    out.flush()?;
    Ok(exit)
}
