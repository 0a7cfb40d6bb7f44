//! The forgiving parser: recursive descent over groups, everything else in loops. Knows no schema but a predicate.
//!
//! There is one parser. What it has to forgive it notes as a problem, and strict parsing is "no problems".

use std::ops::Range;

use super::{
    error::SyntaxError,
    lexer::{self, Case, Operator, QuoteIndex},
    tree::{Clause, Node, Occur, Word},
};

/// How deep groups may be nested; deeper parentheses are left out. Bounds the stack of all that walks the tree.
const MAX_DEPTH: usize = 50;

/// How many problems are kept: each carries text, and a hostile query has as many as it has bytes.
const MAX_PROBLEMS: usize = 16;

/// Parses `text`; gives the tree and what had to be forgiven.
pub(super) fn parse(text: &str, is_field: Option<&dyn Fn(&str) -> bool>) -> (Node, Vec<SyntaxError>) {
    let mut parser = Parser {
        text,
        pos: 0,
        is_field,
        case: Case::of(text.contains(char::is_lowercase)),
        quotes: QuoteIndex::new(text),
        depth: 0,
        ignored_groups: 0,
        problems: Vec::new(),
    };
    let root = parser.sequence();
    (root, parser.problems)
}

/// The parser's state. Every method that takes something moves `pos`, always to a char boundary.
pub(super) struct Parser<'a> {
    pub(super) text: &'a str,
    pub(super) pos: usize,
    pub(super) is_field: Option<&'a dyn Fn(&str) -> bool>,
    pub(super) case: Case,
    pub(super) quotes: QuoteIndex,
    depth: usize,
    /// Open parentheses that were left out for being too deep, whose partners are still to come.
    ignored_groups: usize,
    problems: Vec<SyntaxError>,
}

/// What has been read of a group: `any` of (`all` of (`run`)).
#[derive(Default)]
struct Sequence {
    any: Vec<Node>,
    all: Vec<Node>,
    run: Vec<Clause>,
    /// The `NOT`s before `run`.
    negations: Vec<Range<usize>>,
    /// The `AND` or `OR` before `run`.
    joint: Option<Range<usize>>,
}

impl<'a> Parser<'a> {
    /// Parses to the end of the group or of the text.
    fn sequence(&mut self) -> Node {
        let mut sequence = Sequence::default();
        loop {
            self.skip_blanks();
            let Some(next) = self.peek() else { break };
            if next == ')' {
                if self.ignored_groups > 0 {
                    self.ignored_groups -= 1;
                } else if self.depth > 0 {
                    break;
                } else {
                    self.problem(1, "the parenthesis was never opened", "leave `)` out or add `(` before");
                }
                self.pos += 1;
            } else if let Some((operator, len)) = lexer::operator(self.rest(), self.case) {
                self.operator(&mut sequence, operator, len);
            } else {
                let occur = self.sign();
                if let Some(node) = self.operand() {
                    sequence.run.push(Clause { occur, node });
                }
            }
        }
        self.finish_run(&mut sequence);
        if let Some(joint) = sequence.joint.take() {
            self.missing_operand(joint);
        }
        sequence.any.push(Node::and(sequence.all));
        Node::or(sequence.any)
    }

    fn operator(&mut self, sequence: &mut Sequence, operator: Operator, len: usize) {
        let span = self.pos..self.pos + len;
        self.pos += len;
        if operator == Operator::Not {
            self.skip_blanks();
            if self.ends_run() {
                // *Mua nhà KHÔNG* asks a question: a `NOT` with nothing after it is a word.
                self.missing_operand(span.clone());
                let node = self.plain_word(span);
                sequence.run.push(Clause { occur: Occur::Should, node });
                return;
            }
            if !sequence.run.is_empty() {
                self.finish_run(sequence);
            }
            sequence.negations.push(span);
            return;
        }
        self.finish_run(sequence);
        if sequence.joint.is_some() || (sequence.all.is_empty() && sequence.any.is_empty()) {
            self.problem_at(
                span.clone(),
                "nothing stands before the operator",
                "write a word before it or leave it out",
            );
        }
        if operator == Operator::Or {
            sequence.any.push(Node::and(std::mem::take(&mut sequence.all)));
        }
        sequence.joint = Some(span);
    }

