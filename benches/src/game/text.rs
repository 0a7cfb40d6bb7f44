//! Text to words, by simple means. Shares no code with the analysis that it is to check.
//!
//! A word is a run of letters with their combining marks, a number a run of digits; all else stands between them. So a document
//! number, a hyphenated word, an address and `100kg` are rows of words and numbers, which is what their pieces are in `dau`.
//! The other rules that both must share:
//!
//! - characters that are not seen (soft hyphen, joiners, byte-order mark) are not there;
//! - Chinese and Japanese characters are no part of the words beside them;
//! - an apostrophe between letters is part of the word (`K'Ho`);
//! - letters in other widths and ligatures are those that they stand for (NFKC), Icelandic eth is đ;
//! - letters of other languages are folded too, also those that Unicode does not take apart (`ø`, `ə`);
//! - a tone counts wherever in the word it is written: *hoà* and *hòa*, *vịêt* and *việt* are one word;
//! - title and text are apart: no phrase goes from one into the other.
//!
//! `i` and `y` at the end of a syllable, which `dau` holds for one letter in some, are two here; [`super::choose`] leaves such words out.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::Accents;
use crate::data::Document;

/// The number of everything that is no word.
const NO_WORD: u32 = 0;

/// A corpus as numbers of words.
#[derive(Debug)]
pub struct Texts {
    /// Title and text of each document.
    pub documents: Vec<[Vec<u32>; 2]>,
    /// The words by their numbers, in lower case, composed.
    words: Vec<Word>,
    numbers: HashMap<String, u32>,
    classes: Classes,
}

#[derive(Debug)]
struct Word {
    text: String,
    strict: u32,
    folded: u32,
}

/// Numbers for words that are the same: with their marks, and without.
#[derive(Debug, Default)]
struct Classes {
    strict: HashMap<String, u32>,
    folded: HashMap<String, u32>,
}

impl Texts {
    /// Cuts documents into words.
    ///
    /// # Errors
    /// That of the first document that cannot be read.
    pub fn read<E>(documents: impl IntoIterator<Item = Result<Document, E>>) -> Result<Self, E> {
        let mut texts =
            Self { documents: Vec::new(), words: Vec::new(), numbers: HashMap::new(), classes: Classes::default() };
        texts.number("");
        for document in documents {
            let document = document?;
            let fields = [&document.title, &document.text].map(|text| texts.words_of(text));
            texts.documents.push(fields);
        }
        Ok(texts)
    }

    fn words_of(&mut self, text: &str) -> Vec<u32> {
        let mut numbers = Vec::new();
        each_word(text, |word| numbers.push(if word.is_empty() { NO_WORD } else { self.number(word) }));
        numbers
    }

    fn number(&mut self, word: &str) -> u32 {
        if let Some(&number) = self.numbers.get(word) {
            return number;
        }
        let number = u32::try_from(self.words.len()).expect("memory ends before four thousand million words");
        let strict = class(&mut self.classes.strict, tone_apart(word));
        let folded = class(&mut self.classes.folded, fold(word));
        self.words.push(Word { text: word.to_owned(), strict, folded });
        self.numbers.insert(word.to_owned(), number);
        number
    }

    /// Returns how many different words there are; their numbers are below that.
    #[must_use]
    pub fn word_count(&self) -> usize {
        self.words.len()
    }

    /// Returns a word by its number.
    #[must_use]
    pub fn word(&self, number: u32) -> &str {
        &self.words[number as usize].text
    }

    /// Returns the number that a word shares with all words that are the same to a search.
    #[must_use]
    pub fn class_of(&self, number: u32, accents: Accents) -> u32 {
        let word = &self.words[number as usize];
        match accents {
            Accents::Strict => word.strict,
            Accents::Smart => word.folded,
        }
    }

    /// Returns this number for a word of a query; nothing when no document has such a word.
    #[must_use]
    pub fn class(&self, word: &str, accents: Accents) -> Option<u32> {
        match accents {
            Accents::Strict => self.classes.strict.get(&tone_apart(word)).copied(),
            Accents::Smart => self.classes.folded.get(&fold(word)).copied(),
        }
    }
}

fn class(classes: &mut HashMap<String, u32>, key: String) -> u32 {
    let next = u32::try_from(classes.len()).expect("there are fewer classes than words");
    *classes.entry(key).or_insert(next)
}

