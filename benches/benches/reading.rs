//! Queries a second on an index so small that reading and planning a query is nearly all there is to do: what was typed is looked up,
//! its marks are restored, its slips are corrected.
//!
//! Expected, and checked before anything is timed: which document comes first, and what is proposed instead of the query.
//! The searcher remembers the words that it was asked for, as one that is kept open does.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use dau::{Count, Index, Matching, Results, Returning, Schema, Search, Searcher};
use serde_json::json;

const DOCUMENTS: [&str; 8] = [
    "Tỉnh Quảng Trị họp bàn việc sửa đường liên xã sau mưa lũ.",
    "Hơn bốn mươi cây số đường đã hỏng, nhiều cầu gỗ bị nước cuốn.",
    "Người dân thôn Hòa Bình mong được hỗ trợ giống lúa để kịp gieo vụ đông xuân.",
    "Sáng nay, nghệ nhân làng Thuận kể chuyện dệt chiếu cói.",
    "Nghị định 15/2020/NĐ-CP quy định việc xử phạt trong lĩnh vực bưu chính.",
    "Dương liễu ven sông, bán hàng rong, bạn bè gặp nhau, bàn tròn đầu hẻm.",
    "Trường học trên núi dạy trẻ con đọc sách, tập hát, trồng rau.",
    "Bưu điện huyện chuyển thư và hàng về các bản xa.",
];

/// Each document comes so often: neighbours that stand side by side once prove nothing.
const COPIES: usize = 5;

/// A group, a name, a query, the document that must come first, and what must be proposed.
type Case = (&'static str, &'static str, &'static str, usize, Option<&'static str>);

const CASES: [Case; 10] = [
    ("planning", "one word", "chiếu", 3, None),
    ("planning", "two words", "quảng trị", 0, None),
    ("planning", "headline", "người dân thôn hòa bình mong được hỗ trợ giống lúa vụ đông xuân", 2, None),
    ("planning", "operators", "+\"quảng trị\" (đường OR cầu) -lúa title:x sử*", 0, None),
    ("planning", "document number", "nghị định 15/2020/NĐ-CP", 4, None),
    ("restoration", "four syllables", "sua duong lien xa", 0, None),
    ("restoration", "headline", "nguoi dan thon hoa binh mong duoc ho tro giong lua vu dong xuan", 2, None),
    ("correction", "slip", "nghệ nhân làng thuận dệt chiêus", 3, Some("nghệ nhân làng thuận dệt chiếu")),
    ("correction", "telex", "suwar dduwowfng lieen xax", 0, Some("sửa đường liên xã")),
    ("correction", "joined", "nghenhan", 3, Some("nghe nhan")),
];

fn searcher() -> Searcher {
    let schema = Schema::builder().id("id").text("title").text("text").build().expect("a schema");
    let index = Index::in_ram(schema).expect("an index in memory");
    let mut writer = index.writer().expect("a writer");
    for copy in 0..COPIES {
        for (number, text) in DOCUMENTS.iter().enumerate() {
            writer.add(&json!({"id": format!("{number}-{copy}"), "title": "", "text": text})).expect("a document");
        }
    }
    writer.commit().expect("a commit");
    index.searcher().expect("a searcher")
}

fn search(searcher: &Searcher, query: &str, returning: Returning) -> Results {
    let search = Search::new(query).matching(Matching::Any).limit(1).count(Count::None).returning(returning);
    searcher.search(&search).expect("any text is a query")
}

fn reading(criterion: &mut Criterion) {
    let searcher = searcher();
    for (group, name, query, first, proposed) in CASES {
        let results = search(&searcher, query, Returning::Ids);
        let found = results.hits.first().and_then(|hit| hit.id.as_deref()).unwrap_or_default();
        assert!(found.starts_with(&format!("{first}-")), "{name}: {found}");
        assert_eq!(results.did_you_mean.as_deref(), proposed, "{name}");
        criterion.benchmark_group(group).bench_function(name, |bencher| {
            bencher.iter(|| search(&searcher, black_box(query), Returning::Scores));
        });
    }
}

criterion_group!(benches, reading);
criterion_main!(benches);
