//! What tantivy alone costs: indexing with the tokens, and what is stored, made beforehand. An engine that makes tokens and leaves the
//! rest to tantivy cannot be quicker; one that gathers postings itself, as `dau` does, can.

mod replay;

use std::path::Path;

use anyhow::{Context, Result};
use dau_text::Scanner;
use tantivy::schema::document::Document as Storable;
use tantivy::schema::{Field, OwnedValue, STORED, STRING, Schema};
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{Index, IndexSettings, IndexWriter};

use self::replay::{Packer, Replay};
use crate::data::Document;
use crate::ours::Ours;
use crate::stock::{self, Chain};

/// Whose tokens, fields, stored documents and compression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Like {
    /// Those of `dau`; its table of neighbours is left out.
    Dau,
    /// Those of stock tantivy with the folding chain.
    Stock,
}

/// An index that is fed with ready-made tokens. Its postings are those of the engine that it is like.
#[derive(Debug)]
pub struct Floor {
    index: Index,
    fields: Fields,
}

#[derive(Debug, Clone, Copy)]
enum Fields {
    Dau { id: Field, sequence: Field, source: Field, words: [Field; 2] },
    Stock { id: Field, words: [Field; 2], stored: [Field; 2] },
}

impl Floor {
    /// Makes an empty index in `folder`.
    ///
    /// # Errors
    /// The folder cannot be written or holds an index.
    pub fn create(folder: &Path, like: Like) -> Result<Self> {
        let (schema, settings, fields) = match like {
            Like::Dau => like_dau()?,
            Like::Stock => like_stock(),
        };
        let index = Index::builder().schema(schema).settings(settings).create_in_dir(folder)?;
        // Every text field is played back; ids have tantivy's own tokenizer for whole values.
        for name in ["dau_text", Chain::Folding.name()] {
            index.tokenizers().register(name, Replay);
        }
        Ok(Self { index, fields })
    }

    /// Returns what makes documents ready.
    #[must_use]
    pub fn preparer(&self) -> Preparer {
        Preparer {
            fields: self.fields,
            scanner: Scanner::new(),
            term: String::new(),
            analyzer: Chain::Folding.analyzer(),
            made: 0,
        }
    }

    /// Opens a writer with a budget in bytes for all threads together.
    ///
    /// # Errors
    /// The budget is out of tantivy's bounds.
    pub fn writer(&self, threads: usize, memory: usize) -> Result<FloorWriter> {
        Ok(FloorWriter { writer: self.index.writer_with_num_threads(threads, memory)? })
    }

    /// Returns the number of segments.
    ///
    /// # Errors
    /// The index cannot be read.
    pub fn segments(&self) -> Result<usize> {
        Ok(self.index.searchable_segment_ids()?.len())
    }
}

/// Fields and settings are read from an index that `dau` has made, so that they are its own.
fn like_dau() -> Result<(Schema, IndexSettings, Fields)> {
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    Ours::create(Some(folder.path()))?;
    let index = Index::open_in_dir(folder.path())?;
    let schema = index.schema();
    let field = |name: &str| schema.get_field(name);
    let words = [field("f0")?, field("f1")?];
    let fields = Fields::Dau { id: field("id")?, sequence: field("sequence")?, source: field("source")?, words };
    Ok((schema.clone(), index.settings().clone(), fields))
}

/// Fields that are both stored and indexed are two here: what is indexed is packed tokens, what is stored is text.
fn like_stock() -> (Schema, IndexSettings, Fields) {
    let mut schema = Schema::builder();
    let id = schema.add_text_field("id", STRING | STORED);
    let words = ["title", "text"].map(|name| schema.add_text_field(name, stock::indexed_text(Chain::Folding)));
    let stored = ["stored title", "stored text"].map(|name| schema.add_text_field(name, STORED));
    (schema.build(), stock::settings(), Fields::Stock { id, words, stored })
}

/// Makes documents ready.
pub struct Preparer {
    fields: Fields,
    scanner: Scanner,
    term: String,
    analyzer: TextAnalyzer,
    made: u64,
}

impl std::fmt::Debug for Preparer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Preparer").field("made", &self.made).finish_non_exhaustive()
    }
}

impl Preparer {
    /// Makes the tokens of a document, and what is stored of it.
    ///
    /// # Errors
    /// A token that cannot be packed.
    pub fn prepare(&mut self, document: &Document) -> Result<Ready> {
        let text = |text: &str| OwnedValue::Str(text.to_owned());
        let values = match self.fields {
            Fields::Dau { id, sequence, source, words } => vec![
                (words[0], OwnedValue::Str(self.dau_tokens(&document.title)?)),
                (words[1], OwnedValue::Str(self.dau_tokens(&document.text)?)),
                (source, OwnedValue::Str(serde_json::to_string(document)?)),
                (sequence, OwnedValue::U64(self.made)),
                (id, text(&document.id)),
            ],
            Fields::Stock { id, words, stored } => vec![
                (id, text(&document.id)),
                (words[0], OwnedValue::Str(self.stock_tokens(&document.title)?)),
                (stored[0], text(&document.title)),
                (words[1], OwnedValue::Str(self.stock_tokens(&document.text)?)),
                (stored[1], text(&document.text)),
            ],
        };
        self.made += 1;
        Ok(Ready { values })
    }

