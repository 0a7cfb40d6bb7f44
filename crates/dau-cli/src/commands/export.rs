//! `dau export`: everything that is stored.

use std::io::Write;

use anyhow::Result;
use dau::Index;

use crate::args::export::Arguments;
use crate::error::Exit;
use crate::output::{Out, json};
use crate::resolve::Settings;

/// Prints every document as JSON lines, as `dau index` reads them.
pub(crate) fn run(_: &Arguments, settings: &Settings) -> Result<Exit> {
    let searcher = Index::open(&settings.index)?.searcher()?;
    let mut out = Out::new(settings);
    for document in searcher.documents() {
        json::compact(&mut out, document?.as_map())?;
    }
    out.flush()?;
    Ok(Exit::Done)
}
