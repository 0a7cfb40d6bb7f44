//! Terms of query text: words, phrases and fields, with their suffixes. Knows no schema but a predicate.

use std::ops::Range;

use super::{
    lexer,
    parser::Parser,
    tree::{Node, Phrase, Word},
};

/// What a word in a certain place may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Context {
    /// Anywhere between spaces.
    Term,
    /// Right after `name:`.
    Value,
    /// Right after `=`.
    Exact,
    /// Where `name:` and more stand, and no field has the name.
    UnknownField,
}

impl Parser<'_> {
    /// Takes a term; nothing if there is only punctuation, which is skipped.
    pub(super) fn operand(&mut self) -> Option<Node> {
        let start = self.pos;
        loop {
            let next = self.peek()?;
            if self.pos > start && lexer::operator(self.rest(), self.case).is_some() {
                return None;
            }
            match next {
                '(' => return self.group(),
                ')' => return None,
                '=' if lexer::opens_operand(self.rest()) => return self.exact(),
                '+' if lexer::is_phone(self.rest()) => return self.word(Context::Term),
                c if lexer::is_sign(c) => self.pos += 1,
                c if lexer::is_quote(c) => match self.phrase(false) {
                    Some(node) => return node,
                    None => self.pos += c.len_utf8(),
                },
                c if lexer::is_blank(c) => return None,
                _ => return self.field().or_else(|| self.word(Context::Term)),
            }
        }
    }

    fn exact(&mut self) -> Option<Node> {
        self.pos += 1;
        if self.peek().is_some_and(lexer::is_quote) {
            // An unclosed quotation mark: `="bán` asks for `bán` all the same.
            return self.phrase(true).unwrap_or_else(|| {
                self.skip_while(lexer::is_quote);
                if self.peek().is_some_and(lexer::is_content) { self.word(Context::Exact) } else { None }
            });
        }
        self.word(Context::Exact)
    }

    /// Takes a phrase and what stands after it. The outer `None`: this quotation mark opens nothing. The inner
    /// one: nothing but punctuation was in the quotes.
    fn phrase(&mut self, exact: bool) -> Option<Option<Node>> {
        let mark = self.peek()?.len_utf8();
        // `màn hình 15" và 16"`: a mark at the end of a word is a unit, whatever follows later.
        let before = self.text[..self.pos].chars().next_back();
        let after = self.text[self.pos + mark..].chars().next();
        let unit = before.is_some_and(lexer::is_content) && after.is_none_or(lexer::is_blank);
        let enclosed = self.quotes.enclosed(self.text, self.pos).filter(|_| !unit);
        let Some((mut span, end)) = enclosed else {
            self.problem(mark, "the quotation mark has no partner", "close the quotation or leave the mark out");
            return None;
        };
        self.pos = end;
        let typed = &self.text[span.clone()];
        let stem = typed.trim_end_matches('*');
        let mut prefix = stem.len() < typed.len() && stem.ends_with(lexer::is_content);
        if prefix {
            span.end = span.start + stem.len();
        }
        let mut slop = 0;
        loop {
            match self.peek() {
                Some('*') => {
                    self.pos += 1;
                    prefix = true;
                }
                Some('~') => match self.slop() {
                    Some(number) => slop = number,
                    None => break,
                },
                _ => break,
            }
        }
        let boost = self.boost();
        let text = self.text[span.clone()].to_owned();
        if !lexer::has_content(&text) {
            return Some(None);
        }
        let node = Node::Phrase(Phrase { text, span, slop, exact, prefix });
        Some(Some(node.boosted(boost)))
    }

    /// Takes `~3` after a phrase.
    fn slop(&mut self) -> Option<u32> {
        let digits = self.rest()[1..].bytes().take_while(u8::is_ascii_digit).count();
        match self.rest()[1..=digits].parse() {
            Ok(slop) => {
                self.pos += 1 + digits;
                Some(slop)
            }
            Err(_) => {
                self.problem(1 + digits, "the distance after the phrase is no number", "write as `\"hà nội\"~3`");
                self.pos += 1;
                None
            }
        }
    }

    /// Takes `^2` after a term that has ended.
    pub(super) fn boost(&mut self) -> Option<f32> {
        let after = self.rest().strip_prefix('^')?;
        let Some((boost, rest)) = lexer::boost(after) else {
            self.bad_boost(self.pos);
            return None;
        };
        self.pos = self.text.len() - rest.len();
        Some(boost)
    }

    /// Takes `name:` and its value.
    fn field(&mut self) -> Option<Node> {
        let start = self.pos;
        let len = lexer::field_name(self.rest())?;
        let span = start..start + len;
        let name = &self.text[span.clone()];
        let after = &self.text[span.end + 1..];
        let valueless = after.chars().next().is_none_or(|c| lexer::is_blank(c) || c == ')');
        if after.starts_with(':') || after.starts_with("//") {
            return None;
        }
        match self.is_field {
            None if valueless => return None,
            Some(is_field) if !is_field(name) => {
                if valueless {
                    return None;
                }
                let expected = "name a field of the index, or put the text in quotes";
                self.problem(len, &format!("there is no field `{name}`"), expected);
                return self.word(Context::UnknownField);
            }
            _ => {}
        }
        self.pos = span.end + 1;
        let value = if valueless { None } else { self.value(name, &span) };
        if value.is_none() {
            self.problem_at(span, "the field has no value", "write the value right after the colon");
            self.pos = start;
        }
        value
    }

    /// Takes what may follow `name:`.
    fn value(&mut self, name: &str, span: &Range<usize>) -> Option<Node> {
        let node = loop {
            match self.peek()? {
                '[' | '{' => return self.bracketed_range(name, span.start),
                '<' | '>' | '≤' | '≥' => return self.comparison(name, span.start),
                '(' => break self.group()?,
                '=' if lexer::opens_operand(self.rest()) => break self.exact()?,
                c if lexer::is_quote(c) => match self.phrase(false) {
                    Some(node) => break node?,
                    None => self.pos += c.len_utf8(),
                },
                c if lexer::is_blank(c) => return None,
                _ => break self.word(Context::Value)?,
            }
        };
        let exists = || Node::Exists { field: name.to_owned(), span: span.clone() };
        let typed_star = self.text[span.end..].starts_with(":*");
        Some(match node {
            Node::All => exists(),
            Node::Boost(inner, boost) if typed_star && *inner == Node::All => exists().boosted(Some(boost)),
            node => Node::Field { name: name.to_owned(), span: span.clone(), node: Box::new(node) },
        })
    }

    /// Takes a word with its suffixes; skips it if it is only punctuation.
    fn word(&mut self, context: Context) -> Option<Node> {
        let start = self.pos;
        let end = self.rest().find(lexer::ends_word).map_or(self.text.len(), |len| start + len);
        self.pos = end;
        let typed = &self.text[start..end];
        let (rest, boost) = lexer::split_boost(typed).unwrap_or_else(|at| {
            // Not in `^_^`, where there is nothing to weigh.
            if lexer::has_content(&typed[..at]) {
                self.bad_boost(start + at);
            }
            (typed, None)
        });
        let stars = !rest.is_empty() && rest.bytes().all(|b| b == b'*');
        if stars && context != Context::Exact {
            return Some(Node::All.boosted(boost));
        }
        let (rest, fuzzy) = lexer::split_fuzzy(rest).unwrap_or_else(|at| {
            self.problem_at(start + at..end, "the number of typos is out of range", "write `~1` or `~2`");
            (rest, None)
        });
        let stem = rest.trim_end_matches('*');
        let exact = context == Context::Exact;
        let unknown_field = context == Context::UnknownField;
        if lexer::has_content(stem) {
            if stem.starts_with('*') {
                self.problem_at(start..start + 1, "a `*` begins the word", "put `*` at the end of the word only");
            }
            let text = stem.to_owned();
            let prefix = stem.len() < rest.len();
            let word = Word { span: start..start + text.len(), text, exact, prefix, fuzzy, unknown_field };
            return Some(Node::Word(word).boosted(boost));
        }
        lexer::has_content(typed).then(|| {
            let text = typed.to_owned();
            Node::Word(Word { text, span: start..end, exact, prefix: false, fuzzy: None, unknown_field })
        })
    }

    fn bad_boost(&mut self, at: usize) {
        self.problem_at(at..at + 1, "the weight is no number", "write a number from 0 to 1000000, as `^2` or `^0.5`");
    }
}
