//! A few bytes of text as two numbers, by which things are remembered. Knows nothing of what is remembered.

use super::lanes::{count_before, keep_before, keep_to, small_letters};

/// A key has at most so many bytes.
pub(super) const MAX_KEY_BYTES: usize = 15;

/// As many bytes of text as are looked at for a key of up to eight bytes and the two bytes behind it.
pub(super) const NEAR: usize = 10;

/// As many as are looked at for any key.
pub(super) const REACH: usize = MAX_KEY_BYTES + 2;

/// Bytes of text, none of them zero, the first at the lowest place, padded with zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) low: u64,
    pub(super) high: u64,
}

/// The key of what stands ahead in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ahead {
    pub(super) key: Key,
    /// How many bytes are in it.
    pub(super) len: usize,
    /// The bytes that follow.
    pub(super) behind: [u8; 2],
}

impl Key {
    /// No text has this key: the byte `FF` is in none.
    pub(super) const NONE: Key = Key { low: u64::MAX, high: u64::MAX };

    /// Returns the key of some bytes; `None` if there are none or too many.
    pub(super) fn new(bytes: &[u8]) -> Option<Key> {
        let len = bytes.len();
        let all = match (bytes.first_chunk(), bytes.last_chunk(), bytes.first_chunk(), bytes.last_chunk()) {
            // Two halves that overlap: copying so few bytes costs more than all the rest.
            (Some(first), Some(last), ..) if len <= MAX_KEY_BYTES => {
                u128::from(u64::from_le_bytes(*first)) | u128::from(u64::from_le_bytes(*last)) << (8 * (len - 8))
            }
            (None, _, Some(first), Some(last)) => {
                u128::from(u32::from_le_bytes(*first)) | u128::from(u32::from_le_bytes(*last)) << (8 * (len - 4))
            }
            (None, _, None, _) if len > 0 => bytes.iter().rev().fold(0, |all, &byte| all << 8 | u128::from(byte)),
            _ => return None,
        };
        Some(Key { low: all as u64, high: (all >> 64) as u64 })
    }

    /// Makes the key of the bytes before the first that `mark` [marks](super::lanes). Returns `None` if they are none or too many, or
    /// too near to the end of `bytes`: there must be [`NEAR`] of them, or [`REACH`] if the key is longer than eight.
    #[inline(always)]
    pub(super) fn ahead(bytes: &[u8], mark: impl Fn(u64) -> u64) -> Option<Ahead> {
        let first = u64::from(*bytes.first()?);
        if mark(first) & 0x80 != 0 {
            return None;
        }
        Key::near(bytes.first_chunk()?, &mark).or_else(|| Key::far(bytes, mark))
    }

    /// Makes the key of the first byte, whatever it is, and those behind it before the first that `mark` marks, eight at most.
    // Eight bytes are as short as seven, so that no branch parts them: words of either length are common.
    #[inline(always)]
    pub(super) fn near(near: &[u8; NEAR], mark: impl Fn(u64) -> u64) -> Option<Ahead> {
        let low = u64::from_le_bytes(*near.first_chunk()?);
        let [_, from_second @ ..] = near;
        let marks = mark(u64::from_le_bytes(*from_second.first_chunk()?));
        if marks == 0 {
            return None;
        }
        // One byte more than is before the mark: the first.
        let (key, len) = (Key { low: keep_to(low, marks), high: 0 }, 1 + count_before(marks));
        Some(Ahead { key, len, behind: [near[len], near[len + 1]] })
    }

    /// Makes the key of the bytes before the first that `mark` marks, if they are more than eight.
    #[inline(always)]
    pub(super) fn far(bytes: &[u8], mark: impl Fn(u64) -> u64) -> Option<Ahead> {
        let all: &[u8; REACH] = bytes.first_chunk()?;
        let both = u128::from_le_bytes(*all.first_chunk()?);
        let (low, high) = (both as u64, (both >> 64) as u64);
        let marks = mark(high);
        if mark(low) != 0 || marks == 0 || marks & 0x80 != 0 {
            return None;
        }
        let (key, len) = (Key { low, high: keep_before(high, marks) }, 8 + count_before(marks));
        Some(Ahead { key, len, behind: [all[len], all[len + 1]] })
    }

    /// Tells whether it has at most eight bytes, and is all in the lower number.
    #[inline(always)]
    pub(super) const fn is_short(self) -> bool {
        self.high == 0
    }

    /// Returns the key with small letters for the capitals of ASCII.
    #[inline(always)]
    pub(super) const fn in_small_letters(self) -> Key {
        Key { low: small_letters(self.low), high: small_letters(self.high) }
    }

    const fn all(self) -> u128 {
        (self.high as u128) << 64 | self.low as u128
    }

    /// Returns its bytes, padded with zeros.
    #[inline(always)]
    pub(super) const fn bytes(self) -> [u8; 16] {
        self.all().to_le_bytes()
    }

    /// Returns the key of what is behind so many of its bytes, at most fifteen.
    #[inline(always)]
    pub(super) const fn behind(self, bytes: usize) -> Key {
        let all = self.all() >> (8 * bytes);
        Key { low: all as u64, high: (all >> 64) as u64 }
    }

    /// Returns how many bytes are before the first that `mark` [marks](super::lanes).
    #[inline(always)]
    pub(super) fn count_before(self, mark: impl Fn(u64) -> u64) -> usize {
        match count_before(mark(self.low)) {
            8 => 8 + count_before(mark(self.high)),
            len => len,
        }
    }

    /// Returns a number whose high bits depend on all bits of the key: multiplicative hashing.
    #[inline(always)]
    pub(super) const fn hash(self) -> u64 {
        (self.low ^ self.high.rotate_left(29)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::lanes::first_below;

    fn before_separator(bytes: &[u8]) -> Option<Ahead> {
        Key::ahead(bytes, |bytes| first_below(bytes, b'A'))
    }

    #[test]
    fn a_key_is_the_same_wherever_it_comes_from() {
        let text = b"nghiengnghiengx.,";
        for start in 0..MAX_KEY_BYTES {
            let mut shifted = [b' '; REACH];
            shifted[..REACH - start].copy_from_slice(&text[start..]);
            let len = MAX_KEY_BYTES - start;
            let key = Key::new(&text[start..MAX_KEY_BYTES]).expect("not too long");
            let ahead = Some(Ahead { key, len, behind: *b".," });
            assert_eq!(before_separator(&shifted), ahead);
            assert_eq!(key.is_short(), len <= 8);
            let needed = if len <= 8 { NEAR } else { REACH };
            assert_eq!(before_separator(&shifted[..needed]), ahead, "{len}");
            assert_eq!(before_separator(&shifted[..needed - 1]), None, "{len}");
        }
    }

    #[test]
    fn nothing_and_too_much_have_no_key() {
        assert_eq!(Key::new(b""), None);
        assert_eq!(Key::new(&[b'x'; MAX_KEY_BYTES + 1]), None);
        assert_eq!(before_separator(b" x               "), None);
        assert_eq!(before_separator(b"xxxxxxxxxxxxxxxx "), None);
    }
}
