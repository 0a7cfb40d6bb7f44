//! Bytes a second of the scanner beside tantivy's stock chain with folding, on the same texts in the same run.
//!
//! Expected: the scanner gives two forms, spans and kinds at five times the speed of the stock chain, which gives one
//! form, on Vietnamese in NFC. On NFD the stock chain is no yardstick: it cuts words at their marks and throws the marks
//! away, so it has little to do. Checked before anything is timed: both chains find the words they should.
//!
//! Beside the samples, which repeat a few sentences and so flatter whoever remembers words, real text is measured when
//! the shared data is there.

use std::hint::black_box;
use std::io::{BufRead, BufReader};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use dau_benches::data::data_folder;
use dau_benches::samples::{Sample, samples};
use dau_text::Scanner;
use tantivy::tokenizer::{AsciiFoldingFilter, LowerCaser, RemoveLongFilter, SimpleTokenizer, TextAnalyzer};
use unicode_normalization::UnicodeNormalization;

/// The bytes of real text that are measured, cut at the end of a document.
const REAL_BYTES: usize = 2 << 20;

/// A text, in the lines or documents that are scanned one by one.
struct Input {
    name: String,
    documents: Vec<String>,
}

impl Input {
    fn bytes(&self) -> u64 {
        self.documents.iter().map(|text| text.len() as u64).sum()
    }
}

fn stock_chain() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(40))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .build()
}

/// Scans all documents; returns the number of tokens and the bytes of their forms, so that no work can be left out.
fn scan(scanner: &mut Scanner, input: &Input) -> (usize, usize) {
    let (mut tokens, mut bytes) = (0, 0);
    for text in &input.documents {
        scanner.scan(black_box(text)).for_each(|token| {
            tokens += 1;
            bytes += token.marked.len() + token.folded.len();
        });
    }
    (tokens, bytes)
}

/// Does the same with the stock chain.
fn scan_stock(analyzer: &mut TextAnalyzer, input: &Input) -> (usize, usize) {
    let (mut tokens, mut bytes) = (0, 0);
    for text in &input.documents {
        let mut stream = analyzer.token_stream(black_box(text));
        while stream.advance() {
            tokens += 1;
            bytes += stream.token().text.len();
        }
    }
    (tokens, bytes)
}

fn inputs() -> Vec<Input> {
    let mut inputs: Vec<Input> = samples()
        .into_iter()
        .map(|Sample { name, text }| Input { name: format!("sample-{name}"), documents: vec![text] })
        .collect();
    inputs.push(Input {
        name: "hostile-junk".to_owned(),
        documents: vec!["a-1/b.c_d@e:+--..//aa0bb1cc2,3.4\u{301}\u{200d}“x”".repeat(1_000)],
    });
    for (name, file) in [
        ("wiki", "eval/wiki/corpus.jsonl.zst"),
        ("law", "fixtures/law_articles.jsonl.zst"),
        ("news", "corpora/news_daily.jsonl.zst"),
        ("shop", "corpora/products.jsonl.zst"),
    ] {
        let Some(documents) = real_documents(file) else {
            continue;
        };
        let decomposed = documents.iter().map(|text| text.nfd().collect()).collect();
        inputs.push(Input {
            name: format!("{name}-nfc"),
            documents: documents.iter().map(|text| text.nfc().collect()).collect(),
        });
        inputs.push(Input { name: format!("{name}-nfd"), documents: decomposed });
    }
    inputs
}

/// Returns titles and bodies from the head of a corpus; `None` when the shared data is absent.
fn real_documents(file: &str) -> Option<Vec<String>> {
    let file = std::fs::File::open(data_folder()?.join(file)).ok()?;
    let reader = BufReader::new(zstd::Decoder::new(file).ok()?);
    let (mut documents, mut bytes) = (Vec::new(), 0);
    for line in reader.lines().map_while(Result::ok) {
        let Ok(document) = serde_json::from_str::<serde_json::Value>(&line) else {
            continue;
        };
        for field in ["title", "text", "body"] {
            if let Some(text) = document[field].as_str() {
                bytes += text.len();
                documents.push(text.to_owned());
            }
        }
        if bytes >= REAL_BYTES {
            break;
        }
    }
    Some(documents)
}

fn check() {
    let input = Input { name: "check".to_owned(), documents: vec!["Hoà Bình, ngày mai trời mưa.".to_owned()] };
    assert_eq!(scan(&mut Scanner::new(), &input).0, 6);
    assert_eq!(scan_stock(&mut stock_chain(), &input).0, 6);
}

fn scanner(criterion: &mut Criterion) {
    check();
    let mut group = criterion.benchmark_group("scanner");
    for input in inputs() {
        group.throughput(Throughput::Bytes(input.bytes()));
        let mut scanner = Scanner::new();
        group.bench_function(format!("dau/{}", input.name), |bencher| {
            bencher.iter(|| black_box(scan(&mut scanner, &input)));
        });
        let mut analyzer = stock_chain();
        group.bench_function(format!("tantivy/{}", input.name), |bencher| {
            bencher.iter(|| black_box(scan_stock(&mut analyzer, &input)));
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    // Long inputs: few samples tell enough.
    config = Criterion::default().sample_size(20);
    targets = scanner
}
criterion_main!(benches);
