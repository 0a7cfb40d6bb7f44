//! dau's analysis as a tokenizer in an index of your own: tantivy's schema, query parser and collectors, dau's words.
//!
//! Each text goes into two fields, one of marked and one of folded terms. A query asks both: whoever types no marks is
//! found by the folded field, and marks that were typed lift the documents that have them. (The crate `dau` itself keeps
//! both in one field and ranks with more care; this is for an index that must stay your own.) Needs dau's feature
//! `tantivy-tokenizer`.
//!
//! ```console
//! $ cargo run -p dau-examples --example tantivy_tokenizer
//! $ cargo run -p dau-examples --example tantivy_tokenizer -- 'dau goi'
//! ```
#![expect(clippy::print_stdout, reason = "an example prints")]

use dau::tantivy_tokenizer::{Form, VietnameseTokenizer};
use tantivy::collector::TopDocs;
use tantivy::query::QueryParser;
use tantivy::schema::{Field, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions, Value};
use tantivy::snippet::SnippetGenerator;
use tantivy::{Index, TantivyDocument, doc};

/// Names of tokenizers are yours to choose. An index keeps the name only, so register them at every opening.
const MARKED: &str = "vi_marked";
const FOLDED: &str = "vi_folded";

const TEXTS: [&str; 5] = [
    "Dầu gội đầu bồ kết cho tóc khô",
    "Đau đầu gối nên đi khám ở đâu",
    "Bán dâu tây Đà Lạt, giao trong ngày",
    "Bàn đá HOÀ BÌNH, bền và đẹp",
    "Nghị định 15/2020/NĐ-CP về xử phạt hành chính",
];

fn main() -> tantivy::Result<()> {
    let mut schema = Schema::builder();
    let marked = schema.add_text_field("marked", text_options(MARKED) | STORED);
    let folded = schema.add_text_field("folded", text_options(FOLDED));
    let index = Index::create_in_ram(schema.build());
    index.tokenizers().register(MARKED, VietnameseTokenizer::new(Form::Marked));
    index.tokenizers().register(FOLDED, VietnameseTokenizer::new(Form::Folded));

    let mut writer = index.writer(15_000_000)?;
    for text in TEXTS {
        writer.add_document(doc!(marked => text, folded => text))?;
    }
    writer.commit()?;

    let typed: Vec<String> = std::env::args().skip(1).collect();
    if !typed.is_empty() {
        return show(&index, [marked, folded], &typed.join(" "));
    }
    for query in ["dau goi", "đầu gối", "ban da", "Hòa Bình", "Hoa\u{300} Bi\u{300}nh", "\"15/2020\""] {
        show(&index, [marked, folded], query)?;
    }
    Ok(())
}

/// Positions are needed for phrases, which the query parser makes of `15/2020` too.
fn text_options(tokenizer: &str) -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(tokenizer)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    TextOptions::default().set_indexing_options(indexing)
}

/// Searches both fields and prints the hits, best first, with the found words in brackets.
fn show(index: &Index, [marked, folded]: [Field; 2], query: &str) -> tantivy::Result<()> {
    let mut parser = QueryParser::for_index(index, vec![marked, folded]);
    parser.set_field_boost(marked, 2.0);
    parser.set_conjunction_by_default();
    let (parsed, _) = parser.parse_query_lenient(query);

    let searcher = index.reader()?.searcher();
    // The folded field's terms find every spelling in the text, and its offsets are those of the text as it was given.
    let snippets = SnippetGenerator::create(&searcher, &*parsed, folded)?;
    println!("> {query}");
    for (score, address) in searcher.search(&parsed, &TopDocs::with_limit(3).order_by_score())? {
        let document: TantivyDocument = searcher.doc(address)?;
        let text = document.get_first(marked).and_then(|value| value.as_str()).unwrap_or_default();
        let mut snippet = snippets.snippet(text);
        snippet.set_snippet_prefix_postfix("[", "]");
        println!("  {score:>5.2}  {}", snippet.to_html());
    }
    println!();
    Ok(())
}
