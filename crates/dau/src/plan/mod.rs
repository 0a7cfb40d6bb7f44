//! A query tree and a schema to a plan: what must match, and which words are scored. Knows nothing of scores.

mod fields;
mod filters;
mod meant;
mod phrase;
mod reading;
mod synonyms;
mod words;

use std::ops::Range;
use std::sync::Arc;

use tantivy::query::Query as StorageQuery;

pub(crate) use fields::{find_field, unknown_field};
pub(crate) use phrase::PhrasePlan;
pub(crate) use synonyms::Wordings;
pub(crate) use words::TermsPlan;

use crate::error::Result;
use crate::query::{Clause, Node, Occur};
use crate::rank::{Guess, Ranking, Word};
use crate::schema::{Field, FieldKind};
use crate::search::{Accents, Corrections, Matching, Searcher};
use reading::Reading;
use synonyms::{BEYOND, Used};

/// What documents match. Words stand for themselves by their position in [`Planned::words`].
#[derive(Debug)]
pub(crate) enum Plan {
    Nothing,
    Everything,
    Word(usize),
    Phrase(PhrasePlan),
    Terms(TermsPlan),
    Filter(Box<dyn StorageQuery>),
    /// Documents that have any value in a ranked field, given by its slot.
    Present(tantivy::schema::Field),
    All(Vec<Plan>),
    Any(Vec<Plan>),
    Not(Box<Plan>),
}

impl Plan {
    fn all(plans: Vec<Plan>) -> Plan {
        Plan::one_or(plans, Plan::All)
    }

    fn any(plans: Vec<Plan>) -> Plan {
        Plan::one_or(plans, Plan::Any)
    }

    fn one_or(mut plans: Vec<Plan>, many: fn(Vec<Plan>) -> Plan) -> Plan {
        match plans.len() {
            0 => Plan::Nothing,
            1 => plans.remove(0),
            _ => many(plans),
        }
    }

    /// Whether every document that matches holds at least one of the first `scored` words.
    fn implies_a_word(&self, scored: usize) -> bool {
        match self {
            Plan::Word(number) => *number < scored,
            Plan::Phrase(phrase) => phrase.words.iter().any(|&number| number < scored),
            Plan::All(plans) => plans.iter().any(|plan| plan.implies_a_word(scored)),
            Plan::Any(plans) => plans.iter().all(|plan| plan.implies_a_word(scored)),
            Plan::Nothing => true,
            Plan::Everything | Plan::Terms(_) | Plan::Filter(_) | Plan::Present(_) | Plan::Not(_) => false,
        }
    }

    /// How many words there are, if each of them is enough for a document to match.
    fn any_of_words(&self) -> Option<usize> {
        match self {
            Plan::Word(_) => Some(1),
            Plan::Any(plans) => plans.iter().map(Plan::any_of_words).sum(),
            _ => None,
        }
    }
}

/// A planned query.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) plan: Plan,
    /// The words that are scored, in the order of the query.
    pub(crate) words: Vec<Word>,
    /// Words that only decide what matches: filters and negated words. They follow `words` in the numbering.
    pub(crate) silent: Vec<Word>,
    /// What a highlighter marks.
    pub(crate) marks: Vec<Mark>,
    /// Bytes of the query, and the words that were probably meant by them.
    pub(crate) meant: Vec<(Range<usize>, String)>,
    /// How many tokens the plain words of the query have; decides what [`Matching::Auto`] means.
    pub(crate) plain_tokens: usize,
}

impl Planned {
    /// Whether exactly the documents with any of the scored words match: in `+hà nội`, `nội` is scored and not enough.
    pub(crate) fn is_any_word(&self) -> bool {
        self.silent.is_empty() && self.plan.any_of_words() == Some(self.words.len())
    }

    /// Whether every document that matches holds a scored word.
    pub(crate) fn implies_a_word(&self) -> bool {
        self.plan.implies_a_word(self.words.len())
    }

    /// A word by the number that plans use.
    pub(crate) fn word(&self, number: usize) -> &Word {
        self.words.get(number).unwrap_or_else(|| &self.silent[number - self.words.len()])
    }
}

/// A word or phrase to mark in a snippet.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mark {
    /// The tokens in order.
    pub(crate) tokens: Vec<MarkToken>,
    /// How many positions the words of a phrase may be moved; `None` for a word.
    pub(crate) slop: Option<u32>,
    pub(crate) prefix: bool,
    /// The field the query named, if it named one.
    pub(crate) field: Option<usize>,
}

/// A token to mark.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MarkToken {
    pub(crate) folded: String,
    /// The marked form as typed.
    pub(crate) marked: String,
    /// Whether only the marked form is to be marked.
    pub(crate) exact: bool,
}

/// Where words are looked for: positions of fields in the schema.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Target {
    pub(crate) fields: Arc<[usize]>,
}

