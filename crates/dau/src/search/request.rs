//! What can be asked of an index.

use crate::highlight::FragmentOptions;
use crate::rank::Ranking;

/// How the marks (diacritics) of the query count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Accents {
    /// Every spelling that folds alike matches; the spelling that was meant ranks first, conflicting ones last.
    #[default]
    Smart,
    /// Marks must be the same.
    Strict,
    /// Marks never count.
    Ignore,
}

/// How many of the query's plain words a document must hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Matching {
    /// All words of a query of two or three, or any of them where no document has all; any word of a longer query, or
    /// of one with operators.
    #[default]
    Auto,
    /// Any of them.
    Any,
    /// All of them.
    All,
}

/// Whether words are also looked for as they were probably meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Corrections {
    /// Raw keys of Telex or VNI that are no word (`vieejt`), words joined (`hanoi`), and slips of the fingers in words that the
    /// index does not know, or never has beside their neighbours. What was typed still counts, and counts more. Only with
    /// [`Accents::Smart`], and not for words that must be there or are to be taken exactly.
    #[default]
    Auto,
    /// Words are looked for as they were typed.
    Off,
}

/// A direction of sorting. Documents without the field come last in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Order {
    /// Smallest first.
    Asc,
    /// Greatest first.
    Desc,
}

/// Whether to count all matching documents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Count {
    /// The total is exact.
    #[default]
    Exact,
    /// The total is the number of hits returned; saves time.
    None,
}

/// What of each hit is read from the index.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Returning {
    /// The stored document.
    #[default]
    Documents,
    /// The unique id only: hits have an empty document and no highlights.
    Ids,
    /// Nothing but rank and score: to measure searching itself, or to look at the total only.
    Scores,
}

/// How snippets are cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Highlight {
    fields: Vec<String>,
    options: FragmentOptions,
}

impl Highlight {
    /// Asks for one fragment of up to 150 characters from each searched text field.
    pub fn new() -> Highlight {
        Highlight { fields: Vec::new(), options: FragmentOptions::default() }
    }

    /// Sets the greatest width of a fragment, in characters.
    pub fn chars(mut self, chars: usize) -> Highlight {
        self.options.max_chars = chars;
        self
    }

    /// Sets the greatest number of fragments a field.
    pub fn fragments(mut self, fragments: usize) -> Highlight {
        self.options.max_fragments = fragments;
        self
    }

    /// Names the fields to cut from, instead of the searched text fields.
    pub fn fields<S: Into<String>>(mut self, fields: impl IntoIterator<Item = S>) -> Highlight {
        self.fields = fields.into_iter().map(Into::into).collect();
        self
    }

    pub(crate) fn field_names(&self) -> &[String] {
        &self.fields
    }

    pub(crate) fn options(&self) -> &FragmentOptions {
        &self.options
    }
}

impl Default for Highlight {
    fn default() -> Highlight {
        Highlight::new()
    }
}

/// A search: the query text and everything around it.
///
/// # Example: a page of news of one category, newest first
///
/// ```
/// use dau::{Highlight, Order, Search};
///
/// let search = Search::new("giá xăng")
///     .filter("category:\"kinh tế\"")
///     .sort_by("date", Order::Desc)
///     .highlight(Highlight::new().chars(120))
///     .limit(20)
///     .offset(20);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Search {
    pub(crate) query: String,
    pub(crate) limit: usize,
    pub(crate) offset: usize,
    pub(crate) fields: Vec<String>,
    pub(crate) accents: Accents,
    pub(crate) matching: Matching,
    pub(crate) filters: Vec<String>,
    pub(crate) sort: Option<(String, Order)>,
    pub(crate) facets: Vec<(String, usize)>,
    pub(crate) highlight: Option<Highlight>,
    pub(crate) strict: bool,
    pub(crate) explain: bool,
    pub(crate) count: Count,
    pub(crate) returning: Returning,
    pub(crate) ranking: Ranking,
    pub(crate) corrections: Corrections,
    pub(crate) synonyms: bool,
}

