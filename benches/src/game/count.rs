//! How many documents each query must find: looked up in every document, one after another.

use std::collections::HashMap;

use super::text::Texts;
use super::{Accents, Form, Query};

/// What is put for a word that no query asks for.
const NOT_ASKED: usize = usize::MAX;

/// Counts the documents that each query finds.
#[must_use]
pub fn counts(texts: &Texts, queries: &[Query], accents: Accents) -> Vec<u64> {
    let mut asked = Asked { places: HashMap::new() };
    // A query with a word that is nowhere keeps a place that no text has.
    let queries: Vec<(Form, Vec<usize>)> = queries
        .iter()
        .map(|query| {
            let places = query.words.iter().map(|word| asked.place(texts.class(word, accents)));
            (query.form, places.collect())
        })
        .collect();
    let places: Vec<usize> = (0..texts.word_count())
        .map(|number| {
            let class = texts.class_of(u32::try_from(number).unwrap_or(u32::MAX), accents);
            asked.places.get(&Some(class)).copied().unwrap_or(NOT_ASKED)
        })
        .collect();

    let mut counts = vec![0; queries.len()];
    let mut present = vec![false; asked.places.len()];
    for fields in &texts.documents {
        let fields: Vec<Vec<usize>> =
            fields.iter().map(|field| field.iter().map(|&number| places[number as usize]).collect()).collect();
        present.fill(false);
        for &place in fields.iter().flatten().filter(|&&place| place != NOT_ASKED) {
            present[place] = true;
        }
        for ((form, words), count) in queries.iter().zip(&mut counts) {
            *count += u64::from(is_found(*form, words, &present, &fields));
        }
    }
    counts
}

/// The words that queries ask for, by their places in a list.
struct Asked {
    places: HashMap<Option<u32>, usize>,
}

impl Asked {
    fn place(&mut self, class: Option<u32>) -> usize {
        let next = self.places.len();
        *self.places.entry(class).or_insert(next)
    }
}

fn is_found(form: Form, words: &[usize], present: &[bool], fields: &[Vec<usize>]) -> bool {
    match form {
        Form::Union => words.iter().any(|&word| present[word]),
        Form::Intersection => words.iter().all(|&word| present[word]),
        Form::Phrase => {
            words.iter().all(|&word| present[word])
                && fields.iter().any(|field| field.windows(words.len()).any(|window| window == words))
        }
    }
}
