//! `dau stats`: what the index holds.

use std::io::Write;

use anyhow::Result;
use dau::Index;

use crate::args::stats::Arguments;
use crate::args::values::ReportFormat;
use crate::error::Exit;
use crate::output::{Out, json, report};
use crate::resolve::Settings;

#[derive(serde::Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    stats: &'a dau::Stats,
    /// The schema, as TOML.
    schema: String,
}

/// Shows counts and sizes.
pub(crate) fn run(arguments: &Arguments, settings: &Settings) -> Result<Exit> {
    let index = Index::open(&settings.index)?;
    let stats = index.stats()?;
    let mut out = Out::new(settings);
    match arguments.format {
        ReportFormat::Human => {
            report::stats(&mut out, &stats)?;
            write!(out, "\n{}", index.schema().to_toml())?;
        }
        ReportFormat::Json => {
            let schema = index.schema().to_toml();
            json::pretty(&mut out, &Report { stats: &stats, schema })?;
        }
    }
    out.flush()?;
    Ok(Exit::Done)
}
