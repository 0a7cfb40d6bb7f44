//! How a search is prepared: its query and filters are parsed and planned, and [`Matching::Auto`] is decided.

use super::{Bits, Matching, Search, Searcher};
use crate::error::{Error, ErrorKind, Result};
use crate::plan::{PlanOptions, Planned, Planner, Target, find_field};
use crate::query::{Node, Occur, ParseOptions};

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
        let is_field = |name: &str| find_field(schema, name).is_some();
        let root = read(&is_field, &search.query, search.strict)?;
        let filters = search.filters.iter().map(|filter| read(&is_field, filter, search.strict));
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

fn read(is_field: &dyn Fn(&str) -> bool, text: &str, strict: bool) -> Result<Node> {
    let options = ParseOptions::new().fields(is_field);
    if !strict {
        return Ok(options.parse(text).root);
    }
    options.parse_strict(text).map(|query| query.root).map_err(|error| {
        let span = error.span();
        Error::new(ErrorKind::Query, error.to_string()).caused_by(error).at(span)
    })
}
