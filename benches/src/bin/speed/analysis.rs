//! Bytes a second from text to tokens, on one thread.

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use anyhow::Result;
use dau_benches::data::{Corpus, corpus_file, find};
use dau_benches::stock::Chain;
use dau_text::Scanner;
use unicode_normalization::UnicodeNormalization;

use crate::report::Report;
use crate::rows::{Rows, Unit};

/// Bytes of each text: enough to leave every cache, little enough to repeat.
const BYTES: usize = 16_000_000;

/// What is read: a label, the file, and whether to decompose it.
const TEXTS: [(&str, &str, bool); 5] = [
    ("Vietnamese (news)", "eval/news", false),
    ("Vietnamese (wiki)", "eval/wiki", false),
    ("Vietnamese, NFD (news)", "eval/news", true),
    ("mixed (products)", "corpora/products.jsonl.zst", false),
    ("mixed (LibreOffice help)", "fixtures/libreoffice_help_vi.jsonl.zst", false),
];

/// Cuts texts into tokens and says how many there were.
type Analysis<'a> = dyn Fn(&[String]) -> usize + 'a;

/// Times dau's scanner, which gives marked and folded form and span of each token, and stock tantivy's two chains.
pub(crate) fn measure(repeat: usize, report: &mut Report) -> Result<()> {
    let mut rows = Rows::default();
    for (label, file, decompose) in TEXTS {
        let Ok(path) = find(Path::new(file)) else {
            continue;
        };
        let texts = read(&path, decompose)?;
        let bytes: usize = texts.iter().map(String::len).sum();
        let mut best = [f64::INFINITY; 3];
        let mut tokens = [0; 3];
        for _ in 0..repeat.max(1) {
            let runs: [&Analysis<'_>; 3] =
                [&|texts| stock(Chain::Folding, texts), &|texts| stock(Chain::Default, texts), &ours];
            for (index, run) in runs.iter().enumerate() {
                let start = Instant::now();
                tokens[index] = black_box(run(black_box(&texts)));
                best[index] = best[index].min(start.elapsed().as_secs_f64());
            }
        }
        let [folding, default, dau] = best.map(|seconds| bytes as f64 / 1e6 / seconds);
        rows.push(format!("{label}, beside the folding chain"), Unit::MegabytesPerSecond, folding, dau);
        rows.push(format!("{label}, beside the default chain"), Unit::MegabytesPerSecond, default, dau);
        rows.push(format!("{label}, tokens"), Unit::Count, tokens[0] as f64, tokens[2] as f64);
    }
    report.table(&format!("analysis alone, one thread, best of {repeat}"), &rows)
}

fn read(path: &Path, decompose: bool) -> Result<Vec<String>> {
    let (mut texts, mut bytes) = (Vec::new(), 0);
    for document in Corpus::open(&corpus_file(path)?)? {
        let text = document?.text;
        let text = if decompose { text.nfd().collect() } else { text };
        bytes += text.len();
        texts.push(text);
        if bytes >= BYTES {
            break;
        }
    }
    Ok(texts)
}

// Neither is to be compiled into what measures it, where registers are wanted for other things.
#[inline(never)]
fn stock(chain: Chain, texts: &[String]) -> usize {
    let mut analyzer = chain.analyzer();
    let mut tokens = 0;
    for text in texts {
        let mut stream = analyzer.token_stream(text);
        while stream.advance() {
            black_box(stream.token());
            tokens += 1;
        }
    }
    tokens
}

#[inline(never)]
fn ours(texts: &[String]) -> usize {
    let mut scanner = Scanner::new();
    let mut count = 0;
    for text in texts {
        scanner.scan(text).for_each(|token| {
            black_box(&token);
            count += 1;
        });
    }
    count
}
