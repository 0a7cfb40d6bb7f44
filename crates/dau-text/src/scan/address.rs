//! E-mail and web addresses in running text. Knows nothing of tokens around them.
//!
//! Only what can hardly be anything else: a scheme and `://`, `www.`, an `@` between a name and a domain, or a bare
//! domain that ends in a top-level domain Vietnamese text really uses. `xong.Hôm` is a missing space, not a domain.

use crate::token::TokenKind;

/// An address that starts where it was looked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Address {
    pub(super) kind: TokenKind,
    /// Where it ends (half-open), in bytes.
    pub(super) end: usize,
}

/// Schemes that make an address of whatever follows.
const SCHEMES: [&[u8]; 4] = [b"https://", b"http://", b"ftp://", b"www."];

/// Top-level domains that make an address of a bare domain, in lower case. Those that are also Vietnamese syllables or
/// common words (`me`, `co`, `de`, `to`, `la`) are left out: there a missing space is likelier.
const TOP_LEVEL: [&[u8]; 24] = [
    b"vn", b"com", b"net", b"org", b"edu", b"gov", b"info", b"biz", b"io", b"tv", b"app", b"dev", b"xyz", b"asia",
    b"uk", b"us", b"eu", b"jp", b"kr", b"cn", b"fr", b"au", b"shop", b"online",
];

/// No part of an address before its path is longer than this, in bytes.
const MAX_NAME: usize = 253;

/// Tells whether an address may go on with a byte where a chain ends.
pub(super) const fn may_go_on(byte: u8) -> bool {
    matches!(byte, b'@' | b'+' | b'%' | b':' | b'.' | b'_' | b'-')
}

/// Tells whether a label is a top-level domain that makes an address of a bare domain.
pub(super) fn is_top_level(label: &[u8]) -> bool {
    TOP_LEVEL.iter().any(|known| known.eq_ignore_ascii_case(label))
}

/// Returns the scheme that a text starts with.
pub(super) fn scheme(text: &[u8]) -> Option<&'static [u8]> {
    SCHEMES.into_iter().find(|scheme| text.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme)))
}

/// Finds the address that starts at byte `start`.
pub(super) fn find(text: &str, start: usize) -> Option<Address> {
    let rest = &text.as_bytes()[start..];
    if let Some(scheme) = scheme(rest) {
        let end = start + path_len(&text[start..]);
        let holds_name =
            text.as_bytes().get(start + scheme.len()).is_some_and(|&b| b.is_ascii_alphanumeric() || b >= 0x80);
        return (holds_name && end > start + scheme.len()).then_some(Address { kind: TokenKind::Url, end });
    }
    if let Some(len) = email_len(rest) {
        return Some(Address { kind: TokenKind::Email, end: start + len });
    }
    let domain = domain_len(rest)?;
    let label = rest[..domain].rsplit(|&b| b == b'.').next()?;
    if !is_top_level(label) {
        return None;
    }
    let path = if rest.get(domain) == Some(&b'/') { path_len(&text[start + domain..]) } else { 0 };
    Some(Address { kind: TokenKind::Url, end: start + domain + path })
}

/// Returns the length of a mailbox name, `@` and domain.
fn email_len(rest: &[u8]) -> Option<usize> {
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'+' | b'%');
    let name = rest.iter().take(MAX_NAME).take_while(|b| is_name(b)).count();
    if name == 0 || rest.get(name) != Some(&b'@') {
        return None;
    }
    Some(name + 1 + domain_len(&rest[name + 1..])?)
}

/// Returns the length of a domain of at least two labels, the last of two letters or more.
fn domain_len(rest: &[u8]) -> Option<usize> {
    let is_label = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    let mut end = 0;
    let mut labels = 0;
    loop {
        let len = rest[end..].iter().take(MAX_NAME).take_while(|&&b| is_label(b)).count();
        if len == 0 || end + len > MAX_NAME {
            return None;
        }
        labels += 1;
        let label = &rest[end..end + len];
        end += len;
        // A dot that ends the sentence is not part of the domain.
        if rest.get(end) == Some(&b'.') && rest.get(end + 1).is_some_and(|&b| b.is_ascii_alphanumeric()) {
            end += 1;
            continue;
        }
        let top = label.len() >= 2 && label.iter().all(u8::is_ascii_alphabetic);
        // A letter beyond ASCII follows: the label was the beginning of a word.
        let cut = rest.get(end).is_some_and(|&b| b >= 0x80 || b == b'_');
        return (labels >= 2 && top && !cut).then_some(end);
    }
}

/// Returns the length of the rest of a URL: up to white space, a quote or a bracket that closes what was opened before,
/// without the punctuation of the sentence.
fn path_len(rest: &str) -> usize {
    let stops = |c: char| match c {
        '<' | '>' | '"' | '`' | '{' | '}' | '|' | '\\' | '^' => true,
        _ => !(c.is_ascii_graphic() || c.is_alphanumeric()),
    };
    let mut url = &rest[..rest.find(stops).unwrap_or(rest.len())];
    loop {
        let last = url.as_bytes().last();
        let trimmed = match last {
            Some(b'.' | b',' | b';' | b':' | b'!' | b'?' | b'\'' | b'*') => true,
            Some(b')') => url.matches(')').count() > url.matches('(').count(),
            Some(b']') => url.matches(']').count() > url.matches('[').count(),
            _ => false,
        };
        if !trimmed {
            return url.len();
        }
        url = &url[..url.len() - 1];
    }
}
