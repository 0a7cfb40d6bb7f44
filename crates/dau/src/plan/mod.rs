//! A query tree and a schema to a plan: what must match, and which words are scored. Knows nothing of scores.

mod boolean;
mod fields;
mod filters;
mod highlights;
mod lookup;
mod meant;
mod phrase;
mod planned;
mod prefix;
mod reading;
mod synonyms;
mod tokens;
mod words;

use std::ops::Range;
use std::sync::Arc;

pub(crate) use fields::{find_field, unknown_field, unknown_in_text};
pub(crate) use highlights::{Mark, MarkToken};
pub(crate) use lookup::TermsPlan;
pub(crate) use phrase::PhrasePlan;
pub(crate) use planned::{Plan, Planned};
pub(crate) use synonyms::Wordings;

use crate::error::Result;
use crate::query::Node;
use crate::rank::{Guess, Ranking, Word};
use crate::schema::{Field, FieldKind};
use crate::search::{Accents, Corrections, Matching, Searcher};
use planned::SILENT;
use reading::Reading;
use synonyms::{BEYOND, Used};
use tokens::QueryToken;

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
    /// The tokens of texts of the query that were scanned before they are planned.
    scanned: Vec<(String, Vec<QueryToken>)>,
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
            scanned: Vec::new(),
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
        plan.renumber(self.words.len());
        Ok(Planned {
            plan,
            words: self.words,
            silent: self.silent,
            marks: self.marks,
            meant: self.meant,
            plain_tokens: self.plain_tokens,
        })
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
