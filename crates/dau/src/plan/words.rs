//! Words of the query to posting lists.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use tantivy::index::InvertedIndexReader;
use tantivy::postings::TermInfo;
use tantivy::schema::Field as Slot;

use super::meant::joined;
use super::{Mark, MarkToken, PhrasePlan, Place, Plan, Planner, SILENT, Target};
use crate::analysis::{code_parts, marked_of_term, prefix_range, spellings_range, squashed_term};
use crate::error::Result;
use crate::query;
use crate::rank::{Guess, PostingRef, Spelling, Typed, Word, WordPostings};
use crate::reading::NearTerms;
use crate::schema::FieldKind;
use crate::search::{Accents, FoundWord, Matching, WordKey};
use crate::text::{MarkRelation, Part, Scanner, TokenKind, canonical, fold, fold_letters, mark_relation};

/// Posting lists that decide together what matches, without a score.
#[derive(Debug, Default)]
pub(crate) struct TermsPlan {
    /// One list of (field's slot, posting list) a segment.
    pub(crate) segments: Vec<Vec<(Slot, TermInfo)>>,
}

/// A token of the query, kept after the scan.
#[derive(Clone, Debug)]
pub(super) struct QueryToken {
    pub(super) kind: TokenKind,
    pub(super) marked: String,
    pub(super) folded: String,
    /// As typed: `mi` where the marked form is `my`, for `mi` may go on as `minh`.
    pub(super) text: String,
    pub(super) position: u32,
    /// The pieces of a compound; empty for a simple token.
    pub(super) pieces: Vec<QueryToken>,
    /// Whether it stands directly after the token before it.
    pub(super) joined: bool,
    /// Whether the pieces are what a word was probably joined from.
    pub(super) is_parted: bool,
}

/// Calls `visit` for each term of a range of an index's dictionary.
pub(super) fn each_term(
    index: &InvertedIndexReader,
    (low, high): (Vec<u8>, Option<Vec<u8>>),
    mut visit: impl FnMut(&[u8], &TermInfo),
) -> Result<()> {
    let mut range = index.terms().range().ge(low);
    if let Some(high) = high {
        range = range.lt(high);
    }
    let mut stream = range.into_stream()?;
    while let Some((term, info)) = stream.next() {
        visit(term, info);
    }
    Ok(())
}

impl QueryToken {
    /// What a word that begins with the token begins with, folded and marked: in the spelling of whole syllables, and in
    /// the letters as typed where these differ.
    fn beginnings(&self) -> Vec<(String, String)> {
        let mut all = vec![(self.folded.clone(), self.marked.clone())];
        let typed = canonical(&self.text).to_lowercase();
        let letters = fold_letters(&typed).into_owned();
        // A compound's own spelling is canonical in more than its letters.
        if letters != self.folded && self.kind == TokenKind::Word && self.pieces.is_empty() {
            all.push((letters, typed));
        }
        all
    }

    /// A syllable by itself.
    pub(super) fn of_syllable(marked: &str) -> QueryToken {
        QueryToken {
            kind: TokenKind::Word,
            marked: marked.to_owned(),
            folded: fold(marked).into_owned(),
            text: marked.to_owned(),
            position: 0,
            pieces: Vec::new(),
            joined: false,
            is_parted: false,
        }
    }

    /// Whether a spelling can be what was typed: the same, or with marks where none were typed.
    pub(super) fn allows(&self, spelling: &str) -> bool {
        let relation = mark_relation(&self.marked, spelling);
        matches!(relation, Some(MarkRelation::Same | MarkRelation::QueryBare))
    }

    fn to_mark(&self, accents: Accents) -> MarkToken {
        MarkToken { folded: self.folded.clone(), marked: self.marked.clone(), exact: accents == Accents::Strict }
    }
}

/// The tokens of a text of the query, pieces under their compounds.
pub(super) fn query_tokens(text: &str) -> Vec<QueryToken> {
    let mut scanner = Scanner::new();
    let mut tokens = scanner.scan(text);
    let mut found: Vec<QueryToken> = Vec::new();
    let mut end = usize::MAX;
    while let Some(token) = tokens.next() {
        let kept = QueryToken {
            kind: token.kind,
            marked: token.marked.to_owned(),
            folded: token.folded.to_owned(),
            text: text[token.start..token.end].to_owned(),
            position: token.position,
            pieces: Vec::new(),
            joined: token.start == end,
            is_parted: false,
        };
        match (token.part, found.last_mut()) {
            (Part::Piece, Some(whole)) => whole.pieces.push(kept),
            _ => {
                end = token.end;
                found.push(kept);
            }
        }
    }
    found
}

