//! Evaluation folders and corpora as plain values. Knows nothing of engines.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

/// The corpora of a whole run: news, an encyclopedia, and short texts with prices, models and English.
pub const CORPORA: [&str; 3] = ["eval/news", "eval/wiki", "corpora/products.jsonl.zst"];

/// One document of a corpus, whatever its fields were called in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Document {
    /// `_id` or `id`, else the number of the line, from 0.
    pub id: String,
    /// `title`, or empty.
    pub title: String,
    /// `text` or `body`.
    pub text: String,
}

/// One query of an evaluation set, as its author wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The name that the relevance judgements know it by.
    pub id: String,
    /// What was typed.
    pub text: String,
}

/// Grades of the relevant documents of each query: query id, then document id, then a grade of 1 or more.
pub type Judgements = BTreeMap<String, BTreeMap<String, u32>>;

/// Documents, queries and judgements of one evaluation folder.
#[derive(Debug, Clone)]
pub struct EvalSet {
    /// The folder's own name, such as `wiki`.
    pub name: String,
    /// The documents, in the order of the file.
    pub documents: Vec<Document>,
    /// The judged queries, in the order of the file.
    pub queries: Vec<Query>,
    /// The judgements of these queries only.
    pub judgements: Judgements,
    /// Bytes of the corpus before compression, JSON included.
    pub bytes: u64,
    /// Lines of the corpus that are no documents.
    pub skipped: usize,
}

impl EvalSet {
    /// Reads `corpus.jsonl.zst`, `queries.jsonl` and `qrels.tsv` of a folder; skips broken lines of the corpus; keeps `limit` judged queries, evenly spread over the file.
    ///
    /// # Errors
    /// A file is missing, or queries or judgements hold a line that is none.
    pub fn read(folder: &Path, limit: Option<usize>) -> Result<Self> {
        let all = read_judgements(&folder.join("qrels.tsv"))?;
        let mut queries = read_queries(&folder.join("queries.jsonl"))?;
        queries.retain(|query| all.contains_key(&query.id));
        let queries = even_sample(queries, limit.unwrap_or(usize::MAX));
        if queries.is_empty() {
            bail!("no judged query in {}", folder.display());
        }
        let judgements = queries.iter().map(|query| (query.id.clone(), all[&query.id].clone())).collect();
        let mut corpus = Corpus::open(&corpus_file(folder)?)?;
        let documents = corpus.by_ref().collect::<Result<Vec<_>>>()?;
        Ok(Self { name: name_of(folder), documents, queries, judgements, bytes: corpus.bytes, skipped: corpus.skipped })
    }
}

/// Keeps `limit` items at equal distances, so that a file made of several sources is sampled from all of them.
#[must_use]
pub fn even_sample<T>(items: Vec<T>, limit: usize) -> Vec<T> {
    let total = items.len();
    if limit >= total {
        return items;
    }
    let kept = items.into_iter().enumerate();
    // An item is kept where the number of multiples of total / limit passed so far grows.
    kept.filter(|(index, _)| (index + 1) * limit / total > index * limit / total).map(|(_, item)| item).collect()
}

/// Returns the last part of a path without its extensions: `news` for `eval/news`, `products` for `products.jsonl.zst`.
#[must_use]
pub fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.split('.').next().unwrap_or_default().to_owned()
}

/// Returns the folder of the shared data: `DAU_DATA`, else `../shared/data` beside the repository.
///
/// `None` when there is no such folder; callers say so and go on without.
#[must_use]
pub fn data_folder() -> Option<PathBuf> {
    let folder = std::env::var_os("DAU_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"), PathBuf::from);
    folder.is_dir().then_some(folder)
}

/// Finds a data set named on the command line: a path as it is, else a path inside the shared data.
///
/// # Errors
/// Neither exists.
pub fn find(named: &Path) -> Result<PathBuf> {
    if named.exists() {
        return Ok(named.to_path_buf());
    }
    let Some(folder) = data_folder() else {
        bail!(
            "{} does not exist, and the shared data is not present; name a folder, or set DAU_DATA to the folder that holds eval/ and corpora/",
            named.display()
        );
    };
    let inside = folder.join(named);
    if !inside.exists() {
        bail!("{} exists neither here nor in the shared data", named.display());
    }
    Ok(inside)
}

/// Returns the corpus file of an evaluation folder, or the path itself when it is a file.
///
/// # Errors
/// The folder holds neither `corpus.jsonl.zst` nor `corpus.jsonl`.
pub fn corpus_file(path: &Path) -> Result<PathBuf> {
    if path.is_file() {
        return Ok(path.to_path_buf());
    }
    ["corpus.jsonl.zst", "corpus.jsonl"]
        .iter()
        .map(|name| path.join(name))
        .find(|file| file.is_file())
        .with_context(|| format!("no corpus.jsonl.zst or corpus.jsonl in {}", path.display()))
}

/// The documents of a JSON lines file, plain or `.zst`, one after another.
///
/// Lines that are no documents are skipped and counted: real files hold them (a line break inside a text, not escaped).
pub struct Corpus {
    lines: Box<dyn BufRead>,
    line: Vec<u8>,
    number: usize,
    path: PathBuf,
    /// Bytes read so far, after decompression.
    pub bytes: u64,
    /// Lines so far that are no documents.
    pub skipped: usize,
}