impl Search {
    /// Asks for the ten best documents for a query. `ARCHITECTURE.md` and [`crate::query`] describe the grammar; any text is a query.
    pub fn new(query: impl Into<String>) -> Search {
        Search {
            query: query.into(),
            limit: 10,
            offset: 0,
            fields: Vec::new(),
            accents: Accents::Smart,
            matching: Matching::Auto,
            filters: Vec::new(),
            sort: None,
            facets: Vec::new(),
            highlight: None,
            strict: false,
            explain: false,
            count: Count::Exact,
            returning: Returning::Documents,
            ranking: Ranking::default(),
            corrections: Corrections::Auto,
            synonyms: true,
        }
    }

    /// Sets the greatest number of hits.
    pub fn limit(mut self, limit: usize) -> Search {
        self.limit = limit;
        self
    }

    /// Leaves out the first hits.
    pub fn offset(mut self, offset: usize) -> Search {
        self.offset = offset;
        self
    }

    /// Names the fields that words without a field are looked for in, instead of all text and code fields.
    pub fn fields<S: Into<String>>(mut self, fields: impl IntoIterator<Item = S>) -> Search {
        self.fields = fields.into_iter().map(Into::into).collect();
        self
    }

    /// Sets how marks count.
    pub fn accents(mut self, accents: Accents) -> Search {
        self.accents = accents;
        self
    }

    /// Sets whether words are also looked for as they were probably meant.
    pub fn corrections(mut self, corrections: Corrections) -> Search {
        self.corrections = corrections;
        self
    }

    /// Sets whether words are also looked for in the other wordings that the index's [`Synonyms`](crate::Synonyms) give them.
    ///
    /// They do so by default. Phrases, prefixes, exact and negated words and filters are never looked for otherwise than typed.
    pub fn synonyms(mut self, synonyms: bool) -> Search {
        self.synonyms = synonyms;
        self
    }

    /// Sets how many of the words must be there.
    pub fn matching(mut self, matching: Matching) -> Search {
        self.matching = matching;
        self
    }

    /// Adds a query that documents must match too, without effect on the score.
    ///
    /// A filter is taken at its word: its plain words must all be there as they were typed, marks counting as
    /// [`accents`](Search::accents) says, and none is read as raw keys, joined words, a slip of the fingers or a synonym. A field
    /// that does not exist (`nosuch:5`) and a value that its field cannot have (`price:abc`) are errors; text with a colon in it
    /// is looked for as words where it stands in quotes (`"nosuch:5"`), begins with a digit (`10:30`) or is a URL.
    pub fn filter(mut self, query: impl Into<String>) -> Search {
        self.filters.push(query.into());
        self
    }

    /// Sorts by a keyword, path, number, bool or date field instead of by score.
    pub fn sort_by(mut self, field: impl Into<String>, order: Order) -> Search {
        self.sort = Some((field.into(), order));
        self
    }

    /// Counts the values of a keyword or path field among all matching documents; the `most` commonest are returned.
    pub fn facet(mut self, field: impl Into<String>, most: usize) -> Search {
        self.facets.push((field.into(), most));
        self
    }

    /// Asks for snippets with the found words marked.
    pub fn highlight(mut self, highlight: Highlight) -> Search {
        self.highlight = Some(highlight);
        self
    }

    /// Makes a malformed query an error that points at the place, instead of reading it as well as possible.
    pub fn strict(mut self, strict: bool) -> Search {
        self.strict = strict;
        self
    }

    /// Asks why each hit stands where it stands.
    pub fn explain(mut self, explain: bool) -> Search {
        self.explain = explain;
        self
    }

    /// Sets whether all matching documents are counted.
    pub fn count(mut self, count: Count) -> Search {
        self.count = count;
        self
    }

    /// Sets what of each hit is read.
    pub fn returning(mut self, returning: Returning) -> Search {
        self.returning = returning;
        self
    }

    /// Sets the numbers of the ranking formula.
    pub fn ranking(mut self, ranking: Ranking) -> Search {
        self.ranking = ranking;
        self
    }
}
