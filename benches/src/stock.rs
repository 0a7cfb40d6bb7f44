//! Stock tantivy, set up as its users set it up: the engine that `dau` is measured against. Uses nothing of `dau`.
//!
//! Queries are built from the tokens of the field's own analyzer, because tantivy's query parser refuses much of what
//! people type (a colon, a lone quote). The trees are those that its parser would build for plain words.

mod searcher;

use std::path::Path;

use anyhow::{Context, Result, ensure};
use tantivy::schema::{FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions};
use tantivy::store::Compressor;
use tantivy::tokenizer::{AsciiFoldingFilter, LowerCaser, RemoveLongFilter, SimpleTokenizer, TextAnalyzer};
use tantivy::{Index, IndexSettings, IndexWriter, TantivyDocument};

pub use self::searcher::StockSearcher;
use crate::data::Document;
use crate::engine::{Engine, Operator, Scored};

/// How text is cut into terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chain {
    /// `SimpleTokenizer`, `RemoveLongFilter` (40), `LowerCaser`: tantivy's default.
    Default,
    /// The same and `AsciiFoldingFilter`: the usual advice for text with accents.
    Folding,
}

impl Chain {
    /// Builds the analyzer.
    #[must_use]
    pub fn analyzer(self) -> TextAnalyzer {
        let plain =
            TextAnalyzer::builder(SimpleTokenizer::default()).filter(RemoveLongFilter::limit(40)).filter(LowerCaser);
        match self {
            Self::Default => plain.build(),
            Self::Folding => plain.filter(AsciiFoldingFilter).build(),
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Default => "stock-default",
            Self::Folding => "stock-folding",
        }
    }
}

/// Which fields the title and the text become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// One field of both, not stored: the layout in which stock tantivy ranks best. Only for rankings.
    One,
    /// Two fields, not stored, whose scores are added up. Only for rankings.
    Two,
    /// Two fields, stored, and a stored id: what a user sets up, and what is timed.
    User,
}

/// A text field with positions, not stored.
pub(crate) fn indexed_text(chain: Chain) -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(chain.name())
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    TextOptions::default().set_indexing_options(indexing)
}

/// tantivy's own settings. LZ4 is said aloud: `dau` switches other compressors of tantivy on, which must not change its default
/// here.
pub(crate) fn settings() -> IndexSettings {
    IndexSettings { docstore_compression: Compressor::Lz4, ..IndexSettings::default() }
}

/// An index of stock tantivy.
#[derive(Debug)]
pub struct Stock {
    index: Index,
    fields: Fields,
    chain: Chain,
    layout: Layout,
}

#[derive(Debug, Clone, Copy)]
struct Fields {
    id: Field,
    /// Title and text; the same field twice in [`Layout::One`].
    words: [Field; 2],
}

impl Stock {
    /// Makes an empty index: in `folder`, or in memory.
    ///
    /// # Errors
    /// The folder cannot be written or holds an index.
    pub fn create(folder: Option<&Path>, chain: Chain, layout: Layout) -> Result<Self> {
        let mut text_options = indexed_text(chain);
        if layout == Layout::User {
            text_options = text_options.set_stored();
        }
        let mut schema = Schema::builder();
        match layout {
            Layout::User => schema.add_text_field("id", STRING | STORED),
            Layout::One | Layout::Two => schema.add_u64_field("id", FAST),
        };
        if layout != Layout::One {
            schema.add_text_field("title", text_options.clone());
        }
        schema.add_text_field("text", text_options);
        let builder = Index::builder().schema(schema.build()).settings(settings());
        let index = match folder {
            Some(folder) => builder.create_in_dir(folder)?,
            None => builder.create_in_ram()?,
        };
        Self::of(index, chain, layout)
    }

    /// Opens an index that [`Stock::create`] made with the same chain and [`Layout::User`].
    ///
    /// # Errors
    /// There is no such index.
    pub fn open(folder: &Path, chain: Chain) -> Result<Self> {
        Self::of(Index::open_in_dir(folder)?, chain, Layout::User)
    }

