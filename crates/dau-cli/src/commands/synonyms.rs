//! `dau synonyms`: wordings that stand for each other in queries.

use std::io::Write;

use anyhow::{Context, Result};
use dau::{Index, Synonyms};

use super::text_file;
use crate::args::synonyms::Arguments;
use crate::error::Exit;
use crate::output::{Out, escape, human};
use crate::resolve::Settings;

/// Prints the synonyms, or sets them and says how many groups there are.
pub(crate) fn run(arguments: &Arguments, settings: &Settings) -> Result<Exit> {
    let index = Index::open(&settings.index)?;
    let mut out = Out::new(settings);
    if arguments.file.is_none() && !arguments.administrative && !arguments.clear {
        let text = index.synonyms()?.to_string();
        let shown = if settings.out.terminal { escape::text(&text) } else { text.as_str().into() };
        out.write_all(shown.as_bytes())?;
    } else {
        let synonyms = wanted(arguments, &index)?;
        index.set_synonyms(&synonyms)?;
        let groups = synonyms.len();
        let noun = if groups == 1 { "group" } else { "groups" };
        writeln!(out, "{} {noun} of synonyms", human::grouped(groups as u64))?;
    }
    out.flush()?;
    Ok(Exit::Done)
}

fn wanted(arguments: &Arguments, index: &Index) -> Result<Synonyms> {
    let mut synonyms = match &arguments.file {
        Some(path) => {
            let text = text_file::read(path, "synonyms")?;
            Synonyms::parse(&text).with_context(|| path.display().to_string())?
        }
        None if arguments.clear => Synonyms::new(),
        None => index.synonyms()?,
    };
    if arguments.administrative {
        synonyms.add(&Synonyms::administrative());
    }
    Ok(synonyms)
}
