//! The formats of input: told by name, then by content. Knows nothing of compression.

use std::path::Path;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// One JSON object a line.
    Jsonl,
    /// An array of objects, or objects one after another.
    Json,
    /// Comma (or semicolon) separated, first row the field names.
    Csv,
    /// Tab separated, first row the field names.
    Tsv,
    /// Markdown: the file is one document.
    Markdown,
    /// HTML: the file is one document.
    Html,
    /// Plain text: the file is one document.
    Text,
}

/// Endings of compressed files, with the dot; what is inside is named by the rest.
const PACKED: [&str; 6] = [".gz", ".zst", ".bz2", ".xz", ".bgz", ".zstd"];

impl Format {
    /// Tells the format from the file's name, looking through an ending like `.gz`.
    pub(crate) fn of_name(path: &Path) -> Option<Format> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let inner = PACKED.iter().find_map(|ending| name.strip_suffix(ending));
        let (_, ending) = inner.unwrap_or(&name).rsplit_once('.')?;
        match ending {
            "jsonl" | "ndjson" | "jsonlines" => Some(Format::Jsonl),
            "json" => Some(Format::Json),
            "csv" => Some(Format::Csv),
            "tsv" | "tab" => Some(Format::Tsv),
            "md" | "markdown" | "mdown" => Some(Format::Markdown),
            "html" | "htm" | "xhtml" => Some(Format::Html),
            "txt" | "text" => Some(Format::Text),
            _ => None,
        }
    }

    /// Tells the format from the first bytes (UTF-8 or another superset of ASCII, unpacked, no byte order mark).
    /// `None`: not text at all.
    pub(crate) fn of_content(head: &[u8]) -> Option<Format> {
        if is_binary(head) {
            return None;
        }
        let start = head.trim_ascii_start();
        match start.first() {
            Some(b'{') => Some(Format::json_or_lines(start)),
            Some(b'[') if is_json_array(start) => Some(Format::Json),
            Some(b'<') if is_html(start) => Some(Format::Html),
            _ => Some(table(start).unwrap_or(Format::Text)),
        }
    }

    /// Settles a file that is JSON by its name: objects after one another may as well be an object a line.
    pub(crate) fn json(head: &[u8]) -> Format {
        match head.trim_ascii_start() {
            start if start.starts_with(b"{") => Format::json_or_lines(start),
            _ => Format::Json,
        }
    }

    /// Settles a file that starts with an object: JSON lines when the first line is a whole value.
    fn json_or_lines(start: &[u8]) -> Format {
        let line = start.split(|&byte| byte == b'\n').next().unwrap_or(start);
        let cut = line.len() == start.len();
        let whole = serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok();
        // A first line longer than what was looked at is a line of JSON lines: nobody writes such a line by hand.
        if whole || (cut && start.len() > 1024) { Format::Jsonl } else { Format::Json }
    }

    /// True when a file is one document rather than many records.
    pub(crate) fn is_page(self) -> bool {
        matches!(self, Format::Markdown | Format::Html | Format::Text)
    }
}

/// How files begin that are mostly text to the eye of a program, and to nobody else's.
const MAGIC: [&[u8]; 4] = [b"%PDF-", b"PK\x03\x04", b"\x1F\x9D", b"{\\rtf"];

/// Zeros, or more control bytes than the few letters of VISCII that look like them.
fn is_binary(head: &[u8]) -> bool {
    let is_control = |byte: &&u8| matches!(byte, 0x01..=0x08 | 0x0B | 0x0E..=0x1A | 0x1C..=0x1F | 0x7F);
    head.contains(&0)
        || MAGIC.iter().any(|magic| head.starts_with(magic))
        || head.iter().filter(is_control).count() > head.len() / 100
}

fn is_json_array(start: &[u8]) -> bool {
    matches!(start[1..].trim_ascii_start().first(), Some(b'{' | b']'))
}

fn is_html(start: &[u8]) -> bool {
    let head: Vec<u8> = start.iter().take(15).map(u8::to_ascii_lowercase).collect();
    [&b"<!doctype html"[..], b"<html", b"<head", b"<body"].iter().any(|mark| head.starts_with(mark))
}

/// Sees a table where the first two lines have the same number of the same separator, and at least one.
fn table(start: &[u8]) -> Option<Format> {
    let mut lines = start.split(|&byte| byte == b'\n');
    let (first, second) = (lines.next()?, lines.next()?);
    let count = |line: &[u8], separator| line.iter().filter(|&&byte| byte == separator).count();
    let both = |separator| {
        let columns = count(first, separator);
        columns > 0 && columns == count(second, separator)
    };
    if both(b'\t') {
        Some(Format::Tsv)
    } else if both(b',') && is_header(first, b',') || both(b';') && is_header(first, b';') {
        Some(Format::Csv)
    } else {
        None
    }
}

/// A row of short names without spaces around or sentence punctuation: prose with commas is not a table.
fn is_header(line: &[u8], separator: u8) -> bool {
    line.split(|&byte| byte == separator).all(|name| {
        let name = name.trim_ascii();
        !name.is_empty()
            && name.len() <= 40
            && !name.contains(&b'.')
            && name.iter().filter(|&&byte| byte == b' ').count() <= 2
    }) && !line.windows(2).any(|pair| pair == [separator, b' '])
}

/// Tells whether the name promises compressed data.
pub(crate) fn is_packed_name(path: &Path) -> bool {
    path.file_name()
        .and_then(|name| name.to_str())
        .map(str::to_ascii_lowercase)
        .is_some_and(|name| PACKED.iter().any(|ending| name.ends_with(ending)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let format = |name: &str| Format::of_name(Path::new(name));
        assert_eq!(format("a/tin.jsonl"), Some(Format::Jsonl));
        assert_eq!(format("tin.JSONL.ZST"), Some(Format::Jsonl));
        assert_eq!(format("bảng.csv.gz"), Some(Format::Csv));
        assert_eq!(format("README.md"), Some(Format::Markdown));
        assert_eq!(format("README"), None);
        assert_eq!(format("a.jsonl/README"), None);
        assert_eq!(format(".gz"), None);
    }

    #[test]
    fn contents() {
        let format = |text: &str| Format::of_content(text.as_bytes());
        assert_eq!(format(""), Some(Format::Text));
        assert_eq!(format("{\"id\":1}\n{\"id\":2}\n"), Some(Format::Jsonl));
        assert_eq!(format("{\n \"id\":1\n}"), Some(Format::Json));
        assert_eq!(format(" [ {\"id\":1}]"), Some(Format::Json));
        assert_eq!(format("[1] Nguyễn Du"), Some(Format::Text));
        assert_eq!(format("<!DOCTYPE html><p>"), Some(Format::Html));
        assert_eq!(format("id\ttên\n1\tAn\n"), Some(Format::Tsv));
        assert_eq!(format("id,tên\n1,An\n"), Some(Format::Csv));
        assert_eq!(format("id;tên\n1;An\n"), Some(Format::Csv));
        assert_eq!(format("Sáng nay, trời mưa\nChiều, trời nắng\n"), Some(Format::Text));
        assert_eq!(format("\u{0}\u{1}ELF"), None);
        assert_eq!(format("%PDF-1.7\n"), None);
        assert_eq!(format("{\\rtf1 Thư}"), None);
        assert_eq!(Format::of_content(b"\x89PNG\r\n\x1A\n\x02\x03\x04"), None);
    }
}
