//! Words a second of the syllable parser, on words that are syllables and on words that are not.
//!
//! Expected, and checked before anything is timed: which of the words parse.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use dau_text::Syllable;

const SYLLABLES: [&str; 16] = [
    "nghiêng",
    "quý",
    "gì",
    "hoà",
    "hòa",
    "đường",
    "khuỷu",
    "thuở",
    "Việt",
    "yêu",
    "oanh",
    "uống",
    "già",
    "ngoằn",
    "a",
    "xoèn",
];

const OTHERS: [&str; 16] = [
    "bluetooth",
    "covid",
    "iPhone",
    "strong",
    "2020",
    "ww",
    "wifi",
    "facebook",
    "đđ",
    "zing",
    "jazz",
    "ngng",
    "х",
    "công-ty",
    "thuongs",
    "straße",
];

fn parse(criterion: &mut Criterion) {
    for word in SYLLABLES {
        assert!(Syllable::parse(word).is_some(), "{word} is a syllable");
    }
    for word in OTHERS {
        assert!(Syllable::parse(word).is_none(), "{word} is no syllable");
    }
    let mut group = criterion.benchmark_group("syllable");
    for (name, words) in [("syllables", SYLLABLES), ("other words", OTHERS)] {
        group.throughput(Throughput::Elements(words.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| black_box(words).iter().filter(|word| Syllable::parse(word).is_some()).count());
        });
    }
    group.finish();
}

criterion_group!(benches, parse);
criterion_main!(benches);
