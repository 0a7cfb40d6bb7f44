//! `dau get`: stored documents by id.

use std::io::Write;

use anyhow::{Result, bail};
use dau::Index;

use crate::args::get::Arguments;
use crate::error::Exit;
use crate::output::{self, Out, json};
use crate::resolve::Settings;

/// Prints stored documents as JSON lines, in the order asked for. Ids that are not there are told.
pub(crate) fn run(arguments: &Arguments, settings: &Settings) -> Result<Exit> {
    let index = Index::open(&settings.index)?;
    if index.schema().id_field().is_none() {
        bail!("the documents of this index have no ids; `dau search --filter` finds them by their fields");
    }
    let searcher = index.searcher()?;
    let mut out = Out::new(settings);
    let mut exit = Exit::Nothing;
    for id in &arguments.ids {
        match searcher.get(id)? {
            Some(document) => {
                json::compact(&mut out, document.as_map())?;
                exit = Exit::Done;
            }
            None => {
                out.flush()?;
                output::complain(settings, "warning", &format!("there is no document with the id {id:?}"));
            }
        }
    }
    out.flush()?;
    Ok(exit)
}
