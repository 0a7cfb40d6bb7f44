//! Latency of searches on the two indexes that `indexing` left behind.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use dau::highlight::{FragmentOptions, Highlighter, Term};
use dau_benches::engine::Operator;
use dau_benches::latency::{Task, interleaved};
use dau_benches::ours::{Ours, OursSearcher, Shape};
use dau_benches::stock::{Chain, Stock, StockSearcher};
use dau_text::Scanner;

use crate::indexing::EngineName;
use crate::queries::{Queries, syllables};
use crate::report::Report;
use crate::rows::{Rows, Unit};
use crate::{Arguments, index_folder};

/// Hits of every search that returns any.
pub(crate) const LIMIT: usize = 10;

/// Opens both indexes and times every kind of search over headlines and over keyword queries cut from them.
pub(crate) fn measure(arguments: &Arguments, queries: &Queries, indexes: &Path, report: &mut Report) -> Result<()> {
    let folder = |engine| index_folder(indexes, engine);
    let stock = Stock::open(&folder(EngineName::Stock), Chain::Folding)?.searcher()?;
    let ours = Ours::open(&folder(EngineName::Dau))?.searcher()?;
    for (kind, queries) in queries.kinds() {
        if queries.is_empty() {
            continue;
        }
        let (rows, counts) = search(&stock, &ours, queries, arguments.repeat)?;
        let (number, length, repeat) = (queries.len(), syllables(queries), arguments.repeat);
        report.table(&format!("latency, {number} {kind} of {length:.1} syllables, best of {repeat}"), &rows)?;
        report.table(&format!("documents found by these {kind}"), &counts)?;
    }
    Ok(())
}

/// One kind of search: what it is called, and how each engine does it.
struct Kind {
    name: String,
    stock: StockTask,
    dau: (Operator, Shape),
}

#[derive(Clone, Copy)]
enum StockTask {
    Top(Operator),
    TopAndCount(Operator),
    Count(Operator),
    Documents,
    Snippets,
}

fn kinds() -> Vec<Kind> {
    let mut kinds = Vec::new();
    for operator in Operator::ALL {
        kinds.push(Kind {
            name: format!("top-10, {}", operator.as_str()),
            stock: StockTask::Top(operator),
            dau: (operator, Shape::Top),
        });
    }
    for operator in Operator::ALL {
        kinds.push(Kind {
            name: format!("count only, {}", operator.as_str()),
            stock: StockTask::Count(operator),
            dau: (operator, Shape::Count),
        });
    }
    let any = Operator::Any;
    for (name, stock, shape) in [
        ("top-10 and exact count, any", StockTask::TopAndCount(any), Shape::TopAndCount),
        ("top-10 with documents, any", StockTask::Documents, Shape::Documents),
        ("top-10 with documents and snippets, any", StockTask::Snippets, Shape::Snippets),
    ] {
        kinds.push(Kind { name: name.to_owned(), stock, dau: (any, shape) });
    }
    kinds
}

fn search(stock: &StockSearcher, ours: &OursSearcher, queries: &[String], repeat: usize) -> Result<(Rows, Rows)> {
    let (mut rows, mut counts) = (Rows::default(), Rows::default());
    for kind in kinds() {
        let mut theirs = |query: &str| kind.stock.run(stock, query);
        let mut mine = |query: &str| ours.run(query, kind.dau.0, kind.dau.1, LIMIT);
        let tasks: &mut [&mut Task<'_>] = &mut [&mut theirs, &mut mine];
        let comparison = interleaved(queries, repeat, tasks)?;
        let [stock, dau] = [comparison.latencies[0], comparison.latencies[1]];
        for (name, stock, dau) in
            [("p50", stock.p50, dau.p50), ("p99", stock.p99, dau.p99), ("mean", stock.mean, dau.mean)]
        {
            rows.push(format!("{}, {name}", kind.name), Unit::Microseconds, stock, dau);
        }
        if matches!(kind.stock, StockTask::Count(_)) {
            let what = format!("{} (differs for {} of {} queries)", kind.name, comparison.differing, queries.len());
            counts.push(what, Unit::Count, stock.found as f64, dau.found as f64);
        }
    }
    snippets_alone(stock, queries, repeat, &mut rows)?;
    Ok((rows, counts))
}

impl StockTask {
    /// Does the work for one query, from its text on, and says how many documents it found.
    fn run(self, searcher: &StockSearcher, query: &str) -> Result<usize> {
        match self {
            Self::Top(operator) => Ok(searcher.top(&*searcher.query(query, operator), LIMIT)?.len()),
            Self::TopAndCount(operator) => Ok(searcher.top_and_count(&*searcher.query(query, operator), LIMIT)?.1),
            Self::Count(operator) => searcher.count(&*searcher.query(query, operator)),
            Self::Documents => {
                let hits = searcher.top(&*searcher.query(query, Operator::Any), LIMIT)?;
                for &(_, address) in &hits {
                    std::hint::black_box(searcher.document(address)?);
                }
                Ok(hits.len())
            }
            Self::Snippets => {
                let query = searcher.query(query, Operator::Any);
                let hits = searcher.top(&*query, LIMIT)?;
                let snippets = searcher.snippets(&*query)?;
                for &(_, address) in &hits {
                    let document = searcher.document(address)?;
                    std::hint::black_box(snippets.snippet_from_doc(&document));
                }
                Ok(hits.len())
            }
        }
    }
}

/// Times snippets of the same ten texts by both, from the query text on: the texts of stock's first hits, read beforehand.
fn snippets_alone(stock: &StockSearcher, queries: &[String], repeat: usize, rows: &mut Rows) -> Result<()> {
    let mut texts = BTreeMap::new();
    for query in queries {
        let hits = stock.top(&*stock.query(query, Operator::Any), LIMIT)?;
        let read = hits.iter().map(|&(_, address)| stock.text(address));
        texts.insert(query.as_str(), read.collect::<Result<Vec<_>>>()?);
    }
    let mut theirs = |query: &str| {
        let snippets = stock.snippets(&*stock.query(query, Operator::Any))?;
        for text in &texts[query] {
            std::hint::black_box(snippets.snippet(text));
        }
        Ok(texts[query].len())
    };
    let mut scanner = Scanner::new();
    let mut mine = |query: &str| {
        let mut highlighter = Highlighter::new(FragmentOptions::default());
        let mut tokens = scanner.scan(query);
        while let Some(token) = tokens.next() {
            highlighter.add_term(Term { folded: token.folded.to_owned(), marked: None, prefix: false, weight: 1.0 });
        }
        for text in &texts[query] {
            std::hint::black_box(highlighter.fragments(text));
        }
        Ok(texts[query].len())
    };
    let comparison = interleaved(queries, repeat, &mut [&mut theirs, &mut mine])?;
    let [stock, dau] = [comparison.latencies[0], comparison.latencies[1]];
    rows.push("snippets of the same 10 texts, p50", Unit::Microseconds, stock.p50, dau.p50);
    rows.push("snippets of the same 10 texts, mean", Unit::Microseconds, stock.mean, dau.mean);
    Ok(())
}
