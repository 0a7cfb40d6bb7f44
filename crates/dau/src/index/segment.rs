//! What is written of each segment beside stored documents and columns: terms, postings, positions and field norms.
//!
//! The storage layer hands every document to a writer of its own, which finds no terms in it (see
//! [`register`](crate::analysis::register)), and then to this one, which puts its files in the place of those empty ones. They are the
//! same to the byte as the storage layer would have written, had it had the terms. Merging and reading is the storage layer's.

use std::any::Any;
use std::sync::Arc;

use tantivy::fieldnorm::{FieldNormReaders, FieldNormsSerializer, FieldNormsWriter};
use tantivy::index::SegmentComponent;
use tantivy::indexer::DocIdMapping;
use tantivy::postings::InvertedIndexSerializer;
use tantivy::schema::document::ErasedDocument;
use tantivy::schema::{Field as Slot, FieldType, OwnedValue, Schema as StorageSchema};
use tantivy::tokenizer::MAX_TOKEN_LEN;
use tantivy::{
    Directory, DocId, PluginMergeContext, PluginWriter, PluginWriterContext, Segment, SegmentPlugin, TantivyError,
};

use super::queue::Queued;
use crate::analysis::{Analyzer, Terms, encode_term};
use crate::bigrams::{BigramCounter, Counting, WordHash};
use crate::postings::{Arena, FieldPostings, UniquePostings};
use crate::text::Scanner;

/// Positions left free between two values of one field, so that no phrase spans them.
const VALUE_GAP: u32 = 128;

/// The files that are written here.
const COMPONENTS: [SegmentComponent; 4] =
    [SegmentComponent::FieldNorms, SegmentComponent::Terms, SegmentComponent::Postings, SegmentComponent::Positions];

/// The terms of false and true: numbers of eight bytes, the highest first, as the storage layer writes them.
const FLAG_TERMS: [&str; 2] = ["\0\0\0\0\0\0\0\0", "\0\0\0\0\0\0\0\u{1}"];

/// Bytes that the storage layer's own writer of postings counts as used, for a hash table and a page that stay empty. They are this
/// writer's to use instead: of the least memory that a thread may have, they are a third.
const IDLE_BYTES: usize = (8 << 19) + (1 << 20);

/// Makes a [`SegmentWriter`] for each new segment.
pub(super) struct PostingsPlugin {
    counter: Arc<BigramCounter>,
}

impl PostingsPlugin {
    /// A plugin that counts neighbouring words with `counter`.
    pub(super) fn new(counter: Arc<BigramCounter>) -> PostingsPlugin {
        PostingsPlugin { counter }
    }
}

impl SegmentPlugin for PostingsPlugin {
    /// No file is this plugin's own: all have the storage layer's names and form.
    fn extensions(&self) -> &[&str] {
        &[]
    }

    fn create_writer(&self, context: &PluginWriterContext<'_>) -> tantivy::Result<Box<dyn PluginWriter>> {
        Ok(Box::new(SegmentWriter::new(&context.segment.schema(), Counting::new(self.counter.clone()))?))
    }

    /// The storage layer has merged these files already.
    fn merge(&self, _context: PluginMergeContext<'_>) -> tantivy::Result<()> {
        Ok(())
    }
}

/// Postings and field norms of one segment.
struct SegmentWriter {
    /// By slot; `None` for what has no terms.
    fields: Vec<Option<FieldWriter>>,
    shared: Shared,
    norms: FieldNormsWriter,
    documents: DocId,
}

/// What the fields take turns with: each profits from the words that another has met, and one takes less memory than several.
struct Shared {
    scanner: Scanner,
    counting: Counting,
    arena: Arena,
}

/// One field's part in a segment.
struct FieldWriter {
    slot: Slot,
    analyzer: Analyzer,
    postings: FieldPostings,
    /// The postings in their place, where each value is a term.
    unique: UniquePostings,
    /// Tokens of the present document.
    tokens: u32,
    /// The first position behind its values so far.
    end: u32,
}

impl SegmentWriter {
    fn new(schema: &StorageSchema, counting: Counting) -> tantivy::Result<SegmentWriter> {
        let fields = schema.fields().map(|(slot, entry)| FieldWriter::of(slot, entry.field_type()));
        Ok(SegmentWriter {
            fields: fields.collect::<tantivy::Result<_>>()?,
            shared: Shared { scanner: Scanner::new(), counting, arena: Arena::default() },
            norms: FieldNormsWriter::for_schema(schema),
            documents: 0,
        })
    }
}

