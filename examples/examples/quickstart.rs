//! Ten lines from nothing to a hit. Run: `cargo run -p dau-examples --example quickstart`
#![expect(clippy::print_stdout, reason = "an example prints")]

use dau::{Index, Schema, Search};
use serde_json::json;

fn main() -> dau::Result<()> {
    let index = Index::in_ram(Schema::builder().id("id").text("title").build()?)?;
    let mut writer = index.writer()?;
    writer.add(&json!({"id": 1, "title": "Đường sắt Bắc Nam"}))?;
    writer.add(&json!({"id": 2, "title": "Dương lịch và âm lịch"}))?;
    writer.commit()?;
    for hit in index.search(&Search::new("duong sat"))?.hits {
        println!("{}. {} ({:.2})", hit.rank, hit.document.as_map()["title"], hit.score);
    }
    Ok(())
}
