//! `dau`, set up as its users set it up: the engine that is measured. Uses its public interface only.

use std::path::Path;

use anyhow::{Context, Result};
use dau::{Count, Highlight, Index, Matching, Returning, Schema, Search, Searcher, Writer, WriterOptions};

use crate::data::Document;
use crate::engine::{Engine, Operator, Scored};

/// An index of `dau` with an id and the text fields `title` and `text`, no setting changed.
#[derive(Debug)]
pub struct Ours {
    index: Index,
}

impl Ours {
    /// Makes an empty index: in `folder`, or in memory.
    ///
    /// # Errors
    /// The folder cannot be written or holds an index.
    pub fn create(folder: Option<&Path>) -> Result<Self> {
        let schema = Schema::builder().id("id").text("title").text("text").build()?;
        let index = match folder {
            Some(folder) => Index::create(folder, schema)?,
            None => Index::in_ram(schema)?,
        };
        Ok(Self { index })
    }

    /// Opens an index that [`Ours::create`] made.
    ///
    /// # Errors
    /// There is no such index.
    pub fn open(folder: &Path) -> Result<Self> {
        Ok(Self { index: Index::open(folder)? })
    }

    /// Opens a writer with a budget in bytes for all threads together.
    ///
    /// # Errors
    /// The budget is out of dau's bounds.
    pub fn writer(&self, threads: usize, memory: usize) -> Result<OursWriter> {
        let options = WriterOptions::new().threads(threads).memory(memory);
        Ok(OursWriter { writer: self.index.writer_with(&options)? })
    }

    /// Opens a snapshot of the last commit.
    ///
    /// # Errors
    /// The index cannot be read.
    pub fn searcher(&self) -> Result<OursSearcher> {
        Ok(OursSearcher { searcher: self.index.searcher()? })
    }

    /// Returns the number of segments.
    ///
    /// # Errors
    /// The index cannot be read.
    pub fn segments(&self) -> Result<usize> {
        Ok(self.index.stats()?.segments)
    }

    /// Indexes a corpus in memory and returns an engine for rankings.
    ///
    /// # Errors
    /// dau's own.
    pub fn build(documents: &[Document]) -> Result<OursSearcher> {
        let ours = Self::create(None)?;
        // One thread, as for the stock engines.
        let mut writer = ours.writer(1, 256 << 20)?;
        for document in documents {
            writer.add(document)?;
        }
        writer.commit()?;
        ours.searcher()
    }
}

/// Adds documents to an index of `dau`.
#[derive(Debug)]
pub struct OursWriter {
    writer: Writer,
}

impl OursWriter {
    /// Adds one document.
    ///
    /// # Errors
    /// dau's own.
    pub fn add(&mut self, document: &Document) -> Result<()> {
        Ok(self.writer.add(document)?)
    }

    /// Makes everything added so far durable and searchable.
    ///
    /// # Errors
    /// dau's own.
    pub fn commit(&mut self) -> Result<()> {
        self.writer.commit()?;
        Ok(())
    }

    /// Waits for the merges that dau has begun on its own, and closes the writer.
    ///
    /// # Errors
    /// dau's own.
    pub fn wait_merges(self) -> Result<()> {
        Ok(self.writer.wait_merges()?)
    }

    /// Merges all segments into one and closes the writer.
    ///
    /// # Errors
    /// dau's own.
    pub fn into_one_segment(mut self) -> Result<()> {
        self.writer.optimize()?;
        self.wait_merges()
    }
}

/// What a timed search is to bring back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// The ids of the best documents.
    Top,
    /// The same, and the exact number of all documents that match.
    TopAndCount,
    /// That number only.
    Count,
    /// The best documents as they were given.
    Documents,
    /// The same, and one snippet of each from the text field.
    Snippets,
}

/// Searches an index of `dau`.
#[derive(Debug, Clone)]
pub struct OursSearcher {
    searcher: Searcher,
}

