//! Where the quotation mark of a table opened that is not closed. Watches the bytes on their way to the parser, which does
//! not tell: to it the rest of the file is one cell.

/// The quotation marks of a table, as far as its bytes have gone by.
#[derive(Debug)]
pub(super) struct Quotes {
    separator: u8,
    state: State,
    /// The line of the next byte, from 1.
    line: u64,
    /// The line where the mark stands that opened the last cell in quotes.
    opened: u64,
}

/// Where the next byte stands. Only a mark that begins a cell opens it; within, two are one that belongs to the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Start,
    Bare,
    Quoted,
    /// After a mark within quotes: the end of the cell, or the first of two.
    Closing,
}

impl Quotes {
    pub(super) fn new(separator: u8) -> Quotes {
        Quotes { separator, state: State::Start, line: 1, opened: 0 }
    }

    /// Follows some bytes more.
    pub(super) fn follow(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.state = match (self.state, byte) {
                (State::Start, b'"') => {
                    self.opened = self.line;
                    State::Quoted
                }
                (State::Quoted, b'"') => State::Closing,
                (State::Closing, b'"') | (State::Quoted, _) => State::Quoted,
                (_, b'\n' | b'\r') => State::Start,
                (_, byte) if byte == self.separator => State::Start,
                _ => State::Bare,
            };
            self.line += u64::from(byte == b'\n');
        }
    }

    /// The line of the mark that is open now.
    pub(super) fn open(&self) -> Option<u64> {
        (self.state == State::Quoted).then_some(self.opened)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_the_mark_that_is_open() {
        for (text, open) in [
            ("a,b\n1,\"hai\nba", Some(2)),
            ("\"a\"\n\"\"\"b\"\"\n,x\r\n", Some(2)),
            ("a\r\n\"\"\"\"\r\n\"", Some(3)),
            ("a,b\n1,\"hai \"\"ba\"\"\"\n\"x\ny\",2\n", None),
            ("5\" ống,6\n7\",8\"", None),
            ("\"a\"b\"c,d\n", None),
            ("", None),
        ] {
            for cut in 0..=text.len() {
                let mut quotes = Quotes::new(b',');
                quotes.follow(&text.as_bytes()[..cut]);
                quotes.follow(&text.as_bytes()[cut..]);
                assert_eq!(quotes.open(), open, "{text:?}");
            }
        }
    }
}
