//! Queries a second of the parser, without any index: what every search pays before it begins.
//!
//! Expected, and checked before anything is timed: which queries are well formed.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use dau::query::{parse, parse_strict};

/// A name, a query, and whether strict parsing takes it.
const QUERIES: [(&str, &str, bool); 5] = [
    ("two words", "hà nội", true),
    ("headline", "Thủ tướng: Không để người dân vùng lũ thiếu đói, thiếu thuốc trong mùa mưa bão 2024", true),
    ("operators", "+title:\"nghị định\" (thuế OR phí) -dự_thảo số:15/2020/NĐ-CP giá:[1000 TO 5000]^2 thông*", true),
    ("forgiven", "\"hà nội (thủ đô AND -", false),
    ("deep groups", "((((((((((((((((a))))))))))))))))", true),
];

fn parsing(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("query");
    for (name, text, well_formed) in QUERIES {
        assert_eq!(parse_strict(text).is_ok(), well_formed, "{name}");
        group.bench_function(name, |bencher| bencher.iter(|| parse(black_box(text))));
    }
    group.finish();
}

criterion_group!(benches, parsing);
criterion_main!(benches);