/// How many positions tokens take.
pub(super) fn positions_of(tokens: &[QueryToken]) -> u32 {
    tokens.last().map_or(0, |last| last.position + last.pieces.len().max(1) as u32)
}

/// A prefix with more terms than this is matched, but gives every document the same score.
const SCORED_PREFIX_TERMS: usize = 256;

impl Planner<'_> {
    pub(super) fn typed_word(&mut self, word: &query::Word, place: &Place) -> Result<Plan> {
        if let Some(field) = place.field
            && !self.kind(field).is_some_and(FieldKind::is_searched_by_default)
        {
            return self.value(field, &word.text, word.prefix, word.span.clone());
        }
        let accents = if word.exact { Accents::Strict } else { self.options.accents };
        let tokens = self.tokens_of(word, place)?;
        self.base = self.next;
        self.next += positions_of(&tokens);
        if place.scored {
            self.plain_tokens += tokens.len();
        }
        let count = tokens.len();
        let mut plans = Vec::with_capacity(count);
        self.guess = guess_of(word, place, self.may_correct());
        self.span = (count == 1).then(|| word.span.clone());
        let mut rest = tokens.into_iter().enumerate().peekable();
        while let Some((at, token)) = rest.next() {
            if token.kind == TokenKind::Cjk {
                // Words of these scripts are not told apart by spaces: what was typed together stands together.
                let mut run = vec![token];
                while let Some((_, next)) = rest.next_if(|(_, next)| next.joined && next.kind == TokenKind::Cjk) {
                    run.push(next);
                }
                plans.push(self.run_of_tokens(run, place, accents)?);
            } else if word.prefix && at + 1 == count {
                plans.push(self.prefix_word(&token, place, accents)?);
            } else {
                plans.push(self.token(&token, place, accents)?);
            }
        }
        self.guess = Guess::Marks;
        self.span = None;
        Ok(match self.options.matching {
            Matching::All => Plan::all(plans),
            _ => Plan::any(plans),
        })
    }

    /// The tokens of a word of the query: its raw keys as they were meant, and joined words apart.
    fn tokens_of(&mut self, word: &query::Word, place: &Place) -> Result<Vec<QueryToken>> {
        if word.exact || word.prefix || !self.may_correct() {
            return Ok(query_tokens(&word.text));
        }
        if let Some(meant) = self.decoded(&word.text)? {
            if place.scored {
                self.meant.push((word.span.clone(), meant.clone()));
            }
            return Ok(query_tokens(&meant));
        }
        let mut tokens = query_tokens(&word.text);
        let [token] = tokens.as_mut_slice() else { return Ok(tokens) };
        if token.kind != TokenKind::Word || !token.pieces.is_empty() {
            return Ok(tokens);
        }
        let target = self.target_of(place);
        let Some((left, right)) = joined(self, token, &target)? else { return Ok(tokens) };
        let apart = query_tokens(&format!("{left} {right}"));
        if self.find_word(token, &target, Accents::Smart)?.spellings.is_empty() {
            if place.scored {
                self.meant.push((word.span.clone(), format!("{left} {right}")));
            }
            return Ok(apart);
        }
        (token.pieces, token.is_parted) = (apart, true);
        Ok(tokens)
    }

    fn run_of_tokens(&mut self, mut run: Vec<QueryToken>, place: &Place, accents: Accents) -> Result<Plan> {
        if run.len() == 1 {
            let token = run.remove(0);
            return self.token(&token, place, accents);
        }
        self.mark_phrase(&run, place, accents, 0, false);
        self.phrase_of(&run, place, accents, 0, false)
    }

    /// One token: a word, or a compound that is found whole or by its pieces side by side.
    fn token(&mut self, token: &QueryToken, place: &Place, accents: Accents) -> Result<Plan> {
        self.mark(std::slice::from_ref(token), place, accents);
        let whole = self.word(token, place, accents)?;
        if token.pieces.is_empty() {
            return Ok(whole);
        }
        self.mark(&token.pieces, place, accents);
        if token.is_parted {
            // The word itself is known: its halves count where they stand together, and less.
            let share = Place { boost: place.boost * self.ranking.piece, ..place.clone() };
            let pieces = self.phrase_of(&token.pieces, &share, accents, 0, false)?;
            return Ok(Plan::any(vec![whole, pieces]));
        }
        let in_code_field = place.field.is_some_and(|field| self.kind(field) == Some(FieldKind::Code));
        if self.options.matching != Matching::All && place.scored && !place.required && !in_code_field {
            // Every document with all pieces side by side has each of them: any piece will do here.
            if token.kind == TokenKind::Number {
                return Ok(whole);
            }
            let share = Place { boost: place.boost * self.ranking.piece, ..place.clone() };
            let mut plans = vec![whole];
            for piece in &token.pieces {
                plans.push(self.word(piece, &share, accents)?);
            }
            return Ok(Plan::any(plans));
        }
        let pieces = self.phrase_of(&token.pieces, place, accents, 0, false)?;
        Ok(Plan::any(vec![whole, pieces]))
    }

    /// Adds a word that is scored or silent as its place says.
    pub(super) fn word(&mut self, token: &QueryToken, place: &Place, accents: Accents) -> Result<Plan> {
        Ok(Plan::Word(self.word_number(token, place, accents)?))
    }

    pub(super) fn word_number(&mut self, token: &QueryToken, place: &Place, accents: Accents) -> Result<usize> {
        let target = self.target_of(place);
        let found = self.find_word(token, &target, accents)?;
        let spellings = found.weighed(self.typed(token, accents));
        Ok(self.add_word(token, place, accents, target, spellings, found.segments.clone()))
    }

    fn typed(&self, token: &QueryToken, accents: Accents) -> Typed {
        Typed::new(self.ranking, accents, &token.marked, &token.folded, self.reading.left_out)
    }

    /// The posting lists of every spelling of a token, from the memory of earlier queries if it was asked for before.
    pub(super) fn find_word(&self, token: &QueryToken, target: &Target, accents: Accents) -> Result<Arc<FoundWord>> {
        let key = WordKey {
            target: target.clone(),
            marked: if accents == Accents::Strict { token.marked.clone() } else { token.folded.clone() },
            compound: !token.pieces.is_empty(),
            strict: accents == Accents::Strict,
        };
        self.searcher.cache().word(key, || self.look_up(token, target, accents))
    }

    /// The posting lists of every term that is one slip away.
    pub(super) fn find_near(&self, near: &NearTerms, target: &Target) -> Result<FoundWord> {
        let mut gathered = Gathered::new(self.searcher.segment_count());
        for (segment, reader) in self.searcher.storage().segment_readers().iter().enumerate() {
            for &field in target.fields.iter().filter(|&&field| self.kind(field) == Some(FieldKind::Text)) {
                let Some(slot) = self.slot(field) else { continue };
                let index = reader.inverted_index(slot)?;
                let mut stream = index.terms().search(near.clone()).into_stream()?;
                while let Some((term, info)) = stream.next() {
                    if let Some(marked) = marked_of_term(term) {
                        gathered.add(segment, field, marked, info.clone());
                    }
                }
            }
        }
        Ok(gathered.in_order().into())
    }

    /// Finds the posting lists of every spelling of a token.
    fn look_up(&self, token: &QueryToken, target: &Target, accents: Accents) -> Result<FoundWord> {
        let mut gathered = Gathered::new(self.searcher.segment_count());
        for (segment, reader) in self.searcher.storage().segment_readers().iter().enumerate() {
            for &field in target.fields.iter() {
                let Some(slot) = self.slot(field) else { continue };
                let terms = reader.inverted_index(slot)?;
                if self.kind(field) == Some(FieldKind::Code) {
                    let term = code_term(&token.folded, token);
                    if let Some(info) = terms.terms().get(term.as_bytes())? {
                        gathered.add(segment, field, &token.marked, info);
                    }
                    continue;
                }
                let (low, high) = spellings_range(&token.folded);
                let mut stream = terms.terms().range().ge(low).lt(high).into_stream()?;
                while let Some((term, info)) = stream.next() {
                    if let Some(marked) = marked_of_term(term)
                        && (accents != Accents::Strict || marked == token.marked)
                    {
                        gathered.add(segment, field, marked, info.clone());
                    }
                }
            }
        }
        Ok(gathered.in_order().into())
    }

    fn add_word(
        &mut self,
        token: &QueryToken,
        place: &Place,
        accents: Accents,
        target: Target,
        spellings: Arc<[Spelling]>,
        segments: Arc<[WordPostings]>,
    ) -> usize {
        let mut word = Word {
            typed: token.marked.clone(),
            folded: token.folded.clone(),
            boost: place.boost,
            accents,
            target,
            spellings,
            segments,
            position: token.pieces.is_empty().then_some(self.base + token.position),
            guess: if token.kind == TokenKind::Word { self.guess } else { self.guess.min(Guess::Marks) },
            span: self.span.clone().filter(|_| token.pieces.is_empty()),
            synonym: None,
            marked_share: 0.0,
            marked_factor: 0.0,
            folded_factor: 0.0,
        };
        word.weigh(self.ranking, self.reading.left_out, self.searcher.all_documents());
        if place.scored {
            self.words.push(word);
            self.words.len() - 1
        } else {
            self.silent.push(word);
            SILENT + self.silent.len() - 1
        }
    }

    /// A word of which only the beginning was typed.
    fn prefix_word(&mut self, token: &QueryToken, place: &Place, accents: Accents) -> Result<Plan> {
        // The last piece of a compound is the part that goes on: `15/2020*` is 15, then 2020….
        if !token.pieces.is_empty() {
            let whole = self.prefix_token(token, place, accents)?;
            let pieces = self.phrase_of(&token.pieces, place, accents, 0, true)?;
            return Ok(Plan::any(vec![whole, pieces]));
        }
        self.prefix_token(token, place, accents)
    }

    fn prefix_token(&mut self, token: &QueryToken, place: &Place, accents: Accents) -> Result<Plan> {
        if place.scored {
            for (folded, marked) in token.beginnings() {
                let tokens = vec![MarkToken { folded, marked, exact: accents == Accents::Strict }];
                self.marks.push(Mark { tokens, slop: None, prefix: true, field: place.field });
            }
        }
        let target = self.target_of(place);
        let gathered = self.prefix_terms(token, &target, accents)?;
        if gathered.spellings.len() > SCORED_PREFIX_TERMS || !place.scored {
            return Ok(Plan::Terms(self.unscored(gathered)));
        }
        let mut spellings = gathered.spellings;
        let typed = self.typed(token, accents);
        let typed_chars = token.marked.chars().count();
        for spelling in &mut spellings {
            let beginning: String = spelling.marked.chars().take(typed_chars).collect();
            // What was left out at the end is not known to be marks.
            (spelling.marked_weight, spelling.folded_weight) = typed.weights_of(&beginning, 0.0);
        }
        Ok(Plan::Word(self.add_word(token, place, accents, target, spellings.into(), of_segments(gathered.segments))))
    }

    /// All terms of the searched fields that begin with a token.
    pub(super) fn prefix_terms(&self, token: &QueryToken, target: &Target, accents: Accents) -> Result<Gathered> {
        let mut gathered = Gathered::new(self.searcher.segment_count());
        for (segment, reader) in self.searcher.storage().segment_readers().iter().enumerate() {
            for &field in target.fields.iter() {
                let Some(slot) = self.slot(field) else { continue };
                let index = reader.inverted_index(slot)?;
                let is_code = self.kind(field) == Some(FieldKind::Code);
                for (folded, marked) in token.beginnings() {
                    let beginning = if is_code { code_term(&folded, token) } else { folded };
                    each_term(&index, prefix_range(&beginning), |term, info| {
                        let spelling = if is_code { std::str::from_utf8(term).ok() } else { marked_of_term(term) };
                        if let Some(spelling) = spelling
                            && (accents != Accents::Strict || is_code || spelling.starts_with(&marked))
                        {
                            gathered.add(segment, field, spelling, info.clone());
                        }
                    })?;
                }
            }
        }
        Ok(gathered.in_order())
    }

    pub(super) fn unscored(&self, gathered: Gathered) -> TermsPlan {
        let slot = |posting: PostingRef| self.slot(posting.field).map(|slot| (slot, posting.info));
        let segments = gathered.segments.into_iter().map(|postings| postings.into_iter().filter_map(slot).collect());
        TermsPlan { segments: segments.collect() }
    }

    pub(super) fn mark(&mut self, tokens: &[QueryToken], place: &Place, accents: Accents) {
        if place.scored {
            let single = |token: &QueryToken| Mark {
                tokens: vec![token.to_mark(accents)],
                slop: None,
                prefix: false,
                field: place.field,
            };
            self.marks.extend(tokens.iter().map(single));
        }
    }

    pub(super) fn mark_phrase(
        &mut self,
        tokens: &[QueryToken],
        place: &Place,
        accents: Accents,
        slop: u32,
        prefix: bool,
    ) {
        if place.scored {
            let tokens = tokens.iter().map(|token| token.to_mark(accents)).collect();
            self.marks.push(Mark { tokens, slop: Some(slop), prefix, field: place.field });
        }
    }

    /// A phrase of tokens whose positions are as in `tokens`.
    pub(super) fn phrase_of(
        &mut self,
        tokens: &[QueryToken],
        place: &Place,
        accents: Accents,
        slop: u32,
        prefix: bool,
    ) -> Result<Plan> {
        let first = tokens.first().map_or(0, |token| token.position);
        let target = self.target_of(place);
        let mut phrase =
            PhrasePlan { words: Vec::new(), offsets: Vec::new(), slop, last: None, fields: target.fields.clone() };
        for (at, token) in tokens.iter().enumerate() {
            phrase.offsets.push(token.position - first);
            if prefix && at + 1 == tokens.len() {
                let gathered = self.prefix_terms(token, &target, accents)?;
                phrase.last = Some(self.unscored(gathered));
            } else {
                phrase.words.push(self.word_number(token, place, accents)?);
            }
        }
        Ok(Plan::Phrase(phrase))
    }

    /// Where a field's terms are; `None` for stored fields.
    pub(super) fn slot(&self, field: usize) -> Option<Slot> {
        self.searcher.inner().layout.fields.get(field).copied().flatten()
    }
}

