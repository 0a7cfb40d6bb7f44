//! Bytes a second of cutting the best fragment out of one long text.
//!
//! Expected, and checked before anything is timed: how many words the fragment marks.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use dau::highlight::{FragmentOptions, Highlighter, Term};
use dau_benches::samples::samples;

fn fragments(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("highlight");
    let mut highlighter = Highlighter::new(FragmentOptions::default());
    for folded in ["quang", "tri", "chu", "tich", "hoa", "binh"] {
        highlighter.add_term(Term { folded: folded.to_owned(), marked: None, prefix: false, weight: 1.0 });
    }
    for sample in samples() {
        let found = highlighter.fragments(&sample.text);
        let marked: usize = found.iter().map(|fragment| fragment.spans.len()).sum();
        let expects_some = matches!(sample.name, "bare" | "nfd" | "capitals" | "vietnamese");
        assert_eq!(marked > 0, expects_some, "{}: {marked}", sample.name);
        group.throughput(Throughput::Bytes(sample.text.len() as u64));
        group.bench_function(sample.name, |bencher| {
            bencher.iter(|| highlighter.fragments(black_box(&sample.text)));
        });
    }
    group.finish();
}

criterion_group!(benches, fragments);
criterion_main!(benches);
