//! dau's analysis as a tokenizer for an index of your own that uses tantivy directly.
//!
//! This module names tantivy's types and so follows tantivy's versions: it is outside the promises that the rest of
//! this crate makes about compatibility, and behind the feature `tantivy-tokenizer`.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::text::{Part, Scanner, Tokens};

/// Which form of a word becomes the term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Form {
    /// Lower case, one letter one form, one place for the tone: `hoà`, `HÒA` and NFD give `hòa`.
    Marked,
    /// The marked form without marks: `hoa`.
    Folded,
}

/// Splits Vietnamese text into words, as dau does. Compounds such as `15/2020/NĐ-CP` give their pieces only: one term a
/// position, as tantivy's query parser and snippets need it.
///
/// # Example
///
/// ```
/// use dau::tantivy_tokenizer::{Form, VietnameseTokenizer};
/// use tantivy::tokenizer::TextAnalyzer;
///
/// let mut analyzer = TextAnalyzer::from(VietnameseTokenizer::new(Form::Folded));
/// let mut stream = analyzer.token_stream("Đường sắt");
/// assert!(stream.advance());
/// assert_eq!(stream.token().text, "duong");
/// ```
#[derive(Debug)]
pub struct VietnameseTokenizer {
    form: Form,
    scanner: Scanner,
}

impl VietnameseTokenizer {
    /// Creates a tokenizer. Register one a field and form, under names of your own.
    pub fn new(form: Form) -> VietnameseTokenizer {
        VietnameseTokenizer { form, scanner: Scanner::new() }
    }
}

impl Clone for VietnameseTokenizer {
    fn clone(&self) -> VietnameseTokenizer {
        VietnameseTokenizer::new(self.form)
    }
}

impl Tokenizer for VietnameseTokenizer {
    type TokenStream<'a> = VietnameseTokenStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> VietnameseTokenStream<'a> {
        VietnameseTokenStream { form: self.form, tokens: self.scanner.scan(text), token: Token::default() }
    }
}

/// The tokens of one text; made by [`VietnameseTokenizer`].
#[derive(Debug)]
pub struct VietnameseTokenStream<'a> {
    form: Form,
    tokens: Tokens<'a, 'a>,
    token: Token,
}

impl TokenStream for VietnameseTokenStream<'_> {
    fn advance(&mut self) -> bool {
        loop {
            let Some(found) = self.tokens.next() else { return false };
            if found.part == Part::Whole && found.is_compound() {
                continue;
            }
            self.token.offset_from = found.start;
            self.token.offset_to = found.end;
            self.token.position = found.position as usize;
            self.token.text.clear();
            self.token.text.push_str(match self.form {
                Form::Marked => found.marked,
                Form::Folded => found.folded,
            });
            return true;
        }
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
