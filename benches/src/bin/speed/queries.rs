//! The queries of a corpus, and short ones cut out of them. The same in every run.

use std::path::Path;

use anyhow::Result;
use dau_benches::data::{Corpus, corpus_file, even_sample, find, read_queries};
use dau_benches::variants::Random;

use crate::Arguments;

/// Seed of the cut of keyword queries.
const SEED: u64 = 20_261_121;

/// What a corpus is asked.
#[derive(Debug)]
pub(crate) struct Queries {
    headlines: Vec<String>,
    keywords: Vec<String>,
}

impl Queries {
    /// Reads the queries of an evaluation folder, else the titles of the corpus.
    pub(crate) fn read(arguments: &Arguments, corpus: &Path) -> Result<Self> {
        let headlines = headlines(arguments, corpus)?;
        let keywords = keywords(&headlines);
        Ok(Self { headlines, keywords })
    }

    /// Tells whether the corpus has neither queries nor titles.
    pub(crate) fn is_empty(&self) -> bool {
        self.headlines.is_empty()
    }

    /// Returns the kinds with their names.
    pub(crate) fn kinds(&self) -> [(&'static str, &[String]); 2] {
        [("headlines", &self.headlines), ("keywords", &self.keywords)]
    }
}

fn headlines(arguments: &Arguments, corpus: &Path) -> Result<Vec<String>> {
    let folder = match &arguments.queries {
        Some(folder) => find(folder)?,
        None => corpus.to_path_buf(),
    };
    let file = folder.join("queries.jsonl");
    let all: Vec<String> = if file.is_file() {
        read_queries(&file)?.into_iter().map(|query| query.text).collect()
    } else {
        Corpus::open(&corpus_file(corpus)?)?.map(|document| Ok(document?.title)).collect::<Result<_>>()?
    };
    let filled = all.iter().map(|text| plain(text)).filter(|text| !text.is_empty()).collect();
    Ok(even_sample(filled, arguments.sample))
}

/// Leaves only words, so that both engines get the same query whatever their grammar: lower case (AND and NOT are no
/// operators then), and no punctuation but inside a word or number.
fn plain(text: &str) -> String {
    text.to_lowercase()
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .map(|word| word.replace(['"', '“', '”', ':', '(', ')', '*', '~', '^'], " "))
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Cuts two to four neighbouring syllables out of each headline, the same in every run.
fn keywords(headlines: &[String]) -> Vec<String> {
    let mut random = Random::new(SEED);
    headlines
        .iter()
        .enumerate()
        .map(|(index, headline)| {
            let words: Vec<&str> = headline.split_whitespace().collect();
            let length = (2 + index % 3).min(words.len());
            let start = random.below(words.len() - length + 1);
            words[start..start + length].join(" ")
        })
        .collect()
}

/// Returns the mean number of syllables.
pub(crate) fn syllables(queries: &[String]) -> f64 {
    let sum: usize = queries.iter().map(|query| query.split_whitespace().count()).sum();
    sum as f64 / queries.len().max(1) as f64
}