/// What may be guessed of a word of the query.
fn guess_of(word: &query::Word, place: &Place, may_correct: bool) -> Guess {
    match word {
        _ if word.prefix => Guess::Nothing,
        _ if word.exact || place.required || !may_correct => Guess::Marks,
        _ => Guess::Letters,
    }
}

impl From<Gathered> for FoundWord {
    fn from(gathered: Gathered) -> FoundWord {
        FoundWord::new(gathered.spellings, of_segments(gathered.segments))
    }
}

fn of_segments(segments: Vec<Vec<PostingRef>>) -> Arc<[WordPostings]> {
    segments.into_iter().map(WordPostings::new).collect()
}

/// What a token is looked up as in a code field.
fn code_term(folded: &str, token: &QueryToken) -> String {
    let parts = code_parts(folded);
    match parts.as_slice() {
        [part] if token.pieces.is_empty() => part.clone(),
        parts => squashed_term(parts),
    }
}

/// Posting lists and the spellings they belong to, as they are found.
pub(super) struct Gathered {
    pub(super) spellings: Vec<Spelling>,
    pub(super) segments: Vec<Vec<PostingRef>>,
    positions: FxHashMap<String, usize>,
    /// Document frequencies by spelling and field.
    frequencies: FxHashMap<(usize, usize), u64>,
}

