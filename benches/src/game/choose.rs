//! Queries out of a corpus: the same ones from the same corpus, whenever it is run.
//!
//! Only Vietnamese syllables are chosen, by their letters: no others can be the raw keys of an input method, two words written as one, or
//! an abbreviation, which a search may read in more than one way. Syllables that are written with `i` and `y` alike are left out. The words of
//! pairs and of threes stand side by side in several documents: a word that never stands beside its neighbours may be taken for a slip,
//! and is then looked for as it was probably meant, too.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::text::{Texts, fold};
use super::{Accents, Form, Query};
use crate::data::even_sample;

/// Neighbours stand side by side in at least so many documents.
const LEAST_TOGETHER: u32 = 5;

const ONSETS: [&str; 27] = [
    "", "b", "c", "ch", "d", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh", "p", "ph", "qu", "r",
    "s", "t", "th", "tr", "v", "x",
];

/// Vowels without marks, and the consonants that may follow them.
const RIMES: [(&str, &str); 34] = [
    ("a", " c ch m n ng nh p t"),
    ("ai", ""),
    ("ao", ""),
    ("au", ""),
    ("ay", ""),
    ("e", " c ch m n ng nh p t"),
    ("eo", ""),
    ("eu", ""),
    ("i", " ch m n nh p t"),
    ("ia", ""),
    ("ie", "c m n ng p t"),
    ("ieu", ""),
    ("iu", ""),
    ("o", " c m n ng p t"),
    ("oa", " c ch m n ng nh p t"),
    ("oai", ""),
    ("oay", ""),
    ("oe", " n t"),
    ("oi", ""),
    ("u", " c m n ng p t"),
    ("ua", " n ng t"),
    ("uay", ""),
    ("ue", " ch nh"),
    ("ui", ""),
    ("uo", "c m n ng p t"),
    ("uoi", ""),
    ("uou", ""),
    ("uy", " ch n nh p t"),
    ("uya", ""),
    ("uye", "n t"),
    ("uyu", ""),
    ("y", ""),
    ("ye", "m n ng t"),
    ("yeu", ""),
];

/// Syllables whose last letter is written in two ways.
const I_OR_Y: [&str; 16] =
    ["hi", "hy", "ki", "ky", "li", "ly", "mi", "my", "ti", "ty", "si", "sy", "vi", "vy", "qui", "quy"];

/// Tells whether a word is a syllable whose spelling leaves nothing open.
fn is_clear(word: &str) -> bool {
    let folded = fold(word);
    // In `gìn` the `i` is vowel and onset; read as `g` and `in`.
    let is_syllable = ONSETS.iter().any(|onset| folded.strip_prefix(onset).is_some_and(is_rime));
    is_syllable && !I_OR_Y.contains(&folded.as_str()) && word.chars().all(is_vietnamese)
}

fn is_rime(rest: &str) -> bool {
    let end = rest.find(|c| !"aeiouy".contains(c)).unwrap_or(rest.len());
    let (vowels, coda) = rest.split_at(end);
    RIMES.iter().any(|&(rime, codas)| {
        rime == vowels && (codas.is_empty() && coda.is_empty() || codas.split(' ').any(|c| c == coda))
    })
}

/// Tells whether a letter is one of the Vietnamese alphabet.
fn is_vietnamese(c: char) -> bool {
    const MARKED: &str = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ";
    c.is_ascii_lowercase() || MARKED.contains(c)
}

/// Chooses up to `each` queries of each kind, each with its marks and without.
#[must_use]
pub fn queries(texts: &Texts, each: usize) -> Vec<Query> {
    let clear: Vec<bool> = numbers(texts).map(|number| is_clear(texts.word(number))).collect();
    let mut rows: Vec<(String, Form, Vec<u32>)> = Vec::new();
    for (name, words) in terms(texts, &clear) {
        let words = even_sample(words, each);
        rows.extend(words.into_iter().map(|word| (format!("term, {name}"), Form::Union, vec![word])));
    }
    let together = together(texts, &clear);
    for length in [2, 3] {
        for words in neighbours(texts, &together, length, each) {
            rows.extend(Form::ALL.map(|form| (format!("{} of {length}", form.as_str()), form, words.clone())));
        }
    }
    let mut queries = Vec::new();
    for (kind, form, words) in rows {
        let marked: Vec<String> = words.iter().map(|&word| texts.word(word).to_owned()).collect();
        let bare: Vec<String> = marked.iter().map(|word| fold(word)).collect();
        if bare != marked {
            queries.push(Query { kind: format!("{kind}, marks"), form, words: marked });
        }
        queries.push(Query { kind: format!("{kind}, bare"), form, words: bare });
    }
    // Those of one kind one after another, in the order of the kinds.
    queries.sort_by(|a, b| a.kind.cmp(&b.kind));
    queries
}

