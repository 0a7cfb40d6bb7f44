//! Memory for many lists of bytes that all grow a little at a time. Knows nothing of what the bytes say.

/// Eight-byte words of a page, as a power of two.
const PAGE_BITS: u32 = 13;

/// Words of a list's first chunk, as a power of two, and of its largest. Each chunk is twice as large as the one before it, up to
/// the largest: most lists are short, and a long one leaves half a chunk unused.
const FIRST_BITS: u32 = 1;
const LARGEST_BITS: u32 = 6;

/// The lists' chunks.
#[derive(Debug, Default)]
pub(crate) struct Arena {
    pages: Vec<Box<[u64]>>,
    /// The first place that no chunk has. Places are counted in first chunks of sixteen bytes, so that a `u32` reaches 64 GB.
    free: u32,
}

/// A list of bytes. The newest of them, up to seven, are kept here: a list that has no more takes nothing of the arena, and one
/// that has goes there once for several numbers.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Bytes {
    /// The newest bytes, the oldest of them lowest, zeros above.
    newest: u64,
    first: u32,
    last: u32,
    newest_len: u8,
    /// Words of the last chunk that are written; its last word, which tells the place of the next chunk, is not counted.
    used: u8,
    /// Words of the last chunk as a power of two; 0 while there is none.
    bits: u8,
}

impl Bytes {
    /// Appends the lowest `len` bytes of a number, seven at most. Those above are 0.
    #[inline]
    pub(super) fn append(&mut self, arena: &mut Arena, bytes: u64, len: usize) {
        let before = usize::from(self.newest_len);
        self.newest |= bytes << (8 * before);
        if before + len < size_of::<u64>() {
            self.newest_len += len as u8;
            return;
        }
        arena.push(self);
        // What found no room: at least one byte was there before, since seven come at most.
        self.newest = bytes >> (8 * (size_of::<u64>() - before));
        self.newest_len = (before + len - size_of::<u64>()) as u8;
    }

    /// Words that the last chunk can hold.
    #[inline]
    fn room(&self) -> u32 {
        (1 << self.bits) - 1
    }
}

impl Arena {
    /// Bytes of memory that chunks have.
    pub(crate) fn bytes(&self) -> usize {
        (self.free as usize * size_of::<u64>()) << FIRST_BITS
    }

    /// Writes the newest eight bytes of a list to its chunks.
    #[inline]
    fn push(&mut self, list: &mut Bytes) {
        // Without a chunk there is room for none.
        if u32::from(list.used) == list.room() {
            self.grow(list);
        }
        let (page, start) = place(list.last);
        self.pages[page][start + usize::from(list.used)] = list.newest;
        list.used += 1;
    }

    /// Gives a list another chunk.
    #[cold]
    fn grow(&mut self, list: &mut Bytes) {
        let bits = next_bits(list.bits);
        let chunk = self.allocate(u32::from(bits));
        if list.bits == 0 {
            list.first = chunk;
        } else {
            let (page, start) = place(list.last);
            self.pages[page][start + list.room() as usize] = u64::from(chunk);
        }
        *list = Bytes { last: chunk, used: 0, bits, ..*list };
    }

    /// The place of a new chunk. None goes beyond a page.
    fn allocate(&mut self, bits: u32) -> u32 {
        let size = 1 << (bits - FIRST_BITS);
        let in_page = 1 << (PAGE_BITS - FIRST_BITS);
        let before = self.free % in_page;
        if before == 0 || before + size > in_page {
            self.free = self.pages.len() as u32 * in_page;
            self.pages.push(vec![0; 1 << PAGE_BITS].into_boxed_slice());
        }
        let chunk = self.free;
        self.free += size;
        chunk
    }

    /// Appends all bytes of a list to `into`.
    pub(super) fn read(&self, list: &Bytes, into: &mut Vec<u8>) {
        let mut push = |words: &[u64]| words.iter().for_each(|word| into.extend_from_slice(&word.to_le_bytes()));
        if list.bits > 0 {
            let mut chunk = Bytes { last: list.first, bits: next_bits(0), ..*list };
            while chunk.last != list.last {
                let (page, start) = place(chunk.last);
                let (words, next) = self.pages[page][start..].split_at(chunk.room() as usize);
                push(words);
                chunk = Bytes { last: next[0] as u32, bits: next_bits(chunk.bits), ..chunk };
            }
            let (page, start) = place(list.last);
            push(&self.pages[page][start..][..usize::from(list.used)]);
        }
        into.extend_from_slice(&list.newest.to_le_bytes()[..usize::from(list.newest_len)]);
    }
}

/// The size of the chunk that follows one of `bits`.
fn next_bits(bits: u8) -> u8 {
    (bits + 1).clamp(FIRST_BITS as u8, LARGEST_BITS as u8)
}

/// A chunk's page, and its first word there.
#[inline]
fn place(chunk: u32) -> (usize, usize) {
    let page = chunk >> (PAGE_BITS - FIRST_BITS);
    let start = (chunk << FIRST_BITS) & ((1 << PAGE_BITS) - 1);
    (page as usize, start as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_that_grow_in_turn_keep_their_bytes() {
        let mut arena = Arena::default();
        let mut lists = vec![(Bytes::default(), Vec::new()); 7];
        for step in 0..400_000_u64 {
            let (list, expected) = &mut lists[(step % 11 % 7) as usize];
            let len = (step % 8) as usize;
            let bytes = step.wrapping_mul(0x9e37_79b9_7f4a_7c15) & ((1 << (8 * len)) - 1);
            list.append(&mut arena, bytes, len);
            expected.extend_from_slice(&bytes.to_le_bytes()[..len]);
        }
        assert!(arena.pages.len() > 10, "chunks on many pages");
        for (list, expected) in &lists {
            let mut read = vec![];
            arena.read(list, &mut read);
            assert!(read == *expected);
        }
        let bytes = lists.iter().map(|(_, expected)| expected.len()).sum::<usize>();
        assert!((bytes..bytes * 11 / 10).contains(&arena.bytes()), "{} for {bytes}", arena.bytes());
    }

    #[test]
    fn a_short_list_takes_nothing_of_the_arena() {
        let (mut arena, mut list, mut read) = (Arena::default(), Bytes::default(), vec![]);
        arena.read(&list, &mut read);
        assert!(read.is_empty());
        list.append(&mut arena, 0x0102_0304_0506, 6);
        list.append(&mut arena, 7, 1);
        arena.read(&list, &mut read);
        assert_eq!((read, arena.bytes()), (vec![6, 5, 4, 3, 2, 1, 7], 0));
        list.append(&mut arena, 8, 1);
        assert_eq!(arena.bytes(), 16);
    }
}