    fn of(index: Index, chain: Chain, layout: Layout) -> Result<Self> {
        index.tokenizers().register(chain.name(), chain.analyzer());
        let schema = index.schema();
        let text = schema.get_field("text")?;
        let fields = Fields { id: schema.get_field("id")?, words: [schema.get_field("title").unwrap_or(text), text] };
        Ok(Self { index, fields, chain, layout })
    }

    /// Opens a writer with a budget in bytes for all threads together.
    ///
    /// # Errors
    /// The budget is out of tantivy's bounds.
    pub fn writer(&self, threads: usize, memory: usize) -> Result<StockWriter> {
        Ok(StockWriter {
            writer: self.index.writer_with_num_threads(threads, memory)?,
            index: self.index.clone(),
            fields: self.fields,
            layout: self.layout,
            documents: 0,
        })
    }

    /// Opens a snapshot of the last commit for timed searches.
    ///
    /// # Errors
    /// The index cannot be read.
    pub fn searcher(&self) -> Result<StockSearcher> {
        Ok(StockSearcher {
            searcher: self.index.reader()?.searcher(),
            analyzer: self.chain.analyzer(),
            fields: self.fields,
            layout: self.layout,
        })
    }

    /// Indexes a corpus and returns an engine for rankings.
    ///
    /// # Errors
    /// tantivy's own.
    pub fn build(chain: Chain, layout: Layout, documents: &[Document]) -> Result<StockRanking> {
        let stock = Self::create(None, chain, layout)?;
        // One thread, so that documents with equal scores keep the order of the corpus in every run.
        let mut writer = stock.writer(1, 256 << 20)?;
        for document in documents {
            writer.add(document)?;
        }
        writer.commit()?;
        Ok(StockRanking {
            searcher: stock.searcher()?,
            ids: documents.iter().map(|document| document.id.clone()).collect(),
        })
    }
}

/// Adds documents to a [`Stock`] index.
pub struct StockWriter {
    writer: IndexWriter<TantivyDocument>,
    index: Index,
    fields: Fields,
    layout: Layout,
    documents: u64,
}

impl std::fmt::Debug for StockWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StockWriter").finish_non_exhaustive()
    }
}

impl StockWriter {
    /// Adds one document.
    ///
    /// # Errors
    /// tantivy's own.
    pub fn add(&mut self, document: &Document) -> Result<()> {
        let mut fields = TantivyDocument::new();
        match self.layout {
            Layout::User => fields.add_text(self.fields.id, &document.id),
            Layout::One | Layout::Two => fields.add_u64(self.fields.id, self.documents),
        }
        if self.layout == Layout::One {
            let both = format!("{}\n{}", document.title, document.text);
            fields.add_text(self.fields.words[1], both);
        } else {
            fields.add_text(self.fields.words[0], &document.title);
            fields.add_text(self.fields.words[1], &document.text);
        }
        self.documents += 1;
        self.writer.add_document(fields)?;
        Ok(())
    }

    /// Makes everything added so far durable and searchable.
    ///
    /// # Errors
    /// tantivy's own.
    pub fn commit(&mut self) -> Result<()> {
        self.writer.commit()?;
        Ok(())
    }

    /// Waits for the merges that the merge policy has begun, and closes the writer.
    ///
    /// # Errors
    /// tantivy's own.
    pub fn wait_merges(self) -> Result<()> {
        Ok(self.writer.wait_merging_threads()?)
    }

    /// Merges all segments into one and closes the writer.
    ///
    /// # Errors
    /// tantivy's own.
    pub fn into_one_segment(mut self) -> Result<()> {
        let segments = self.index.searchable_segment_ids()?;
        if segments.len() > 1 {
            self.writer.merge(&segments).wait()?;
        }
        self.writer.garbage_collect_files().wait()?;
        self.wait_merges()
    }
}

/// A [`Stock`] index that answers with the ids of the corpus.
#[derive(Debug)]
pub struct StockRanking {
    searcher: StockSearcher,
    ids: Vec<String>,
}

