//! Why a document has its score, in words and numbers.

use std::fmt;

use serde::Serialize;
use tantivy::DocId;

use super::SegmentView;
use crate::error::Result;
use crate::plan::Planned;
use crate::rank::{Opened, Pairs, Word, near_pairs, open_lists};

/// A number, what it is, and the numbers that it comes from.
///
/// # Example
///
/// ```
/// use dau::{Index, Schema, Search};
/// use serde_json::json;
///
/// let index = Index::in_ram(Schema::builder().text("title").build()?)?;
/// let mut writer = index.writer()?;
/// writer.add(&json!({"title": "Bán hàng"}))?;
/// writer.commit()?;
/// let results = index.search(&Search::new("bán").explain(true))?;
/// let why = results.hits[0].explanation.as_ref().unwrap();
/// assert!((why.value - results.hits[0].score).abs() < 1e-5);
/// assert!(why.to_string().contains("bán"));
/// # Ok::<(), dau::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Explanation {
    /// The number.
    pub value: f32,
    /// What it is.
    pub text: String,
    /// What it comes from.
    pub details: Vec<Explanation>,
}

impl Explanation {
    fn new(value: f32, text: impl Into<String>) -> Explanation {
        Explanation { value, text: text.into(), details: Vec::new() }
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
        writeln!(f, "{:indent$}{:.4}  {}", "", self.value, self.text, indent = depth * 2)?;
        self.details.iter().try_for_each(|detail| detail.write(f, depth + 1))
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, 0)
    }
}

/// Explains the score of one document of a segment; with `pairs` if the second stage looked at it.
pub(super) fn explain(
    view: &SegmentView<'_>,
    planned: &Planned,
    doc: DocId,
    pairs: Option<&Pairs>,
) -> Result<Explanation> {
    let mut lists = Vec::new();
    open_lists(view.ranking, &planned.words, view, &mut lists)?;
    let opened = Opened { lists, positions: Vec::new() };
    let mut parts: Vec<(f32, f32, Vec<Explanation>)> = vec![(0.0, 0.0, Vec::new()); planned.words.len()];
    let mut holding = Vec::new();
    for (number, list) in (0..).zip(&opened.lists) {
        let frequency = list.frequency_in(doc, view)?;
        if frequency == 0 {
            continue;
        }
        holding.push(number);
        let x = frequency as f32 * list.norms.factors()[doc as usize];
        let (marked, folded, details) = &mut parts[list.word];
        *marked += list.marked * x;
        *folded += list.folded * x;
        let spelling = &planned.words[list.word].spellings[list.spelling()];
        let field = view.inner.schema.fields()[list.field()].name();
        let text = format!(
            "{:?} stands {frequency} times in {field}; in {} documents; counts {:.2} as meant, {:.2} as folded",
            spelling.marked, spelling.doc_freq, list.marked, list.folded
        );
        details.push(Explanation::new(x, text));
    }
    let mut whole = Explanation::new(0.0, "sum over the words");
    for (word, (marked, folded, details)) in planned.words.iter().zip(parts) {
        let score = word.score(view.ranking, marked, folded);
        if score > 0.0 {
            whole.details.push(of_word(view, word, (marked, folded), score, details));
        }
        whole.value += score;
    }
    if let Some(pairs) = pairs {
        for pair in near_pairs(view, &planned.words, &opened, pairs, doc, &holding)? {
            let [left, right] = [pair.left, pair.right].map(|word| &planned.words[word].typed);
            whole.details.push(Explanation::new(pair.score, format!("{left:?} and {right:?} side by side")));
            whole.value += pair.score;
        }
    }
    Ok(whole)
}

/// Readings less likely than this are not told.
const LEAST_TOLD: f32 = 0.05;

/// What the word was read as, where that is not just what was typed: the likeliest readings and how likely they are.
fn reading_of(word: &Word) -> String {
    let all: f32 = word.spellings.iter().map(|spelling| spelling.marked_weight).sum();
    let mut readings: Vec<(f32, &str)> =
        word.spellings.iter().map(|spelling| (spelling.marked_weight / all, &*spelling.marked)).collect();
    readings.retain(|reading| reading.0 >= LEAST_TOLD);
    readings.sort_by(|a, b| b.0.total_cmp(&a.0));
    if readings.iter().all(|reading| reading.1 == &*word.typed) {
        return String::new();
    }
    let told: Vec<String> = readings.iter().map(|(share, marked)| format!("{marked:?} {share:.2}")).collect();
    format!(", read as {}", told.join(", "))
}

fn synonym_of(word: &Word) -> String {
    word.synonym.as_ref().map(|synonym| format!(" of the synonym {synonym}")).unwrap_or_default()
}

fn boost_of(word: &Word) -> String {
    if word.boost == 1.0 { String::new() } else { format!(", weight {}", word.boost) }
}

fn of_word(
    view: &SegmentView<'_>,
    word: &Word,
    (marked, folded): (f32, f32),
    score: f32,
    occurrences: Vec<Explanation>,
) -> Explanation {
    let saturated = |x: f32| view.ranking.saturate(x);
    let told = format!("word {:?}{}{}{}", word.typed, synonym_of(word), reading_of(word), boost_of(word));
    let mut explained = Explanation::new(score, told);
    let text =
        format!("from the spelling meant: {:.3} (rarity) × {:.3} (frequency)", word.marked_factor, saturated(marked));
    explained.details.push(Explanation::new(word.marked_factor * saturated(marked), text));
    let text = format!(
        "from every spelling of {:?}: {:.3} (rarity) × {:.3} (frequency)",
        word.folded,
        word.folded_factor,
        saturated(folded)
    );
    explained.details.push(Explanation::new(word.folded_factor * saturated(folded), text));
    explained.details.extend(occurrences);
    explained
}