fn numbers(texts: &Texts) -> impl Iterator<Item = u32> + use<> {
    0..u32::try_from(texts.word_count()).unwrap_or(u32::MAX)
}

/// Words by how common they are in any spelling: in up to a thousandth of the documents, around a hundredth, in a tenth or more.
fn terms(texts: &Texts, clear: &[bool]) -> [(&'static str, Vec<u32>); 3] {
    let mut frequency: HashMap<u32, u32> = HashMap::new();
    for fields in &texts.documents {
        let words = fields.iter().flatten().filter(|&&word| clear[word as usize]);
        let words: BTreeSet<u32> = words.map(|&word| texts.class_of(word, Accents::Smart)).collect();
        for word in words {
            *frequency.entry(word).or_default() += 1;
        }
    }
    let documents = u32::try_from(texts.documents.len()).unwrap_or(u32::MAX);
    // One spelling of each word: the first in the corpus that has marks, if there is one.
    let mut words: BTreeMap<u32, u32> = BTreeMap::new();
    for number in numbers(texts).filter(|&number| clear[number as usize]) {
        let word = words.entry(texts.class_of(number, Accents::Smart)).or_insert(number);
        if texts.word(*word).is_ascii() {
            *word = number;
        }
    }
    let between = |low: u32, high: u32| {
        let with = words.iter().filter_map(|(class, &word)| Some((*frequency.get(class)?, word)));
        let mut kept: Vec<(u32, u32)> = with.filter(|&(found, _)| low <= found && found <= high).collect();
        kept.sort_unstable_by_key(|&(found, word)| (found, texts.word(word)));
        kept.into_iter().map(|(_, word)| word).collect()
    };
    [
        ("rare", between(2, (documents / 1000).max(3))),
        ("middle", between(documents / 200, documents / 50)),
        ("common", between((documents / 10).max(4), documents)),
    ]
}

/// The pairs of clear words that stand side by side in several documents.
fn together(texts: &Texts, clear: &[bool]) -> BTreeSet<(u32, u32)> {
    let mut found: HashMap<(u32, u32), u32> = HashMap::new();
    for fields in &texts.documents {
        let mut pairs: Vec<(u32, u32)> = fields.iter().flat_map(|field| pairs(field)).collect();
        pairs.retain(|&(before, after)| clear[before as usize] && clear[after as usize]);
        pairs.sort_unstable();
        pairs.dedup();
        for pair in pairs {
            *found.entry(pair).or_default() += 1;
        }
    }
    found.into_iter().filter(|&(_, documents)| documents >= LEAST_TOGETHER).map(|(pair, _)| pair).collect()
}

fn pairs(field: &[u32]) -> impl Iterator<Item = (u32, u32)> {
    field.windows(2).map(|pair| (pair[0], pair[1]))
}

/// Takes neighbours out of documents from all over the corpus, so that common ones are taken more often, as they are typed more often.
fn neighbours(texts: &Texts, together: &BTreeSet<(u32, u32)>, length: usize, each: usize) -> BTreeSet<Vec<u32>> {
    let mut chosen = BTreeSet::new();
    // Some documents have none.
    let documents = even_sample((0..texts.documents.len()).collect(), each * 4);
    for (turn, document) in documents.into_iter().enumerate() {
        let [_, text] = &texts.documents[document];
        let all: Vec<&[u32]> =
            text.windows(length).filter(|words| pairs(words).all(|pair| together.contains(&pair))).collect();
        // Not always the beginning of a text.
        if let Some(words) = all.get(turn * 37 % all.len().max(1)) {
            chosen.insert(words.to_vec());
        }
        if chosen.len() == each {
            break;
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_clear_syllables_are_chosen() {
        for word in ["đường", "duong", "nghiêng", "quá", "gì", "oanh", "yêu", "hòa"] {
            assert!(is_clear(word), "{word}");
        }
        for word in ["kỹ", "quý", "vi", "thuongs", "ddeer", "hanoi", "wifi", "nđ", "k'ho", "josé", "moon", "mün", ""]
        {
            assert!(!is_clear(word), "{word}");
        }
    }
}
