//! Names of fields in a query and around it: which field is meant, and what to say where there is none.

use std::sync::Arc;

use super::Planner;
use super::tokens::query_tokens;
use crate::error::{Error, ErrorKind, Result};
use crate::query::{self, Leaf, Node};
use crate::reading::Fingers;
use crate::schema::{Field, FieldKind, Schema};
use crate::text::{TokenKind, marked};

/// Names shorter than this, in characters, are one slip away from too many others to guess which was meant.
const LEAST_SUGGESTED: usize = 3;

impl Planner<'_> {
    pub(super) fn field_position(&self, name: &str) -> Result<usize> {
        let schema = &self.searcher.inner().schema;
        find_field(schema, name).ok_or_else(|| no_field(name, &with_id(schema), ""))
    }

    /// Refuses a filter that names a field which does not exist: as a word it would let other documents through than were
    /// asked for, and most often none.
    pub(super) fn refuse_unknown_fields(&self, filter: &Node) -> Result<()> {
        let mut unknown = None;
        filter.leaves(&mut |leaf, _| match leaf {
            Leaf::Word(word) if word.unknown_field && !begins_with_address(word) => unknown = unknown.or(Some(word)),
            _ => {}
        });
        let Some(word) = unknown else { return Ok(()) };
        let name = word.text.split(':').next().unwrap_or(&word.text);
        let error = unknown_in_text(&self.searcher.inner().schema, name, "filter");
        Err(error.at(word.span.start..word.span.start + name.len()))
    }
}

/// Whether what stands before the colon is the beginning of an address: `hue.vn:8080`.
fn begins_with_address(word: &query::Word) -> bool {
    query_tokens(&word.text).first().is_some_and(|token| token.kind == TokenKind::Url)
}

/// Finds a field by its name as typed: exactly, or blind to case and Unicode form. The unique id, where it is no field
/// of its own, comes after the last field.
pub(crate) fn find_field(schema: &Schema, name: &str) -> Option<usize> {
    let id = || (schema.id_field() == Some(name)).then_some(schema.fields().len());
    schema.position(name).or_else(id).or_else(|| {
        let wanted = marked(name);
        let mut alike = (0..).zip(schema.fields()).filter(|(_, field)| marked(field.name()) == wanted);
        let first = alike.next()?;
        alike.next().is_none().then_some(first.0)
    })
}

/// What is wrong with the name of a field that is to be shown, counted or sorted by.
pub(crate) fn unknown_field(schema: &Schema, name: &str) -> Error {
    let known: Vec<&str> = schema.fields().iter().map(Field::name).collect();
    no_field(name, &known, "")
}

/// What is wrong with the name of a field in a text: `text` says in which, the query or a filter.
pub(crate) fn unknown_in_text(schema: &Schema, name: &str, text: &str) -> Error {
    no_field(name, &with_id(schema), &format!("; put the {text}'s text in quotes if these are words"))
}

/// The fields that words without a field are looked for in: those named, or all that hold words.
pub(super) fn searched(schema: &Schema, names: &[String]) -> Result<Arc<[usize]>> {
    if names.is_empty() {
        let searched = (0..).zip(schema.fields()).filter(|(_, field)| field.kind().is_searched_by_default());
        return Ok(searched.map(|(position, _)| position).collect());
    }
    let mut positions = Vec::with_capacity(names.len());
    for name in names {
        let position = find_field(schema, name).ok_or_else(|| unknown_field(schema, name))?;
        let kind = schema.fields().get(position).map_or(FieldKind::Keyword, Field::kind);
        if !kind.is_searched_by_default() {
            let message = format!(
                "field {name:?} is {kind}: words can be searched in text and code fields; write {name}:value in the query"
            );
            return Err(Error::new(ErrorKind::Query, message));
        }
        if !positions.contains(&position) {
            positions.push(position);
        }
    }
    Ok(positions.into())
}

/// The names that a query may use: the unique id's too where it is no field of its own.
fn with_id(schema: &Schema) -> Vec<&str> {
    let fields = schema.fields().iter().map(Field::name);
    let id = schema.id_field().filter(|&id| schema.position(id).is_none());
    id.into_iter().chain(fields).collect()
}

fn no_field(name: &str, known: &[&str], advice: &str) -> Error {
    let suggestion = nearest(name, known).map_or_else(String::new, |near| format!("; did you mean {near:?}?"));
    let message = format!("there is no field {name:?}: expected one of {}{suggestion}{advice}", known.join(", "));
    Error::new(ErrorKind::Query, message)
}

/// The name that was most probably meant: the same but for marks, or one slip of the fingers away.
fn nearest<'n>(name: &str, known: &[&'n str]) -> Option<&'n str> {
    if name.chars().count() < LEAST_SUGGESTED {
        return None;
    }
    let typed = Fingers::new(&marked(name));
    let near = known.iter().map(|&known| (typed.slip(&marked(known)).likelihood(1.0), known));
    let near = near.filter(|(likelihood, _)| *likelihood > 0.0);
    near.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_name_is_one_slip_away() {
        let known = ["title", "category", "giá", "published_at"];
        let check = |typed, meant: Option<&str>| assert_eq!(nearest(typed, &known), meant, "{typed}");
        for typed in ["categry", "cateogry", "Catgory", "categoryy"] {
            check(typed, Some("category"));
        }
        check("gia", Some("giá"));
        check("giả", Some("giá"));
        check("publishedat", Some("published_at"));
        check("tile", Some("title"));
        for typed in ["kind", "ctgry", "gi", "price"] {
            check(typed, None);
        }
    }
}
