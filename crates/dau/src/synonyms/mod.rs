//! Wordings that mean the same, as the owner of an index says. Knows neither files nor queries.

use std::fmt;

use crate::error::{Error, ErrorKind, Result};
use crate::scanners;

/// The longest wording, in words as they are counted within a text: what is longer is a sentence, and in no query.
const MOST_WORDS: usize = 16;

/// Abbreviations of the administration, and names that other languages have for places; only what means one thing.
const ADMINISTRATIVE: &str = include_str!("administrative.txt");

/// Wordings that stand for each other in queries: abbreviations, other names, other spellings.
///
/// They are data of an index's owner: [`Index::set_synonyms`](crate::Index::set_synonyms) keeps them with the index. Documents
/// are indexed as they are, so that nothing has to be indexed anew when synonyms change.
///
/// # Example: one group, and one wording that also means another but not the reverse
///
/// ```
/// use dau::{Index, Schema, Search, Synonyms};
/// use serde_json::json;
///
/// let index = Index::in_ram(Schema::builder().id("id").text("title").build()?)?;
/// let mut writer = index.writer()?;
/// writer.add(&json!({"id": 1, "title": "Ủy ban nhân dân quận 1"}))?;
/// writer.commit()?;
/// index.set_synonyms(&Synonyms::parse(
///     "# a comment\n\
///      UBND = Ủy ban nhân dân\n\
///      lãnh đạo quận => UBND quận\n",
/// )?)?;
/// assert_eq!(index.search(&Search::new("ubnd quan 1"))?.total, 1);
/// # Ok::<(), dau::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Synonyms {
    /// As it was given, comments and all.
    text: String,
    groups: Vec<Group>,
}

/// What one line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    /// Each stands for all the others.
    Equal(Vec<String>),
    /// The first is also looked for as the second.
    OneWay(String, String),
}

impl Synonyms {
    /// Returns no synonyms.
    pub fn new() -> Synonyms {
        Synonyms::default()
    }

    /// Reads synonyms, one group a line: `a = b = c`, where each stands for all the others, or `a => b`, where `a` is also
    /// looked for as `b`. Blank lines, and lines that begin with `#`, say nothing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Argument`] for the first line that is neither, with its number.
    pub fn parse(text: &str) -> Result<Synonyms> {
        let mut synonyms = Synonyms::default();
        for (number, line) in (1..).zip(text.trim_start_matches('\u{FEFF}').lines()) {
            let line = line.trim_end();
            if let Some(group) = parse_line(line.trim_start(), number)? {
                synonyms.groups.push(group);
            }
            synonyms.push_line(line);
        }
        Ok(synonyms)
    }

    /// Returns a small list of abbreviations of the Vietnamese administration (`UBND`, `BHXH`, `TP.HCM`) and of names in other
    /// languages (`East Sea` for Biển Đông).
    pub fn administrative() -> Synonyms {
        // That the list can be read, a test says.
        Synonyms::parse(ADMINISTRATIVE).unwrap_or_default()
    }

    /// Adds the groups of others that are not here yet.
    pub fn add(&mut self, others: &Synonyms) {
        for group in &others.groups {
            if !self.groups.contains(group) {
                self.push_line(&group.to_string());
                self.groups.push(group.clone());
            }
        }
    }

    /// Returns how many groups there are.
    pub fn len(&self) -> usize {
        self.groups.len()
    }

    /// Says whether there is no group.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    pub(crate) fn groups(&self) -> &[Group] {
        &self.groups
    }

    fn push_line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }
}

/// The text that [`Synonyms::parse`] reads, as it was given.
impl fmt::Display for Synonyms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Group::Equal(wordings) => f.write_str(&wordings.join(" = ")),
            Group::OneWay(typed, meant) => write!(f, "{typed} => {meant}"),
        }
    }
}

fn parse_line(line: &str, number: usize) -> Result<Option<Group>> {
    if line.is_empty() || line.starts_with('#') {
        return Ok(None);
    }
    let wording = |text: &str| wording(text, number);
    if let Some((typed, meant)) = line.split_once("=>") {
        if meant.contains('=') {
            let expected = "expected one wording on each side of =>";
            return Err(wrong(number, format!("{expected}, found {}", shown(line))));
        }
        return Ok(Some(Group::OneWay(wording(typed)?, wording(meant)?)));
    }
    let wordings = line.split('=').map(wording).collect::<Result<Vec<String>>>()?;
    if wordings.len() < 2 {
        let expected = "expected wordings with = between them, or one => another";
        return Err(wrong(number, format!("{expected}, found only {}", shown(line))));
    }
    Ok(Some(Group::Equal(wordings)))
}