impl Gathered {
    pub(super) fn new(segments: usize) -> Gathered {
        Gathered {
            spellings: Vec::new(),
            segments: vec![Vec::new(); segments],
            positions: FxHashMap::default(),
            frequencies: FxHashMap::default(),
        }
    }

    /// Puts the spellings into the order of their text. As they were found, their order would depend on the segments, and
    /// with it the last bit of every sum over them.
    fn in_order(mut self) -> Gathered {
        let mut order: Vec<usize> = (0..self.spellings.len()).collect();
        order.sort_unstable_by(|&a, &b| self.spellings[a].marked.cmp(&self.spellings[b].marked));
        let mut places = vec![0; order.len()];
        order.iter().enumerate().for_each(|(place, &old)| places[old] = place);
        self.segments.iter_mut().flatten().for_each(|posting| posting.spelling = places[posting.spelling]);
        self.spellings = order.iter().map(|&old| self.spellings[old].clone()).collect();
        self
    }

    pub(super) fn add(&mut self, segment: usize, field: usize, marked: &str, info: TermInfo) {
        let spelling = match self.positions.get(marked) {
            Some(&spelling) => spelling,
            None => {
                let spelling = self.spellings.len();
                self.positions.insert(marked.to_owned(), spelling);
                self.spellings.push(Spelling::new(marked));
                spelling
            }
        };
        let frequency = self.frequencies.entry((spelling, field)).or_default();
        *frequency += u64::from(info.doc_freq);
        let most = &mut self.spellings[spelling].doc_freq;
        *most = (*most).max(*frequency);
        self.segments[segment].push(PostingRef { info, field, spelling });
    }
}
