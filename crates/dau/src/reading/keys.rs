//! Input methods whose raw keys may stand in a query.

use crate::text::typing::{telex, vni};

/// An input method that was switched off while the query was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keys {
    Telex,
    Vni,
}

impl Keys {
    pub(crate) const ALL: [Keys; 2] = [Keys::Telex, Keys::Vni];

    /// The word that the keys make, in its marked form; `None` when they can be nothing but what they are.
    pub(crate) fn decode(self, typed: &str) -> Option<String> {
        match self {
            // Most words have no key that could be a mark: this saves trying.
            Keys::Telex if may_be_telex(typed) => telex(typed),
            Keys::Vni if may_be_vni(typed) => vni(typed),
            _ => None,
        }
    }
}

fn may_be_telex(typed: &str) -> bool {
    let bytes = typed.as_bytes();
    let is = |byte: u8, letters: &[u8]| letters.contains(&byte.to_ascii_lowercase());
    let marks = |at: usize| {
        let before = &bytes[..at];
        match bytes[at].to_ascii_lowercase() {
            b's' | b'f' | b'r' | b'x' | b'j' => before.iter().any(|&byte| is(byte, b"aeiouy")),
            b'w' => true,
            double @ (b'a' | b'e' | b'o' | b'd') => before.iter().any(|byte| byte.eq_ignore_ascii_case(&double)),
            _ => false,
        }
    };
    bytes.iter().all(u8::is_ascii_alphabetic) && (0..bytes.len()).any(marks)
}

fn may_be_vni(typed: &str) -> bool {
    let bytes = typed.as_bytes();
    bytes.first().is_some_and(u8::is_ascii_alphabetic)
        && bytes.iter().all(u8::is_ascii_alphanumeric)
        && bytes.iter().any(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_make_words_and_words_stay_what_they_are() {
        let decode = |keys: Keys, typed: &str| keys.decode(typed);
        for (typed, word) in [("vieejt", "việt"), ("Nguyeenx", "nguyễn"), ("ddoongf", "đồng"), ("nuwowcs", "nước")]
        {
            assert_eq!(decode(Keys::Telex, typed).as_deref(), Some(word));
        }
        for (typed, word) in [("vie65t", "việt"), ("d9o62ng", "đồng")] {
            assert_eq!(decode(Keys::Vni, typed).as_deref(), Some(word));
        }
        for typed in ["nam", "hoc", "sinh", "access", "việt", "15", "covid19", ""] {
            assert_eq!(Keys::ALL.map(|keys| decode(keys, typed)), [None, None], "{typed}");
        }
    }
}