impl Engine for StockRanking {
    fn search(&self, query: &str, limit: usize) -> Result<Vec<Scored>> {
        let query = self.searcher.query(query, Operator::Any);
        let searcher = &self.searcher.searcher;
        self.searcher
            .top(&*query, limit)?
            .into_iter()
            .map(|(score, address)| {
                let segment = searcher.segment_reader(address.segment_ord);
                let order =
                    segment.fast_fields().u64("id")?.first(address.doc_id).context("a document without its number")?;
                let id = self.ids.get(usize::try_from(order)?);
                ensure!(id.is_some(), "document number {order} is not of this corpus");
                Ok(Scored { id: id.cloned().unwrap_or_default(), score })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use tantivy::query::QueryParser;

    use super::*;

    fn documents() -> Vec<Document> {
        [("1", "Hà Nội", "thủ đô của Việt Nam"), ("2", "", "hà nội mùa thu"), ("3", "Huế", "cố đô")]
            .map(|(id, title, text)| Document { id: id.to_owned(), title: title.to_owned(), text: text.to_owned() })
            .to_vec()
    }

    fn found(chain: Chain, layout: Layout, query: &str) -> Vec<String> {
        let engine = Stock::build(chain, layout, &documents()).expect("a small index");
        let mut ids: Vec<_> =
            engine.search(query, 10).expect("any text is a query").into_iter().map(|hit| hit.id).collect();
        ids.sort();
        ids
    }

    #[test]
    fn the_default_chain_needs_marks_and_folding_does_not() {
        assert_eq!(found(Chain::Default, Layout::One, "nội"), ["1", "2"]);
        assert!(found(Chain::Default, Layout::One, "noi").is_empty());
        assert_eq!(found(Chain::Folding, Layout::One, "noi"), ["1", "2"]);
        assert_eq!(found(Chain::Folding, Layout::Two, "NỘI: \"huế"), ["1", "2", "3"]);
        assert!(found(Chain::Folding, Layout::Two, "…").is_empty());
    }

    #[test]
    fn the_trees_are_those_of_the_query_parser() {
        let stock = Stock::create(None, Chain::Folding, Layout::Two).expect("an empty index");
        let searcher = stock.searcher().expect("a searcher");
        let mut parser = QueryParser::for_index(&stock.index, stock.fields.words.to_vec());
        let check = |parser: &QueryParser, typed: &str, query: &str, operator| {
            let theirs = parser.parse_query(typed).expect("plain words");
            assert_eq!(format!("{theirs:?}"), format!("{:?}", searcher.query(query, operator)));
        };
        check(&parser, "thủ đô", "thủ đô", Operator::Any);
        check(&parser, "\"thủ đô cũ\"", "thủ đô cũ", Operator::Phrase);
        parser.set_conjunction_by_default();
        check(&parser, "thủ đô", "thủ đô", Operator::All);
    }

    #[test]
    fn operators_count_what_they_say() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let stock = Stock::create(Some(folder.path()), Chain::Folding, Layout::User).expect("an empty folder");
        let mut writer = stock.writer(2, 64 << 20).expect("a writer");
        for document in documents() {
            writer.add(&document).expect("a document");
        }
        writer.commit().expect("a commit");
        writer.into_one_segment().expect("a merge");
        let searcher = Stock::open(folder.path(), Chain::Folding)
            .and_then(|stock| stock.searcher())
            .expect("the index just written");
        assert_eq!(searcher.segments(), 1);
        let counts = |query: &str| {
            Operator::ALL.map(|operator| {
                let query = searcher.query(query, operator);
                let count = searcher.count(&*query).expect("a count");
                let (top, counted) = searcher.top_and_count(&*query, 10).expect("a search");
                assert_eq!((top, counted), (count, count));
                count
            })
        };
        assert_eq!(counts("thủ đô"), [3, 1, 1]);
        assert_eq!(counts("hà thu"), [2, 2, 0]);
        assert_eq!(counts("nội"), [2, 2, 2]);
        assert_eq!(counts(""), [0, 0, 0]);
        let text = |id| searcher.get(id).expect("a lookup").map(|document| searcher.text_of(&document));
        assert_eq!(text("3").as_deref(), Some("cố đô"));
        assert_eq!(text("4"), None);
    }
}
