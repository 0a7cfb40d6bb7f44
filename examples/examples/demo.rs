//! Indexes the sample of Vietnamese documents and searches it in several ways of typing.
//!
//! ```console
//! $ cargo run --release --example demo
//! $ cargo run --release --example demo -- 'your own query'
//! ```

#![expect(clippy::print_stdout, reason = "an example talks to its reader")]

use anyhow::Result;
use dau::{Fragment, Highlight, Index, Order, Results, Schema, Search};
use serde_json::{Map, Value};

const SCHEMA: &str = include_str!("../data/sample.schema.toml");
const DOCUMENTS: &str = include_str!("../data/sample.jsonl");

/// Ways of typing *Hà Nội*.
const WAYS: [(&str, &str); 5] = [
    ("all marks", "Hà Nội"),
    ("no marks", "ha noi"),
    ("some marks", "hà noi"),
    ("capitals", "HÀ NỘI"),
    ("letters apart (NFD)", "Ha\u{300} No\u{323}\u{302}i"),
];

fn main() -> Result<()> {
    let index = Index::in_ram(Schema::from_toml(SCHEMA)?)?;
    let mut writer = index.writer()?;
    for line in DOCUMENTS.lines() {
        writer.add_map(serde_json::from_str::<Map<String, Value>>(line)?)?;
    }
    println!("{} documents indexed\n", writer.commit()?.documents);

    let typed: Vec<String> = std::env::args().skip(1).collect();
    if typed.is_empty() {
        tour(&index)
    } else {
        let results = index.search(&Search::new(typed.join(" ")).highlight(one_line()))?;
        print_hits(&typed.join(" "), &results);
        Ok(())
    }
}

/// What the sample shows best.
fn tour(index: &Index) -> Result<()> {
    println!("The same words, however they are typed:\n");
    for (how, query) in WAYS {
        let results = index.search(&Search::new(query).limit(5))?;
        let ids: Vec<&str> = results.hits.iter().filter_map(|hit| hit.id.as_deref()).collect();
        println!("  {how:<22} {} found: {} …", results.total, ids.join(" "));
    }

    println!("\nA mark that was typed decides the order, a mark that was left out hides nothing:\n");
    for query in ["bán", "bàn", "đau đầu", "dau goi", "Tô Lam", "thuy loi"] {
        print_hits(query, &index.search(&Search::new(query).limit(3).highlight(one_line()))?);
    }

    println!("Document numbers, whole or in part, with any punctuation:\n");
    for query in ["number:415/2020/NĐ-CP", "number:\"731 2021\"", "SKU 8841"] {
        print_hits(query, &index.search(&Search::new(query).limit(2).highlight(one_line()))?);
    }

    println!("Offers under a million đồng, dearest first, with the categories counted:\n");
    let offers = Search::new("*").filter("price:<1000000").sort_by("price", Order::Desc).facet("category", 4).limit(3);
    let results = index.search(&offers)?;
    print_hits("* with the filter price:<1000000", &results);
    for value in results.facets.iter().flat_map(|facet| &facet.values) {
        println!("  {:>3}  {}", value.count, value.value);
    }
    Ok(())
}

fn one_line() -> Highlight {
    Highlight::new().chars(70).fields(["body"])
}

fn print_hits(query: &str, results: &Results) {
    println!("> {query}   ({} found)", results.total);
    for hit in &results.hits {
        let field =
            |name: &str| hit.document.get(name).map(|value| value.as_str().map_or(value.to_string(), str::to_owned));
        println!(
            "  {:>2}. {:<8} {}",
            hit.rank,
            hit.id.as_deref().unwrap_or_default(),
            field("title").unwrap_or_default()
        );
        if let Some(price) = field("price") {
            println!("               {price} đ");
        }
        for fragment in hit.highlights.values().flatten().filter(|fragment| !fragment.spans.is_empty()) {
            println!("               {}", bracketed(fragment));
        }
    }
    println!();
}

/// The fragment with the found words in brackets. Spans are bytes of its text, in order and apart.
fn bracketed(fragment: &Fragment) -> String {
    let mut shown = String::with_capacity(fragment.text.len() + 2 * fragment.spans.len());
    let mut end = 0;
    for span in &fragment.spans {
        shown.push_str(&fragment.text[end..span.start]);
        shown.push('[');
        shown.push_str(&fragment.text[span.clone()]);
        shown.push(']');
        end = span.end;
    }
    shown.push_str(&fragment.text[end..]);
    shown
}
