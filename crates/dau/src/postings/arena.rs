//! Memory for many lists of bytes that all grow a little at a time. Knows nothing of what the bytes say.

/// Bytes of a page, as a power of two.
const PAGE_BITS: u32 = 16;
const PAGE: usize = 1 << PAGE_BITS;

/// Places are counted in units of so many bytes, as a power of two: a `u32` then reaches 64 GB.
const UNIT_BITS: u32 = 4;

/// Bytes of a list's first chunk, as a power of two, and of its largest. Each chunk is twice as large as the one before it, up to
/// the largest: most words are rare, and a common word leaves half a chunk unused.
const FIRST_BITS: u32 = 4;
const LARGEST_BITS: u32 = 9;

/// The last bytes of a chunk tell the place of the next one.
const LINK: usize = size_of::<u32>();

/// The pages.
#[derive(Debug, Default)]
pub(crate) struct Arena {
    pages: Vec<Box<[u8]>>,
    /// The first unit that no chunk has.
    free: u32,
}

/// A list of bytes in an arena. Empty until it has its first chunk.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Chunks {
    first: u32,
    last: u32,
    /// Bytes of the last chunk that are written, its link left out.
    used: u16,
    /// The size of the last chunk as a power of two; 0 while there is none.
    bits: u8,
}

impl Arena {
    /// Bytes of memory that chunks have.
    pub(crate) fn bytes(&self) -> usize {
        (self.free as usize) << UNIT_BITS
    }

    /// Appends the `len` lowest bytes of a number, eight at most.
    #[inline]
    pub(super) fn append(&mut self, list: &mut Chunks, bytes: u64, len: usize) {
        let used = usize::from(list.used);
        if used + size_of::<u64>() > list.room() {
            return self.append_slowly(list, &bytes.to_le_bytes()[..len]);
        }
        // All eight are written, those behind `len` will be written over: a store of one size is quicker.
        let (page, start) = place(list.last);
        let start = start + used;
        self.pages[page][start..start + size_of::<u64>()].copy_from_slice(&bytes.to_le_bytes());
        list.used += len as u16;
    }

    #[cold]
    fn append_slowly(&mut self, list: &mut Chunks, bytes: &[u8]) {
        let mut rest = bytes;
        while !rest.is_empty() {
            if usize::from(list.used) == list.room() {
                self.grow(list);
            }
            let (page, start) = place(list.last);
            let used = usize::from(list.used);
            let (now, after) = rest.split_at(rest.len().min(list.room() - used));
            self.pages[page][start + used..][..now.len()].copy_from_slice(now);
            list.used += now.len() as u16;
            rest = after;
        }
    }

    /// Gives a list another chunk.
    fn grow(&mut self, list: &mut Chunks) {
        let bits = if list.bits == 0 { FIRST_BITS } else { (u32::from(list.bits) + 1).min(LARGEST_BITS) };
        let chunk = self.allocate(bits);
        if list.bits == 0 {
            list.first = chunk;
        } else {
            let (page, start) = place(list.last);
            self.pages[page][start + list.room()..][..LINK].copy_from_slice(&chunk.to_le_bytes());
        }
        *list = Chunks { last: chunk, used: 0, bits: bits as u8, ..*list };
    }

    /// The place of a new chunk. None goes beyond a page.
    fn allocate(&mut self, bits: u32) -> u32 {
        let units = 1 << (bits - UNIT_BITS);
        let in_page = (1 << (PAGE_BITS - UNIT_BITS)) - 1;
        if self.free & in_page == 0 || (self.free & in_page) + units > in_page + 1 {
            self.free = (self.pages.len() << (PAGE_BITS - UNIT_BITS)) as u32;
            self.pages.push(vec![0; PAGE].into_boxed_slice());
        }
        let chunk = self.free;
        self.free += units;
        chunk
    }

    /// Appends all bytes of a list to `into`.
    pub(super) fn read(&self, list: &Chunks, into: &mut Vec<u8>) {
        if list.bits == 0 {
            return;
        }
        let mut chunk = Chunks { last: list.first, bits: FIRST_BITS as u8, ..*list };
        while chunk.last != list.last {
            let (page, start) = place(chunk.last);
            let (bytes, link) = self.pages[page][start..][..chunk.room() + LINK].split_at(chunk.room());
            into.extend_from_slice(bytes);
            chunk.last = link.try_into().map_or(list.last, u32::from_le_bytes);
            chunk.bits = (u32::from(chunk.bits) + 1).min(LARGEST_BITS) as u8;
        }
        let (page, start) = place(list.last);
        into.extend_from_slice(&self.pages[page][start..][..usize::from(list.used)]);
    }
}

impl Chunks {
    /// Bytes that the last chunk can hold.
    #[inline]
    fn room(&self) -> usize {
        if self.bits == 0 { 0 } else { (1 << self.bits) - LINK }
    }
}

/// A chunk's page, and its first byte there.
#[inline]
fn place(chunk: u32) -> (usize, usize) {
    let page = chunk >> (PAGE_BITS - UNIT_BITS);
    let start = (chunk << UNIT_BITS) as usize & (PAGE - 1);
    (page as usize, start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_that_grow_in_turn_keep_their_bytes() {
        let mut arena = Arena::default();
        let mut lists = vec![(Chunks::default(), Vec::new()); 7];
        for step in 0..400_000_u64 {
            let (list, expected) = &mut lists[(step % 11 % 7) as usize];
            let (bytes, len) = (step.wrapping_mul(0x9e37_79b9_7f4a_7c15), (step % 9) as usize);
            arena.append(list, bytes, len);
            expected.extend_from_slice(&bytes.to_le_bytes()[..len]);
        }
        assert!(arena.pages.len() > 1, "chunks on several pages");
        for (list, expected) in &lists {
            let mut read = vec![];
            arena.read(list, &mut read);
            assert!(read == *expected);
        }
    }

    #[test]
    fn an_empty_list_takes_nothing() {
        let mut arena = Arena::default();
        let mut list = Chunks::default();
        arena.append(&mut list, 7, 0);
        let mut read = vec![];
        arena.read(&list, &mut read);
        assert!(read.is_empty() && arena.bytes() == 0);
    }
}