/// The options that planning depends on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PlanOptions<'a> {
    pub(crate) accents: Accents,
    /// [`Matching::All`] or anything else for any.
    pub(crate) matching: Matching,
    pub(crate) fields: &'a [String],
    /// Whether a value that its field cannot have is an error; in a filter it always is.
    pub(crate) strict: bool,
    pub(crate) corrections: Corrections,
    pub(crate) synonyms: bool,
}

/// What surrounds a node: inherited from the nodes above it.
#[derive(Clone, Debug)]
struct Place {
    /// The field that the query names, if any.
    field: Option<usize>,
    boost: f32,
    scored: bool,
    /// The node by itself must match.
    required: bool,
    /// Whether AND, OR or NOT takes the node: words side by side are one operand there, and all of them must match.
    operand: bool,
}

pub(crate) struct Planner<'a> {
    searcher: &'a Searcher,
    ranking: &'a Ranking,
    options: PlanOptions<'a>,
    target: Target,
    words: Vec<Word>,
    silent: Vec<Word>,
    marks: Vec<Mark>,
    reading: Reading,
    /// What may be guessed of the words at hand.
    guess: Guess,
    /// The bytes of the query that the token at hand takes up alone.
    span: Option<Range<usize>>,
    /// Bytes of the query, and the words that were probably meant by them.
    meant: Vec<(Range<usize>, String)>,
    plain_tokens: usize,
    /// The synonyms that were put beside words of the query.
    used: Vec<Used>,
    /// The place of the next word of a synonym.
    beyond: u32,
    /// The place in the query of the first token of the word or phrase at hand.
    base: u32,
    /// The place of the next token. Operators leave a gap: what they part does not stand side by side.
    next: u32,
}

/// Numbers of silent words while it is not yet known how many scored words come before them.
const SILENT: usize = 1 << 40;

impl<'a> Planner<'a> {
    pub(crate) fn new(searcher: &'a Searcher, ranking: &'a Ranking, options: PlanOptions<'a>) -> Result<Planner<'a>> {
        let target = Target { fields: fields::searched(&searcher.inner().schema, options.fields)? };
        Ok(Planner {
            searcher,
            ranking,
            options,
            target,
            words: Vec::new(),
            silent: Vec::new(),
            marks: Vec::new(),
            reading: Reading::default(),
            guess: Guess::Marks,
            span: None,
            meant: Vec::new(),
            plain_tokens: 0,
            used: Vec::new(),
            beyond: BEYOND,
            base: 0,
            next: 0,
        })
    }

    /// The fields that words without a field are looked for in.
    pub(crate) fn target(&self) -> &Target {
        &self.target
    }

    /// Plans a query and its filters.
    pub(crate) fn plan(mut self, root: &Node, filters: &[Node]) -> Result<Planned> {
        self.reading = self.read_query(root)?;
        let place = Place { field: None, boost: 1.0, scored: true, required: false, operand: false };
        let mut plans = vec![self.node(root, &place)?];
        self.read_words()?;
        self.weigh_synonyms();
        self.options.matching = Matching::All;
        // Words in the place of a value would let other documents through than were asked for, and so would words that were
        // only guessed.
        self.options.strict = true;
        (self.options.corrections, self.options.synonyms) = (Corrections::Off, false);
        let silent = Place { scored: false, ..place };
        for filter in filters {
            self.refuse_unknown_fields(filter)?;
            self.reading = self.read_query(filter)?;
            plans.push(self.node(filter, &silent)?);
        }
        let mut plan = Plan::all(plans);
        renumber(&mut plan, self.words.len());
        Ok(Planned {
            plan,
            words: self.words,
            silent: self.silent,
            marks: self.marks,
            meant: self.meant,
            plain_tokens: self.plain_tokens,
        })
    }

    fn node(&mut self, node: &Node, place: &Place) -> Result<Plan> {
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

    /// The fields that a place looks in: all kinds when the query names the field.
    fn target_of(&self, place: &Place) -> Target {
        match place.field {
            Some(field) => Target { fields: [field].into() },
            None => self.target.clone(),
        }
    }

    /// A field's kind; `None` for the unique id where it is no field of its own.
    fn kind(&self, field: usize) -> Option<FieldKind> {
        self.searcher.inner().schema.fields().get(field).map(Field::kind)
    }
}

fn operand(place: &Place) -> Place {
    Place { operand: true, ..place.clone() }
}

fn silenced(place: &Place) -> Place {
    Place { scored: false, ..place.clone() }
}

fn renumber(plan: &mut Plan, scored: usize) {
    let fix = |number: &mut usize| {
        if *number >= SILENT {
            *number = *number - SILENT + scored;
        }
    };
    match plan {
        Plan::Word(number) => fix(number),
        Plan::Phrase(phrase) => phrase.words.iter_mut().for_each(fix),
        Plan::All(plans) | Plan::Any(plans) => plans.iter_mut().for_each(|plan| renumber(plan, scored)),
        Plan::Not(plan) => renumber(plan, scored),
        Plan::Nothing | Plan::Everything | Plan::Terms(_) | Plan::Filter(_) | Plan::Present(_) => {}
    }
}
