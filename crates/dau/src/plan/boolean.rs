//! The query's tree of operators and clauses to a plan.

use super::{Place, Plan, Planner, find_field};
use crate::error::Result;
use crate::query::{Clause, Node, Occur};
use crate::schema::FieldKind;
use crate::search::Matching;

impl Planner<'_> {
    pub(super) fn node(&mut self, node: &Node, place: &Place) -> Result<Plan> {
        if !matches!(node, Node::Word(_) | Node::Group { .. }) {
            self.next += 1;
        }
        match node {
            Node::Empty => Ok(Plan::Nothing),
            Node::All => Ok(Plan::Everything),
            Node::Word(word) => self.lone_word(word, place),
            Node::Phrase(phrase) => self.typed_phrase(phrase, place),
            Node::Group { clauses } => self.group(clauses, place),
            Node::And(nodes) => Ok(Plan::all(self.nodes(nodes, &Place { required: true, ..operand(place) })?)),
            Node::Or(nodes) => Ok(Plan::any(self.nodes(nodes, &operand(place))?)),
            Node::Not(node) => Ok(Plan::Not(Box::new(self.node(node, &silenced(&operand(place)))?))),
            Node::Field { name, node, .. } => {
                let field = self.field_position(name)?;
                self.node(node, &Place { field: Some(field), ..place.clone() })
            }
            Node::Range { field, lower, upper, span } => {
                let position = self.field_position(field)?;
                self.range(position, lower, upper, span.clone())
            }
            Node::Exists { field, span } => {
                let position = self.field_position(field)?;
                self.exists(position, span.clone())
            }
            Node::Boost(node, boost) => self.node(node, &Place { boost: place.boost * boost, ..place.clone() }),
        }
    }

    fn nodes(&mut self, nodes: &[Node], place: &Place) -> Result<Vec<Plan>> {
        nodes
            .iter()
            .map(|node| {
                self.next += 1;
                self.node(node, place)
            })
            .collect()
    }

    /// Clauses side by side: what must be there, what must not, and the rest as the match mode says.
    fn group(&mut self, clauses: &[Clause], place: &Place) -> Result<Plan> {
        let (mut must, mut should, mut must_not) = (Vec::new(), Vec::new(), Vec::new());
        let mut runs = self.runs_with_synonyms(clauses, place)?.into_iter().peekable();
        let mut at = 0;
        while let Some(clause) = clauses.get(at) {
            if let Some(run) = runs.next_if(|run| run.clauses.start == at) {
                at = run.clauses.end;
                should.push(self.run_of_words(&run, &Place { required: false, ..place.clone() })?);
                continue;
            }
            at += 1;
            match clause.occur {
                Occur::Must => must.push(self.node(&clause.node, &Place { required: true, ..place.clone() })?),
                // A range or a value of a keyword among words is a filter: it says what may match, not how well.
                Occur::Should if self.is_filter(&clause.node) => must.push(self.node(&clause.node, place)?),
                Occur::Should => should.push(self.node(&clause.node, &Place { required: false, ..place.clone() })?),
                Occur::MustNot => must_not.push(Plan::Not(Box::new(self.node(&clause.node, &silenced(place))?))),
            }
        }
        // Punctuation alone asks for nothing: beside real words it must not keep everything away.
        should.retain(|plan| !matches!(plan, Plan::Nothing));
        if self.options.matching == Matching::All || place.operand {
            must.append(&mut should);
        } else if !should.is_empty() && !clauses.iter().any(|clause| clause.occur == Occur::Must) {
            must.push(Plan::any(should));
        }
        if must.is_empty() && must_not.is_empty() {
            return Ok(Plan::Nothing);
        }
        if must.is_empty() && clauses.iter().all(|clause| clause.occur == Occur::MustNot) {
            must.push(Plan::Everything);
        }
        if must.is_empty() {
            return Ok(Plan::Nothing);
        }
        must.append(&mut must_not);
        Ok(Plan::all(must))
    }

    fn is_filter(&self, node: &Node) -> bool {
        match node {
            Node::Range { .. } | Node::Exists { .. } => true,
            Node::Boost(node, _) => self.is_filter(node),
            Node::Field { name, .. } => find_field(&self.searcher.inner().schema, name)
                .is_some_and(|field| !self.kind(field).is_some_and(FieldKind::is_searched_by_default)),
            _ => false,
        }
    }
}

fn operand(place: &Place) -> Place {
    Place { operand: true, ..place.clone() }
}

fn silenced(place: &Place) -> Place {
    Place { scored: false, ..place.clone() }
}