impl PluginWriter for SegmentWriter {
    fn add_document(
        &mut self,
        document: DocId,
        values: &dyn ErasedDocument,
        _schema: &StorageSchema,
    ) -> tantivy::Result<()> {
        let Some(queued) = values.as_any().downcast_ref::<Queued>() else {
            return Err(TantivyError::InternalError("a document did not come by way of the queue".to_owned()));
        };
        for (slot, value) in queued.values() {
            if let Some(field) = &mut self.fields[slot.field_id() as usize] {
                field.add(&mut self.shared, document, value);
            }
        }
        for field in self.fields.iter_mut().flatten() {
            self.norms.record(document, field.slot, field.end_document(&mut self.shared.arena, document));
        }
        self.documents = document + 1;
        Ok(())
    }

    fn serialize(self: Box<Self>, segment: &Segment, _mapping: Option<&DocIdMapping>) -> tantivy::Result<()> {
        let SegmentWriter { fields, shared: Shared { arena, scanner, counting }, mut norms, documents } = *self;
        // Writing out takes memory of its own.
        drop((scanner, counting));
        let directory = segment.index().directory();
        for component in COMPONENTS {
            directory.delete(&segment.relative_path(component)).map_err(|error| {
                TantivyError::InternalError(format!("an empty file of a new segment cannot be removed: {error}"))
            })?;
        }
        norms.fill_up_to_max_doc(documents);
        norms.serialize(FieldNormsSerializer::from_write(segment.open_write(SegmentComponent::FieldNorms)?)?, None)?;
        let norms = FieldNormReaders::open(segment.open_read(SegmentComponent::FieldNorms)?)?;
        let mut files = InvertedIndexSerializer::open(segment)?;
        for FieldWriter { slot, postings, unique, .. } in fields.into_iter().flatten() {
            postings.serialize(&arena, slot, norms.get_field(slot)?, &mut files)?;
            unique.serialize(slot, &mut files)?;
        }
        Ok(files.close()?)
    }

