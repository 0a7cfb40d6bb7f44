//! Lines of bounded length out of any reader. Knows nothing of what a line holds.

use std::io::{self, BufRead};

/// Why a line could not be given.
#[derive(Debug)]
pub(crate) enum LineError {
    /// The line has more bytes than allowed; it has been skipped to its end.
    TooLong,
    /// Reading failed; there is nothing after this.
    Io(io::Error),
}

/// Reads lines, the same buffer for all of them.
#[derive(Debug)]
pub(crate) struct Lines<R> {
    reader: R,
    /// The number of the line given last, from 1.
    number: u64,
    max: usize,
    buffer: Vec<u8>,
    done: bool,
}

impl<R: BufRead> Lines<R> {
    /// Reads lines of at most `max` bytes, the line's end not counted.
    pub(crate) fn new(reader: R, max: usize) -> Lines<R> {
        Lines { reader, number: 0, max, buffer: Vec::new(), done: false }
    }

    /// Gives the next line and its number, from 1; the line without its `\n` or `\r\n`.
    pub(crate) fn next(&mut self) -> Option<(u64, Result<&[u8], LineError>)> {
        if self.done {
            return None;
        }
        self.buffer.clear();
        self.number += 1;
        let mut too_long = false;
        loop {
            let chunk = match self.reader.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    self.done = true;
                    return Some((self.number, Err(LineError::Io(error))));
                }
            };
            if chunk.is_empty() {
                self.done = true;
                if self.buffer.is_empty() && !too_long {
                    return None;
                }
                break;
            }
            let end = chunk.iter().position(|&byte| byte == b'\n');
            let part = &chunk[..end.unwrap_or(chunk.len())];
            if too_long || self.buffer.len() + part.len() > self.max {
                too_long = true;
                // What was gathered is of no more use, and may be large.
                self.buffer = Vec::new();
            } else {
                self.buffer.extend_from_slice(part);
            }
            let used = part.len() + usize::from(end.is_some());
            self.reader.consume(used);
            if end.is_some() {
                break;
            }
        }
        if too_long {
            return Some((self.number, Err(LineError::TooLong)));
        }
        let line = self.buffer.strip_suffix(b"\r").unwrap_or(&self.buffer);
        Some((self.number, Ok(line)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, max: usize, capacity: usize) -> Vec<(u64, Option<String>)> {
        let reader = io::BufReader::with_capacity(capacity, text.as_bytes());
        let mut lines = Lines::new(reader, max);
        let mut all = Vec::new();
        while let Some((number, line)) = lines.next() {
            all.push((number, line.ok().map(|line| String::from_utf8_lossy(line).into_owned())));
        }
        all
    }

    #[test]
    fn any_buffer_size_gives_the_same_lines() {
        let text = "a\r\n\nbcdefgh\nij\nk";
        let some = |text: &str| Some(text.to_owned());
        for capacity in 1..20 {
            let expected = vec![(1, some("a")), (2, some("")), (3, None), (4, some("ij")), (5, some("k"))];
            assert_eq!(lines(text, 4, capacity), expected, "capacity {capacity}");
        }
        assert_eq!(lines("", 4, 8), []);
        assert_eq!(lines("toolong", 4, 8), [(1, None)]);
    }
}
