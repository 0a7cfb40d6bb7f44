//! `dau analyze`: the tokens of a text, or of what a query looks for.

use std::io::Write;

use anyhow::Result;
use dau::query::{Leaf, ParseOptions};
use dau::{AnalyzedToken, FieldKind, Index};

use crate::args::analyze::Arguments;
use crate::args::values::ReportFormat;
use crate::error::Exit;
use crate::output::{Out, json, report};
use crate::resolve::Settings;

/// What `--format json` prints.
#[derive(serde::Serialize)]
struct Tokens {
    /// The query in its canonical form; only with `--query`.
    #[serde(skip_serializing_if = "Option::is_none")]
    query: Option<String>,
    tokens: Vec<AnalyzedToken>,
}

/// Shows how a text is cut into tokens.
pub(crate) fn run(arguments: &Arguments, settings: &Settings) -> Result<Exit> {
    let text = arguments.text.join(" ");
    let tokens = if arguments.query {
        of_query(arguments.kind, &text, settings)
    } else {
        let tokens = dau::analyze(arguments.kind, &text);
        Tokens { query: None, tokens }
    };
    let mut out = Out::new(settings);
    match arguments.format {
        ReportFormat::Human => {
            if let Some(query) = &tokens.query {
                report::parsed_query(&mut out, query)?;
            }
            report::tokens(&mut out, &tokens.tokens)?;
        }
        ReportFormat::Json => json::compact(&mut out, &tokens)?,
    }
    out.flush()?;
    Ok(Exit::Done)
}

/// The tokens of the words and phrases of a query, without its operators and field names. Where there is an index, only its
/// fields are field names.
fn of_query(kind: FieldKind, text: &str, settings: &Settings) -> Tokens {
    let index = Index::open(&settings.index).ok();
    let is_field = |name: &str| index.as_ref().is_none_or(|index| index.schema().field(name).is_some());
    let query = ParseOptions::new().fields(&is_field).parse(text);
    let mut tokens: Vec<AnalyzedToken> = Vec::new();
    query.root.leaves(&mut |leaf, _| {
        let (part, start) = match leaf {
            Leaf::Word(word) => (&word.text, word.span.start),
            Leaf::Phrase(phrase) => (&phrase.text, phrase.span.start),
            _ => return,
        };
        let before = tokens.last().map_or(0, |last| last.position + 1);
        tokens.extend(dau::analyze(kind, part).into_iter().map(|mut token| {
            token.start += start;
            token.end += start;
            token.position += before;
            token
        }));
    });
    let query = Some(query.root.to_string());
    Tokens { query, tokens }
}
