//! Ranges of query text: `name:[a TO b]`, `name:>=a`. Knows nothing of what the values mean.

use std::ops::Bound;

use super::{lexer, parser::Parser, tree::Node};

impl Parser<'_> {
    /// Takes `[a TO b]`, with either kind of bracket at either end, and its weight.
    pub(super) fn bracketed_range(&mut self, field: &str, start: usize) -> Option<Node> {
        let open = self.pos;
        let Some((lower, upper)) = self.bounds() else {
            let expected = "write `name:[1 TO 5]` or `name:>=1`, with values that have spaces in quotes";
            self.problem_at(open..open + 1, "the range is malformed", expected);
            return None;
        };
        Some(self.range(field, start, lower, upper))
    }

    /// Takes `>=a`, `>a`, `<=a` or `<a`, and its weight.
    pub(super) fn comparison(&mut self, field: &str, start: usize) -> Option<Node> {
        const SIGNS: [(&str, Sign); 6] = [
            (">=", (End::Lower, Bound::Included)),
            ("<=", (End::Upper, Bound::Included)),
            ("≥", (End::Lower, Bound::Included)),
            ("≤", (End::Upper, Bound::Included)),
            (">", (End::Lower, Bound::Excluded)),
            ("<", (End::Upper, Bound::Excluded)),
        ];
        let at = self.pos;
        let (sign, (end, bound)) = SIGNS.into_iter().find(|(sign, _)| self.rest().starts_with(sign))?;
        self.pos += sign.len();
        self.skip_blanks();
        let Some(value) = self.compared_value() else {
            self.problem_at(at..at + sign.len(), "the comparison has no value", "write one, as in `name:>=1000`");
            return None;
        };
        let (lower, upper) = match end {
            End::Lower => (bound(value), Bound::Unbounded),
            End::Upper => (Bound::Unbounded, bound(value)),
        };
        Some(self.range(field, start, lower, upper))
    }

    fn range(&mut self, field: &str, start: usize, lower: Bound<String>, upper: Bound<String>) -> Node {
        let node = Node::Range { field: field.to_owned(), lower, upper, span: start..self.pos };
        let boost = self.boost();
        node.boosted(boost)
    }

    fn bounds(&mut self) -> Option<(Bound<String>, Bound<String>)> {
        let opens = self.peek()?;
        self.pos += 1;
        let lower = self.bracketed_value()?;
        let to = self.rest().get(..2).filter(|to| to.eq_ignore_ascii_case("to"))?;
        self.pos += to.len();
        self.peek().filter(|&c| lexer::is_blank(c) || lexer::is_quote(c))?;
        let upper = self.bracketed_value()?;
        let closes = self.peek().filter(|c| matches!(c, ']' | '}'))?;
        self.pos += 1;
        Some((bound(lower, opens == '['), bound(upper, closes == ']')))
    }

    /// Takes a value and the blanks around it; the inner `None` is `*`.
    fn bracketed_value(&mut self) -> Option<Option<String>> {
        self.skip_blanks();
        let value = match self.quoted_value() {
            Some(value) => Some(value),
            None => {
                let end = self.rest().find(|c| lexer::is_blank(c) || is_delimiter(c))?;
                let value = &self.rest()[..end];
                if value.is_empty() {
                    return None;
                }
                self.pos += end;
                (value != "*").then(|| value.to_owned())
            }
        };
        self.skip_blanks();
        Some(value)
    }

    fn compared_value(&mut self) -> Option<String> {
        if let Some(value) = self.quoted_value() {
            return Some(value);
        }
        let end = self.rest().find(lexer::ends_word).unwrap_or(self.rest().len());
        let typed = &self.rest()[..end];
        let value = lexer::split_boost(typed).map_or(typed, |(value, _)| value);
        if !lexer::has_content(value) {
            return None;
        }
        self.pos += value.len();
        Some(value.to_owned())
    }

    fn quoted_value(&mut self) -> Option<String> {
        self.peek().filter(|&c| lexer::is_quote(c))?;
        let (span, end) = self.quotes.enclosed(self.text, self.pos)?;
        self.pos = end;
        Some(self.text[span].to_owned())
    }
}

/// Which end of a range a comparison gives, and how.
type Sign = (End, fn(String) -> Bound<String>);

#[derive(Clone, Copy)]
enum End {
    Lower,
    Upper,
}

/// Whether `c` ends a value without quotes, so that a broken range is given up early.
pub(super) fn is_delimiter(c: char) -> bool {
    matches!(c, '[' | ']' | '{' | '}' | '(' | ')') || lexer::is_quote(c)
}

fn bound(value: Option<String>, included: bool) -> Bound<String> {
    match value {
        None => Bound::Unbounded,
        Some(value) if included => Bound::Included(value),
        Some(value) => Bound::Excluded(value),
    }
}
