//! The canonical form of a tree, which parses back to the same tree. Knows nothing of the text it came from.
//!
//! Signs are written instead of operator words, for in capitals `VÀ` may be a word. Where a word would read as
//! something else without its neighbours, it is put in parentheses of its own, which mean nothing.

use std::{
    fmt::{self, Display, Formatter, Write},
    ops::Bound,
};

use super::{
    lexer::{self, Case},
    range,
    tree::{Clause, Node, Occur, Phrase, Word},
};

impl Display for Node {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.write(f, Case::of(has_lowercase(self)))
    }
}

/// Whether the canonical form has a lower-case letter.
fn has_lowercase(node: &Node) -> bool {
    let lower = |text: &str| text.contains(char::is_lowercase);
    match node {
        Node::Empty | Node::All => false,
        Node::Word(word) => lower(&word.text),
        Node::Phrase(phrase) => lower(&phrase.text),
        Node::Group { clauses } => clauses.iter().any(|clause| has_lowercase(&clause.node)),
        Node::And(nodes) | Node::Or(nodes) => nodes.iter().any(has_lowercase),
        Node::Not(node) | Node::Boost(node, _) => has_lowercase(node),
        Node::Field { name, node, .. } => lower(name) || has_lowercase(node),
        Node::Exists { field, .. } => lower(field),
        Node::Range { field, lower: from, upper: to, .. } => {
            let value = |bound: &Bound<String>| match bound {
                Bound::Included(value) | Bound::Excluded(value) => lower(value),
                Bound::Unbounded => false,
            };
            lower(field) || value(from) || value(to)
        }
    }
}

impl Node {
    /// Writes the node where anything may stand.
    fn write(&self, f: &mut Formatter<'_>, case: Case) -> fmt::Result {
        match self {
            Node::Empty => Ok(()),
            Node::Or(nodes) => write_joined(f, nodes, " || ", |f, node| node.write(f, case)),
            Node::And(nodes) => write_joined(f, nodes, " && ", |f, node| match node {
                Node::Or(_) => node.write_group(f, case),
                _ => node.write(f, case),
            }),
            Node::Group { clauses } => write_joined(f, clauses, " ", |f, clause| clause.write(f, case)),
            Node::Not(node) => write_signed(f, '-', node, case),
            Node::Word(word) if reads_otherwise(&word.text) => self.write_group(f, case),
            Node::Word(word) if is_operator(word, case) => write!(f, "(+{})", word.text),
            _ => self.write_operand(f, case),
        }
    }

    /// Writes the node where one term may stand.
    fn write_operand(&self, f: &mut Formatter<'_>, case: Case) -> fmt::Result {
        match self {
            Node::All => f.write_char('*'),
            Node::Word(word) => write!(f, "{word}"),
            Node::Phrase(phrase) => write!(f, "{phrase}"),
            Node::Exists { field, .. } => write!(f, "{field}:*"),
            Node::Range { field, lower, upper, .. } => write_range(f, field, lower, upper),
            Node::Field { name, node, .. } => {
                write!(f, "{name}:")?;
                node.write_value(f, case)
            }
            Node::Boost(node, boost) => {
                match &**node {
                    Node::Word(word) if word.text.chars().all(lexer::is_content) => {
                        write!(f, "{word}")?;
                    }
                    Node::All | Node::Phrase(_) | Node::Exists { .. } | Node::Range { .. } => {
                        node.write_operand(f, case)?;
                    }
                    _ => node.write_group(f, case)?,
                }
                write!(f, "^{boost}")
            }
            _ => self.write_group(f, case),
        }
    }

    /// Writes the node after `name:`.
    fn write_value(&self, f: &mut Formatter<'_>, case: Case) -> fmt::Result {
        match self {
            Node::Word(word) if !word.exact && reads_otherwise_as_value(&word.text) => self.write_group(f, case),
            Node::Word(_) | Node::Phrase(_) => self.write_operand(f, case),
            Node::Boost(node, boost) if !matches!(**node, Node::Boost(..)) => {
                node.write_value(f, case)?;
                write!(f, "^{boost}")
            }
            _ => self.write_group(f, case),
        }
    }

    fn write_group(&self, f: &mut Formatter<'_>, case: Case) -> fmt::Result {
        f.write_char('(')?;
        match self {
            // Within its own parentheses a word is never followed by what would complete it.
            Node::Word(word) if is_operator(word, case) => write!(f, "+{word}")?,
            Node::Word(word) => write!(f, "{word}")?,
            _ => self.write(f, case)?,
        }
        f.write_char(')')
    }
}

