//! The tree of a query, its simplifying constructors and its walk. Knows nothing of how it is written.

use std::ops::{Bound, Range};

/// A node of a query.
///
/// Trees come from the parser, which keeps them shallow (at most a few hundred levels) and simple: no
/// [`Node::Empty`] under another node, no [`Node::And`] directly under `And`, no `Not` under `Not`.
/// Spans are half-open ranges of bytes of the query as typed.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Node {
    /// Nothing was asked: matches no document.
    Empty,
    /// Every document: `*`.
    All,
    /// A word.
    Word(Word),
    /// Words in quotes.
    Phrase(Phrase),
    /// Terms side by side, at least two clauses. With only [`Occur::MustNot`] clauses: every document but those.
    Group {
        /// The terms in the order typed.
        clauses: Vec<Clause>,
    },
    /// Matches where all of these (at least two) match: `a AND b`.
    And(Vec<Node>),
    /// Matches where any of these (at least two) matches: `a OR b`.
    Or(Vec<Node>),
    /// Matches where the node does not: `NOT a`, and a lone `-a`.
    Not(Box<Node>),
    /// A node to be looked for in one field: `name:word`. An inner field overrides an outer one.
    Field {
        /// The field's name as typed.
        name: String,
        /// The place of the name.
        span: Range<usize>,
        /// What is looked for.
        node: Box<Node>,
    },
    /// Values between two bounds: `name:[a TO b]`, `name:>a`.
    Range {
        /// The field's name as typed.
        field: String,
        /// The lower bound as typed, without quotes.
        lower: Bound<String>,
        /// The upper bound as typed, without quotes.
        upper: Bound<String>,
        /// The place of the whole range, name included.
        span: Range<usize>,
    },
    /// Documents where the field has a value: `name:*`.
    Exists {
        /// The field's name as typed.
        field: String,
        /// The place of the name.
        span: Range<usize>,
    },
    /// A node whose score is multiplied: `x^2`. Finite, from 0 to 1,000,000.
    Boost(Box<Node>, f32),
}

/// A run of characters between spaces; analysis may find several tokens in it, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Word {
    /// The text as typed, without the operators around it: the bytes of the query at `span`.
    pub text: String,
    /// The place of `text`.
    pub span: Range<usize>,
    /// Marks must be the same: `=bán`.
    pub exact: bool,
    /// The word is the beginning of what is looked for: `từ*`.
    pub prefix: bool,
    /// The greatest number of typos (0 to 2) asked for: `từ~1`; `từ~` is 1.
    pub fuzzy: Option<u8>,
    /// The word begins as a value of a field does, but no field has the name before its first colon: `nosuch:5`, and the
    /// `nosuch:` of `nosuch:"hà nội"`. Only where it is known which fields there are.
    pub unknown_field: bool,
}

/// Words in quotes, to be found in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Phrase {
    /// The text between the quotes as typed: the bytes of the query at `span`.
    pub text: String,
    /// The place of `text`.
    pub span: Range<usize>,
    /// How many positions the words may be moved in all: `"…"~3`. 0: side by side.
    pub slop: u32,
    /// Marks must be the same: `="bán hàng"`.
    pub exact: bool,
    /// The last word is the beginning of what is looked for: `"hà n"*` or `"hà n*"`.
    pub prefix: bool,
}

/// A term of a [`Node::Group`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Clause {
    /// Whether the term must match.
    pub occur: Occur,
    /// The term. Never [`Node::Empty`] or [`Node::Not`].
    pub node: Node,
}

/// Whether a term must match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occur {
    /// As the match mode says: a term with no sign.
    Should,
    /// It must match: `+term`.
    Must,
    /// It must not match: `-term`.
    MustNot,
}

