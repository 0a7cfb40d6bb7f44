//! `dau delete`: by id or by query.

use std::io::Write;

use anyhow::{Result, bail};
use dau::{Index, Search};

use crate::args::delete::Arguments;
use crate::error::{Exit, RefusedQuery};
use crate::output::{Out, human, json};
use crate::resolve::Settings;

#[derive(serde::Serialize)]
struct Summary {
    deleted: u64,
    documents: u64,
}

/// Deletes documents and says how many.
pub(crate) fn run(arguments: &Arguments, settings: &Settings) -> Result<Exit> {
    let index = Index::open(&settings.index)?;
    let mut writer = index.writer()?;
    if let Some(filter) = &arguments.filter {
        if filter.trim().is_empty() {
            bail!("--filter: expected a query, found nothing; to delete everything remove the index's folder");
        }
        // As a filter, which is taken at its word: what is meant to be deleted is named and not guessed.
        let refused = |error| RefusedQuery { query: filter.clone(), error };
        writer.delete_matching(&Search::new("*").filter(filter)).map_err(refused)?;
    }
    if !arguments.ids.is_empty() && index.schema().id_field().is_none() {
        bail!("the documents of this index have no ids: --filter QUERY deletes by what they hold");
    }
    for id in &arguments.ids {
        writer.delete(id);
    }
    let commit = writer.commit()?;
    writer.wait_merges()?;
    let summary = Summary { deleted: commit.deleted, documents: commit.documents };
    let mut out = Out::new(settings);
    if arguments.json {
        json::compact(&mut out, &summary)?;
    } else {
        let noun = if summary.deleted == 1 { "document" } else { "documents" };
        writeln!(
            out,
            "{} {noun} deleted, {} left",
            human::grouped(summary.deleted),
            human::grouped(summary.documents)
        )?;
    }
    out.flush()?;
    Ok(Exit::Done)
}