    /// Ends the terms side by side.
    fn finish_run(&mut self, sequence: &mut Sequence) {
        let negations = std::mem::take(&mut sequence.negations);
        let mut node = Node::group(std::mem::take(&mut sequence.run));
        if node != Node::Empty {
            if negations.len() % 2 == 1 {
                node = Node::negation(node);
            }
        } else if let Some(first) = negations.first() {
            // Only punctuation follows: these were words after all.
            self.missing_operand(first.clone());
            let word = |span| Clause { occur: Occur::Should, node: self.plain_word(span) };
            node = Node::group(negations.into_iter().map(word).collect());
        }
        if node != Node::Empty {
            sequence.all.push(node);
            sequence.joint = None;
        }
    }

    /// Whether no more terms side by side can follow.
    fn ends_run(&self) -> bool {
        let joins = |(operator, _)| operator != Operator::Not;
        self.peek().is_none_or(|c| c == ')') || lexer::operator(self.rest(), self.case).is_some_and(joins)
    }

    fn missing_operand(&mut self, operator: Range<usize>) {
        self.problem_at(operator, "nothing follows the operator", "write a word after it or leave it out");
    }

    /// Takes the sign before a term, if one stands there.
    fn sign(&mut self) -> Occur {
        let before = self.text[..self.pos].chars().next_back();
        let at_start = before.is_none_or(|c| lexer::is_blank(c) || c == '(');
        let occur = match self.peek() {
            Some('+') if !lexer::is_phone(self.rest()) => Occur::Must,
            Some('-' | '!') => Occur::MustNot,
            _ => return Occur::Should,
        };
        if !at_start || !lexer::opens_operand(&self.rest()[1..]) {
            return Occur::Should;
        }
        self.pos += 1;
        occur
    }

    /// Takes `( … )` and its weight.
    pub(super) fn group(&mut self) -> Option<Node> {
        let open = self.pos;
        self.pos += 1;
        if self.depth == MAX_DEPTH {
            self.problem_at(open..open + 1, "groups are nested too deeply", "leave out inner parentheses");
            self.ignored_groups += 1;
            return None;
        }
        self.depth += 1;
        let node = self.sequence();
        self.depth -= 1;
        if self.peek() == Some(')') {
            self.pos += 1;
        } else {
            self.problem_at(open..open + 1, "the parenthesis is never closed", "add `)` or leave `(` out");
        }
        if node == Node::Empty {
            self.problem_at(
                open..self.pos,
                "there is nothing to search for in the group",
                "write a word or leave it out",
            );
            return None;
        }
        let boost = self.boost();
        Some(node.boosted(boost))
    }

    fn plain_word(&self, span: Range<usize>) -> Node {
        let text = self.text[span.clone()].to_owned();
        Node::Word(Word { text, span, exact: false, prefix: false, fuzzy: None, unknown_field: false })
    }

    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.pos..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn skip_blanks(&mut self) {
        self.skip_while(lexer::is_blank);
    }

    pub(super) fn skip_while(&mut self, skipped: fn(char) -> bool) {
        let rest = self.rest();
        self.pos += rest.len() - rest.trim_start_matches(skipped).len();
    }

    /// Notes a problem with the next `len` bytes.
    pub(super) fn problem(&mut self, len: usize, message: &str, expected: &str) {
        self.problem_at(self.pos..self.pos + len, message, expected);
    }

    pub(super) fn problem_at(&mut self, span: Range<usize>, message: &str, expected: &str) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(SyntaxError::new(self.text, span, message.to_owned(), expected.to_owned()));
        }
    }
}
