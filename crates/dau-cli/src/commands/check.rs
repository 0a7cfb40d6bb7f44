//! `dau check`: is the index sound?

use std::io::Write;

use anyhow::Result;
use dau::Index;

use crate::args::check::Arguments;
use crate::args::values::ReportFormat;
use crate::error::Exit;
use crate::output::{Out, json, report};
use crate::resolve::Settings;

/// Verifies every checksum and the description, and says what is wrong.
pub(crate) fn run(arguments: &Arguments, settings: &Settings) -> Result<Exit> {
    let report = Index::check(&settings.index)?;
    let mut out = Out::new(settings);
    match arguments.format {
        ReportFormat::Human => report::check(&mut out, &report)?,
        ReportFormat::Json => json::pretty(&mut out, &report)?,
    }
    out.flush()?;
    Ok(if report.is_clean() { Exit::Done } else { Exit::Failed })
}
