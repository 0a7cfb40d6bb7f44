//! Fields that are not text: document numbers, prices, dates and categories, to filter, sort and count by.
//!
//! ```console
//! $ cargo run -p dau-examples --example fields
//! ```
#![expect(clippy::print_stdout, reason = "an example prints")]

use dau::{Index, Order, Result, Schema, Search};
use serde_json::{Value, json};

fn main() -> Result<()> {
    let schema = Schema::builder()
        .id("id")
        .text("name")
        .code("sku")
        .path("category")
        .keyword("brand")
        .integer("price")
        .float("stars")
        .bool("in_stock")
        .date("since")
        .stored("picture")
        .build()?;
    let index = Index::in_ram(schema)?;
    let mut writer = index.writer()?;
    for product in products() {
        writer.add(&product)?;
    }
    writer.commit()?;

    // Codes are found whole or in part, whatever stands between their parts.
    show(&index, "Code", Search::new("sku:nm-20-d"))?;
    show(&index, "Code among words", Search::new("nồi NM 20"))?;

    // A filter takes documents away and leaves the order alone. Numbers and dates are read the Vietnamese way.
    show(&index, "Filter by price", Search::new("noi").filter("price:[500.000 TO 1.500.000]"))?;
    show(&index, "Filter by date", Search::new("*").filter("since:>=01/06/2024"))?;
    show(&index, "Two filters", Search::new("*").filter("in_stock:true").filter("stars:>4.5"))?;
    show(&index, "No price yet", Search::new("* -price:*"))?;

    // A path is found under each of its ancestors; a keyword is one value, with or without its marks.
    show(&index, "Category", Search::new("*").filter("category:\"/gia dụng/bếp\""))?;
    show(&index, "Brand", Search::new("*").filter("brand:\"hoa mai\""))?;

    show(&index, "Sorted", Search::new("*").filter("price:*").sort_by("price", Order::Asc).limit(3))?;
    show(&index, "Counted", Search::new("*").facet("category", 10).facet("brand", 10).limit(0))
}

/// Prints what a search finds, a product a line, and the counted values.
fn show(index: &Index, what: &str, search: Search) -> Result<()> {
    let results = index.search(&search)?;
    println!("{what}: {} found", results.total);
    for hit in &results.hits {
        let field = |name: &str| match hit.document.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(value) => value.to_string(),
            None => "–".to_owned(),
        };
        println!("  {:<8} {:>11}  {:<10}  {}", field("sku"), field("price"), field("since"), field("name"));
    }
    for facet in &results.facets {
        println!("  by {}:", facet.field);
        for value in &facet.values {
            println!("    {:>2}  {}", value.count, value.value);
        }
    }
    println!();
    Ok(())
}

/// Numbers and dates may be given as people write them; documents come back as they were given.
fn products() -> [Value; 6] {
    [
        json!({"id": 1, "name": "Nồi cơm điện 1,8 lít", "sku": "NC-18-A", "category": "gia dụng/bếp", "brand": "Hoa Mai",
            "price": 690_000, "stars": 4.4, "in_stock": true, "since": "2023-11-20", "picture": "nc18a.jpg"}),
        json!({"id": 2, "name": "Nồi chiên không dầu", "sku": "NK-55-B", "category": "gia dụng/bếp", "brand": "Hoa Mai",
            "price": "1.490.000 đ", "stars": "4,7", "in_stock": true, "since": "15/06/2024", "picture": "nk55b.jpg"}),
        json!({"id": 3, "name": "Bộ nồi inox 3 món", "sku": "NM-20-D", "category": "gia dụng/bếp", "brand": "Sông Thu",
            "price": 1_850_000, "stars": 4.8, "in_stock": false, "since": "2024-09-02"}),
        json!({"id": 4, "name": "Quạt đứng", "sku": "QD-40-C", "category": "gia dụng/làm mát", "brand": "Sông Thu",
            "price": 450_000, "stars": 4.1, "in_stock": true, "since": "01/03/2022"}),
        json!({"id": 5, "name": "Tai nghe không dây", "sku": "TN-07-X", "category": "điện tử/âm thanh", "brand": "Vành Khuyên",
            "price": 899_000, "stars": 4.6, "in_stock": true, "since": "2024-01-31"}),
        json!({"id": 6, "name": "Loa để bàn, sắp bán", "sku": "LB-11-X", "category": "điện tử/âm thanh", "brand": "Vành Khuyên",
            "in_stock": false, "since": "2025-01-15"}),
    ]
}