    /// The terms of a text field of `dau`: `folded NUL marked`, the part after the NUL left out where it equals `folded`.
    fn dau_tokens(&mut self, text: &str) -> Result<String> {
        let mut packer = Packer::default();
        let mut tokens = self.scanner.scan(text);
        while let Some(token) = tokens.next() {
            self.term.clear();
            self.term.push_str(token.folded);
            self.term.push('\0');
            if token.marked != token.folded {
                self.term.push_str(token.marked);
            }
            packer.push(token.position as usize, &self.term)?;
        }
        Ok(packer.finish())
    }

    fn stock_tokens(&mut self, text: &str) -> Result<String> {
        let mut packer = Packer::default();
        let mut stream = self.analyzer.token_stream(text);
        while stream.advance() {
            let token = stream.token();
            packer.push(token.position, &token.text)?;
        }
        Ok(packer.finish())
    }
}

/// A document with ready-made tokens.
#[derive(Debug)]
pub struct Ready {
    values: Vec<(Field, OwnedValue)>,
}

impl Storable for Ready {
    type Value<'a> = &'a OwnedValue;
    type FieldsValuesIter<'a> = std::iter::Map<
        std::slice::Iter<'a, (Field, OwnedValue)>,
        fn(&'a (Field, OwnedValue)) -> (Field, &'a OwnedValue),
    >;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        self.values.iter().map(|(field, value)| (*field, value))
    }
}

/// Adds ready-made documents to a [`Floor`] index.
pub struct FloorWriter {
    writer: IndexWriter<Ready>,
}

impl std::fmt::Debug for FloorWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FloorWriter").finish_non_exhaustive()
    }
}

impl FloorWriter {
    /// Adds one document.
    ///
    /// # Errors
    /// tantivy's own.
    pub fn add(&mut self, document: Ready) -> Result<()> {
        self.writer.add_document(document)?;
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
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::samples::samples;
    use crate::stock::{Layout, Stock};

    /// Compounds, whose pieces share a position with them, marks in every form, empty titles and texts, more than one block.
    fn documents() -> Vec<Document> {
        let mut texts: Vec<String> = samples().into_iter().map(|sample| sample.text).collect();
        texts.extend(["Nghị định 15/2020/NĐ-CP, e-mail: an@hue.vn, hoà bình là hòa bình".to_owned(), String::new()]);
        let titles = texts.iter().map(|text| text.chars().take(60).collect()).cycle().skip(2);
        let numbered = texts.iter().zip(titles).enumerate();
        numbered.map(|(id, (text, title))| Document { id: format!("d{id}"), title, text: text.clone() }).collect()
    }

    /// The bytes of the files of the only segment, by their endings.
    fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
        let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
        let segment = entries.filter(|path| path.file_stem().is_some_and(|stem| stem.len() == 32));
        let ending = |path: &Path| path.extension().map(|end| end.to_string_lossy().into_owned()).unwrap_or_default();
        segment.map(|path| (ending(&path), std::fs::read(&path).expect("a file"))).collect()
    }

    fn floor_files(like: Like, documents: &[Document]) -> BTreeMap<String, Vec<u8>> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let floor = Floor::create(folder.path(), like).expect("an empty folder");
        let mut preparer = floor.preparer();
        let mut writer = floor.writer(1, 64 << 20).expect("a writer");
        for document in documents {
            writer.add(preparer.prepare(document).expect("tokens")).expect("a document");
        }
        writer.commit().expect("a commit");
        writer.wait_merges().expect("nothing to merge");
        assert_eq!(floor.segments().expect("an index"), 1);
        files(folder.path())
    }

    #[test]
    fn the_floor_of_dau_is_the_index_that_dau_makes() {
        let (documents, folder) = (documents(), tempfile::tempdir().expect("a temporary folder"));
        let ours = Ours::create(Some(folder.path())).expect("an empty folder");
        let mut writer = ours.writer(1, 64 << 20).expect("a writer");
        documents.iter().for_each(|document| writer.add(document).expect("a document"));
        writer.commit().expect("a commit");
        let (dau, floor) = (files(folder.path()), floor_files(Like::Dau, &documents));
        let endings = ["fast", "fieldnorm", "idx", "pos", "store", "term"];
        assert_eq!(dau.keys().collect::<Vec<_>>(), endings.each_ref());
        for ending in endings {
            assert!(dau[ending] == floor[ending], "{ending}: not the same bytes");
        }
    }

    #[test]
    fn the_floor_of_stock_is_the_index_that_stock_makes() {
        let (documents, folder) = (documents(), tempfile::tempdir().expect("a temporary folder"));
        let stock = Stock::create(Some(folder.path()), Chain::Folding, Layout::User).expect("an empty folder");
        let mut writer = stock.writer(1, 64 << 20).expect("a writer");
        documents.iter().for_each(|document| writer.add(document).expect("a document"));
        writer.commit().expect("a commit");
        let (stock, floor) = (files(folder.path()), floor_files(Like::Stock, &documents));
        for ending in ["fieldnorm", "idx", "pos", "term"] {
            assert!(stock[ending] == floor[ending], "{ending}: not the same bytes");
        }
        // Stored fields have other numbers there, which compress a little otherwise.
        let [stock, floor] = [&stock, &floor].map(|files| files["store"].len() as f64);
        assert!((floor / stock - 1.0).abs() < 0.02, "stock stores {stock} bytes, its floor {floor}");
    }
}