impl Clause {
    fn write(&self, f: &mut Formatter<'_>, case: Case) -> fmt::Result {
        match (self.occur, &self.node) {
            (Occur::Must, node) => write_signed(f, '+', node, case),
            (Occur::MustNot, node) => write_signed(f, '-', node, case),
            (Occur::Should, Node::And(_) | Node::Or(_) | Node::Group { .. }) => self.node.write_group(f, case),
            (Occur::Should, node) => node.write(f, case),
        }
    }
}

/// Writes a sign and the term after it, in parentheses if it would not be read as a sign otherwise.
fn write_signed(f: &mut Formatter<'_>, sign: char, node: &Node, case: Case) -> fmt::Result {
    f.write_char(sign)?;
    match node {
        Node::Word(word) if word.exact => node.write_operand(f, case),
        Node::Word(word) if reads_otherwise(&word.text) => node.write_group(f, case),
        // `+84…` may be a phone number.
        Node::Word(word) if sign == '+' && word.text.starts_with(char::is_numeric) => node.write_group(f, case),
        Node::Boost(inner, _) if !matches!(**inner, Node::Phrase(_) | Node::Range { .. } | Node::Exists { .. }) => {
            node.write_group(f, case)
        }
        Node::Word(word) if !lexer::opens_operand(&word.text) => node.write_group(f, case),
        Node::All => node.write_group(f, case),
        _ => node.write_operand(f, case),
    }
}

/// Whether `text`, a word, would read as an operator if it stood free.
fn is_operator(word: &Word, case: Case) -> bool {
    let bare = !(word.exact || word.prefix || word.fuzzy.is_some());
    bare && lexer::operator(&word.text, case).is_some_and(|(_, len)| len == word.text.len())
}

/// Whether `text` begins like a range, which the words after it might complete.
fn reads_otherwise(text: &str) -> bool {
    let after = lexer::field_name(text).map(|len| &text[len + 1..]);
    after.is_some_and(|after| after.starts_with(['[', '{', '<', '>', '≤', '≥']))
}

/// Whether `text` would not be a word right after `name:`.
fn reads_otherwise_as_value(text: &str) -> bool {
    text.starts_with(['[', '{', '<', '>', '≤', '≥', ':', '/'])
}

fn write_joined<T>(
    f: &mut Formatter<'_>,
    items: &[T],
    separator: &str,
    mut write: impl FnMut(&mut Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            f.write_str(separator)?;
        }
        write(f, item)?;
    }
    Ok(())
}

fn write_range(f: &mut Formatter<'_>, field: &str, lower: &Bound<String>, upper: &Bound<String>) -> fmt::Result {
    let open = if matches!(lower, Bound::Excluded(_)) { '{' } else { '[' };
    let close = if matches!(upper, Bound::Excluded(_)) { '}' } else { ']' };
    write!(f, "{field}:{open}")?;
    write_bound(f, lower)?;
    f.write_str(" TO ")?;
    write_bound(f, upper)?;
    f.write_char(close)
}

fn write_bound(f: &mut Formatter<'_>, bound: &Bound<String>) -> fmt::Result {
    match bound {
        Bound::Unbounded => f.write_char('*'),
        Bound::Included(value) | Bound::Excluded(value) => {
            let plain =
                !value.is_empty() && value != "*" && !value.contains(|c| lexer::is_blank(c) || range::is_delimiter(c));
            if plain { f.write_str(value) } else { write_quoted(f, value) }
        }
    }
}

fn write_quoted(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    let (open, close) = lexer::quotes_for(text);
    write!(f, "{open}{text}{close}")
}

impl Display for Word {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let exact = if self.exact { "=" } else { "" };
        let prefix = if self.prefix { "*" } else { "" };
        write!(f, "{exact}{}{prefix}", self.text)?;
        match self.fuzzy {
            None => Ok(()),
            // `~1` would be something to search for in `name:~1`, where `name:` found no value.
            Some(1) => f.write_char('~'),
            Some(fuzzy) => write!(f, "~{fuzzy}"),
        }
    }
}

impl Display for Phrase {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.exact {
            f.write_char('=')?;
        }
        write_quoted(f, &self.text)?;
        if self.prefix {
            f.write_char('*')?;
        }
        if self.slop > 0 { write!(f, "~{}", self.slop) } else { Ok(()) }
    }
}