impl std::fmt::Debug for Corpus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Corpus").field("path", &self.path).field("number", &self.number).finish_non_exhaustive()
    }
}

impl Corpus {
    /// Opens a corpus file.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
        let lines: Box<dyn BufRead> = if path.extension().is_some_and(|end| end == "zst") {
            Box::new(BufReader::with_capacity(1 << 16, zstd::Decoder::new(file)?))
        } else {
            Box::new(BufReader::with_capacity(1 << 16, file))
        };
        Ok(Self { lines, line: Vec::new(), number: 0, path: path.to_path_buf(), bytes: 0, skipped: 0 })
    }

    fn parse(&self) -> Option<Document> {
        #[derive(Deserialize)]
        struct Record {
            #[serde(alias = "_id")]
            id: Option<String>,
            #[serde(default)]
            title: String,
            #[serde(alias = "body")]
            text: String,
        }
        let record: Record = serde_json::from_slice(&self.line).ok()?;
        Some(Document {
            id: record.id.unwrap_or_else(|| (self.number - 1).to_string()),
            title: record.title,
            text: record.text,
        })
    }
}

impl Iterator for Corpus {
    type Item = Result<Document>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            self.line.clear();
            match self.lines.read_until(b'\n', &mut self.line) {
                Ok(0) => return None,
                Ok(read) => {
                    self.bytes += read as u64;
                    self.number += 1;
                }
                Err(error) => {
                    let (path, line) = (self.path.display(), self.number);
                    let cannot = format!("cannot read {path} after line {line}");
                    return Some(Err(error).context(cannot));
                }
            }
            match self.parse() {
                Some(document) => return Some(Ok(document)),
                None => self.skipped += 1,
            }
        }
    }
}

/// Reads a file of queries: JSON lines with `_id` and `text`.
///
/// # Errors
/// The file cannot be read or a line is no query.
pub fn read_queries(path: &Path) -> Result<Vec<Query>> {
    #[derive(Deserialize)]
    struct Record {
        #[serde(alias = "_id")]
        id: String,
        text: String,
    }
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    text.lines()
        .enumerate()
        .map(|(index, line)| {
            let record: Record =
                serde_json::from_str(line).with_context(|| format!("{}:{}: not a query", path.display(), index + 1))?;
            Ok(Query { id: record.id, text: record.text })
        })
        .collect()
}

/// Reads judgements: a heading line, then query id, document id and grade, tab-separated. Grades below 1 are left out.
///
/// # Errors
/// The file cannot be read or a line does not have these three columns.
pub fn read_judgements(path: &Path) -> Result<Judgements> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut judgements = Judgements::new();
    for (index, line) in text.lines().enumerate().skip(1) {
        let bad =
            || format!("{}:{}: expected query id, document id and grade, separated by tabs", path.display(), index + 1);
        let mut columns = line.split('\t');
        let (Some(query), Some(document), Some(grade)) = (columns.next(), columns.next(), columns.next()) else {
            bail!(bad());
        };
        let grade: i64 = grade.trim().parse().with_context(bad)?;
        if let Ok(grade @ 1..) = u32::try_from(grade) {
            judgements.entry(query.to_owned()).or_default().insert(document.to_owned(), grade);
        }
    }
    Ok(judgements)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_read_and_unjudged_queries_are_left_out() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let write = |name: &str, text: &str| {
            std::fs::write(folder.path().join(name), text).expect("a small file");
        };
        write("corpus.jsonl", "{\"_id\":\"a b\",\"title\":\"t\",\"text\":\"x\"}\n{\"body\":\"y\"}\n");
        write("queries.jsonl", "{\"_id\":\"1\",\"text\":\"x\"}\n{\"_id\":\"2\",\"text\":\"y\"}\n");
        write("qrels.tsv", "query-id\tcorpus-id\tscore\n1\ta b\t2\n2\t1\t0\n");
        let set = EvalSet::read(folder.path(), None).expect("a complete folder");
        assert_eq!(set.documents.len(), 2);
        assert_eq!(set.documents[1].id, "1");
        assert_eq!(set.documents[1].text, "y");
        assert_eq!(set.queries.len(), 1);
        assert_eq!(set.judgements["1"]["a b"], 2);
        assert!(set.bytes > 40);
    }

    #[test]
    fn samples_are_spread_over_the_whole() {
        let sample = |limit| even_sample((0..10).collect(), limit);
        assert_eq!(sample(2), [4, 9]);
        assert_eq!(sample(3), [3, 6, 9]);
        assert_eq!(sample(10).len(), 10);
        assert_eq!(sample(11).len(), 10);
        assert!(sample(0).is_empty());
    }

    #[test]
    fn broken_lines_are_skipped_and_counted() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("c.jsonl");
        let lines = b"{\"id\":\"1\",\"text\":\"x\"}\ntorn\n\xff\n{\"text\":\"y\"}\n{\"id\":";
        std::fs::write(&path, lines).expect("a small file");
        let mut corpus = Corpus::open(&path).expect("the file is there");
        let documents = corpus.by_ref().collect::<Result<Vec<_>>>().expect("no read fails");
        let ids: Vec<_> = documents.iter().map(|d| d.id.as_str()).collect();
        assert_eq!(ids, ["1", "3"]);
        assert_eq!(corpus.skipped, 3);
        assert_eq!(corpus.bytes, lines.len() as u64);
    }
}
