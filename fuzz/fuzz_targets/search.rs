//! Any query text through the whole engine, on an index with a field of each kind: hits or an error, no panic, and the
//! same total however the query is counted.

#![no_main]

use std::sync::LazyLock;

use dau::{Accents, ErrorKind, Highlight, Index, Matching, Schema, Search};
use libfuzzer_sys::fuzz_target;
use serde_json::json;

static INDEX: LazyLock<Index> = LazyLock::new(|| build().expect("the documents fit the schema"));

fn build() -> dau::Result<Index> {
    let schema = Schema::builder().id("id").text("title").text("body").code("number").keyword("tag");
    let schema = schema.path("category").integer("price").float("rating").bool("new").date("date").build()?;
    let index = Index::in_ram(schema)?;
    let mut writer = index.writer()?;
    writer.add(&json!({
        "id": "a", "title": "Hà Nội mùa thu", "body": "Bán bàn cho bạn, ban ngày.", "number": "415/2020/NĐ-CP",
        "tag": ["thơ", "Hà Nội"], "category": "/xã hội/giáo dục", "price": 1_990_000, "date": "2024-09-02",
    }))?;
    writer.add(&json!({
        "id": "b", "title": "DUONG SAT", "body": "Đường sắt, dương cầm, đương thời: 10:30 ở TP.HCM.", "rating": 4.5,
        "new": true, "date": "02/09/1945",
    }))?;
    writer.commit()?;
    Ok(index)
}

fuzz_target!(|query: &str| {
    for accents in [Accents::Smart, Accents::Strict, Accents::Ignore] {
        for matching in [Matching::Auto, Matching::Any, Matching::All] {
            let search = Search::new(query).accents(accents).matching(matching);
            let highlighted = INDEX.search(&search.clone().highlight(Highlight::new()));
            match (INDEX.search(&search.limit(0)), highlighted) {
                (Ok(counted), Ok(found)) => {
                    assert_eq!(counted.total, found.total);
                    assert_eq!(found.hits.len() as u64, found.total);
                }
                (Err(error), Err(_)) => assert_eq!(error.kind(), ErrorKind::Query, "{error}"),
                (counted, found) => panic!("{:?} but {:?}", counted.err(), found.err()),
            }
        }
    }
});
