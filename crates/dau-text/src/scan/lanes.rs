//! Eight bytes of text at once, in one number, the first at the lowest place. Knows nothing of what they mean.
//!
//! What is sought is answered with the high bit of each byte where it is. Sums are made of seven bits each, so that the
//! eighth takes the carry and no byte meddles with the next.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Marks the first of the bytes below `limit`, an ASCII character; those behind it may be marked wrongly.
#[inline(always)]
pub(super) const fn first_below(bytes: u64, limit: u8) -> u64 {
    // The difference borrows from the byte above only where a byte is below the limit.
    bytes.wrapping_sub(ONES * limit as u64) & !bytes & HIGH
}

/// Marks the bytes that are no ASCII digits.
#[inline(always)]
pub(super) const fn no_digits(bytes: u64) -> u64 {
    // The digits become 0 to 9, and nothing else does.
    let values = bytes ^ (ONES * b'0' as u64);
    (((values & !HIGH) + ONES * (0x80 - 10)) | values) & HIGH
}

/// Marks the bytes that are no ASCII letters.
#[inline(always)]
pub(super) const fn no_letters(bytes: u64) -> u64 {
    // Small letters have this bit and capitals do not; it makes a letter of nothing else that is ASCII.
    let small = (bytes | (ONES * 0x20)) & !HIGH;
    let (from_a, beyond_z) = (small + ONES * (0x80 - b'a' as u64), small + ONES * (0x7F - b'z' as u64));
    (!from_a | beyond_z | bytes) & HIGH
}

/// Turns capitals of ASCII into small letters.
#[inline(always)]
pub(super) const fn small_letters(bytes: u64) -> u64 {
    // What tells small letters from capitals is two bits below the mark.
    bytes | (!no_letters(bytes) & HIGH) >> 2
}

/// Marks the first of the bytes that are `byte`; those behind it may be marked wrongly.
#[inline(always)]
pub(super) const fn first_of(bytes: u64, byte: u8) -> u64 {
    let differences = bytes ^ (ONES * byte as u64);
    differences.wrapping_sub(ONES) & !differences & HIGH
}

/// Returns how many bytes are before the first marked one; 8 if none is.
#[inline(always)]
pub(super) const fn count_before(marks: u64) -> usize {
    marks.trailing_zeros() as usize / 8
}

/// Clears the first marked byte and all behind it. One must be marked.
#[inline(always)]
pub(super) const fn keep_before(bytes: u64, marks: u64) -> u64 {
    bytes & ((marks ^ marks.wrapping_sub(1)) >> 8)
}

/// Clears all behind the first marked byte. One must be marked.
#[inline(always)]
pub(super) const fn keep_to(bytes: u64, marks: u64) -> u64 {
    bytes & (marks ^ marks.wrapping_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every byte, at every place, among bytes that are another.
    fn each(mut check: impl FnMut(u64, u8, u64)) {
        for byte in 0..=255 {
            for place in 0..8 {
                let mut bytes = [b'x'; 8];
                bytes[place] = byte;
                check(u64::from_le_bytes(bytes), byte, 0x80 << (8 * place));
            }
        }
    }

    #[test]
    fn bytes_are_marked_where_they_are() {
        each(|bytes, byte, here| {
            let first = if byte < b'A' { here.trailing_zeros() } else { 64 };
            assert_eq!(first_below(bytes, b'A').trailing_zeros(), first, "{bytes:#x}");
            assert_eq!(no_digits(bytes) & here, if byte.is_ascii_digit() { 0 } else { here }, "{bytes:#x}");
            assert_eq!(no_digits(bytes) | here, HIGH, "{bytes:#x}: the others are no digits");
            assert_eq!(no_letters(bytes), if byte.is_ascii_alphabetic() { 0 } else { here }, "{bytes:#x}");
            if byte.is_ascii_alphabetic() {
                let small = u64::from_le_bytes(bytes.to_le_bytes().map(|b| b.to_ascii_lowercase()));
                assert_eq!(small_letters(bytes), small, "{bytes:#x}");
                assert_eq!(small_letters(bytes & (here - 1)), small & (here - 1), "{bytes:#x}: zeros stay");
            }
            let expected = if byte == 0xE2 { here.trailing_zeros() } else { 64 };
            assert_eq!(first_of(bytes, 0xE2).trailing_zeros(), expected, "{bytes:#x}");
        });
    }

    #[test]
    fn the_first_byte_is_marked_whatever_is_behind_it() {
        for second in 0..=255 {
            for first in 0..=255 {
                let bytes = u64::from_le_bytes([first, second, first, second, b'A', b'@', 0, 0xFF]);
                let expected =
                    bytes.to_le_bytes().iter().position(|&byte| byte < b'A').expect("the sixth at the latest");
                assert_eq!(count_before(first_below(bytes, b'A')), expected, "{bytes:#x}");
            }
        }
    }

    #[test]
    fn what_is_before_a_mark_is_kept() {
        let bytes = u64::from_le_bytes(*b"abcdefgh");
        for place in 0..8 {
            let marks = 0x80 << (8 * place) | 0x80 << 56;
            let mut kept = [0; 8];
            kept[..place].copy_from_slice(&b"abcdefgh"[..place]);
            assert_eq!(keep_before(bytes, marks), u64::from_le_bytes(kept));
            kept[place] = bytes.to_le_bytes()[place];
            assert_eq!(keep_to(bytes, marks), u64::from_le_bytes(kept));
            assert_eq!(count_before(marks), place);
        }
        assert_eq!(count_before(0), 8);
    }
}
