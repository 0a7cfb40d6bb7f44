//! Bytes a second of `fold` and `marked` over whole texts. They run on every query and on every keyword field.
//!
//! Expected, and checked before anything is timed: every spelling of the Vietnamese sample folds to its bare form.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use dau_benches::samples::{Sample, samples};
use dau_text::{fold, marked};

fn check(samples: &[Sample]) {
    let text = |name| &samples.iter().find(|sample| sample.name == name).expect("a sample").text;
    let bare = text("bare").to_lowercase();
    for name in ["bare", "nfd", "capitals", "vietnamese"] {
        assert_eq!(fold(text(name)), bare, "{name}");
        assert_eq!(fold(&marked(text(name))), bare, "{name}");
    }
    assert_eq!(marked(text("nfd")), marked(text("vietnamese")));
}

fn forms(criterion: &mut Criterion) {
    let samples = samples();
    check(&samples);
    for (name, form) in [("fold", fold as fn(&str) -> std::borrow::Cow<'_, str>), ("marked", marked)] {
        let mut group = criterion.benchmark_group(name);
        for sample in &samples {
            group.throughput(Throughput::Bytes(sample.text.len() as u64));
            group.bench_function(sample.name, |bencher| {
                bencher.iter(|| black_box(form(black_box(&sample.text))).len());
            });
        }
        group.finish();
    }
}

criterion_group!(benches, forms);
criterion_main!(benches);