/// A wording without the spaces around it and more than one within it.
fn wording(text: &str, number: usize) -> Result<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = scanners::lend(|scanner| {
        let mut tokens = scanner.scan(&text);
        let mut words = 0;
        while let Some(token) = tokens.next() {
            words = words.max(token.position as usize + token.pieces.max(1) as usize);
        }
        words
    });
    match words {
        0 if text.is_empty() => Err(wrong(number, "expected words on each side of =, found nothing".to_owned())),
        0 => Err(wrong(number, format!("expected words on each side of =, found {}", shown(&text)))),
        1..=MOST_WORDS => Ok(text),
        _ => Err(wrong(
            number,
            format!("expected wordings of {MOST_WORDS} words at most, found {words} in {}", shown(&text)),
        )),
    }
}

fn wrong(line: usize, message: String) -> Error {
    Error::new(ErrorKind::Argument, format!("line {line}: {message}"))
}

/// The beginning of a text, in quotes.
fn shown(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{:?}…", &text[..end]),
        None => format!("{text:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(text: &str) -> Vec<String> {
        Synonyms::parse(text).expect("synonyms").groups.iter().map(Group::to_string).collect()
    }

    #[test]
    fn lines_are_groups_and_comments() {
        let text = "\u{feff}# tên gọi\r\n\r\nTP.HCM=TPHCM =  Thành phố\tHồ Chí Minh \r\n  vnđ => đồng\nC# = C Sharp\n";
        assert_eq!(groups(text), ["TP.HCM = TPHCM = Thành phố Hồ Chí Minh", "vnđ => đồng", "C# = C Sharp"]);
        assert!(Synonyms::parse("").expect("no synonyms").is_empty());
    }

    #[test]
    fn what_was_parsed_reads_back_with_its_comments() {
        let synonyms = Synonyms::parse("# tên gọi\nUBND = Ủy ban nhân dân\n").expect("synonyms");
        assert_eq!(synonyms.to_string(), "# tên gọi\nUBND = Ủy ban nhân dân\n");
        assert_eq!(Synonyms::parse(&synonyms.to_string()).expect("synonyms"), synonyms);
    }

    #[test]
    fn a_line_that_is_no_group_is_told_with_what_was_expected() {
        for (text, parts) in [
            ("a = b\nUBND", ["line 2", "expected wordings with =", "\"UBND\""]),
            ("\n\nUBND = ", ["line 3", "expected words", "found nothing"]),
            ("= a", ["line 1", "expected words", "found nothing"]),
            ("a => ", ["line 1", "expected words", "found nothing"]),
            ("a = …", ["line 1", "expected words", "\"…\""]),
            ("a => b => c", ["line 1", "one wording on each side", "\"a => b => c\""]),
            ("a => b = c", ["line 1", "one wording on each side", "\"a => b = c\""]),
        ] {
            let error = Synonyms::parse(text).expect_err(text);
            assert_eq!(error.kind(), ErrorKind::Argument);
            assert!(parts.iter().all(|part| error.to_string().contains(part)), "{text}: {error}");
        }
        let long = format!("a = {}", "từ ".repeat(17));
        assert!(Synonyms::parse(&long).expect_err("too long").to_string().contains("16 words at most, found 17"));
        assert!(Synonyms::parse(&long.replacen("từ", "", 1)).is_ok());
        let endless = "x".repeat(1000);
        assert!(Synonyms::parse(&endless).expect_err("one wording").to_string().len() < 200);
    }

    #[test]
    fn a_group_is_added_once() {
        let mut synonyms = Synonyms::parse("# của tôi\nUBND = Ủy ban nhân dân").expect("synonyms");
        let others = Synonyms::parse("# khác\nUBND = Ủy ban nhân dân\nCSGT = Cảnh sát giao thông").expect("synonyms");
        synonyms.add(&others);
        synonyms.add(&others);
        assert_eq!(synonyms.to_string(), "# của tôi\nUBND = Ủy ban nhân dân\nCSGT = Cảnh sát giao thông\n");
        assert_eq!(synonyms.len(), 2);
    }

    #[test]
    fn the_built_in_list_is_composed_and_has_no_wording_twice() {
        let list = Synonyms::administrative();
        assert!(list.len() > 40, "{}", list.len());
        let mut seen = std::collections::BTreeSet::new();
        for group in list.groups() {
            let Group::Equal(wordings) = group else { panic!("{group}: one way") };
            for wording in wordings {
                assert_eq!(*wording, crate::text::canonical(wording), "not composed");
                assert!(seen.insert(crate::text::fold(wording).into_owned()), "{wording} twice");
            }
        }
    }
}
