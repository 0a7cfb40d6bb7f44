//! Wall time, processor time, peak memory and size of indexing. Each run is a process of its own.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use dau_benches::data::{Corpus, Document, corpus_file};
use dau_benches::floor::{Floor, Like, Ready};
use dau_benches::footprint::{bytes_by_part, peak_memory, processor_seconds};
use dau_benches::latency::median;
use dau_benches::ours::Ours;
use dau_benches::stock::{Chain, Layout, Stock};
use serde::{Deserialize, Serialize};

use crate::floors::Floors;
use crate::report::Report;
use crate::rows::{Rows, Unit};
use crate::{Arguments, index_folder};

/// Runs of the memory measurement; it varies little.
const MEMORY_RUNS: usize = 3;

/// Which engine a process indexes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum EngineName {
    Stock,
    Dau,
    /// tantivy alone, with the tokens of stock, or of dau, ready-made.
    StockFloor,
    DauFloor,
}

impl EngineName {
    pub(crate) const BOTH: [Self; 2] = [Self::Stock, Self::Dau];
    /// The two engines first, in the same order.
    const WITH_FLOORS: [Self; 4] = [Self::Stock, Self::Dau, Self::StockFloor, Self::DauFloor];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Stock => "stock",
            Self::Dau => "dau",
            Self::StockFloor => "stock-floor",
            Self::DauFloor => "dau-floor",
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

/// The steps that are timed, the same for all engines.
trait Indexer<D>: Sized {
    fn add(&mut self, document: D) -> Result<()>;
    fn commit(&mut self) -> Result<()>;
    fn wait_merges(self) -> Result<()>;
}

macro_rules! indexer {
    ($writer:ty, $type:ty, $document:ident => $given:expr) => {
        impl Indexer<$type> for $writer {
            fn add(&mut self, $document: $type) -> Result<()> {
                <$writer>::add(self, $given)
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
indexer!(dau_benches::stock::StockWriter, Cow<'_, Document>, document => &document);
indexer!(dau_benches::ours::OursWriter, Cow<'_, Document>, document => &document);
indexer!(dau_benches::floor::FloorWriter, Ready, document => document);

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
            EngineName::StockFloor => self.run_floor(Like::Stock),
            EngineName::DauFloor => self.run_floor(Like::Dau),
        }
    }

    /// All tokens are made before the clock starts, so the documents are in memory.
    fn run_floor(&self, like: Like) -> Result<Cost> {
        let floor = Floor::create(&self.folder, like)?;
        let mut preparer = floor.preparer();
        let ready: Vec<Ready> =
            Corpus::open(&self.corpus)?.map(|document| preparer.prepare(&document?)).collect::<Result<_>>()?;
        let mut cost = timed(floor.writer(self.threads, self.memory)?, ready.into_iter().map(Ok))?;
        cost.segments = floor.segments()?;
        Ok(cost)
    }

    fn index(&self, writer: impl for<'a> Indexer<Cow<'a, Document>>) -> Result<Cost> {
        let corpus = Corpus::open(&self.corpus)?;
        match self.source {
            Source::Memory => {
                let loaded = corpus.collect::<Result<Vec<_>>>()?;
                timed(writer, loaded.iter().map(|document| Ok(Cow::Borrowed(document))))
            }
            Source::Stream => timed(writer, corpus.map(|document| Ok(Cow::Owned(document?)))),
        }
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

/// Adds all documents, commits, and waits for merges.
fn timed<D>(mut writer: impl Indexer<D>, documents: impl Iterator<Item = Result<D>>) -> Result<Cost> {
    let (start, processor, mut count) = (Instant::now(), processor_seconds()?, 0);
    for document in documents {
        writer.add(document?)?;
        count += 1;
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
        documents: count,
    })
}

/// Indexes with both engines in turn and leaves the index of the last run of each in `indexes`; where only these are needed, once,
/// and without the floors.
pub(crate) fn measure(
    arguments: &Arguments,
    corpus: &Path,
    indexes: &Path,
    wanted: bool,
    report: &mut Report,
) -> Result<()> {
    let runs = if wanted { arguments.runs.max(1) } else { 1 };
    // Unpacked once, so that no run pays for it.
    let plain = indexes.join("corpus.jsonl");
    unpack(&corpus_file(corpus)?, &plain)?;
    let peaks = repeated(arguments, &plain, indexes, Source::Stream, MEMORY_RUNS.min(runs), EngineName::BOTH)?;
    let (timed, floors) = if wanted {
        let [stock, dau, floors @ ..] =
            repeated(arguments, &plain, indexes, Source::Memory, runs, EngineName::WITH_FLOORS)?;
        ([stock, dau], Some(floors))
    } else {
        (repeated(arguments, &plain, indexes, Source::Memory, runs, EngineName::BOTH)?, None)
    };

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
    report.table(&format!("indexing, {threads} threads, {memory} MiB, median of {runs} runs"), &rows)?;
    floors.map_or(Ok(()), |floors| floor_table(&timed, &floors, report))
}

/// What indexing costs beside tantivy alone, which gets all tokens ready-made.
fn floor_table(
    [stock, dau]: &[Vec<Cost>; 2],
    [stock_floor, dau_floor]: &[Vec<Cost>; 2],
    report: &mut Report,
) -> Result<()> {
    let mut floors = Floors::default();
    for (engine, costs) in [
        ("stock", stock),
        ("dau", dau),
        ("floor: tantivy alone with stock's tokens ready-made", stock_floor),
        ("floor: tantivy alone with dau's tokens ready-made", dau_floor),
    ] {
        floors.push(engine, middle(costs, |cost| cost.committed), middle(costs, |cost| cost.processor));
    }
    report.table("floor of indexing, the same runs", &floors)
}

/// Indexes a corpus with the engines in turn, and leaves the last index of each in `indexes`.
pub(crate) fn repeated<const N: usize>(
    arguments: &Arguments,
    plain: &Path,
    indexes: &Path,
    source: Source,
    runs: usize,
    engines: [EngineName; N],
) -> Result<[Vec<Cost>; N]> {
    let mut costs = [const { Vec::new() }; N];
    for _ in 0..runs {
        for (engine, costs) in engines.into_iter().zip(&mut costs) {
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