/// Calls `found` with each word in lower case, and with nothing for each number.
fn each_word(text: &str, mut found: impl FnMut(&str)) {
    let mut word = String::new();
    let mut in_number = false;
    let mut characters = text.nfc().filter(|&c| !is_unseen(c)).peekable();
    while let Some(c) = characters.next() {
        let within = !word.is_empty() && (is_combining_mark(c) || is_apostrophe(c));
        let continues = match is_apostrophe(c) {
            _ if is_east_asian(c) => false,
            true => within && characters.peek().is_some_and(|next| next.is_alphabetic()),
            false => c.is_alphabetic() || within,
        };
        if continues {
            push(c, &mut word);
        } else if !word.is_empty() {
            found(&word);
            word.clear();
        }
        let stands_between = !continues && (c.is_numeric() || is_east_asian(c));
        if stands_between && !in_number {
            found("");
        }
        in_number = stands_between;
    }
    if !word.is_empty() {
        found(&word);
    }
}

fn push(c: char, word: &mut String) {
    match c {
        'ð' | 'Ð' => word.push('đ'),
        _ if is_apostrophe(c) => word.push('\''),
        _ => word.extend(std::iter::once(c).nfkc().flat_map(char::to_lowercase)),
    }
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '＇')
}

/// Tells whether a character is Chinese or Japanese: words of other scripts end there without a space.
fn is_east_asian(c: char) -> bool {
    matches!(c, '\u{3005}'..='\u{3007}' | '\u{3021}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{FF66}'..='\u{FF9D}' | '\u{20000}'..='\u{323AF}')
}

/// Tells whether a character is not seen and parts no word.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{34F}' | '\u{200C}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

fn is_tone(c: char) -> bool {
    matches!(c, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}')
}

/// Letters that Unicode does not take apart, behind what they are without their marks: as the transliteration Latin-ASCII of the
/// Unicode CLDR has it, for the letters that live languages and phonetic transcriptions in the corpora use.
const UNDIVIDED: [(&str, &str); 24] = [
    ("a", "ⱥ"),
    ("ae", "æ"),
    ("b", "ɓƀƃ"),
    ("c", "ƈȼ"),
    ("d", "đɖɗƌȡ"),
    ("e", "əɛǝɇ"),
    ("f", "ƒ"),
    ("g", "ɠǥ"),
    ("h", "ħ"),
    ("i", "ıɨ"),
    ("j", "ȷɉ"),
    ("k", "ƙ"),
    ("l", "łɫƚȴ"),
    ("n", "ŋɲƞȵ"),
    ("o", "ø"),
    ("oe", "œ"),
    ("p", "ƥ"),
    ("q", "ĸɋ"),
    ("r", "ɍ"),
    ("ss", "ß"),
    ("t", "ŧƫƭⱦȶ"),
    ("th", "þ"),
    ("u", "ʉ"),
    ("y", "ƴɏ"),
];

/// Returns a word in lower case without any mark.
#[must_use]
pub fn fold(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    for c in word.nfd().filter(|&c| !is_combining_mark(c)) {
        match UNDIVIDED.iter().find(|(_, letters)| !c.is_ascii() && letters.contains(c)) {
            Some((bare, _)) => folded.push_str(bare),
            None => folded.push(c),
        }
    }
    folded
}

/// Returns a word with its tones at its end, so that it does not matter on which letter they were written.
fn tone_apart(word: &str) -> String {
    let (tones, letters): (Vec<char>, Vec<char>) = word.nfd().partition(|&c| is_tone(c));
    letters.into_iter().chain(tones).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let mut words = Vec::new();
        each_word(text, |word| words.push(word.to_owned()));
        words
    }

    #[test]
    fn text_is_cut_at_all_that_is_no_letter() {
        assert_eq!(words("Hà Nội, 15/2020/NĐ-CP"), ["hà", "nội", "", "", "nđ", "cp"]);
        assert_eq!(words("100kg an@hue.vn ten_tep"), ["", "kg", "an", "hue", "vn", "ten", "tep"]);
        assert_eq!(words("K’Ho 'trích' H2O"), ["k'ho", "trích", "h", "", "o"]);
        assert_eq!(words("đ\u{AD}ược ＡＢ Ha\u{300}"), ["được", "ab", "hà"]);
        assert_eq!(words("中华Việt 東京"), ["", "việt", ""]);
        assert_eq!(words("m² ½"), ["m", "", ""]);
    }

    #[test]
    fn marks_go_and_tones_move() {
        assert_eq!(fold("đường"), "duong");
        assert_eq!(tone_apart("hoà"), tone_apart("hòa"));
        assert_eq!(tone_apart("vịêt"), tone_apart("việt"));
        assert_ne!(tone_apart("việt"), tone_apart("viết"));
        assert_ne!(tone_apart("dương"), tone_apart("đương"));
    }
}
