//! JSON files: an array of objects, one object, or objects one after another.
//!
//! The file is cut into its objects by brackets and quotes alone, and each piece is then parsed by itself: memory is
//! bounded by one object, and an object that is broken inside its brackets costs only itself.

use std::io::{self, BufRead};
use std::sync::Arc;

use super::decode::Charset;
use super::jsonl::{parse, too_long};
use super::{Item, Place, Problem};

/// Reads the objects of a JSON file.
#[derive(Debug)]
pub(crate) struct JsonObjects<R> {
    reader: R,
    source: Arc<str>,
    charset: Charset,
    max: usize,
    /// Where the next byte stands, from 1.
    line: u64,
    column: u64,
    array: Array,
    piece: Vec<u8>,
}

/// Where the reader is with respect to an outer array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Array {
    /// Nothing but white space was read.
    Unknown,
    /// There is no outer array.
    None,
    /// Inside it.
    Open,
    /// After its closing bracket.
    Closed,
    /// Reading has ended.
    Done,
}

/// How the end of an object was reached.
enum Cut {
    Whole,
    TooLong,
    EndOfFile,
}

impl<R: BufRead> JsonObjects<R> {
    /// Reads objects of at most `max` bytes each.
    pub(crate) fn new(reader: R, source: Arc<str>, charset: Charset, max: usize) -> JsonObjects<R> {
        JsonObjects { reader, source, charset, max, line: 1, column: 1, array: Array::Unknown, piece: Vec::new() }
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            match self.reader.fill_buf() {
                Ok(chunk) => return Ok(chunk.first().copied()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn advance(&mut self, byte: u8) {
        self.reader.consume(1);
        if byte == b'\n' {
            self.line += 1;
            self.column = 1;
        } else {
            self.column += 1;
        }
    }

    /// Ends reading with a problem at the next byte.
    fn stop(&mut self, reason: String) -> Option<Item> {
        self.array = Array::Done;
        let place = Place::column(&self.source, self.line, self.column);
        Some(Err(Problem { place, reason }))
    }

    /// Reads one object, whose opening brace is the next byte, into `piece`.
    fn cut(&mut self) -> io::Result<Cut> {
        self.piece.clear();
        let mut state = Nesting::default();
        let mut too_long = false;
        loop {
            let chunk = match self.reader.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if chunk.is_empty() {
                return Ok(Cut::EndOfFile);
            }
            let end = chunk.iter().position(|&byte| state.closes(byte));
            let used = end.map_or(chunk.len(), |at| at + 1);
            let part = &chunk[..used];
            for &byte in part {
                if byte == b'\n' {
                    self.line += 1;
                    self.column = 1;
                } else {
                    self.column += 1;
                }
            }
            if too_long || self.piece.len() + used > self.max {
                too_long = true;
                self.piece = Vec::new();
            } else {
                self.piece.extend_from_slice(part);
            }
            self.reader.consume(used);
            if end.is_some() {
                return Ok(if too_long { Cut::TooLong } else { Cut::Whole });
            }
        }
    }

    fn object(&mut self) -> Option<Item> {
        let (line, column) = (self.line, self.column);
        match self.cut() {
            Ok(Cut::Whole) => Some(parse(&self.piece, &self.source, line, column, self.charset)),
            Ok(Cut::TooLong) => {
                Some(Err(Problem { place: Place::column(&self.source, line, column), reason: too_long(self.max) }))
            }
            Ok(Cut::EndOfFile) => self.stop(format!(
                "broken JSON: the file ends inside the object that begins at line {line}, column {column}"
            )),
            Err(error) => self.stop(format!("cannot read on: {error}")),
        }
    }
}

/// Brackets and quotes, as far as they have been read.
#[derive(Debug, Default)]
struct Nesting {
    depth: usize,
    in_string: bool,
    escaped: bool,
}

impl Nesting {
    /// Takes the next byte; true when it closes the outermost bracket.
    fn closes(&mut self, byte: u8) -> bool {
        if self.in_string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_string = false,
                _ => {}
            }
            return false;
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                return self.depth == 0;
            }
            _ => {}
        }
        false
    }
}

impl<R: BufRead> Iterator for JsonObjects<R> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        loop {
            if self.array == Array::Done {
                return None;
            }
            let byte = match self.peek() {
                Ok(Some(byte)) => byte,
                Ok(None) if self.array == Array::Open => {
                    return self.stop("broken JSON: the file ends inside the array".to_owned());
                }
                Ok(None) => return None,
                Err(error) => return self.stop(format!("cannot read on: {error}")),
            };
            match (byte, self.array) {
                (b' ' | b'\t' | b'\r' | b'\n', _) => self.advance(byte),
                (b'[', Array::Unknown) => {
                    self.array = Array::Open;
                    self.advance(byte);
                }
                // Commas are checked no further: what stands between them is what counts.
                (b',', Array::Open) => self.advance(byte),
                (b']', Array::Open) => {
                    self.array = Array::Closed;
                    self.advance(byte);
                }
                (b'{', Array::Unknown | Array::None) => {
                    self.array = Array::None;
                    return self.object();
                }
                (b'{', Array::Open) => return self.object(),
                (_, Array::Closed) => {
                    return self.stop("broken JSON: something follows the end of the array".to_owned());
                }
                _ => {
                    return self.stop("broken JSON: expected an object or an array of objects".to_owned());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use serde_json::{Map, Value};

    use super::*;

    /// A small generator of numbers: the same in every run, so that a failure can be repeated.
    struct Random(u64);

    impl Random {
        fn below(&mut self, bound: u64) -> u64 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            self.0 % bound
        }

        fn text(&mut self) -> String {
            const LETTERS: [char; 12] = ['"', '\\', '{', '}', '[', ']', ',', ' ', '\n', 'đ', 'a', '😀'];
            let length = self.below(6);
            (0..length).map(|_| LETTERS[self.below(12) as usize]).collect()
        }

        fn value(&mut self, depth: u64) -> Value {
            match self.below(if depth == 0 { 3 } else { 5 }) {
                0 => Value::from(self.below(1000)),
                1 => Value::Bool(true),
                2 => Value::String(self.text()),
                3 => (0..self.below(3)).map(|_| self.value(depth - 1)).collect(),
                _ => Value::Object(self.object(depth - 1)),
            }
        }

        fn object(&mut self, depth: u64) -> Map<String, Value> {
            (0..self.below(4)).map(|_| (self.text(), self.value(depth))).collect()
        }
    }

    fn read(text: &str, capacity: usize) -> Vec<Map<String, Value>> {
        let reader = BufReader::with_capacity(capacity, text.as_bytes());
        JsonObjects::new(reader, Arc::from("test"), Charset::Utf8, 1 << 20)
            .map(|item| item.unwrap_or_else(|problem| panic!("{problem} in {text}")).fields)
            .collect()
    }

    /// The oracle is the parser that reads the whole file at once.
    #[test]
    fn cuts_any_file_into_what_it_holds() {
        let mut random = Random(0x2545_F491_4F6C_DD1D);
        for _ in 0..500 {
            let objects: Vec<_> = (0..random.below(5)).map(|_| random.object(3)).collect();
            let array = serde_json::to_string(&objects).expect("JSON");
            let pretty = serde_json::to_string_pretty(&objects).expect("JSON");
            let each = objects.iter().map(|object| serde_json::to_string(object).expect("JSON"));
            let beside = each.collect::<Vec<_>>().join("\n ");
            for text in [array, pretty, beside] {
                let capacity = 1 + random.below(40) as usize;
                assert_eq!(read(&text, capacity), objects, "{text}");
            }
        }
    }
}
