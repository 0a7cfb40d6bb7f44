//! Paths to files: folders are walked, ignore files obeyed. Opens nothing.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::source::{Source, shown};
use super::{Options, Place, Problem};

/// Lists the files under `paths`, each folder's in the order of their names.
pub(crate) fn sources(paths: &[PathBuf], options: &Options) -> Vec<Result<Source, Problem>> {
    if paths.is_empty() {
        return vec![Ok(Source::stdin())];
    }
    let mut all = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            all.push(Ok(Source::stdin()));
            continue;
        }
        match std::fs::metadata(path) {
            Err(error) => all.push(Err(problem(path, &error.to_string()))),
            Ok(metadata) if metadata.is_dir() => walk(path, options, &mut all),
            Ok(metadata) => {
                let size = metadata.is_file().then_some(metadata.len());
                all.push(Ok(Source::file(path.clone(), true, size)));
            }
        }
    }
    all
}

fn walk(folder: &Path, options: &Options, all: &mut Vec<Result<Source, Problem>>) {
    let skip = options.skip.as_deref().and_then(|path| path.canonicalize().ok());
    let walk = ignore::WalkBuilder::new(folder)
        .require_git(false)
        .sort_by_file_path(Path::cmp)
        .filter_entry(move |entry| {
            let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            // Only folders are compared: one look-up a folder, not one a file.
            !is_folder || skip.is_none() || entry.path().canonicalize().ok() != skip
        })
        .build();
    for entry in walk {
        match entry {
            Err(error) => all.push(Err(walk_problem(folder, &error))),
            Ok(entry) => {
                if entry.file_type().is_some_and(|kind| kind.is_file()) {
                    let size = entry.metadata().ok().map(|metadata| metadata.len());
                    all.push(Ok(Source::file(entry.into_path(), false, size)));
                }
            }
        }
    }
}

fn walk_problem(folder: &Path, error: &ignore::Error) -> Problem {
    let mut path = folder;
    let mut inner = error;
    loop {
        match inner {
            ignore::Error::WithPath { path: at, err } => {
                path = at;
                inner = err;
            }
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
                inner = err;
            }
            // The system's own words, without a second mention of the path.
            ignore::Error::Io(error) => {
                let error = error.get_ref().map_or_else(|| error.to_string(), ToString::to_string);
                return problem(path, &error);
            }
            _ => return problem(path, &inner.to_string()),
        }
    }
}

fn problem(path: &Path, reason: &str) -> Problem {
    Problem { place: Place::file(&Arc::from(shown(path))), reason: format!("cannot be read: {reason}") }
}