impl OursSearcher {
    /// Does the work for one query, from its text on, and says how many documents it found: all that match where the
    /// shape counts them, else those returned.
    ///
    /// # Errors
    /// dau's own.
    pub fn run(&self, query: &str, operator: Operator, shape: Shape, limit: usize) -> Result<usize> {
        let search = match operator {
            Operator::Any => Search::new(query).matching(Matching::Any),
            Operator::All => Search::new(query).matching(Matching::All),
            Operator::Phrase => Search::new(format!("\"{query}\"")),
        };
        let search = search.limit(limit).count(Count::None);
        let search = match shape {
            Shape::Count => return Ok(usize::try_from(self.searcher.count(&search)?)?),
            // What stock's collector gives: the places of the best documents and their scores.
            Shape::Top => search.returning(Returning::Scores),
            Shape::TopAndCount => search.returning(Returning::Scores).count(Count::Exact),
            Shape::Documents => search,
            Shape::Snippets => search.highlight(Highlight::new().fields(["text"])),
        };
        let results = std::hint::black_box(self.searcher.search(&search)?);
        match shape {
            Shape::TopAndCount => Ok(usize::try_from(results.total)?),
            _ => Ok(results.hits.len()),
        }
    }

    /// Reads the stored document with an id.
    ///
    /// # Errors
    /// dau's own.
    pub fn get(&self, id: &str) -> Result<Option<dau::Document>> {
        Ok(self.searcher.get(id)?)
    }
}

impl Engine for OursSearcher {
    fn search(&self, query: &str, limit: usize) -> Result<Vec<Scored>> {
        let search = Search::new(query).limit(limit).count(Count::None).returning(Returning::Ids);
        self.searcher
            .search(&search)?
            .hits
            .into_iter()
            .map(|hit| {
                let id = hit.id.context("a hit without an id")?;
                Ok(Scored { id, score: hit.score })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documents() -> Vec<Document> {
        [("1", "Hà Nội", "thủ đô của Việt Nam"), ("2", "", "hà nội mùa thu"), ("3", "Huế", "cố đô")]
            .map(|(id, title, text)| Document { id: id.to_owned(), title: title.to_owned(), text: text.to_owned() })
            .to_vec()
    }

    #[test]
    fn rankings_carry_the_ids_of_the_corpus() {
        let engine = Ours::build(&documents()).expect("a small index");
        for query in ["cố đô", "co do", "CỐ ĐÔ"] {
            let hits = engine.search(query, 10).expect("any text is a query");
            assert_eq!(hits[0].id, "3", "{query}");
        }
    }

    #[test]
    fn operators_count_what_they_say() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let ours = Ours::create(Some(folder.path())).expect("an empty folder");
        let mut writer = ours.writer(2, 64 << 20).expect("a writer");
        for document in documents() {
            writer.add(&document).expect("a document");
        }
        writer.commit().expect("a commit");
        writer.into_one_segment().expect("a merge");
        let ours = Ours::open(folder.path()).expect("the index just written");
        assert_eq!(ours.segments().expect("statistics"), 1);
        let searcher = ours.searcher().expect("a searcher");
        // The same documents that stock's folding chain finds.
        let counts = |query: &str| {
            Operator::ALL.map(|operator| {
                let run = |shape| searcher.run(query, operator, shape, 10).expect("a search");
                let count = run(Shape::Count);
                for shape in [Shape::Top, Shape::TopAndCount, Shape::Documents, Shape::Snippets] {
                    assert_eq!(run(shape), count, "{query} {operator:?} {shape:?}");
                }
                count
            })
        };
        assert_eq!(counts("thủ đô"), [3, 1, 1]);
        assert_eq!(counts("hà thu"), [2, 2, 0]);
        assert_eq!(counts("nội"), [2, 2, 2]);
        assert_eq!(counts(""), [0, 0, 0]);
        assert!(searcher.get("3").expect("a lookup").is_some());
        assert!(searcher.get("4").expect("a lookup").is_none());
    }
}
