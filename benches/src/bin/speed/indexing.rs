//! Wall time, processor time, peak memory and size of indexing. Each run is a process of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use dau_benches::data::{Corpus, Document, corpus_file};
use dau_benches::footprint::{bytes_by_part, peak_memory, processor_seconds};
use dau_benches::latency::median;
use dau_benches::ours::Ours;
use dau_benches::stock::{Chain, Layout, Stock};
use serde::{Deserialize, Serialize};

use crate::report::Report;
use crate::rows::{Rows, Unit};
use crate::{Arguments, index_folder};

/// Runs of the memory measurement; it varies little.
const MEMORY_RUNS: usize = 3;

/// Which engine a process indexes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum EngineName {
    Stock,
    Dau,
}

impl EngineName {
    pub(crate) const BOTH: [Self; 2] = [Self::Stock, Self::Dau];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Stock => "stock",
            Self::Dau => "dau",
        }
    }
}

/// How the documents reach the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Source {
    /// All are read into memory before the clock starts: times are the engine's alone.
    Memory,
    /// Read one by one: the process holds no corpus, peak memory is the engine's alone.
    Stream,
}

/// What a child process is asked to do.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Job {
    engine: EngineName,
    corpus: PathBuf,
    folder: PathBuf,
    threads: usize,
    /// Bytes, for all threads together.
    memory: usize,
    source: Source,
    /// Whether to merge all segments into one in the end.
    one_segment: bool,
}

/// What indexing cost in one process.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Cost {
    /// Seconds from the first document until the commit was durable.
    committed: f64,
    /// Seconds from the first document until the merges that the engine began on its own were over too.
    pub(crate) merged: f64,
    /// Processor seconds of all threads for that.
    processor: f64,
    /// Seconds that merging into one segment took afterwards, where it was asked for.
    one_segment: f64,
    segments: usize,
    /// Peak resident memory until the merges were over, bytes.
    peak_memory: u64,
    documents: u64,
}

/// The steps that are timed, the same for both engines.
trait Indexer: Sized {
    fn add(&mut self, document: &Document) -> Result<()>;
    fn commit(&mut self) -> Result<()>;
    fn wait_merges(self) -> Result<()>;
}

macro_rules! indexer {
    ($writer:ty) => {
        impl Indexer for $writer {
            fn add(&mut self, document: &Document) -> Result<()> {
                <$writer>::add(self, document)
            }
            fn commit(&mut self) -> Result<()> {
                <$writer>::commit(self)
            }
            fn wait_merges(self) -> Result<()> {
                <$writer>::wait_merges(self)
            }
        }
    };
}
indexer!(dau_benches::stock::StockWriter);
indexer!(dau_benches::ours::OursWriter);

impl Job {
    /// Indexes in this process.
    pub(crate) fn run(&self) -> Result<Cost> {
        std::fs::create_dir_all(&self.folder).with_context(|| format!("cannot make {}", self.folder.display()))?;
        match self.engine {
            EngineName::Stock => {
                let index = Stock::create(Some(&self.folder), Chain::Folding, Layout::User)?;
                let mut cost = self.index(index.writer(self.threads, self.memory)?)?;
                if self.one_segment {
                    let start = Instant::now();
                    index.writer(self.threads, self.memory)?.into_one_segment()?;
                    cost.one_segment = start.elapsed().as_secs_f64();
                }
                cost.segments = index.searcher()?.segments();
                Ok(cost)
            }
            EngineName::Dau => {
                let index = Ours::create(Some(&self.folder))?;
                let mut cost = self.index(index.writer(self.threads, self.memory)?)?;
                if self.one_segment {
                    let start = Instant::now();
                    index.writer(self.threads, self.memory)?.into_one_segment()?;
                    cost.one_segment = start.elapsed().as_secs_f64();
                }
                cost.segments = index.segments()?;
                Ok(cost)
            }
        }
    }

    fn index(&self, mut writer: impl Indexer) -> Result<Cost> {
        let mut corpus = Corpus::open(&self.corpus)?;
        let loaded = match self.source {
            Source::Memory => corpus.by_ref().collect::<Result<Vec<_>>>()?,
            Source::Stream => Vec::new(),
        };
        let mut documents = loaded.len() as u64;
        let (start, processor) = (Instant::now(), processor_seconds()?);
        for document in &loaded {
            writer.add(document)?;
        }
        for document in corpus {
            writer.add(&document?)?;
            documents += 1;
        }
        writer.commit()?;
        let committed = start.elapsed().as_secs_f64();
        writer.wait_merges()?;
        Ok(Cost {
            committed,
            merged: start.elapsed().as_secs_f64(),
            processor: processor_seconds()? - processor,
            one_segment: 0.0,
            segments: 0,
            peak_memory: peak_memory()?,
            documents,
        })
    }

    /// Runs this program again to do the job.
    fn run_in_child(&self) -> Result<Cost> {
        let program = std::env::current_exe().context("cannot find this program")?;
        let output = Command::new(program)
            .arg("--child")
            .arg(serde_json::to_string(self)?)
            .stderr(Stdio::inherit())
            .output()
            .context("cannot start a process to index in")?;
        ensure!(output.status.success(), "indexing with {} failed", self.engine.as_str());
        Ok(serde_json::from_slice(&output.stdout)?)
    }
}

