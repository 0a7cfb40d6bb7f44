//! How a search is prepared: its query and filters are parsed and planned, and [`Matching::Auto`] is decided.

use super::{Bits, Matching, Search, Searcher};
use crate::error::{Error, ErrorKind, Result};
use crate::plan::{PlanOptions, Planned, Planner, Target, find_field, unknown_in_text};
use crate::query::{Leaf, Node, Occur, ParseOptions, SyntaxError};
use crate::schema::Schema;

/// With [`Matching::Auto`], all words of a query of up to this many are asked for.
const SHORT_QUERY_TOKENS: usize = 3;

/// A planned search.
pub(super) struct Request {
    pub(super) planned: Planned,
    pub(super) target: Target,
    /// What matches in the first segments, as far as it is known.
    pub(super) sets: Vec<Bits>,
}

impl Searcher {
    /// Parses and plans a search.
    pub(super) fn prepare(&self, search: &Search) -> Result<Request> {
        let schema = &self.inner().schema;
        let root = read(schema, &search.query, "query", search.strict)?;
        let filters = search.filters.iter().map(|filter| read(schema, filter, "filter", search.strict));
        let filters = filters.collect::<Result<Vec<Node>>>()?;
        let plan = |matching: Matching| {
            let options = PlanOptions {
                accents: search.accents,
                matching,
                fields: &search.fields,
                strict: search.strict,
                corrections: search.corrections,
                synonyms: search.synonyms,
            };
            let planner = Planner::new(self, &search.ranking, options)?;
            let target = planner.target().clone();
            Ok::<Request, Error>(Request { planned: planner.plan(&root, &filters)?, target, sets: Vec::new() })
        };
        if search.matching != Matching::Auto {
            return plan(search.matching);
        }
        let any = plan(Matching::Any)?;
        // Who writes + or OR has said what must be there.
        if !is_plain(&root) || !(2..=SHORT_QUERY_TOKENS).contains(&any.planned.plain_tokens) {
            return Ok(any);
        }
        let mut all = plan(Matching::All)?;
        for segment in 0..self.segment_count() {
            let set = self.matcher(segment, &all.planned, &search.ranking).matching()?;
            let found = set.count() > 0;
            all.sets.push(set);
            if found {
                return Ok(all);
            }
        }
        Ok(any)
    }
}

/// Whether a query is words and phrases side by side, with no operator between them.
fn is_plain(root: &Node) -> bool {
    match root {
        Node::Group { clauses } => clauses
            .iter()
            .all(|clause| clause.occur != Occur::Must && !matches!(clause.node, Node::And(_) | Node::Or(_))),
        Node::And(_) | Node::Or(_) => false,
        _ => true,
    }
}

/// Parses a text; `what` says which it is, the query or a filter.
fn read(schema: &Schema, text: &str, what: &str, strict: bool) -> Result<Node> {
    let is_field = |name: &str| find_field(schema, name).is_some();
    let query = ParseOptions::new().fields(&is_field).parse(text);
    match query.problems.into_iter().next() {
        Some(problem) if strict => Err(malformed(schema, text, what, &query.root, problem)),
        _ => Ok(query.root),
    }
}

/// The error for a problem. The parser knows no schema: where a field is unknown, the fields that there are are named here.
fn malformed(schema: &Schema, text: &str, what: &str, root: &Node, problem: SyntaxError) -> Error {
    let span = problem.span();
    let mut is_unknown_field = false;
    root.leaves(&mut |leaf, _| {
        is_unknown_field |= matches!(leaf, Leaf::Word(word) if word.unknown_field && word.span.start == span.start);
    });
    let error = match text.get(span.clone()) {
        Some(name) if is_unknown_field => unknown_in_text(schema, name, what),
        _ => Error::new(ErrorKind::Query, problem.to_string()),
    };
    error.caused_by(problem).at(span)
}
