//! Documents on their way to the indexing threads, and how many bytes of them may wait. Knows nothing of schemas.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use tantivy::schema::document::Document;
use tantivy::schema::{Field as Slot, OwnedValue};

/// Which slot of the storage layer gets which value.
pub(super) type SlotValue = (Slot, OwnedValue);

/// How long a document waits for room. Indexing threads that write a segment out take nothing meanwhile; those that have
/// died, for want of disk space, never do: the storage layer says so when the document is handed over.
const PATIENCE: Duration = Duration::from_secs(1);

/// A document for the indexing threads. As long as it lives it takes its share of the backlog.
#[derive(Debug)]
pub(super) struct Queued {
    values: Vec<SlotValue>,
    _share: Share,
}

impl Queued {
    pub(super) fn values(&self) -> &[SlotValue] {
        &self.values
    }
}

impl Document for Queued {
    type Value<'a> = &'a OwnedValue;
    type FieldsValuesIter<'a> =
        std::iter::Map<std::slice::Iter<'a, SlotValue>, fn(&'a SlotValue) -> (Slot, &'a OwnedValue)>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        self.values.iter().map(|(slot, value)| (*slot, value))
    }
}

/// Counts the bytes of documents that wait to be indexed. The storage layer's own queue counts documents, ten thousand of
/// them, whatever their size: long ones took more memory there than their index.
#[derive(Debug)]
pub(super) struct Backlog {
    most: usize,
    patience: Duration,
    waiting: Arc<Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    bytes: Mutex<usize>,
    fewer: Condvar,
}

impl Backlog {
    /// A backlog of at most so many bytes; one document may be larger.
    pub(super) fn new(most: usize) -> Backlog {
        Backlog { most, patience: PATIENCE, waiting: Arc::default() }
    }

    /// Waits until there is room for a document of these values, and takes it.
    pub(super) fn enter(&self, values: Vec<SlotValue>) -> Queued {
        let bytes = values.iter().map(size).sum();
        let guard = self.waiting.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = |waiting: &mut usize| *waiting > 0 && *waiting + bytes > self.most;
        let waited = self.waiting.fewer.wait_timeout_while(guard, self.patience, is_full);
        let (mut waiting, _) = waited.unwrap_or_else(PoisonError::into_inner);
        *waiting += bytes;
        Queued { values, _share: Share { bytes, half: self.most / 2, waiting: Arc::clone(&self.waiting) } }
    }
}

/// The bytes of one document, given back when it is dropped.
#[derive(Debug)]
struct Share {
    bytes: usize,
    half: usize,
    waiting: Arc<Waiting>,
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut waiting = self.waiting.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        *waiting -= self.bytes;
        // Not after every document: whoever waits would be woken for each single one.
        if *waiting <= self.half {
            self.waiting.fewer.notify_one();
        }
    }
}

/// The memory of a value in bytes.
fn size((_, value): &SlotValue) -> usize {
    let text = if let OwnedValue::Str(text) = value { text.capacity() } else { 0 };
    size_of::<SlotValue>() + text
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    fn document(bytes: usize) -> Vec<SlotValue> {
        let text = bytes - size_of::<SlotValue>();
        let mut value = String::with_capacity(text);
        value.extend(std::iter::repeat_n('x', text));
        vec![(Slot::from_field_id(0), OwnedValue::Str(value))]
    }

    fn waiting(backlog: &Backlog) -> usize {
        *backlog.waiting.bytes.lock().expect("nobody panics")
    }

    #[test]
    fn bytes_come_and_go_with_documents() {
        let backlog = Backlog::new(1000);
        let first = backlog.enter(document(400));
        let second = backlog.enter(document(600));
        assert_eq!(waiting(&backlog), 1000);
        assert_eq!(second.iter_fields_and_values().count(), 1);
        drop(first);
        assert_eq!(waiting(&backlog), 600);
        drop(second);
        // One that is larger than all the room comes alone.
        drop(backlog.enter(document(5000)));
        assert_eq!(waiting(&backlog), 0);
    }

    #[test]
    fn a_document_waits_until_another_has_gone() {
        let backlog = Backlog { patience: Duration::from_secs(3600), ..Backlog::new(1000) };
        let (sender, receiver) = channel::<Queued>();
        std::thread::scope(|scope| {
            scope.spawn(|| receiver.into_iter().for_each(drop));
            for _ in 0..1000 {
                let queued = backlog.enter(document(300));
                assert!(waiting(&backlog) <= 1000);
                sender.send(queued).expect("the other thread takes all");
            }
            drop(sender);
        });
        assert_eq!(waiting(&backlog), 0);
    }

    #[test]
    fn nobody_waits_forever_for_threads_that_have_died() {
        let backlog = Backlog { patience: Duration::ZERO, ..Backlog::new(1000) };
        let first = backlog.enter(document(900));
        let second = backlog.enter(document(900));
        assert_eq!(waiting(&backlog), 1800);
        drop((first, second));
    }
}