/// Indexes with both engines in turn and leaves the index of the last run of each in `indexes`.
pub(crate) fn measure(
    arguments: &Arguments,
    corpus: &Path,
    indexes: &Path,
    runs: usize,
    report: &mut Report,
) -> Result<()> {
    // Unpacked once, so that no run pays for it.
    let plain = indexes.join("corpus.jsonl");
    unpack(&corpus_file(corpus)?, &plain)?;
    let costs = |source, runs| repeated(arguments, &plain, indexes, source, runs);
    let peaks = costs(Source::Stream, MEMORY_RUNS.min(runs))?;
    let timed = costs(Source::Memory, runs)?;

    let mut rows = Rows::default();
    let mut push = |what: &str, unit, figure: fn(&Cost) -> f64| {
        let [stock, dau] = [0, 1].map(|engine: usize| middle(&timed[engine], figure));
        rows.push(what, unit, stock, dau);
    };
    push("documents", Unit::Count, |cost| cost.documents as f64);
    push("wall time until committed", Unit::Seconds, |cost| cost.committed);
    push("wall time until committed and merged", Unit::Seconds, |cost| cost.merged);
    push("processor time for that", Unit::Seconds, |cost| cost.processor);
    if arguments.one_segment {
        push("wall time to merge into one segment afterwards", Unit::Seconds, |cost| cost.one_segment);
    }
    push("segments", Unit::Count, |cost| cost.segments as f64);
    let [stock, dau] =
        [0, 1].map(|engine: usize| timed[engine].iter().map(|cost| cost.merged).fold(f64::INFINITY, f64::min));
    rows.push("best wall time until committed and merged", Unit::Seconds, stock, dau);
    let [stock, dau] = [0, 1].map(|engine: usize| middle(&peaks[engine], |cost| cost.peak_memory as f64 / 1e6));
    rows.push("peak resident memory", Unit::Megabytes, stock, dau);
    sizes(indexes, &mut rows)?;
    let (threads, memory) = (arguments.threads, arguments.memory);
    report.table(&format!("indexing, {threads} threads, {memory} MiB, median of {runs} runs"), &rows)
}

/// Indexes a corpus with both engines in turn, stock first, and leaves the last index of each in `indexes`.
pub(crate) fn repeated(
    arguments: &Arguments,
    plain: &Path,
    indexes: &Path,
    source: Source,
    runs: usize,
) -> Result<[Vec<Cost>; 2]> {
    let mut costs = [Vec::new(), Vec::new()];
    for _ in 0..runs {
        for (engine, costs) in EngineName::BOTH.into_iter().zip(&mut costs) {
            let folder = index_folder(indexes, engine);
            if folder.exists() {
                std::fs::remove_dir_all(&folder)?;
            }
            let job = Job {
                engine,
                corpus: plain.to_path_buf(),
                folder,
                threads: arguments.threads,
                memory: arguments.memory << 20,
                source,
                one_segment: arguments.one_segment,
            };
            costs.push(job.run_in_child()?);
        }
    }
    Ok(costs)
}

/// Returns the median of a figure.
pub(crate) fn middle(costs: &[Cost], figure: impl Fn(&Cost) -> f64) -> f64 {
    median(&costs.iter().map(figure).collect::<Vec<_>>())
}

fn sizes(indexes: &Path, rows: &mut Rows) -> Result<()> {
    let parts = EngineName::BOTH.map(|engine| bytes_by_part(&index_folder(indexes, engine)));
    let [stock, dau] = parts;
    let (stock, dau) = (stock?, dau?);
    let total = |parts: &std::collections::BTreeMap<String, u64>, store: bool| {
        let bytes: u64 = parts.iter().filter(|(part, _)| store || *part != "store").map(|(_, bytes)| bytes).sum();
        bytes as f64 / 1e6
    };
    rows.push("size", Unit::Megabytes, total(&stock, true), total(&dau, true));
    rows.push("size without store", Unit::Megabytes, total(&stock, false), total(&dau, false));
    let mut names: Vec<_> = stock.keys().chain(dau.keys()).collect();
    names.sort();
    names.dedup();
    for name in names {
        let [stock, dau] = [&stock, &dau].map(|parts| parts.get(name).copied().unwrap_or(0) as f64 / 1e6);
        // Lock files and descriptions are noise.
        if stock.max(dau) >= 0.05 {
            rows.push(format!("– .{name}"), Unit::Megabytes, stock, dau);
        }
    }
    Ok(())
}

fn unpack(packed: &Path, plain: &Path) -> Result<()> {
    let file = std::fs::File::open(packed).with_context(|| format!("cannot open {}", packed.display()))?;
    let mut out = std::fs::File::create(plain).with_context(|| format!("cannot write {}", plain.display()))?;
    if packed.extension().is_some_and(|end| end == "zst") {
        zstd::stream::copy_decode(file, &mut out).with_context(|| format!("cannot unpack {}", packed.display()))?;
    } else {
        std::io::copy(&mut std::io::BufReader::new(file), &mut out)?;
    }
    Ok(())
}
