//! Timed and ranked searches of a stock index: the query trees and what is collected.

use anyhow::Result;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, Occur, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, Value};
use tantivy::snippet::SnippetGenerator;
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{DocAddress, DocSet, Searcher, TERMINATED, TantivyDocument, Term};

use super::{Fields, Layout};
use crate::engine::Operator;

/// Searches a [`Stock`](super::Stock) index.
#[derive(Clone)]
pub struct StockSearcher {
    pub(super) searcher: Searcher,
    pub(super) analyzer: TextAnalyzer,
    pub(super) fields: Fields,
    pub(super) layout: Layout,
}

impl std::fmt::Debug for StockSearcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StockSearcher").finish_non_exhaustive()
    }
}

impl StockSearcher {
    /// Cuts a query into terms and builds tantivy's tree for it.
    #[must_use]
    pub fn query(&self, query: &str, operator: Operator) -> Box<dyn Query> {
        let mut analyzer = self.analyzer.clone();
        let mut stream = analyzer.token_stream(query);
        let mut tokens = Vec::new();
        while stream.advance() {
            tokens.push((stream.token().position, stream.token().text.clone()));
        }
        match operator {
            Operator::Any => self.words(&tokens, Occur::Should),
            Operator::All => self.words(&tokens, Occur::Must),
            Operator::Phrase => self.phrase(&tokens),
        }
    }

    fn words(&self, tokens: &[(usize, String)], occur: Occur) -> Box<dyn Query> {
        let mut clauses = Vec::new();
        for (_, token) in tokens {
            // Unions of unions are written flat: tantivy's block-max pruning sees only flat ones.
            if occur == Occur::Should {
                clauses.extend(self.fields().iter().map(|&field| (occur, term(field, token))));
            } else {
                clauses.push((occur, self.in_any_field(|field| term(field, token))));
            }
        }
        Box::new(BooleanQuery::new(clauses))
    }

    fn phrase(&self, tokens: &[(usize, String)]) -> Box<dyn Query> {
        match tokens {
            [] => Box::new(BooleanQuery::new(Vec::new())),
            [(_, one)] => self.in_any_field(|field| term(field, one)),
            _ => self.in_any_field(|field| {
                let terms =
                    tokens.iter().map(|(position, token)| (*position, Term::from_field_text(field, token))).collect();
                Box::new(PhraseQuery::new_with_offset(terms))
            }),
        }
    }

    fn in_any_field(&self, query: impl Fn(Field) -> Box<dyn Query>) -> Box<dyn Query> {
        match self.fields() {
            [only] => query(*only),
            several => {
                Box::new(BooleanQuery::new(several.iter().map(|&field| (Occur::Should, query(field))).collect()))
            }
        }
    }

    fn fields(&self) -> &[Field] {
        match self.layout {
            Layout::One => &self.fields.words[1..],
            Layout::Two | Layout::User => &self.fields.words,
        }
    }

    /// Finds the best `limit` documents.
    ///
    /// # Errors
    /// tantivy's own.
    pub fn top(&self, query: &dyn Query, limit: usize) -> Result<Vec<(f32, DocAddress)>> {
        Ok(self.searcher.search(query, &TopDocs::with_limit(limit).order_by_score())?)
    }

    /// Finds the best `limit` documents and counts all.
    ///
    /// # Errors
    /// tantivy's own.
    pub fn top_and_count(&self, query: &dyn Query, limit: usize) -> Result<(usize, usize)> {
        let top = TopDocs::with_limit(limit).order_by_score();
        let (top, count) = self.searcher.search(query, &(top, Count))?;
        Ok((top.len(), count))
    }

    /// Counts the documents that match.
    ///
    /// # Errors
    /// tantivy's own.
    pub fn count(&self, query: &dyn Query) -> Result<usize> {
        Ok(query.count(&self.searcher)?)
    }

    /// Reads a stored document.
    ///
    /// # Errors
    /// tantivy's own.
    pub fn document(&self, address: DocAddress) -> Result<TantivyDocument> {
        Ok(self.searcher.doc(address)?)
    }

    /// Reads the stored document with an id, as one who knows tantivy does it: the id's postings, no scoring.
    ///
    /// # Errors
    /// tantivy's own.
    pub fn get(&self, id: &str) -> Result<Option<TantivyDocument>> {
        let term = Term::from_field_text(self.fields.id, id);
        for (ordinal, segment) in (0..).zip(self.searcher.segment_readers()) {
            let Some(mut postings) =
                segment.inverted_index(self.fields.id)?.read_postings(&term, IndexRecordOption::Basic)?
            else {
                continue;
            };
            while postings.doc() != TERMINATED {
                if !segment.is_deleted(postings.doc()) {
                    return self.document(DocAddress::new(ordinal, postings.doc())).map(Some);
                }
                postings.advance();
            }
        }
        Ok(None)
    }

    /// Reads the text field of a stored document.
    ///
    /// # Errors
    /// tantivy's own.
    pub fn text(&self, address: DocAddress) -> Result<String> {
        Ok(self.text_of(&self.document(address)?))
    }

    /// Returns the text field of a stored document.
    #[must_use]
    pub fn text_of(&self, document: &TantivyDocument) -> String {
        let text = document.get_first(self.fields.words[1]);
        text.and_then(|value| value.as_str()).unwrap_or_default().to_owned()
    }

    /// Makes the generator of snippets of at most 150 characters from the text field.
    ///
    /// # Errors
    /// tantivy's own.
    pub fn snippets(&self, query: &dyn Query) -> Result<SnippetGenerator> {
        Ok(SnippetGenerator::create(&self.searcher, query, self.fields.words[1])?)
    }

    /// Returns the number of segments.
    #[must_use]
    pub fn segments(&self) -> usize {
        self.searcher.segment_readers().len()
    }
}

fn term(field: Field, token: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_text(field, token), IndexRecordOption::WithFreqs))
}
