//! `dau optimize`: one segment, nothing deleted in it.

use std::io::Write;

use anyhow::Result;
use dau::Index;

use crate::args::optimize::Arguments;
use crate::error::Exit;
use crate::output::{Out, human};
use crate::resolve::Settings;

/// Merges segments and frees deleted documents.
pub(crate) fn run(_: &Arguments, settings: &Settings) -> Result<Exit> {
    let index = Index::open(&settings.index)?;
    let before = index.stats()?.total_bytes;
    let mut writer = index.writer()?;
    writer.optimize()?;
    writer.wait_merges()?;
    let after = index.stats()?.total_bytes;
    let mut out = Out::new(settings);
    writeln!(out, "{} bytes before, {} after", human::grouped(before), human::grouped(after))?;
    out.flush()?;
    Ok(Exit::Done)
}