/// A leaf of the tree: see [`Node::leaves`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Leaf<'q> {
    /// A [`Node::Word`].
    Word(&'q Word),
    /// A [`Node::Phrase`].
    Phrase(&'q Phrase),
    /// A [`Node::Range`], [`Node::Exists`] or [`Node::All`].
    Filter(&'q Node),
}

/// Where a leaf stands.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Place<'q> {
    /// The name of the innermost field around the leaf.
    pub field: Option<&'q str>,
    /// A document that matches the leaf is not wanted: an odd number of negations stands around it.
    pub negated: bool,
    /// The product of the weights around the leaf.
    pub boost: f32,
}

impl Node {
    /// Calls `visit` for every leaf, in the order typed.
    ///
    /// # Example: the words to highlight
    ///
    /// ```
    /// # use dau::query::{parse, Leaf};
    /// let mut words = Vec::new();
    /// parse("hà nội -huế").root.leaves(&mut |leaf, place| {
    ///     if let Leaf::Word(word) = leaf && !place.negated {
    ///         words.push(word.text.clone());
    ///     }
    /// });
    /// assert_eq!(words, ["hà", "nội"]);
    /// ```
    pub fn leaves<'q>(&'q self, visit: &mut dyn FnMut(Leaf<'q>, Place<'q>)) {
        self.walk(Place { field: None, negated: false, boost: 1.0 }, visit);
    }

    fn walk<'q>(&'q self, place: Place<'q>, visit: &mut dyn FnMut(Leaf<'q>, Place<'q>)) {
        let negated = Place { negated: !place.negated, ..place };
        match self {
            Node::Empty => {}
            Node::Word(word) => visit(Leaf::Word(word), place),
            Node::Phrase(phrase) => visit(Leaf::Phrase(phrase), place),
            Node::All | Node::Range { .. } | Node::Exists { .. } => {
                visit(Leaf::Filter(self), place);
            }
            Node::Group { clauses } => {
                for clause in clauses {
                    let place = if clause.occur == Occur::MustNot { negated } else { place };
                    clause.node.walk(place, visit);
                }
            }
            Node::And(nodes) | Node::Or(nodes) => {
                nodes.iter().for_each(|node| node.walk(place, visit));
            }
            Node::Not(node) => node.walk(negated, visit),
            Node::Field { name, node, .. } => node.walk(Place { field: Some(name), ..place }, visit),
            Node::Boost(node, boost) => node.walk(Place { boost: place.boost * boost, ..place }, visit),
        }
    }

    /// Makes the simplest node for terms side by side.
    pub(super) fn group(mut clauses: Vec<Clause>) -> Node {
        clauses.retain_mut(Clause::simplify);
        // A bare `*` beside other terms asks for nothing more than they do; it is a bullet or a product sign.
        let positive = |clause: &Clause| clause.occur != Occur::MustNot && clause.node != Node::All;
        if clauses.iter().any(positive) {
            clauses.retain(|clause| clause.occur != Occur::Should || clause.node != Node::All);
        }
        if clauses.len() > 1 {
            return Node::Group { clauses };
        }
        match clauses.pop() {
            None => Node::Empty,
            Some(Clause { occur: Occur::MustNot, node }) => Node::negation(node),
            Some(Clause { node, .. }) => node,
        }
    }

    /// Makes the simplest node that matches where all `nodes` match.
    pub(super) fn and(nodes: Vec<Node>) -> Node {
        let flat = nodes.into_iter().flat_map(|node| match node {
            Node::And(inner) => inner,
            Node::Empty => Vec::new(),
            other => vec![other],
        });
        Node::one_or(flat.collect(), Node::And)
    }

    /// Makes the simplest node that matches where any of `nodes` matches.
    pub(super) fn or(nodes: Vec<Node>) -> Node {
        let flat = nodes.into_iter().flat_map(|node| match node {
            Node::Or(inner) => inner,
            Node::Empty => Vec::new(),
            other => vec![other],
        });
        Node::one_or(flat.collect(), Node::Or)
    }

    /// Makes the simplest node that matches where `node` does not.
    pub(super) fn negation(node: Node) -> Node {
        match node {
            Node::Not(inner) => *inner,
            Node::Empty => Node::Empty,
            other => Node::Not(Box::new(other)),
        }
    }

    /// Puts a weight on `node`, if there is one.
    pub(super) fn boosted(self, boost: Option<f32>) -> Node {
        match boost {
            Some(boost) if self != Node::Empty => Node::Boost(Box::new(self), boost),
            _ => self,
        }
    }

    fn one_or(mut nodes: Vec<Node>, many: fn(Vec<Node>) -> Node) -> Node {
        if nodes.len() > 1 { many(nodes) } else { nodes.pop().unwrap_or(Node::Empty) }
    }
}

impl Clause {
    /// Moves a negation from the node into `occur`; returns whether anything is asked for.
    fn simplify(&mut self) -> bool {
        if let Node::Not(inner) = &mut self.node {
            self.node = std::mem::replace(&mut **inner, Node::Empty);
            self.occur = if self.occur == Occur::MustNot { Occur::Must } else { Occur::MustNot };
        }
        self.node != Node::Empty
    }
}
