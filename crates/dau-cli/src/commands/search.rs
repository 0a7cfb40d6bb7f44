//! `dau search`: one query, or a file of them on one opened index.

use std::io::Write;

use anyhow::{Result, bail};
use dau::{Count, Highlight, Index, Results, Returning, Search, Searcher};

use super::queries;
use crate::args::search::{Arguments, HitFormat};
use crate::error::{Exit, RefusedQuery};
use crate::output::{Out, human, json, lines};
use crate::resolve::Settings;

/// Finds documents.
pub(crate) fn run(arguments: &Arguments, settings: &Settings) -> Result<Exit> {
    let index = Index::open(&settings.index)?;
    check_fields(arguments, &index)?;
    let printer = Printer { arguments, searcher: index.searcher()?, batch: arguments.batch.queries.is_some() };
    let mut out = Out::new(settings);
    if arguments.format == HitFormat::Tsv && !arguments.count {
        lines::tsv_header(&mut out, printer.batch, &arguments.show)?;
    }
    let mut found = false;
    match &arguments.batch.queries {
        Some(path) => {
            for query in queries::read(path)? {
                found |= printer.one(&mut out, Some(&query.id), &query.text)?;
            }
        }
        None => found = printer.one(&mut out, None, &arguments.query.join(" "))?,
    }
    out.flush()?;
    Ok(if found { Exit::Done } else { Exit::Nothing })
}

/// Sees that the fields that are only named for printing exist: a typing error would go unseen.
fn check_fields(arguments: &Arguments, index: &Index) -> Result<()> {
    let schema = index.schema();
    // An index that keeps fields its schema does not name may have any.
    if schema.unknown() == dau::Unknown::Keep {
        return Ok(());
    }
    for name in &arguments.show {
        if schema.field(name).is_none() && schema.id_field() != Some(name) {
            let known: Vec<_> = schema.fields().iter().map(dau::Field::name).collect();
            bail!("--show {name}: expected a field of the index, one of {}", known.join(", "));
        }
    }
    Ok(())
}

struct Printer<'a> {
    arguments: &'a Arguments,
    searcher: Searcher,
    batch: bool,
}

impl Printer<'_> {
    /// Runs one query and prints what it finds; says whether it found anything.
    fn one(&self, out: &mut Out, id: Option<&str>, text: &str) -> Result<bool> {
        let arguments = self.arguments;
        let results = self.searcher.search(&self.request(text)).map_err(|error| self.refused(text, error))?;
        if arguments.count && matches!(arguments.format, HitFormat::Human | HitFormat::Tsv | HitFormat::Trec) {
            match id {
                Some(id) => writeln!(out, "{id}\t{}", results.total)?,
                None => writeln!(out, "{}", results.total)?,
            }
        } else {
            self.print(out, id, text, &results)?;
        }
        Ok(results.total > 0)
    }

    /// The error with the text that it points into: a filter's, if that alone is refused too, else the query's.
    fn refused(&self, text: &str, error: dau::Error) -> anyhow::Error {
        if error.span().is_none() {
            return error.into();
        }
        let strict = self.arguments.strict;
        let is_refused = |filter: &&String| {
            let alone = self.searcher.count(&Search::new("*").filter(filter.as_str()).strict(strict));
            alone.is_err_and(|alone| alone.to_string() == error.to_string())
        };
        let query = self.arguments.filters.iter().find(is_refused).map_or(text, String::as_str).to_owned();
        RefusedQuery { query, error }.into()
    }

    fn print(&self, out: &mut Out, id: Option<&str>, text: &str, results: &Results) -> Result<()> {
        let show = self.arguments.show.as_slice();
        let answer = json::Answer { query: text, id, results, show };
        match self.arguments.format {
            HitFormat::Human => human::answer(out, self.batch.then_some(text), results, human::Layout { show })?,
            HitFormat::Json => json::answer(out, &answer)?,
            HitFormat::Jsonl => json::answer_line(out, &answer)?,
            HitFormat::Tsv => lines::tsv(out, id, results, show)?,
            // A run needs a name for its query.
            HitFormat::Trec => lines::trec(out, id.unwrap_or("1"), results)?,
        }
        Ok(())
    }

    /// What of each hit is printed: reading a document from the store takes longer than finding it.
    fn needed(&self) -> Returning {
        match self.arguments.format {
            HitFormat::Trec => Returning::Ids,
            HitFormat::Tsv if self.arguments.show.is_empty() => Returning::Ids,
            _ => Returning::Documents,
        }
    }

    /// Whether all matching documents are counted: lines of hits do not tell the total. (After an offset there may be
    /// no hit though something matches, and then the exit code needs the total.)
    fn counting(&self) -> Count {
        let arguments = self.arguments;
        let lines = matches!(arguments.format, HitFormat::Trec | HitFormat::Tsv);
        if lines && !arguments.count && arguments.offset == 0 && arguments.limit > 0 {
            Count::None
        } else {
            Count::Exact
        }
    }

    fn request(&self, text: &str) -> Search {
        let arguments = self.arguments;
        let mut search = arguments
            .words
            .search(text)
            .limit(if arguments.count { 0 } else { arguments.limit })
            .offset(arguments.offset)
            .strict(arguments.strict)
            .returning(self.needed())
            .count(self.counting())
            .explain(arguments.explain);
        for filter in &arguments.filters {
            search = search.filter(filter);
        }
        if let Some(sort) = &arguments.sort {
            search = search.sort_by(&sort.field, sort.order);
        }
        for facet in &arguments.facets {
            search = search.facet(facet, arguments.facet_values);
        }
        let has_snippets = matches!(arguments.format, HitFormat::Human | HitFormat::Json | HitFormat::Jsonl);
        if has_snippets && arguments.snippet > 0 && !arguments.count {
            search = search.highlight(Highlight::new().chars(arguments.snippet));
        }
        search
    }
}