    fn mem_usage(&self) -> usize {
        let fields = self.fields.iter().flatten().map(|field| field.postings.bytes() + field.unique.bytes());
        let used = self.shared.arena.bytes() + self.norms.mem_usage() + fields.sum::<usize>();
        used.saturating_sub(IDLE_BYTES)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

impl FieldWriter {
    /// A field's part, if it has terms.
    fn of(slot: Slot, field_type: &FieldType) -> tantivy::Result<Option<FieldWriter>> {
        let (analyzer, has_positions) = match field_type {
            FieldType::Str(options) => {
                let Some(indexing) = options.get_indexing_options() else { return Ok(None) };
                let name = indexing.tokenizer();
                let analyzer = Analyzer::named(name)
                    .ok_or_else(|| TantivyError::SchemaError(format!("no analyzer has the name {name:?}")))?;
                (analyzer, indexing.index_option().has_positions())
            }
            FieldType::Bool(options) if options.is_indexed() => (Analyzer::WHOLE, false),
            _ => return Ok(None),
        };
        let (postings, unique) = (FieldPostings::new(has_positions), UniquePostings::default());
        Ok(Some(FieldWriter { slot, analyzer, postings, unique, tokens: 0, end: 0 }))
    }

    /// Adds one value of a document.
    fn add(&mut self, shared: &mut Shared, document: DocId, value: &OwnedValue) {
        let text = match value {
            OwnedValue::Str(text) => text,
            OwnedValue::Bool(flag) => FLAG_TERMS[usize::from(*flag)],
            _ => return,
        };
        let mut value = Value { document, start: self.end, end: self.end, tokens: 0 };
        match self.analyzer {
            Analyzer::Text => value.add_text(&mut self.postings, shared, text),
            Analyzer::Values(terms) => value.add_terms(&mut self.postings, &mut shared.arena, text, terms),
            Analyzer::Unique if text.len() <= MAX_TOKEN_LEN => self.unique.add(document, text),
            Analyzer::Unique => {}
        }
        self.tokens += value.tokens;
        // One more position stays free, as in the storage layer.
        self.end = value.end + 1;
    }

    /// Ends a document, and returns how many tokens it has in this field.
    fn end_document(&mut self, arena: &mut Arena, document: DocId) -> u32 {
        self.postings.write_noted(arena, document);
        self.end = 0;
        std::mem::take(&mut self.tokens)
    }
}

/// A value of a field on its way to the postings.
struct Value {
    document: DocId,
    /// Where its positions start.
    start: u32,
    /// The first position that is free behind it.
    end: u32,
    tokens: u32,
}

impl Value {
    fn add_text(&mut self, postings: &mut FieldPostings, shared: &mut Shared, text: &str) {
        let Shared { scanner, counting, arena } = shared;
        counting.begin();
        scanner.scan(text).for_each_numbered(|token, number| {
            let hash = WordHash::of(token.marked);
            counting.note(token.position, hash);
            // One marked form has one folded form, so it alone tells the term. None is too long for one: see `MAX_TOKEN_BYTES`.
            let place = self.place(token.position);
            let make = |term: &mut String| encode_term(term, token.folded, token.marked);
            match number {
                Some(number) => postings.add_numbered(arena, place, number, (token.marked, hash), make),
                None => postings.add(arena, place, (token.marked, hash), make),
            }
        });
    }

    fn add_terms(&mut self, postings: &mut FieldPostings, arena: &mut Arena, text: &str, terms: Terms) {
        terms(text, &mut |position, term| {
            if term.len() <= MAX_TOKEN_LEN {
                let place = self.place(position);
                postings.add(arena, place, (term, WordHash::of(term)), |made| term.clone_into(made));
            }
        });
    }

    /// The place of the next token.
    #[inline]
    fn place(&mut self, position: u32) -> (DocId, u32) {
        let position = self.start + position;
        self.tokens += 1;
        self.end = self.end.max(position + VALUE_GAP);
        (self.document, position)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tantivy::schema::{Field, FieldType};
    use tantivy::tokenizer::{Token, TokenStream, Tokenizer};
    use tantivy::{Index as Storage, IndexWriter};

    use super::*;
    use crate::index::layout::Layout;
    use crate::index::queue::{Backlog, SlotValue};
    use crate::schema::Schema;

    /// The same terms for the storage layer's own writer.
    #[derive(Clone)]
    struct Reference(Analyzer);

    struct Found {
        tokens: std::vec::IntoIter<Token>,
        token: Token,
    }

    impl Tokenizer for Reference {
        type TokenStream<'a> = Found;

        fn token_stream<'a>(&'a mut self, text: &'a str) -> Found {
            let mut tokens = vec![];
            let mut push = |position: u32, text: &str| {
                let (position, position_length) = (position as usize, VALUE_GAP as usize);
                tokens.push(Token { position, position_length, text: text.to_owned(), ..Token::default() });
            };
            match self.0 {
                Analyzer::Values(terms) => terms(text, &mut push),
                Analyzer::Unique => push(0, text),
                Analyzer::Text => {
                    let (mut scanner, mut term) = (Scanner::new(), String::new());
                    let mut found = scanner.scan(text);
                    while let Some(token) = found.next() {
                        encode_term(&mut term, token.folded, token.marked);
                        push(token.position, &term);
                    }
                }
            }
            Found { tokens: tokens.into_iter(), token: Token::default() }
        }
    }

    impl TokenStream for Found {
        fn advance(&mut self) -> bool {
            let next = self.tokens.next();
            let found = next.is_some();
            self.token = next.unwrap_or_default();
            found
        }

        fn token(&self) -> &Token {
            &self.token
        }

        fn token_mut(&mut self) -> &mut Token {
            &mut self.token
        }
    }

    /// One field of each kind that has terms, and one that has none.
    fn layout() -> (StorageSchema, Layout) {
        let builder =
            Schema::builder().id("id").text("a").text("b").code("c").keyword("d").path("e").bool("f").integer("g");
        Layout::new(&builder.build().expect("a valid schema"))
    }

    /// The files of the only segment of these documents.
    fn files(storage: &Storage, documents: &[Vec<SlotValue>]) -> Vec<Vec<u8>> {
        let mut writer: IndexWriter<Queued> = storage.writer_with_num_threads(1, 60_000_000).expect("a writer");
        let backlog = Backlog::new(1 << 30);
        for document in documents {
            writer.add_document(backlog.enter(document.clone())).expect("fits");
        }
        writer.commit().expect("written");
        let segments = storage.searchable_segments().expect("segments");
        assert_eq!(segments.len(), usize::from(!documents.is_empty()));
        let read = |component: &SegmentComponent| segments[0].open_read(component.clone()).expect("a file");
        COMPONENTS
            .iter()
            .filter(|_| !documents.is_empty())
            .map(|component| read(component).read_bytes().expect("readable").to_vec())
            .collect()
    }

    /// An index whose segments are written here.
    fn ours() -> Storage {
        let mut storage = Storage::create_in_ram(layout().0);
        crate::analysis::register(storage.tokenizers());
        storage.register_plugin(Arc::new(PostingsPlugin::new(Arc::default())));
        storage
    }

    /// The files of ours and of the storage layer's own.
    fn both(documents: &[Vec<SlotValue>]) -> [Vec<Vec<u8>>; 2] {
        let reference = Storage::create_in_ram(layout().0);
        for (_, entry) in layout().0.fields() {
            if let FieldType::Str(options) = entry.field_type()
                && let Some(indexing) = options.get_indexing_options()
            {
                let analyzer = Analyzer::named(indexing.tokenizer()).expect("a known name");
                reference.tokenizers().register(indexing.tokenizer(), Reference(analyzer));
            }
        }
        [files(&ours(), documents), files(&reference, documents)]
    }

    fn text() -> impl Strategy<Value = String> {
        let words = prop_oneof![
            6 => proptest::sample::select(vec![
                "đường", "Đường", "duong", "hoà", "HÒA", "vi\u{1ec7}t", "vie\u{302}\u{323}t", "nam", "tp.hcm", "15/2020/NĐ-CP", "e-mail",
                "2020", "1.000.000đ", "东京", "Müller", "”từ“", "nghiêngngảnghiêngngửa", "nghiêngngãnghiêngngửa", "-", "a", "",
            ]).prop_map(str::to_owned),
            1 => "[a-zđơưẩ]{1,40}",
            1 => any::<String>(),
        ];
        proptest::collection::vec(words, 0..60).prop_map(|words| words.join(" "))
    }

    fn documents() -> impl Strategy<Value = Vec<Vec<SlotValue>>> {
        let layout = layout().1;
        let slots: Vec<Field> = layout.fields.iter().copied().flatten().collect();
        let id = layout.id.expect("the schema has ids");
        let value =
            (0..slots.len(), text(), any::<bool>(), any::<i64>()).prop_map(move |(field, text, flag, number)| {
                let value = match field {
                    5 => OwnedValue::Bool(flag),
                    6 => OwnedValue::I64(number),
                    _ => OwnedValue::Str(text),
                };
                (slots[field], value)
            });
        let document = (0..30_u32, proptest::collection::vec(value, 0..12));
        proptest::collection::vec(document, 0..40).prop_map(move |documents| {
            let with_id = |(number, mut values): (u32, Vec<SlotValue>)| {
                // The values of a field come one after another.
                values.sort_by_key(|(slot, _)| *slot);
                values.push((id, OwnedValue::Str(format!("số {number}"))));
                values
            };
            documents.into_iter().map(with_id).collect()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn a_segment_is_what_the_storage_layer_would_have_written(documents in documents()) {
            let [ours, reference] = both(&documents);
            prop_assert_eq!(ours, reference);
        }
    }

    #[test]
    fn many_words_and_long_texts_are_what_the_storage_layer_would_have_written() {
        let slots: Vec<Field> = layout().1.fields.iter().copied().flatten().collect();
        // More words than are noted at a time, than the scanner remembers, and than a first table of terms has slots.
        let letters =
            |n: u64| -> String { format!("{n}").bytes().map(|digit| char::from(digit - b'0' + b'k')).collect() };
        let text = |seed: u64| (0..20_000).map(|n| letters(n * n * seed % 60_013)).collect::<Vec<_>>().join(" ");
        let documents: Vec<Vec<SlotValue>> = (1..6)
            .map(|seed| {
                let long = "x".repeat(MAX_TOKEN_LEN + seed as usize - 3);
                let values = [text(seed), text(seed + 1), long.clone(), long.clone(), long];
                slots.iter().copied().zip(values.map(OwnedValue::Str)).collect()
            })
            .collect();
        let [ours, reference] = both(&documents);
        assert!(ours == reference && ours.iter().map(Vec::len).sum::<usize>() > 100_000);
    }

    #[test]
    fn the_least_memory_is_enough_for_segments_of_some_size() {
        let slot = layout().1.fields[0].expect("a text field");
        let ours = ours();
        let mut writer: IndexWriter<Queued> = ours.writer_with_num_threads(1, 15_000_000).expect("a writer");
        writer.set_merge_policy(Box::new(tantivy::indexer::NoMergePolicy));
        let backlog = Backlog::new(1 << 30);
        for document in 0..40 {
            // Forty thousand different words, whose terms and lists take some three megabytes.
            let words = (0..1_000).map(|n| format!("{document}x{n}"));
            let text = words.collect::<Vec<_>>().join(" ");
            writer.add_document(backlog.enter(vec![(slot, OwnedValue::Str(text))])).expect("fits");
        }
        writer.commit().expect("written");
        assert_eq!(ours.searchable_segments().expect("segments").len(), 1);
    }
}
