//! `dau analyze`.

use clap::Args;
use dau::FieldKind;

use super::values::ReportFormat;

/// Show how a text is cut into tokens.
#[derive(Args, Clone, Debug)]
pub(crate) struct Arguments {
    /// The text; several words are one text
    #[arg(value_name = "TEXT", required = true)]
    pub(crate) text: Vec<String>,

    /// Kind of field the text stands in: text, code, keyword …
    #[arg(long, value_name = "KIND", default_value = "text", value_parser = kind)]
    pub(crate) kind: FieldKind,

    /// Analyze it as a query would be, not as a document
    #[arg(long)]
    pub(crate) query: bool,

    /// Format of the output
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: ReportFormat,
}

fn kind(text: &str) -> Result<FieldKind, String> {
    text.parse().map_err(|error: dau::Error| error.to_string())
}
